//! What every voice can do.

use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use super::choice::VOICES;
use super::clip::WavError;
use super::word_times::WordTime;
use crate::language::{Localized, Message, SystemError, Tongue, message_error, says};

/// A sentence to be spoken into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The words.
    pub text: String,
    /// Their language.
    pub language: Tongue,
    /// The beat that says them, as `scene-1-beat-2`.
    pub beat: String,
    /// The WAV file to write.
    pub wav: PathBuf,
}

/// What a person is told about a voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Who speaks, and by which program.
    pub name: Localized<String>,
    /// Under which licences.
    pub licence: Localized<String>,
    /// How a mark's time is found.
    pub timing: Timing,
}

impl About {
    /// Who speaks and under which licences, as it is told where the voice is heard.
    #[must_use]
    pub fn credit(&self) -> Localized<String> {
        let Self { name, licence, .. } = self;
        says!(
            with [name, licence];
            en: "{name} ({licence})",
            ja: "{name} ({licence})"
        )
    }
}

impl Message for About {
    fn message(&self) -> Localized<String> {
        let Self { name, licence, .. } = self;
        let timing = self.timing.message();
        says!(
            with [name, licence, timing];
            en: "{name} ({licence}; {timing})",
            ja: "{name} ({licence}、{timing})"
        )
    }
}

/// How the time of a word is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// The engine tells when it says each word.
    Aligned,
    /// From the pauses that are heard, and from the length of the words between them.
    Estimated,
}

impl Message for Timing {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Aligned => says!(
                en: "marks at the engine's own word times",
                ja: "印はエンジンの語の時刻"
            ),
            Self::Estimated => says!(
                en: "marks estimated between heard pauses",
                ja: "印は聞こえる間からの推定"
            ),
        }
    }
}

/// A speech engine with its settings: text in, WAV files and the times of words out.
///
/// One file an engine implements it, and [`choose`](super::choose) knows it by name.
pub trait Voice: Send + Sync {
    /// Engine, voice and settings. Two voices that can sound different have different ids: it is
    /// part of the cache's key.
    fn id(&self) -> &str;

    /// Its name and licence, for people.
    fn about(&self) -> &About;

    /// Whether it can read this language aloud.
    fn speaks(&self, language: Tongue) -> bool;

    /// What the sound depends on beside the id, the language and the text; nothing, for most.
    fn depends_on(&self, _beat: &str, _language: Tongue) -> String {
        String::new()
    }

    /// Whether whoever speaks makes the author's pauses; else they are put between what is spoken.
    fn makes_pauses(&self) -> bool {
        false
    }

    /// Speaks a text into a WAV file of PCM samples, and tells when its words are heard: no times
    /// where it does not know.
    ///
    /// # Errors
    /// The engine fails, or the file cannot be written.
    fn speak(&self, request: &Request) -> Result<Vec<WordTime>, VoiceError>;

    /// Speaks many texts, and calls `spoken` with the number of each that is done, in order, which says whether to
    /// go on.
    ///
    /// # Errors
    /// The first failure, or [`VoiceError::Interrupted`]; the requests after it are not done.
    fn speak_all(&self, requests: &[Request], spoken: &mut OnSpoken<'_>) -> Result<(), VoiceError> {
        for (index, request) in requests.iter().enumerate() {
            go_on(spoken(index, self.speak(request)?))?;
        }
        Ok(())
    }
}

/// Hears the number of a text that is spoken, and when its words are heard.
pub type OnSpoken<'a> = dyn FnMut(usize, Vec<WordTime>) -> ControlFlow<()> + 'a;

/// Whether to go on.
///
/// # Errors
/// [`VoiceError::Interrupted`], if not.
pub const fn go_on(flow: ControlFlow<()>) -> Result<(), VoiceError> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(VoiceError::Interrupted),
    }
}

/// Why there is no speech.
#[derive(Debug)]
pub enum VoiceError {
    /// No voice has this name.
    Unknown(String),
    /// What stands after the voice's name cannot be used.
    Argument {
        /// The voice.
        name: &'static str,
        /// What stands after its name.
        argument: String,
        /// What is wrong with it.
        detail: Localized<String>,
    },
    /// The engine is not on this machine.
    NotInstalled {
        /// The engine.
        engine: &'static str,
        /// Where it was looked for.
        looked: Localized<String>,
        /// How to get it.
        fix: Localized<String>,
    },
    /// The engine is there, and reads other languages only.
    Language {
        /// The voice.
        voice: String,
        /// What it was asked to read.
        language: Tongue,
    },
    /// The engine ran and did not do it.
    Failed {
        /// The engine.
        engine: &'static str,
        /// What it was to say, or the start of it.
        text: String,
        /// What it said on its error output, or its exit status.
        detail: Localized<String>,
    },
    /// Beats that the author has not recorded.
    NotRecorded {
        /// Where they were looked for.
        folder: PathBuf,
        /// The names of the files.
        names: Vec<String>,
    },
    /// Nobody wants to hear more.
    Interrupted,
    /// What the engine wrote is not a usable WAV file.
    Wav(WavError),
    /// A file or a process.
    Io {
        /// What was tried.
        task: VoiceTask,
        /// On which file or program.
        path: PathBuf,
        /// Why it did not work.
        source: io::Error,
    },
    /// There is no folder for the cache.
    NoCacheFolder,
}

impl Message for VoiceError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Unknown(name) => {
                let list = VOICES.map(|name| format!("`{name}`")).join(", ");
                says!(
                    en: "there is no voice `{name}`; the voices are {list}, and `auto` takes the best installed one for the language",
                    ja: "`{name}` という声はありません。使えるのは {list} です。`auto` はその言語で入っている一番よい声を選びます"
                )
            }
            Self::Argument {
                name,
                argument,
                detail,
            } => says!(
                with [detail];
                en: "`--voice {name}: {argument}`: {detail}",
                ja: "`--voice {name}: {argument}`: {detail}"
            ),
            Self::NotInstalled {
                engine,
                looked,
                fix,
            } => says!(
                with [looked, fix];
                en: "{engine} is not installed ({looked}): {fix}; or use `--voice none` for captions without a voice",
                ja: "{engine} が入っていません ({looked})。{fix}。声なしで字幕だけにするなら `--voice none` を指定してください"
            ),
            Self::Language { voice, language } => {
                let name = language.own_name();
                says!(
                    en: "the voice {voice} does not speak {name}; `--voice auto` takes one that does",
                    ja: "声 {voice} は{name}を話せません。`--voice auto` は話せる声を選びます"
                )
            }
            Self::Failed {
                engine,
                text,
                detail,
            } => says!(
                with [detail];
                en: "{engine} could not speak \u{201c}{text}\u{201d}: {detail}",
                ja: "{engine} は「{text}」を話せませんでした: {detail}"
            ),
            Self::NotRecorded { folder, names } => {
                let (count, folder, first) = (names.len(), folder.display(), first_names(names));
                says!(
                    en: "{count} of the author's recordings are missing in {folder}: {first}; `tensorama narrate --list` prints each name with its words",
                    ja: "録音が {count} 個、{folder} にありません: {first}。`tensorama narrate --list` で、それぞれの名前と文を表示できます"
                )
            }
            Self::Interrupted => says!(en: "stopped by the user", ja: "中断されました"),
            Self::Wav(why) => why.message(),
            Self::Io { task, path, source } => {
                let (path, why) = (path.display(), SystemError::from(source).message());
                match task {
                    VoiceTask::Run => says!(
                        with [why];
                        en: "cannot run {path}: {why}",
                        ja: "{path} を実行できません: {why}"
                    ),
                    VoiceTask::Write => says!(
                        with [why];
                        en: "cannot write {path}: {why}",
                        ja: "{path} に書き込めません: {why}"
                    ),
                    VoiceTask::CreateFolder => says!(
                        with [why];
                        en: "cannot create the folder {path}: {why}",
                        ja: "フォルダ {path} を作れません: {why}"
                    ),
                    VoiceTask::Copy => says!(
                        with [why];
                        en: "cannot copy the recording {path}: {why}",
                        ja: "録音 {path} をコピーできません: {why}"
                    ),
                    VoiceTask::WriteText => says!(
                        with [why];
                        en: "cannot write a text file for {path}: {why}",
                        ja: "{path} に渡すテキストファイルを書けません: {why}"
                    ),
                }
            }
            Self::NoCacheFolder => says!(
                en: "there is no folder to keep spoken sentences in: set HOME, or set TENSORAMA_VOICE_CACHE to a writable folder",
                ja: "音声を保存するフォルダがありません。HOME か、書き込めるフォルダを TENSORAMA_VOICE_CACHE に設定してください"
            ),
        }
    }
}

message_error!(VoiceError { Wav(WavError) });

/// What was tried with a file or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceTask {
    /// To run a program.
    Run,
    /// To write a file.
    Write,
    /// To create a folder.
    CreateFolder,
    /// To copy a recording.
    Copy,
    /// To write a text file for a program.
    WriteText,
}

impl VoiceError {
    /// A failure of an engine to say a text, which is shortened for the message.
    pub(super) fn failed(engine: &'static str, text: &str, detail: Localized<String>) -> Self {
        let mut short: String = text.chars().take(60).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        Self::Failed {
            engine,
            text: short,
            detail,
        }
    }
}

/// The first few of many names.
fn first_names(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        shown.push_str(", …");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_start_of_the_text() {
        let message =
            VoiceError::failed("x", &"long ".repeat(40), Localized::same("gone")).to_string();
        assert!(message.contains("…") && message.len() < 120, "{message}");
    }

    #[test]
    fn missing_recordings_are_counted_and_the_first_named() {
        let names: Vec<String> = (1..9).map(|beat| format!("{beat}.wav")).collect();
        let folder = PathBuf::from("mine");
        let message = VoiceError::NotRecorded { folder, names }.to_string();
        assert!(message.starts_with("8 of"), "{message}");
        assert!(
            message.contains("5.wav, …") && !message.contains("6.wav"),
            "{message}"
        );
    }
}
