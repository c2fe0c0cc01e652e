//! Calls to layers, by the forms that the operations list.

use std::ops::Range;

use super::arguments::bind;
use super::error::NotationError;
use super::parser::{Call, Value};
use crate::language::nearest;
use crate::op::{Layer, OperationKind};
use crate::says;

/// A layer with the places of its name and arguments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpannedLayer {
    pub layer: Layer,
    pub span: Range<usize>,
    pub arguments: Vec<(&'static str, Range<usize>)>,
}

/// The call that makes a sequence of others.
const SEQUENTIAL: &str = "Sequential";

/// Every name that can be called.
fn names() -> impl Iterator<Item = &'static str> + Clone {
    let forms: Vec<&str> = OperationKind::forms().map(|form| form.name).collect();
    forms.into_iter().chain([SEQUENTIAL])
}

/// Adds the layers of a call, several for a sequence.
pub(super) fn build(
    source: &str,
    call: &Call,
    out: &mut Vec<SpannedLayer>,
) -> Result<(), NotationError> {
    let error =
        |span: &Range<usize>, message| Err(NotationError::new(source, span.clone(), message));
    let name = &call.name;
    if name == SEQUENTIAL {
        return sequence(source, call, out);
    }
    let Some(form) = OperationKind::forms().find(|form| form.name == name) else {
        // A printed model of a class of one's own: its children in their order.
        if call.arguments.is_empty() && !call.children.is_empty() {
            let mut children = call.children.iter();
            return children.try_for_each(|child| build(source, child, out));
        }
        let message = match nearest(name, names()) {
            Some(meant) => says!(
                en: "there is no layer {name:?}; did you mean {meant:?}?",
                ja: "{name:?} という層はありません。{meant:?} のことですか?"
            ),
            None => {
                let known = names().collect::<Vec<_>>().join(", ");
                says!(
                    en: "there is no layer {name:?}; known are {known}",
                    ja: "{name:?} という層はありません。使えるのは {known} です。"
                )
            }
        };
        return error(&call.span, message);
    };
    if let Some(child) = call.children.first() {
        let message = says!(
            en: "{name} has no layers inside",
            ja: "{name} の中に層は書けません。"
        );
        return error(&child.span, message);
    }
    let bound = bind(source, call, form)?;
    let layer = (form.make)(&bound.arguments).map_err(|wrong| {
        let place = bound
            .places
            .iter()
            .find(|(parameter, _)| *parameter == wrong.parameter);
        let span = place.map_or(&call.span, |(_, span)| span);
        NotationError::new(source, span.clone(), wrong.message)
    })?;
    for layer in layer.flattened() {
        out.push(SpannedLayer {
            layer,
            span: call.span.clone(),
            arguments: bound.places.clone(),
        });
    }
    Ok(())
}

/// `Sequential` of layers, of a list of layers, or of an `OrderedDict` of named layers.
fn sequence(source: &str, call: &Call, out: &mut Vec<SpannedLayer>) -> Result<(), NotationError> {
    let wrong = |span: &Range<usize>, value: &Value| {
        let this = value.given().described();
        let message = says!(
            with [this];
            en: "Sequential takes layers, this is {this}",
            ja: "Sequential に入るのは層です。これは {this} です。"
        );
        Err(NotationError::new(source, span.clone(), message))
    };
    for argument in &call.arguments {
        match &argument.value {
            Value::Call(dictionary) if dictionary.name == "OrderedDict" => {
                for argument in &dictionary.arguments {
                    let Value::List(entries) = &argument.value else {
                        return wrong(&argument.span, &argument.value);
                    };
                    for (entry, span) in entries {
                        match entry {
                            Value::List(pair) if pair.len() == 2 => match &pair[1].0 {
                                Value::Call(layer) => build(source, layer, out)?,
                                other => return wrong(&pair[1].1, other),
                            },
                            other => return wrong(span, other),
                        }
                    }
                }
            }
            Value::Call(layer) => build(source, layer, out)?,
            other => return wrong(&argument.span, other),
        }
    }
    call.children
        .iter()
        .try_for_each(|child| build(source, child, out))
}
