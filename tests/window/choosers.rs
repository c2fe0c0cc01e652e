//! Files that are chosen in a dialogue, where there is no desktop's portal: a script stands in for zenity.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Bench, wait_for};

/// The folder in which the window finds programs, and nothing but what is put there.
struct Programs(PathBuf);

impl Programs {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Makes a zenity that is not found yet. It writes a line for each time it is asked, and does what a file says.
    fn make_zenity(&self) {
        let (asked, does) = (self.file("asked"), self.file("does"));
        let script = format!(
            "#!/bin/sh\necho \"$@\" >>'{}'\n. '{}'\n",
            asked.display(),
            does.display()
        );
        std::fs::write(&asked, "").unwrap();
        std::fs::write(self.file("made"), script).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.file("made"), mode).unwrap();
    }

    fn put_zenity(&self) {
        std::fs::rename(self.file("made"), self.file("zenity")).unwrap();
    }

    fn zenity_does(&self, what: &str) {
        std::fs::write(self.file("does"), what).unwrap();
    }

    /// Zenity has this file chosen.
    fn zenity_chooses(&self, file: &Path) {
        self.zenity_does(&format!("printf '%s\\n' '{}'\n", file.display()));
    }

    /// How often zenity was asked.
    fn asked(&self) -> usize {
        let text = std::fs::read_to_string(self.file("asked")).unwrap();
        text.lines().count()
    }

    /// Asks for the dialogue by its key, until zenity has heard of it.
    #[track_caller]
    fn ask(&self, bench: &Bench) {
        let before = self.asked();
        wait_for("zenity to be asked", || {
            bench.keys(&["ctrl+o"]);
            (self.asked() > before).then_some(())
        });
    }
}

/// The window with the list of lessons, on a system without a bus.
fn open() -> Option<(Bench, Programs)> {
    let list = ["--lang", "en", "--theme", "light", "--voice", "none"];
    let mut bench = Bench::open(&list)?;
    let programs = Programs(bench.path().join("programs"));
    std::fs::create_dir(&programs.0).unwrap();
    programs.make_zenity();
    let no_bus = "unix:path=/nowhere/bus";
    bench.environment = vec![
        ("PATH", programs.0.clone().into()),
        ("DBUS_SESSION_BUS_ADDRESS", no_bus.into()),
    ];
    bench.start(&list);
    bench.is("screen", "Lessons");
    Some((bench, programs))
}

/// A file of zeros, of a shape.
fn npy(bench: &Bench, name: &str, shape: [usize; 3]) -> PathBuf {
    let numbers = vec![0.0; shape.iter().product()];
    let shape = tensorama::tensor::Shape::new(&shape).unwrap();
    let tensor = tensorama::tensor::Tensor::new(shape, numbers).unwrap();
    let path = bench.path().join(name);
    std::fs::write(&path, tensorama::tensor::files::write_npy(&tensor)).unwrap();
    path
}

#[test]
fn files_that_are_chosen_come_onto_the_workbench() {
    let Some((bench, programs)) = open() else {
        return;
    };
    // Without any dialogue, a message says what to do.
    wait_for("what to do without a dialogue", || {
        bench.keys(&["ctrl+o"]);
        bench.state("told").contains("install zenity").then_some(())
    });
    bench.is("told", "");
    assert_eq!(programs.asked(), 0);

    // A dialogue that is cancelled is no missing one.
    programs.zenity_does("exit 1\n");
    programs.put_zenity();
    programs.ask(&bench);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(bench.state("told"), "");
    assert_eq!(bench.state("screen"), "Lessons");

    // While one is open there is no other. The button is pressed by keyboard.
    let picture = bench.path().join("cat | ネコ.PNG");
    image::RgbImage::from_pixel(12, 10, image::Rgb([200, 120, 40]))
        .save(&picture)
        .unwrap();
    let chosen = programs.file("chosen");
    programs.zenity_does(&format!(
        "while [ ! -e '{}' ]; do /bin/sleep 0.1; done\nprintf '%s\\n' '{}'\n",
        chosen.display(),
        picture.display()
    ));
    let before = programs.asked();
    bench.focus("open file");
    bench.keys(&["Return"]);
    wait_for("zenity to be asked", || {
        (programs.asked() > before).then_some(())
    });
    bench.keys(&["ctrl+o", "ctrl+o"]);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(programs.asked(), before + 1);
    std::fs::write(&chosen, "").unwrap();
    bench.is("screen", "Explore");
    bench.until("input", |input| input.ends_with(", 10, 12]"));
    bench.is("paste problem", "");
    assert_eq!(programs.asked(), before + 1);

    // On the workbench, from a text as well.
    programs.zenity_chooses(&npy(&bench, "x.npy", [3, 6, 9]));
    bench.keys(&["l"]);
    bench.is("focus", "paste");
    programs.ask(&bench);
    bench.is("input", "[3, 6, 9]");
    bench.release();
    programs.zenity_chooses(&npy(&bench, "y.npy", [3, 8, 5]));
    bench.focus("open file");
    bench.keys(&["Return"]);
    bench.is("input", "[3, 8, 5]");
}
