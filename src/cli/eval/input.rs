//! The input of an evaluation: a shape with a fill, or a file.

use super::{EvalArgs, EvalError};
use crate::network::Subject;
use crate::tensor::{Fill, Shape, Tensor, files, read_file};

/// Where the numbers of an input come from.
pub(super) enum InputSource {
    Fill(Fill),
    Tensor(Tensor),
}

/// The input's shape, and where its numbers come from.
pub(super) fn input(args: &EvalArgs, subject: &Subject) -> Result<(Shape, InputSource), EvalError> {
    let fill = args.fill.clone();
    let Some(text) = args.input.first() else {
        let (shape, own) = subject.input().ok_or(EvalError::NoInput)?;
        return Ok((shape, InputSource::Fill(fill.unwrap_or(own))));
    };
    if let Ok(shape) = text.parse::<Shape>() {
        Tensor::check(&shape)?;
        return Ok((shape, InputSource::Fill(fill.unwrap_or(Fill::Ramp))));
    }
    let (path, name) = match text.parse::<Fill>() {
        Ok(Fill::Image(path) | Fill::File(path)) => (path, None),
        Ok(Fill::Named { file, tensor }) => (file, Some(tensor)),
        _ => return Err(EvalError::Input(text.chars().take(80).collect())),
    };
    if fill.is_some() {
        return Err(EvalError::FillOfFile(path));
    }
    let bytes = read_file(&path).map_err(|why| EvalError::Read {
        path: path.clone(),
        why,
    })?;
    let tensor = if files::is_picture(&path) {
        files::read_picture(&bytes)
    } else {
        files::read_tensor(&path, &bytes, name.as_deref())
    };
    let tensor = tensor.map_err(|why| EvalError::File { path, why })?;
    let tensor = without_batch(tensor, subject)?;
    Ok((*tensor.shape(), InputSource::Tensor(tensor)))
}

/// A tensor without the batch axis of 1 that PyTorch's have.
fn without_batch(tensor: Tensor, subject: &Subject) -> Result<Tensor, EvalError> {
    let shape = subject.sample(tensor.shape());
    Ok(tensor.reshaped(shape)?)
}
