//! Narration: voices, the sound of a whole lesson, and its captions.
//!
//! - [`estimated_seconds`] and [`mark_times`]: how long words take and when each is reached, without a
//!   voice at hand. Pure.
//! - [`split_caption`], [`srt`] and [`vtt`]: captions and subtitle files. Pure.
//! - [`Voice`] is what a speech engine can do; each engine is a file of its own, and [`choose`] takes
//!   one by name or the best that is installed. An engine that knows when it says each word tells, as
//!   [`WordTime`]s; see [`Timing`].
//! - [`Cache`] has every sentence spoken once, and gives [`Clip`]s: measured WAV files.
//! - [`write_soundtrack`] mixes clips into one track of an exact length.
//!
//! What starts processes or writes files is native only, behind the feature `record`. No Bevy.

mod alignment;
#[cfg(feature = "record")]
mod cache;
mod captions;
#[cfg(feature = "record")]
mod choice;
#[cfg(feature = "record")]
mod clip;
#[cfg(feature = "record")]
mod command;
mod cues;
#[cfg(feature = "record")]
mod espeak_ng;
mod estimate;
#[cfg(feature = "record")]
mod kokoro_ja;
mod line_breaks;
#[cfg(feature = "record")]
mod loudness;
#[cfg(all(test, feature = "record"))]
#[path = "../../tests/missing/mod.rs"]
mod missing;
#[cfg(feature = "record")]
mod open_jtalk;
#[cfg(any(feature = "cli", feature = "window"))]
pub mod page_narration;
#[cfg(feature = "record")]
mod pause;
#[cfg(feature = "record")]
mod piper;
#[cfg(feature = "record")]
mod program;
#[cfg(any(feature = "cli", feature = "record"))]
mod pronunciation;
#[cfg(feature = "record")]
mod python_env;
#[cfg(feature = "record")]
mod python_voice;
#[cfg(feature = "record")]
mod recorded;
#[cfg(feature = "record")]
mod resample;
#[cfg(feature = "record")]
mod say;
#[cfg(feature = "record")]
mod silent;
#[cfg(feature = "record")]
mod sounds;
#[cfg(feature = "record")]
mod soundtrack;
mod speeches;
#[cfg(any(feature = "cli", feature = "record"))]
mod stumbles;
mod subtitles;
mod text_offsets;
#[cfg(feature = "record")]
mod voice;
#[cfg(all(test, feature = "record"))]
mod voice_checks;
#[cfg(feature = "record")]
mod word_times;

#[cfg(feature = "record")]
pub use cache::Cache;
pub use captions::{Piece, in_two_lines, line_width, long_sentences, split_caption};
#[cfg(feature = "record")]
pub use choice::{Offer, VOICES, choose, offered};
#[cfg(feature = "record")]
pub use clip::{Clip, MAX_SOUND, WavError};
pub use cues::{Cue, in_turn};
pub use estimate::{estimated_seconds, estimated_speech, heard_mark_times, mark_times};
#[cfg(feature = "worksheet")]
pub(crate) use line_breaks::may_break;
#[cfg(feature = "record")]
pub use recorded::recording_script;
#[cfg(feature = "record")]
pub use sounds::ask;
#[cfg(feature = "record")]
pub use soundtrack::{
    PlacedClip, SAMPLE_RATE, SoundtrackError, write_soundtrack, write_soundtrack_part,
};
#[cfg(feature = "record")]
pub use speeches::measured_speeches;
pub use speeches::{SpokenText, estimated_speeches, longest_speeches, spoken_texts};
#[cfg(any(feature = "cli", feature = "record"))]
pub use stumbles::{Probe, Sounds, Stumble, probes, stumbles};
#[cfg(feature = "record")]
pub(crate) use subtitles::plain_backslashes;
pub use subtitles::{srt, vtt};
#[cfg(feature = "record")]
pub use voice::{About, Request, Timing, Voice, VoiceError, VoiceTask};
#[cfg(feature = "record")]
pub use word_times::WordTime;
