//! `Slice`, `Select`, `Split` and `Chunk`: a part of a tensor.
//!
//! Sources: <https://pytorch.org/docs/stable/tensor_view.html>; `torch.select`, `torch.split`,
//! `torch.chunk`; <https://onnx.ai/onnx/operators/onnx__Slice.html>, where steps may be negative.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Arguments, Form, Line, ParseResult};
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::says;

use super::arrangement::{Arrange, Arranged, Whole, arranged, is_batch, listed};
use super::defaults::is_default;
use super::dim;

/// What stands for the end of an axis, wherever that is.
const END: i64 = i64::MAX;

/// Every so many elements of some axes, between two places: `x[:, 1:5:2]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// The axes, by PyTorch's numbers.
    pub dim: Vec<i64>,
    /// The first element of each; negative from behind.
    pub start: Vec<i64>,
    /// The first that is not taken; negative from behind, and none where it lies past the end.
    pub end: Vec<i64>,
    /// From one to the next, 1 without; negative for backwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub step: Vec<i64>,
}

/// One element of an axis, which is gone then: `x[:, 0]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// The axis, by PyTorch's numbers.
    pub dim: i64,
    /// Which element; negative from behind.
    pub index: i64,
}

/// One of the parts that an axis is split into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// How long a part is, the last one maybe shorter; where there are several, the length of each.
    pub split_size: Vec<usize>,
    /// The axis, by PyTorch's numbers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dim: i64,
    /// Which part this is, from 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub part: usize,
}

/// One of so many parts of an axis, all as long but the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunk {
    /// How many parts.
    pub chunks: usize,
    /// The axis, by PyTorch's numbers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dim: i64,
    /// Which part this is, from 0.
    #[serde(default, skip_serializing_if = "is_default")]
    pub part: usize,
}

/// The first element, the end and how many elements of an axis a slice takes.
fn span(length: usize, start: i64, end: i64, step: i64) -> (usize, isize, usize) {
    let length = length as i64;
    let from_front = |place: i64| {
        if place < 0 {
            place.saturating_add(length)
        } else {
            place
        }
    };
    let (low, high) = if step > 0 {
        (0, length)
    } else {
        (-1, length - 1)
    };
    let start = from_front(start).clamp(low.max(0), high.max(0));
    let end = from_front(end).clamp(low, high);
    let way = if step > 0 { end - start } else { start - end };
    let count = if way <= 0 {
        0
    } else {
        (way as u64).div_ceil(step.unsigned_abs())
    };
    (start as usize, end as isize, count as usize)
}

/// Takes a slice of an axis of a view.
fn take(
    whole: &Whole,
    arranged: &mut Arranged,
    axis: usize,
    [start, end, step]: [i64; 3],
) -> Result<(), LayerError> {
    let Some(&length) = whole.lengths.get(axis) else {
        return whole.unfit(says!(
            en: "a single number has no axis to slice",
            ja: "1つの数には、切り出す軸がありません。"
        ));
    };
    if step == 0 {
        return whole.unfit(says!(
            en: "a step of 0 goes nowhere; use at least 1, or less than 0 for backwards",
            ja: "step が 0 では進みません。1 以上か、逆向きなら負の数にしてください。"
        ));
    }
    let (first, stop, count) = span(length, start, end, step);
    if count == 0 {
        return whole.unfit(says!(
            en: "nothing is left between {start} and {end} of an axis of {length}",
            ja: "長さ {length} の軸の {start} から {end} までには何も残りません。"
        ));
    }
    // A step over the whole axis takes one element.
    let step = step.clamp(-(length as i64), length as i64) as isize;
    arranged.view.slice(axis, first, step, count);
    arranged.formula[axis] = AxisFormula::Sliced {
        start: first,
        stop,
        step,
        result: count,
    };
    Ok(())
}

/// Attributes in operator sets below 10, inputs since.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let missing = |number, name| OnnxRefusal::Input { number, name };
    let (start, end, axes, step) = if node.input(1).is_none() {
        (
            node.integers("starts")?.ok_or(missing(1, "starts"))?,
            node.integers("ends")?.ok_or(missing(2, "ends"))?,
            node.integers("axes")?,
            None,
        )
    } else {
        (
            node.constant_integers(1, "starts")?
                .ok_or(missing(1, "starts"))?,
            node.constant_integers(2, "ends")?
                .ok_or(missing(2, "ends"))?,
            node.constant_integers(3, "axes")?,
            node.constant_integers(4, "steps")?,
        )
    };
    let rank = node.rank(0);
    let axes = axes.unwrap_or_else(|| (0..start.len() as i64).collect());
    let step = step.unwrap_or_else(|| vec![1; start.len()]);
    if [end.len(), axes.len(), step.len()] != [start.len(); 3] {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its starts, ends, axes and steps are not equally many",
            ja: "starts、ends、axes、steps の個数がそろっていません。"
        )));
    }
    let mut slice = Slice {
        dim: Vec::new(),
        start: Vec::new(),
        end: Vec::new(),
        step: Vec::new(),
    };
    for place in 0..start.len() {
        let axis = if axes[place] < 0 {
            axes[place] + rank as i64
        } else {
            axes[place]
        };
        let length = usize::try_from(axis)
            .ok()
            .and_then(|axis| node.input(0)?.axes.get(axis).copied());
        // What takes the whole axis says nothing, and leaves a batch a batch.
        if length.is_some_and(|length| {
            start[place] == 0 && step[place] == 1 && end[place] >= length as i64
        }) {
            continue;
        }
        slice.dim.push(axes[place]);
        slice.start.push(start[place]);
        slice.end.push(end[place]);
        slice.step.push(step[place]);
    }
    if slice.step.iter().all(|step| *step == 1) {
        slice.step.clear();
    }
    Ok(Some(OnnxLayer::new(slice)))
}

impl Slice {
    fn make(given: &Arguments) -> ParseResult<Self> {
        let dim = listed(given, "dim")?;
        let usual = |parameter, value| -> ParseResult<Vec<i64>> {
            let numbers = given.integers(parameter)?;
            Ok(numbers.unwrap_or_else(|| vec![value; dim.len()]))
        };
        let slice = Self {
            start: usual("start", 0)?,
            end: usual("end", END)?,
            step: given.integers("step")?.unwrap_or_default(),
            dim,
        };
        Ok(slice)
    }
}

impl Described for Slice {
    const DESCRIPTION: Description = Description {
        about: Localized::new("a part of the axes", "軸の一部"),
        forms: &[Form {
            name: "Slice",
            parameters: &["dim", "start", "end", "step"],
            required: 1,
            make: |given| Slice::make(given).map(Into::into),
        }],
        example: || {
            Slice {
                dim: vec![2, 3],
                start: vec![1, 0],
                end: vec![5, 6],
                step: vec![1, 2],
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Slice",
            make: of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Slice {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let count = self.dim.len();
        let steps = match self.step.as_slice() {
            [] => vec![1; count],
            steps => steps.to_vec(),
        };
        if [self.start.len(), self.end.len(), steps.len()] != [count; 3] {
            return whole.unfit(says!(
                en: "start, end and step need one number for each of the {count} axes in dim",
                ja: "start、end、step には、dim の {count} 個の軸ごとに 1 つずつ数が要ります。"
            ));
        }
        whole.chosen(&self.dim)?;
        let mut arranged = whole.kept(whole.view());
        for (place, &dim) in self.dim.iter().enumerate() {
            let numbers = [self.start[place], self.end[place], steps[place]];
            take(whole, &mut arranged, whole.place(dim)?, numbers)?;
        }
        Ok(arranged)
    }

    fn mixes(&self, rank: usize) -> bool {
        self.dim.iter().any(|&dim| is_batch(dim, rank))
    }

    fn written(&self, line: Line) -> Line {
        let line = line.value(dim::written(&self.dim));
        let line = match self.start.iter().all(|start| *start == 0) {
            true => line,
            false => line.named("start", dim::written(&self.start)),
        };
        let line = match self.end.iter().all(|end| *end == END) {
            true => line,
            false => line.named("end", dim::written(&self.end)),
        };
        match self.step.as_slice() {
            [] => line,
            step => line.named("step", dim::written(step)),
        }
    }
}

arranged!(
    Slice, Copy;
    "a slice", "切り出し",
    "A part of the input is taken, and the rest is left.",
    "入力の一部を取り出します。"
);

impl Described for Select {
    const DESCRIPTION: Description = Description {
        about: Localized::new("one element of an axis", "軸の1要素"),
        forms: &[Form {
            name: "Select",
            parameters: &["dim", "index"],
            required: 2,
            make: |given| {
                Ok(Select {
                    dim: given.integer("dim", None)?,
                    index: given.integer("index", None)?,
                }
                .into())
            },
        }],
        example: || Select { dim: 1, index: 0 }.into(),
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Select {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let Self { dim, index } = *self;
        let axis = whole.place(dim)?;
        let length = whole.lengths.get(axis).copied().unwrap_or(0) as i64;
        if index < -length || index >= length {
            return whole.unfit(says!(
                en: "there is no element {index} on axis {dim}, which has {length}",
                ja: "長さ {length} の軸 {dim} に {index} 番の要素はありません。"
            ));
        }
        let place = if index < 0 { index + length } else { index };
        let mut view = whole.view();
        view.slice(axis, place as usize, 1, 1);
        view.axes.remove(axis);
        Ok(whole.kept(view))
    }

    fn mixes(&self, rank: usize) -> bool {
        is_batch(self.dim, rank)
    }

    fn written(&self, line: Line) -> Line {
        line.value(self.dim).value(self.index)
    }
}

arranged!(
    Select, Copy;
    "a selection", "選択",
    "One place of an axis is taken, and the axis goes.",
    "軸の中の1か所を取り出します。その軸はなくなります。"
);

/// A part of an axis from its length and the lengths of the parts.
fn part_of(
    whole: &Whole,
    dim: i64,
    part: usize,
    lengths: impl Fn(usize) -> Result<Vec<usize>, LayerError>,
) -> Result<Arranged, LayerError> {
    let axis = whole.place(dim)?;
    let Some(&length) = whole.lengths.get(axis) else {
        return whole.unfit(says!(
            en: "a single number has no axis to split",
            ja: "1つの数には、分ける軸がありません。"
        ));
    };
    let parts = lengths(length)?;
    let Some(&own) = parts.get(part) else {
        let count = parts.len();
        return whole.unfit(says!(
            en: "there is no part {part} among {count}; they count from 0",
            ja: "{count} 個の中に {part} 番はありません。0 から数えます。"
        ));
    };
    let start: usize = parts[..part].iter().sum();
    let mut arranged = whole.kept(whole.view());
    let (start, end) = (start as i64, (start + own) as i64);
    take(whole, &mut arranged, axis, [start, end, 1])?;
    Ok(arranged)
}

/// Parts of a length each, the last maybe shorter.
fn equal(length: usize, size: usize) -> Vec<usize> {
    let starts = (0..length).step_by(size.max(1));
    starts.map(|start| size.min(length - start)).collect()
}

impl Described for Split {
    const DESCRIPTION: Description = Description {
        about: Localized::new("a part of a split axis", "分割した軸の一部"),
        forms: &[Form {
            name: "Split",
            parameters: &["split_size_or_sections", "dim", "part"],
            required: 1,
            make: |given| {
                let sizes = listed(given, "split_size_or_sections")?;
                let split_size: Vec<usize> = sizes
                    .iter()
                    .filter_map(|&size| usize::try_from(size).ok())
                    .collect();
                if split_size.len() != sizes.len() || split_size.is_empty() {
                    return given.wrong(
                        "split_size_or_sections",
                        says!(
                            en: "split_size_or_sections needs lengths of at least 1",
                            ja: "split_size_or_sections には 1 以上の長さが要ります。"
                        ),
                    );
                }
                Ok(Split {
                    split_size,
                    dim: given.integer("dim", Some(0))?,
                    part: given.size("part", Some(0), 0)?,
                }
                .into())
            },
        }],
        example: || {
            Split {
                split_size: vec![2],
                dim: 1,
                part: 1,
            }
            .into()
        },
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Split {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        part_of(whole, self.dim, self.part, |length| {
            match *self.split_size.as_slice() {
                [0] => Err(LayerError::Zero {
                    layer: whole.layer,
                    argument: "split_size",
                }),
                [size] => Ok(equal(length, size)),
                ref sizes => {
                    let sum: usize = sizes.iter().sum();
                    if sum == length {
                        return Ok(sizes.to_vec());
                    }
                    whole.unfit(says!(
                        en: "the parts have {sum} elements together, the axis has {length}",
                        ja: "分割の合計は {sum} ですが、軸の長さは {length} です。"
                    ))
                }
            }
        })
    }

    fn mixes(&self, rank: usize) -> bool {
        is_batch(self.dim, rank)
    }

    fn written(&self, line: Line) -> Line {
        let sizes: Vec<i64> = self.split_size.iter().map(|&size| size as i64).collect();
        line.value(dim::written(&sizes))
            .unless("dim", self.dim, 0)
            .unless("part", self.part, 0)
    }
}

arranged!(
    Split, Copy;
    "a part of a split", "分割した一部",
    "The input is cut into parts along an axis, and this is one of them.",
    "入力を軸に沿って分けた、そのうちのひとつです。"
);

impl Described for Chunk {
    const DESCRIPTION: Description = Description {
        about: Localized::new("one of equal parts of an axis", "等分した軸の一部"),
        forms: &[Form {
            name: "Chunk",
            parameters: &["chunks", "dim", "part"],
            required: 1,
            make: |given| {
                Ok(Chunk {
                    chunks: given.size("chunks", None, 1)?,
                    dim: given.integer("dim", Some(0))?,
                    part: given.size("part", Some(0), 0)?,
                }
                .into())
            },
        }],
        example: || {
            Chunk {
                chunks: 2,
                dim: 1,
                part: 0,
            }
            .into()
        },
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Chunk {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        if self.chunks == 0 {
            return Err(LayerError::Zero {
                layer: whole.layer,
                argument: "chunks",
            });
        }
        let parts = |length: usize| Ok(equal(length, length.div_ceil(self.chunks)));
        part_of(whole, self.dim, self.part, parts)
    }

    fn mixes(&self, rank: usize) -> bool {
        is_batch(self.dim, rank)
    }

    fn written(&self, line: Line) -> Line {
        line.value(self.chunks)
            .unless("dim", self.dim, 0)
            .unless("part", self.part, 0)
    }
}

arranged!(
    Chunk, Copy;
    "a chunk", "分割した一部",
    "The input is cut into equal parts along an axis, and this is one of them.",
    "入力を軸に沿って等分した、そのうちのひとつです。"
);
