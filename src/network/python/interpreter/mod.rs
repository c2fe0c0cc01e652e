//! The constant part of Python, run: what builds a network before any tensor is there, and the
//! calls through which a tensor then goes. What cannot be known is a value that says why; it is a
//! mistake only where something depends on it.
//!
//! - `files` runs whole texts and finds what they import, `faults` says what is wrong and where;
//! - `statements` runs statements, `assignment` gives names and elements their values, `definitions` makes
//!   functions and classes;
//! - `expressions` works out values, `collections` lists and dictionaries, `lookup` what names and attributes
//!   stand for;
//! - `calls` calls what can be called, `objects` makes objects of classes.

mod assignment;
mod calls;
mod collections;
mod definitions;
mod expressions;
mod faults;
mod files;
mod lookup;
mod objects;
mod statements;

use std::collections::HashMap;
use std::rc::Rc;

use super::syntax::Span;
use super::trace::Trace;
use super::value::{Fault, Object, Scope, Value};
use crate::language::Localized;
use crate::says;

/// Expressions and statements that are worked out, at most.
const MAX_STEPS: u64 = 4_000_000;

/// What a layer that is made, or a call of a library or a module, counts for: as many steps take as long.
const CALL_STEPS: u64 = 250;

/// Expressions inside one another, through all calls, at most.
const MAX_EXPRESSIONS: usize = 400;

/// Calls inside one another, at most.
const MAX_CALLS: usize = 60;

/// Elements of a list, at most.
pub(super) const MAX_ELEMENTS: usize = 100_000;

/// Why a statement ends before its end.
pub(super) enum Stop {
    Fault(Box<Fault>),
    Return(Value),
    Break,
    Continue,
}

pub(super) type Run<T> = Result<T, Stop>;

/// A text that is read, with the name of its file where it has one.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub name: Option<String>,
    pub source: String,
    /// Whether it is this program's own: mistakes are told where it is called.
    pub prelude: bool,
}

/// Gives the text of a file by its name relative to the one that names it: `../ops/misc.py`.
pub(super) type ReadText<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) struct Interpreter<'a> {
    pub texts: Vec<Text>,
    /// Which text runs now.
    pub text: usize,
    pub trace: Option<Trace>,
    /// Names of the modules whose `forward` runs, the innermost last.
    pub inside: Vec<String>,
    /// Every module that was made, in order.
    pub made: Vec<Rc<Object>>,
    /// Modules that others were copied from.
    pub copied: Vec<Rc<Object>>,
    /// Where statements of the text itself were passed over, and why.
    pub passed: Vec<Fault>,
    /// Where the calls are that run now, the innermost last.
    callers: Vec<(usize, Span)>,
    /// Whether names that stand for nothing may be layers without `nn.`.
    pub bare: bool,
    pub scopes: Vec<Rc<Scope>>,
    read: ReadText<'a>,
    files: HashMap<String, Option<Rc<Scope>>>,
    prelude: Option<Rc<Scope>>,
    library: Option<Rc<Scope>>,
    steps: u64,
    calls: usize,
    depth: usize,
}

impl Drop for Interpreter<'_> {
    fn drop(&mut self) {
        // Functions hold the scope that holds them.
        for scope in &self.scopes {
            scope.names.borrow_mut().clear();
        }
    }
}

impl<'a> Interpreter<'a> {
    pub fn new(read: ReadText<'a>) -> Self {
        Self {
            texts: Vec::new(),
            text: 0,
            trace: None,
            inside: Vec::new(),
            made: Vec::new(),
            copied: Vec::new(),
            passed: Vec::new(),
            callers: Vec::new(),
            bare: false,
            scopes: Vec::new(),
            read,
            files: HashMap::new(),
            prelude: None,
            library: None,
            steps: 0,
            calls: 0,
            depth: 0,
        }
    }

    fn step(&mut self, span: &Span) -> Run<()> {
        self.steps += 1;
        if self.steps <= MAX_STEPS {
            return Ok(());
        }
        self.fault(
            span,
            says!(
                en: "this takes more than {MAX_STEPS} steps to work out",
                ja: "ここまでに {MAX_STEPS} ステップを超えました。"
            ),
        )
    }
}

pub(super) fn depends() -> Localized<String> {
    says!(
        en: "this depends on the numbers of a tensor, so it is not followed",
        ja: "テンソルの値によって変わるため、たどれません。"
    )
}

pub(super) fn no_element() -> Localized<String> {
    says!(en: "there is no such element", ja: "その要素はありません。")
}

pub(super) fn no_tensor() -> Localized<String> {
    says!(en: "no tensor is there yet", ja: "テンソルがまだありません。")
}

/// The place of an index, counted from the end where it is negative.
pub(super) fn place(index: &Value, length: usize) -> Option<usize> {
    let index = index.integer()?;
    let at = if index < 0 {
        index + length as i64
    } else {
        index
    };
    usize::try_from(at).ok().filter(|at| *at < length)
}
