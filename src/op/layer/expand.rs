//! `Expand` and `Tile`: elements several times.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html>, `torch.tile`;
//! <https://onnx.ai/onnx/operators/onnx__Expand.html>, `Tile`.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line};
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::says;

use super::arrangement::{Arrange, Arranged, Whole, arranged, listed, tuple};

/// Axes of length 1 repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expand {
    /// Lengths of the axes of the output, the batch axis included; −1 for as long as it is.
    pub size: Vec<i64>,
}

/// Axes repeated as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// How often for each of the last axes, the batch axis included.
    pub dims: Vec<usize>,
}

/// ONNX stretches either side: a length of 1 in the shape keeps the input's.
fn expand_of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let shape = node
        .constant_integers(1, "shape")?
        .ok_or(OnnxRefusal::Input {
            number: 1,
            name: "shape",
        })?;
    let Some(input) = node.input(0) else {
        return Ok(None);
    };
    let rank = shape.len().max(input.axes.len());
    let behind = |list: &[i64], axis: usize| {
        let missing = rank - list.len();
        axis.checked_sub(missing).map(|axis| list[axis])
    };
    let own: Vec<i64> = input.axes.iter().map(|&length| length as i64).collect();
    let size = (0..rank)
        .map(|axis| match (behind(&shape, axis), behind(&own, axis)) {
            (None | Some(1), Some(_)) => -1,
            (Some(length), Some(own)) if length == own => -1,
            (Some(length), _) => length,
            (None, None) => 1,
        })
        .collect();
    Ok(Some(OnnxLayer::new(Expand { size })))
}

impl Described for Expand {
    const DESCRIPTION: Description = Description {
        about: Localized::new("axes of length 1 repeated", "長さ1の軸をくり返す"),
        forms: &[Form {
            name: "Expand",
            parameters: &["size"],
            required: 1,
            make: |given| {
                Ok(Expand {
                    size: listed(given, "size")?,
                }
                .into())
            },
        }],
        example: || {
            Expand {
                size: vec![-1, 4, 6, 6],
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Expand",
            make: expand_of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Expand {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let rank = whole.rank();
        let size = tuple(&self.size);
        let Some(more) = self.size.len().checked_sub(rank) else {
            return whole.unfit(says!(
                en: "size = {size} needs a length for each of the {rank} axes, the batch axis included",
                ja: "size = {size} には、バッチを含む {rank} 個の軸ごとに長さが要ります。"
            ));
        };
        if more > 0 && whole.is_sample() {
            return whole.unfit(says!(
                en: "size = {size} has more axes than the input with its batch has, {rank}",
                ja: "size = {size} の軸は、バッチを含む入力の {rank} 個より多くなっています。"
            ));
        }
        let mut view = whole.view();
        for _ in 0..more {
            view.insert(0);
        }
        let mut arranged = whole.kept(view);
        for (axis, &length) in self.size.iter().enumerate() {
            let own = axis.checked_sub(more).map(|axis| whole.lengths[axis]);
            let wanted = match usize::try_from(length) {
                Ok(0) => None,
                Ok(wanted) => Some(wanted),
                Err(_) if length == -1 => own,
                Err(_) => None,
            };
            let Some(wanted) = wanted else {
                return whole.unfit(says!(
                    en: "{length} in size = {size} is no length; use at least 1, or −1 for an axis \
                         that stays",
                    ja: "size = {size} の {length} は長さではありません。1 以上か、そのままにする軸なら −1 に\
                         してください。"
                ));
            };
            let own = own.unwrap_or(1);
            if wanted == own {
                continue;
            }
            if own != 1 {
                return whole.unfit(says!(
                    en: "an axis of {own} cannot be expanded to {wanted}; only length 1 can",
                    ja: "長さ {own} の軸は {wanted} に広げられません。広げられるのは長さ 1 だけです。"
                ));
            }
            arranged.view.expand(axis, wanted);
            arranged.formula[axis] = AxisFormula::Times {
                input: 1,
                factor: wanted,
                result: wanted,
            };
        }
        Ok(arranged)
    }

    fn mixes(&self, rank: usize) -> bool {
        self.size.len() != rank || self.size.first() != Some(&-1)
    }

    fn written(&self, line: Line) -> Line {
        line.value(tuple(&self.size))
    }
}

arranged!(
    Expand, Copy;
    "an expansion", "引き伸ばし",
    "Axes of length 1 are repeated until they are long enough.",
    "長さ1の軸を、繰り返して広げます。"
);

/// How often is an input.
fn tile_of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let name = "repeats";
    let missing = OnnxRefusal::Input { number: 1, name };
    let repeats = node.constant_integers(1, name)?.ok_or(missing.clone())?;
    let dims: Vec<usize> = repeats
        .iter()
        .filter_map(|&count| usize::try_from(count).ok())
        .collect();
    if dims.len() != repeats.len() {
        return Err(missing);
    }
    let (given, rank) = (dims.len(), node.rank(0));
    if given != rank {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its repeats are {given} numbers for {rank} axes; it needs one for each axis",
            ja: "repeats は {given} 個ですが、軸は {rank} 個です。軸ごとに 1 つ要ります。"
        )));
    }
    Ok(Some(OnnxLayer::new(Tile { dims })))
}

impl Described for Tile {
    const DESCRIPTION: Description = Description {
        about: Localized::new("the whole repeated", "全体のくり返し"),
        forms: &[Form {
            name: "Tile",
            parameters: &["dims"],
            required: 1,
            make: |given| {
                let dims = listed(given, "dims")?;
                let counts: Vec<usize> = dims
                    .iter()
                    .filter_map(|&count| usize::try_from(count).ok())
                    .collect();
                if counts.len() != dims.len() {
                    return given.wrong(
                        "dims",
                        says!(
                            en: "dims says how often, at least 1 for each axis",
                            ja: "dims は軸ごとの回数です。1 以上にしてください。"
                        ),
                    );
                }
                Ok(Tile { dims: counts }.into())
            },
        }],
        example: || Tile { dims: vec![2, 1] }.into(),
        onnx: &[OnnxForm {
            op_type: "Tile",
            make: tile_of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Tile {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        if self.dims.contains(&0) {
            return Err(LayerError::Zero {
                layer: whole.layer,
                argument: "dims",
            });
        }
        let rank = whole.rank();
        let more = self.dims.len().saturating_sub(rank);
        let behind = rank.saturating_sub(self.dims.len());
        if more > 0 && whole.is_sample() {
            return whole.unfit(says!(
                en: "dims names more axes than the input with its batch has, {rank}",
                ja: "dims の軸は、バッチを含む入力の {rank} 個より多くなっています。"
            ));
        }
        let mut view = whole.view();
        for _ in 0..more {
            view.insert(0);
        }
        let lengths = view.lengths();
        let mut arranged = whole.kept(view);
        for (number, &factor) in self.dims.iter().enumerate() {
            if factor == 1 {
                continue;
            }
            let axis = number + behind;
            arranged.view.tile(axis, factor);
            let input = lengths[axis];
            arranged.formula[axis] = AxisFormula::Times {
                input,
                factor,
                result: input.saturating_mul(factor),
            };
        }
        Ok(arranged)
    }

    fn mixes(&self, rank: usize) -> bool {
        self.dims.len() > rank
            || (self.dims.len() == rank && self.dims.first().is_some_and(|count| *count != 1))
    }

    fn written(&self, line: Line) -> Line {
        let dims: Vec<i64> = self.dims.iter().map(|&count| count as i64).collect();
        line.value(tuple(&dims))
    }
}

arranged!(
    Tile, Copy;
    "tiling", "タイル状の繰り返し",
    "The whole input is repeated, copy beside copy.",
    "入力全体を、並べて繰り返します。"
);
