//! `Flatten`: neighbouring axes become one.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html>;
//! <https://onnx.ai/onnx/operators/onnx__Flatten.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::says;

use super::Reshape;
use super::arrangement::{Arrange, Arranged, Whole, arranged, is_batch};

/// Neighbouring axes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flatten {
    /// The first of them, by PyTorch's numbers.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub start_dim: i64,
    /// The last of them.
    #[serde(default = "last", skip_serializing_if = "is_last")]
    pub end_dim: i64,
}

fn first() -> i64 {
    1
}

fn is_first(dim: &i64) -> bool {
    *dim == first()
}

fn last() -> i64 {
    -1
}

fn is_last(dim: &i64) -> bool {
    *dim == last()
}

impl Default for Flatten {
    fn default() -> Self {
        Self {
            start_dim: first(),
            end_dim: last(),
        }
    }
}

/// ONNX always makes a matrix: the axes before `axis`, and those from it on.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let axis = node.integer("axis", 1)?;
    let rank = node.rank(0);
    let own = if axis < 0 { axis + rank as i64 } else { axis };
    let Some(own) = usize::try_from(own).ok().filter(|own| *own <= rank) else {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "axis {axis} is none of an input of {rank} axes",
            ja: "軸 {axis} は {rank} 軸の入力にありません。"
        )));
    };
    if own == 1 && rank > 1 {
        return Ok(Some(OnnxLayer::new(Flatten::default())));
    }
    let Some(input) = node.input(0) else {
        return Ok(None);
    };
    let (before, behind) = input.axes.split_at(own);
    let product = |axes: &[usize]| axes.iter().product::<usize>() as i64;
    let shape = vec![product(before), product(behind)];
    Ok(Some(OnnxLayer::new(Reshape { shape })))
}

impl Described for Flatten {
    const DESCRIPTION: Description = Description {
        about: Localized::new("axes in one row", "軸を1列に並べる"),
        forms: &[Form {
            name: "Flatten",
            parameters: &["start_dim", "end_dim"],
            required: 0,
            make: |given| {
                Ok(Flatten {
                    start_dim: given.integer("start_dim", Some(first()))?,
                    end_dim: given.integer("end_dim", Some(last()))?,
                }
                .into())
            },
        }],
        example: || Flatten::default().into(),
        onnx: &[OnnxForm {
            op_type: "Flatten",
            make: of_node,
        }],
        family: Family::Arrangement,
        offered: true,
    };
}

impl Arrange for Flatten {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let Self { start_dim, end_dim } = *self;
        let (start, end) = (whole.place(start_dim)?, whole.place(end_dim)?);
        if start > end {
            return whole.unfit(says!(
                en: "start_dim = {start_dim} lies behind end_dim = {end_dim}; exchange them",
                ja: "start_dim = {start_dim} が end_dim = {end_dim} より後ろです。入れ替えてください。"
            ));
        }
        let mut view = whole.view();
        if view.axes.is_empty() {
            view.insert(0);
            return Ok(whole.kept(view));
        }
        let joined = AxisFormula::joined(&whole.lengths[start..=end]);
        view.join(start..end + 1);
        let mut arranged = whole.kept(view);
        arranged.formula[start] = joined;
        Ok(arranged)
    }

    fn mixes(&self, rank: usize) -> bool {
        is_batch(self.start_dim, rank)
    }

    fn written(&self, line: Line) -> Line {
        if line.style() == Style::Printed {
            return line
                .named("start_dim", self.start_dim)
                .named("end_dim", self.end_dim);
        }
        line.unless("start_dim", self.start_dim, first())
            .unless("end_dim", self.end_dim, last())
    }
}

arranged!(
    Flatten, Carry;
    "flattening", "平坦化",
    "Neighbouring axes become one. The numbers keep their order.",
    "隣り合う軸を、ひとつにまとめます。数の順番は変わりません。"
);
