//! Numbers that stand in a file, or beside it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::element::{ElementType, Kind};
use super::error::{OnnxError, TensorFault};
use super::wire::{Value, WireError, fields};
use crate::op::OnnxConstant;
use crate::tensor::{MAX_ELEMENTS, ReadFile, Shape, Tensor};

/// Numbers of all constants together, at most: 2 GiB of `f32`. A file may refer to the same bytes
/// beside it any number of times.
const MAX_NUMBERS: usize = 1 << 29;

/// Whole numbers of one constant, at most. They are stored by as little as one byte each.
const MAX_INTEGERS: usize = 1 << 26;

/// Numbers that are known before anything runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Its axes; none for a single number. They may be 0, which stands for "nothing" in a file.
    pub axes: Vec<usize>,
    /// The type that it has in the file.
    pub element: ElementType,
    /// The numbers, in row-major order.
    pub numbers: Numbers,
}

/// Numbers, shared by all who hold them.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// Of any type of float.
    Floats(Arc<Vec<f32>>),
    /// Of any type of whole number, and truths as 1 and 0.
    Integers(Arc<Vec<i64>>),
    /// Texts, complex numbers, and what is sparse.
    Unread,
}

impl Constant {
    pub(super) fn floats(axes: Vec<usize>, numbers: Vec<f32>) -> Self {
        Self {
            axes,
            element: ElementType::FLOAT,
            numbers: Numbers::Floats(Arc::new(numbers)),
        }
    }

    pub(super) fn integers(axes: Vec<usize>, numbers: Vec<i64>) -> Self {
        Self {
            axes,
            element: ElementType::INT64,
            numbers: Numbers::Integers(Arc::new(numbers)),
        }
    }

    /// A list of whole numbers.
    pub(super) fn list(numbers: Vec<i64>) -> Self {
        Self::integers(vec![numbers.len()], numbers)
    }

    pub(super) fn unread(element: ElementType) -> Self {
        Self {
            axes: Vec::new(),
            element,
            numbers: Numbers::Unread,
        }
    }

    pub(super) fn of(axes: Vec<usize>, numbers: OnnxConstant) -> Self {
        match numbers {
            OnnxConstant::Floats(numbers) => Self::floats(axes, numbers),
            OnnxConstant::Integers(numbers) => Self::integers(axes, numbers),
        }
    }

    /// How many numbers it has.
    #[must_use]
    pub fn count(&self) -> usize {
        match &self.numbers {
            Numbers::Floats(numbers) => numbers.len(),
            Numbers::Integers(numbers) => numbers.len(),
            Numbers::Unread => 0,
        }
    }

    /// Its whole numbers; `None` where it has others.
    #[must_use]
    pub fn as_integers(&self) -> Option<&[i64]> {
        match &self.numbers {
            Numbers::Integers(numbers) => Some(numbers),
            Numbers::Floats(_) | Numbers::Unread => None,
        }
    }

    /// The same for an operation to read; `None` where it is not read.
    pub(super) fn read(&self) -> Option<OnnxConstant> {
        match &self.numbers {
            Numbers::Floats(numbers) => Some(OnnxConstant::Floats(numbers.to_vec())),
            Numbers::Integers(numbers) => Some(OnnxConstant::Integers(numbers.to_vec())),
            Numbers::Unread => None,
        }
    }

    /// It as a tensor; `None` where it has no elements, or is not read.
    #[must_use]
    pub fn tensor(&self) -> Option<Tensor> {
        let shape = Shape::of_axes(&self.axes).ok()?;
        match &self.numbers {
            Numbers::Floats(numbers) => Tensor::shared(shape, Arc::clone(numbers)).ok(),
            Numbers::Integers(numbers) => {
                Tensor::new(shape, numbers.iter().map(|&number| number as f32).collect()).ok()
            }
            Numbers::Unread => None,
        }
    }
}

/// Reads constants, and the files beside that hold their numbers.
pub(super) struct Store<'f> {
    read: &'f ReadFile<'f>,
    files: RefCell<BTreeMap<String, Arc<Vec<u8>>>>,
    /// Numbers that may still be taken.
    left: RefCell<usize>,
}

/// A tensor as it stands in the file, not yet looked at.
#[derive(Default)]
struct Stored<'a> {
    name: String,
    dims: Vec<i64>,
    element: i32,
    raw: Option<&'a [u8]>,
    floats: Vec<f32>,
    /// Fields of whole numbers, and how many bytes they take.
    integers: Vec<Value<'a>>,
    beside: Vec<(String, String)>,
    is_beside: bool,
}

impl<'f> Store<'f> {
    pub(super) fn new(read: &'f ReadFile<'f>) -> Self {
        Self {
            read,
            files: RefCell::default(),
            left: RefCell::new(MAX_NUMBERS),
        }
    }

    /// Reads a `TensorProto`: its name and its numbers.
    pub(super) fn constant(&self, message: &[u8]) -> Result<(String, Constant), OnnxError> {
        let stored = Stored::read(message)?;
        let name = stored.name.clone();
        match self.numbers(stored) {
            Ok(constant) => Ok((name, constant)),
            Err(why) => Err(OnnxError::Tensor { name, why }),
        }
    }

    fn numbers(&self, stored: Stored) -> Result<Constant, TensorFault> {
        let element = ElementType(stored.element);
        if element.kind() == Kind::Unread {
            return Ok(Constant::unread(element));
        }
        let lengths: Option<Vec<usize>> = stored
            .dims
            .iter()
            .map(|&length| usize::try_from(length).ok())
            .collect();
        let axes = lengths.ok_or(TensorFault::Axes)?;
        let count = axes
            .iter()
            .try_fold(1usize, |product, &length| product.checked_mul(length))
            .filter(|&count| count <= MAX_ELEMENTS)
            .ok_or(TensorFault::TooLarge)?;
        let bytes = element.bytes(count).ok_or(TensorFault::TooLarge)?;
        {
            let mut left = self.left.borrow_mut();
            *left = left.checked_sub(count).ok_or(TensorFault::TooLarge)?;
        }
        let numbers = if stored.is_beside {
            let (file, from) = self.beside(&stored.beside, bytes)?;
            read_raw(element, &file[from..from + bytes], count)
        } else if let Some(raw) = stored.raw {
            if raw.len() != bytes {
                return Err(TensorFault::Count {
                    needed: bytes,
                    given: raw.len(),
                });
            }
            read_raw(element, raw, count)
        } else {
            typed(element, stored, count)?
        };
        let given = match &numbers {
            Numbers::Floats(numbers) => numbers.len(),
            Numbers::Integers(numbers) => numbers.len(),
            Numbers::Unread => 0,
        };
        if given != count {
            return Err(TensorFault::Count {
                needed: count,
                given,
            });
        }
        Ok(Constant {
            axes,
            element,
            numbers,
        })
    }

    /// The file beside that holds the numbers, and where in it they begin.
    fn beside(
        &self,
        entries: &[(String, String)],
        needed: usize,
    ) -> Result<(Arc<Vec<u8>>, usize), TensorFault> {
        let entry = |wanted: &str| {
            let found = entries.iter().find(|(key, _)| key == wanted);
            found.map(|(_, value)| value.trim())
        };
        let number = |wanted: &str| match entry(wanted) {
            None => Ok(None),
            Some(text) => text
                .parse::<usize>()
                .map(Some)
                .map_err(|_| TensorFault::Place),
        };
        let location = entry("location").ok_or(TensorFault::Place)?;
        let offset = number("offset")?.unwrap_or(0);
        if number("length")?.is_some_and(|length| length != needed) {
            return Err(TensorFault::Place);
        }
        if needed == 0 {
            return Ok((Arc::default(), 0));
        }
        let held = self.files.borrow().get(location).cloned();
        let file = match held {
            Some(file) => file,
            None => {
                let file = (self.read)(location).map_err(|why| TensorFault::File {
                    location: location.to_owned(),
                    why,
                })?;
                let file = Arc::new(file);
                let mut files = self.files.borrow_mut();
                files.insert(location.to_owned(), Arc::clone(&file));
                file
            }
        };
        let end = offset.checked_add(needed).filter(|&end| end <= file.len());
        if end.is_none() {
            return Err(TensorFault::Short {
                location: location.to_owned(),
                length: file.len(),
                offset,
                needed,
            });
        }
        Ok((file, offset))
    }
}

fn read_raw(element: ElementType, bytes: &[u8], count: usize) -> Numbers {
    match element.kind() {
        Kind::Float => Numbers::Floats(Arc::new(element.floats(bytes, count))),
        Kind::Integer | Kind::Bool => Numbers::Integers(Arc::new(element.integers(bytes, count))),
        Kind::Unread => Numbers::Unread,
    }
}

/// Numbers in fields of their type instead of raw bytes.
fn typed(element: ElementType, stored: Stored, count: usize) -> Result<Numbers, TensorFault> {
    if matches!(element.0, 1 | 11) {
        return Ok(Numbers::Floats(Arc::new(stored.floats)));
    }
    if count > MAX_INTEGERS {
        return Err(TensorFault::TooLarge);
    }
    let mut numbers = Vec::new();
    for field in stored.integers {
        field
            .integers(&mut numbers)
            .map_err(|_| TensorFault::Place)?;
    }
    Ok(match element.kind() {
        // Types of few bits stand there as their bits.
        Kind::Float if element.0 == 23 => {
            let bytes: Vec<u8> = numbers.iter().map(|&bits| bits as u8).collect();
            Numbers::Floats(Arc::new(element.floats(&bytes, count)))
        }
        Kind::Float => {
            let float = |&bits: &i64| element.float_of_bits(bits as u32);
            Numbers::Floats(Arc::new(numbers.iter().map(float).collect()))
        }
        Kind::Integer | Kind::Bool | Kind::Unread => match element.0 {
            21 | 22 | 25 | 26 => {
                let bytes: Vec<u8> = numbers.iter().map(|&bits| bits as u8).collect();
                Numbers::Integers(Arc::new(element.integers(&bytes, count)))
            }
            9 => {
                let truth = |&number: &i64| i64::from(number != 0);
                Numbers::Integers(Arc::new(numbers.iter().map(truth).collect()))
            }
            _ => Numbers::Integers(Arc::new(numbers)),
        },
    })
}

impl<'a> Stored<'a> {
    fn read(message: &'a [u8]) -> Result<Self, WireError> {
        let mut stored = Self::default();
        let mut bytes = 0usize;
        fields(message, |number, value| {
            match number {
                1 => stored.dims_of(value)?,
                2 => stored.element = value.integer()? as i32,
                4 => value.floats(&mut stored.floats)?,
                5 | 7 | 11 => {
                    bytes += match value {
                        Value::Bytes(packed) => packed.len(),
                        _ => 1,
                    };
                    // A whole number takes at least a byte, and eight times as many in memory.
                    if bytes > MAX_INTEGERS * 10 {
                        return Err(WireError::TooMany);
                    }
                    stored.integers.push(value);
                }
                8 => stored.name = value.text()?,
                9 => stored.raw = Some(value.bytes()?),
                10 => value.doubles(&mut stored.floats)?,
                13 => stored.beside.push(entry(value.bytes()?)?),
                14 => stored.is_beside = value.integer()? == 1,
                _ => {}
            }
            Ok(())
        })?;
        Ok(stored)
    }

    fn dims_of(&mut self, value: Value<'a>) -> Result<(), WireError> {
        value.integers(&mut self.dims)?;
        if self.dims.len() > 64 {
            return Err(WireError::TooMany);
        }
        Ok(())
    }
}

/// A key and its value.
fn entry(message: &[u8]) -> Result<(String, String), WireError> {
    let mut entry = (String::new(), String::new());
    fields(message, |number, value| {
        match number {
            1 => entry.0 = value.text()?,
            2 => entry.1 = value.text()?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(entry)
}
