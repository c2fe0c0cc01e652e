//! A clip of narration that is heard while pictures are drawn. A window that nobody sees, behind others on Wayland, is
//! drawn seldom or not at all: a voice that went on alone would end its sentence over a picture that stands.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bevy::audio::{AudioSource, ChannelCount, Decodable, Sample, SampleRate, Source};
use bevy::platform::time::Instant;
use bevy::prelude::*;

/// How long a picture may stand until its voice waits too.
pub(super) const STALL: Duration = Duration::from_millis(500);

/// After how many samples it is looked whether pictures are drawn: some hundredths of a second. Even, so that two
/// channels stay together.
const LOOKS: u32 = 512;

/// When a picture was drawn last, for the thread that plays.
#[derive(Debug, Clone)]
pub struct Heartbeat {
    start: Instant,
    /// Milliseconds after the start.
    last: Arc<AtomicU64>,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            last: Arc::default(),
        }
    }
}

impl Heartbeat {
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A picture is drawn.
    pub(super) fn beat(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    /// Whether pictures are drawn.
    fn is_alive(&self) -> bool {
        let since = self.now().saturating_sub(self.last.load(Ordering::Relaxed));
        Duration::from_millis(since) < STALL
    }
}

/// A clip of narration.
#[derive(Asset, TypePath, Debug, Clone)]
pub struct SpokenClip {
    sound: AudioSource,
    heartbeat: Heartbeat,
}

impl SpokenClip {
    /// A clip from the bytes of a WAV file.
    pub(super) fn new(bytes: Vec<u8>, heartbeat: Heartbeat) -> Self {
        let sound = AudioSource {
            bytes: bytes.into(),
        };
        Self { sound, heartbeat }
    }
}

impl Decodable for SpokenClip {
    type Decoder = WhileDrawn<<AudioSource as Decodable>::Decoder>;

    fn decoder(&self) -> Self::Decoder {
        WhileDrawn {
            sound: self.sound.decoder(),
            heartbeat: self.heartbeat.clone(),
            is_heard: true,
            left: 0,
        }
    }
}

/// A sound that stands still, silent, while no picture is drawn.
#[derive(Debug)]
pub struct WhileDrawn<S> {
    sound: S,
    heartbeat: Heartbeat,
    is_heard: bool,
    /// Samples until it is looked again.
    left: u32,
}

impl<S: Source> Iterator for WhileDrawn<S> {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.left == 0 {
            self.left = LOOKS;
            self.is_heard = self.heartbeat.is_alive();
        }
        self.left -= 1;
        if self.is_heard {
            self.sound.next()
        } else {
            Some(0.0)
        }
    }
}

impl<S: Source> Source for WhileDrawn<S> {
    fn current_span_len(&self) -> Option<usize> {
        // Rate and channels stay; how long it lasts is open.
        None
    }

    fn channels(&self) -> ChannelCount {
        self.sound.channels()
    }

    fn sample_rate(&self) -> SampleRate {
        self.sound.sample_rate()
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A WAV file of so many samples, each larger than the one before.
    fn wav(samples: u16) -> Vec<u8> {
        let length = u32::from(samples) * 2;
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + length).to_le_bytes());
        bytes.extend(b"WAVEfmt ");
        bytes.extend(16_u32.to_le_bytes());
        // Whole numbers, one channel, 24,000 a second, two bytes each.
        bytes.extend([1, 0, 1, 0]);
        bytes.extend(24_000_u32.to_le_bytes());
        bytes.extend(48_000_u32.to_le_bytes());
        bytes.extend([2, 0, 16, 0]);
        bytes.extend(b"data");
        bytes.extend(length.to_le_bytes());
        bytes.extend((1..=samples).flat_map(u16::to_le_bytes));
        bytes
    }

    #[test]
    fn a_clip_waits_while_no_picture_is_drawn_and_loses_nothing() {
        let heartbeat = Heartbeat::default();
        let clip = SpokenClip::new(wav(2000), heartbeat.clone());
        heartbeat.beat();
        let mut sound = clip.decoder();
        let heard: Vec<Sample> = sound.by_ref().take(LOOKS as usize).collect();
        assert!(heard.iter().all(|sample| *sample > 0.0));
        std::thread::sleep(STALL);
        let silent: Vec<Sample> = sound.by_ref().take(2 * LOOKS as usize).collect();
        assert_eq!(silent, vec![0.0; 2 * LOOKS as usize]);
        heartbeat.beat();
        let rest: Vec<Sample> = sound.collect();
        assert_eq!(heard.len() + rest.len(), 2000);
        assert!(heard.iter().chain(&rest).is_sorted());
    }
}
