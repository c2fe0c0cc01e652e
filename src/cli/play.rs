//! `tensorama` and `tensorama play`: lessons in a window.

use std::path::PathBuf;

use bevy::prelude::*;
use bevy::window::WindowResolution;
use clap::Args;

use super::Failure;
use super::lesson_library::{self, ReachArgs};
use super::theme::Theme;
use crate::disk::Reach;
use crate::language::{Tongue, says};
use crate::stage::palette::Studio;
use crate::timeline::{Motion, Place, Start};
use crate::ui::remembered::Remembered;
use crate::ui::window_app::{Lessons, Opening, window_app};
use crate::ui::{OpenLesson, Settings};

/// Watch a lesson in a window.
#[derive(Debug, Args)]
pub struct PlayArgs {
    /// The lesson, by name or by path.
    lesson: String,
    #[command(flatten)]
    window: WindowArgs,
    /// Where to start, in seconds or as 1:23: the time that the bar under the lesson shows, and that of
    /// a recording with the same voice.
    #[arg(long, value_name = "TIME", value_parser = crate::explore::options::time)]
    at: Option<f64>,
    /// Start paused.
    #[arg(long)]
    paused: bool,
    /// Print notes for the one who teaches: what is said now, which answer is right, and what comes next.
    #[arg(long)]
    notes: bool,
}

/// How the window opens.
#[derive(Debug, Args)]
pub struct WindowArgs {
    /// The voice; by default the best installed one. `none` shows captions only.
    #[cfg(feature = "record")]
    #[arg(long)]
    voice: Option<String>,
    /// The theme of the room; by default the one that was chosen last.
    #[arg(long, value_enum)]
    theme: Option<Theme>,
    /// Cut between views, and let cubes appear and disappear instead of flying.
    #[arg(long)]
    reduced_motion: bool,
    #[command(flatten)]
    reach: ReachArgs,
}

impl WindowArgs {
    /// Which files lessons may name.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.reach.reach()
    }

    /// The light, without what was chosen in a window.
    #[must_use]
    pub fn studio(&self) -> Studio {
        self.theme.map_or_else(Studio::default, Studio::from)
    }
}

/// Opens the list of lessons.
///
/// # Errors
/// There is no screen, or no graphics driver.
pub fn run_list(args: &WindowArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    open_window(args, lang, lesson_library::shipped_lessons(), Opening::List)
}

/// Plays a lesson.
///
/// # Errors
/// The lesson is not there or has errors; there is no screen, or no graphics driver.
pub fn run(args: &PlayArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    let source = lesson_library::find(&args.lesson)?.reaching(args.window.reach());
    source.load_in(lang.and_then(Tongue::other))?;
    let mut lessons = lesson_library::shipped_lessons();
    let same = |path: &PathBuf| path.canonicalize().ok() == source.path.canonicalize().ok();
    let index = match lessons.iter().position(|(_, path)| same(path)) {
        Some(index) => index,
        None => {
            lessons.insert(0, (args.lesson.clone(), source.path.clone()));
            0
        }
    };
    let opening = OpenLesson {
        index,
        at: args.at.map_or(Start::Place(Place::default()), Start::Time),
        playing: !args.paused,
    };
    open(
        &args.window,
        lang,
        lessons,
        Opening::Lesson(opening),
        |app| {
            if args.notes {
                app.add_plugins(crate::ui::presenter_notes::plugin);
            }
        },
    )
}

/// Opens the window.
///
/// # Errors
/// No screen, or no graphics driver.
pub fn open_window(
    args: &WindowArgs,
    lang: Option<Tongue>,
    lessons: Vec<(String, PathBuf)>,
    opening: Opening,
) -> Result<(), Failure> {
    open(args, lang, lessons, opening, |_| {})
}

/// Opens the window, with something added to its program.
fn open(
    args: &WindowArgs,
    lang: Option<Tongue>,
    lessons: Vec<(String, PathBuf)>,
    opening: Opening,
    add: impl FnOnce(&mut App),
) -> Result<(), Failure> {
    find_screen()?;
    let remembered = Remembered::read(crate::disk::settings_path().as_deref());
    let tongue = lang.unwrap_or(remembered.tongue());
    #[cfg(feature = "record")]
    if args.voice.is_some() {
        // In the window a voice that cannot speak leaves the lesson silent. Sentences that are not asked for now are
        // spoken by another voice where they need one.
        let spoken = lang.unwrap_or(Tongue::Own(tongue.words()));
        crate::narration::choose(args.voice.as_deref(), spoken)?;
    }
    let (width, height) = remembered.window;
    let remembered_studio = if remembered.dark {
        Studio::Dark
    } else {
        Studio::Light
    };
    #[cfg(feature = "record")]
    crate::record::renderer::find_driver()?;
    let window = Window {
        resolution: WindowResolution::new(width as u32, height as u32),
        ..default()
    };
    let settings = Settings {
        language: tongue.words(),
        sentences: tongue.other(),
        #[cfg(feature = "record")]
        voice: args.voice.clone(),
        #[cfg(not(feature = "record"))]
        voice: None,
        scale: remembered.scale,
        motion: if args.reduced_motion || remembered.reduced_motion {
            Motion::Reduced
        } else {
            Motion::Full
        },
        ..Settings::default()
    };
    let studio = args.theme.map_or(remembered_studio, Studio::from);
    let lessons = Lessons {
        folder: lesson_library::lessons_folder(),
        files: lessons,
        reach: args.reach(),
    };
    let mut app = with_screen(|| window_app(window, settings, studio, lessons, opening));
    add(&mut app);
    match app.run() {
        AppExit::Success => Ok(()),
        AppExit::Error(status) if status.get() > Failure::BY_SIGNAL => {
            Err(Failure::of_signal(status.get()))
        }
        AppExit::Error(_) => Err(says!(
            en: "the window stopped with an error; run again with RUST_LOG=info to see what happened",
            ja: "ウィンドウがエラーで止まりました。RUST_LOG=info を付けて実行すると理由が分かります"
        )
        .into()),
    }
}

/// Makes the window's program. The engine gives up by a panic where the screen that is named cannot be
/// reached, and has no question that could be asked before: the program ends by saying so.
fn with_screen(make: impl FnOnce() -> App) -> App {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| {
        let why = panic.payload_as_str().unwrap_or("no reason given");
        let why = why.lines().next().unwrap_or_default();
        let failure = Failure::from(says!(
            en: "no window can be opened: {why}. Look at DISPLAY or WAYLAND_DISPLAY; on a machine without a screen, run it under `xvfb-run`",
            ja: "ウィンドウを開けません: {why}。DISPLAY か WAYLAND_DISPLAY を確認してください。画面のないマシンでは `xvfb-run` の下で実行してください"
        ));
        failure.print();
        std::process::exit(failure.status.into());
    }));
    let app = make();
    std::panic::set_hook(hook);
    app
}

/// Whether there is a screen to open a window on: the engine gives up without one.
fn find_screen() -> Result<(), Failure> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let unix_desktop = cfg!(all(unix, not(target_os = "macos")));
    if unix_desktop && !set("DISPLAY") && !set("WAYLAND_DISPLAY") && !set("WAYLAND_SOCKET") {
        return Err(says!(
            en: "there is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set). `tensorama record LESSON -o video.mp4` needs none; to open the window on a machine without a screen, run it under `xvfb-run`",
            ja: "ウィンドウを開く画面がありません (DISPLAY も WAYLAND_DISPLAY もありません)。`tensorama record LESSON -o video.mp4` には画面が要りません。画面のないマシンでウィンドウを開くには `xvfb-run` の下で実行してください"
        )
        .into());
    }
    Ok(())
}
