//! `Squeeze` and `Unsqueeze`: axes of length 1 away, or in.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.squeeze.html>, `torch.unsqueeze`;
//! <https://onnx.ai/onnx/operators/onnx__Squeeze.html>, `Unsqueeze`.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line};
use crate::op::error::LayerError;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::says;

use super::arrangement::{Arrange, Arranged, Whole, arranged, is_batch, listed};
use super::defaults::{inner, some};
use super::dim;

/// Axes of length 1 away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Squeeze {
    /// Which, by PyTorch's numbers; a longer one stays. All of length 1 without.
    #[serde(
        default,
        deserialize_with = "some",
        serialize_with = "inner",
        skip_serializing_if = "Option::is_none"
    )]
    pub dim: Option<Vec<i64>>,
}

/// Axes of length 1 in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsqueeze {
    /// Where in the output, by PyTorch's numbers; PyTorch takes one.
    pub dim: Vec<i64>,
}

/// The axes: an attribute in older operator sets, an input in newer ones.
fn axes(node: &OnnxNode) -> Result<Option<Vec<i64>>, OnnxRefusal> {
    match node.integers("axes")? {
        Some(axes) => Ok(Some(axes)),
        None => node.constant_integers(1, "axes"),
    }
}

/// An empty list is none to ONNX Runtime: all axes of length 1. A longer axis, which PyTorch lets be,
/// it refuses.
fn squeeze_of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let dim = axes(node)?.filter(|axes| !axes.is_empty());
    let own = node.input(0).map_or(&[][..], |input| &input.axes);
    for &axis in dim.iter().flatten() {
        let place = if axis < 0 {
            axis + own.len() as i64
        } else {
            axis
        };
        let length = usize::try_from(place).ok().and_then(|place| own.get(place));
        if let Some(length) = length.filter(|length| **length != 1) {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "axis {axis} has length {length}; only axes of length 1 can be squeezed away",
                ja: "軸 {axis} の長さは {length} です。除けるのは長さ 1 の軸だけです。"
            )));
        }
    }
    Ok(Some(OnnxLayer::new(Squeeze { dim })))
}

impl Described for Squeeze {
    const DESCRIPTION: Description = Description {
        about: Localized::new("axes of length 1 away", "長さ1の軸を除く"),
        forms: &[Form {
            name: "Squeeze",
            parameters: &["dim"],
            required: 0,
            make: |given| {
                let dim = given.integers("dim")?;
                Ok(Squeeze { dim }.into())
            },
        }],
        example: || Squeeze { dim: None }.into(),
        onnx: &[OnnxForm {
            op_type: "Squeeze",
            make: squeeze_of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Squeeze {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let chosen = match &self.dim {
            Some(dims) => whole.chosen(dims)?,
            None => vec![true; whole.rank()],
        };
        let mut view = whole.view();
        let own = usize::from(whole.is_sample());
        for axis in (own..whole.rank()).rev() {
            if chosen[axis] && whole.lengths[axis] == 1 {
                view.axes.remove(axis);
            }
        }
        Ok(whole.kept(view))
    }

    fn mixes(&self, rank: usize) -> bool {
        dim::names_batch(self.dim.as_deref(), rank)
    }

    fn written(&self, line: Line) -> Line {
        match &self.dim {
            Some(dims) => line.value(dim::written(dims)),
            None => line,
        }
    }
}

arranged!(
    Squeeze, Carry;
    "squeezing", "長さ1の軸の削除",
    "Axes of length 1 are taken away. The numbers stay.",
    "長さ1の軸を取り除きます。数はそのままです。"
);

impl Described for Unsqueeze {
    const DESCRIPTION: Description = Description {
        about: Localized::new("an axis of length 1 more", "長さ1の軸を加える"),
        forms: &[Form {
            name: "Unsqueeze",
            parameters: &["dim"],
            required: 1,
            make: |given| {
                let dim = listed(given, "dim")?;
                Ok(Unsqueeze { dim }.into())
            },
        }],
        example: || Unsqueeze { dim: vec![1] }.into(),
        onnx: &[OnnxForm {
            op_type: "Unsqueeze",
            make: |node| {
                let dim = axes(node)?.ok_or(OnnxRefusal::Input {
                    number: 1,
                    name: "axes",
                })?;
                Ok(Some(OnnxLayer::new(Unsqueeze { dim })))
            },
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Unsqueeze {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let rank = whole.rank() + self.dim.len();
        let mut places = Vec::with_capacity(self.dim.len());
        for &dim in &self.dim {
            let place = whole.place_among(dim, rank)?;
            if places.contains(&place) {
                return whole.unfit(says!(
                    en: "axis {dim} is named twice; leave one out",
                    ja: "軸 {dim} が 2 回あります。ひとつ外してください。"
                ));
            }
            places.push(place);
        }
        places.sort_unstable();
        let mut view = whole.view();
        for place in places {
            view.insert(place);
        }
        Ok(whole.kept(view))
    }

    fn mixes(&self, rank: usize) -> bool {
        let rank = rank + self.dim.len();
        self.dim.iter().any(|&dim| is_batch(dim, rank))
    }

    fn written(&self, line: Line) -> Line {
        line.value(dim::written(&self.dim))
    }
}

arranged!(
    Unsqueeze, Carry;
    "unsqueezing", "長さ1の軸の追加",
    "Axes of length 1 are put in. The numbers stay.",
    "長さ1の軸を加えます。数はそのままです。"
);
