//! A session at the workbench: what it keeps, and the order in which its systems run.

use bevy::prelude::*;

use super::action;
use super::drop::take_dropped_files;
use super::edit::{handle_hand, handle_setup, let_go_of_what_is_gone};
use super::interaction::InteractionState;
use super::leave::{handle_session, leave};
use super::light::light;
use super::open::{OpenWorkbench, open_from_lesson, open_workbench};
use super::saved_workbenches::{SavedWorkbench, SavedWorkbenches};
use super::show::{Shown, show_workbench};
use super::transport::{handle_transport, loop_window};
use super::window::handle_window;
use crate::camera::{CameraPose, ProjectionMode};
use crate::explore::network_part::PartField;
use crate::explore::{Kind, Setup, Workbench};
use crate::network::ReceptiveField;
use crate::playback::{Playhead, Show, ShowSystems};
use crate::timeline::Place;
use crate::ui::network::OpenNetwork;
use crate::ui::{ExploreLayer, Screen, SettingsAction, ViewAction};

/// What a session began with.
#[derive(Debug, Clone)]
pub struct Origin {
    /// What was put on the workbench first.
    pub setup: Setup,
    /// What its layers read of the input of a network, where they were taken from that.
    pub part_field: Option<PartField>,
}

impl From<Setup> for Origin {
    /// A beginning that has to do with no network.
    fn from(setup: Setup) -> Self {
        Self {
            setup,
            part_field: None,
        }
    }
}

/// The session.
#[derive(Resource)]
pub struct Explorer {
    /// The workbench.
    pub workbench: Workbench,
    /// Pins, pace, view.
    pub interaction: InteractionState,
    pub(super) lesson: Option<(usize, Place)>,
    /// What it began with.
    pub(super) origin: Origin,
    /// What stands on the stage; nothing of the session as long as it has only just begun.
    pub(super) shown: Option<Shown>,
    /// The place of the run to go to.
    pub(super) place: Option<f64>,
    /// The stand to begin with; `None` once it has been taken.
    pub(super) first: Option<Option<CameraPose>>,
    /// The size of the window in which the camera stands there, or last stood.
    pub(super) window: Option<Vec2>,
    /// Whether all of it is to be framed, from where one looks.
    pub(super) fit: bool,
    /// Whether the text field is to get the keys.
    pub(super) focus_paste: bool,
    /// The kinds of the layers that the pins belong to; nothing of a session that has only just begun.
    pub(super) kinds: Option<Vec<Kind>>,
}

impl Explorer {
    /// A session with a workbench.
    #[must_use]
    pub fn new(workbench: Workbench) -> Self {
        Self {
            origin: workbench.setup().clone().into(),
            workbench,
            interaction: InteractionState::default(),
            lesson: None,
            shown: None,
            place: None,
            first: None,
            window: None,
            fit: false,
            focus_paste: false,
            kinds: None,
        }
    }

    /// A session with a workbench that was left, as it was.
    #[must_use]
    pub(super) fn again(kept: SavedWorkbench, lesson: Option<(usize, Place)>) -> Self {
        let mut explorer = Self::new(kept.workbench);
        explorer.origin = kept.origin;
        explorer.interaction = InteractionState {
            hovered: None,
            looped: None,
            note: None,
            recording: None,
            from_lesson: lesson.is_some(),
            ..kept.interaction
        };
        explorer.lesson = lesson;
        explorer.place = Some(kept.position);
        explorer.first = Some(kept.pose);
        explorer.window = kept.window;
        explorer
    }

    /// The lesson that one comes from, by its place in the library, and where one was in it.
    #[must_use]
    pub const fn lesson(&self) -> Option<(usize, Place)> {
        self.lesson
    }

    /// The receptive fields of its layers through a network, where they were taken from that.
    #[must_use]
    pub fn network_fields(&self) -> Vec<Option<ReceptiveField>> {
        match (&self.origin.part_field, self.workbench.valid()) {
            (Some(part), Some(valid)) => part.fields(&self.origin.setup, valid),
            (None, _) | (_, None) => Vec::new(),
        }
    }

    /// The workbench as it is kept when it is left.
    pub(in crate::ui) fn to_saved(
        &self,
        pose: CameraPose,
        projection_mode: ProjectionMode,
        position: f64,
    ) -> SavedWorkbench {
        SavedWorkbench {
            workbench: self.workbench.clone(),
            interaction: self.interaction.clone(),
            origin: self.origin.clone(),
            lesson: self.lesson.map(|(lesson, _)| lesson),
            pose: Some(pose),
            window: self.window,
            projection_mode,
            position,
        }
    }

    /// Where the run is, or is about to be: visits done, through all layers.
    pub(in crate::ui) fn here(&self, show: Option<&Show>, playhead: &Playhead) -> f64 {
        let shown = show.filter(|_| self.shown.is_some());
        let position = || shown.map_or(0.0, |show| show.timeline.position_at(playhead.time));
        self.place.unwrap_or_else(position)
    }

    /// The channels that are shown after one more at the front has been hidden, or shown again.
    #[must_use]
    pub fn slice_moved(&self, hide: bool) -> Option<(usize, usize)> {
        let channels = self.workbench.valid().map_or(1, |valid| {
            let tensors = 0..=valid.chain.plans().len();
            let channels = tensors.filter_map(|number| valid.chain.tensor_shape(number));
            channels.map(|shape| shape.channels()).max().unwrap_or(1)
        });
        let (first, last) = self.interaction.slice.unwrap_or((0, channels - 1));
        let first = if hide {
            (first + 1).min(last)
        } else {
            first.saturating_sub(1)
        };
        (first > 0 || last + 1 < channels).then_some((first, last))
    }
}

/// Keeps a session: does what is asked for and brings the stage to what stands on the workbench.
/// Needs no panels and no window.
pub fn plugin(app: &mut App) {
    app.add_plugins(action::plugin)
        .add_message::<OpenWorkbench>()
        .add_message::<OpenNetwork>()
        .add_message::<ExploreLayer>()
        .add_message::<SettingsAction>()
        .add_message::<ViewAction>()
        .init_resource::<SavedWorkbenches>()
        .init_resource::<crate::ui::picture::ShownPicture>()
        .add_systems(
            Update,
            (
                take_dropped_files,
                open_from_lesson,
                open_workbench,
                action::dispatch,
                (
                    handle_setup,
                    handle_hand,
                    let_go_of_what_is_gone,
                    handle_window,
                    handle_session,
                    handle_transport,
                )
                    .chain(),
                show_workbench.run_if(in_state(Screen::Explore)),
            )
                .chain()
                .in_set(SessionSystems)
                .in_set(ShowSystems::Input),
        )
        .add_systems(
            Update,
            (
                loop_window
                    .after(ShowSystems::Advance)
                    .before(ShowSystems::Sample),
                light.after(ShowSystems::Sample).before(ShowSystems::Apply),
            )
                .run_if(in_state(Screen::Explore)),
        )
        .add_systems(OnExit(Screen::Explore), leave);
}

/// The systems that keep the session.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionSystems;
