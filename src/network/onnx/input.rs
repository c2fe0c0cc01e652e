//! The inputs of a network: what a file leaves open is asked for, and what does not fit is told with
//! what would be right.

use std::sync::Arc;

use super::constant::{Constant, Numbers};
use super::element::{ElementType, Kind};
use super::error::OnnxError;
use super::model::{Declared, DeclaredAxis, DeclaredKind, Model};
use crate::language::says;
use crate::tensor::{Shape, Tensor};

/// What is given for an input.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenInput {
    /// Its name; without one, the first input that has none given yet.
    pub name: Option<String>,
    /// Its shape, the batch included.
    pub shape: Shape,
    /// Its numbers, where it is to be computed.
    pub tensor: Option<Tensor>,
    /// Its axes where one of them is 0: an empty list of axes, say, which no tensor is. The shape is
    /// of no meaning then.
    pub empty: Option<Vec<usize>>,
}

/// An input with its shape.
pub(super) struct Resolved {
    pub name: String,
    pub shape: Shape,
    pub batched: bool,
    pub kind: Kind,
    pub element: ElementType,
    pub tensor: Option<Tensor>,
    pub empty: Option<Vec<usize>>,
}

impl Resolved {
    /// Its numbers as a constant, where they are given.
    pub(super) fn constant(&self) -> Option<Constant> {
        if let Some(axes) = &self.empty {
            let numbers = match self.kind {
                Kind::Integer | Kind::Bool => Numbers::Integers(Arc::default()),
                Kind::Float | Kind::Unread => Numbers::Floats(Arc::default()),
            };
            return Some(Constant {
                axes: axes.clone(),
                element: self.element,
                numbers,
            });
        }
        let tensor = self.tensor.as_ref()?;
        let numbers = match self.kind {
            Kind::Integer | Kind::Bool => {
                let numbers = tensor.data().iter().map(|&number| number as i64);
                Numbers::Integers(Arc::new(numbers.collect()))
            }
            Kind::Float | Kind::Unread => Numbers::Floats(Arc::new(tensor.data().to_vec())),
        };
        Some(Constant {
            axes: tensor.shape().axes().to_vec(),
            element: self.element,
            numbers,
        })
    }
}

/// The length that is written for an open axis in an example.
const EXAMPLE: usize = 224;

impl Model {
    /// The name of the input that is given without one: the first that is no constant.
    ///
    /// # Errors
    /// When several could be meant, or the network has no input.
    pub fn only_input(&self) -> Result<&Declared, OnnxError> {
        match self.inputs.as_slice() {
            [only] => Ok(only),
            several => Err(OnnxError::WhichInput {
                known: several.iter().map(|input| input.name.clone()).collect(),
            }),
        }
    }

    /// Gives every input its shape.
    pub(super) fn resolve(&self, given: &[GivenInput]) -> Result<Vec<Resolved>, OnnxError> {
        let mut named: Vec<(&str, &GivenInput)> = Vec::new();
        for one in given {
            let name = match &one.name {
                Some(name) => {
                    let known = self.inputs.iter().find(|input| input.name == *name);
                    let known = known.ok_or_else(|| OnnxError::NoInput {
                        name: name.clone(),
                        known: self.inputs.iter().map(|input| input.name.clone()).collect(),
                    })?;
                    known.name.as_str()
                }
                None => self.only_input()?.name.as_str(),
            };
            named.push((name, one));
        }
        let inputs = self.inputs.iter();
        let resolved = inputs.map(|input| {
            let given = named.iter().find(|(name, _)| *name == input.name);
            resolve(input, given.map(|(_, given)| *given))
        });
        resolved.collect()
    }
}

fn resolve(input: &Declared, given: Option<&GivenInput>) -> Result<Resolved, OnnxError> {
    let name = input.name.clone();
    let element = match input.kind {
        DeclaredKind::Tensor(element, _) => element,
        DeclaredKind::Other(kind) => return Err(OnnxError::InputKind { name, kind }),
    };
    if element.kind() == Kind::Unread && element.0 != 0 {
        return Err(OnnxError::InputKind {
            name,
            kind: "string or complex",
        });
    }
    let axes = input.axes();
    let open = |axis: &DeclaredAxis| !matches!(axis, DeclaredAxis::Length(_));
    let (shape, tensor) = match given {
        Some(given) if given.empty.is_some() => (given.shape, None),
        Some(given) => {
            // A file of numbers has at least one axis.
            if axes == Some(&[]) && given.shape.count() == 1 {
                let number = given.tensor.clone();
                let number = number.and_then(|number| number.reshaped(Shape::SCALAR).ok());
                (Shape::SCALAR, number)
            } else {
                let shape = match axes {
                    Some(axes) => fitting(input, axes, &given.shape)?,
                    None => given.shape,
                };
                let numbers = given.tensor.clone();
                (
                    shape,
                    numbers.and_then(|numbers| numbers.reshaped(shape).ok()),
                )
            }
        }
        None => {
            let lengths = axes.and_then(|axes| {
                let lengths = axes.iter().enumerate().map(|(place, axis)| match axis {
                    DeclaredAxis::Length(length) => Some(*length),
                    // A batch of one.
                    DeclaredAxis::Named(_) | DeclaredAxis::Open => (place == 0).then_some(1),
                });
                lengths.collect::<Option<Vec<usize>>>()
            });
            let shape = lengths.and_then(|lengths| Shape::of_axes(&lengths).ok());
            (shape.ok_or_else(|| asked(input))?, None)
        }
    };
    let batched = match (axes.and_then(<[_]>::first), shape.axes()) {
        (_, []) => false,
        (Some(first), _) if open(first) => true,
        (_, axes) => axes.len() >= 4 || (axes.len() >= 2 && axes[0] == 1),
    };
    Ok(Resolved {
        name,
        shape,
        batched,
        kind: if element.0 == 0 {
            Kind::Float
        } else {
            element.kind()
        },
        element,
        tensor,
        empty: given.and_then(|given| given.empty.clone()),
    })
}

/// Asks for a shape, with one that would do.
fn asked(input: &Declared) -> OnnxError {
    let lengths = input.axes().unwrap_or(&[const { DeclaredAxis::Open }; 4]);
    let mut example = Vec::new();
    for (place, axis) in lengths.iter().enumerate() {
        example.push(match axis {
            DeclaredAxis::Length(length) => length.to_string(),
            _ if place == 0 => String::from("1"),
            _ if place == 1 && lengths.len() == 4 => String::from("3"),
            _ => EXAMPLE.to_string(),
        });
    }
    OnnxError::InputOpen {
        name: input.name.clone(),
        axes: input.written(),
        example: example.join("x"),
    }
}

/// Whether lengths are those that the file declares, as far as it does.
fn agrees(axes: &[DeclaredAxis], given: &[usize]) -> bool {
    axes.len() == given.len()
        && axes.iter().zip(given).all(|(axis, given)| match axis {
            DeclaredAxis::Length(length) => length == given,
            DeclaredAxis::Named(_) | DeclaredAxis::Open => true,
        })
}

/// The shape that the file declares for what is given: that itself, or a batch of one of it.
fn fitting(input: &Declared, axes: &[DeclaredAxis], shape: &Shape) -> Result<Shape, OnnxError> {
    let given = shape.axes();
    if agrees(axes, given) {
        return Ok(*shape);
    }
    let with_batch = [&[1], given].concat();
    if agrees(axes, &with_batch)
        && let Ok(shape) = Shape::new(&with_batch)
    {
        return Ok(shape);
    }
    let crossed = |lengths: &[usize]| {
        let lengths = lengths.iter().map(usize::to_string);
        lengths.collect::<Vec<_>>().join("x")
    };
    let hint = if let Some(right) = channels_first(given).filter(|right| agrees(axes, right)) {
        let right = crossed(&right);
        says!(
            en: "that is channels last, as Keras and pictures have it; PyTorch and ONNX have channels first: {right}, numpy.moveaxis(x, -1, -3)",
            ja: "チャネルが最後の並び (Keras や画像の並び) です。PyTorch と ONNX では先に来ます: {right}。numpy.moveaxis(x, -1, -3) で並べ替えられます。"
        )
    } else if given.len() == axes.len() + 1 && given[0] == 1 && agrees(axes, &given[1..]) {
        let right = crossed(&given[1..]);
        says!(
            en: "it has no batch axis: write {right}",
            ja: "バッチの軸はありません。{right} と書いてください。"
        )
    } else if axes.len() == given.len() {
        let mut differing = axes.iter().zip(given).enumerate();
        let place = differing.find_map(|(place, (axis, given))| match axis {
            DeclaredAxis::Length(length) if length != given => Some((place, *length)),
            _ => None,
        });
        let (place, length) = place.unwrap_or((0, 1));
        says!(
            en: "axis {place} must be {length}",
            ja: "軸 {place} は {length} でなければなりません。"
        )
    } else {
        let rank = axes.len();
        says!(en: "it needs {rank} axes", ja: "軸は {rank} 個です。")
    };
    Err(OnnxError::InputShape {
        name: input.name.clone(),
        axes: input.written(),
        given: shape.to_string(),
        hint,
    })
}

/// A shape with its last axis in front of rows and columns, and with a batch axis where it has none.
fn channels_first(given: &[usize]) -> Option<Vec<usize>> {
    match *given {
        [batch, height, width, channels] => Some(vec![batch, channels, height, width]),
        [height, width, channels] => Some(vec![1, channels, height, width]),
        _ => None,
    }
}
