//! Constants worked out before anything runs: exporters write the arguments of a reshape, a resize
//! or a slice as a chain of nodes on whole numbers.
//!
//! Source: <https://onnx.ai/onnx/operators/>.

mod arithmetic;
mod moves;
mod reduce;

pub(super) use moves::{broadcast_axes, broadcast_places, sliced};

use super::constant::{Constant, Numbers};
use super::element::{ElementType, Kind};
use crate::language::{Localized, says};
use crate::op::{OnnxAttribute, OnnxConstant};

/// Numbers of a constant that is worked out, at most.
const MAX_COUNT: usize = 1 << 24;

/// Floats of one number everywhere, at most: 512 MiB.
const MAX_FILLED: usize = 1 << 27;

/// Floats that are worked on here, at most: a larger tensor is a weight, which the graph computes.
const MAX_FLOATS: usize = 1 << 16;

/// Why a constant cannot be worked out, and what would be right.
type Fault = Localized<String>;
type Folded = Result<Constant, Fault>;

/// A node whose inputs are constants, as far as they are.
pub(super) struct Folding<'a> {
    pub op_type: &'a str,
    pub attributes: &'a std::collections::BTreeMap<String, OnnxAttribute>,
    /// The inputs: `None` where one is left out or is no constant.
    pub inputs: Vec<Option<&'a Constant>>,
    /// The axes of the inputs, where they are known.
    pub axes: Vec<Option<Vec<usize>>>,
    /// Which inputs the node has.
    pub given: Vec<bool>,
}

impl Folding<'_> {
    /// The output; `None` where the node is not one that is worked out here, or depends on more
    /// than constants.
    pub(super) fn fold(&self) -> Option<Folded> {
        match self.op_type {
            "Constant" => return Some(self.constant()),
            "Shape" => return Some(self.shape()),
            "Size" => {
                let axes = self.axes.first()?.as_ref()?;
                let count = axes.iter().product::<usize>();
                return Some(Ok(Constant::integers(Vec::new(), vec![count as i64])));
            }
            _ => {}
        }
        let all = self.inputs.iter().zip(&self.given);
        if self.inputs.is_empty() || all.clone().any(|(one, given)| *given && one.is_none()) {
            return None;
        }
        let inputs: Vec<&Constant> = all.filter_map(|(one, _)| *one).collect();
        let only_view = matches!(
            self.op_type,
            "Identity" | "Reshape" | "Squeeze" | "Unsqueeze" | "Flatten"
        );
        let fits = |one: &&Constant| match &one.numbers {
            Numbers::Floats(numbers) => only_view || numbers.len() <= MAX_FLOATS,
            Numbers::Integers(_) => true,
            Numbers::Unread => false,
        };
        if !inputs.iter().all(fits) {
            return None;
        }
        Some(match self.op_type {
            "Identity" => Ok(self.first().clone()),
            "Cast" => self.cast(),
            "CastLike" => Ok(cast_to(self.first(), self.inputs.get(1)?.as_ref()?.element)),
            "ConstantOfShape" => self.constant_of_shape(),
            "Range" => self.range(),
            "Reshape" => self.reshape(),
            "Squeeze" => self.squeeze(),
            "Unsqueeze" => self.unsqueeze(),
            "Flatten" => self.flatten(),
            "Transpose" => self.transpose(),
            "Expand" => self.expand(),
            "Tile" => self.tile(),
            "Gather" => self.gather(),
            "Slice" => self.slice(),
            "Concat" => self.concat(),
            "Add" | "Sub" | "Mul" | "Div" | "Mod" | "Pow" | "Min" | "Max" | "And" | "Or"
            | "Xor" | "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" => {
                self.binary()
            }
            "Where" => self.choose(),
            "Neg" | "Abs" | "Sign" | "Floor" | "Ceil" | "Round" | "Sqrt" | "Reciprocal" | "Exp"
            | "Log" | "Not" => self.unary(),
            "ReduceProd" | "ReduceSum" | "ReduceMin" | "ReduceMax" => self.reduce(),
            "CumSum" => self.running_sum(),
            "NonZero" => self.non_zero(),
            _ => return None,
        })
    }

    /// The first input, which is there.
    fn first(&self) -> &Constant {
        const NONE: &Constant = &Constant {
            axes: Vec::new(),
            element: ElementType(0),
            numbers: Numbers::Unread,
        };
        self.inputs.first().copied().flatten().unwrap_or(NONE)
    }

    fn integer(&self, name: &str) -> Option<i64> {
        match self.attributes.get(name) {
            Some(OnnxAttribute::Integer(value)) => Some(*value),
            _ => None,
        }
    }

    fn integers(&self, name: &str) -> Option<&[i64]> {
        match self.attributes.get(name) {
            Some(OnnxAttribute::Integers(values)) => Some(values),
            _ => None,
        }
    }

    /// The whole numbers of an input, or of the attribute that it was in older versions.
    fn list(&self, input: usize, attribute: &str) -> Option<Vec<i64>> {
        match self.inputs.get(input).copied().flatten() {
            Some(constant) => constant.as_integers().map(<[i64]>::to_vec),
            None => self.integers(attribute).map(<[i64]>::to_vec),
        }
    }

    fn constant(&self) -> Folded {
        let found = self
            .attributes
            .iter()
            .find(|(name, _)| name.starts_with("value"));
        Ok(match found.map(|(_, value)| value) {
            Some(OnnxAttribute::Tensor(axes, numbers)) => {
                Constant::of(axes.clone(), numbers.clone())
            }
            Some(OnnxAttribute::Float(value)) => Constant::floats(Vec::new(), vec![*value]),
            Some(OnnxAttribute::Floats(values)) => {
                Constant::floats(vec![values.len()], values.clone())
            }
            Some(OnnxAttribute::Integer(value)) => Constant::integers(Vec::new(), vec![*value]),
            Some(OnnxAttribute::Integers(values)) => Constant::list(values.clone()),
            Some(OnnxAttribute::Text(_) | OnnxAttribute::Texts(_) | OnnxAttribute::Unread)
            | None => Constant::unread(ElementType(8)),
        })
    }

    fn shape(&self) -> Folded {
        let Some(Some(axes)) = self.axes.first() else {
            return Err(says!(
                en: "the shape of its input is not known",
                ja: "入力の形状が分かりません。"
            ));
        };
        let rank = axes.len() as i64;
        let place = |at: i64| (if at < 0 { at + rank } else { at }).clamp(0, rank) as usize;
        let start = place(self.integer("start").unwrap_or(0));
        let end = place(self.integer("end").unwrap_or(rank)).max(start);
        let lengths = axes[start..end].iter().map(|&length| length as i64);
        Ok(Constant::list(lengths.collect()))
    }

    fn cast(&self) -> Folded {
        let to = self.integer("to").unwrap_or(1);
        Ok(cast_to(self.first(), ElementType(to as i32)))
    }

    fn constant_of_shape(&self) -> Folded {
        let axes = lengths(self.first())?;
        let value = match self.attributes.get("value") {
            Some(OnnxAttribute::Tensor(_, numbers)) => numbers.clone(),
            _ => OnnxConstant::Floats(vec![0.0]),
        };
        match value {
            // A weight of one number everywhere, as the light networks of onnx have.
            OnnxConstant::Floats(numbers) => {
                let count = counted_to(&axes, MAX_FILLED)?;
                let value = numbers.first().copied().unwrap_or(0.0);
                Ok(Constant::floats(axes, vec![value; count]))
            }
            OnnxConstant::Integers(numbers) => {
                let count = counted(&axes)?;
                let value = numbers.first().copied().unwrap_or(0);
                Ok(Constant::integers(axes, vec![value; count]))
            }
        }
    }

    fn range(&self) -> Folded {
        let numbers: Option<Vec<&Constant>> = self.inputs.iter().copied().collect();
        let Some([start, limit, delta]) = numbers.as_deref() else {
            return Err(missing("delta"));
        };
        let integers = [start, limit, delta].map(|one| one.as_integers().and_then(<[_]>::first));
        if let [Some(&start), Some(&limit), Some(&delta)] = integers {
            if delta == 0 {
                return Err(says!(en: "its step is 0", ja: "刻みが 0 です。"));
            }
            let span = i128::from(limit) - i128::from(start);
            let step = i128::from(delta);
            let count = (span.abs() + step.abs() - 1) / step.abs();
            let count = if (span > 0) == (step > 0) { count } else { 0 };
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            counted(&[count])?;
            let numbers = (0..count as i64).map(|place| start.wrapping_add(place * delta));
            return Ok(Constant::list(numbers.collect()));
        }
        let floats = [start, limit, delta].map(|one| match &one.numbers {
            Numbers::Floats(numbers) => numbers.first().copied(),
            Numbers::Integers(_) | Numbers::Unread => None,
        });
        let [Some(start), Some(limit), Some(delta)] = floats else {
            return Err(missing("limit"));
        };
        let count = ((limit - start) / delta).ceil().max(0.0);
        // NaN becomes 0.
        let count = count as usize;
        counted(&[count])?;
        let numbers = (0..count).map(|place| start + place as f32 * delta);
        Ok(Constant::floats(vec![count], numbers.collect()))
    }
}

/// The lengths that whole numbers are.
fn lengths(constant: &Constant) -> Result<Vec<usize>, Fault> {
    let numbers = constant.as_integers().unwrap_or_default();
    let lengths = numbers.iter().map(|&length| usize::try_from(length).ok());
    lengths.collect::<Option<Vec<usize>>>().ok_or_else(
        || says!(en: "a length of its output is negative", ja: "出力の軸の長さが負です。"),
    )
}

/// How many numbers there are, where they may be held.
fn counted(axes: &[usize]) -> Result<usize, Fault> {
    counted_to(axes, MAX_COUNT)
}

fn counted_to(axes: &[usize], limit: usize) -> Result<usize, Fault> {
    axes.iter()
        .try_fold(1usize, |product, &length| product.checked_mul(length))
        .filter(|&count| count <= limit)
        .ok_or_else(|| {
            says!(
                en: "its output would have more numbers than are worked out here",
                ja: "出力の数が多すぎます。"
            )
        })
}

fn missing(name: &str) -> Fault {
    says!(en: "its input {name} is missing", ja: "入力 {name} がありません。")
}

/// An axis that may count from the end.
fn axis_of(axis: i64, rank: usize) -> Result<usize, Fault> {
    let from_start = if axis < 0 { axis + rank as i64 } else { axis };
    let found = usize::try_from(from_start).ok().filter(|&axis| axis < rank);
    found.ok_or_else(|| {
        says!(
            en: "axis {axis} is none of its {rank} axes",
            ja: "軸 {axis} は {rank} 個の軸の中にありません。"
        )
    })
}

/// The same numbers in another type.
fn cast_to(constant: &Constant, element: ElementType) -> Constant {
    let numbers = match (&constant.numbers, element.kind()) {
        (Numbers::Unread, _) | (_, Kind::Unread) => Numbers::Unread,
        (Numbers::Floats(numbers), Kind::Float) => Numbers::Floats(numbers.clone()),
        (Numbers::Floats(numbers), Kind::Bool) => {
            integers(numbers.iter().map(|&number| i64::from(number != 0.0)))
        }
        (Numbers::Floats(numbers), Kind::Integer) => {
            integers(numbers.iter().map(|&number| element.wrapped(number as i64)))
        }
        (Numbers::Integers(numbers), Kind::Float) => {
            let floats = numbers.iter().map(|&number| number as f32);
            Numbers::Floats(std::sync::Arc::new(floats.collect()))
        }
        (Numbers::Integers(numbers), Kind::Bool) => {
            integers(numbers.iter().map(|&number| i64::from(number != 0)))
        }
        (Numbers::Integers(numbers), Kind::Integer) => {
            integers(numbers.iter().map(|&number| element.wrapped(number)))
        }
    };
    Constant {
        axes: constant.axes.clone(),
        element,
        numbers,
    }
}

fn integers(numbers: impl Iterator<Item = i64>) -> Numbers {
    Numbers::Integers(std::sync::Arc::new(numbers.collect()))
}

#[cfg(test)]
mod tests;
