//! What goes wrong, with its place, and how it is told.

use std::rc::Rc;

use super::{Interpreter, Run, Stop};
use crate::language::Localized;
use crate::network::notation::NotationError;
use crate::network::python::syntax::Span;
use crate::network::python::value::{Fault, Unknown, Value};
use crate::says;

impl Interpreter<'_> {
    pub fn fault_at(&self, span: &Span, message: Localized<String>) -> Fault {
        let (text, span) = self.outside(self.text, span);
        Fault {
            text,
            span,
            message,
        }
    }

    /// A place in what the user wrote: where it is called from there, for one in this program's own text.
    pub fn outside(&self, text: usize, span: &Span) -> (usize, Span) {
        let own = |text: usize| self.texts.get(text).is_some_and(|text| text.prelude);
        let mut callers = self.callers.iter().rev();
        match callers.find(|(text, _)| !own(*text)) {
            Some(caller) if own(text) => caller.clone(),
            _ => (text, span.clone()),
        }
    }

    pub fn fault<T>(&self, span: &Span, message: Localized<String>) -> Run<T> {
        Err(Stop::Fault(Box::new(self.fault_at(span, message))))
    }

    pub fn unknown(&self, name: &str, span: &Span, message: Localized<String>) -> Value {
        Value::Unknown(Rc::new(Unknown {
            name: name.to_owned(),
            fault: self.fault_at(span, message),
        }))
    }

    pub fn because<T>(unknown: &Unknown) -> Run<T> {
        Err(Stop::Fault(Box::new(unknown.fault.clone())))
    }

    /// A mistake as it is told: with the line of its text.
    pub fn told(&self, fault: &Fault) -> NotationError {
        let Some(text) = self.texts.get(fault.text) else {
            return NotationError::new("", 0..0, fault.message.clone());
        };
        let error = NotationError::new(&text.source, fault.span.clone(), fault.message.clone());
        match &text.name {
            Some(name) => error.in_file(name),
            None => error,
        }
    }

    /// A word on the lines of the text that build no network: training, say.
    pub fn left_out(&self) -> Option<Localized<String>> {
        let own = self.passed.iter().filter(|fault| fault.text == 0);
        let mut lines: Vec<usize> = own
            .filter_map(|fault| self.line_of(0, &fault.span))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let first = lines.first()?;
        Some(match lines.len() - 1 {
            0 => says!(
                en: "line {first} does something else than build a network; it was passed over",
                ja: "{first} 行目はネットワークを作る処理ではないため、読み飛ばしました。"
            ),
            more => says!(
                en: "line {first} and {more} more do something else than build a network; they were passed over",
                ja: "{first} 行目ほか {more} 行はネットワークを作る処理ではないため、読み飛ばしました。"
            ),
        })
    }
}
