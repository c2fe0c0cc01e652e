//! Narration on a page: the clips that were made for it, or the browser's own voice, or captions alone.

use std::sync::Arc;

use bevy::prelude::*;

use super::calls::Call;
use super::host;
use crate::language::{Localized, Tongue};
use crate::lesson::Beat;
use crate::narration::page_narration::PageNarration;
use crate::playback::{Given, Playhead, Show, ShowSystems};
use crate::says;
use crate::timeline::Timeline;
use crate::ui::links::LinkNote;
use crate::ui::{Library, Settings};

/// Seconds by which the playhead may run away from a sound.
const DRIFT: f64 = 0.3;
/// The fastest speed at which speech can be followed.
const FASTEST: f64 = 2.0;

/// Who is heard.
#[derive(Debug, Clone, PartialEq, Default)]
enum Voice {
    /// It is not known yet.
    #[default]
    Asked,
    /// Clips, by scene and beat.
    Clips(Vec<Vec<Option<String>>>),
    /// The browser's own voice.
    Browser,
    /// Nobody.
    None,
}

/// What is heard.
#[derive(Resource, Debug, Default)]
pub(super) struct Narration {
    /// The edition of the lesson, and the language.
    about: Option<(u64, Tongue)>,
    voice: Voice,
    /// The beat that is heard: scene, beat, speed, and the time of the playhead less that of the page.
    heard: Option<(usize, usize, f64, f64)>,
    /// The browser's voice has not come to the end of the beat.
    speaks: bool,
    /// Who was said to speak the last clips.
    credited: Option<Localized<String>>,
}

impl Narration {
    /// Whether the lengths of the timeline are still estimates that may change.
    pub(super) fn is_awaited(&self) -> bool {
        self.voice == Voice::Asked
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Narration>().add_systems(
        Update,
        (
            (ask, take).chain().in_set(ShowSystems::Input),
            wait_for_voice
                .after(ShowSystems::Advance)
                .before(ShowSystems::Sample),
            follow_playhead.in_set(ShowSystems::Apply),
        ),
    );
}

fn ask(mut narration: ResMut<Narration>, library: Res<Library>, settings: Res<Settings>) {
    let tongue = library.told_in(settings.language);
    let about = library.open_lesson().map(|(edition, _)| (edition, tongue));
    if narration.about == about {
        return;
    }
    narration.about = about;
    narration.voice = Voice::Asked;
    if let Some(name) = open_name(&library) {
        host::narration(name, tongue.code());
    }
}

fn open_name(library: &Library) -> Option<&str> {
    let entry = library.entries.get(library.open_place()?)?;
    Some(&entry.name)
}

fn take(
    mut calls: MessageReader<Call>,
    mut narration: ResMut<Narration>,
    mut library: ResMut<Library>,
    settings: Res<Settings>,
    show: Option<ResMut<Show>>,
    (mut playhead, mut given): (ResMut<Playhead>, ResMut<Given>),
    mut note: ResMut<LinkNote>,
) {
    let (language, tongue) = (settings.language, library.told_in(settings.language));
    let mut json = None;
    for call in calls.read() {
        if let Call::Narration(lesson, of, text) = call
            && open_name(&library) == Some(lesson)
            && of == tongue.code()
        {
            json = Some(text.clone());
        }
    }
    let (Some(json), Some(mut show)) = (json, show) else {
        return;
    };
    let told = if let Some(spoken) = PageNarration::read(&json)
        && spoken.suits(&show.lesson)
    {
        let speeches = spoken.speeches();
        let timeline =
            Timeline::in_picture(&show.lesson, language, &speeches, show.timeline.picture);
        library.hear(speeches);
        let timeline = Arc::new(timeline.with_motion(settings.motion));
        playhead.time = match given.0.take() {
            Some(given) => given.on(&timeline, playhead.time),
            None => show.timeline.same_place_in(&timeline, playhead.time),
        };
        let lesson = show.lesson.clone();
        show.replace(lesson, timeline);
        narration.voice = Voice::Clips(spoken.files());
        // Lesson after lesson, one voice is named once.
        let voice = spoken.voice();
        if let Some(voice) = voice.filter(|voice| narration.credited.as_ref() != Some(voice)) {
            if !settings.embedded {
                let told = says!(
                    with [voice];
                    en: "Narrated by {voice}.",
                    ja: "声: {voice}"
                );
                note.tell(told.choose(language));
            }
            narration.credited = Some(voice);
        }
        return;
    } else if host::can_speak(tongue.code()) {
        narration.voice = Voice::Browser;
        Localized::new(
            "Narrated by this browser's own voice.",
            "このブラウザの声で読み上げます。",
        )
    } else {
        narration.voice = Voice::None;
        Localized::new(
            "There is no voice here: captions in estimated time.",
            "使える声がありません。字幕を見積もりの速さで表示します。",
        )
    };
    if !settings.embedded {
        note.tell((*told.get(language)).to_owned());
    }
}

/// Stands at the end of what is said until the browser's voice has said it.
fn wait_for_voice(
    narration: Res<Narration>,
    show: Option<Res<Show>>,
    mut playhead: ResMut<Playhead>,
) {
    let (Some(show), Some((scene, beat, ..))) = (show, narration.heard) else {
        return;
    };
    if !narration.speaks || !playhead.playing {
        return;
    }
    let span = show
        .timeline
        .scenes
        .get(scene)
        .and_then(|scene| scene.beats.get(beat));
    if let Some(span) = span
        && playhead.time >= span.end - 0.05
        && playhead.time < span.end + 1.0
    {
        playhead.time = span.end - 0.05;
    }
}

fn follow_playhead(
    time: Res<Time<Real>>,
    mut calls: MessageReader<Call>,
    mut narration: ResMut<Narration>,
    show: Option<Res<Show>>,
    playhead: Res<Playhead>,
    (settings, library): (Res<Settings>, Res<Library>),
) {
    if calls.read().any(|call| *call == Call::Spoken) {
        narration.speaks = false;
    }
    let wanted = show
        .as_ref()
        .and_then(|show| wanted(show, &playhead, &settings));
    // Not the frame's time, which leaps once a page at rest has been woken: the sound would begin twice.
    let now = time.startup().elapsed().as_secs_f64();
    let follows = match (narration.heard, wanted) {
        (None, None) => true,
        (Some((scene, beat, speed, offset)), Some((wanted_scene, wanted_beat, place))) => {
            let same = (scene, beat) == (wanted_scene, wanted_beat) && speed == playhead.speed;
            let drift = (place - (now * speed + offset)).abs();
            // The browser's voice cannot be begun in the middle; the playhead waits for it.
            same && (drift < DRIFT || narration.voice == Voice::Browser)
        }
        _ => false,
    };
    if follows {
        return;
    }
    let was_heard = narration.heard.take().is_some();
    if was_heard {
        match &narration.voice {
            Voice::Clips(_) => host::silence(),
            Voice::Browser => host::hush(),
            Voice::Asked | Voice::None => {}
        }
        narration.speaks = false;
    }
    let (Some((scene, beat, place)), Some(show)) = (wanted, show) else {
        return;
    };
    match &narration.voice {
        Voice::Asked | Voice::None => return,
        Voice::Clips(files) => {
            let file = files.get(scene).and_then(|beats| beats.get(beat));
            let Some(Some(file)) = file else {
                return;
            };
            host::sound(file, place, playhead.speed);
        }
        Voice::Browser => {
            let said = show
                .lesson
                .scenes
                .get(scene)
                .and_then(|scene| scene.beats.get(beat));
            let Some(Beat::Say { text, .. }) = said else {
                return;
            };
            let words = text.get(settings.language).display.as_str();
            let tongue = library.told_in(settings.language);
            host::speak(words, tongue.code(), playhead.speed);
            narration.speaks = true;
        }
    }
    narration.heard = Some((scene, beat, playhead.speed, place - now * playhead.speed));
}

/// What should be heard: scene, beat and the place in its speech.
fn wanted(show: &Show, playhead: &Playhead, settings: &Settings) -> Option<(usize, usize, f64)> {
    if !settings.sound || !playhead.playing || playhead.speed > FASTEST {
        return None;
    }
    let (scene, beat) = show.timeline.beat_at(playhead.time);
    let span = show.timeline.scenes.get(scene)?.beats.get(beat)?;
    let place = playhead.time - span.speech?;
    (place >= 0.0).then_some((scene, beat, place))
}
