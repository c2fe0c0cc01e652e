//! What a person can do at the workbench, by key or by click, and who handles it.

use bevy::prelude::*;

use super::session::Explorer;
use crate::explore::step_stops::StepUnit;
use crate::explore::{Edit, ElementRef};
use crate::lesson::Language;

/// A framed view.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    /// From the front.
    Front,
    /// From above.
    Top,
    /// From the right.
    Side,
    /// From a corner.
    Isometric,
    /// From where the camera is, with everything in the picture.
    Fit,
}

impl Framing {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Front,
        Self::Top,
        Self::Side,
        Self::Isometric,
        Self::Fit,
    ];
}

/// What the panel on the right shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// Shape, cost, receptive field.
    #[default]
    Facts,
    /// The element in the hand.
    Element,
    /// The loop nest.
    Code,
}

impl Tab {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Facts, Self::Element, Self::Code];
}

/// Something that a person does at the workbench, by the part of it that handles it.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum BenchAction {
    /// What stands on the workbench.
    Setup(SetupAction),
    /// Where the run is, and how fast it goes.
    Transport(TransportAction),
    /// What is pinned and shown beside the setup.
    InteractionState(HandAction),
    /// A framed view.
    Frame(Framing),
    /// What is kept in a file or the clipboard.
    Keep(KeepAction),
    /// How the window is.
    Window(WindowAction),
    /// Which workbench there is.
    Session(SessionAction),
}

/// Changes what stands on the workbench.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum SetupAction {
    /// A change of the setup.
    Edit(Edit),
    /// The change is complete.
    Settle,
    /// The last change back.
    Undo,
    /// The change that was taken back.
    Redo,
    /// A layer or a model in PyTorch's notation, or a preset's name.
    Paste(String),
}

/// Moves through the run.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub enum TransportAction {
    /// Play or pause.
    TogglePlay,
    /// A step on, or back.
    Step(bool),
    /// A product on, or back.
    Product(bool),
    /// To a place of the run.
    Position(f64),
    /// What a step goes by.
    StepUnit(StepUnit),
    /// How fast the run goes.
    Speed(f64),
    /// Faster, or slower.
    Faster(bool),
    /// The window at hand again and again, or no longer.
    ToggleLoop,
}

/// Changes what is pinned and shown beside the setup.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub enum HandAction {
    /// An element is pinned, or no longer.
    Pin(ElementRef),
    /// Nothing is pinned.
    Unpin,
    /// How far channels are pulled apart, in cubes.
    Spread(f32),
    /// Which channels are shown; all of them without.
    Slice(Option<(usize, usize)>),
    /// What the panel on the right shows.
    Tab(Tab),
    /// Panels on or off.
    TogglePanels,
    /// The arithmetic of the step on or off.
    ToggleArithmetic,
    /// The text field for a layer gets the keys.
    FocusPaste,
    /// How large pictures are to be.
    PictureSize(u32, u32),
}

/// Keeps something.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepAction {
    /// The PyTorch line to the clipboard.
    CopySource,
    /// The command line to the clipboard.
    CopyCommand,
    /// A lesson file.
    SaveLesson,
    /// A picture.
    Picture,
    /// A video.
    Record,
    /// The video that is being made is not to be made after all.
    Cancel,
}

/// Changes how the window is.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub enum WindowAction {
    /// Another language.
    Language(Language),
    /// How large controls are.
    Scale(f32),
    /// Larger controls, or smaller ones.
    Larger(bool),
    /// Light or dark.
    ToggleStudio,
    /// Parallel or perspective.
    ToggleLens,
    /// Less motion, or all of it.
    ToggleMotion,
    /// The list of keys.
    ToggleKeys,
    /// Full screen on or off.
    ToggleFullScreen,
    /// A link to what is on show goes to the clipboard.
    CopyLink,
    /// Files are chosen, to be put onto the workbench.
    ChooseFiles,
}

/// Leaves the workbench.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionAction {
    /// The workbench that was left before this one.
    Previous,
    /// Back to where one came from.
    Leave,
}

/// Actions of one frame, in order.
#[derive(Debug, Default)]
pub struct Actions(pub Vec<BenchAction>);

impl Actions {
    /// One more.
    pub fn push(&mut self, action: impl Into<BenchAction>) {
        self.0.push(action.into());
    }
}

/// Lets an action of a kind be used as one of any kind.
macro_rules! kinds {
    ($($kind:ident($action:ty)),+ $(,)?) => {$(
        impl From<$action> for BenchAction {
            fn from(action: $action) -> Self {
                Self::$kind(action)
            }
        }
    )+};
}

kinds!(
    Setup(SetupAction),
    Transport(TransportAction),
    InteractionState(HandAction),
    Frame(Framing),
    Keep(KeepAction),
    Window(WindowAction),
    Session(SessionAction),
);

impl From<Edit> for BenchAction {
    fn from(edit: Edit) -> Self {
        Self::Setup(SetupAction::Edit(edit))
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_message::<BenchAction>()
        .add_message::<SetupAction>()
        .add_message::<TransportAction>()
        .add_message::<HandAction>()
        .add_message::<Framing>()
        .add_message::<KeepAction>()
        .add_message::<WindowAction>()
        .add_message::<SessionAction>();
}

/// Hands each action to the system that handles its kind; without a workbench, to none.
pub(super) fn dispatch(
    mut actions: MessageReader<BenchAction>,
    explorer: Option<Res<Explorer>>,
    mut setup: MessageWriter<SetupAction>,
    mut transport: MessageWriter<TransportAction>,
    mut interaction: MessageWriter<HandAction>,
    mut frame: MessageWriter<Framing>,
    mut keep: MessageWriter<KeepAction>,
    mut window: MessageWriter<WindowAction>,
    mut session: MessageWriter<SessionAction>,
) {
    if explorer.is_none() {
        actions.clear();
        return;
    }
    for action in actions.read() {
        match action.clone() {
            BenchAction::Setup(action) => _ = setup.write(action),
            BenchAction::Transport(action) => _ = transport.write(action),
            BenchAction::InteractionState(action) => _ = interaction.write(action),
            BenchAction::Frame(framing) => _ = frame.write(framing),
            BenchAction::Keep(action) => _ = keep.write(action),
            BenchAction::Window(action) => _ = window.write(action),
            BenchAction::Session(action) => _ = session.write(action),
        }
    }
}
