//! `Reshape` and `Unflatten`: other axes for the same elements in the same order.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.reshape.html>,
//! `torch.nn.Unflatten`; <https://onnx.ai/onnx/operators/onnx__Reshape.html>.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line};
use crate::op::error::LayerError;
use crate::op::formula::AxisFormula;
use crate::op::geometry::View;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::says;

use super::arrangement::{Arrange, Arranged, Whole, arranged, is_batch, listed, tuple};

/// Other axes for the same elements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reshape {
    /// Lengths of the axes, the batch axis included; one of them may be −1: what is left.
    pub shape: Vec<i64>,
}

/// One axis becomes several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unflatten {
    /// The axis, by PyTorch's numbers.
    pub dim: i64,
    /// Lengths of the axes that it becomes; one of them may be −1: what is left.
    pub unflattened_size: Vec<i64>,
}

/// Lengths with −1 worked out, for so many elements; the place of the −1.
fn lengths(
    layer: &'static str,
    given: &[i64],
    elements: usize,
) -> Result<(Vec<usize>, Option<usize>), LayerError> {
    let unfit = |why| Err(LayerError::Unfit { layer, why });
    let shape = tuple(given);
    let mut open = None;
    let mut product: usize = 1;
    for (place, &length) in given.iter().enumerate() {
        match usize::try_from(length) {
            Ok(0) => {
                return unfit(says!(
                    en: "the axes {shape} hold no element; every axis needs at least one",
                    ja: "軸 {shape} には要素がありません。どの軸にも 1 つ以上必要です。"
                ));
            }
            Ok(length) => match product.checked_mul(length) {
                Some(more) => product = more,
                None => {
                    return unfit(says!(
                        en: "the axes {shape} have too many elements",
                        ja: "軸 {shape} の要素が多すぎます。"
                    ));
                }
            },
            Err(_) if length == -1 && open.is_none() => open = Some(place),
            Err(_) if length == -1 => {
                return unfit(says!(
                    en: "−1 stands twice in {shape}; only one axis can be what is left",
                    ja: "{shape} に −1 が 2 つあります。残りの長さにできる軸は 1 つだけです。"
                ));
            }
            Err(_) => {
                return unfit(says!(
                    en: "{length} in {shape} is no length; use at least 1, or −1 for what is left",
                    ja: "{shape} の {length} は長さではありません。1 以上か、残りを表す −1 にしてください。"
                ));
            }
        }
    }
    let fits = match open {
        Some(_) => elements.is_multiple_of(product),
        None => product == elements,
    };
    if !fits {
        return unfit(says!(
            en: "{elements} elements do not fit into axes of {shape}",
            ja: "{elements} 個の要素は軸 {shape} に収まりません。"
        ));
    }
    let own = given
        .iter()
        .map(|&length| usize::try_from(length).unwrap_or(elements / product))
        .collect();
    Ok((own, open))
}

/// The shape is an input; in operator set 1 it was an attribute.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let shape = match node.integers("shape")? {
        Some(shape) => shape,
        None => node
            .constant_integers(1, "shape")?
            .ok_or(OnnxRefusal::Input {
                number: 1,
                name: "shape",
            })?,
    };
    let Some(input) = node.input(0) else {
        return Ok(None);
    };
    let mut resolved = shape.clone();
    if node.integer("allowzero", 0)? == 0 {
        for (axis, length) in resolved.iter_mut().enumerate() {
            if let (0, Some(&own)) = (*length, input.axes.get(axis)) {
                *length = own as i64;
            }
        }
    }
    // The batch stays a batch where it is one before and behind.
    let elements = input.axes.iter().product();
    if let (Ok((own, _)), Some(&batch)) =
        (lengths("Reshape", &resolved, elements), input.axes.first())
        && own.first() == Some(&batch)
    {
        resolved = own.iter().map(|&length| length as i64).collect();
        resolved[0] = -1;
    }
    Ok(Some(OnnxLayer::new(Reshape { shape: resolved })))
}

impl Described for Reshape {
    const DESCRIPTION: Description = Description {
        about: Localized::new("other axes", "軸を組み直す"),
        forms: &[Form {
            name: "Reshape",
            parameters: &["shape"],
            required: 1,
            make: |given| {
                let shape = listed(given, "shape")?;
                Ok(Reshape { shape }.into())
            },
        }],
        example: || {
            Reshape {
                shape: vec![-1, 6, 24],
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "Reshape",
            make: of_node,
        }],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Reshape {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let elements = whole.lengths.iter().product();
        let (lengths, open) = lengths(whole.layer, &self.shape, elements)?;
        if lengths.is_empty() && whole.is_sample() {
            return whole.unfit(says!(
                en: "the shape needs the batch axis in front, as (1,)",
                ja: "形状の先頭にはバッチの軸が要ります。たとえば (1,) です。"
            ));
        }
        if whole.is_sample() && lengths.first() != Some(&1) {
            let rest = elements;
            return whole.unfit(says!(
                en: "the first axis of a shape is the batch: write (-1, …), so that the rest holds \
                     the {rest} elements of a sample",
                ja: "形状の先頭はバッチの軸です。(-1, …) と書き、残りの軸にサンプルの {rest} 個の要素が\
                     収まるようにしてください。"
            ));
        }
        let mut arranged = whole.kept(View::of(&lengths));
        if let Some(open) = open {
            let result = lengths[open];
            arranged.formula[open] = AxisFormula::Divided {
                input: elements,
                factor: elements / result,
                result,
            };
        }
        Ok(arranged)
    }

    fn mixes(&self, _rank: usize) -> bool {
        self.shape.first() != Some(&-1)
    }

    fn written(&self, line: Line) -> Line {
        line.value(tuple(&self.shape))
    }
}

arranged!(
    Reshape, Carry;
    "reshaping", "形の変更",
    "The same numbers, in the same order, get other axes.",
    "同じ数を、同じ順番のまま、別の形に並べます。"
);

impl Described for Unflatten {
    const DESCRIPTION: Description = Description {
        about: Localized::new("one axis as several", "1つの軸を分ける"),
        forms: &[Form {
            name: "Unflatten",
            parameters: &["dim", "unflattened_size"],
            required: 2,
            make: |given| {
                Ok(Unflatten {
                    dim: given.integer("dim", None)?,
                    unflattened_size: listed(given, "unflattened_size")?,
                }
                .into())
            },
        }],
        example: || {
            Unflatten {
                dim: 1,
                unflattened_size: vec![2, -1],
            }
            .into()
        },
        onnx: &[],
        family: Family::Arrangement,
        offered: false,
    };
}

impl Arrange for Unflatten {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let axis = whole.place(self.dim)?;
        let Some(&length) = whole.lengths.get(axis) else {
            return whole.unfit(says!(
                en: "a single number has no axis to take apart",
                ja: "1つの数には、分ける軸がありません。"
            ));
        };
        if self.unflattened_size.is_empty() {
            return whole.unfit(says!(
                en: "unflattened_size is empty; give at least one length",
                ja: "unflattened_size が空です。長さを 1 つ以上書いてください。"
            ));
        }
        let (parts, _) = lengths(whole.layer, &self.unflattened_size, length)?;
        let mut view = whole.view();
        view.split(axis, &parts);
        let mut arranged = whole.kept(view);
        for (place, &part) in parts.iter().enumerate() {
            arranged.formula[axis + place] = AxisFormula::Divided {
                input: length,
                factor: length / part,
                result: part,
            };
        }
        Ok(arranged)
    }

    fn mixes(&self, rank: usize) -> bool {
        is_batch(self.dim, rank)
    }

    fn written(&self, line: Line) -> Line {
        line.named("dim", self.dim)
            .named("unflattened_size", tuple(&self.unflattened_size))
    }
}

arranged!(
    Unflatten, Carry;
    "unflattening", "平坦化の逆",
    "One axis becomes several. The numbers keep their order.",
    "ひとつの軸を、いくつかに分けます。数の順番は変わりません。"
);
