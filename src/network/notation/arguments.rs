//! The arguments of a call, matched with the parameters of a form.

use std::ops::Range;

use super::error::NotationError;
use super::parser::{Argument, Call};
use crate::language::{Localized, nearest};
use crate::op::{Arguments, Form, Style};
use crate::says;
use crate::tensor::Shape;

/// Arguments by parameter, and where each is.
pub(super) struct Bound {
    pub arguments: Arguments,
    pub places: Vec<(&'static str, Range<usize>)>,
}

/// Matches a call with a form's parameters.
pub(super) fn bind(source: &str, call: &Call, form: &Form) -> Result<Bound, NotationError> {
    let error = |span: &Range<usize>, message: Localized<String>| {
        Err(NotationError::new(source, span.clone(), message))
    };
    let (name, parameters) = (&call.name, form.parameters);
    let mut bound = Bound {
        arguments: Arguments::default(),
        places: Vec::new(),
    };
    let mut keywords = false;
    for (number, argument) in call.arguments.iter().enumerate() {
        let parameter = match &argument.keyword {
            Some(keyword) => {
                keywords = true;
                let known = parameters.iter().find(|known| *known == keyword);
                *known.ok_or_else(|| unknown(source, call, argument, keyword, form))?
            }
            None if keywords => {
                let message = says!(
                    en: "an argument without a name cannot follow one with a name",
                    ja: "名前のない引数は、名前のある引数の後には置けません。"
                );
                return error(&argument.span, message);
            }
            None => match parameters.get(number) {
                Some(parameter) => *parameter,
                None if parameters.is_empty() => {
                    return error(&argument.span, no_arguments(form));
                }
                None => {
                    let (most, all) = (parameters.len(), parameters.join(", "));
                    let message = says!(
                        en: "{name} takes at most {most} arguments: {all}",
                        ja: "{name} の引数は {most} 個までです: {all}"
                    );
                    return error(&argument.span, message);
                }
            },
        };
        if bound.arguments.get(parameter).is_some() {
            let message = says!(
                en: "{parameter} is given twice; leave one of them out",
                ja: "{parameter} が2回指定されています。片方を取り除いてください。"
            );
            return error(&argument.span, message);
        }
        bound.arguments.give(parameter, argument.value.given());
        bound.places.push((parameter, argument.span.clone()));
    }
    let required = &parameters[..form.required];
    let missing = required
        .iter()
        .find(|required| bound.arguments.get(required).is_none());
    if let Some(missing) = missing {
        let all = required.join(", ");
        let message = says!(
            en: "{name} needs {missing}; write {name}({all})",
            ja: "{name} には {missing} が必要です。{name}({all}) のように書いてください。"
        );
        return error(&call.span, message);
    }
    Ok(bound)
}

fn unknown(
    source: &str,
    call: &Call,
    argument: &Argument,
    keyword: &str,
    form: &Form,
) -> NotationError {
    let (name, parameters) = (&call.name, form.parameters);
    let message = match nearest(keyword, parameters.iter().copied()) {
        Some(meant) => says!(
            en: "{name} has no argument {keyword:?}; did you mean {meant:?}?",
            ja: "{name} に引数 {keyword:?} はありません。{meant:?} のことですか?"
        ),
        None if parameters.is_empty() => no_arguments(form),
        None => {
            let all = parameters.join(", ");
            says!(
                en: "{name} has no argument {keyword:?}; it has {all}",
                ja: "{name} に引数 {keyword:?} はありません。使えるのは {all} です。"
            )
        }
    };
    let end = argument.span.start + keyword.len();
    NotationError::new(source, argument.span.start..end, message)
}

/// What to write where arguments are given to a form without any: the bare call, or what PyTorch calls
/// the layer that it stands for.
fn no_arguments(form: &Form) -> Localized<String> {
    let name = form.name;
    let layer = (form.make)(&Arguments::default()).ok();
    let general = layer.and_then(|layer| {
        let shape = Shape::new(&[1; 3]).ok()?;
        let general = layer.operation().generalized(&shape)?;
        Some(general.call(&shape, Style::Source))
    });
    match general {
        Some(general) => says!(
            en: "{name} takes no arguments; write {name}(), or nn.{general} as in PyTorch, which has no {name}",
            ja: "{name} に引数はありません。{name}() と書くか、PyTorch と同じく nn.{general} と書いてください。PyTorch に {name} はありません。"
        ),
        None => says!(
            en: "{name} takes no arguments; write {name}()",
            ja: "{name} に引数はありません。{name}() と書いてください。"
        ),
    }
}
