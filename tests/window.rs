//! Lessons and the workbench in a real window, with real keys, drags, scrolls, fingers, and files that are dropped
//! and chosen, on a display of its own. Left out with a message where Xvfb, xdotool, ImageMagick, a graphics
//! driver or, for fingers, an X server with a touchscreen cannot be had; in CI that is a failure.

#![cfg(unix)]

#[cfg(target_os = "linux")]
#[path = "window/choosers.rs"]
mod choosers;
#[path = "window/drops.rs"]
mod drops;
#[path = "window/fingers.rs"]
mod fingers;
mod missing;
#[path = "window/places.rs"]
mod places;
#[path = "window/reviews.rs"]
mod reviews;
#[cfg(target_os = "linux")]
#[path = "window/signals.rs"]
mod signals;
#[path = "window/touchscreen.rs"]
mod touchscreen;

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
    /// What the program finds in its environment besides.
    environment: Vec<(&'static str, std::ffi::OsString)>,
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
    /// Whether what a window takes is there; else it is said what is missing.
    fn can_open(programs: &[&str]) -> bool {
        for program in programs.iter().chain(&["xdotool", "import"]) {
            if !there(program) {
                missing::left_out(
                    &format!("{program} is not installed"),
                    "`sudo apt-get install xvfb xdotool imagemagick`",
                );
                return false;
            }
        }
        let driver = tensorama::record::renderer::find_driver();
        if let Err(error) = &driver {
            missing::left_out(
                &error.to_string(),
                "`sudo apt-get install mesa-vulkan-drivers`",
            );
        }
        driver.is_ok()
    }

    /// The program in a window of a server that runs.
    fn on(
        display: impl std::fmt::Display,
        server: Child,
        folder: tempfile::TempDir,
        turn: MutexGuard<'static, ()>,
        arguments: &[&str],
    ) -> Self {
        let mut bench = Self {
            display: format!(":{display}"),
            folder,
            server,
            program: None,
            window: String::new(),
            environment: Vec::new(),
            _turn: turn,
        };
        bench.start(arguments);
        bench
    }

    /// The program in a window on a touchscreen; `None` where it cannot have one.
    fn open_touch(arguments: &[&str]) -> Option<(Self, touchscreen::Touchscreen)> {
        if !Self::can_open(&[]) {
            return None;
        }
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let (server, number, screen) = match touchscreen::Touchscreen::start(folder.path()) {
            Ok(started) => started,
            Err(why) => {
                missing::left_out(
                    &why,
                    "`sudo apt-get install xserver-xorg-core xserver-xorg-video-dummy`",
                );
                return None;
            }
        };
        let bench = Self::on(number, server, folder, turn, arguments);
        Some((bench, screen))
    }

    /// The program in a window; `None` where it cannot have one.
    fn open(arguments: &[&str]) -> Option<Self> {
        if !Self::can_open(&["Xvfb"]) {
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
        Some(Self::on(number, server, folder, turn, arguments))
    }

    /// Starts the program on the display; one that runs there is ended without a word.
    fn start(&mut self, arguments: &[&str]) {
        if let Some(mut program) = self.program.take() {
            program.kill().unwrap();
            program.wait().unwrap();
        }
        let _ = std::fs::remove_file(self.path().join("state"));
        let program = self
            .command(env!("CARGO_BIN_EXE_tensorama"))
            .envs(self.environment.clone())
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(self.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        self.program = Some(program);
        let start = Instant::now();
        self.window = loop {
            let output = self.xdotool(&["search", "--name", "^Tensorama$"]);
            let text = String::from_utf8(output.stdout).unwrap_or_default();
            if let Some(window) = text.lines().last() {
                break window.to_owned();
            }
            let ended = self.program.as_mut().map(Child::try_wait);
            let ended = ended.is_some_and(|ended| matches!(ended, Ok(Some(_))));
            if ended || start.elapsed() > 2 * PATIENCE {
                let log = std::fs::read_to_string(self.path().join("log"));
                panic!("no window (ended: {ended}): {}", log.unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(200));
        };
        self.xdotool(&["windowfocus", &self.window.clone()]);
    }

    /// What the program says of itself under a name.
    fn state(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path().join("state")).unwrap_or_default();
        let line = text.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            (found == name).then(|| value.to_owned())
        });
        line.unwrap_or_default()
    }

    /// Waits until the program says something that suits.
    #[track_caller]
    fn until(&self, name: &str, suits: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let value = self.state(name);
            if suits(&value) {
                return value;
            }
            if start.elapsed() > PATIENCE {
                let state = std::fs::read_to_string(self.path().join("state"));
                panic!("{name} is {value:?}; {}", state.unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    #[track_caller]
    fn is(&self, name: &str, value: &str) {
        self.until(name, |found| found == value);
    }

    #[track_caller]
    fn has(&self, name: &str, value: &str) {
        self.until(name, |found| found.contains(value));
    }

    /// Presses a key that may be pressed again, until the window hears it.
    #[track_caller]
    fn wake(&self) {
        let start = Instant::now();
        while self.state("tab") != "Element" {
            assert!(start.elapsed() < PATIENCE, "the window does not hear");
            self.keys(&["i"]);
        }
        self.keys(&["u"]);
        self.is("tab", "Facts");
    }

    /// Goes from control to control until one has the keys.
    #[track_caller]
    fn focus(&self, name: &str) {
        let mut seen = Vec::new();
        for _ in 0..120 {
            let before = self.state("focus");
            if before == name {
                return;
            }
            self.xdotool(&["key", "Tab"]);
            // Controls without a name of their own look alike.
            let start = Instant::now();
            while self.state("focus") == before && start.elapsed() < Duration::from_millis(700) {
                std::thread::sleep(Duration::from_millis(40));
            }
            seen.push(before);
        }
        panic!("no control is called {name:?}; there are {seen:?}");
    }

    /// No control has the keys any more.
    #[track_caller]
    fn release(&self) {
        if !self.state("focus").is_empty() {
            self.keys(&["Escape"]);
            self.is("focus", "");
        }
    }

    /// Chooses a word in a list, by keyboard.
    #[track_caller]
    fn choose(&self, list: &str, word: &str) {
        self.focus(list);
        self.keys(&["Return"]);
        self.focus(&format!("{list} {word}"));
        self.keys(&["Return"]);
    }

    /// Writes into the field for layers.
    #[track_caller]
    fn write(&self, text: &str) {
        self.release();
        self.keys(&["l"]);
        self.is("focus", "paste");
        self.keys(&["ctrl+a"]);
        self.xdotool(&["type", "--delay", "120", text]);
        std::thread::sleep(Duration::from_secs(1));
    }

    /// Numbers of the camera: yaw, pitch, height, and the picture's middle.
    fn camera(&self) -> Vec<f32> {
        let text = self.state("camera");
        text.split(' ')
            .filter_map(|word| word.parse().ok())
            .collect()
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
            .env("TENSORAMA_PROGRESS", self.path().join("progress.ron"))
            .env("TENSORAMA_STATE", self.path().join("state"))
            .env("TENSORAMA_VOICE_CACHE", self.path().join("voices"))
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
            .filter(|path| {
                let name = path.file_name();
                let kept = ["settings.ron", "workbench.ron", "progress.ron"];
                name.is_some_and(|name| kept.iter().all(|kept| name != *kept))
            })
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

    /// What is on the screen.
    #[track_caller]
    fn screen(&self) -> Vec<u8> {
        let taken = self
            .command("import")
            .args(["-window", "root", "ppm:-"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&taken.stderr);
        assert!(taken.status.success() && !taken.stdout.is_empty(), "{said}");
        taken.stdout
    }

    /// The part of the screen that has changed since.
    #[track_caller]
    fn changed_since(&self, before: &[u8]) -> f64 {
        let after = self.screen();
        assert_eq!(before.len(), after.len(), "the screen has another size");
        let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
        changed as f64 / before.len() as f64
    }

    /// Whether so much of the screen has changed.
    #[track_caller]
    fn shows_change(&self, before: &[u8], part: f64) -> bool {
        self.changed_since(before) > part
    }
}

/// Where the pointer looks for elements: in rows below the card with the arithmetic, from their middle on.
const ROWS: [i32; 9] = [386, 361, 411, 336, 436, 311, 461, 286, 255];

const LAYER: &str = "nn.Conv2d(3, 8, 3, stride=2, padding=1)";

/// The workbench with a layer, in English, hearing keys.
fn open_layer() -> Option<Bench> {
    let bench = Bench::open(&[
        "explore", LAYER, "--input", "3x7x7", "--lang", "en", "--theme", "light",
    ])?;
    bench.wake();
    bench.is("layers", LAYER);
    bench.is("input", "[3, 7, 7]");
    Some(bench)
}

#[test]
fn the_view_is_turned_and_elements_are_hovered_and_pinned() {
    let Some(bench) = open_layer() else {
        return;
    };
    let text = bench.saved();
    assert_checks(&bench, &text);

    // A drag turns the camera, a scroll brings it nearer, keys frame it.
    let straight = bench.camera();
    let before = bench.screen();
    bench.drag((640, 560), (760, 560));
    let turned = bench.until("camera", |_| (bench.camera()[0] - straight[0]).abs() > 5.0);
    bench.point(640, 500);
    bench.xdotool(&["click", "--repeat", "3", "4"]);
    bench.until("camera", |_| bench.camera()[2] < straight[2] * 0.97);
    assert!(bench.shows_change(&before, 0.01), "{turned}");
    bench.keys(&["o"]);
    bench.is("lens", "Perspective");
    bench.keys(&["o", "1"]);
    bench.is("lens", "Parallel");
    bench.until("camera", |_| bench.camera()[0].abs() < 0.5);
    bench.keys(&["0"]);
    std::thread::sleep(Duration::from_secs(2));

    // The pointer goes along the row of tensors and finds each kind of element.
    let mut places: Vec<(&str, (i32, i32))> = Vec::new();
    'scan: for y in ROWS {
        for x in (358..932).step_by(14) {
            bench.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
            std::thread::sleep(Duration::from_millis(220));
            let hovered = bench.state("hovered");
            for kind in ["input", "padding", "weight", "output"] {
                let known = places.iter().any(|(known, _)| *known == kind);
                if hovered.starts_with(kind) && !known {
                    places.push((kind, (x, y)));
                }
            }
            if places.len() == 4 {
                break 'scan;
            }
        }
    }
    for kind in ["input", "weight", "output"] {
        let place = places.iter().find(|(known, _)| *known == kind);
        let Some((_, (x, y))) = place else {
            panic!("no {kind} is hovered: {places:?}");
        };
        let before = bench.screen();
        bench.point(*x, *y);
        bench.until("hovered", |found| {
            found.starts_with(kind) && found.contains("] = ")
        });
        assert!(bench.shows_change(&before, 0.0005), "{kind}");
    }

    // A click pins an output; the inspector opens. A second one is compared with it.
    let place = |kind: &str| places.iter().find(|(known, _)| *known == kind).unwrap().1;
    let before = bench.screen();
    let (x, y) = place("output");
    bench.click(x, y);
    bench.until("pinned", |found| found.starts_with("output["));
    bench.is("tab", "Element");
    assert!(bench.shows_change(&before, 0.005));
    let (x, y) = place("input");
    bench.click(x, y);
    bench.has("pinned", "; input[");
    bench.keys(&["Escape"]);
    bench.is("pinned", "");
    bench.is("screen", "Explore");

    // Without the arithmetic, the tensors have its room.
    let before = bench.screen();
    bench.keys(&["equal"]);
    bench.is("arithmetic", "false");
    wait_for("the stage without the arithmetic", || {
        bench.shows_change(&before, 0.005).then_some(())
    });

    // Channels come apart and are hidden.
    bench.keys(&["x"]);
    bench.is("spread", "0.5");
    bench.keys(&["z"]);
    bench.is("slice", "Some((1, 7))");
}

#[test]
fn each_parameter_is_changed_by_keyboard_and_changes_are_taken_back() {
    let Some(bench) = open_layer() else {
        return;
    };
    // The run: by output element, by product, back, playing, faster.
    bench.keys(&["bracketright"]);
    bench.is("position", "1.000");
    bench.keys(&["period"]);
    bench.until("position", |found| found > "1.000" && found < "2.000");
    bench.keys(&["bracketleft"]);
    bench.is("position", "1.000");
    bench.keys(&["d"]);
    bench.is("grain", "Filter");
    bench.keys(&["greater"]);
    bench.is("speed", "2");
    let before = bench.screen();
    bench.keys(&["space"]);
    bench.is("playing", "true");
    bench.until("position", |found| found > "1.200");
    bench.keys(&["space"]);
    bench.is("playing", "false");
    assert!(bench.shows_change(&before, 0.001));
    bench.keys(&["less", "less"]);
    bench.is("speed", "0.5");
    bench.keys(&["Home"]);
    bench.is("position", "0.000");

    // Every parameter, one control after another.
    bench.keys(&["l"]);
    bench.is("focus", "paste");
    let slid = |control: &str, name: &str, value: &str| {
        let before = bench.screen();
        bench.focus(control);
        bench.keys(&["Right"]);
        bench.has(name, value);
        bench.is("problem", "");
        assert!(bench.shows_change(&before, 0.001), "{control}");
    };
    slid("Channels", "input", "[4, 7, 7]");
    slid("Rows", "input", "[4, 8, 8]");
    slid("Filters", "layers", "nn.Conv2d(4, 9, 3");
    slid("Filters", "layers", "nn.Conv2d(4, 10, 3");
    slid("KernelRows", "layers", "nn.Conv2d(4, 10, 4");
    slid("StrideRows", "layers", "stride=3");
    slid("DilationRows", "layers", "dilation=2");
    slid("Groups", "layers", "groups=2");
    slid("PaddingTop", "layers", "padding=2");
    bench.choose("PaddingMode", "reflect");
    bench.has("layers", "padding_mode='reflect'");
    bench.choose("order", "position by position");
    bench.is("order", "PositionMajor");
    bench.release();
    bench.keys(&["q"]);
    bench.is("order", "ChannelMajor");
    let full = bench.state("layers");
    bench.keys(&["l"]);
    bench.choose("padding", "same");
    // What cannot be is told, and taken back.
    bench.has("problem", "stride");
    bench.keys(&["ctrl+z"]);
    bench.is("problem", "");
    bench.is("layers", &full);
    bench.release();
    bench.keys(&["l"]);
    bench.choose("kind", "MaxPool2d");
    bench.is("kind", "MaxPool2d");

    // Back to the beginning, and on again.
    bench.keys(&["ctrl+z"]);
    bench.is("layers", &full);
    let mut back = 1;
    while bench.state("undo") == "true" && back < 30 {
        let before = bench.state("layers") + &bench.state("input") + &bench.state("order");
        bench.keys(&["ctrl+z"]);
        bench.until("layers", |_| {
            before != bench.state("layers") + &bench.state("input") + &bench.state("order")
        });
        back += 1;
    }
    bench.is("layers", LAYER);
    bench.is("input", "[3, 7, 7]");
    bench.is("order", "FilterMajor");
    for _ in 0..back {
        bench.keys(&["ctrl+y"]);
    }
    bench.is("kind", "MaxPool2d");
    bench.is("redo", "false");
    bench.keys(&["ctrl+z"]);
    bench.is("layers", &full);
}

#[test]
fn a_workbench_that_is_come_back_to_is_framed_anew_in_a_window_of_another_size() {
    let Some(bench) = open_layer() else {
        return;
    };
    let before = bench.until("camera", |camera| !camera.is_empty());
    bench.keys(&["Escape"]);
    bench.is("screen", "Lessons");
    bench.xdotool(&["windowsize", &bench.window, "800", "600"]);
    std::thread::sleep(Duration::from_secs(2));
    bench.keys(&["e"]);
    bench.is("screen", "Explore");
    // From the same side, but further away or elsewhere.
    let there = bench.until("camera", |camera| !camera.is_empty() && camera != before);
    let angles =
        |camera: &str| -> Vec<String> { camera.split(' ').take(2).map(str::to_owned).collect() };
    assert_eq!(angles(&there), angles(&before));
}

#[test]
fn layers_are_pasted_saved_reloaded_and_found_again() {
    let Some(mut bench) = open_layer() else {
        return;
    };
    // What is typed into the field goes onto the workbench; a mistake does not.
    bench.write("nn.MaxPool2d(2)");
    bench.keys(&["Return"]);
    bench.has("layers", "nn.MaxPool2d(kernel_size=2");
    bench.release();
    bench.keys(&["ctrl+z"]);
    bench.is("layers", LAYER);
    bench.write("nn.Conv2d(3, 8, 3, strid=2)");
    bench.keys(&["Return"]);
    bench.has("paste problem", "did you mean");
    bench.is("layers", LAYER);

    // Escape closes a list that is open, and nothing else; R is what it is in a lesson.
    bench.focus("padding");
    bench.keys(&["Return", "Escape"]);
    bench.is("screen", "Explore");
    bench.release();
    bench.keys(&["r"]);
    bench.has("note", "Reduced motion");
    bench.keys(&["r"]);

    // From the clipboard, wherever the pointer is.
    bench.write("nn.Conv2d(3, 4, 2)");
    bench.keys(&["ctrl+a", "ctrl+x"]);
    bench.release();
    bench.keys(&["ctrl+v"]);
    bench.is("layers", "nn.Conv2d(3, 4, 2)");
    bench.is("paste problem", "");
    bench.keys(&["q"]);
    bench.is("order", "PositionMajor");

    // Saved, changed further, and ended without a word: the file holds what was saved, and the
    // workbench is found again as it was.
    let text = bench.saved();
    assert_checks(&bench, &text);
    let saved = bench.path().join("saved.ron");
    std::fs::write(&saved, text).unwrap();
    bench.keys(&["q"]);
    bench.is("order", "ChannelMajor");
    wait_for("the workbench on the disk", || {
        let text = std::fs::read_to_string(bench.path().join("workbench.ron")).ok()?;
        text.contains("order: ChannelMajor").then_some(())
    });
    bench.start(&["explore", "saved.ron", "--lang", "en"]);
    bench.wake();
    bench.is("layers", "nn.Conv2d(3, 4, 2)");
    bench.is("input", "[3, 7, 7]");
    bench.is("order", "PositionMajor");
    bench.has("note", "B brings back");
    bench.keys(&["b"]);
    bench.is("order", "ChannelMajor");
    bench.has("note", "As you left it");

    // So it is in another window: with what is pinned, and where the camera stands.
    bench.keys(&["2", "o", "x"]);
    bench.is("spread", "0.5");
    bench.until("camera", |_| bench.camera()[1] > 87.0);
    pin_something(&bench);
    let (pinned, camera) = (bench.state("pinned"), bench.state("camera"));
    wait_for("what is pinned on the disk", || {
        let text = std::fs::read_to_string(bench.path().join("workbench.ron")).ok()?;
        text.contains("pins:[Tensor(").then_some(())
    });
    std::thread::sleep(Duration::from_secs(3));
    bench.start(&["explore", "--last", "--lang", "en"]);
    bench.wake();
    bench.is("order", "ChannelMajor");
    bench.is("pinned", &pinned);
    bench.is("camera", &camera);
    bench.is("spread", "0.5");
    bench.is("lens", "Perspective");
    bench.start(&["explore", "saved.ron", "--lang", "en"]);
    bench.wake();
    bench.is("pinned", "");
    bench.keys(&["b"]);
    bench.is("order", "ChannelMajor");
    bench.is("pinned", &pinned);
    bench.is("camera", &camera);
    bench.keys(&["Escape"]);
    bench.is("pinned", "");

    // Leaving loses nothing: neither the change nor the way back.
    bench.keys(&["q"]);
    bench.is("order", "FilterMajor");
    let before = bench.screen();
    bench.keys(&["Escape"]);
    bench.is("screen", "Lessons");
    std::thread::sleep(Duration::from_secs(1));
    assert!(bench.shows_change(&before, 0.05));
    bench.keys(&["e"]);
    bench.is("screen", "Explore");
    bench.is("layers", "nn.Conv2d(3, 4, 2)");
    bench.is("order", "FilterMajor");
    bench.keys(&["ctrl+z"]);
    bench.is("order", "ChannelMajor");

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

/// Pins an element of a tensor, wherever one is.
fn pin_something(bench: &Bench) {
    for y in ROWS {
        for x in (358..932).step_by(14) {
            bench.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
            std::thread::sleep(Duration::from_millis(220));
            let hovered = bench.state("hovered");
            if hovered.starts_with("input[") || hovered.starts_with("output[") {
                bench.click(x, y);
                bench.until("pinned", |found| !found.is_empty());
                return;
            }
        }
    }
    panic!("no element is found");
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
