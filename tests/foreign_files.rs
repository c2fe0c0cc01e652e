//! What comes from elsewhere, a lesson or a file, can neither exhaust the machine nor reach what is not
//! its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tensorama::lesson;

/// The program, with so many megabytes of memory for its data and half a minute of time.
#[cfg(unix)]
fn tensorama(megabytes: u32, arguments: &[&str], folder: &Path) -> Output {
    let script = format!("ulimit -d {}; exec timeout 30 \"$@\"", megabytes * 1024);
    Command::new("bash")
        .args(["-c", &script, "bash", env!("CARGO_BIN_EXE_tensorama")])
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .output()
        .unwrap()
}

/// The program says this and ends with an error.
#[cfg(unix)]
fn refuses(arguments: &[&str], folder: &Path, words: &[&str]) -> String {
    let output = tensorama(400, arguments, folder);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        matches!(output.status.code(), Some(1 | 2)),
        "{arguments:?}: {said}"
    );
    for word in words {
        assert!(said.contains(word), "{word:?} in {said}");
    }
    said
}

/// A lesson whose input is filled so.
fn lesson_with(fill: &str) -> String {
    format!(
        r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(
            title: (en: "S", ja: "場"), input: (shape: (1, 2, 2), fill: {fill}),
            layers: [ReLU], beats: [Run(to: End, over: 3.0)],
        )])"#
    )
}

/// A `.npy` file of a shape, without numbers.
fn npy(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes
}

/// A folder `own` and a folder `other` with a file of numbers.
struct Folders {
    all: tempfile::TempDir,
}

impl Folders {
    fn new() -> Self {
        let all = tempfile::tempdir().unwrap();
        for folder in ["own", "other"] {
            std::fs::create_dir(all.path().join(folder)).unwrap();
        }
        let numbers = [npy("(1, 2, 2)"), vec![0; 16]].concat();
        std::fs::write(all.path().join("other/secret.npy"), numbers).unwrap();
        Self { all }
    }

    fn own(&self) -> PathBuf {
        self.all.path().join("own")
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.own().join(name), content).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn what_never_ends_or_never_begins_is_not_read() {
    let folders = Folders::new();
    let own = folders.own();
    for name in ["pipe.ron", "pipe.png"] {
        let made = Command::new("mkfifo").arg(own.join(name)).status();
        assert!(made.unwrap().success());
    }
    for name in ["zero.ron", "zero.png", "zero.npy"] {
        std::os::unix::fs::symlink("/dev/zero", own.join(name)).unwrap();
    }
    let file = own.join("hole.ron");
    let hole = std::fs::File::create(&file).unwrap();
    hole.set_len(1 << 32).unwrap();
    folders.write("pipe-inside.ron", lesson_with("Image(\"pipe.png\")"));
    folders.write("zero-inside.ron", lesson_with("Image(\"/dev/zero\")"));
    let pipe = "it is a named pipe";
    let device = "it is a device";
    refuses(&["check", "pipe.ron"], &own, &[pipe, "only regular files"]);
    refuses(&["check", "zero.ron"], &own, &[device]);
    refuses(
        &["check", "hole.ron"],
        &own,
        &["4294967296 bytes", "limit is 8388608"],
    );
    refuses(&["check", "pipe-inside.ron"], &own, &["pipe.png", pipe]);
    let trusted = ["check", "--allow-outside", "zero-inside.ron"];
    refuses(&trusted, &own, &["/dev/zero", device]);
    for name in ["zero.png", "zero.npy"] {
        refuses(&["eval", "nn.ReLU()", "--input", name], &own, &[device]);
    }
    refuses(&["explore", "zero.ron"], &own, &[device]);
}

#[cfg(unix)]
#[test]
fn a_small_file_does_not_unpack_to_a_large_one() {
    use std::io::Write;
    use zip::{ZipWriter, write::FileOptions};
    let folders = Folders::new();
    let own = folders.own();
    let file = std::fs::File::create(own.join("bomb.npz")).unwrap();
    let mut archive = ZipWriter::new(file);
    for (name, shape) in [("more", "(1, 2, 2)"), ("large", "(1, 16384, 16384)")] {
        archive
            .start_file(format!("{name}.npy"), FileOptions::default())
            .unwrap();
        archive.write_all(&npy(shape)).unwrap();
        // As many as the large one claims: 1 GiB.
        for _ in 0..1024 {
            archive.write_all(&vec![0; 1 << 20]).unwrap();
        }
    }
    archive.finish().unwrap();
    let size = std::fs::metadata(own.join("bomb.npz")).unwrap().len();
    assert!(size < 4 << 20, "{size}");
    folders.write(
        "large.ron",
        lesson_with("Named(file: \"bomb.npz\", tensor: \"large\")"),
    );
    folders.write(
        "more.ron",
        lesson_with("Named(file: \"bomb.npz\", tensor: \"more\")"),
    );
    refuses(
        &["check", "large.ron"],
        &own,
        &["1 × 16384 × 16384", "1 × 2 × 2 is needed"],
    );
    refuses(
        &["check", "more.ron"],
        &own,
        &["goes on after the last number"],
    );
}

#[cfg(unix)]
#[test]
fn a_lesson_names_only_files_of_its_own_folder_unless_it_is_trusted() {
    let folders = Folders::new();
    let own = folders.own();
    let whole = folders.all.path().join("other/secret.npy");
    std::os::unix::fs::symlink("../other/secret.npy", own.join("link.npy")).unwrap();
    let names = ["../other/secret.npy", &whole.to_string_lossy(), "link.npy"];
    for name in names {
        folders.write("l.ron", lesson_with(&format!("File({name:?})")));
        let (check, video) = (
            ["check", "l.ron"],
            ["record", "l.ron", "-o", "x.mp4", "--dry-run"],
        );
        for arguments in [
            &check[..],
            &video,
            &["explore", "l.ron"],
            &["play", "l.ron"],
        ] {
            let words = ["outside the lesson's folder", "--allow-outside"];
            refuses(arguments, &own, &words);
        }
        let trusted = tensorama(2000, &["check", "--allow-outside", "l.ron"], &own);
        assert!(trusted.status.success(), "{trusted:?}");
    }
    // Of what is there besides it is told nothing.
    for absent in ["../other/absent.npy", "../absent/x.npy"] {
        folders.write("l.ron", lesson_with(&format!("File({absent:?})")));
        let said = refuses(&["check", "l.ron"], &own, &["outside the lesson's folder"]);
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn a_lesson_that_is_too_large_is_refused_with_the_number_and_the_limit() {
    let lesson_of = |scenes: usize, shape: &str| {
        let mut text =
            "Lesson(title: (en: \"T\", ja: \"題\"), layers: [ReLU], scenes: [".to_owned();
        for _ in 0..scenes {
            let _ = write!(
                text,
                "Scene(title: (en: \"S\", ja: \"場\"), input: (shape: {shape}), \
                 beats: [Run(to: End, over: 3.0)]),"
            );
        }
        text + "])"
    };
    let refused = |text: &str| lesson::read("l.ron", text).unwrap_err().to_string();
    assert!(lesson::read("l.ron", &lesson_of(1000, "(1, 1, 2)")).is_ok());
    let message = refused(&lesson_of(1001, "(1, 1, 2)"));
    assert!(
        message.contains("1001 scenes") && message.contains("limit is 1000"),
        "{message}"
    );
    // 262,144 cubes each: an input of half as many, and what is made of it.
    let message = refused(&lesson_of(70, "(1, 256, 512)"));
    assert!(message.contains("17039360 cubes"), "{message}");
    assert!(message.contains("16777216"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_has_the_mode_that_the_user_wants() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_tensorama");
    for (mask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let script = format!(
            "umask {mask}; exec '{program}' eval 'nn.ReLU()' --input 1x2x2 -o {mask}.npy --trace {mask}.jsonl"
        );
        let made = Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        for end in ["npy", "jsonl"] {
            let file = folder.path().join(format!("{mask}.{end}"));
            let about = std::fs::metadata(file).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, mode, "{mask} {end}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 6);
}
