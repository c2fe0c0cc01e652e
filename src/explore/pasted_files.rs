//! Files in a pasted text: what a file manager copies of them.

use std::path::PathBuf;

use crate::link::decoded;
use crate::tensor::files;

/// What GNOME's older file manager puts before the addresses: its own name, and what is to be done.
const NAUTILUS: &str = "x-special/nautilus-clipboard";

/// The endings of files that can be opened, besides pictures and arrays.
const ENDINGS: [&str; 4] = ["py", "txt", "onnx", "ron"];

/// The files that a text names, a line each: paths, or addresses such as `file:///home/me/my%20cat.png`. None where
/// anything else is in it.
#[must_use]
pub fn pasted_files(text: &str) -> Vec<PathBuf> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut first = lines.next();
    if first == Some(NAUTILUS) {
        // What is to be done with them, `copy` or `cut`.
        lines.next();
        first = lines.next();
    }
    let lines = first.into_iter().chain(lines);
    lines.map(file).collect::<Option<_>>().unwrap_or_default()
}

/// The file that a line names; `None` where it is none.
fn file(line: &str) -> Option<PathBuf> {
    if let Some(address) = line.strip_prefix("file:") {
        return of_address(address);
    }
    let path = unquoted(line);
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    let is_known = files::is_picture(path)
        || files::is_tensor_file(path)
        || ending.is_some_and(|end| ENDINGS.iter().any(|known| end.eq_ignore_ascii_case(known)));
    // A whole path may hold anything; a name alone is one word, or a line of Python could be one.
    let is_path = is_whole(path) || is_known && !path.contains(char::is_whitespace);
    is_path.then(|| PathBuf::from(path))
}

/// The path in an address behind `file:`, on this machine: `///a`, `//localhost/a` or `/a`.
fn of_address(address: &str) -> Option<PathBuf> {
    let path = match address.strip_prefix("//") {
        Some(rest) => {
            let start = rest.find('/')?;
            let (host, path) = rest.split_at(start);
            ["", "localhost"].contains(&host).then_some(path)?
        }
        None => address,
    };
    let path = decoded(path);
    // `/C:/a` on Windows.
    let drive = path.strip_prefix('/').filter(|rest| has_drive(rest));
    let path = drive.unwrap_or(&path);
    is_whole(path).then(|| PathBuf::from(path))
}

/// A path without the quotation marks that some put around it.
fn unquoted(line: &str) -> &str {
    let between = |mark: char| line.strip_prefix(mark)?.strip_suffix(mark);
    between('\'').or_else(|| between('"')).unwrap_or(line)
}

/// Whether a path begins at the root.
fn is_whole(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") || has_drive(path)
}

/// Whether a path begins with the letter of a drive: `C:\`.
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let files = pasted_files(text);
        files
            .iter()
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn what_file_managers_copy_is_a_file() {
        let one = [
            ("/home/me/Pictures/cat.png", "/home/me/Pictures/cat.png"),
            ("/home/me/my cat (1).png\n", "/home/me/my cat (1).png"),
            ("'/home/me/my cat.png'", "/home/me/my cat.png"),
            ("\"C:\\Users\\me\\a cat.png\"", "C:\\Users\\me\\a cat.png"),
            (
                "file:///home/me/Pictures/my%20cat.png",
                "/home/me/Pictures/my cat.png",
            ),
            ("file://localhost/home/me/%E7%8C%AB.npy", "/home/me/猫.npy"),
            ("file:/home/me/a.npz", "/home/me/a.npz"),
            ("file:///C:/Users/me/a.png", "C:/Users/me/a.png"),
            ("cat.PNG", "cat.PNG"),
            ("models/net.onnx", "models/net.onnx"),
            ("/home/me/nothing-known", "/home/me/nothing-known"),
        ];
        for (text, name) in one {
            assert_eq!(names(text), [name], "{text}");
        }
        let two = "file:///a/x.npy\r\nfile:///a/y.png\r\n";
        assert_eq!(names(two), ["/a/x.npy", "/a/y.png"]);
        let gnome = "x-special/nautilus-clipboard\ncopy\nfile:///a/x.npy\n";
        assert_eq!(names(gnome), ["/a/x.npy"]);
    }

    #[test]
    fn layers_and_lines_of_python_are_no_files() {
        for text in [
            "nn.ReLU()",
            "nn.Conv2d(3, 8, 3)",
            "x = np.load('a.npy')",
            "import a.py",
            "conv1 = nn.Conv2d(3, 8, 3)  # see layers.txt",
            "// no path",
            "/a.png\nnn.ReLU()",
            "3x6x6",
            "file://elsewhere/a.png",
            "https://example.org/a.onnx is a network",
            "",
        ] {
            assert_eq!(names(text), [""; 0], "{text}");
        }
    }
}
