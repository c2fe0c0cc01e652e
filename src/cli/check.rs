//! `tensorama check`: everything that is wrong with lessons.

mod sentences;

use super::language::spoken;
#[cfg(feature = "record")]
use super::printing::note;
use super::printing::{remark, tell};
use clap::Args;

use super::Failure;
use super::lesson_library::{self, FindError, LessonSource, ReachArgs};
use crate::language::{Language, Localized, Message, OtherLanguage, Tongue, says};
use crate::lesson::{self, Diagnostics, Lesson};
use crate::narration::estimated_speeches;
use crate::timeline::{Finding, PictureShape, Timeline, WIDTH_SHARE};

/// Find the mistakes in lessons.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Lessons, by name or by path.
    #[arg(required = true, value_name = "LESSON")]
    lessons: Vec<String>,
    /// Ask the installed voices how they say each sentence: eSpeak NG in English, Open JTalk in Japanese.
    #[cfg(feature = "record")]
    #[arg(long)]
    voices: bool,
    #[command(flatten)]
    reach: ReachArgs,
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// A lesson with the warnings about it, and about its sentences in a language where one is asked for.
fn checked(
    source: &LessonSource,
    language: Option<OtherLanguage>,
) -> Result<(Lesson, Vec<Diagnostics>), FindError> {
    match language {
        Some(language) => {
            let (lesson, warnings) = source.check_in(language)?;
            Ok((lesson, warnings.into()))
        }
        None => match source.check() {
            Ok((lesson, warnings)) => Ok((lesson, vec![warnings])),
            Err(diagnostics) => Err(FindError::Wrong {
                name: source.name.clone(),
                diagnostics,
            }),
        },
    }
}

/// The languages in which a lesson has its own words: sentences take the place of those of one.
fn own(sentences: Option<OtherLanguage>) -> Vec<Language> {
    let replaced = sentences.map(|other| Tongue::Other(other).words());
    let languages = Language::ALL.into_iter();
    languages
        .filter(|language| Some(*language) != replaced)
        .collect()
}

/// The languages, of some, whose voices are to be asked; of a voice that cannot be, a line says why.
#[cfg(feature = "record")]
fn asked(args: &CheckArgs, languages: &[Language]) -> Vec<Language> {
    let languages = languages.iter().copied().filter(|_| args.voices);
    languages
        .filter(|&language| match crate::narration::ask(&[], language) {
            Ok(_) => true,
            Err(error) => {
                let error = error.message();
                note!(with [error]; en: "{error}", ja: "{error}");
                false
            }
        })
        .collect()
}

#[cfg(not(feature = "record"))]
const fn asked(_: &CheckArgs, _: &[Language]) -> Vec<Language> {
    Vec::new()
}

/// Prints the diagnostics of all lessons; with a language that is not the program's own, also those of their
/// sentences in it.
///
/// # Errors
/// Where a lesson cannot be read or has an error; all lessons are looked at first.
pub fn run(args: &CheckArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    let language = spoken();
    let sentences = lang.and_then(Tongue::other);
    let own = own(sentences);
    let asked = asked(args, &own);
    let mut errors = 0;
    let mut bad = 0;
    for name in &args.lessons {
        match lesson_library::find(name).map(|source| source.reaching(args.reach.reach())) {
            Err(failure) => {
                let error = Localized::new("error", "エラー").choose(language);
                remark(format_args!("{error}: {}\n", failure.say(language)));
                errors += 1;
                bad += 1;
            }
            Ok(source) => match checked(&source, sentences) {
                Ok((lesson, warnings)) => {
                    for warnings in warnings {
                        remark(format_args!("{}", warnings.say(language)));
                    }
                    remark(format_args!("{}", source.check_next().say(language)));
                    remark(format_args!(
                        "{}",
                        review(&source, &lesson, sentences).say(language)
                    ));
                    let words = sentences::review(&source, &lesson, &own, &asked);
                    remark(format_args!("{}", words.say(language)));
                    let (name, scenes) = (&source.name, lesson.scenes.len());
                    let s = plural(scenes);
                    tell!(
                        en: "{name}: good, {scenes} scene{s}",
                        ja: "{name}: 問題ありません。シーンは {scenes} 個です"
                    );
                }
                Err(FindError::Wrong { diagnostics, .. }) => {
                    remark(format_args!("{}", diagnostics.say(language)));
                    remark(format_args!("{}", source.check_next().say(language)));
                    errors += diagnostics.error_count();
                    bad += 1;
                }
                Err(why) => {
                    let error = Localized::new("error", "エラー").choose(language);
                    remark(format_args!("{error}: {}\n", why.say(language)));
                    errors += 1;
                    bad += 1;
                }
            },
        }
    }
    if bad == 0 {
        return Ok(());
    }
    let (s, lessons) = (plural(errors), plural(bad));
    Err(says!(
        en: "{errors} error{s} in {bad} lesson{lessons}",
        ja: "{bad} 個のレッスンに {errors} 個の誤りがあります"
    )
    .into())
}

/// What is legal in a lesson and yet likely a slip, at its beats.
fn review(source: &LessonSource, lesson: &Lesson, sentences: Option<OtherLanguage>) -> Diagnostics {
    let code = |language: Language| match (language, sentences) {
        (Language::En, Some(other)) => other.code(),
        (Language::En | Language::Ja, _) => language.code(),
    };
    let mut diagnostics = Diagnostics::new(&source.name, &source.text);
    for language in Language::ALL {
        let speeches = estimated_speeches(lesson, language);
        let timeline = Timeline::new(lesson, language, &speeches);
        for remark in timeline.review(WIDTH_SHARE, PictureShape::Wide.height_share()[0]) {
            let path = format!("scenes[{}].beats[{}]", remark.scene, remark.beat);
            let span = lesson::span_of(&source.text, &path);
            let (message, help) = match remark.finding {
                Finding::CutOff { part } => (
                    says!(
                        en: "{part:?} is outside the camera's view while it is at work",
                        ja: "{part:?} が動いている間、カメラの枠からはみ出しています"
                    ),
                    Localized::new(
                        "name it in the `frame` of a shot, or give the shot more `room`",
                        "カメラの `frame` に加えるか、`room` を大きくしてください",
                    ),
                ),
                Finding::Hurried {
                    language,
                    text,
                    rate,
                } => {
                    let code = code(language);
                    let message = says!(
                        en: "the {code} caption is shown too briefly ({rate:.0} characters per second): {text}",
                        ja: "{code} の字幕の時間が短すぎます (毎秒 {rate:.0} 文字): {text}"
                    );
                    let help = Localized::new(
                        "say it in fewer words, or in several sentences",
                        "言葉を減らすか、いくつかの文に分けてください",
                    );
                    (message, help)
                }
            };
            let known = diagnostics
                .list
                .iter()
                .any(|other| other.span == span && other.message == message);
            if !known {
                diagnostics.warning(span, message, help);
            }
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_lessons_show_what_is_at_work_and_give_time_to_read() {
        let shipped = lesson_library::shipped_lessons();
        assert!(!shipped.is_empty());
        for (name, _) in shipped {
            let source = lesson_library::find(&name).unwrap();
            let (lesson, warnings) = source
                .check()
                .unwrap_or_else(|problems| panic!("{problems}"));
            assert!(warnings.list.is_empty(), "{warnings}");
            let remarks = review(&source, &lesson, None);
            assert!(remarks.list.is_empty(), "{remarks}");
        }
    }
}
