//! What can be asked for at the workbench, by key or by click.

use crate::explore::stops::Grain;
use crate::explore::{Edit, Spot};
use crate::lesson::Language;

/// A framed view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// Something that a person asks for at the workbench.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
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
    /// The text field for it gets the keys.
    FocusPaste,
    /// Play or pause.
    TogglePlay,
    /// A step on, or back.
    Step(bool),
    /// A product on, or back.
    Product(bool),
    /// To a place of the run.
    Position(f64),
    /// What a step goes by.
    Grain(Grain),
    /// How fast the run goes.
    Speed(f64),
    /// Faster, or slower.
    Faster(bool),
    /// The window at hand again and again, or no longer.
    ToggleLoop,
    /// An element is pinned, or no longer.
    Pin(Spot),
    /// Nothing is pinned.
    Unpin,
    /// A framed view.
    Frame(Framing),
    /// Parallel or perspective.
    ToggleLens,
    /// How far channels are pulled apart, in cubes.
    Spread(f32),
    /// Which channels are shown; all of them without.
    Slice(Option<(usize, usize)>),
    /// What the panel on the right shows.
    Tab(Tab),
    /// Panels on or off.
    TogglePanels,
    /// The PyTorch line to the clipboard.
    CopySource,
    /// The command line to the clipboard.
    CopyCommand,
    /// A lesson file.
    SaveLesson,
    /// A picture so wide and so high.
    Picture(u32, u32),
    /// How large pictures are to be.
    PictureSize(u32, u32),
    /// A video.
    Record,
    /// Another language.
    Language(Language),
    /// Light or dark.
    ToggleStudio,
    /// How large controls are.
    Scale(f32),
    /// Larger controls, or smaller ones.
    Larger(bool),
    /// Less motion, or all of it.
    ToggleMotion,
    /// The list of keys.
    ToggleKeys,
    /// Full screen on or off.
    ToggleFullScreen,
    /// The workbench that was left before this one.
    Previous,
    /// Back to where one came from.
    Leave,
}
