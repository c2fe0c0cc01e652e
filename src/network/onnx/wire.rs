//! Messages in Protocol Buffers' wire format, of which an ONNX file is made.
//!
//! `rten-onnx` takes a message apart into fields. By itself it trusts the lengths that a file
//! states: it takes memory for them before it looks whether they are there, it takes the end of the
//! bytes for the end of a message, and a number of more than ten bytes keeps it forever (all in
//! 0.27.0). So each message is read here from a slice of its own, which no length can leave; nothing
//! is copied.

use rten_onnx::protobuf::{ErrorKind, FieldTypes, FieldValue, Fields, ProtobufError, ReadValue};

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireError {
    /// They end, or a message in them ends, before what they announce.
    Truncated,
    /// They are nothing that the format has, or a field is of another kind than it should be.
    Foreign,
    /// More messages than any network has.
    TooMany,
}

/// The value of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed32([u8; 4]),
    Fixed64([u8; 8]),
    /// Bytes, a text, a message, or several numbers.
    Bytes(&'a [u8]),
}

/// The bytes of one message.
struct Message<'a>(&'a [u8]);

/// Fields hold what lies in the file.
struct Borrowed<'a>(std::marker::PhantomData<&'a ()>);

impl<'a> FieldTypes for Borrowed<'a> {
    type String = String;
    type Bytes = &'a [u8];
}

fn ended() -> ProtobufError {
    // Not `Eof`, which stands for the end of a message between two fields.
    ProtobufError::new(ErrorKind::LengthMismatch)
}

impl<'a> Message<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ProtobufError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(ended)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ProtobufError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(ended)?;
        self.0 = rest;
        Ok(*taken)
    }
}

impl<'a> ReadValue for Message<'a> {
    type Types = Borrowed<'a>;

    fn read_i32(&mut self) -> Result<i32, ProtobufError> {
        self.array().map(i32::from_le_bytes)
    }

    fn read_i64(&mut self) -> Result<i64, ProtobufError> {
        self.array().map(i64::from_le_bytes)
    }

    fn read_varint(&mut self) -> Result<u64, ProtobufError> {
        if self.0.is_empty() {
            return Err(ProtobufError::new(ErrorKind::Eof));
        }
        varint(&mut self.0).map_err(|why| match why {
            WireError::Truncated => ended(),
            WireError::Foreign | WireError::TooMany => ProtobufError::new(ErrorKind::InvalidVarint),
        })
    }

    fn read_bytes(&mut self, count: usize) -> Result<&'a [u8], ProtobufError> {
        self.take(count)
    }

    fn read_string(&mut self, count: usize) -> Result<String, ProtobufError> {
        Ok(String::from_utf8_lossy(self.take(count)?).into_owned())
    }

    fn skip(&mut self, count: usize) -> Result<(), ProtobufError> {
        self.take(count).map(|_| ())
    }

    /// Only compared with lengths, of which the slice takes care; one that counts could overflow.
    fn position(&self) -> u64 {
        0
    }
}

/// Gives each field of a message, by its number.
pub(super) fn fields<'a>(
    bytes: &'a [u8],
    mut each: impl FnMut(u64, Value<'a>) -> Result<(), WireError>,
) -> Result<(), WireError> {
    let mut message = Message(bytes);
    let mut fields = Fields::new(&mut message, None);
    loop {
        let Some(mut field) = fields.next().map_err(|why| read_error(&why))? else {
            return Ok(());
        };
        let value = match field.value() {
            FieldValue::Varint(value) => Value::Varint(value),
            FieldValue::I64(value) => Value::Fixed64(value.to_le_bytes()),
            FieldValue::I32(value) => Value::Fixed32(value.to_le_bytes()),
            FieldValue::Len(_) => Value::Bytes(field.read_bytes().map_err(|why| read_error(&why))?),
            // ONNX has none of them.
            FieldValue::Sgroup | FieldValue::Egroup => return Err(WireError::Foreign),
        };
        each(field.number(), value)?;
    }
}

/// A number in seven bits a byte, lowest first; the highest bit says that more follow.
fn varint(rest: &mut &[u8]) -> Result<u64, WireError> {
    let mut value = 0u64;
    for (place, &byte) in rest.iter().enumerate().take(10) {
        let bits = u64::from(byte & 0x7f);
        // Of the tenth byte one bit is left.
        if place == 9 && byte > 1 {
            return Err(WireError::Foreign);
        }
        value |= bits << (7 * place);
        if byte < 0x80 {
            *rest = &rest[place + 1..];
            return Ok(value);
        }
    }
    Err(WireError::Truncated)
}

fn read_error(why: &ProtobufError) -> WireError {
    match why.kind() {
        ErrorKind::LengthMismatch | ErrorKind::Eof => WireError::Truncated,
        _ => WireError::Foreign,
    }
}

type Read<T> = Result<T, WireError>;

impl<'a> Value<'a> {
    pub(super) fn integer(self) -> Read<i64> {
        match self {
            Self::Varint(value) => Ok(value as i64),
            _ => Err(WireError::Foreign),
        }
    }

    pub(super) fn float(self) -> Read<f32> {
        match self {
            Self::Fixed32(value) => Ok(f32::from_le_bytes(value)),
            _ => Err(WireError::Foreign),
        }
    }

    pub(super) fn bytes(self) -> Read<&'a [u8]> {
        match self {
            Self::Bytes(value) => Ok(value),
            _ => Err(WireError::Foreign),
        }
    }

    pub(super) fn text(self) -> Read<String> {
        Ok(String::from_utf8_lossy(self.bytes()?).into_owned())
    }

    /// Adds the numbers of a repeated field, of which each may stand in a field of its own, or all
    /// together in one: writers of both kinds are about.
    pub(super) fn integers(self, into: &mut Vec<i64>) -> Read<()> {
        let mut rest = match self {
            Self::Varint(value) => {
                into.push(value as i64);
                return Ok(());
            }
            Self::Bytes(bytes) => bytes,
            _ => return Err(WireError::Foreign),
        };
        while !rest.is_empty() {
            let value = varint(&mut rest)?;
            into.push(value as i64);
        }
        Ok(())
    }

    /// As [`Value::integers`], for numbers of 4 bytes each.
    pub(super) fn floats(self, into: &mut Vec<f32>) -> Read<()> {
        match self {
            Self::Fixed32(value) => into.push(f32::from_le_bytes(value)),
            Self::Bytes(bytes) => {
                let (numbers, []) = bytes.as_chunks() else {
                    return Err(WireError::Foreign);
                };
                into.extend(numbers.iter().map(|number| f32::from_le_bytes(*number)));
            }
            _ => return Err(WireError::Foreign),
        }
        Ok(())
    }

    /// As [`Value::integers`], for numbers of 8 bytes each.
    pub(super) fn doubles(self, into: &mut Vec<f32>) -> Read<()> {
        match self {
            Self::Fixed64(value) => into.push(f64::from_le_bytes(value) as f32),
            Self::Bytes(bytes) => {
                let (numbers, []) = bytes.as_chunks() else {
                    return Err(WireError::Foreign);
                };
                into.extend(
                    numbers
                        .iter()
                        .map(|number| f64::from_le_bytes(*number) as f32),
                );
            }
            _ => return Err(WireError::Foreign),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Read<Vec<u64>> {
        let mut numbers = Vec::new();
        fields(bytes, |number, _| {
            numbers.push(number);
            Ok(())
        })?;
        Ok(numbers)
    }

    #[test]
    fn a_length_that_leaves_its_message_takes_no_memory() {
        assert_eq!(read(&[0x08, 0x96, 0x01, 0x12, 0x01, 0x41]), Ok(vec![1, 2]));
        assert_eq!(read(&[0x12, 0x02, 0x41]), Err(WireError::Truncated));
        // A length of 2^64 − 1, which is −1 where it is taken for a signed number.
        let mut whole = vec![0x12];
        whole.extend([0xff; 9]);
        whole.push(0x01);
        assert_eq!(read(&whole), Err(WireError::Truncated));
        // A tag that ends within itself, groups, and a kind that does not exist.
        assert_eq!(read(&[0x80]), Err(WireError::Truncated));
        assert_eq!(read(&[0xff; 64]), Err(WireError::Foreign));
        assert_eq!(read(&[0x0b]), Err(WireError::Foreign));
        assert_eq!(read(&[0x0f]), Err(WireError::Foreign));
    }

    #[test]
    fn repeated_numbers_are_read_together_and_one_by_one() {
        let mut numbers = Vec::new();
        Value::Bytes(&[1, 0x96, 0x01])
            .integers(&mut numbers)
            .unwrap();
        Value::Varint(u64::MAX).integers(&mut numbers).unwrap();
        assert_eq!(numbers, [1, 150, -1]);
        assert_eq!(
            Value::Bytes(&[0x80]).integers(&mut numbers),
            Err(WireError::Truncated)
        );
        let mut floats = Vec::new();
        Value::Bytes(&[0, 0, 0x80, 0x3f])
            .floats(&mut floats)
            .unwrap();
        Value::Fixed64(2f64.to_le_bytes())
            .doubles(&mut floats)
            .unwrap();
        assert_eq!(floats, [1.0, 2.0]);
        assert_eq!(
            Value::Bytes(&[0, 0, 0]).floats(&mut floats),
            Err(WireError::Foreign)
        );
    }
}
