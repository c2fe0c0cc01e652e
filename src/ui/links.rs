//! What is on show as a link, and a link as what is on show.

use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use bevy_egui::EguiContexts;

use super::explore::export::view_words;
use super::explore::{Explorer, FirstView, OpenWorkbench, SavedWorkbenches};
use super::network::{NetworkExplorer, OpenNetwork};
use super::rest::Activity;
use super::strings::Word;
use super::{Library, OpenLesson, Screen, Settings, go_to};
use crate::camera::{CameraPose, ProjectionMode};
use crate::explore::command::ViewWords;
use crate::explore::network_view::NetworkView;
use crate::explore::opened::OpenError;
use crate::explore::{Way, network_file};
use crate::language::{Message as _, as_sentence};
use crate::link::{Link, LinkSubject};
use crate::playback::{CurrentSample, Playhead, Show, ShowSystems};
use crate::says;
use crate::stage::draw::Lighting;
use crate::stage::palette::Studio;
use crate::timeline::{Motion, Place, Start};

/// Seconds for which a note stands.
const TOLD: f64 = 6.0;

/// Copies a link to what is on show.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyLink;

/// Shows what a link says.
#[derive(Message, Debug, Clone, PartialEq)]
pub struct OpenLink {
    /// The link.
    pub link: Link,
    /// Whether it was shown before what is on show, or comes after it.
    pub way: Way,
}

/// What is told about links, and until when.
#[derive(Resource, Debug, Default)]
pub struct LinkNote {
    text: Option<String>,
    until: Option<f64>,
    /// Whether nobody could read it yet.
    held: bool,
    /// Why a part of another page shows nothing.
    failed: Option<String>,
}

impl LinkNote {
    /// Tells something. Errors begin as sentences here; behind `error: ` they do not.
    pub fn tell(&mut self, text: String) {
        self.text = Some(as_sentence(&text));
        self.until = None;
    }

    /// Tells why a link opens nothing. A part of another page shows that for as long as nothing is opened: it has no
    /// lists that could stand there.
    pub fn fail(&mut self, text: String, embedded: bool) {
        if embedded {
            self.text = None;
            self.failed = Some(as_sentence(&text));
        } else {
            self.tell(text);
        }
    }

    /// A link opens something.
    pub fn succeed(&mut self) {
        self.failed = None;
    }

    /// Why a part of another page shows nothing.
    pub(super) fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Keeps what is told until somebody can read it, or tells it from now on.
    pub const fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// What is told now.
    pub(super) fn message(&mut self, now: f64) -> Option<&str> {
        let until = *self.until.get_or_insert(now + TOLD);
        if now >= until {
            self.text = None;
        }
        self.text.as_deref()
    }

    /// What is told, or waits to be.
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether anything is told.
    pub(super) const fn is_told(&self) -> bool {
        self.text.is_some() && !self.held
    }
}

/// What is written anew each frame, changed or not, as it was seen last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pose: CameraPose,
    time: f64,
    playing: bool,
}

/// What is on show.
#[derive(SystemParam)]
pub struct OnShow<'w> {
    screen: Res<'w, State<Screen>>,
    library: Res<'w, Library>,
    playhead: Res<'w, Playhead>,
    explorer: Option<Res<'w, Explorer>>,
    network: Option<Res<'w, NetworkExplorer>>,
    pose: Res<'w, CameraPose>,
    projection_mode: Res<'w, ProjectionMode>,
    now: Res<'w, CurrentSample>,
    settings: Res<'w, Settings>,
    lighting: Res<'w, Lighting>,
}

impl OnShow<'_> {
    /// The link to it; `None` while the workbench holds what cannot be.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        let subject = match self.screen.get() {
            // What is asked in a review is nobody else's.
            Screen::Lessons | Screen::Review => LinkSubject::Lessons,
            Screen::Show => {
                let entry = self.library.entries.get(self.library.open_place()?)?;
                LinkSubject::Lesson {
                    name: entry.name.clone(),
                    at: (self.playhead.time > 0.05).then_some(self.playhead.time),
                    paused: !self.playhead.playing,
                }
            }
            Screen::Explore => {
                let explorer = self.explorer.as_deref()?;
                let valid = explorer.workbench.valid()?;
                LinkSubject::Workbench {
                    setup: Box::new(valid.setup.clone()),
                    view: view_words(explorer, &self.pose, *self.projection_mode, &self.now),
                    pins: explorer.interaction.pins.clone(),
                }
            }
            Screen::Network => {
                let view = &self.network.as_deref()?.view;
                LinkSubject::Network {
                    name: view.name.clone(),
                    open: view.open_units().map(str::to_owned).collect(),
                    input: view.fed().map(str::to_owned),
                    preprocess: (view.preprocess != view.own_preprocess())
                        .then(|| view.preprocess.clone()),
                }
            }
        };
        Some(Link {
            subject,
            language: Some(self.settings.tongue()),
            dark: Some(self.lighting.studio == Studio::Dark),
            reduced_motion: self.settings.motion == Motion::Reduced,
        })
    }

    /// Whether anything of it has changed since it was seen last, which is noted.
    #[must_use]
    pub fn has_changed(&self, seen: &mut Option<Seen>) -> bool {
        let now = Seen {
            pose: *self.pose,
            time: self.playhead.time,
            playing: self.playhead.playing,
        };
        let same = seen.as_ref() == Some(&now);
        *seen = Some(now);
        !same
            || self.screen.is_changed()
            || self.library.is_changed()
            || self
                .explorer
                .as_ref()
                .is_some_and(|explorer| explorer.is_changed())
            || self
                .network
                .as_ref()
                .is_some_and(|network| network.is_changed())
            || self.projection_mode.is_changed()
            || self.settings.is_changed()
            || self.lighting.is_changed()
    }

    /// The language of it all.
    #[must_use]
    pub fn language(&self) -> crate::language::Language {
        self.settings.language
    }

    /// Whether it plays.
    #[must_use]
    pub fn plays(&self) -> bool {
        self.playhead.playing
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_message::<CopyLink>()
        .add_message::<OpenLink>()
        .init_resource::<LinkNote>()
        .add_systems(
            Update,
            (open_link, copy_link)
                .in_set(ShowSystems::Input)
                .before(super::library::LibrarySystems)
                .before(super::explore::SessionSystems),
        );
}

/// The page that links lead to: that of this program, where it is one; else what `TENSORAMA_PAGE_ADDRESS` says, if
/// anything, so that a class can be sent to its own page.
pub(super) fn page() -> String {
    #[cfg(target_family = "wasm")]
    return crate::web::page_address();
    #[cfg(not(target_family = "wasm"))]
    std::env::var("TENSORAMA_PAGE_ADDRESS").unwrap_or_default()
}

fn copy_link(
    mut asked: MessageReader<CopyLink>,
    on_show: OnShow,
    mut note: ResMut<LinkNote>,
    mut contexts: EguiContexts,
) {
    if asked.read().count() == 0 {
        return;
    }
    let (Some(link), Ok(context)) = (on_show.link(), contexts.ctx_mut()) else {
        return;
    };
    context.copy_text(format!("{}#{}", page(), link.text()));
    let language = on_show.settings.language;
    note.tell(Word::LinkCopied.text(language).to_owned());
}

/// Shows what a link says: its language and light first.
fn open_link(
    mut commands: Commands,
    mut asked: MessageReader<OpenLink>,
    library: Res<Library>,
    explorer: Option<Res<Explorer>>,
    mut settings: ResMut<Settings>,
    mut lighting: ResMut<Lighting>,
    mut note: ResMut<LinkNote>,
    mut activity: ResMut<Activity>,
    mut screen: ResMut<NextState<Screen>>,
    mut lessons: MessageWriter<OpenLesson>,
    (mut workbenches, mut networks): (MessageWriter<OpenWorkbench>, MessageWriter<OpenNetwork>),
    (pose, projection_mode): (Res<CameraPose>, Res<ProjectionMode>),
    (show, playhead): (Option<Res<Show>>, Res<Playhead>),
    (mut kept, network): (ResMut<SavedWorkbenches>, Option<Res<NetworkExplorer>>),
) {
    let Some(OpenLink { link, way }) = asked.read().last() else {
        return;
    };
    // A workbench that is left is kept, with its history: one may come back to it.
    let stays = matches!(link.subject, LinkSubject::Workbench { .. });
    if let Some(explorer) = explorer.as_deref().filter(|_| !stays) {
        let place = explorer.here(show.as_deref(), &playhead);
        kept.keep(explorer.to_saved(*pose, *projection_mode, place));
    }
    activity.moves();
    if let Some(tongue) = link.language {
        settings.set_tongue(tongue);
    }
    if let Some(dark) = link.dark {
        lighting.studio = if dark { Studio::Dark } else { Studio::Light };
    }
    if link.reduced_motion {
        settings.motion = Motion::Reduced;
    }
    match &link.subject {
        LinkSubject::Lessons => {
            commands.remove_resource::<Show>();
            go_to(&mut screen, Screen::Lessons);
        }
        LinkSubject::Lesson { name, at, paused } => {
            let mut entries = library.entries.iter();
            let Some(index) = entries.position(|entry| entry.name == *name) else {
                let names: Vec<&str> = library.entries.iter().map(|entry| &*entry.name).collect();
                let why = no_lesson(name, &names).say(settings.language);
                note.fail(why, settings.embedded);
                go_to(&mut screen, Screen::Lessons);
                return;
            };
            note.succeed();
            lessons.write(OpenLesson {
                index,
                at: at.map_or(Start::Place(Place::default()), Start::Time),
                playing: !paused,
            });
        }
        LinkSubject::Workbench { setup, view, pins } => {
            note.succeed();
            workbenches.write(OpenWorkbench {
                setup: (**setup).clone(),
                view: first_view(view),
                pins: pins.clone(),
                // Back from another state of the same workbench, the way to its lesson is still open.
                lesson: explorer.and_then(|explorer| explorer.lesson()),
                part_field: None,
                history: Some(*way),
            });
        }
        LinkSubject::Network {
            name,
            open,
            input,
            preprocess,
        } => match network_there(network.as_deref(), name) {
            Ok(Some((mut view, is_there))) => {
                note.succeed();
                let open = open.iter().map(String::as_str);
                if is_there {
                    view.reopen(open, *way);
                } else {
                    view = view.with_open(open);
                }
                let wanted = preprocess.clone().unwrap_or_else(|| view.own_preprocess());
                let mut fed = Ok(());
                if view.preprocess != wanted {
                    fed = view.set_preprocess(wanted);
                }
                if let Some(file) = input.as_deref().filter(|file| view.fed() != Some(*file)) {
                    fed = view.feed_file(file);
                }
                if let Err(why) = fed {
                    note.tell(why.say(settings.language));
                }
                networks.write(OpenNetwork(Box::new(view)));
            }
            Ok(None) => go_to(&mut screen, Screen::Lessons),
            Err(why) => {
                note.fail(why.say(settings.language), settings.embedded);
                go_to(&mut screen, Screen::Lessons);
            }
        },
    }
}

/// The network of a name, and whether it is the one that is there: that keeps its numbers and its history.
fn network_there(
    present: Option<&NetworkExplorer>,
    name: &str,
) -> Result<Option<(NetworkView, bool)>, OpenError> {
    if let Some(present) = present.filter(|present| present.view.name == name) {
        return Ok(Some((present.view.clone(), true)));
    }
    Ok(network_file::view(name)?.map(|view| (view, false)))
}

/// That there is no lesson of a name, and which one may be meant.
fn no_lesson(name: &str, names: &[&str]) -> crate::language::Localized<String> {
    match crate::language::nearest(name, names.iter().copied()) {
        Some(meant) => says!(
            en: "there is no lesson {name:?}; did you mean {meant:?}?",
            ja: "レッスン {name:?} はありません。{meant:?} のことですか?"
        ),
        None => says!(
            en: "there is no lesson {name:?}",
            ja: "レッスン {name:?} はありません。"
        ),
    }
}

/// How a workbench is seen at first, by the words of a link.
#[must_use]
pub fn first_view(view: &ViewWords) -> FirstView {
    FirstView {
        pose: view.camera.map(CameraPose::from_degrees),
        window: None,
        spread: view.spread,
        slice: view.slice,
        position: view.position,
        perspective: view.perspective,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_another_page_says_why_it_shows_nothing_until_it_shows_something() {
        let mut note = LinkNote::default();
        note.tell("Fetching".to_owned());
        note.fail("there is no lesson".to_owned(), true);
        // Not for some seconds, and once only.
        assert_eq!(note.message(0.0), None);
        assert_eq!(note.failed(), Some("There is no lesson"));
        note.succeed();
        assert_eq!(note.failed(), None);
    }

    #[test]
    fn a_window_with_lists_tells_why_for_some_seconds() {
        let mut note = LinkNote::default();
        note.fail("there is no lesson".to_owned(), false);
        assert_eq!(note.failed(), None);
        assert_eq!(note.message(0.0), Some("There is no lesson"));
        assert_eq!(note.message(TOLD + 1.0), None);
    }
}
