//! The command line: one file a command.

pub mod check;
pub mod completions;
#[cfg(feature = "record")]
pub mod draw_only;
#[cfg(feature = "record")]
pub mod draw_segments;
pub mod eval;
#[cfg(feature = "window")]
pub mod explore;
pub mod failure;
pub mod help;
#[cfg(feature = "record")]
pub mod join;
pub mod language;
pub mod lesson_library;
pub mod list;
pub mod man;
#[cfg(feature = "record")]
pub mod narrate;
#[cfg(feature = "record")]
pub mod picture_size;
pub mod pictures;
#[cfg(feature = "window")]
pub mod play;
pub mod presets;
mod printing;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "record")]
pub mod reporter;
pub mod sentences;
pub mod shape;
#[cfg(any(feature = "record", feature = "window"))]
pub mod subject;
#[cfg(any(feature = "engine", feature = "worksheet"))]
pub mod theme;
#[cfg(feature = "record")]
pub mod told;
pub mod version;
#[cfg(feature = "worksheet")]
pub mod worksheet;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::language::{Localized, Tongue};
pub use failure::Failure;

/// Tensor operations as living 3D lessons.
#[derive(Debug, Parser)]
#[command(name = "tensorama", version, about, after_help = AFTER_HELP.en)]
#[cfg_attr(not(feature = "window"), command(arg_required_else_help = true))]
struct Arguments {
    /// The language of what the program says and of lessons: en or ja, or one that a lesson has sentences in;
    /// else as the locale says.
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Tongue>,
    #[cfg(feature = "window")]
    #[command(flatten)]
    window: play::WindowArgs,
    #[cfg(feature = "window")]
    #[command(subcommand)]
    command: Option<Command>,
    #[cfg(not(feature = "window"))]
    #[command(subcommand)]
    command: Command,
}

#[cfg(all(feature = "window", feature = "record"))]
const AFTER_HELP: Localized<&str> = Localized::new(
    "\
Examples:
  tensorama                                  choose a lesson in a window
  tensorama play convolution --lang ja       watch it, take the camera at any moment
  tensorama explore \"nn.Conv2d(3, 8, 3)\"     explore any layer interactively
  tensorama record convolution -o conv.mp4   make a narrated video of it
  tensorama check lessons/*.ron              find mistakes in lessons",
    "\
例:
  tensorama                                  ウィンドウでレッスンを選ぶ
  tensorama play convolution --lang ja       レッスンを見る。カメラはいつでも動かせる
  tensorama explore \"nn.Conv2d(3, 8, 3)\"     好きな層を動かして調べる
  tensorama record convolution -o conv.mp4   ナレーション付きのビデオを作る
  tensorama check lessons/*.ron              レッスンの誤りを見つける",
);

#[cfg(all(feature = "window", not(feature = "record")))]
const AFTER_HELP: Localized<&str> = Localized::new(
    "This build makes no videos; one with the feature `record` has `record`, `join` and `narrate`.",
    "このビルドではビデオを作れません。機能 `record` を有効にすると `record`、`join`、`narrate` が加わります。",
);

#[cfg(all(feature = "record", not(feature = "window")))]
const AFTER_HELP: Localized<&str> = Localized::new(
    "This build opens no window; one with the feature `window` has `play` and `explore`.",
    "このビルドではウィンドウを開けません。機能 `window` を有効にすると `play` と `explore` が加わります。",
);

#[cfg(not(any(feature = "window", feature = "record")))]
const AFTER_HELP: Localized<&str> = Localized::new(
    "This build draws nothing; one with the features `window` and `record` has `play`, `explore`, \
     `record`, `join` and `narrate`.",
    "このビルドでは描画できません。機能 `window` と `record` を有効にすると `play`、`explore`、`record`、\
     `join`、`narrate` が加わります。",
);

// Without the engine `eval` is by far the largest; one value of this is made in a run.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
enum Command {
    /// Watch a lesson in a window.
    #[cfg(feature = "window")]
    Play(play::PlayArgs),
    /// Explore any layer interactively in a window.
    #[cfg(feature = "window")]
    Explore(explore::ExploreArgs),
    /// Find the mistakes in lessons.
    Check(check::CheckArgs),
    /// List the lessons that come with the program.
    List(list::ListArgs),
    /// Write a lesson's sentences into a file, to be translated.
    Sentences(sentences::SentencesArgs),
    /// Compute a layer or a chain on an input, with the first step worked out; --trace writes every one.
    Eval(eval::EvalArgs),
    /// Print the shapes and costs of a layer or a chain.
    Shape(shape::ShapeArgs),
    /// Print what a shell completes the words of this program with.
    Completions(completions::CompletionsArgs),
    /// Print the manual page, in roff.
    Man(man::ManArgs),
    /// Make a narrated video of a lesson, of a layer or of a network, or images of it.
    #[cfg(feature = "record")]
    Record(record::RecordArgs),
    /// Join the shares of a recording, with sound, captions and chapters.
    #[cfg(feature = "record")]
    Join(join::JoinArgs),
    /// Draw some of the frames of a recording that another process makes.
    #[cfg(feature = "record")]
    #[command(hide = true)]
    DrawSegments(draw_segments::DrawSegmentsArgs),
    /// Draw a lesson's frames and throw them away.
    #[cfg(feature = "record")]
    #[command(hide = true)]
    DrawOnly(draw_only::DrawOnlyArgs),
    /// Print what a lesson says, for your own voice, or have it spoken ahead of a recording.
    #[cfg(feature = "record")]
    Narrate(narrate::NarrateArgs),
    /// Make a worksheet of a lesson: exercises to be printed and solved on paper, with their solutions.
    #[cfg(feature = "worksheet")]
    Worksheet(worksheet::WorksheetArgs),
}

/// The command line, as clap describes it.
#[must_use]
pub fn program() -> clap::Command {
    Arguments::command()
}

/// Reads the command line and does what it says.
///
/// # Errors
/// What went wrong, for standard error.
pub fn run() -> Result<(), Failure> {
    let words: Vec<_> = std::env::args_os().collect();
    let language = language::of(&words, |name| std::env::var_os(name));
    language::choose(language);
    if version::is_asked(&words) {
        version::print();
        return Ok(());
    }
    let matches = help::matches(program(), words, language);
    let arguments =
        Arguments::from_arg_matches(&matches).unwrap_or_else(|error| help::end(&error, language));
    let lang = arguments.lang;
    #[cfg(feature = "window")]
    let Some(command) = arguments.command else {
        return play::run_list(&arguments.window, lang);
    };
    #[cfg(not(feature = "window"))]
    let command = arguments.command;
    match command {
        #[cfg(feature = "window")]
        Command::Play(args) => play::run(&args, lang),
        #[cfg(feature = "window")]
        Command::Explore(args) => explore::run(&args, lang),
        Command::Check(args) => check::run(&args, lang),
        Command::List(args) => list::run(&args, lang),
        Command::Sentences(args) => sentences::run(&args, lang),
        Command::Eval(args) => eval::run(&args).map_err(|error| {
            let usage = error.is_usage();
            let failure = Failure::from(error);
            if usage { failure.of_usage() } else { failure }
        }),
        Command::Shape(args) => Ok(shape::run(&args)?),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
        #[cfg(feature = "record")]
        Command::Record(args) => record::run(&args),
        #[cfg(feature = "record")]
        Command::Join(args) => join::run(&args),
        #[cfg(feature = "record")]
        Command::DrawOnly(args) => draw_only::run(&args),
        #[cfg(feature = "record")]
        Command::DrawSegments(args) => draw_segments::run(&args),
        #[cfg(feature = "record")]
        Command::Narrate(args) => narrate::run(&args),
        #[cfg(feature = "worksheet")]
        Command::Worksheet(args) => worksheet::run(&args, lang),
    }
}
