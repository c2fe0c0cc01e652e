//! `Permute`, `Transpose` and `Flip`: axes in another order, or backwards.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.permute.html>, `torch.transpose`,
//! `torch.flip`; <https://onnx.ai/onnx/operators/onnx__Transpose.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line};
use crate::op::error::LayerError;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::says;

use super::arrangement::{Arrange, Arranged, Whole, arranged, is_batch, listed, tuple};

/// Axes in another order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permute {
    /// For each axis of the output the axis of the input that it is, by PyTorch's numbers.
    pub dims: Vec<i64>,
}

/// Two axes in each other's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transpose {
    /// One of them, by PyTorch's numbers.
    pub dim0: i64,
    /// The other.
    pub dim1: i64,
}

/// Axes backwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flip {
    /// Which, by PyTorch's numbers.
    pub dims: Vec<i64>,
}

/// Without an order, ONNX turns it round.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let dims = match node.integers("perm")? {
        Some(dims) => dims,
        None => (0..node.rank(0) as i64).rev().collect(),
    };
    Ok(Some(OnnxLayer::new(Permute { dims })))
}

impl Described for Permute {
    const DESCRIPTION: Description = Description {
        about: Localized::new("axes in another order", "軸の並べ替え"),
        forms: &[Form {
            name: "Permute",
            parameters: &["dims"],
            required: 1,
            make: |given| {
                Ok(Permute {
                    dims: listed(given, "dims")?,
                }
                .into())
            },
        }],
        example: || {
            Permute {
                dims: vec![0, 2, 3, 1],
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Transpose",
            make: of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Permute {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let rank = whole.rank();
        let dims = tuple(&self.dims);
        let mut seen = vec![false; rank];
        let mut order = Vec::with_capacity(rank);
        for &dim in &self.dims {
            let place = if dim < 0 { dim + rank as i64 } else { dim };
            let place = usize::try_from(place).ok().filter(|place| *place < rank);
            if let Some(place) = place
                && !std::mem::replace(&mut seen[place], true)
            {
                order.push(place);
            }
        }
        if order.len() != rank || self.dims.len() != rank {
            return whole.unfit(says!(
                en: "dims = {dims} must name each of the {rank} axes once, the batch axis 0 included",
                ja: "dims = {dims} には、バッチの軸 0 を含む {rank} 個の軸を 1 回ずつ書いてください。"
            ));
        }
        if whole.is_sample() && order[0] != 0 {
            return whole.unfit(says!(
                en: "dims = {dims} moves the batch axis, which one sample does not have; leave 0 in \
                     front, or give the input with its batch",
                ja: "dims = {dims} はバッチの軸を動かしますが、サンプルひとつにはありません。先頭を 0 のまま\
                     にするか、バッチを含む入力を与えてください。"
            ));
        }
        let mut view = whole.view();
        view.permute(&order);
        Ok(whole.kept(view))
    }

    fn mixes(&self, rank: usize) -> bool {
        !self.dims.first().is_some_and(|&dim| is_batch(dim, rank))
    }

    fn written(&self, line: Line) -> Line {
        line.value(tuple(&self.dims))
    }
}

arranged!(
    Permute, Carry;
    "a permutation of axes", "軸の並べ替え",
    "The axes change places, and every number moves with them.",
    "軸の順序を入れ替えます。数も一緒に動きます。"
);

impl Described for Transpose {
    const DESCRIPTION: Description = Description {
        about: Localized::new("two axes exchanged", "2つの軸の入れ替え"),
        forms: &[Form {
            name: "Transpose",
            parameters: &["dim0", "dim1"],
            required: 2,
            make: |given| {
                Ok(Transpose {
                    dim0: given.integer("dim0", None)?,
                    dim1: given.integer("dim1", None)?,
                }
                .into())
            },
        }],
        example: || Transpose { dim0: 2, dim1: 3 }.into(),
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Transpose {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let (first, second) = (whole.place(self.dim0)?, whole.place(self.dim1)?);
        let mut order: Vec<usize> = (0..whole.rank()).collect();
        if !order.is_empty() {
            order.swap(first, second);
        }
        let mut view = whole.view();
        view.permute(&order);
        Ok(whole.kept(view))
    }

    fn mixes(&self, rank: usize) -> bool {
        is_batch(self.dim0, rank) || is_batch(self.dim1, rank)
    }

    fn written(&self, line: Line) -> Line {
        line.value(self.dim0).value(self.dim1)
    }
}

arranged!(
    Transpose, Carry;
    "a transposition", "軸の入れ替え",
    "Two axes change places, and every number moves with them.",
    "2つの軸を入れ替えます。数も一緒に動きます。"
);

impl Described for Flip {
    const DESCRIPTION: Description = Description {
        about: Localized::new("axes backwards", "軸の反転"),
        forms: &[Form {
            name: "Flip",
            parameters: &["dims"],
            required: 1,
            make: |given| {
                Ok(Flip {
                    dims: listed(given, "dims")?,
                }
                .into())
            },
        }],
        example: || Flip { dims: vec![-1] }.into(),
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Flip {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let chosen = whole.chosen(&self.dims)?;
        let mut view = whole.view();
        for axis in (0..whole.rank()).filter(|axis| chosen[*axis]) {
            let length = whole.lengths[axis];
            view.slice(axis, length - 1, -1, length);
        }
        Ok(whole.kept(view))
    }

    fn mixes(&self, rank: usize) -> bool {
        self.dims.iter().any(|&dim| is_batch(dim, rank))
    }

    fn written(&self, line: Line) -> Line {
        line.value(tuple(&self.dims))
    }
}

arranged!(
    Flip, Carry;
    "a flip", "反転",
    "An axis is turned round, so that the last comes first.",
    "軸の向きを逆にします。最後が最初になります。"
);
