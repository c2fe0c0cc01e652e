//! A text of PyTorch: what it opens, as a chain of layers or as a network whose `forward` is run.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use super::interpreter::{Interpreter, Stop};
use super::lexer::without_prompts;
use super::modules::not_shown;
use super::parser::parse;
use super::printed::{PrintedModel, is_printed};
use super::syntax::{Expr, ExprKind, Stmt, StmtKind};
use super::trace::Trace;
use super::value::{
    Budget, Class, ClassOf, Container, Fault, Object, Scope, Traced, Value, Values,
};
use crate::language::{Localized, Message, message_error};
use crate::network::notation::NotationError;
use crate::network::{Graph, ValueId};
use crate::op::Layer;
use crate::says;
use crate::tensor::Shape;

/// A layer with the places of its name and arguments.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::network) struct SpannedLayer {
    pub layer: Layer,
    pub span: Range<usize>,
    pub arguments: Vec<(&'static str, Range<usize>)>,
}

/// What a text is.
#[derive(Debug, Clone)]
pub(in crate::network) enum Reading {
    /// Layers one after another.
    Layers(Vec<SpannedLayer>),
    /// A network whose `forward` must be run.
    Program(Program),
    /// A printed model; its layers where they may follow on as they are declared, and whether that order
    /// is only the print's.
    Printed(PrintedModel, Option<(Vec<SpannedLayer>, bool)>),
}

/// A text with a network whose graph is made for the shape of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its text.
    source: String,
    /// Its file, where it has one; files that it names are looked for beside it.
    file: Option<String>,
    /// What of it is opened: `AlexNet`, `vgg11()`, `ResNet(Bottleneck, [3, 4, 6, 3])`.
    entry: Option<String>,
}

/// Why a text of PyTorch opens no network.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceError {
    /// A mistake in it, or something that cannot be followed, with its line.
    At(NotationError),
    /// A file that cannot be read.
    File {
        /// Its name.
        name: String,
        /// The reason.
        why: Localized<String>,
    },
    /// It must be said what is opened.
    Choose {
        /// Why nothing opens by itself.
        why: Localized<String>,
        /// What can be named.
        names: Vec<String>,
    },
}

impl Message for SourceError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::At(why) => why.message(),
            Self::File { name, why } => says!(
                with [why];
                en: "cannot read {name}: {why}",
                ja: "{name} を読めません: {why}"
            ),
            Self::Choose { why, names } => {
                let list = names.join(", ");
                says!(
                    with [why];
                    en: "{why}; say what to open, for example FILE.py:NAME with one of {list}",
                    ja: "{why}。開くものを FILE.py:NAME のように指定してください: {list}"
                )
            }
        }
    }
}

message_error!(SourceError { At(NotationError) });

/// Reads a text of PyTorch.
///
/// # Errors
/// With the place of a mistake, or of what cannot be followed.
pub(in crate::network) fn read(source: &str) -> Result<Reading, NotationError> {
    if source.len() <= super::parser::MAX_LENGTH && is_printed(source) {
        let printed = PrintedModel::new(source);
        let layers = printed.layers()?;
        return Ok(Reading::Printed(printed, layers));
    }
    let program = Program::of_text(source);
    program.read().map_err(|error| match error {
        SourceError::At(error) => error,
        other => NotationError::new(source, 0..0, other.message()),
    })
}

/// Layers of a chain that are listed, at most.
const MAX_LAYERS: usize = 1 << 14;

/// What of a text is opened.
enum Found {
    /// Modules one after another.
    Sequence(Vec<Rc<Object>>),
    One(Rc<Object>),
}

/// Names, classes and functions of a text that can be opened.
fn openable(scope: &Rc<Scope>) -> Vec<String> {
    let order = scope.order.borrow();
    let mut names = Vec::new();
    for name in order.iter() {
        match scope.own(name) {
            Some(Value::Class(class)) if class.is_module() && class.text == 0 => {
                names.push(name.to_string())
            }
            // A builder, as torchvision has them.
            Some(Value::Function(function))
                if function.text == 0
                    && !name.starts_with('_')
                    && function.definition.parameters.iter().all(|parameter| {
                        parameter.default.is_some()
                            || !matches!(
                                parameter.kind,
                                super::syntax::ParameterKind::Usual
                                    | super::syntax::ParameterKind::KeywordOnly
                            )
                    }) =>
            {
                names.push(name.to_string());
            }
            _ => {}
        }
    }
    names
}

impl Program {
    /// A text of Python, or lines of layers.
    #[must_use]
    pub fn of_text(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            file: None,
            entry: None,
        }
    }

    /// A file of Python; `entry` is what of it is opened.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(file: &str, entry: Option<&str>) -> Result<Self, SourceError> {
        let path = std::path::Path::new(file);
        let source = crate::disk::read_text(path).map_err(|why| SourceError::File {
            name: file.to_owned(),
            why: why.message(),
        })?;
        Ok(Self {
            source,
            file: Some(file.to_owned()),
            entry: entry.map(str::to_owned),
        })
    }

    /// Its graph for an input of a shape, which has no batch axis; one sample goes through.
    ///
    /// # Errors
    /// With the line of what is mistaken, does not fit, or cannot be followed.
    pub fn graph(&self, input: &Shape) -> Result<Graph, SourceError> {
        let mut graph = self.graph_of(input, 1)?;
        let told = |id: &ValueId| {
            let value = graph.value(*id);
            value.batched
                || value
                    .shape
                    .is_none_or(|shape| shape.axes().first() != Some(&1))
        };
        // Which first axes count the samples is seen with two of them.
        if !graph.outputs().iter().all(told)
            && let Ok(twice) = self.graph_of(input, 2)
        {
            graph.mark_samples(&twice);
        }
        Ok(graph)
    }

    fn graph_of(&self, input: &Shape, samples: usize) -> Result<Graph, SourceError> {
        let reader = |name: &str| std::fs::read_to_string(name).ok();
        let mut interpreter = Interpreter::new(&reader);
        let found = self.found(&mut interpreter)?;
        let told = |interpreter: &Interpreter, stop: Stop| match stop {
            Stop::Fault(fault) => SourceError::At(interpreter.told(&fault)),
            _ => SourceError::At(NotationError::new("", 0..0, nothing_here())),
        };
        let mut axes = vec![samples];
        axes.extend_from_slice(input.axes());
        let whole = Shape::new(&axes).unwrap_or(*input);
        let mut trace = Trace::default();
        let names = match &found {
            Found::One(object) => inputs_of(object),
            Found::Sequence(_) => Vec::new(),
        };
        let names = if names.len() > 1 {
            let (count, list) = (names.len(), names.join(", "));
            trace.builder.note(says!(
                en: "forward takes {count} inputs, {list}: each is given the shape {input}",
                ja: "forward の入力は {count} 個 ({list}) です。どれも形状 {input} とします。"
            ));
            names
        } else {
            vec!["input".to_owned()]
        };
        let tensors: Vec<Value> = names
            .iter()
            .map(|name| Value::Tensor(trace.input(name, whole, true)))
            .collect();
        if let Some(note) = interpreter.left_out() {
            trace.builder.note(note);
        }
        interpreter.trace = Some(trace);
        interpreter.text = 0;
        let mut values = tensors;
        let (objects, several) = match found {
            Found::One(object) => (vec![object], false),
            Found::Sequence(objects) => {
                let several = objects.len() > 1;
                (objects, several)
            }
        };
        for (number, object) in objects.iter().enumerate() {
            let path = if several {
                number.to_string()
            } else {
                String::new()
            };
            Interpreter::name_modules(object, &path, 0);
        }
        let mut buffers = Vec::new();
        for object in &objects {
            super::modules::buffers(object, &mut buffers, 0);
        }
        for object in &objects {
            let span = object.span.clone();
            interpreter.text = object.text;
            let given = Values {
                positional: values.into_iter().map(|one| (one, span.clone())).collect(),
                named: Vec::new(),
            };
            let made = interpreter
                .forward(object, given, &span)
                .map_err(|stop| told(&interpreter, stop))?;
            values = vec![made];
        }
        let value = values.pop().unwrap_or(Value::None);
        let mut tensors: Vec<Traced> = Vec::new();
        collect(&value, &mut tensors, &mut Budget::default());
        let mut outputs: Vec<ValueId> = Vec::new();
        if let Some(trace) = &mut interpreter.trace {
            outputs.extend(tensors.iter().map(|tensor| trace.id(tensor)));
        }
        if outputs.is_empty() {
            let (text, span) = objects
                .last()
                .map_or((0, 0..0), |object| (object.text, object.span.clone()));
            let fault = match &value {
                Value::Unknown(unknown) => unknown.fault.clone(),
                other => {
                    let kind = other.kind();
                    Fault {
                        text,
                        span,
                        message: says!(
                            en: "forward gives {kind} and no tensor",
                            ja: "forward の結果が {kind} で、テンソルではありません。"
                        ),
                    }
                }
            };
            return Err(SourceError::At(interpreter.told(&fault)));
        }
        let mut trace = interpreter.trace.take().unwrap_or_default();
        for buffer in buffers {
            let name = buffer.name.borrow().clone();
            let numbers = buffer.numbers.borrow().clone();
            if let (true, Some(name), Some(numbers)) = (buffer.used.get(), name, numbers) {
                trace.builder.made_by_source(name, numbers);
            }
        }
        Ok(trace.builder.finish(&outputs))
    }

    /// What the text is.
    ///
    /// # Errors
    /// With the place of a mistake.
    pub(in crate::network) fn read(&self) -> Result<Reading, SourceError> {
        let reader = |name: &str| std::fs::read_to_string(name).ok();
        let mut interpreter = Interpreter::new(&reader);
        let objects = match self.found(&mut interpreter)? {
            Found::Sequence(objects) => objects,
            Found::One(object) => vec![object],
        };
        let mut layers = Vec::new();
        for object in &objects {
            let plain = plain(&interpreter, object, &mut layers, 0);
            match plain.map_err(|fault| SourceError::At(interpreter.told(&fault)))? {
                true => {}
                false => return Ok(Reading::Program(self.clone())),
            }
        }
        if layers.is_empty() {
            let end = self.source.len();
            return Err(SourceError::At(NotationError::new(
                &self.source,
                0..end,
                nothing_here(),
            )));
        }
        Ok(Reading::Layers(layers))
    }

    fn found(&self, interpreter: &mut Interpreter) -> Result<Found, SourceError> {
        let source = without_prompts(&self.source).unwrap_or_else(|| self.source.clone());
        interpreter.bare = self.file.is_none();
        let parsed = parse(&source).map_err(|error| self.at(error))?;
        let whole = parsed
            .iter()
            .any(|statement| matches!(statement.kind, StmtKind::Class(_) | StmtKind::Function(_)));
        if whole || self.file.is_some() {
            let scope = interpreter
                .load(self.file.clone(), source)
                .map_err(SourceError::At)?;
            return self.chosen(interpreter, &scope);
        }
        self.snippet(interpreter, &parsed, source)
    }

    fn at(&self, error: NotationError) -> SourceError {
        SourceError::At(match &self.file {
            Some(name) => error.in_file(name),
            None => error,
        })
    }

    /// Lines of layers, without classes.
    fn snippet(
        &self,
        interpreter: &mut Interpreter,
        parsed: &[Stmt],
        source: String,
    ) -> Result<Found, SourceError> {
        interpreter.texts.push(super::interpreter::Text {
            name: None,
            source: self.source.clone(),
            prelude: false,
        });
        let _ = source;
        let scope = Rc::new(Scope::default());
        interpreter.scopes.push(scope.clone());
        let mut unknown: Option<Fault> = None;
        for statement in parsed {
            let told = |interpreter: &Interpreter, stop| match stop {
                Stop::Fault(fault) => SourceError::At(interpreter.told(&fault)),
                _ => SourceError::At(NotationError::new(&self.source, 0..0, nothing_here())),
            };
            let shown: Option<(&Expr, Value)> = match &statement.kind {
                StmtKind::Expr(value) => {
                    let made = interpreter.eval(value, &scope);
                    Some((value, made.map_err(|stop| told(interpreter, stop))?))
                }
                _ => {
                    interpreter
                        .block(std::slice::from_ref(statement), &scope)
                        .map_err(|stop| told(interpreter, stop))?;
                    match &statement.kind {
                        StmtKind::Assign(targets, value) => match targets.first() {
                            Some(Expr {
                                kind: ExprKind::Name(name),
                                ..
                            }) => scope.own(name).map(|made| (value, made)),
                            _ => None,
                        },
                        _ => None,
                    }
                }
            };
            let expression = matches!(statement.kind, StmtKind::Expr(_));
            if let Some((expr, value)) = shown {
                let parts = match (&value, &expr.kind) {
                    (Value::Tuple(values), ExprKind::Tuple(exprs))
                        if values.len() == exprs.len() =>
                    {
                        exprs.iter().zip(values.iter().cloned()).collect()
                    }
                    _ => vec![(expr, value)],
                };
                for (expr, value) in parts {
                    match value {
                        Value::Unknown(found) => {
                            unknown.get_or_insert_with(|| found.fault.clone());
                        }
                        Value::Path(path) if expression && path.starts_with("torch.nn.") => {
                            let name = path.trim_start_matches("torch.nn.");
                            let message = says!(
                                en: "{name} needs parentheses: {name}(...)",
                                ja: "{name} にはかっこが必要です: {name}(...)"
                            );
                            let error =
                                NotationError::new(&self.source, expr.span.clone(), message);
                            return Err(SourceError::At(error));
                        }
                        _ => {}
                    }
                }
            }
        }
        let roots = roots(interpreter);
        if roots.is_empty() {
            return Err(SourceError::At(match unknown {
                Some(fault) => interpreter.told(&fault),
                None => NotationError::new(&self.source, 0..self.source.len(), nothing_here()),
            }));
        }
        Ok(Found::Sequence(roots))
    }

    /// What of a whole file is opened.
    fn chosen(
        &self,
        interpreter: &mut Interpreter,
        scope: &Rc<Scope>,
    ) -> Result<Found, SourceError> {
        if let Some(entry) = &self.entry {
            return self.named(interpreter, scope, entry);
        }
        let made: Vec<Rc<Object>> = roots(interpreter)
            .into_iter()
            .filter(|object| object.text == 0)
            .collect();
        let network = |object: &&Rc<Object>| match &object.class {
            ClassOf::Own(_) => true,
            ClassOf::Container(container) => {
                *container == Container::Sequential && !object.children().is_empty()
            }
            ClassOf::Layer(_) => false,
        };
        // The last one that has a name, or else the last that was made.
        let order: Vec<Rc<str>> = scope.order.borrow().clone();
        let named = order.iter().rev().find_map(|name| match scope.own(name) {
            Some(Value::Object(object)) if network(&&object) => {
                made.iter().find(|one| Rc::ptr_eq(one, &object)).cloned()
            }
            _ => None,
        });
        let own = named.or_else(|| made.iter().rev().find(network).cloned());
        if let Some(object) = &own {
            return Ok(Found::One(object.clone()));
        }
        let mut first: Option<SourceError> = None;
        for name in order.iter().rev() {
            let Some(Value::Class(class)) = scope.own(name) else {
                continue;
            };
            if class.text != 0
                || !class.is_module()
                || class.attribute("forward").is_none()
                    && class.container() != Some(Container::Sequential)
            {
                continue;
            }
            match self.construct(interpreter, &class) {
                Ok(object) => return Ok(Found::One(object)),
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        let names = openable(scope);
        match first {
            Some(SourceError::At(error)) if names.len() < 2 => Err(SourceError::At(error)),
            Some(error) => {
                let why = match error {
                    SourceError::At(error) => error.message.clone(),
                    other => other.message(),
                };
                Err(SourceError::Choose { why, names })
            }
            None if names.is_empty() => {
                let end = self.source.len();
                Err(self.at(NotationError::new(&self.source, 0..end, nothing_here())))
            }
            None => Err(SourceError::Choose {
                why: says!(
                    en: "the file has no class that opens by itself",
                    ja: "そのまま開けるクラスがファイルにありません"
                ),
                names,
            }),
        }
    }

    fn construct(
        &self,
        interpreter: &mut Interpreter,
        class: &Rc<Class>,
    ) -> Result<Rc<Object>, SourceError> {
        let span = class.span.clone();
        interpreter.text = class.text;
        match interpreter.call(
            &Value::Class(class.clone()),
            Values::default(),
            &span,
            &span,
        ) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(self.at(NotationError::new(&self.source, span, nothing_here()))),
            Err(Stop::Fault(fault)) => Err(SourceError::At(interpreter.told(&fault))),
            Err(_) => Err(self.at(NotationError::new(&self.source, span, nothing_here()))),
        }
    }

    /// What a name, or a call, of the file gives.
    fn named(
        &self,
        interpreter: &mut Interpreter,
        scope: &Rc<Scope>,
        entry: &str,
    ) -> Result<Found, SourceError> {
        let parsed = parse(entry).map_err(SourceError::At)?;
        let [
            Stmt {
                kind: StmtKind::Expr(expr),
                ..
            },
        ] = parsed.as_slice()
        else {
            let message = says!(
                en: "this is not a name or a call of the file",
                ja: "ファイルの名前でも呼び出しでもありません。"
            );
            return Err(SourceError::At(NotationError::new(
                entry,
                0..entry.len(),
                message,
            )));
        };
        if let ExprKind::Name(name) = &expr.kind
            && scope.own(name).is_none()
        {
            return Err(SourceError::Choose {
                why: says!(en: "the file has no {name}", ja: "ファイルに {name} はありません"),
                names: openable(scope),
            });
        }
        interpreter.texts.push(super::interpreter::Text {
            name: None,
            source: entry.to_owned(),
            prelude: false,
        });
        interpreter.text = interpreter.texts.len() - 1;
        let mut value = interpreter.eval(expr, scope);
        if let Ok(callable @ (Value::Class(_) | Value::Function(_) | Value::Partial(_))) = &value {
            let callable = callable.clone();
            value = interpreter.call(&callable, Values::default(), &expr.span, &expr.span);
        }
        let fault = match value {
            Ok(Value::Object(object)) if object.is_module() => return Ok(Found::One(object)),
            Ok(Value::Unknown(unknown)) => unknown.fault.clone(),
            Ok(other) => {
                let kind = other.kind();
                interpreter.fault_at(
                    &expr.span,
                    says!(
                        en: "this gives {kind}, which is no module",
                        ja: "これは {kind} で、モジュールではありません。"
                    ),
                )
            }
            Err(Stop::Fault(fault)) => *fault,
            Err(_) => interpreter.fault_at(&expr.span, nothing_here()),
        };
        Err(SourceError::At(interpreter.told(&fault)))
    }
}

/// Modules that are in no other one, in the order in which they were made.
fn roots(interpreter: &Interpreter) -> Vec<Rc<Object>> {
    let mut inner: HashSet<*const Object> = HashSet::new();
    for object in &interpreter.made {
        inner.extend(object.children().iter().map(|(_, child)| Rc::as_ptr(child)));
    }
    let made = interpreter.made.iter();
    let all: Vec<Rc<Object>> = made
        .filter(|object| object.is_module() && !inner.contains(&Rc::as_ptr(object)))
        .cloned()
        .collect();
    // What others were copied from is no part of its own, unless it is all there is.
    let copied = |object: &Rc<Object>| interpreter.copied.iter().any(|one| Rc::ptr_eq(one, object));
    // A loss stands beside the network.
    let loss = |object: &Rc<Object>| matches!(&object.class, ClassOf::Layer(layer) if layer.name.ends_with("Loss"));
    let own = all.iter().filter(|one| !copied(one) && !loss(one));
    let own: Vec<Rc<Object>> = own.cloned().collect();
    if own.is_empty() { all } else { own }
}

/// What the inputs of a module are called, where it must be given more than one.
fn inputs_of(object: &Rc<Object>) -> Vec<String> {
    let ClassOf::Own(class) = &object.class else {
        return Vec::new();
    };
    let Some((Value::Function(forward), _)) = class.attribute("forward") else {
        return Vec::new();
    };
    let parameters = forward.definition.parameters.iter().skip(1);
    parameters
        .filter(|parameter| {
            parameter.kind == super::syntax::ParameterKind::Usual && parameter.default.is_none()
        })
        .map(|parameter| parameter.name.to_string())
        .collect()
}

/// Adds the layers of a module, where it is a sequence of layers; whether it is.
fn plain(
    interpreter: &Interpreter,
    object: &Rc<Object>,
    out: &mut Vec<SpannedLayer>,
    depth: usize,
) -> Result<bool, Fault> {
    if depth > super::modules::MAX_INSIDE || out.len() > MAX_LAYERS {
        return Err(interpreter.fault_at(&object.span, super::modules::too_deep()));
    }
    let layer = match &object.class {
        ClassOf::Layer(layer) => layer,
        ClassOf::Container(Container::Sequential | Container::List) => {
            for (_, child) in object.children() {
                if !plain(interpreter, &child, out, depth + 1)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        ClassOf::Container(_) | ClassOf::Own(_) => return Ok(false),
    };
    if layer.form.is_none() {
        let mut fault = interpreter.fault_at(&object.span, not_shown(&layer.name));
        fault.text = object.text;
        return Err(fault);
    }
    if layer.lazy {
        return Ok(false);
    }
    let made = interpreter.layer_of(layer, &object.span, None)?;
    let places = layer.arguments.iter();
    let arguments: Vec<_> = places
        .map(|(name, _, span)| (*name, span.clone()))
        .collect();
    for layer in made.flattened() {
        out.push(SpannedLayer {
            layer,
            span: object.span.clone(),
            arguments: arguments.clone(),
        });
    }
    Ok(true)
}

/// The tensors of a result.
fn collect(value: &Value, out: &mut Vec<Traced>, budget: &mut Budget) {
    if budget.enter().is_none() {
        return;
    }
    match value {
        Value::Tensor(tensor) => out.push(tensor.clone()),
        Value::Tuple(values) => values.iter().for_each(|value| collect(value, out, budget)),
        Value::List(values) => {
            values
                .borrow()
                .iter()
                .for_each(|value| collect(value, out, budget));
        }
        Value::Dict(entries) => {
            for (_, value) in entries.borrow().iter() {
                collect(value, out, budget);
            }
        }
        _ => {}
    }
    budget.leave();
}

fn nothing_here() -> Localized<String> {
    says!(
        en: "there is no layer here; write for example nn.Conv2d(3, 8, 3)",
        ja: "ここに層がありません。たとえば nn.Conv2d(3, 8, 3) のように書いてください。"
    )
}
