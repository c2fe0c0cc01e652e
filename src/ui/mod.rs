//! The window's panels: the list of lessons, the transport bar, diagnostics, keys. Never in a
//! recording.
//!
//! Panels are plain functions of an [`egui::Ui`] and what they show; they give [`UiAction`]s, and
//! systems handle them.

mod actions;
mod answer_stops;
mod end_card;
#[cfg(unix)]
mod end_signal;
pub mod explore;
#[cfg(not(target_family = "wasm"))]
mod file_chooser;
mod keys;
mod lesson_list;
mod library;
pub mod links;
mod listed_question;
mod lost_link;
#[cfg(feature = "record")]
mod narrator;
pub mod network;
mod notices;
mod outward;
mod overlays;
mod picture;
pub mod presenter;
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
pub(crate) mod presenter_notes;
mod progress;
mod quick_keys;
pub mod remembered;
pub(crate) mod rest;
mod review;
mod review_offer;
mod review_panel;
mod right_group;
mod shortcut_key;
mod side_card;
mod strings;
mod theme;
mod thumbnails;
mod transport;
mod wall_clock;
#[cfg(not(target_family = "wasm"))]
mod watch;
pub mod window_app;

use bevy::input::keyboard::Key;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass, PrimaryEguiContext, egui};

pub use actions::{
    ExploreLayer, ExploreNetwork, LessonAction, PlaybackAction, SettingsAction, UiAction,
    UiActions, ViewAction,
};
pub use library::{Library, OpenLesson};
pub use listed_question::ListedQuestion;
pub use progress::LearningProgress;
pub use review::{Review, ReviewAction};

use crate::camera::{CameraMode, CameraPose};
use crate::language::{OtherLanguage, Tongue};
use crate::lesson::Language;
use crate::playback::{CurrentSample, Playhead, Show, ShowSystems};
use crate::stage::captions::CaptionsOn;
use crate::stage::draw::Lighting;
use crate::stage::prediction::{Choice, GoOn};
use crate::stage::text::{ControlBarHeight, SidePanelWidths};

/// What the window shows.
#[derive(States, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// The list of lessons.
    #[default]
    Lessons,
    /// Questions of earlier lessons, one after another.
    Review,
    /// A lesson.
    Show,
    /// The workbench.
    Explore,
    /// A whole network.
    Network,
}

/// Goes to a screen. One that is there already is not left and entered again, which would take away what
/// stands on it.
pub(crate) fn go_to(next: &mut NextState<Screen>, screen: Screen) {
    next.set_if_neq(screen);
}

/// What the window remembers while it is open.
#[derive(Resource, Debug, Clone, PartialEq)]
pub struct Settings {
    /// The language of everything.
    pub language: Language,
    /// A language that lessons are told in instead of English, where they have sentences in it.
    pub sentences: Option<OtherLanguage>,
    /// Whether the list of keys is up.
    pub keys_shown: bool,
    /// Whether narration is heard.
    pub sound: bool,
    /// Whether there is no device that it could be heard with.
    pub no_sound_device: bool,
    /// Who narrates; without, the best voice that is installed.
    pub voice: Option<String>,
    /// How large controls are: 1 is usual.
    pub scale: f32,
    /// How things move.
    pub motion: crate::timeline::Motion,
    /// Whether the program is a part of somebody's page: one scene, without lists.
    pub embedded: bool,
}

impl Settings {
    /// The language that lessons are told in, where they have sentences in it.
    #[must_use]
    pub const fn tongue(&self) -> Tongue {
        Tongue::of(self.language, self.sentences)
    }

    /// Tells lessons in a language, with the words of the program that stand beside it.
    pub const fn set_tongue(&mut self, tongue: Tongue) {
        self.language = tongue.words();
        self.sentences = tongue.other();
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::default(),
            sentences: None,
            keys_shown: false,
            sound: true,
            no_sound_device: false,
            voice: None,
            scale: 1.0,
            motion: crate::timeline::Motion::Full,
            embedded: false,
        }
    }
}

/// The window's panels.
pub fn plugin(app: &mut App) {
    app.add_plugins(EguiPlugin::default())
        .add_plugins((
            actions::plugin,
            library::plugin,
            picture::plugin,
            progress::plugin,
            explore::plugin,
            network::plugin,
            links::plugin,
            presenter::plugin,
            quick_keys::plugin,
            review::plugin,
        ))
        .init_resource::<rest::Activity>()
        .init_state::<Screen>()
        .add_systems(
            Update,
            (keys::read_keys, choose_answer, leave_answer).in_set(ShowSystems::Input),
        )
        .add_systems(
            EguiPrimaryContextPass,
            // In the order in which Tab goes from one to the next.
            (
                theme::set_up,
                explore::take_pasted,
                answer_stops::draw_stops,
                draw_panels,
            )
                .chain(),
        );
    app.add_plugins(overlays::plugin);
    #[cfg(feature = "record")]
    app.add_plugins(narrator::plugin);
    #[cfg(not(target_family = "wasm"))]
    app.add_plugins((file_chooser::plugin, watch::plugin));
}

/// What a camera needs so that panels are drawn over it.
#[must_use]
pub fn panel_camera() -> impl Bundle {
    PrimaryEguiContext
}

/// A click on an answer of the prediction that is up.
fn choose_answer(
    choices: Query<(&Interaction, &Choice), Changed<Interaction>>,
    show: Option<Res<Show>>,
    playhead: Res<Playhead>,
    mut actions: MessageWriter<UiAction>,
) {
    let Some((question, _)) = show
        .as_ref()
        .and_then(|show| show.timeline.question_at(playhead.time))
    else {
        return;
    };
    for (interaction, choice) in &choices {
        if *interaction == Interaction::Pressed && choice.question == question {
            actions.write(PlaybackAction::Predict(question, choice.index).into());
        }
    }
}

/// A click on the way on from the answer that is up.
fn leave_answer(
    ways: Query<(&Interaction, &GoOn), Changed<Interaction>>,
    show: Option<Res<Show>>,
    playhead: Res<Playhead>,
    mut actions: MessageWriter<UiAction>,
) {
    let up = show
        .as_ref()
        .and_then(|show| show.timeline.card_at(playhead.time));
    for (interaction, way) in &ways {
        let is_up = up.is_some_and(|(question, _)| question == way.question);
        if *interaction == Interaction::Pressed && is_up {
            actions.write(PlaybackAction::GoOn(way.question).into());
        }
    }
}

fn draw_panels(
    mut contexts: EguiContexts,
    (screen, next): (Res<State<Screen>>, Res<NextState<Screen>>),
    settings: Res<Settings>,
    library: Res<Library>,
    progress: Res<LearningProgress>,
    playhead: Res<Playhead>,
    show: Option<Res<Show>>,
    now: Res<CurrentSample>,
    (captions, lighting, camera, pose): (
        Res<CaptionsOn>,
        Res<Lighting>,
        Res<CameraMode>,
        Res<CameraPose>,
    ),
    (presenting, clock, review): (Res<presenter::Presenting>, Res<Time<Real>>, Res<Review>),
    (explorer, mut kept): (
        Option<ResMut<explore::Explorer>>,
        ResMut<explore::SavedWorkbenches>,
    ),
    (mut control_bar, mut side_panels): (ResMut<ControlBarHeight>, ResMut<SidePanelWidths>),
    (mut activity, mut link_note): (ResMut<rest::Activity>, ResMut<links::LinkNote>),
    (mut ui_actions, mut bench_actions): (
        MessageWriter<UiAction>,
        MessageWriter<explore::BenchAction>,
    ),
    (network, left_network, mut network_actions): (
        Option<Res<network::NetworkExplorer>>,
        Res<network::LeftNetwork>,
        MessageWriter<network::NetworkAction>,
    ),
) -> Result {
    let context = contexts.ctx_mut()?.clone();
    if (context.zoom_factor() - settings.scale).abs() > 1e-3 {
        context.set_zoom_factor(settings.scale);
    }
    if settings.motion == crate::timeline::Motion::Reduced {
        context.all_styles_mut(|style| style.animation_time = 0.0);
    }
    let covered = |height: f32| {
        let screen = context.content_rect();
        let picture = screen.height().min(screen.width());
        ControlBarHeight((height / picture.max(1.0) * 1080.0).round())
    };
    let network_panels = network.as_ref().is_some_and(|network| network.panels);
    let (left, right) = match (screen.get(), &explorer) {
        (Screen::Explore, Some(explorer)) => explore::side_panels(&context, explorer),
        (Screen::Network, _) => network::side_panels(&context, network_panels),
        _ => (0.0, 0.0),
    };
    let corner = match (screen.get(), &explorer) {
        (Screen::Explore, Some(explorer)) => explore::corner(&context, explorer),
        _ => 0.0,
    };
    side_panels.set_if_neq(SidePanelWidths {
        left: covered(left).0,
        right: covered(right).0,
        corner: covered(corner).0,
    });
    let mut actions = UiActions::default();
    // What is told at the same time stands below each other. The frame that wakes a window at rest has the time at
    // which it fell asleep: by that, what is told would be over in the next.
    let mut told: Vec<String> = Vec::new();
    let moment = clock.startup().elapsed().as_secs_f64();
    // At the start, the list is left before anybody has seen it.
    let leaves = matches!(
        &*next,
        NextState::Pending(other) | NextState::PendingIfNeq(other) if other != screen.get()
    );
    match screen.get() {
        Screen::Lessons if leaves => {}
        Screen::Lessons if link_note.failed().is_some() => {
            control_bar.set_if_neq(ControlBarHeight(0.0));
            let (problem, page) = (link_note.failed().unwrap_or_default(), links::page());
            lost_link::lost_link_ui(&context, problem, &page, settings.language);
        }
        Screen::Lessons => {
            control_bar.set_if_neq(ControlBarHeight(0.0));
            let known = (&*library, &*progress);
            let offer = review_offer::Offer {
                due: progress.due(&library, wall_clock::seconds_since_1970()),
                wrong: progress.wrong(&library),
            };
            let left = kept.line();
            let network = left_network.title();
            let left = (left.as_deref(), network.as_deref());
            let (tongue, besides) = (settings.tongue(), (left, &offer));
            lesson_list::lesson_list_ui(&context, known, besides, tongue, &mut actions);
            let language = settings.language;
            let keys = strings::list_keys(language);
            if settings.keys_shown && notices::keys_ui(&context, language, keys) {
                actions.push(SettingsAction::ToggleKeys);
            }
        }
        Screen::Review => {
            control_bar.set_if_neq(ControlBarHeight(0.0));
            let language = settings.language;
            review_panel::review_ui(&context, &review, &library, language, &mut actions);
        }
        Screen::Show => {
            if let Some(show) = &show {
                let model = transport::Model {
                    timeline: &show.timeline,
                    playhead: &playhead,
                    scene: now.0.as_ref().map_or(0, |sample| sample.scene),
                    captions: captions.0,
                    sound: settings.sound,
                    no_sound_device: settings.no_sound_device,
                    camera: *camera,
                    studio: lighting.studio,
                    language: settings.language,
                    tongue: library.told_in(settings.language),
                    others: library.others(),
                    embedded: settings.embedded,
                };
                let height = if presenting.bare {
                    0.0
                } else {
                    transport::transport_ui(&context, &model, &mut actions)
                };
                control_bar.set_if_neq(covered(height));
            }
            if let Some(show) = &show
                && playhead.time >= show.timeline.duration
            {
                let lesson = &show.lesson;
                let language = settings.language;
                if end_card::end_card_ui(&context, lesson, &library, language, &mut actions) {
                    link_note.tell(strings::Word::LinkCopied.text(language).to_owned());
                }
            }
            notices::diagnostics_ui(&context, &library, settings.language);
            if let Some(text) = kept
                .bypass_change_detection()
                .message(moment, settings.language)
            {
                told.push(text.to_owned());
                activity.waits();
            }
            if let Some(text) = presenting.message(moment, settings.language) {
                told.push(text.to_owned());
                activity.waits();
            }
            if presenting.black {
                notices::black_ui(&context);
            }
            let keys = strings::keys(settings.language);
            if settings.keys_shown && notices::keys_ui(&context, settings.language, keys) {
                actions.push(SettingsAction::ToggleKeys);
            }
        }
        Screen::Explore => {
            if let Some(mut explorer) = explorer {
                let mut actions = explore::Actions::default();
                let explorer = explorer.bypass_change_detection();
                let height = explore::draw(
                    &context,
                    explorer,
                    &now,
                    playhead.playing,
                    &settings,
                    &mut actions,
                );
                control_bar.set_if_neq(covered(height));
                bench_actions.write_batch(actions.0);
            }
        }
        Screen::Network => {
            control_bar.set_if_neq(covered(network::below(&context, network_panels)));
            if let Some(explorer) = network {
                let mut actions = Vec::new();
                network::draw(&context, &explorer, &settings, &pose, &mut actions);
                network_actions.write_batch(actions);
            }
        }
    }
    if link_note.is_told() {
        activity.waits();
        if let Some(text) = link_note.message(moment) {
            told.push(text.to_owned());
        }
    }
    if !told.is_empty() {
        notices::notice_ui(&context, &told.join("\n"));
    }
    ui_actions.write_batch(actions.0);
    Ok(())
}

/// Whether the keyboard belongs to a panel: to a control, or to a list that is open, which Escape closes.
pub(crate) fn wants_keys(context: &egui::Context) -> bool {
    context.egui_wants_keyboard_input() || egui::Popup::is_any_open(context)
}

/// Whether a key belongs to a panel: each to a text or to a list that is open; to any other control, those that press
/// and move it.
pub(crate) fn takes_key(context: &egui::Context, key: &Key) -> bool {
    if egui::Popup::is_any_open(context) || context.text_edit_focused() {
        return true;
    }
    let moves = matches!(
        key,
        Key::Space
            | Key::Enter
            | Key::Tab
            | Key::Escape
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::ArrowUp
            | Key::ArrowDown
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
    );
    moves && context.egui_wants_keyboard_input()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_has_the_keys_that_move_it_and_leaves_the_others() {
        let context = egui::Context::default();
        let (letter, space) = (Key::Character("k".into()), Key::Space);
        assert!(!takes_key(&context, &space));
        context.memory_mut(|memory| memory.request_focus(egui::Id::new("a button")));
        assert!(takes_key(&context, &space) && !takes_key(&context, &letter));
        egui::Popup::open_id(&context, egui::Id::new("a list"));
        assert!(takes_key(&context, &letter));
    }

    #[test]
    fn an_open_list_has_the_keys() {
        let context = egui::Context::default();
        assert!(!wants_keys(&context));
        egui::Popup::open_id(&context, egui::Id::new("a list"));
        assert!(wants_keys(&context));
        egui::Popup::close_all(&context);
        assert!(!wants_keys(&context));
    }
}
