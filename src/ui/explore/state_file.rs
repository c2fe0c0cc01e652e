//! Where a lesson stands, or what stands on the workbench and is held, as text in a file: `TENSORAMA_STATE` names it. For
//! tests of the window, and for programs that look on.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::focus::focused;
use super::inspector;
use super::session::Explorer;
use super::transport::position;
use crate::camera::{CameraPose, ProjectionMode};
use crate::disk::Draft;
use crate::explore::ElementRef;
use crate::language::Message;
use crate::playback::{CurrentSample, Playhead, ShowSystems};
use crate::ui::links::LinkNote;
use crate::ui::{Library, Review, Screen, Settings, transport};

/// Where the state is written.
#[derive(Resource, Debug)]
struct StateFile {
    path: PathBuf,
    written: String,
}

pub(super) fn plugin(app: &mut App) {
    let Some(path) = std::env::var_os("TENSORAMA_STATE").filter(|path| !path.is_empty()) else {
        return;
    };
    app.insert_resource(StateFile {
        path: path.into(),
        written: String::new(),
    })
    .add_systems(Update, write_state.after(ShowSystems::Apply));
}

fn write_state(
    mut file: ResMut<StateFile>,
    mut contexts: EguiContexts,
    screen: Res<State<Screen>>,
    (settings, note): (Res<Settings>, Res<LinkNote>),
    explorer: Option<Res<Explorer>>,
    (library, review): (Res<Library>, Res<Review>),
    pose: Res<CameraPose>,
    projection_mode: Res<ProjectionMode>,
    now: Res<CurrentSample>,
    playhead: Res<Playhead>,
) {
    let focus = contexts.ctx_mut().ok().and_then(|context| focused(context));
    let mut text = format!("screen: {:?}\n", screen.get());
    let mut say = |name: &str, value: String| {
        let value = value.replace('\n', " / ");
        // Writing into a text does not fail.
        let _ = writeln!(text, "{name}: {value}");
    };
    say("focus", focus.unwrap_or_default());
    say("language", format!("{:?}", settings.language));
    say("told", note.text().unwrap_or_default().to_owned());
    if *screen.get() == Screen::Show {
        say("time", transport::clock(playhead.time));
        say("spoken", library.is_spoken().to_string());
        say("playing", playhead.playing.to_string());
    }
    if *screen.get() == Screen::Review {
        let question = review.asked(&library).map(|(listed, entry, asked)| {
            let answered = match review.choice() {
                Some(choice) if choice == asked.question.answer => ", right",
                Some(_) => ", not right",
                None => "",
            };
            let name = entry.progress_name();
            format!("{name} {}{answered}", listed.number)
        });
        say("question", question.unwrap_or_default());
        let (done, right, count) = review.score();
        say("review", format!("{done} of {count}, {right} right"));
    }
    if let Some(explorer) = explorer {
        let (workbench, interaction) = (&explorer.workbench, &explorer.interaction);
        let setup = workbench.setup();
        let source = workbench.source().unwrap_or_default();
        let source: Vec<&str> = source.split_whitespace().collect();
        say("layers", source.join(" "));
        let layer = setup.layer();
        say("kind", layer.map_or("", |layer| layer.name()).to_owned());
        say("input", format!("{:?}", setup.input));
        say("order", format!("{:?}", setup.order));
        say("undo", workbench.can_undo().to_string());
        say("redo", workbench.can_redo().to_string());
        let problem = workbench.problem();
        say(
            "problem",
            problem.map_or_else(String::new, |problem| problem.say(settings.language)),
        );
        let paste = interaction.paste_problem.as_ref();
        say(
            "paste problem",
            paste.map_or_else(String::new, |error| error.say(settings.language)),
        );
        say("note", interaction.note.clone().unwrap_or_default());
        let recording = interaction.recording;
        say(
            "recording",
            recording.map_or_else(String::new, |percent| format!("{percent} %")),
        );
        let named = |element_ref: &ElementRef| {
            let valid = workbench.valid()?;
            let inspection = valid.inspect(*element_ref)?;
            Some(format!(
                "{} = {}",
                inspector::name(valid, *element_ref, settings.language),
                inspector::number(inspection.value)
            ))
        };
        let pins: Vec<String> = interaction.pins.iter().filter_map(named).collect();
        say("pinned", pins.join("; "));
        let hovered = interaction.hovered.as_ref().and_then(named);
        say("hovered", hovered.unwrap_or_default());
        say("tab", format!("{:?}", interaction.tab));
        say("speed", format!("{}", interaction.speed));
        say("grain", format!("{:?}", interaction.step_unit));
        say("spread", format!("{}", interaction.spread));
        say("slice", format!("{:?}", interaction.slice));
        say("position", format!("{:.3}", position(&now)));
        say("playing", playhead.playing.to_string());
        say("arithmetic", interaction.arithmetic.to_string());
        say("lens", format!("{:?}", *projection_mode));
        say(
            "camera",
            format!(
                "{:.2} {:.2} {:.3} {:.3} {:.3} {:.3}",
                pose.yaw.to_degrees(),
                pose.pitch.to_degrees(),
                pose.height,
                pose.centre.x,
                pose.centre.y,
                pose.centre.z
            ),
        );
    }
    if text == file.written {
        return;
    }
    // A reader never sees the half of it. What cannot be written is tried again with the next change.
    let done = Draft::begin(&file.path).and_then(|mut draft| {
        draft.write_all(text.as_bytes())?;
        draft.finish_unsynced()
    });
    if done.is_ok() {
        file.written = text;
    }
}
