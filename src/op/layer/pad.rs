//! Padding as a layer of its own: `ZeroPad`, `ConstantPad`, `ReflectionPad`, `ReplicationPad` and
//! `CircularPad` of one, two and three axes, and `Pad` of any.
//!
//! Sources: <https://pytorch.org/docs/stable/nn.html#padding-layers>,
//! `torch.nn.functional.pad`; <https://onnx.ai/onnx/operators/onnx__Pad.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult, Style, float};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::geometry::{Finding, Geometry, Lookup, Mapped};
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::padding::PaddingMode;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::says;
use crate::tensor::Shape;

use super::Layer;
use super::arrangement::{listed, only, output_shape, tuple};
use super::defaults::is_default;

/// Plans padding of the last axes, two numbers for each, from the last axis on.
fn plan(
    layer: &Layer,
    inputs: &[Shape],
    pad: &[i64],
    mode: PaddingMode,
    value: f64,
) -> Result<Plan, LayerError> {
    let input = only(layer, inputs)?;
    let unfit = |why| {
        Err(LayerError::Unfit {
            layer: layer.name(),
            why,
        })
    };
    let (rank, padded) = (input.rank(), pad.len() / 2);
    if !pad.len().is_multiple_of(2) {
        return unfit(says!(
            en: "pad needs two numbers for each axis, before and behind it",
            ja: "pad には軸ごとに、前と後ろの 2 つの数が要ります。"
        ));
    }
    if padded > rank {
        return unfit(says!(
            en: "it pads {padded} axes, the input {input} has {rank}",
            ja: "{padded} 個の軸をパディングしますが、入力 {input} の軸は {rank} 個です。"
        ));
    }
    let mut lengths = input.axes().to_vec();
    let mut findings = vec![Finding::Same; rank];
    let mut formula: Vec<AxisFormula> = lengths
        .iter()
        .map(|&result| AxisFormula::Kept { result })
        .collect();
    for (number, sides) in pad.chunks_exact(2).enumerate() {
        let axis = rank - 1 - number;
        let length = lengths[axis];
        let (before, after) = (sides[0], sides[1]);
        if before == 0 && after == 0 {
            continue;
        }
        let most = before.max(after);
        let limit = match mode {
            PaddingMode::Zeros | PaddingMode::Replicate => i64::MAX,
            PaddingMode::Reflect => length as i64 - 1,
            PaddingMode::Circular => length as i64,
        };
        if most > limit {
            return unfit(says!(
                en: "padding of {most} on an axis of {length} is too much for this mode, which takes \
                     at most {limit} from the input",
                ja: "長さ {length} の軸にパディング {most} は大きすぎます。このモードで入力から取れるのは \
                     {limit} までです。"
            ));
        }
        let total = (length as i64).saturating_add(before).saturating_add(after);
        let cut = (length as i64)
            .saturating_add(before.min(0))
            .saturating_add(after.min(0));
        let empty = match mode {
            // PyTorch narrows first, and so refuses to cut off more than there is.
            PaddingMode::Zeros => cut < 0,
            PaddingMode::Reflect | PaddingMode::Replicate => false,
            // PyTorch would copy from what it has not written yet.
            PaddingMode::Circular => cut < 1,
        };
        let empty = empty || total < 1;
        let Some(output) = usize::try_from(total).ok().filter(|_| !empty) else {
            return unfit(says!(
                en: "{before} and {after} leave nothing of an axis of {length}",
                ja: "長さ {length} の軸に {before} と {after} では何も残りません。"
            ));
        };
        lengths[axis] = output;
        let (before, after) = (before as isize, after as isize);
        findings[axis] = Finding::Padded {
            before,
            after,
            mode,
        };
        formula[axis] = AxisFormula::Padded {
            before,
            input: length,
            after,
            result: output,
        };
    }
    let output = output_shape(layer, &lengths)?;
    let geometry = Lookup::new(input, output, findings, value as f32, formula);
    let geometry = Geometry::Mapped(Mapped::new(geometry));
    Plan::new(layer.clone(), input, output, Vec::new(), geometry)
}

/// Refuses samples of another number of axes, as PyTorch does but for constant padding.
fn takes(layer: &Layer, inputs: &[Shape], rank: usize, batch: BatchAxis) -> Result<(), LayerError> {
    let input = only(layer, inputs)?;
    let own = input.rank();
    if own == rank || (batch == BatchAxis::Present && own == rank + 1) {
        return Ok(());
    }
    Err(LayerError::Unfit {
        layer: layer.name(),
        why: says!(
            en: "it takes samples of {rank} axes, the input {input} has {own}",
            ja: "{rank} 軸のサンプルを受け取りますが、入力 {input} は {own} 軸です。"
        ),
    })
}

/// The argument `padding`: one number for every side, or two for each axis.
fn sides<const N: usize>(given: &Arguments) -> ParseResult<[i64; N]> {
    let numbers = listed(given, "padding")?;
    match *numbers.as_slice() {
        [all] => Ok([all; N]),
        _ => numbers.try_into().or_else(|numbers: Vec<i64>| {
            let given_count = numbers.len();
            given.wrong(
                "padding",
                says!(
                    en: "padding needs one number or {N}, these are {given_count}",
                    ja: "padding には数ひとつか {N} 個の数が要りますが、{given_count} 個あります。"
                ),
            )
        }),
    }
}

/// Shows the sides of columns, rows and slices that add elements.
fn show(pad: &mut [i64], settings: &mut dyn Settings) {
    let names = [
        Parameter::PaddingLeft,
        Parameter::PaddingRight,
        Parameter::PaddingTop,
        Parameter::PaddingBottom,
        Parameter::PaddingFront,
        Parameter::PaddingBack,
    ];
    for (side, name) in pad.iter_mut().zip(names) {
        let before = usize::try_from(*side).unwrap_or(0);
        let mut shown = before;
        settings.number(name, &mut shown);
        if shown != before {
            *side = shown as i64;
        }
    }
}

/// What a voice says of padding that holds a number, or continues the input in a mode.
fn spoken(mode: PaddingMode, value: f64) -> Spoken {
    let around = match mode {
        PaddingMode::Zeros => {
            let value = Spoken::number(value);
            says!(
                with [value];
                en: "The input gets a border that holds {value}.",
                ja: "入力の周りに縁を足します。中身は{value}です。"
            )
        }
        PaddingMode::Reflect => Localized::new(
            "The input gets a border that mirrors it at its edge.",
            "入力の周りに、端を鏡にして折り返した縁を足します。",
        )
        .into(),
        PaddingMode::Replicate => Localized::new(
            "The input gets a border that repeats its outermost numbers.",
            "入力の周りに、いちばん外側の数を繰り返した縁を足します。",
        )
        .into(),
        PaddingMode::Circular => Localized::new(
            "The input gets a border that goes on with the numbers from the other side.",
            "入力の周りに、反対側の数が続く縁を足します。",
        )
        .into(),
    };
    Spoken {
        name: Localized::new("padding", "パディング"),
        does: around,
    }
}

/// A module that pads a number of axes: how many, how many sides, the mode, the rank of its samples
/// where it takes no other, and whether the workbench offers it.
macro_rules! pads {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $axes:literal axes, $sides:literal sides, $mode:ident, samples $samples:expr,
            offered $offered:literal, $en:literal, $ja:literal;
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Elements before and behind each axis, from the last axis on: left, right, top, bottom,
            /// front, back. Negative ones are cut off.
            pub padding: [i64; $sides],
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: stringify!($name),
                    parameters: &["padding"],
                    required: 1,
                    make: |given| Ok($name { padding: sides(given)? }.into()),
                }],
                example: || $name { padding: [1; $sides] }.into(),
                onnx: &[],
                family: Family::Arrangement,
                offered: $offered,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                self.plan_inputs(layer, &[*input], BatchAxis::Absent)
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                if let Some(rank) = $samples {
                    takes(layer, inputs, rank, batch)?;
                }
                plan(layer, inputs, &self.padding, PaddingMode::$mode, 0.0)
            }

            fn sample_rank(&self) -> Option<usize> {
                $samples
            }

            fn mixes_batch(&self, ranks: &[usize]) -> bool {
                ranks.iter().any(|rank| *rank <= $axes)
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                Line::new(stringify!($name), style).value(tuple(&self.padding)).end()
            }

            fn spoken(&self) -> Option<Spoken> {
                Some(spoken(PaddingMode::$mode, 0.0))
            }

            fn border(&self) -> Option<(PaddingMode, &[i64])> {
                Some((PaddingMode::$mode, self.padding.as_slice()))
            }

            fn visual_style(&self) -> Option<VisualStyle> {
                Some(VisualStyle::Copy)
            }

            fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
                LoopNest::elementwise(plan, &plan.index_code())
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                show(&mut self.padding, settings);
            }
        }
    )+};
}

pads! {
    /// Zeros around a line.
    ZeroPad1d: 1 axes, 2 sides, Zeros, samples None, offered false, "zeros around a line", "線の周りにゼロ";
    /// Zeros around.
    ZeroPad2d: 2 axes, 4 sides, Zeros, samples None, offered true, "zeros around", "周りにゼロ";
    /// Zeros around a volume.
    ZeroPad3d: 3 axes, 6 sides, Zeros, samples None, offered false, "zeros around a volume", "立体の周りにゼロ";
    /// A line mirrored at its ends.
    ReflectionPad1d: 1 axes, 2 sides, Reflect, samples Some(2), offered false, "mirrored ends", "端で鏡映し";
    /// Mirrored at the borders.
    ReflectionPad2d: 2 axes, 4 sides, Reflect, samples Some(3), offered true, "mirrored borders", "縁で鏡映し";
    /// A volume mirrored at its faces.
    ReflectionPad3d: 3 axes, 6 sides, Reflect, samples Some(4), offered false, "mirrored faces", "面で鏡映し";
    /// The ends of a line repeated.
    ReplicationPad1d: 1 axes, 2 sides, Replicate, samples Some(2), offered false, "repeated ends", "端のくり返し";
    /// The borders repeated.
    ReplicationPad2d: 2 axes, 4 sides, Replicate, samples Some(3), offered true, "repeated borders", "縁のくり返し";
    /// The faces of a volume repeated.
    ReplicationPad3d: 3 axes, 6 sides, Replicate, samples Some(4), offered false, "repeated faces", "面のくり返し";
    /// A line that goes on at its other end.
    CircularPad1d: 1 axes, 2 sides, Circular, samples Some(2), offered false, "the other end goes on", "反対の端から続ける";
    /// Rows and columns that go on at the other side.
    CircularPad2d: 2 axes, 4 sides, Circular, samples Some(3), offered true, "the other side goes on", "反対側から続ける";
    /// A volume that goes on at the other side.
    CircularPad3d: 3 axes, 6 sides, Circular, samples Some(4), offered false, "the other side goes on", "反対側から続ける";
}

/// The same with a number instead of zero.
macro_rules! constant_pads {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $axes:literal axes, $sides:literal sides, offered $offered:literal,
            $en:literal, $ja:literal;
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Elements before and behind each axis, from the last axis on: left, right, top, bottom,
            /// front, back. Negative ones are cut off.
            pub padding: [i64; $sides],
            /// What they hold.
            pub value: f64,
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: stringify!($name),
                    parameters: &["padding", "value"],
                    required: 2,
                    make: |given| {
                        Ok($name {
                            padding: sides(given)?,
                            value: given.real("value", None)?,
                        }
                        .into())
                    },
                }],
                example: || $name { padding: [1; $sides], value: 2.0 }.into(),
                onnx: &[],
                family: Family::Arrangement,
                offered: $offered,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                self.plan_inputs(layer, &[*input], BatchAxis::Absent)
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                _batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                plan(layer, inputs, &self.padding, PaddingMode::Zeros, self.value)
            }

            fn mixes_batch(&self, ranks: &[usize]) -> bool {
                ranks.iter().any(|rank| *rank <= $axes)
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                let (padding, value) = (tuple(&self.padding), float(self.value));
                let line = Line::new(stringify!($name), style);
                match style {
                    Style::Source => line.value(padding).value(value),
                    Style::Printed => line.named("padding", padding).named("value", value),
                }
                .end()
            }

            fn spoken(&self) -> Option<Spoken> {
                Some(spoken(PaddingMode::Zeros, self.value))
            }

            fn visual_style(&self) -> Option<VisualStyle> {
                Some(VisualStyle::Copy)
            }

            fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
                LoopNest::elementwise(plan, &plan.index_code())
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                show(&mut self.padding, settings);
                settings.real(Parameter::PadValue, &mut self.value);
            }
        }
    )+};
}

constant_pads! {
    /// A number around a line.
    ConstantPad1d: 1 axes, 2 sides, offered false, "a number around a line", "線の周りに定数";
    /// A number around.
    ConstantPad2d: 2 axes, 4 sides, offered true, "a number around", "周りに定数";
    /// A number around a volume.
    ConstantPad3d: 3 axes, 6 sides, offered false, "a number around a volume", "立体の周りに定数";
}

/// Padding of any axes: `torch.nn.functional.pad`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pad {
    /// Elements before and behind each axis, from the last axis on. Negative ones are cut off.
    pub pad: Vec<i64>,
    /// What they hold; zeros are `constant`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: PaddingMode,
    /// What constant padding holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub value: f64,
}

const MODES: [(&str, PaddingMode); 4] = [
    ("constant", PaddingMode::Zeros),
    ("reflect", PaddingMode::Reflect),
    ("replicate", PaddingMode::Replicate),
    ("circular", PaddingMode::Circular),
];

/// Numbers and value were attributes in operator set 2, and are inputs from 11 on; the axes can be
/// named from 18 on.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let unsupported = |why| Err(OnnxRefusal::Unsupported(why));
    let mode = match node.word("mode", "constant")? {
        "constant" => PaddingMode::Zeros,
        "reflect" => PaddingMode::Reflect,
        "edge" => PaddingMode::Replicate,
        "wrap" => PaddingMode::Circular,
        _ => return Err(OnnxRefusal::Attribute { name: "mode" }),
    };
    let name = "pads";
    let pads = match node.integers(name)? {
        Some(pads) => pads,
        None => node
            .constant_integers(1, name)?
            .ok_or(OnnxRefusal::Input { number: 1, name })?,
    };
    let value = match node.input(2) {
        Some(_) => match node.constant_floats(2, "constant_value")?.as_deref() {
            None | Some([]) => 0.0,
            Some([value, ..]) => *value,
        },
        None => node.float("value", 0.0)?,
    };
    let rank = node.rank(0);
    let axes = match node.constant_integers(3, "axes")? {
        Some(axes) => axes,
        None => (0..rank as i64).collect(),
    };
    if pads.len() != 2 * axes.len() {
        let (count, axes) = (pads.len(), axes.len());
        return unsupported(says!(
            en: "it has {count} pads for {axes} axes; each needs one before and one behind",
            ja: "{axes} 個の軸に対して pads が {count} 個あります。軸ごとに前と後ろの 2 つが要ります。"
        ));
    }
    let mut pad = vec![0; 2 * rank];
    for (number, &axis) in axes.iter().enumerate() {
        let own = if axis < 0 { axis + rank as i64 } else { axis };
        let Some(own) = usize::try_from(own).ok().filter(|own| *own < rank) else {
            return unsupported(says!(
                en: "axis {axis} is none of an input of {rank} axes",
                ja: "軸 {axis} は {rank} 軸の入力にありません。"
            ));
        };
        let from_behind = 2 * (rank - 1 - own);
        pad[from_behind] = pads[number];
        pad[from_behind + 1] = pads[axes.len() + number];
    }
    while pad.ends_with(&[0, 0]) {
        pad.truncate(pad.len() - 2);
    }
    Ok(Some(OnnxLayer::new(Pad {
        pad,
        mode,
        value: f64::from(value),
    })))
}

impl Described for Pad {
    const DESCRIPTION: Description = Description {
        about: Localized::new("elements around", "周りの要素"),
        forms: &[Form {
            name: "Pad",
            parameters: &["pad", "mode", "value"],
            required: 1,
            make: |given| {
                let value = match given.has("value") {
                    true => given.real("value", Some(0.0))?,
                    false => 0.0,
                };
                Ok(Pad {
                    pad: listed(given, "pad")?,
                    mode: given.word("mode", &MODES, PaddingMode::Zeros)?,
                    value,
                }
                .into())
            },
        }],
        example: || {
            Pad {
                pad: vec![1, 2],
                mode: PaddingMode::Zeros,
                value: 0.0,
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Pad",
            make: of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Operation for Pad {
    fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
        self.plan_inputs(layer, &[*input], BatchAxis::Absent)
    }

    fn plan_inputs(
        &self,
        layer: &Layer,
        inputs: &[Shape],
        _batch: BatchAxis,
    ) -> Result<Plan, LayerError> {
        plan(layer, inputs, &self.pad, self.mode, self.value)
    }

    fn mixes_batch(&self, ranks: &[usize]) -> bool {
        ranks.iter().any(|rank| self.pad.len() >= 2 * rank)
    }

    fn call(&self, _input: &Shape, style: Style) -> String {
        let line = Line::new("Pad", style).value(tuple(&self.pad));
        let line = match MODES.iter().find(|(_, mode)| *mode == self.mode) {
            Some((word, mode)) if *mode != PaddingMode::Zeros => {
                line.named("mode", format!("'{word}'"))
            }
            _ => line,
        };
        match self.value == 0.0 {
            true => line,
            false => line.named("value", float(self.value)),
        }
        .end()
    }

    fn spoken(&self) -> Option<Spoken> {
        Some(spoken(self.mode, self.value))
    }

    fn visual_style(&self) -> Option<VisualStyle> {
        Some(VisualStyle::Copy)
    }

    fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
        LoopNest::elementwise(plan, &plan.index_code())
    }

    fn settings(&mut self, settings: &mut dyn Settings) {
        show(&mut self.pad, settings);
        settings.word(Parameter::PaddingMode, &mut self.mode);
        settings.real(Parameter::PadValue, &mut self.value);
    }
}
