//! What a recording will be, told before any of it is made.

use bevy::math::UVec2;

use super::drawing::shown;
use super::format::Format;
use super::narrated::Speaker;
use super::part::FrameRange;
use super::recording::{RecordError, Recording};
use super::segment::segments;
use super::sidecar::{Chapter, chapters};
use crate::language::Localized;
use crate::lesson::{Beat, Language, Lesson};
use crate::narration::{
    About, Cache, Clip, choose, estimated_speeches, longest_speeches, measured_speeches,
    spoken_texts,
};
use crate::timeline::Timeline;

/// What a recording will be.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The lesson's name.
    pub title: String,
    /// What is written.
    pub format: Format,
    /// The voices that speak, one for each language.
    pub voices: Vec<About>,
    /// How many beats have words.
    pub sentences: usize,
    /// How many of these are not spoken yet. Where any is not, all times are estimates.
    pub unspoken: usize,
    /// Width and height in pixels.
    pub size: UVec2,
    /// The frames.
    pub frame_range: FrameRange,
    /// How many of the frames are drawn; the others repeat the one before.
    pub drawn: u64,
    /// The chapters.
    pub chapters: Vec<Chapter>,
    /// The beats that are seen.
    pub beats: Vec<PlannedBeat>,
    /// About how many bytes the file has.
    pub bytes: u64,
}

/// A beat's place in a recording.
#[derive(Debug, Clone)]
pub struct PlannedBeat {
    /// Its scene, counted from 1.
    pub scene: usize,
    /// Its number in the scene, counted from 1.
    pub beat: usize,
    /// When it starts, in seconds.
    pub start: f64,
    /// When it ends, in seconds.
    pub end: f64,
    /// What is said or happens.
    pub what: String,
}

/// Plans a recording. Nothing is spoken, drawn or written.
///
/// # Errors
/// What would stop the recording itself at once.
pub fn plan(lesson: &Lesson, recording: &Recording) -> Result<Plan, RecordError> {
    let format = recording.check()?;
    let speakers = recording.speakers(format);
    let (mut sentences, mut unspoken) = (0, 0);
    let (mut voices, mut spoken) = (Vec::new(), Vec::new());
    for Speaker { language, voice } in &speakers {
        let language = *language;
        let voice = choose(voice.as_deref(), language)?;
        let texts = spoken_texts(lesson, language);
        let held = Cache::of_user()?.held(&*voice, language, &texts);
        sentences += texts.len();
        unspoken += held.iter().filter(|clip| clip.is_none()).count();
        spoken.push(match held.into_iter().collect::<Option<Vec<Clip>>>() {
            Some(clips) => measured_speeches(lesson, language, &clips),
            None => estimated_speeches(lesson, language),
        });
        voices.push(voice.about().clone());
    }
    let language = speakers
        .first()
        .map_or_else(Language::default, |first| first.language);
    let timeline = Timeline::in_picture(
        lesson,
        language,
        &longest_speeches(&spoken),
        recording.render_settings.picture(),
    )
    .with_motion(recording.render_settings.motion);
    let mut frame_range = recording.part.of(&timeline, recording.fps)?;
    if let Some(share) = &recording.share {
        let none = frame_range.frames.start..frame_range.frames.start;
        frame_range.frames = share.of(&frame_range)?.unwrap_or(none);
    }
    let mut drawn = 0;
    for segment in segments(&frame_range.frames, frame_range.fps) {
        let mut last = None;
        for frame in segment {
            let sample = Some(shown(
                &timeline,
                frame_range.time(frame),
                recording.render_settings,
            ));
            if sample != last {
                drawn += 1;
                last = sample;
            }
        }
    }
    let size = recording.render_settings.size;
    Ok(Plan {
        title: timeline.title.clone(),
        format,
        voices,
        sentences,
        unspoken,
        size,
        drawn,
        chapters: chapters(&timeline, &frame_range),
        beats: beats(lesson, &timeline, &frame_range, language),
        bytes: format.about_bytes(u64::from(size.x) * u64::from(size.y), drawn, &frame_range),
        frame_range,
    })
}

fn beats(
    lesson: &Lesson,
    timeline: &Timeline,
    frame_range: &FrameRange,
    language: Language,
) -> Vec<PlannedBeat> {
    let mut planned = Vec::new();
    let scenes = lesson.scenes.iter().zip(&timeline.scenes);
    for (scene, (of_lesson, of_timeline)) in scenes.enumerate() {
        let beats = of_lesson.beats.iter().zip(&of_timeline.beats);
        for (beat, (what, span)) in beats.enumerate() {
            if let Some((start, end)) = frame_range.inside(span.start, span.end) {
                planned.push(PlannedBeat {
                    scene: scene + 1,
                    beat: beat + 1,
                    start,
                    end,
                    what: in_words(what, language),
                });
            }
        }
    }
    planned
}

fn in_words(beat: &Beat, language: Language) -> String {
    match beat {
        Beat::Say { text, .. } => text.get(language).display.clone(),
        Beat::Run { .. } => Localized::new("(the operation runs)", "(演算が進む)")
            .choose(language)
            .to_owned(),
        Beat::Hold(_) => Localized::new("(nothing moves)", "(何も動かない)")
            .choose(language)
            .to_owned(),
        Beat::Predict { question, .. } => question.ask.get(language).clone(),
    }
}
