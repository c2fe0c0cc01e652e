//! `tensorama sentences`: the file of a lesson's sentences in a further language, to be filled in.

use clap::Args;

use super::Failure;
use super::lesson_library::{self, FindError};
use super::printing::tell;
use crate::disk;
use crate::language::{Message, Tongue, says};
use crate::lesson::Sentences;

/// Write a lesson's sentences into a file, to be translated.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SentencesArgs {
    /// The lesson, by name or by path.
    lesson: String,
}

const EXAMPLES: &str = "\
Write the file, fill it in, and look at it; after a change of the lesson, write it again:
  tensorama sentences convolution --lang de
  tensorama check convolution --lang de
  tensorama play convolution --lang de";

/// Writes the file beside the lesson; what is translated in it stays.
///
/// # Errors
/// The lesson or its sentences cannot be read, or the file cannot be written.
pub fn run(args: &SentencesArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    let source = lesson_library::find(&args.lesson)?;
    let Some(language) = lang.and_then(Tongue::other) else {
        return Err(Failure::from(says!(
            en: "name the language of the sentences, as in --lang de; English and Japanese stand in the lesson itself",
            ja: "訳す言語を --lang de のように指定してください。英語と日本語はレッスンそのものに書きます"
        ))
        .of_usage());
    };
    let path = source.sentences_path(language);
    let before = source.sentences(language)?.unwrap_or_default();
    let wrong = |diagnostics| FindError::Wrong {
        name: source.name.clone(),
        diagnostics,
    };
    let text = before
        .filled_in(&source.name, &source.text)
        .map_err(wrong)?;
    disk::write_with_folder(&path, &text).map_err(|why| {
        let (path, why) = (path.display(), why.message());
        Failure::from(says!(
            with [why];
            en: "cannot write {path}: {why}",
            ja: "{path} に書き込めません: {why}"
        ))
    })?;
    let file = path.display().to_string();
    let (missing, of) = Sentences::read(&file, &text)
        .and_then(|sentences| sentences.missing(&source.name, &source.text))
        .map_err(wrong)?;
    let done = of - missing;
    tell!(
        en: "{file}: {done} of {of} sentences have a translation",
        ja: "{file}: {of} 個の文のうち {done} 個に訳があります"
    );
    Ok(())
}
