//! Modules of PyTorch in a network's source: how they are made, what is in them, and what a call of
//! one adds to the graph.

use std::rc::Rc;

use super::foreign;
use super::interpreter::{Interpreter, Run, Stop, no_tensor};
use super::names::{LAYERS, alias};
use super::syntax::Span;
use super::value::{
    ClassOf, Container, Fault, Fixed, MadeLayer, NumberKind, Object, Role, Traced, Unknown, Value,
    Values,
};
use crate::language::{Localized, Message, nearest};
use crate::network::GraphError;
use crate::network::notation::argument_of;
use crate::op::Value as Given;
use crate::op::{Arguments, Form, Layer, OperationKind, Style};
use crate::says;
use crate::tensor::Shape;

/// Whether a name is a layer's, of this program or of PyTorch.
pub(super) fn is_layer_name(name: &str) -> bool {
    form(name).is_some()
        || LAYERS.contains(&name)
        || alias(name).is_some()
        || matches!(
            name,
            "Sequential" | "ModuleList" | "ModuleDict" | "Module" | "Parameter"
        )
}

/// The layer whose name has these letters, whatever their case.
pub(super) fn in_other_case(name: &str) -> Option<&'static str> {
    let forms = OperationKind::forms().map(|form| form.name);
    let mut known = forms.chain(LAYERS.iter().copied());
    known.find(|known| known.eq_ignore_ascii_case(name))
}

/// The form of a name.
pub(super) fn form(name: &str) -> Option<&'static Form> {
    OperationKind::forms().find(|form| form.name == name)
}

/// Every name that can be called.
fn names() -> Vec<&'static str> {
    let forms = OperationKind::forms().map(|form| form.name);
    forms.chain(["Sequential"]).collect()
}

/// Arguments that change nothing that is shown here, so that a form need not have them.
const SILENT: [&str; 8] = [
    "inplace",
    "device",
    "dtype",
    "track_running_stats",
    "momentum",
    "training",
    "recompute_scale_factor",
    "antialias",
];

/// A layer and what stands in it, which a Python class of the text is made from.
const OWN_LAYER: &str = "";

impl Interpreter<'_> {
    // Making

    /// A module of PyTorch by its name: `Conv2d`.
    pub(super) fn make_module(
        &mut self,
        name: &str,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        if let Some(container) = Container::of_path(&format!("torch.nn.{name}")) {
            let object = self.new_object(ClassOf::Container(container), span);
            self.fill_container(&object, container, given, called)?;
            return Ok(Value::Object(object));
        }
        let layer = self.bound(name, given, called)?;
        let object = self.new_object(ClassOf::Layer(Rc::new(layer)), called);
        Ok(Value::Object(object))
    }

    /// `__init__` of the library's class that a class of the text is made from.
    pub(super) fn library_init(
        &mut self,
        object: &Rc<Object>,
        given: Values,
        span: &Span,
    ) -> Run<()> {
        let ClassOf::Own(class) = &object.class else {
            return Ok(());
        };
        let Some(base) = class.library_base() else {
            return Ok(());
        };
        match (Container::of_path(&base), base.strip_prefix("torch.nn.")) {
            (Some(container), _) => self.fill_container(object, container, given, span),
            (None, Some(name)) => {
                let layer = self.bound(name, given, span)?;
                let layer = Rc::new(Object {
                    class: ClassOf::Layer(Rc::new(layer)),
                    attributes: Default::default(),
                    text: self.text,
                    span: span.clone(),
                    path: Default::default(),
                    calls: Default::default(),
                });
                object.set(&Rc::from(OWN_LAYER), Value::Object(layer));
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    fn fill_container(
        &mut self,
        object: &Rc<Object>,
        container: Container,
        given: Values,
        span: &Span,
    ) -> Run<()> {
        let add = |interpreter: &mut Self, name: String, value: Value, span: &Span| -> Run<()> {
            interpreter.check_module(container.name(), &value, span)?;
            object.set(&Rc::from(name), value);
            Ok(())
        };
        match container {
            Container::Module => {}
            Container::Sequential | Container::List => {
                let mut number = 0;
                for (value, span) in given.positional {
                    match &value {
                        Value::Dict(entries) => {
                            let entries = entries.borrow().clone();
                            for (name, value) in entries {
                                let name = name.shown().unwrap_or_default();
                                add(self, name, value, &span)?;
                            }
                        }
                        Value::List(_)
                        | Value::Tuple(_)
                        | Value::Object(_)
                        | Value::Generator(_)
                            if container == Container::List =>
                        {
                            for value in self.iterate(&value, &span)? {
                                add(self, number.to_string(), value, &span)?;
                                number += 1;
                            }
                        }
                        _ => {
                            add(self, number.to_string(), value, &span)?;
                            number += 1;
                        }
                    }
                }
            }
            Container::Dict => {
                for (value, _) in given.positional {
                    if let Value::Dict(entries) = &value {
                        let entries = entries.borrow().clone();
                        for (name, value) in entries {
                            let name = name.shown().unwrap_or_default();
                            add(self, name, value, span)?;
                        }
                        continue;
                    }
                    // Pairs of a name and a module.
                    for pair in self.iterate(&value, span)? {
                        if let [name, value] = self.iterate(&pair, span)?.as_slice() {
                            let name = name.shown().unwrap_or_default();
                            add(self, name, value.clone(), span)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Refuses what is no module, where one belongs.
    fn check_module(&mut self, container: &str, value: &Value, span: &Span) -> Run<()> {
        match value {
            Value::Object(object) if object.is_module() => Ok(()),
            Value::None | Value::Tensor(_) => Ok(()),
            Value::Unknown(unknown) => Self::because(unknown),
            Value::Path(path) if path.starts_with("torch.nn.") => {
                let name = path.trim_start_matches("torch.nn.");
                self.fault(
                    span,
                    says!(
                        en: "{name} needs parentheses: {name}(...)",
                        ja: "{name} にはかっこが必要です: {name}(...)"
                    ),
                )
            }
            other => {
                let this = match other {
                    Value::List(_) | Value::Tuple(_) => says!(
                        en: "a list; write a star before it",
                        ja: "並びです。前に * を付けてください"
                    ),
                    other => other.given().described(),
                };
                self.fault(
                    span,
                    says!(
                        with [this];
                        en: "{container} takes layers, this is {this}",
                        ja: "{container} に入るのは層です。これは {this} です。"
                    ),
                )
            }
        }
    }

    /// A layer's arguments, matched with the parameters of its form and tried.
    fn bound(&mut self, name: &str, given: Values, called: &Span) -> Run<MadeLayer> {
        let (of, extra) = alias(name).unwrap_or((name, &[]));
        let lazy = name.starts_with("Lazy");
        let Some(form) = form(of) else {
            if LAYERS.contains(&name) {
                // It may never run: a loss, say.
                return Ok(MadeLayer {
                    name: Rc::from(name),
                    form: None,
                    arguments: Vec::new(),
                    lazy,
                });
            }
            let message = self.no_such_layer(name, &given, called);
            return self.fault(called, message);
        };
        let mut made = MadeLayer {
            name: Rc::from(name),
            form: Some(form),
            arguments: Vec::new(),
            lazy,
        };
        let mut unknown = Vec::new();
        let parameters = if lazy {
            &form.parameters[1..]
        } else {
            form.parameters
        };
        let most = given.positional.len();
        for (number, (value, span)) in given.positional.into_iter().enumerate() {
            let Some(parameter) = parameters.get(number) else {
                if of == "Identity" {
                    continue;
                }
                let message = if parameters.is_empty() {
                    no_arguments(form)
                } else {
                    let (most, all) = (parameters.len(), parameters.join(", "));
                    says!(
                        en: "{name} takes at most {most} arguments: {all}",
                        ja: "{name} の引数は {most} 個までです: {all}"
                    )
                };
                return self.fault(&span, message);
            };
            note_unknown(parameter, &value, &mut unknown);
            made.arguments.push((parameter, value.given(), span));
        }
        for (keyword, value, span) in given.named {
            let known = parameters.iter().find(|known| ***known == *keyword);
            let Some(parameter) = known else {
                let silent = SILENT.contains(&&*keyword)
                    || of == "Identity"
                    // Printed by PyTorch 2.15 for a bias that goes with the weight.
                    || *keyword == *"bias" && of.contains("Norm")
                    || *keyword == *"mode" && (name.starts_with("Upsampling") || name == "StochasticDepth");
                if silent {
                    continue;
                }
                let end = (span.start + keyword.len()).min(span.end);
                let message = unknown_argument(name, &keyword, form);
                return self.fault(&(span.start..end), message);
            };
            if made.arguments.iter().any(|(own, ..)| own == parameter) {
                return self.fault(
                    &span,
                    says!(
                        en: "{parameter} is given twice; leave one of them out",
                        ja: "{parameter} が2回指定されています。片方を取り除いてください。"
                    ),
                );
            }
            note_unknown(parameter, &value, &mut unknown);
            made.arguments.push((parameter, value.given(), span));
        }
        for (parameter, value) in extra {
            if !made.arguments.iter().any(|(own, ..)| own == parameter)
                && let Some(known) = form.parameters.iter().find(|known| *known == parameter)
            {
                made.arguments
                    .push((known, value.to_given(), called.clone()));
            }
        }
        let required = &form.parameters[..form.required];
        let missing = required
            .iter()
            .skip(usize::from(lazy))
            .find(|required| made.arguments.iter().all(|(own, ..)| own != *required));
        if let Some(missing) = missing {
            let all = required.join(", ");
            let keras = foreign::keras(name, most);
            let message = keras.unwrap_or_else(|| {
                says!(
                    en: "{name} needs {missing}; write {name}({all})",
                    ja: "{name} には {missing} が必要です。{name}({all}) のように書いてください。"
                )
            });
            return self.fault(called, message);
        }
        if !lazy && let Err(mut fault) = self.layer_of(&made, called, None) {
            // What an argument is that cannot be known comes first.
            let at = |parameter: &str| {
                let mut own = made.arguments.iter();
                own.any(|(own, _, span)| *own == parameter && *span == fault.span)
            };
            if let Some((_, unknown)) = unknown.iter().find(|(parameter, _)| at(parameter)) {
                fault = unknown.fault.clone();
            }
            return Err(Stop::Fault(Box::new(fault)));
        }
        Ok(made)
    }

    fn no_such_layer(&self, name: &str, given: &Values, called: &Span) -> Localized<String> {
        let written = self
            .texts
            .get(self.text)
            .and_then(|text| text.source.get(called.clone()));
        let of_torch = written.is_some_and(|written| written.contains("nn."));
        let keywords: Vec<&str> = given.named.iter().map(|(name, ..)| &**name).collect();
        if let Some(message) = foreign::layer(name, of_torch, &keywords) {
            return message;
        }
        match nearest(name, names().into_iter().chain(LAYERS.iter().copied())) {
            Some(meant) => says!(
                en: "there is no layer {name:?}; did you mean {meant:?}?",
                ja: "{name:?} という層はありません。{meant:?} のことですか?"
            ),
            None => {
                let known = names().join(", ");
                says!(
                    en: "there is no layer {name:?}; known are {known}",
                    ja: "{name:?} という層はありません。使えるのは {known} です。"
                )
            }
        }
    }

    /// The layer itself; a lazy one takes its channels from the axes of its input.
    pub(super) fn layer_of(
        &self,
        made: &MadeLayer,
        span: &Span,
        axes: Option<&[usize]>,
    ) -> Result<Layer, Fault> {
        let Some(form) = made.form else {
            return Err(self.fault_at(span, not_shown(&made.name)));
        };
        let mut arguments = Arguments::default();
        if made.lazy
            && let Some(first) = form.parameters.first()
        {
            let at = if form.name == "Linear" {
                axes.and_then(<[usize]>::last)
            } else {
                axes.and_then(|axes| axes.get(1))
            };
            let channels = at.copied().unwrap_or(1);
            arguments.give(first, Given::Integer(channels as i64));
        }
        for (parameter, value, _) in &made.arguments {
            arguments.give(parameter, value.clone());
        }
        (form.make)(&arguments).map_err(|wrong| {
            let mut own = made.arguments.iter();
            let place = own.find(|(parameter, ..)| *parameter == wrong.parameter);
            let span = place.map_or(span, |(.., span)| span);
            self.fault_at(span, wrong.message)
        })
    }

    // What is in a module

    pub(super) fn module_attribute(
        &mut self,
        object: &Rc<Object>,
        name: &Rc<str>,
        span: &Span,
    ) -> Run<Value> {
        if let Some(Value::Object(layer)) = object.attribute(OWN_LAYER)
            && &**name != "forward"
        {
            return self.module_attribute(&layer, name, span);
        }
        if &**name == "training" {
            return Ok(Value::Bool(false));
        }
        if &**name == "__dict__" || &**name == "_modules" {
            let children = object.children().into_iter();
            let entries: Vec<(Value, Value)> = children
                .map(|(name, child)| (Value::Text(name), Value::Object(child)))
                .collect();
            return Ok(Value::Dict(Rc::new(entries.into())));
        }
        if let ClassOf::Layer(layer) = &object.class {
            if &**name == "__class__" {
                return Ok(Value::Path(Rc::from(format!("torch.nn.{}", layer.name))));
            }
            if matches!(&**name, "weight" | "bias")
                && let Some(axes) = learned_axes(layer, name)
            {
                let Some(axes) = axes else {
                    return Ok(Value::None);
                };
                let made = Traced::fixed(None, axes, NumberKind::Real, Role::Parameter);
                if let (Some(fixed), Some(path)) = (made.as_fixed(), &*object.path.borrow()) {
                    fixed.name.replace(Some(joined(path, name)));
                }
                object.set(name, Value::Tensor(made.clone()));
                return Ok(Value::Tensor(made));
            }
            if let Some(value) = setting(layer, name) {
                return Ok(value);
            }
            let mut arguments = layer.arguments.iter();
            if let Some((_, given, _)) = arguments.find(|(own, ..)| **own == **name) {
                return Ok(of_given(given));
            }
        }
        let known = NATIVE_METHODS.contains(&&**name);
        let of_layer = matches!(object.class, ClassOf::Layer(_));
        if known || of_layer || object.container().is_some_and(|c| c != Container::Module) {
            return Ok(Value::Native(
                Box::new(Value::Object(object.clone())),
                name.clone(),
            ));
        }
        let class = object.class_name();
        if self.bare && object.container() == Some(Container::Module) && &*class == "Module" {
            return self.fault(
                span,
                says!(
                    en: "self.{name} is not defined in these lines; add the line that makes it, or paste the whole class",
                    ja: "self.{name} がこの行の前で定義されていません。作る行を加えるか、クラス全体を貼り付けてください。"
                ),
            );
        }
        self.fault(
            span,
            says!(
                en: "{class} has no {name} here",
                ja: "{class} に {name} が設定されていません。"
            ),
        )
    }

    /// Gives every module under one the name that PyTorch's `state_dict` has for it.
    pub(super) fn name_modules(object: &Rc<Object>, path: &str, depth: usize) {
        if depth > 64 || object.path.borrow().is_some() {
            return;
        }
        *object.path.borrow_mut() = Some(path.to_owned());
        for (name, value) in object.attributes.borrow().iter() {
            if let Value::Tensor(tensor) = value
                && let Some(fixed) = tensor.as_fixed()
            {
                let known = fixed.name.borrow().is_some();
                if !known {
                    fixed.name.replace(Some(joined(path, name)));
                }
            }
        }
        for (name, child) in object.children() {
            Self::name_modules(&child, &joined(path, &name), depth + 1);
        }
    }

    // Calls

    /// A module called on tensors.
    pub(super) fn forward(
        &mut self,
        object: &Rc<Object>,
        given: Values,
        span: &Span,
    ) -> Run<Value> {
        let unknown = given.positional.iter().find_map(|(value, _)| match value {
            Value::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        });
        if let (Some(unknown), true) = (&unknown, self.trace.is_none()) {
            return Ok(Value::Unknown(unknown.clone()));
        }
        if self.trace.is_none() {
            return Ok(self.unknown("tensor", span, no_tensor()));
        }
        if let ClassOf::Own(class) = &object.class
            && let Some((Value::Function(function), _)) = class.attribute("forward")
        {
            let path = object.path.borrow().clone().unwrap_or_default();
            self.inside.push(path);
            let result = self.run(&function, Some(Value::Object(object.clone())), given, span);
            self.inside.pop();
            return result;
        }
        self.library_forward(object, given, span)
    }

    /// `forward` of the library's class.
    pub(super) fn library_forward(
        &mut self,
        object: &Rc<Object>,
        given: Values,
        span: &Span,
    ) -> Run<Value> {
        if let Some(Value::Object(layer)) = object.attribute(OWN_LAYER) {
            return self.layer_call(&layer, given, span);
        }
        match (&object.class, object.container()) {
            (ClassOf::Layer(_), _) => self.layer_call(object, given, span),
            (_, Some(Container::Sequential)) => {
                let Some((mut value, place)) = given.positional.into_iter().next() else {
                    return self.fault(span, needs_input(&object.class_name()));
                };
                if self.inside.len() > MAX_INSIDE {
                    return self.fault(span, too_deep());
                }
                self.inside
                    .push(self.inside.last().cloned().unwrap_or_default());
                for (_, child) in object.children() {
                    let given = Values {
                        positional: vec![(value, place.clone())],
                        named: Vec::new(),
                    };
                    value = self.forward(&child, given, span)?;
                }
                self.inside.pop();
                Ok(value)
            }
            _ => {
                let class = object.class_name();
                self.fault(
                    span,
                    says!(
                        en: "{class} is called, but has no forward",
                        ja: "{class} が呼び出されていますが、forward がありません。"
                    ),
                )
            }
        }
    }

    fn layer_call(&mut self, object: &Rc<Object>, given: Values, span: &Span) -> Run<Value> {
        let ClassOf::Layer(layer) = &object.class else {
            return Ok(Value::None);
        };
        let mut inputs: Vec<Traced> = Vec::new();
        for (value, place) in &given.positional {
            match value {
                Value::Tensor(tensor) => inputs.push(tensor.clone()),
                Value::Unknown(unknown) => return Self::because(unknown),
                Value::None => {}
                other => {
                    let (name, kind) = (&layer.name, other.kind());
                    return self.fault(
                        place,
                        says!(
                            en: "{name} takes a tensor, this is {kind}",
                            ja: "{name} が受け取るのはテンソルです。これは {kind} です。"
                        ),
                    );
                }
            }
        }
        let Some(first) = inputs.first() else {
            return self.fault(span, needs_input(&layer.name));
        };
        if layer.form.is_none() {
            return self.fault(span, not_shown(&layer.name));
        }
        let made = self.layer_of(layer, &object.span, Some(&first.axes));
        let made = made.map_err(|fault| Stop::Fault(Box::new(fault)))?;
        let path = object.path.borrow().clone().unwrap_or_default();
        let (text, line) = (self.text, self.line_of(object.text, &object.span));
        // Weights that something else was put in the place of: those of another layer, say.
        let replaced: Vec<(&'static str, Traced)> = ["weight", "bias"]
            .into_iter()
            .filter_map(|operand| match object.attribute(operand)? {
                Value::Tensor(tensor) => {
                    let name = tensor.as_fixed()?.name.borrow().clone();
                    (name? != joined(&path, operand)).then_some((operand, tensor))
                }
                _ => None,
            })
            .collect();
        let in_place = layer
            .arguments
            .iter()
            .any(|(name, given, _)| *name == "inplace" && *given == Given::Bool(true));
        let whole = inputs.first().cloned();
        let mut parts = made.flattened();
        if parts.len() == 1 {
            parts = vec![made];
        }
        let count = parts.len();
        for (number, part) in parts.into_iter().enumerate() {
            let path = if count == 1 {
                path.clone()
            } else {
                format!("{path}.{number}")
            };
            let Some(trace) = &mut self.trace else {
                return Ok(Value::None);
            };
            let output = trace.module(&path, part, (&inputs, &replaced), &layer.name, line);
            let output = output.map_err(|error| {
                let places: Vec<(&str, &Span)> = layer
                    .arguments
                    .iter()
                    .map(|(name, _, span)| (*name, span))
                    .collect();
                let before = std::mem::replace(&mut self.text, object.text);
                let fault = self.graph_fault(error, &path, &places, &object.span);
                self.text = before;
                Stop::Fault(Box::new(fault))
            })?;
            inputs = vec![output];
        }
        self.text = text;
        object.calls.set(object.calls.get() + 1);
        match inputs.pop() {
            Some(output) => {
                if let (true, Some(input)) = (in_place, &whole) {
                    self.in_place(input, &output);
                }
                Ok(Value::Tensor(output))
            }
            None => Ok(Value::None),
        }
    }

    /// The line of a place, counted from 1; `None` in a text of this program's.
    pub(super) fn line_of(&self, text: usize, span: &Span) -> Option<usize> {
        let (text, span) = self.outside(text, span);
        if self.texts.get(text)?.prelude {
            return None;
        }
        let source = &self.texts.get(text)?.source;
        let before = source.get(..span.start)?;
        Some(before.matches('\n').count() + 1)
    }

    /// What the graph refuses, at the argument that it is about.
    pub(super) fn graph_fault(
        &self,
        error: GraphError,
        path: &str,
        places: &[(&str, &Span)],
        span: &Span,
    ) -> Fault {
        match error {
            GraphError::Layer { why, .. } => {
                let wanted = argument_of(&why);
                let place = places.iter().find(|(name, _)| *name == wanted);
                let span = place.map_or(span, |(_, span)| span);
                let why = why.message();
                let message = if path.is_empty() {
                    why
                } else {
                    says!(with [why]; en: "{path}: {why}", ja: "{path}: {why}")
                };
                self.fault_at(span, message)
            }
            other => self.fault_at(span, other.message()),
        }
    }
}

/// The buffers of a module and of those in it.
pub(super) fn buffers(object: &Rc<Object>, out: &mut Vec<Rc<Fixed>>, depth: usize) {
    if depth > 64 || out.len() > 1 << 14 {
        return;
    }
    for (_, value) in object.attributes.borrow().iter() {
        if let Value::Tensor(tensor) = value
            && let Some(fixed) = tensor.as_fixed()
            && fixed.role == Role::Buffer
            && !out.iter().any(|known| Rc::ptr_eq(known, fixed))
        {
            out.push(fixed.clone());
        }
    }
    for (_, child) in object.children() {
        buffers(&child, out, depth + 1);
    }
}

/// A name in the `state_dict`: of what is in a module of a path.
fn joined(path: &str, name: &str) -> String {
    match (path, name) {
        (path, "") => path.to_owned(),
        ("", name) => name.to_owned(),
        (path, name) => format!("{path}.{name}"),
    }
}

/// An argument of a layer.
fn given<'a>(layer: &'a MadeLayer, name: &str) -> Option<&'a Given> {
    let mut arguments = layer.arguments.iter();
    arguments
        .find(|(own, ..)| *own == name)
        .map(|(_, given, _)| given)
}

/// How many axes the windows of a convolution have; `None` of other layers.
fn window_axes(layer: &MadeLayer) -> Option<usize> {
    let name = layer.form?.name;
    let transposed = name.strip_prefix("ConvTranspose");
    match transposed.or_else(|| name.strip_prefix("Conv"))? {
        "1d" => Some(1),
        "2d" => Some(2),
        "3d" => Some(3),
        _ => None,
    }
}

/// A setting of a convolution, as PyTorch has it after `__init__`: a number for each axis, defaults too.
fn setting(layer: &MadeLayer, name: &str) -> Option<Value> {
    let axes = window_axes(layer)?;
    let default = match name {
        "kernel_size" => None,
        "stride" | "dilation" => Some(1),
        "padding" | "output_padding" => Some(0),
        "groups" => {
            let groups = given(layer, "groups").map_or(Value::Integer(1), of_given);
            return Some(groups);
        }
        "padding_mode" => {
            let mode = given(layer, "padding_mode");
            return Some(mode.map_or_else(|| Value::text("zeros"), of_given));
        }
        _ => return None,
    };
    Some(match (given(layer, name), default) {
        (Some(Given::Integer(one)), _) => Value::tuple(vec![Value::Integer(*one); axes]),
        (Some(given), _) => of_given(given),
        (None, Some(one)) => Value::tuple(vec![Value::Integer(one); axes]),
        (None, None) => return None,
    })
}

/// The axes of a layer's weight or bias; inside, `None` of a bias that it does not have. Outside, `None`
/// where that is not worked out.
fn learned_axes(layer: &MadeLayer, name: &str) -> Option<Option<Vec<usize>>> {
    let form = layer.form?;
    let whole = |name: &str| match given(layer, name) {
        Some(Given::Integer(number)) => usize::try_from(*number).ok(),
        _ => None,
    };
    let truth = |name: &str| given(layer, name) != Some(&Given::Bool(false));
    if form.name == "Linear" {
        let (inside, out) = (whole("in_features")?, whole("out_features")?);
        return Some(match name {
            "weight" => Some(vec![out, inside]),
            _ => truth("bias").then(|| vec![out]),
        });
    }
    if window_axes(layer).is_some() {
        let (inside, out) = (whole("in_channels")?, whole("out_channels")?);
        if name == "bias" {
            return Some(truth("bias").then(|| vec![out]));
        }
        let groups = whole("groups").unwrap_or(1).max(1);
        let mut axes = if form.name.starts_with("ConvTranspose") {
            vec![inside, out / groups]
        } else {
            vec![out, inside / groups]
        };
        let Some(Value::Tuple(kernel)) = setting(layer, "kernel_size") else {
            return None;
        };
        for size in kernel.iter() {
            axes.push(usize::try_from(size.integer()?).ok()?);
        }
        return Some(Some(axes));
    }
    let channels = match form.name {
        "BatchNorm1d" | "BatchNorm2d" | "BatchNorm3d" => whole("num_features")?,
        "GroupNorm" => whole("num_channels")?,
        _ => return None,
    };
    Some(truth("affine").then(|| vec![channels]))
}

/// Methods of `nn.Module` that every module has.
pub(super) const NATIVE_METHODS: &[&str] = &[
    "add_module",
    "apply",
    "bfloat16",
    "buffers",
    "children",
    "cpu",
    "cuda",
    "double",
    "eval",
    "float",
    "forward",
    "half",
    "load_state_dict",
    "modules",
    "named_children",
    "named_modules",
    "named_parameters",
    "parameters",
    "register_buffer",
    "register_forward_hook",
    "register_module",
    "register_parameter",
    "requires_grad_",
    "share_memory",
    "state_dict",
    "to",
    "train",
    "zero_grad",
];

/// Modules inside one another, at most.
pub(super) const MAX_INSIDE: usize = 100;

pub(super) fn too_deep() -> Localized<String> {
    says!(
        en: "modules are nested deeper than {MAX_INSIDE} here, or one holds itself",
        ja: "モジュールの入れ子が {MAX_INSIDE} 段より深いか、自分自身を含んでいます。"
    )
}

fn needs_input(name: &str) -> Localized<String> {
    says!(en: "{name} is called without a tensor", ja: "{name} がテンソルなしで呼び出されています。")
}

/// A layer of PyTorch that this program does not have.
pub(super) fn not_shown(name: &str) -> Localized<String> {
    says!(
        en: "{name} is a layer of PyTorch that is not shown here",
        ja: "{name} は PyTorch の層ですが、ここではまだ表示できません。"
    )
}

fn note_unknown(parameter: &str, value: &Value, out: &mut Vec<(String, Rc<Unknown>)>) {
    let mut note = |value: &Value| {
        if let Value::Unknown(unknown) = value {
            out.push((parameter.to_owned(), unknown.clone()));
        }
    };
    match value {
        Value::List(values) => values.borrow().iter().for_each(note),
        Value::Tuple(values) => values.iter().for_each(note),
        value => note(value),
    }
}

/// An argument as a value of Python.
fn of_given(given: &Given) -> Value {
    match given {
        Given::Integer(number) => Value::Integer(*number),
        Given::Real(number) => Value::Real(*number),
        Given::Text(text) => Value::text(text),
        Given::Bool(truth) => Value::Bool(*truth),
        Given::None | Given::Layer(_) => Value::None,
        Given::List(values) => Value::tuple(values.iter().map(of_given).collect()),
    }
}

fn unknown_argument(name: &str, keyword: &str, form: &Form) -> Localized<String> {
    if let Some(message) = foreign::argument(name, keyword) {
        return message;
    }
    let parameters = form.parameters;
    match nearest(keyword, parameters.iter().copied()) {
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
    }
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
