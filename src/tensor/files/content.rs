//! What a file is, by its first bytes: names say less, since browsers, cameras and chats change them.

use crate::language::{Localized, Message, says};

/// What is read, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// An array of NumPy.
    Npy,
    /// An archive of arrays.
    Npz,
    /// Tensors by name.
    Safetensors,
    /// A picture.
    Picture(PictureFormat),
    /// Something that is known and not read.
    Foreign(Foreign),
}

/// A format of pictures that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureFormat {
    Png,
    Jpeg,
    WebP,
    Bmp,
}

/// A kind of file that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Nothing at all.
    Empty,
    /// HEIC, as telephones make it.
    Heic,
    /// AVIF.
    Avif,
    /// A moving picture.
    Video,
    /// A web page, in place of what it leads to.
    Html,
    /// A drawing of lines.
    Svg,
    /// A document.
    Pdf,
    /// GIF.
    Gif,
    /// TIFF, and raw pictures of cameras, which build on it.
    Tiff,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// An icon.
    Icon,
    /// A picture of Photoshop.
    Photoshop,
    /// OpenEXR.
    Exr,
    /// PPM, PGM, PBM, PAM or PFM.
    Netpbm,
    /// QOI.
    Qoi,
    /// DDS.
    Dds,
    /// TGA.
    Targa,
    /// PostScript.
    PostScript,
    /// A picture as the sensor of a camera saw it.
    Raw,
    /// A picture of medicine.
    Dicom,
    /// A checkpoint of PyTorch.
    Torch,
    /// Python objects.
    Pickle,
    /// HDF5, as Keras and MATLAB write it.
    Hdf5,
    /// MATLAB.
    Matlab,
    /// A pointer of Git LFS in place of the file.
    GitLfs,
    /// Something compressed or packed whole: how, and the command that unpacks it.
    Packed(&'static str, &'static str),
    /// An archive without arrays.
    Archive,
    /// Bytes that something took for text, and changed.
    Converted,
    /// JSON.
    Json,
    /// Text.
    Text,
}

impl Message for Foreign {
    fn message(&self) -> Localized<String> {
        let picture = |article: &str, name: &str| {
            says!(
                en: "it is {article} {name} image, which is not read; save it as PNG or JPEG",
                ja: "{name} の画像は読めません。PNG か JPEG で保存してください。"
            )
        };
        let numbers = |en: &str, ja: &str, how: &str| {
            let (what, how) = (Localized::new(en, ja), Localized::same(how));
            says!(
                with [what, how];
                en: "it is {what}, which is not read; in Python: {how}",
                ja: "{what}は読めません。Python で {how} としてください。"
            )
        };
        match self {
            Self::Empty => says!(
                en: "it is empty; download or save it again",
                ja: "中身がありません。もう一度ダウンロードか保存をしてください。"
            ),
            Self::Heic => says!(
                en: "it is a HEIC image, which is not read; save it as JPEG or PNG (an iPhone sends JPEG when Settings, Camera, Formats is \"Most Compatible\")",
                ja: "HEIC の画像は読めません。JPEG か PNG で保存してください (iPhone では、設定のカメラ、フォーマットを「互換性優先」にすると JPEG になります)。"
            ),
            Self::Avif => picture("an", "AVIF"),
            Self::Gif => picture("a", "GIF"),
            Self::Tiff => picture("a", "TIFF"),
            Self::JpegXl => picture("a", "JPEG XL"),
            Self::Jpeg2000 => picture("a", "JPEG 2000"),
            Self::Icon => picture("an", "ICO"),
            Self::Photoshop => picture("a", "Photoshop"),
            Self::Exr => picture("an", "OpenEXR"),
            Self::Netpbm => picture("a", "PPM, PGM or PFM"),
            Self::Qoi => picture("a", "QOI"),
            Self::Dds => picture("a", "DDS"),
            Self::Targa => picture("a", "TGA"),
            Self::PostScript => picture("a", "PostScript"),
            Self::Raw => says!(
                en: "it is a raw picture of a camera, which is not read; develop it and save it as PNG or JPEG",
                ja: "カメラの RAW 画像は読めません。現像して PNG か JPEG で保存してください。"
            ),
            Self::Dicom => numbers(
                "a DICOM file",
                "DICOM ファイル",
                "np.save(\"x.npy\", pydicom.dcmread(\"x.dcm\").pixel_array)",
            ),
            Self::Video => says!(
                en: "it is a video; save one of its frames as PNG (ffmpeg -i VIDEO -frames:v 1 frame.png)",
                ja: "動画です。1 コマを PNG で保存してください (ffmpeg -i VIDEO -frames:v 1 frame.png)。"
            ),
            Self::Html => says!(
                en: "it is a web page (HTML), not what the page shows; download the file itself",
                ja: "ファイルの代わりに Web ページ (HTML) が保存されています。ファイルそのものをダウンロードしてください。"
            ),
            Self::Svg => says!(
                en: "it is an SVG drawing of lines, not of pixels; export it as PNG",
                ja: "SVG は画素のない図です。PNG で書き出してください。"
            ),
            Self::Pdf => says!(
                en: "it is a PDF document; export the page or the picture as PNG",
                ja: "PDF の文書です。ページか画像を PNG で書き出してください。"
            ),
            Self::Torch => numbers(
                "a checkpoint of PyTorch",
                "PyTorch のチェックポイント",
                "from safetensors.torch import save_file; save_file(torch.load(\"model.pth\", map_location=\"cpu\"), \"model.safetensors\")",
            ),
            Self::Pickle => numbers(
                "a file of Python objects (pickle)",
                "Python のオブジェクトのファイル (pickle) ",
                "np.save(\"x.npy\", pickle.load(open(\"x.pkl\", \"rb\")))",
            ),
            Self::Hdf5 => numbers(
                "an HDF5 file",
                "HDF5 ファイル",
                "np.save(\"x.npy\", h5py.File(\"x.h5\")[\"name\"][()])",
            ),
            Self::Matlab => numbers(
                "a MATLAB file",
                "MATLAB のファイル",
                "np.save(\"x.npy\", scipy.io.loadmat(\"x.mat\")[\"name\"])",
            ),
            Self::GitLfs => says!(
                en: "it is a pointer of Git LFS, not the file itself; run \"git lfs pull\"",
                ja: "ファイルの代わりに Git LFS のポインタが置かれています。\"git lfs pull\" を実行してください。"
            ),
            Self::Packed(how, command) => says!(
                en: "it is packed as {how}; unpack it first ({command})",
                ja: "{how} で圧縮されています。先に展開してください ({command})。"
            ),
            Self::Archive => says!(
                en: "it is a zip archive without arrays of NumPy; unpack it, and open a file that is in it",
                ja: "NumPy の配列を含まない zip アーカイブです。展開して、中のファイルを開いてください。"
            ),
            Self::Converted => says!(
                en: "its bytes were changed as though they were text, by a transfer in text mode, by Git's autocrlf or by a program that decoded them; copy the file again as binary",
                ja: "テキストとして転送または変換されたため、中身が変わっています (テキストモードの転送、Git の autocrlf など)。バイナリとしてもう一度コピーしてください。"
            ),
            Self::Json => numbers(
                "JSON",
                "JSON ",
                "np.save(\"x.npy\", np.array(json.load(open(\"x.json\")), np.float32))",
            ),
            Self::Text => numbers(
                "a text",
                "テキスト",
                "np.save(\"x.npy\", np.loadtxt(\"x.csv\", delimiter=\",\"))",
            ),
        }
    }
}

/// What the first bytes of a file say; `None` where they say nothing that is known.
pub(super) fn content(bytes: &[u8]) -> Option<Content> {
    use Content::{Npy, Npz, Picture, Safetensors};
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    let at = |place: usize, mark: &[u8]| bytes.get(place..).unwrap_or_default().starts_with(mark);
    Some(if starts(super::npy::MARK) {
        Npy
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Picture(PictureFormat::Png)
    } else if starts(b"\xff\xd8\xff") {
        Picture(PictureFormat::Jpeg)
    } else if starts(b"RIFF") && at(8, b"WEBP") {
        Picture(PictureFormat::WebP)
    } else if is_bitmap(bytes) {
        Picture(PictureFormat::Bmp)
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        Npz
    } else if at(8, b"{")
        && bytes
            .first_chunk()
            .is_none_or(|n| u64::from_le_bytes(*n) <= 1 << 32)
    {
        Safetensors
    } else {
        Content::Foreign(foreign(bytes)?)
    })
}

/// Two letters may begin anything; the length of the header that follows may not.
fn is_bitmap(bytes: &[u8]) -> bool {
    const HEADERS: [u32; 8] = [12, 16, 40, 52, 56, 64, 108, 124];
    let header = bytes.get(14..18).and_then(|length| length.try_into().ok());
    bytes.starts_with(b"BM") && header.is_some_and(|n| HEADERS.contains(&u32::from_le_bytes(n)))
}

fn foreign(bytes: &[u8]) -> Option<Foreign> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    if bytes.is_empty() {
        return Some(Foreign::Empty);
    }
    if let Some(brands) = bytes.get(4..).and_then(|rest| rest.strip_prefix(b"ftyp")) {
        return Some(of_brands(&brands[..brands.len().min(64)]));
    }
    let marks: [(&[u8], Foreign); 36] = [
        (b"%PDF", Foreign::Pdf),
        (b"GIF8", Foreign::Gif),
        (b"II*\0", Foreign::Tiff),
        (b"MM\0*", Foreign::Tiff),
        (b"II+\0", Foreign::Tiff),
        (b"\xff\x0a", Foreign::JpegXl),
        (b"\0\0\0\x0cJXL ", Foreign::JpegXl),
        (b"\0\0\0\x0cjP  ", Foreign::Jpeg2000),
        (b"\xff\x4f\xff\x51", Foreign::Jpeg2000),
        (b"\0\0\x01\0", Foreign::Icon),
        (b"8BPS", Foreign::Photoshop),
        (b"\x76\x2f\x31\x01", Foreign::Exr),
        (b"\x89HDF\r\n\x1a\n", Foreign::Hdf5),
        (b"MATLAB ", Foreign::Matlab),
        (b"version https://git-lfs", Foreign::GitLfs),
        (b"\x1f\x8b", Foreign::Packed("gzip", "gunzip")),
        (b"\xfd7zXZ\0", Foreign::Packed("xz", "unxz")),
        (b"BZh", Foreign::Packed("bzip2", "bunzip2")),
        (b"\x28\xb5\x2f\xfd", Foreign::Packed("zstd", "unzstd")),
        (b"7z\xbc\xaf\x27\x1c", Foreign::Packed("7-Zip", "7z x")),
        (b"Rar!\x1a\x07", Foreign::Packed("RAR", "unrar x")),
        (b"qoif", Foreign::Qoi),
        (b"DDS ", Foreign::Dds),
        (b"%!PS", Foreign::PostScript),
        (b"FUJIFILMCCD-RAW", Foreign::Raw),
        (b"IIU\0", Foreign::Raw),
        (b"IIRO", Foreign::Raw),
        (b"IIRS", Foreign::Raw),
        // Signatures with other line ends, or of which what is no UTF-8 was replaced.
        (b"\x89PNG", Foreign::Converted),
        (b"\xc2\x89PNG", Foreign::Converted),
        (b"\xef\xbf\xbdPNG", Foreign::Converted),
        (b"\xef\xbf\xbdNUMPY", Foreign::Converted),
        (b"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", Foreign::Converted),
        (b"\xc3\xbf\xc3\x98\xc3\xbf", Foreign::Converted),
        (b"\x1aE\xdf\xa3", Foreign::Video),
        (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9", Foreign::Torch),
    ];
    if let Some((_, kind)) = marks.iter().find(|(mark, _)| starts(mark)) {
        return Some(*kind);
    }
    if matches!(bytes, [0x80, 2..=5, ..]) {
        return Some(Foreign::Pickle);
    }
    let at = |place: usize, mark: &[u8]| bytes.get(place..).unwrap_or_default().starts_with(mark);
    if matches!(bytes, [b'P', b'1'..=b'7' | b'f' | b'F', sign, ..] if sign.is_ascii_whitespace()) {
        return Some(Foreign::Netpbm);
    }
    if starts(b"RIFF") && at(8, b"AVI ") {
        return Some(Foreign::Video);
    }
    if at(128, b"DICM") {
        return Some(Foreign::Dicom);
    }
    if at(257, b"ustar") {
        return Some(Foreign::Packed("tar", "tar xf"));
    }
    if bytes.ends_with(b"TRUEVISION-XFILE.\0") {
        return Some(Foreign::Targa);
    }
    text(bytes)
}

/// What the brands of the container of MP4 say.
fn of_brands(brands: &[u8]) -> Foreign {
    let has = |names: &[&[u8; 4]]| {
        let brands = brands.as_chunks::<4>().0;
        brands.iter().any(|brand| names.contains(&brand))
    };
    if has(&[b"crx "]) {
        Foreign::Raw
    } else if has(&[b"avif", b"avis"]) {
        Foreign::Avif
    } else if has(&[
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1",
    ]) {
        Foreign::Heic
    } else {
        Foreign::Video
    }
}

/// What a text is, if it is one.
fn text(bytes: &[u8]) -> Option<Foreign> {
    // As Windows writes UTF-16.
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some(Foreign::Text);
    }
    let start = &bytes[..bytes.len().min(1024)];
    let start = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The last character may be cut through.
        Err(why) if why.error_len().is_none() => {
            std::str::from_utf8(&start[..why.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let start = start.trim_start_matches('\u{feff}').trim_start();
    if start
        .chars()
        .any(|sign| sign.is_control() && !sign.is_whitespace())
    {
        return None;
    }
    let lower = start.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    Some(
        if begins(&["<svg"])
            || begins(&["<?xml", "<!doctype svg", "<!--"]) && lower.contains("<svg")
        {
            Foreign::Svg
        } else if begins(&["<!doctype html", "<html", "<head", "<body"])
            || begins(&["<?xml", "<!--"]) && lower.contains("<html")
        {
            Foreign::Html
        } else if begins(&["{"]) || begins(&["["]) && start.contains(',') {
            Foreign::Json
        } else {
            Foreign::Text
        },
    )
}

/// What a name's ending says, in lower case and without the point.
fn ending(path: &str) -> String {
    path.rsplit_once('.')
        .map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// Whether a file's name says that it is a picture, be it one of a format that is read or of one that is
/// known and named.
#[must_use]
pub fn is_picture(path: &str) -> bool {
    matches!(
        ending(path).as_str(),
        "png"
            | "apng"
            | "jpg"
            | "jpeg"
            | "jpe"
            | "jfif"
            | "jif"
            | "pjpeg"
            | "pjp"
            | "webp"
            | "bmp"
            | "dib"
            | "heic"
            | "heif"
            | "hif"
            | "avif"
            | "gif"
            | "tif"
            | "tiff"
            | "svg"
            | "pdf"
            | "jxl"
            | "jp2"
            | "ico"
            | "psd"
            | "exr"
            | "ppm"
            | "pgm"
            | "pbm"
            | "pnm"
            | "pfm"
            | "qoi"
            | "dds"
            | "tga"
            | "eps"
            | "dng"
            | "nef"
            | "cr2"
            | "cr3"
            | "arw"
            | "raf"
            | "rw2"
            | "orf"
            | "dcm"
    )
}

/// Whether a file's name says that it holds tensors, be it in a format that is read or in one that is known
/// and named.
#[must_use]
pub fn is_tensor_file(path: &str) -> bool {
    is_archive(path)
        || matches!(
            ending(path).as_str(),
            "npy"
                | "pt"
                | "pth"
                | "ckpt"
                | "pkl"
                | "pickle"
                | "h5"
                | "hdf5"
                | "mat"
                | "csv"
                | "tsv"
        )
}

/// Whether a file's name says that it holds tensors by name.
#[must_use]
pub fn is_archive(path: &str) -> bool {
    matches!(ending(path).as_str(), "npz" | "safetensors")
}

/// Whether a file holds a picture: its bytes say so, or where they say nothing, its name.
#[must_use]
pub fn holds_picture(path: &str, bytes: &[u8]) -> bool {
    match content(bytes) {
        Some(Content::Picture(_)) => true,
        Some(Content::Npy | Content::Npz | Content::Safetensors) => false,
        Some(Content::Foreign(_)) | None => is_picture(path),
    }
}
