//! Single frames as PNG files: for a look, for a render farm, for a page.

use std::io::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::outputs::check_output;
use super::recording::RecordError;
use super::renderer::{RenderSettings, Renderer};
use super::report::RecordingProgress;
use crate::disk::Draft;
use crate::disk::png::{self, Effort};
use crate::language::says;
use crate::lesson::Lesson;
use crate::playback::Show;
use crate::timeline::Timeline;

/// Draws frames of a lesson into PNG files, whose names come from a pattern such as
/// `frame_%05d.png`; a name without a pattern holds one frame.
///
/// # Errors
/// A pattern without a place for the number, frames that the lesson does not have, a renderer that
/// fails, files that cannot be written.
pub fn save_frames(
    lesson: Lesson,
    timeline: Timeline,
    render_settings: RenderSettings,
    (frames, fps): (RangeInclusive<u64>, u32),
    pattern: &Path,
    cancelled: &AtomicBool,
    on_progress: &mut dyn FnMut(RecordingProgress<'_>),
) -> Result<(), RecordError> {
    let count = (timeline.duration * f64::from(fps)).ceil() as u64;
    let problem = |problem| RecordError::Output {
        path: pattern.to_owned(),
        problem,
    };
    if frames.is_empty() || *frames.end() >= count {
        let (last, start, end) = (count.saturating_sub(1), frames.start(), frames.end());
        if start == end {
            let (length, asked) = (timeline.duration, *start as f64 / f64::from(fps.max(1)));
            return Err(problem(says!(
                en: "the lesson ends after {length:.1} seconds, before {asked:.1}",
                ja: "レッスンは {length:.1} 秒で終わり、{asked:.1} 秒には届きません"
            )));
        }
        return Err(problem(says!(
            en: "the lesson has the frames 0..{last}, not {start}..{end}",
            ja: "レッスンのフレームは 0..{last} で、{start}..{end} ではありません"
        )));
    }
    if frames.start() != frames.end() && name(pattern, 0) == name(pattern, 1) {
        return Err(problem(says!(
            en: "several frames need a placeholder for their number, as in frame_%05d.png",
            ja: "フレームが複数あるときは、frame_%05d.png のように番号の場所が必要です"
        )));
    }
    let mut renderer = Renderer::at(
        *frames.start() as f64 / f64::from(fps),
        Show::new(Arc::new(lesson), Arc::new(timeline)),
        render_settings,
    )?;
    on_progress(RecordingProgress::Frames(frames.end() - frames.start() + 1));
    let effort = if frames.start() == frames.end() {
        Effort::Picture
    } else {
        Effort::Frame
    };
    for (done, frame) in frames.enumerate() {
        if cancelled.load(Ordering::Relaxed) {
            return Err(RecordError::Cancelled);
        }
        let first = (done == 0).then(|| renderer.last_frame()).flatten();
        let frame_pixels = match first {
            Some(frame_pixels) => frame_pixels,
            None => renderer.draw(frame as f64 / f64::from(fps))?,
        };
        save_png(
            &frame_pixels,
            render_settings,
            &name(pattern, frame),
            effort,
        )?;
        renderer.recycle(frame_pixels);
        on_progress(RecordingProgress::Frame(done as u64 + 1));
    }
    Ok(())
}

/// Writes a picture as a PNG file, beside its place first.
pub(super) fn save_png(
    frame_pixels: &[u8],
    render_settings: RenderSettings,
    path: &Path,
    effort: Effort,
) -> Result<(), RecordError> {
    let failed = |source: std::io::Error| RecordError::Write {
        path: path.to_owned(),
        source,
    };
    check_output(path, true)?;
    let size = (render_settings.size.x, render_settings.size.y);
    let bytes = png::encode(frame_pixels, size, effort).map_err(failed)?;
    let mut draft = Draft::begin(path).map_err(failed)?;
    draft.write_all(&bytes).map_err(failed)?;
    // There may be thousands of them, and each is quickly drawn again.
    draft.finish_unsynced().map_err(failed)
}

/// The file of a frame: `%d` and `%05d` stand for its number.
fn name(pattern: &Path, frame: u64) -> PathBuf {
    let text = pattern.to_string_lossy();
    let Some((before, rest)) = text.split_once('%') else {
        return pattern.to_owned();
    };
    let Some((width, after)) = rest.split_once('d') else {
        return pattern.to_owned();
    };
    match width.parse::<usize>() {
        Ok(width) => format!("{before}{frame:0width$}{after}").into(),
        Err(_) if width.is_empty() => format!("{before}{frame}{after}").into(),
        Err(_) => pattern.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_gives_each_frame_its_name() {
        assert_eq!(
            name(Path::new("out/f_%05d.png"), 42),
            Path::new("out/f_00042.png")
        );
        assert_eq!(name(Path::new("f%d.png"), 7), Path::new("f7.png"));
        assert_eq!(name(Path::new("still.png"), 7), Path::new("still.png"));
    }

    #[cfg(unix)]
    #[test]
    fn a_picture_can_be_read_by_whom_any_new_file_can() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mode = |name: &str| std::fs::metadata(at(name)).unwrap().permissions().mode();
        let render_settings = RenderSettings {
            size: bevy::math::UVec2::new(2, 2),
            studio: crate::stage::palette::Studio::Light,
            captions: false,
            motion: crate::timeline::Motion::Full,
        };
        std::fs::write(at("plain"), "").unwrap();
        save_png(&[200; 16], render_settings, &at("a.png"), Effort::Frame).unwrap();
        assert_eq!(mode("a.png"), mode("plain"));
        assert!(image::open(at("a.png")).is_ok());
    }
}
