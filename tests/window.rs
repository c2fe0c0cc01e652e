//! The workbench in a real window, with real keys, drags and scrolls, on a display of its own. Skipped
//! with a message where Xvfb, xdotool or a graphics driver is missing.

#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long something may take to show, on a busy machine without a graphics card.
const PATIENCE: Duration = Duration::from_secs(60);

/// One window at a time: two would take the other's time away.
static TURN: Mutex<()> = Mutex::new(());

/// A display with the program on it; both go when this goes.
struct Bench {
    display: String,
    folder: tempfile::TempDir,
    server: Child,
    program: Option<Child>,
    window: String,
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Bench {
    fn drop(&mut self) {
        for child in self.program.iter_mut().chain([&mut self.server]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn there(program: &str) -> bool {
    Command::new(program)
        .arg("-help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Waits until something is so.
#[track_caller]
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "in vain waited for: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

impl Bench {
    /// The program in a window; `None` where it cannot have one.
    fn open(arguments: &[&str]) -> Option<Self> {
        for program in ["Xvfb", "xdotool"] {
            if !there(program) {
                eprintln!(
                    "skipped: {program} is not installed (`sudo apt-get install xvfb xdotool`)"
                );
                return None;
            }
        }
        if let Err(error) = tensorama::record::renderer::find_driver() {
            eprintln!("skipped: {error}");
            return None;
        }
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        // The server chooses a number that is free and tells it.
        let told = folder.path().join("display");
        let server = Command::new("sh")
            .arg("-c")
            .arg("exec Xvfb -displayfd 3 -screen 0 1280x720x24 -nolisten tcp 3>\"$0\"")
            .arg(&told)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let number = wait_for("a display", || {
            let text = std::fs::read_to_string(&told).ok()?;
            text.ends_with('\n').then(|| text.trim().to_owned())
        });
        let mut bench = Self {
            display: format!(":{number}"),
            folder,
            server,
            program: None,
            window: String::new(),
            _turn: turn,
        };
        let program = bench
            .command(env!("CARGO_BIN_EXE_tensorama"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(bench.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        bench.program = Some(program);
        bench.window = wait_for("the window", || {
            let output = bench.xdotool(&["search", "--name", "^Tensorama$"]);
            let text = String::from_utf8(output.stdout).ok()?;
            text.lines().last().map(str::to_owned)
        });
        bench.xdotool(&["windowfocus", &bench.window.clone()]);
        Some(bench)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env_remove("WAYLAND_DISPLAY")
            .env("TENSORAMA_SETTINGS", self.path().join("settings.ron"))
            .current_dir(self.path());
        command
    }

    fn xdotool(&self, arguments: &[&str]) -> Output {
        self.command("xdotool").args(arguments).output().unwrap()
    }

    fn keys(&self, keys: &[&str]) {
        for key in keys {
            self.xdotool(&["key", key]);
            // Longer than a frame takes without a graphics card.
            std::thread::sleep(Duration::from_millis(350));
        }
    }

    fn point(&self, x: i32, y: i32) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
        std::thread::sleep(Duration::from_millis(400));
    }

    fn click(&self, x: i32, y: i32) {
        self.point(x, y);
        self.xdotool(&["mousedown", "1"]);
        std::thread::sleep(Duration::from_millis(350));
        self.xdotool(&["mouseup", "1"]);
        std::thread::sleep(Duration::from_millis(350));
    }

    fn drag(&self, from: (i32, i32), to: (i32, i32)) {
        self.point(from.0, from.1);
        self.xdotool(&["mousedown", "1"]);
        std::thread::sleep(Duration::from_millis(300));
        // The camera listens to how far the mouse moves, not to where the pointer is put.
        let part = |a: i32, b: i32| ((b - a) / 4).to_string();
        let (x, y) = (part(from.0, to.0), part(from.1, to.1));
        for _ in 0..4 {
            self.xdotool(&["mousemove_relative", "--", &x, &y]);
            std::thread::sleep(Duration::from_millis(350));
        }
        self.xdotool(&["mouseup", "1"]);
        std::thread::sleep(Duration::from_millis(400));
    }

    fn files(&self, end: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|known| known == end))
            .filter(|path| path.file_name().is_some_and(|name| name != "settings.ron"))
            .collect();
        files.sort();
        files
    }

    /// Saves the state as a lesson, and reads it: what the program holds, in its own words.
    #[track_caller]
    fn saved(&self) -> String {
        let before = self.files("ron");
        let mut asked: Option<Instant> = None;
        let path = wait_for("a saved lesson", || {
            let new = self.files("ron");
            if let Some(path) = new.into_iter().find(|path| !before.contains(path)) {
                return Some(path);
            }
            // A window that has just opened may not hear the first time.
            if asked.is_none_or(|asked| asked.elapsed() > Duration::from_secs(4)) {
                asked = Some(Instant::now());
                self.keys(&["ctrl+s"]);
            }
            None
        });
        let text = wait_for("the lesson's text", || {
            let text = std::fs::read_to_string(&path).ok()?;
            text.ends_with(")\n").then_some(text)
        });
        std::fs::remove_file(path).unwrap();
        text
    }

    /// What is on the screen; `None` without ImageMagick to take it with.
    fn screen(&self) -> Option<Vec<u8>> {
        let taken = self
            .command("import")
            .args(["-window", "root", "ppm:-"])
            .output()
            .ok()?;
        taken.status.success().then_some(taken.stdout)
    }

    /// The part of the screen that has changed since; `None` where it cannot be seen.
    fn changed_since(&self, before: Option<&Vec<u8>>) -> Option<f64> {
        let (before, after) = (before?, self.screen()?);
        let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
        Some(changed as f64 / before.len().max(1) as f64)
    }

    /// Whether so much of the screen has changed, or cannot be seen.
    fn shows_change(&self, before: Option<&Vec<u8>>, part: f64) -> bool {
        self.changed_since(before)
            .is_none_or(|changed| changed > part)
    }
}

/// Degrees of the camera in a saved lesson.
fn yaw(lesson: &str) -> f32 {
    let (_, rest) = lesson.split_once("Shot(yaw: ").unwrap();
    rest.split(',').next().unwrap().parse().unwrap()
}

#[test]
fn a_layer_is_opened_turned_changed_pasted_undone_saved_and_kept() {
    let layer = "nn.Conv2d(3, 8, 3, stride=2, padding=1)";
    let Some(bench) = Bench::open(&[
        "explore", layer, "--input", "3x7x7", "--lang", "en", "--theme", "light",
    ]) else {
        return;
    };
    // It stands there as it was asked for.
    let text = bench.saved();
    assert_checks(&bench, &text);
    for part in [
        "shape: (3, 7, 7)",
        "filters: 8",
        "kernel: (3, 3)",
        "stride: (2, 2)",
        "padding: Size(1, 1)",
        "bias: true",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }

    // A drag turns the camera, a scroll brings it nearer, a key frames it.
    let straight = yaw(&text);
    let before = bench.screen();
    bench.drag((640, 560), (760, 560));
    std::thread::sleep(Duration::from_millis(1_500));
    let turned = yaw(&bench.saved());
    assert!((turned - straight).abs() > 5.0, "{straight}, then {turned}");
    bench.point(640, 500);
    bench.xdotool(&["click", "--repeat", "3", "4"]);
    std::thread::sleep(Duration::from_millis(1_000));
    assert!(bench.shows_change(before.as_ref(), 0.01));
    bench.keys(&["1"]);
    wait_for("the view from the front", || {
        (yaw(&bench.saved()).abs() < 1.0).then_some(())
    });
    bench.keys(&["4"]);
    std::thread::sleep(Duration::from_millis(1_500));

    // A pinned element lights up and is explained.
    let before = bench.screen();
    bench.click(480, 370);
    std::thread::sleep(Duration::from_millis(700));
    assert!(bench.shows_change(before.as_ref(), 0.005));
    bench.keys(&["Escape"]);

    // The run goes on by output element, by product, and plays.
    let before = bench.screen();
    bench.keys(&["bracketright", "period", "space"]);
    std::thread::sleep(Duration::from_millis(900));
    bench.keys(&["space"]);
    assert!(bench.shows_change(before.as_ref(), 0.002));

    // Each parameter, with its slider or its field, by keyboard.
    let text = bench.saved();
    bench.keys(&["l", "Tab", "Tab"]);
    bench.keys(&["Right"]);
    let text = changed(&bench, &text, "shape: (3, 7, 7)", "shape: (4, 7, 7)");
    bench.keys(&["Tab", "Tab", "Right"]);
    let text = changed(&bench, &text, "shape: (4, 7, 7)", "shape: (4, 8, 8)");
    bench.keys(&["Escape", "ctrl+z"]);
    let text = changed(&bench, &text, "shape: (4, 8, 8)", "shape: (4, 7, 7)");
    bench.keys(&["ctrl+y"]);
    changed(&bench, &text, "shape: (4, 7, 7)", "shape: (4, 8, 8)");
    bench.keys(&["q"]);
    wait_for("the loop order", || {
        bench.saved().contains("order: PositionMajor").then_some(())
    });

    // What is typed into the field goes onto the workbench; a mistake does not.
    bench.keys(&["l"]);
    std::thread::sleep(Duration::from_secs(1));
    bench.xdotool(&["type", "--delay", "120", "nn.MaxPool2d(2)"]);
    std::thread::sleep(Duration::from_secs(1));
    bench.keys(&["Return"]);
    wait_for("the pasted layer", || {
        bench
            .saved()
            .contains("MaxPool2d(kernel: (2, 2))")
            .then_some(())
    });
    bench.keys(&["ctrl+z"]);
    wait_for("the layer before", || {
        bench.saved().contains("Conv2d(filters: 8").then_some(())
    });

    // A picture of another size than the window's, of this very view.
    bench.keys(&["s"]);
    let picture = wait_for("the picture", || bench.files("png").pop());
    let size = wait_for("the picture's size", || {
        image::image_dimensions(&picture).ok()
    });
    assert_eq!(size, (1920, 1080));

    // Language and light are remembered.
    bench.keys(&["t"]);
    wait_for("the settings", || {
        let text = std::fs::read_to_string(bench.path().join("settings.ron")).ok()?;
        text.contains("dark: true").then_some(())
    });
}

/// Waits until the saved state says something else.
#[track_caller]
fn changed(bench: &Bench, before: &str, from: &str, to: &str) -> String {
    assert!(before.contains(from), "{from} in {before}");
    wait_for(to, || {
        let text = bench.saved();
        text.contains(to).then_some(text)
    })
}

#[test]
fn a_lesson_leads_to_the_workbench_and_back_to_where_it_stood() {
    let Some(bench) = Bench::open(&["play", "convolution", "--at", "0:40", "--paused"]) else {
        return;
    };
    // The picture stands still once the lesson is there.
    let lesson = wait_for("the lesson", || {
        let before = bench.screen();
        std::thread::sleep(Duration::from_secs(2));
        let bytes = before
            .as_ref()
            .map_or(0, |bytes| bytes.iter().filter(|byte| **byte > 16).count());
        let there = before.is_none() || bytes > 100_000;
        (there && !bench.shows_change(before.as_ref(), 0.0005) || before.is_none())
            .then_some(before)
    });
    if lesson.is_none() {
        eprintln!("the way back is not looked at: ImageMagick's import is not installed");
    }
    bench.keys(&["e"]);
    assert!(bench.saved().contains("Conv2d(filters: "));
    assert!(bench.shows_change(lesson.as_ref(), 0.05));
    bench.keys(&["Escape"]);
    wait_for("the lesson where it stood", || {
        let changed = bench.changed_since(lesson.as_ref());
        changed.is_none_or(|changed| changed < 0.03).then_some(())
    });
}

/// Whatever is saved is a lesson without a warning.
fn assert_checks(bench: &Bench, text: &str) {
    let path = bench.path().join("checked.ron");
    std::fs::write(&path, text).unwrap();
    let checked = bench
        .command(env!("CARGO_BIN_EXE_tensorama"))
        .arg("check")
        .arg(&path)
        .output()
        .unwrap();
    std::fs::remove_file(path).unwrap();
    assert!(checked.status.success(), "{text}");
}
