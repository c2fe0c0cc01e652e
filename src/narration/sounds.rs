//! How the installed voices say phrases, by their own phonemes and readings: eSpeak NG in English, whose phonemes
//! Piper's voices have too, and Open JTalk in Japanese, whose readings Kokoro has.

use super::stumbles::Sounds;
use super::voice::VoiceError;
use super::{espeak_ng, open_jtalk};
use crate::lesson::Language;

/// Asks the voice of a language how it says phrases.
///
/// # Errors
/// It is not installed, or it fails.
pub fn ask(phrases: &[String], language: Language) -> Result<Sounds, VoiceError> {
    let sounds = match language {
        Language::En => espeak_ng::sounds(phrases)?,
        Language::Ja => open_jtalk::sounds(phrases)?,
    };
    Ok(phrases.iter().cloned().zip(sounds).collect())
}
