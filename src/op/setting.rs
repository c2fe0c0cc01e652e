//! What can be changed in a layer, by name: numbers, switches, choices, fills.
//!
//! An operation shows its settings to a [`Settings`] visitor, each with its name and its value, once
//! and in the order in which they are shown. Reading, changing and listing them are visitors.

use std::ops::RangeInclusive;

use super::padding::{LinePadding, Padding, PaddingMode, VolumePadding};
use crate::language::Localized;
use crate::tensor::Fill;

/// A name of something that can be changed: of a layer, or of the input of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Parameter {
    /// Channels of the input.
    Channels,
    /// Rows of the input.
    Rows,
    /// Columns of the input.
    Columns,
    /// Output channels.
    Filters,
    /// How long the rows become that a linear layer makes.
    OutFeatures,
    /// Slices of the kernel, of a volume.
    KernelSlices,
    /// Rows of the kernel.
    KernelRows,
    /// Columns of the kernel.
    KernelColumns,
    /// Slices from one window to the next.
    StrideSlices,
    /// Rows from one window to the next.
    StrideRows,
    /// Columns from one window to the next.
    StrideColumns,
    /// Slices of padding in front.
    PaddingFront,
    /// Slices of padding at the back.
    PaddingBack,
    /// Rows of padding above.
    PaddingTop,
    /// Rows of padding below.
    PaddingBottom,
    /// Columns of padding on the left.
    PaddingLeft,
    /// Columns of padding on the right.
    PaddingRight,
    /// Slices from one weight to the next.
    DilationSlices,
    /// Rows from one weight to the next.
    DilationRows,
    /// Columns from one weight to the next.
    DilationColumns,
    /// Groups of channels and filters.
    Groups,
    /// Slices added to the end of a transposed convolution's output.
    OutputPaddingSlices,
    /// Rows added there.
    OutputPaddingRows,
    /// Columns added there.
    OutputPaddingColumns,
    /// The factor of a shuffle.
    Factor,
    /// By how much rows grow.
    ScaleRows,
    /// By how much columns grow.
    ScaleColumns,
    /// Slices that an adaptive pool is asked for.
    TargetSlices,
    /// Rows that it is asked for.
    TargetRows,
    /// Columns that it is asked for.
    TargetColumns,
    /// The earlier tensor that is added.
    Tensor,
    /// How much padding, in a word or in numbers.
    Padding,
    /// What the padding holds.
    PaddingMode,
    /// What constant padding holds.
    PadValue,
    /// How a transposed convolution is explained.
    View,
    /// Whether a pool's last window may reach past the end.
    CeilMode,
    /// Whether padding counts in an average.
    CountIncludePad,
    /// How a resizing fills in.
    Mode,
    /// What negative elements are multiplied by.
    NegativeSlope,
    /// What is added to a variance.
    Eps,
    /// Whether a reduced axis stays.
    KeepDim,
    /// The share of elements that training drops.
    DropProbability,
    /// What training drops at once.
    DropMode,
    /// A factor of an activation: α.
    Alpha,
    /// Another number of an activation: β.
    Beta,
    /// The factor of a scaled activation: γ.
    Gamma,
    /// From where on an activation does something else.
    Threshold,
    /// What stands in place of elements.
    Replacement,
    /// The least that an element may be.
    Minimum,
    /// The most that an element may be.
    Maximum,
    /// The power that elements are raised to.
    Exponent,
    /// How a function is approximated.
    Approximate,
    /// The slopes of negative elements, one for all channels or one for each.
    Slopes,
    /// How many slopes there are.
    SlopeCount,
    /// What the weights are.
    Weights,
    /// Whether filters add a number of their own.
    Bias,
    /// What the biases are.
    Biases,
    /// What each channel is multiplied by: γ.
    Scale,
    /// What is added to each channel: β.
    Shift,
    /// The mean of each channel.
    RunningMean,
    /// The variance of each channel.
    RunningVar,
}

impl Parameter {
    /// The whole numbers, in the order in which they are shown.
    pub const NUMBERS: [Self; 32] = [
        Self::Channels,
        Self::Rows,
        Self::Columns,
        Self::Filters,
        Self::OutFeatures,
        Self::KernelSlices,
        Self::KernelRows,
        Self::KernelColumns,
        Self::StrideSlices,
        Self::StrideRows,
        Self::StrideColumns,
        Self::PaddingFront,
        Self::PaddingBack,
        Self::PaddingTop,
        Self::PaddingBottom,
        Self::PaddingLeft,
        Self::PaddingRight,
        Self::DilationSlices,
        Self::DilationRows,
        Self::DilationColumns,
        Self::Groups,
        Self::OutputPaddingSlices,
        Self::OutputPaddingRows,
        Self::OutputPaddingColumns,
        Self::Factor,
        Self::ScaleRows,
        Self::ScaleColumns,
        Self::TargetSlices,
        Self::TargetRows,
        Self::TargetColumns,
        Self::Tensor,
        Self::SlopeCount,
    ];

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> Localized<&'static str> {
        let (en, ja) = match self {
            Self::Channels => ("Channels", "チャネル"),
            Self::Rows | Self::Columns => ("Size", "大きさ"),
            Self::Filters => ("Filters", "フィルタ"),
            Self::OutFeatures => ("Output features", "出力の数"),
            Self::KernelSlices | Self::KernelRows | Self::KernelColumns => ("Kernel", "カーネル"),
            Self::StrideSlices | Self::StrideRows | Self::StrideColumns => ("Stride", "ストライド"),
            Self::PaddingFront => ("Front", "手前"),
            Self::PaddingBack => ("Back", "奥"),
            Self::PaddingTop => ("Top", "上"),
            Self::PaddingBottom => ("Bottom", "下"),
            Self::PaddingLeft => ("Left", "左"),
            Self::PaddingRight => ("Right", "右"),
            Self::DilationSlices | Self::DilationRows | Self::DilationColumns => {
                ("Dilation", "ダイレーション")
            }
            Self::Groups => ("Groups", "グループ"),
            Self::OutputPaddingSlices | Self::OutputPaddingRows | Self::OutputPaddingColumns => {
                ("Output padding", "出力パディング")
            }
            Self::Factor => ("Factor", "倍率"),
            Self::ScaleRows | Self::ScaleColumns => ("Scale", "倍率"),
            Self::TargetSlices | Self::TargetRows | Self::TargetColumns => {
                ("Output size", "出力サイズ")
            }
            Self::Tensor => ("Earlier tensor", "前のテンソル"),
            Self::Padding => ("Padding", "パディング"),
            Self::PaddingMode => ("Pads with", "中身"),
            Self::PadValue => ("Padding holds", "パディングの値"),
            Self::View => ("Reading", "見方"),
            Self::CeilMode => ("Round up (ceil_mode)", "切り上げ (ceil_mode)"),
            Self::CountIncludePad => ("Padding counts", "パディングも数える"),
            Self::Mode => ("Fills in", "補間"),
            Self::NegativeSlope => ("Negative slope", "負の傾き"),
            Self::Eps => ("ε", "ε"),
            Self::KeepDim => ("Keep reduced axes (keepdim)", "軸を残す (keepdim)"),
            Self::DropProbability => ("Probability", "確率"),
            Self::DropMode => ("Drops by", "落とす単位"),
            Self::Alpha => ("α", "α"),
            Self::Beta => ("β", "β"),
            Self::Gamma => ("γ", "γ"),
            Self::Threshold => ("Threshold", "しきい値"),
            Self::Replacement => ("Value below", "下の値"),
            Self::Minimum => ("Minimum", "最小値"),
            Self::Maximum => ("Maximum", "最大値"),
            Self::Exponent => ("Exponent", "指数"),
            Self::Approximate => ("Approximation", "近似"),
            Self::Slopes => ("Slopes", "傾き"),
            Self::SlopeCount => ("Number of slopes", "傾きの数"),
            Self::Weights => ("Weights", "重み"),
            Self::Bias => ("Bias", "バイアス"),
            Self::Biases => ("Biases", "バイアス"),
            Self::Scale => ("Scale γ", "倍率 γ"),
            Self::Shift => ("Shift β", "シフト β"),
            Self::RunningMean => ("Mean μ", "平均 μ"),
            Self::RunningVar => ("Variance σ²", "分散 σ²"),
        };
        Localized::new(en, ja)
    }

    /// The number for the next axis, where there is one: slices, rows, columns.
    #[must_use]
    pub const fn across(self) -> Option<Self> {
        Some(match self {
            Self::Rows => Self::Columns,
            Self::KernelSlices => Self::KernelRows,
            Self::StrideSlices => Self::StrideRows,
            Self::DilationSlices => Self::DilationRows,
            Self::OutputPaddingSlices => Self::OutputPaddingRows,
            Self::TargetSlices => Self::TargetRows,
            Self::PaddingFront => Self::PaddingTop,
            Self::KernelRows => Self::KernelColumns,
            Self::StrideRows => Self::StrideColumns,
            Self::DilationRows => Self::DilationColumns,
            Self::OutputPaddingRows => Self::OutputPaddingColumns,
            Self::ScaleRows => Self::ScaleColumns,
            Self::TargetRows => Self::TargetColumns,
            Self::PaddingTop => Self::PaddingLeft,
            _ => return None,
        })
    }

    /// The values that a slider runs through. A field takes more.
    #[must_use]
    pub const fn usual(self) -> RangeInclusive<usize> {
        match self {
            Self::Channels | Self::Filters | Self::OutFeatures | Self::Rows | Self::Columns => {
                1..=32
            }
            Self::KernelSlices | Self::KernelRows | Self::KernelColumns => 1..=7,
            Self::StrideSlices
            | Self::StrideRows
            | Self::StrideColumns
            | Self::DilationSlices
            | Self::DilationRows
            | Self::DilationColumns
            | Self::Factor
            | Self::ScaleRows
            | Self::ScaleColumns => 1..=4,
            Self::PaddingFront
            | Self::PaddingBack
            | Self::PaddingTop
            | Self::PaddingBottom
            | Self::PaddingLeft
            | Self::PaddingRight
            | Self::OutputPaddingSlices
            | Self::OutputPaddingRows
            | Self::OutputPaddingColumns => 0..=4,
            Self::TargetSlices
            | Self::TargetRows
            | Self::TargetColumns
            | Self::Groups
            | Self::SlopeCount => 1..=16,
            _ => 0..=8,
        }
    }

    /// The largest value that a field takes.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Channels
            | Self::Filters
            | Self::OutFeatures
            | Self::Groups
            | Self::Rows
            | Self::Columns => 65_536,
            _ => 4_096,
        }
    }
}

/// A value of something that can be changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// A whole number.
    Number(usize),
    /// A whole number, or none: what the input has.
    Optional(Option<usize>),
    /// A real number.
    Real(f64),
    /// On or off.
    Switch(bool),
    /// One of several words, by its place among them.
    Choice(usize),
    /// How much padding.
    Padding(Padding),
    /// What a tensor is filled with.
    Fill(Fill),
}

macro_rules! setting_from {
    ($($type:ty => $variant:ident),* $(,)?) => {
        $(impl From<$type> for Setting {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        })*
    };
}

setting_from! {
    usize => Number,
    f64 => Real,
    bool => Switch,
    Padding => Padding,
    Fill => Fill,
}

/// Words of which one is chosen.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// All of them, each with what it is called.
    const ALL: &'static [(Self, Localized<&'static str>)];
}

impl<C: Choice> From<C> for Setting {
    fn from(value: C) -> Self {
        let place = C::ALL.iter().position(|(known, _)| *known == value);
        Self::Choice(place.unwrap_or(0))
    }
}

const fn code(word: &'static str) -> Localized<&'static str> {
    Localized::new(word, word)
}

impl Choice for PaddingMode {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::Zeros, code("zeros")),
        (Self::Reflect, code("reflect")),
        (Self::Replicate, code("replicate")),
        (Self::Circular, code("circular")),
    ];
}

/// Whoever is shown the settings of a layer. What it changes is changed in the layer.
pub trait Settings {
    /// A whole number.
    fn number(&mut self, name: Parameter, value: &mut usize);
    /// A whole number, or none: as many as the input has.
    fn optional(&mut self, name: Parameter, value: &mut Option<usize>);
    /// A real number.
    fn real(&mut self, name: Parameter, value: &mut f64);
    /// A switch.
    fn switch(&mut self, name: Parameter, value: &mut bool);
    /// One of several words: the words, and the place of the chosen one.
    fn choice(&mut self, name: Parameter, words: &[Localized<&'static str>], value: &mut usize);
    /// How much padding a convolution has.
    fn padding(&mut self, value: &mut Padding);
    /// What a tensor is filled with.
    fn fill(&mut self, name: Parameter, value: &mut Fill);
}

impl dyn Settings + '_ {
    /// Whole numbers for rows and columns.
    pub fn pair(&mut self, rows: Parameter, columns: Parameter, value: &mut (usize, usize)) {
        self.number(rows, &mut value.0);
        self.number(columns, &mut value.1);
    }

    /// Rows and columns of a convolution's window: its kernel, its stride and its dilation.
    pub fn window(
        &mut self,
        kernel: &mut (usize, usize),
        stride: &mut (usize, usize),
        dilation: &mut (usize, usize),
    ) {
        self.pair(Parameter::KernelRows, Parameter::KernelColumns, kernel);
        self.pair(Parameter::StrideRows, Parameter::StrideColumns, stride);
        self.pair(
            Parameter::DilationRows,
            Parameter::DilationColumns,
            dilation,
        );
    }

    /// One of several words.
    pub fn word<C: Choice>(&mut self, name: Parameter, value: &mut C) {
        let words: Vec<_> = C::ALL.iter().map(|(_, word)| *word).collect();
        let mut place = C::ALL.iter().position(|(known, _)| known == value);
        let place = place.get_or_insert(0);
        self.choice(name, &words, place);
        if let Some((chosen, _)) = C::ALL.get(*place) {
            *value = *chosen;
        }
    }

    /// The padding along a line in numbers, where a window reaches so far beyond its first element.
    pub fn line_padding(&mut self, value: &mut LinePadding, reach: usize) {
        let before = value.axis().sides(reach);
        let (mut left, mut right) = before;
        self.number(Parameter::PaddingLeft, &mut left);
        self.number(Parameter::PaddingRight, &mut right);
        if (left, right) == before {
            return;
        }
        *value = match *value {
            // A number of both sides stays one.
            LinePadding::Valid | LinePadding::Size(_) if left != before.0 => {
                LinePadding::Size(left)
            }
            LinePadding::Valid
            | LinePadding::Same
            | LinePadding::Full
            | LinePadding::Size(_)
            | LinePadding::Sides { .. } => LinePadding::Sides { left, right },
        };
    }

    /// The padding of a volume in numbers, where a window reaches so far beyond its first element along each axis.
    pub fn volume_padding(&mut self, value: &mut VolumePadding, reach: [usize; 3]) {
        let [slices, rows, columns] = value.axes();
        let before = [
            slices.sides(reach[0]),
            rows.sides(reach[1]),
            columns.sides(reach[2]),
        ];
        let [
            (mut front, mut back),
            (mut top, mut bottom),
            (mut left, mut right),
        ] = before;
        self.number(Parameter::PaddingFront, &mut front);
        self.number(Parameter::PaddingBack, &mut back);
        self.number(Parameter::PaddingTop, &mut top);
        self.number(Parameter::PaddingBottom, &mut bottom);
        self.number(Parameter::PaddingLeft, &mut left);
        self.number(Parameter::PaddingRight, &mut right);
        let now = [(front, back), (top, bottom), (left, right)];
        if now == before {
            return;
        }
        *value = match *value {
            // Numbers of both sides stay that.
            VolumePadding::Valid | VolumePadding::Size(..)
                if [front, top, left] != before.map(|(start, _)| start) =>
            {
                VolumePadding::Size(front, top, left)
            }
            VolumePadding::Valid
            | VolumePadding::Same
            | VolumePadding::Full
            | VolumePadding::Size(..)
            | VolumePadding::Sides { .. } => VolumePadding::of_sides(now),
        };
    }

    /// How much padding, in a word or in numbers, and its four sides where they are numbers.
    pub fn padding_and_sides(&mut self, value: &mut Padding) {
        self.padding(value);
        let Some(before) = value.sides() else {
            return;
        };
        let [mut top, mut bottom, mut left, mut right] = before;
        self.number(Parameter::PaddingTop, &mut top);
        self.number(Parameter::PaddingBottom, &mut bottom);
        self.number(Parameter::PaddingLeft, &mut left);
        self.number(Parameter::PaddingRight, &mut right);
        if [top, bottom, left, right] == before {
            return;
        }
        *value = match *value {
            // Numbers of both axes stay numbers of both sides.
            Padding::Size(_, columns) if top != before[0] => Padding::Size(top, columns),
            Padding::Size(rows, _) if left != before[2] => Padding::Size(rows, left),
            _ => Padding::Sides {
                top,
                bottom,
                left,
                right,
            },
        };
    }
}

/// Reads one setting.
pub(crate) struct Read {
    pub name: Parameter,
    pub found: Option<Setting>,
}

impl Read {
    fn put(&mut self, name: Parameter, value: impl FnOnce() -> Setting) {
        if name == self.name {
            self.found = Some(value());
        }
    }
}

impl Settings for Read {
    fn number(&mut self, name: Parameter, value: &mut usize) {
        self.put(name, || Setting::Number(*value));
    }

    fn optional(&mut self, name: Parameter, value: &mut Option<usize>) {
        self.put(name, || Setting::Optional(*value));
    }

    fn real(&mut self, name: Parameter, value: &mut f64) {
        self.put(name, || Setting::Real(*value));
    }

    fn switch(&mut self, name: Parameter, value: &mut bool) {
        self.put(name, || Setting::Switch(*value));
    }

    fn choice(&mut self, name: Parameter, _: &[Localized<&'static str>], value: &mut usize) {
        self.put(name, || Setting::Choice(*value));
    }

    fn padding(&mut self, value: &mut Padding) {
        self.put(Parameter::Padding, || Setting::Padding(*value));
    }

    fn fill(&mut self, name: Parameter, value: &mut Fill) {
        self.put(name, || Setting::Fill(value.clone()));
    }
}

/// Changes one setting.
pub(crate) struct Write {
    pub name: Parameter,
    pub value: Setting,
    /// Whether the layer has a setting of that name and kind.
    pub found: bool,
}

impl Write {
    fn put<T: Clone>(&mut self, name: Parameter, value: &mut T, wanted: Option<T>) {
        if let (true, Some(wanted)) = (name == self.name, wanted) {
            *value = wanted;
            self.found = true;
        }
    }
}

/// The content of a setting, if it is of this kind.
macro_rules! wanted {
    ($self:ident, $kind:ident) => {
        match &$self.value {
            Setting::$kind(value) => Some(value.clone()),
            _ => None,
        }
    };
}

impl Settings for Write {
    fn number(&mut self, name: Parameter, value: &mut usize) {
        let wanted = wanted!(self, Number);
        self.put(name, value, wanted);
    }

    fn optional(&mut self, name: Parameter, value: &mut Option<usize>) {
        let wanted = match self.value {
            Setting::Number(number) => Some(Some(number)),
            Setting::Optional(number) => Some(number),
            _ => None,
        };
        self.put(name, value, wanted);
    }

    fn real(&mut self, name: Parameter, value: &mut f64) {
        let wanted = wanted!(self, Real);
        self.put(name, value, wanted);
    }

    fn switch(&mut self, name: Parameter, value: &mut bool) {
        let wanted = wanted!(self, Switch);
        self.put(name, value, wanted);
    }

    fn choice(&mut self, name: Parameter, words: &[Localized<&'static str>], value: &mut usize) {
        let wanted = wanted!(self, Choice).filter(|place| *place < words.len());
        self.put(name, value, wanted);
    }

    fn padding(&mut self, value: &mut Padding) {
        let wanted = wanted!(self, Padding);
        self.put(Parameter::Padding, value, wanted);
    }

    fn fill(&mut self, name: Parameter, value: &mut Fill) {
        let wanted = wanted!(self, Fill);
        self.put(name, value, wanted);
    }
}

/// Changes every fill.
pub(crate) struct Refill<'a>(pub &'a mut dyn FnMut(&mut Fill));

impl Settings for Refill<'_> {
    fn number(&mut self, _: Parameter, _: &mut usize) {}
    fn optional(&mut self, _: Parameter, _: &mut Option<usize>) {}
    fn real(&mut self, _: Parameter, _: &mut f64) {}
    fn switch(&mut self, _: Parameter, _: &mut bool) {}
    fn choice(&mut self, _: Parameter, _: &[Localized<&'static str>], _: &mut usize) {}
    fn padding(&mut self, _: &mut Padding) {}

    fn fill(&mut self, _: Parameter, value: &mut Fill) {
        (self.0)(value);
    }
}

/// A setting as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its name.
    pub name: Parameter,
    /// Its value.
    pub value: Setting,
    /// The words that can be chosen, for a choice.
    pub words: Vec<Localized<&'static str>>,
}

/// Lists the settings in their order.
#[derive(Default)]
pub(crate) struct List(pub Vec<Shown>);

impl List {
    fn put(&mut self, name: Parameter, value: Setting) {
        self.0.push(Shown {
            name,
            value,
            words: Vec::new(),
        });
    }
}

impl Settings for List {
    fn number(&mut self, name: Parameter, value: &mut usize) {
        self.put(name, Setting::Number(*value));
    }

    fn optional(&mut self, name: Parameter, value: &mut Option<usize>) {
        self.put(name, Setting::Optional(*value));
    }

    fn real(&mut self, name: Parameter, value: &mut f64) {
        self.put(name, Setting::Real(*value));
    }

    fn switch(&mut self, name: Parameter, value: &mut bool) {
        self.put(name, Setting::Switch(*value));
    }

    fn choice(&mut self, name: Parameter, words: &[Localized<&'static str>], value: &mut usize) {
        self.0.push(Shown {
            name,
            value: Setting::Choice(*value),
            words: words.to_vec(),
        });
    }

    fn padding(&mut self, value: &mut Padding) {
        self.put(Parameter::Padding, Setting::Padding(*value));
    }

    fn fill(&mut self, name: Parameter, value: &mut Fill) {
        self.put(name, Setting::Fill(value.clone()));
    }
}
