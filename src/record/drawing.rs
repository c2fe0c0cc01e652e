//! Draws the segments of a recording into its folder.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::encoder::{EncodeError, Encoder};
use super::identity::Settings;
use super::part::FrameRange;
use super::pixels::PixelFormat;
use super::recording::RecordError;
use super::renderer::{RenderSettings, Renderer};
use super::sequence::{Frame, Sequence};
use super::work::{Work, put_in_place};
use crate::language::says;
use crate::timeline::{Sample, Timeline};

/// What is drawn, and where to.
pub(super) struct Drawing<'a> {
    /// The folder.
    pub(super) work: &'a Work,
    /// How it is recorded.
    pub(super) settings: &'a Settings,
    /// The lesson in time.
    pub(super) timeline: &'a Timeline,
    /// Set when someone wants to stop.
    pub(super) cancelled: &'a AtomicBool,
}

/// A segment that ffmpeg has yet to finish, while the next one is drawn.
type Closing = JoinHandle<Result<(), RecordError>>;

/// What is seen at a time. Two times with the same are one frame.
pub(super) fn shown(timeline: &Timeline, time: f64, render_settings: RenderSettings) -> Sample {
    let mut sample = timeline.at(time);
    if !render_settings.captions {
        sample.caption = None;
    }
    sample
}

impl Drawing<'_> {
    /// Draws segments, and tells the number of each frame that is done. How long drawing waited for
    /// ffmpeg.
    pub(super) fn draw(
        &self,
        renderer: &mut Renderer,
        segments: &[Range<u64>],
        done: &mut dyn FnMut(u64),
    ) -> Result<Duration, RecordError> {
        let fps = f64::from(self.settings.fps);
        let mut waited = Duration::ZERO;
        let mut closing = None;
        for segment in segments {
            let times: Vec<f64> = segment.clone().map(|frame| frame as f64 / fps).collect();
            let drawn = self.segment(renderer, &times, self.work.segment(segment), &mut |index| {
                done(segment.start + index);
            });
            // The one before is on the disk before anything is said of this one.
            waited += closed(closing.take())?;
            let (waited_for_this, closing_this) = drawn?;
            waited += waited_for_this;
            closing = Some(closing_this);
        }
        Ok(waited + closed(closing)?)
    }

    /// Draws the frames from which a format takes its colours, evenly over all, if it does so.
    pub(super) fn draw_colours(
        &self,
        renderer: &mut Renderer,
        frame_range: &FrameRange,
    ) -> Result<Option<PathBuf>, RecordError> {
        let count = self.settings.format.palette_frames();
        let place = self.work.colours();
        if count == 0 {
            return Ok(None);
        }
        if !place.exists() {
            let part = |index: u32| (f64::from(index) + 0.5) / f64::from(count);
            let time = |index| frame_range.start() + frame_range.seconds() * part(index);
            let times: Vec<f64> = (0..count).map(time).collect();
            let (_, closing) = self.segment(renderer, &times, place.clone(), &mut |_| {})?;
            closed(Some(closing))?;
        }
        Ok(Some(place))
    }

    /// Draws the frames of some times into a file, which gets its name when ffmpeg has finished it. How
    /// long drawing waited for ffmpeg.
    fn segment(
        &self,
        renderer: &mut Renderer,
        times: &[f64],
        place: PathBuf,
        done: &mut dyn FnMut(u64),
    ) -> Result<(Duration, Closing), RecordError> {
        let render_settings = self.settings.render_settings();
        let making = self.work.making(&place);
        let video_settings = self.settings.video_settings(times.len() as u64);
        let pixel_format = PixelFormat::of(video_settings.format);
        let mut encoder = Encoder::start(video_settings, &making, renderer.recycler())?;
        let mut sequence = Sequence::begin(renderer, pixel_format)?;
        let mut count = 0;
        let mut hand_on = |frame| -> Result<(), RecordError> {
            match frame {
                Frame::New(frame_pixels) => encoder.add(frame_pixels)?,
                Frame::Again => encoder.add_again()?,
            }
            done(count);
            count += 1;
            Ok(())
        };
        for time in times {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(RecordError::Cancelled);
            }
            let sample = shown(self.timeline, *time, render_settings);
            sequence.add(*time, sample, &mut hand_on)?;
        }
        sequence.finish(&mut hand_on)?;
        let waited = encoder.waited();
        let closing = std::thread::spawn(move || {
            encoder.finish()?;
            Ok(put_in_place(&making, &place)?)
        });
        Ok((waited, closing))
    }
}

/// Waits until a segment is on the disk; how long.
fn closed(closing: Option<Closing>) -> Result<Duration, RecordError> {
    let start = Instant::now();
    match closing.map(JoinHandle::join) {
        None => Ok(Duration::ZERO),
        Some(Ok(result)) => result.map(|()| start.elapsed()),
        Some(Err(_)) => {
            let stopped = says!(
                en: "the thread that finishes a segment stopped",
                ja: "区間を仕上げるスレッドが止まりました"
            );
            Err(EncodeError::Failed(stopped).into())
        }
    }
}
