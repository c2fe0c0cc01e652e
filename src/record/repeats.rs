//! Puts pictures that repeat the one before into an H.264 stream, without an encoder.
//!
//! A lesson holds still for two frames of three. To an encoder each of them is a picture to analyse; here
//! it is a dozen bytes that say "every block as before": a P slice of skipped macroblocks. The encoder
//! sees only pictures that differ.
//!
//! The stream must be of the plainest kind (one reference picture, no B pictures, frames only, order of
//! output as it is coded: what x264 writes with `bframes=0:ref=1:weightp=0`), so that a repeated picture
//! only shifts the `frame_num` of those after it. Source: ITU-T H.264 (08/2021), 7.3 and 8.2.

use h264_reader::nal::sps::{ChromaFormat, FrameMbsFlags, PicOrderCntType, SeqParameterSet};
use h264_reader::rbsp::{BitRead, BitReader, decode_nal};

use crate::language::{Localized, Message, SystemError, message_error, says};

/// A stream that no pictures can be put into.
#[derive(Debug, PartialEq, Eq)]
pub enum RepeatError {
    /// It is no H.264, or torn.
    Unreadable(Localized<String>),
    /// It uses what would have to be renumbered too.
    Other(Localized<&'static str>),
    /// It has more or fewer pictures than were given to the encoder.
    Count {
        /// Pictures that went in.
        given: usize,
        /// Pictures that came out.
        made: usize,
    },
}

impl Message for RepeatError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Unreadable(why) => says!(
                with [why];
                en: "the encoder's stream cannot be read: {why}",
                ja: "エンコーダの出力を読めません: {why}"
            ),
            Self::Other(why) => says!(
                with [why];
                en: "the encoder's stream is not of the kind that was asked for: {why}",
                ja: "エンコーダの出力が指定した種類ではありません: {why}"
            ),
            Self::Count { given, made } => says!(
                en: "the encoder was given {given} frames and made {made}",
                ja: "エンコーダに {given} フレームを渡しましたが、{made} フレームになりました"
            ),
        }
    }
}

message_error!(RepeatError);

/// The picture parameter set of repeated pictures; the encoder's own is 0.
const OWN_SET: u32 = 1;

/// Kinds of network abstraction layer units.
mod kind {
    pub const SLICE: u8 = 1;
    pub const IDR_SLICE: u8 = 5;
    pub const SEQUENCE_SET: u8 = 7;
    pub const PICTURE_SET: u8 = 8;
}

/// A picture as a container keeps it: units, each with its length before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Coded {
    /// The units.
    pub(super) bytes: Vec<u8>,
    /// Whether it needs no other picture.
    pub(super) is_key: bool,
}

/// A stream in which pictures are repeated.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    /// What a decoder is told first: the content of an `avcC` box (ISO/IEC 14496-15, 5.3.3.1).
    pub(super) config: Vec<u8>,
    /// The pictures, as often as each is shown.
    pub(super) pictures: Vec<Coded>,
}

/// The pictures of a stream (as it stands in a file: Annex B), each followed by itself until it has been
/// shown as often as `shown` says, in the pictures' order.
///
/// # Errors
/// See [`RepeatError`].
pub(super) fn repeat_pictures(stream: &[u8], shown: &[u64]) -> Result<Repeated, RepeatError> {
    let mut out = Repeater::default();
    // How often the picture at hand has yet to follow itself.
    let mut due = 0;
    let mut made = 0;
    for unit in units(stream) {
        let Some(head) = unit.first() else { continue };
        match head & 0x1f {
            kind::SLICE | kind::IDR_SLICE => {
                let content = decode_nal(unit).map_err(unreadable)?;
                let header = Header::read(&content)?;
                if header.first_macroblock == 0 {
                    out.repeat(std::mem::take(&mut due))?;
                    due = shown.get(made).map_or(0, |times| times.saturating_sub(1));
                    made += 1;
                }
                out.slice(*head, content.into_owned(), &header)?;
            }
            kind::SEQUENCE_SET => out.sequence = Some(Sequence::read(unit)?),
            kind::PICTURE_SET => out.picture_set = unit.to_vec(),
            // What is said beside the pictures belongs to the one that follows.
            _ => {
                out.repeat(std::mem::take(&mut due))?;
                put_unit(&mut out.beside, unit);
            }
        }
    }
    out.repeat(due)?;
    if made != shown.len() {
        let given = shown.len();
        return Err(RepeatError::Count { given, made });
    }
    Ok(Repeated {
        config: out.config()?,
        pictures: out.pictures,
    })
}

/// The stream as it grows.
#[derive(Default)]
struct Repeater {
    pictures: Vec<Coded>,
    sequence: Option<Sequence>,
    picture_set: Vec<u8>,
    /// Units that stand before the next picture.
    beside: Vec<u8>,
    /// The `frame_num` of the last picture.
    number: u32,
}

impl Repeater {
    fn sequence(&self) -> Result<&Sequence, RepeatError> {
        let missing = || {
            RepeatError::Unreadable(says!(
                en: "a frame comes before its parameters",
                ja: "フレームがパラメータより前にあります"
            ))
        };
        self.sequence.as_ref().ok_or_else(missing)
    }

    /// Adds a slice of a coded picture, under the number that it has among the repeated ones.
    fn slice(
        &mut self,
        head: u8,
        mut content: Vec<u8>,
        header: &Header,
    ) -> Result<(), RepeatError> {
        let number_bits = self.sequence()?.number_bits;
        if head & 0x60 == 0 {
            return Err(RepeatError::Other(Localized::new(
                "a frame that no other refers to",
                "どこからも参照されないフレームがあります",
            )));
        }
        let is_key = head & 0x1f == kind::IDR_SLICE;
        if header.first_macroblock == 0 {
            self.number = if is_key { 0 } else { self.number + 1 };
            let bytes = std::mem::take(&mut self.beside);
            self.pictures.push(Coded { bytes, is_key });
        }
        put_bits(&mut content, header.number_at, number_bits, self.number);
        content.insert(0, head);
        if let Some(picture) = self.pictures.last_mut() {
            put_unit(&mut picture.bytes, &escaped(&content));
        }
        Ok(())
    }

    /// Adds the last picture so many times again.
    fn repeat(&mut self, times: u64) -> Result<(), RepeatError> {
        for _ in 0..times {
            self.number += 1;
            let unit = repeated_picture(self.sequence()?, self.number);
            let mut bytes = Vec::new();
            put_unit(&mut bytes, &escaped(&unit));
            self.pictures.push(Coded {
                bytes,
                is_key: false,
            });
        }
        Ok(())
    }

    /// What a decoder is told first.
    fn config(&self) -> Result<Vec<u8>, RepeatError> {
        let sequence = self.sequence()?;
        // Version 1; profile and level as the sequence set says them; lengths of four bytes; one set.
        let mut config = vec![1];
        config.extend(sequence.unit.get(1..4).unwrap_or_default());
        config.extend([0xff, 0xe0 | 1]);
        put_short_unit(&mut config, &sequence.unit);
        config.push(2);
        put_short_unit(&mut config, &self.picture_set);
        put_short_unit(&mut config, &own_picture_set());
        if let Some(colours) = sequence.colours {
            config.extend(colours);
        }
        Ok(config)
    }
}

/// A unit behind its length in four bytes.
fn put_unit(bytes: &mut Vec<u8>, unit: &[u8]) {
    bytes.extend((unit.len() as u32).to_be_bytes());
    bytes.extend(unit);
}

/// A unit behind its length in two bytes.
fn put_short_unit(bytes: &mut Vec<u8>, unit: &[u8]) {
    bytes.extend((unit.len() as u16).to_be_bytes());
    bytes.extend(unit);
}

/// What is to be known of the sequence of pictures.
struct Sequence {
    /// The set as it stands in the stream.
    unit: Vec<u8>,
    /// How many bits `frame_num` has.
    number_bits: u32,
    /// Macroblocks of a picture.
    macroblocks: u32,
    /// The end of an `avcC` box, where the profile has one: how colours are sampled, the bits of brightness
    /// and colour, no extensions.
    colours: Option<[u8; 4]>,
}

impl Sequence {
    fn read(unit: &[u8]) -> Result<Self, RepeatError> {
        let content = decode_nal(unit).map_err(unreadable)?;
        let set = SeqParameterSet::from_bits(BitReader::new(&content[..]))
            .map_err(|error| RepeatError::Unreadable(Localized::same(format!("{error:?}"))))?;
        if set.pic_order_cnt != PicOrderCntType::TypeTwo {
            return Err(RepeatError::Other(Localized::new(
                "frames are reordered",
                "フレームの順序が入れ替わっています",
            )));
        }
        if set.max_num_ref_frames != 1 {
            return Err(RepeatError::Other(Localized::new(
                "more than one reference frame",
                "参照フレームが 2 つ以上あります",
            )));
        }
        if set.frame_mbs_flags != FrameMbsFlags::Frames {
            return Err(RepeatError::Other(Localized::new(
                "it is interlaced",
                "インターレースです",
            )));
        }
        let chroma = &set.chroma_info;
        let colours = set.profile_idc.has_chroma_info().then_some([
            0xfc | chroma_code(chroma.chroma_format),
            0xf8 | chroma.bit_depth_luma_minus8,
            0xf8 | chroma.bit_depth_chroma_minus8,
            0,
        ]);
        Ok(Self {
            unit: unit.to_vec(),
            colours,
            number_bits: u32::from(set.log2_max_frame_num_minus4) + 4,
            macroblocks: (set.pic_width_in_mbs_minus1 + 1)
                * (set.pic_height_in_map_units_minus1 + 1),
        })
    }
}

/// `chroma_format_idc`.
const fn chroma_code(format: ChromaFormat) -> u8 {
    match format {
        ChromaFormat::Monochrome => 0,
        ChromaFormat::YUV420 => 1,
        ChromaFormat::YUV422 => 2,
        ChromaFormat::YUV444 => 3,
        ChromaFormat::Invalid(_) => 3,
    }
}

/// What is to be known of a slice.
struct Header {
    /// The first macroblock; 0 begins a picture.
    first_macroblock: u32,
    /// The bit at which `frame_num` begins, counted from the slice's first.
    number_at: usize,
}

impl Header {
    fn read(content: &[u8]) -> Result<Self, RepeatError> {
        let mut bits = BitReader::new(content);
        let mut number_at = 0;
        let mut next = |name| -> Result<u32, RepeatError> {
            let value = bits.read_ue(name);
            let value = value
                .map_err(|error| RepeatError::Unreadable(Localized::same(format!("{error:?}"))))?;
            number_at += exponential_golomb(value).1 as usize;
            Ok(value)
        };
        let first_macroblock = next("first_mb_in_slice")?;
        next("slice_type")?;
        next("pic_parameter_set_id")?;
        Ok(Self {
            first_macroblock,
            number_at,
        })
    }
}

fn unreadable(error: std::io::Error) -> RepeatError {
    RepeatError::Unreadable(SystemError::from(error).message())
}

/// A picture set of its own for repeated pictures: their slices need no arithmetic coder then.
fn own_picture_set() -> Vec<u8> {
    let mut bits = Bits::unit(3, kind::PICTURE_SET);
    bits.exponential_golomb(OWN_SET);
    // The sequence set 0; variable length codes, no bottom field's order; one slice group.
    bits.exponential_golomb(0);
    bits.put(0, 2);
    bits.exponential_golomb(0);
    // One reference picture in either list, no weights.
    bits.exponential_golomb(0);
    bits.exponential_golomb(0);
    bits.put(0, 3);
    // No offsets of the quantiser, for brightness, switching or colour.
    bits.exponential_golomb(0);
    bits.exponential_golomb(0);
    bits.exponential_golomb(0);
    // Slices say whether they are deblocked; intra prediction is free; no redundant pictures.
    bits.put(0b100, 3);
    escaped(&bits.ended())
}

/// A P picture of one slice all of whose macroblocks are skipped: the one before it again.
fn repeated_picture(sequence: &Sequence, number: u32) -> Vec<u8> {
    let mut bits = Bits::unit(2, kind::SLICE);
    // From macroblock 0; of type P.
    bits.exponential_golomb(0);
    bits.exponential_golomb(0);
    bits.exponential_golomb(OWN_SET);
    bits.put(number % (1 << sequence.number_bits), sequence.number_bits);
    // No other number of references, no other order of them, nothing to forget; no other quantiser.
    bits.put(0, 3);
    bits.exponential_golomb(0);
    // Not deblocked.
    bits.exponential_golomb(1);
    bits.exponential_golomb(sequence.macroblocks);
    bits.ended()
}

/// The units of a stream, between their start codes.
fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = stream;
    let code = |bytes: &[u8]| bytes.windows(3).position(|three| three == [0, 0, 1]);
    rest = code(rest).map_or(&[][..], |at| &rest[at + 3..]);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = code(rest);
        let mut unit = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or(&[][..], |at| &rest[at + 3..]);
        // Zeros before the next start code belong to none; a unit ends with a bit that is set.
        while let Some((0, shorter)) = unit.split_last() {
            unit = shorter;
        }
        Some(unit)
    })
}

/// A unit's bytes as they stand in a stream, where no start code may come about within.
fn escaped(unit: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(unit.len() + 8);
    let mut zeros = 0;
    for byte in unit {
        if zeros == 2 && *byte <= 3 {
            bytes.push(3);
            zeros = 0;
        }
        bytes.push(*byte);
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
    }
    bytes
}

/// A value in an exponential Golomb code, and how many bits that has.
const fn exponential_golomb(value: u32) -> (u32, u32) {
    let code = value + 1;
    (code, 2 * code.ilog2() + 1)
}

/// Overwrites bits, the highest first.
fn put_bits(bytes: &mut [u8], at: usize, count: u32, value: u32) {
    for index in 0..count {
        let place = at + index as usize;
        let mask = 0x80 >> (place % 8);
        if let Some(byte) = bytes.get_mut(place / 8) {
            if value >> (count - 1 - index) & 1 == 1 {
                *byte |= mask;
            } else {
                *byte &= !mask;
            }
        }
    }
}

/// A unit that is being written.
struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are used; 8 when it is full.
    used: u32,
}

impl Bits {
    fn unit(importance: u8, kind: u8) -> Self {
        Self {
            bytes: vec![importance << 5 | kind],
            used: 8,
        }
    }

    fn put(&mut self, value: u32, count: u32) {
        for index in (0..count).rev() {
            if self.used == 8 {
                self.bytes.push(0);
                self.used = 0;
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> index & 1) as u8) << (7 - self.used);
            }
            self.used += 1;
        }
    }

    fn exponential_golomb(&mut self, value: u32) {
        let (code, count) = exponential_golomb(value);
        self.put(code, count);
    }

    /// The unit with its last bit.
    fn ended(mut self) -> Vec<u8> {
        self.put(1, 1);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// What ffmpeg writes for a command.
    fn ffmpeg(arguments: &str, input: Option<&std::path::Path>) -> Vec<u8> {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error"]);
        if let Some(input) = input {
            command.arg("-i").arg(input);
        }
        let output = command
            .args(arguments.split(' '))
            .arg("-")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.is_empty(), "{said}");
        output.stdout
    }

    /// A stream of test pictures, as an encoder makes it.
    fn stream(codec: &str) -> Vec<u8> {
        let source = "-f lavfi -i testsrc2=size=160x128:rate=30 -frames:v 24";
        ffmpeg(&format!("{source} {codec} -f h264"), None)
    }

    const PLAIN: &str = "-x264-params bframes=0:ref=1:weightp=0:scenecut=0";

    /// The pictures that a decoder sees, as hashes.
    fn seen(repeated: &Repeated) -> Vec<String> {
        let file = tempfile::NamedTempFile::with_suffix(".mkv").unwrap();
        let codec = crate::record::matroska::Codec::H264(repeated.config.clone());
        let out = std::fs::File::create(file.path()).unwrap();
        let mut out =
            crate::record::matroska::Matroska::begin(out, &codec, (160, 128), 30, None).unwrap();
        for (number, picture) in (0..).zip(&repeated.pictures) {
            out.add(number, &picture.bytes, picture.is_key).unwrap();
        }
        let hashes = ffmpeg("-fps_mode passthrough -f framemd5", Some(file.path()));
        String::from_utf8(hashes)
            .unwrap()
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
            .collect()
    }

    #[test]
    fn a_decoder_sees_each_picture_as_often_as_it_is_shown() {
        for codec in [
            // Several slices a picture, by threads; two pictures that need no other.
            "-c:v libx264 -preset veryfast -crf 19 -pix_fmt yuv420p -threads 4 -g 10",
            "-c:v libx264 -preset ultrafast -tune zerolatency -threads 4 -pix_fmt yuv420p",
            // Without loss, in red, green and blue.
            "-c:v libx264rgb -qp 0 -preset ultrafast -pix_fmt rgb24",
        ] {
            let stream = stream(&format!("{codec} {PLAIN}"));
            let once = seen(&repeat_pictures(&stream, &[1; 24]).unwrap());
            assert_eq!(once.len(), 24, "{codec}");
            // More often than the numbers of pictures go, too.
            let shown: Vec<u64> = (0..24).map(|n| [1, 2, 1, 40, 3][n % 5]).collect();
            let repeated = repeat_pictures(&stream, &shown).unwrap();
            let expected: Vec<&String> = once
                .iter()
                .zip(&shown)
                .flat_map(|(hash, times)| std::iter::repeat_n(hash, *times as usize))
                .collect();
            assert_eq!(
                seen(&repeated).iter().collect::<Vec<_>>(),
                expected,
                "{codec}"
            );
            // A repeated picture is nearly nothing.
            assert!(repeated.pictures[5].bytes.len() < 24, "{codec}");
        }
    }

    #[test]
    fn a_stream_of_another_kind_is_refused() {
        let reordered = stream("-c:v libx264 -preset veryfast -pix_fmt yuv420p");
        assert!(matches!(
            repeat_pictures(&reordered, &[1; 24]),
            Err(RepeatError::Other(_))
        ));
        let plain = stream(&format!(
            "-c:v libx264 -preset veryfast {PLAIN} -pix_fmt yuv420p"
        ));
        assert_eq!(
            repeat_pictures(&plain, &[1; 25]).unwrap_err(),
            RepeatError::Count {
                given: 25,
                made: 24
            }
        );
        // One that was cut off within the last picture's parameters, and something else.
        assert!(repeat_pictures(&plain[..60], &[1; 24]).is_err());
        assert!(repeat_pictures(b"no video at all", &[1]).is_err());
    }
}
