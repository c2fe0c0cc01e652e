//! What the constant part of a network's source works with: Python's values, classes and objects.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::attributes::Attributes;
use super::syntax::{Comprehension, FunctionDef, Span};
use crate::language::Localized;
use crate::network::ValueId;
use crate::op::Form;
use crate::op::Value as Given;
use crate::tensor::Tensor;

/// Why something cannot be followed, with its place.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// Which of the texts it is in.
    pub text: usize,
    pub span: Span,
    pub message: Localized<String>,
}

/// A tensor: of the traced network, or one that the source makes itself.
#[derive(Debug, Clone)]
pub(super) struct Traced {
    pub held: Held,
    /// Its axes, the batch included.
    pub axes: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Held {
    /// By its number in the graph.
    Node(ValueId),
    Fixed(Rc<Fixed>),
}

/// A tensor that the source makes: `torch.arange(9)`, `nn.Parameter(torch.zeros(3))`.
#[derive(Debug)]
pub(super) struct Fixed {
    /// Its numbers; `None` where they are drawn at random.
    pub numbers: RefCell<Option<Tensor>>,
    pub kind: NumberKind,
    pub role: Role,
    /// Its name in the `state_dict`, once that is known.
    pub name: RefCell<Option<String>>,
    /// Its number in the graph, once it is there.
    pub id: Cell<Option<ValueId>>,
    /// Whether other constants were made of it.
    pub used: Cell<bool>,
}

/// What kind of numbers a tensor has, as `dtype` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    Real,
    Whole,
    Truth,
}

/// What a tensor is to the module that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Constant,
    /// `nn.Parameter`
    Parameter,
    /// `register_buffer`; kept with the parameters, but not learned.
    Buffer,
}

impl Traced {
    pub fn node(id: ValueId, axes: &[usize]) -> Self {
        Self {
            held: Held::Node(id),
            axes: axes.to_vec(),
        }
    }

    pub fn fixed(numbers: Option<Tensor>, axes: Vec<usize>, kind: NumberKind, role: Role) -> Self {
        Self {
            held: Held::Fixed(Rc::new(Fixed {
                numbers: RefCell::new(numbers),
                kind,
                role,
                name: RefCell::new(None),
                id: Cell::new(None),
                used: Cell::new(false),
            })),
            axes,
        }
    }

    pub fn as_fixed(&self) -> Option<&Rc<Fixed>> {
        match &self.held {
            Held::Node(_) => None,
            Held::Fixed(fixed) => Some(fixed),
        }
    }

    /// Its numbers, where no input and no training changes them.
    pub fn known(&self) -> Option<Tensor> {
        let fixed = self.as_fixed().filter(|one| one.role != Role::Parameter)?;
        fixed.numbers.borrow().clone()
    }

    pub fn kind(&self) -> NumberKind {
        self.as_fixed().map_or(NumberKind::Real, |fixed| fixed.kind)
    }

    /// The same numbers, held anew: a parameter, a buffer, or a copy.
    pub fn held_as(&self, role: Role) -> Self {
        match &self.held {
            Held::Node(_) => self.clone(),
            Held::Fixed(fixed) => {
                let numbers = fixed.numbers.borrow().clone();
                Self::fixed(numbers, self.axes.clone(), fixed.kind, role)
            }
        }
    }

    /// The only number that it has, where that is known, as Python's value.
    pub fn number(&self) -> Option<Value> {
        let tensor = self.known()?;
        let &[number] = tensor.data() else {
            return None;
        };
        Some(number_of(number, self.kind()))
    }

    fn is_same(&self, other: &Self) -> bool {
        match (&self.held, &other.held) {
            (Held::Node(one), Held::Node(two)) => one == two,
            (Held::Fixed(one), Held::Fixed(two)) => Rc::ptr_eq(one, two),
            (Held::Node(_), Held::Fixed(_)) | (Held::Fixed(_), Held::Node(_)) => false,
        }
    }
}

/// A number of a tensor as Python's value.
pub(super) fn number_of(number: f32, kind: NumberKind) -> Value {
    match kind {
        NumberKind::Real => Value::Real(f64::from(number)),
        NumberKind::Whole => Value::Integer(number as i64),
        NumberKind::Truth => Value::Bool(number != 0.0),
    }
}

/// A name that stands for nothing here, or what came of it.
#[derive(Debug)]
pub(super) struct Unknown {
    pub name: String,
    pub fault: Fault,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    None,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(Rc<str>),
    Ellipsis,
    List(Rc<RefCell<Vec<Value>>>),
    Tuple(Rc<Vec<Value>>),
    Dict(Rc<RefCell<Vec<(Value, Value)>>>),
    Slice(Rc<[Value; 3]>),
    /// `(f(x) for x in y)`, which is gone through when something asks for it.
    Generator(Rc<Generator>),
    Function(Rc<Function>),
    /// A function with the object, or the class, that it is called on.
    Method(Rc<Function>, Box<Value>),
    /// A method of one of Python's or PyTorch's own values.
    Native(Box<Value>, Rc<str>),
    Class(Rc<Class>),
    Object(Rc<Object>),
    /// Something of a library, by its full name: `torch.nn.Conv2d`.
    Path(Rc<str>),
    Partial(Rc<(Value, Values)>),
    Super(Rc<Class>, Box<Value>),
    Tensor(Traced),
    /// The module of a file.
    Scope(Rc<Scope>),
    Unknown(Rc<Unknown>),
}

#[derive(Debug)]
pub(super) struct Generator {
    pub comprehension: Rc<Comprehension>,
    pub scope: Rc<Scope>,
    pub text: usize,
    pub span: Span,
}

/// Arguments of a call, evaluated.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    pub positional: Vec<(Value, Span)>,
    pub named: Vec<(Rc<str>, Value, Span)>,
}

#[derive(Debug)]
pub(super) struct Function {
    pub definition: Rc<FunctionDef>,
    pub defaults: Vec<Option<Value>>,
    pub scope: Rc<Scope>,
    pub text: usize,
    /// The class that it is written in, which `super()` asks for.
    pub owner: RefCell<Option<Rc<Class>>>,
}

#[derive(Debug)]
pub(super) struct Class {
    pub name: Rc<str>,
    pub span: Span,
    pub text: usize,
    pub bases: Vec<Value>,
    pub scope: Rc<Scope>,
    /// The fields of a `dataclass` or a `NamedTuple`, in order.
    pub fields: Option<Vec<Rc<str>>>,
}

/// Names and what they stand for; those of the scope around it show through.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub names: RefCell<HashMap<Rc<str>, Value>>,
    /// In the order of their first assignment.
    pub order: RefCell<Vec<Rc<str>>>,
    pub around: Option<Rc<Scope>>,
    /// Whether it is the body of a class, which functions in it do not see.
    pub class: bool,
}

impl Scope {
    pub fn inside(around: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self {
            around: Some(around.clone()),
            ..Self::default()
        })
    }

    pub fn of_class(around: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self {
            around: Some(around.clone()),
            class: true,
            ..Self::default()
        })
    }

    pub fn own(&self, name: &str) -> Option<Value> {
        self.names.borrow().get(name).cloned()
    }

    pub fn find(&self, name: &str) -> Option<Value> {
        match self.own(name) {
            Some(value) => Some(value),
            None => self.around.as_ref()?.find(name),
        }
    }

    pub fn set(&self, name: &Rc<str>, value: Value) {
        if self
            .names
            .borrow_mut()
            .insert(name.clone(), value)
            .is_none()
        {
            self.order.borrow_mut().push(name.clone());
        }
    }
}

/// An object: of a class of the text, or a module of PyTorch.
#[derive(Debug)]
pub(super) struct Object {
    pub class: ClassOf,
    pub attributes: RefCell<Attributes>,
    /// Where it was made.
    pub text: usize,
    pub span: Span,
    /// Its name in the whole model, once that is known: `layer1.0.conv1`.
    pub path: RefCell<Option<String>>,
    /// How often it was called.
    pub calls: Cell<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum ClassOf {
    /// A class of the text.
    Own(Rc<Class>),
    /// `Sequential`, `ModuleList` or `ModuleDict`.
    Container(Container),
    /// A layer of PyTorch.
    Layer(Rc<MadeLayer>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Sequential,
    List,
    Dict,
    /// `nn.Module` itself.
    Module,
}

/// A layer with its arguments, to be made when it is called.
#[derive(Debug)]
pub(super) struct MadeLayer {
    /// The name that was called: `LazyConv2d`.
    pub name: Rc<str>,
    /// Its form, where the operation is shown here.
    pub form: Option<&'static Form>,
    pub arguments: Vec<(&'static str, Given, Span)>,
    /// Whether its channels are those of its input.
    pub lazy: bool,
}

impl Object {
    pub fn attribute(&self, name: &str) -> Option<Value> {
        self.attributes.borrow().named(name).cloned()
    }

    pub fn set(&self, name: &Rc<str>, value: Value) {
        self.attributes.borrow_mut().set(name, value);
    }

    /// The modules in it, by their names, in order.
    pub fn children(&self) -> Vec<(Rc<str>, Rc<Object>)> {
        let attributes = self.attributes.borrow();
        let modules = attributes.iter().filter_map(|(name, value)| match value {
            Value::Object(child) if child.is_module() => Some((name.clone(), child.clone())),
            _ => None,
        });
        modules.collect()
    }

    /// What a container goes through: modules, or parameters.
    pub fn elements(&self) -> Vec<(Rc<str>, Value)> {
        let attributes = self.attributes.borrow();
        let held = attributes.iter().filter(|(_, value)| match value {
            Value::Object(child) => child.is_module(),
            Value::Tensor(_) => true,
            _ => false,
        });
        held.cloned().collect()
    }

    pub fn is_module(&self) -> bool {
        match &self.class {
            ClassOf::Own(class) => class.is_module(),
            ClassOf::Container(_) | ClassOf::Layer(_) => true,
        }
    }

    pub fn container(&self) -> Option<Container> {
        match &self.class {
            ClassOf::Own(class) => class.container(),
            ClassOf::Container(container) => Some(*container),
            ClassOf::Layer(_) => None,
        }
    }

    /// What its class is called.
    pub fn class_name(&self) -> Rc<str> {
        match &self.class {
            ClassOf::Own(class) => class.name.clone(),
            ClassOf::Container(container) => Rc::from(container.name()),
            ClassOf::Layer(layer) => layer.name.clone(),
        }
    }
}

impl Container {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "Sequential",
            Self::List => "ModuleList",
            Self::Dict => "ModuleDict",
            Self::Module => "Module",
        }
    }

    pub fn of_path(path: &str) -> Option<Self> {
        match path {
            "torch.nn.Sequential" => Some(Self::Sequential),
            "torch.nn.ModuleList" | "torch.nn.ParameterList" => Some(Self::List),
            "torch.nn.ModuleDict" | "torch.nn.ParameterDict" => Some(Self::Dict),
            "torch.nn.Module" => Some(Self::Module),
            _ => None,
        }
    }
}

impl Class {
    /// It and the classes it inherits from, in the order in which attributes are looked for.
    pub fn lineage(self: &Rc<Self>) -> Vec<Rc<Self>> {
        let mut all = vec![self.clone()];
        for base in &self.bases {
            if let Value::Class(base) = base {
                for class in base.lineage() {
                    all.retain(|known| !Rc::ptr_eq(known, &class));
                    all.push(class);
                }
            }
        }
        all
    }

    /// An attribute, and the class that has it.
    pub fn attribute(self: &Rc<Self>, name: &str) -> Option<(Value, Rc<Self>)> {
        let lineage = self.lineage();
        let mut found = lineage
            .into_iter()
            .filter_map(|class| Some((class.scope.own(name)?, class)));
        found.next()
    }

    /// The library's class that it is made from, by its full name.
    pub fn library_base(self: &Rc<Self>) -> Option<Rc<str>> {
        let lineage = self.lineage();
        let mut paths = lineage.iter().flat_map(|class| &class.bases);
        paths.find_map(|base| match base {
            Value::Path(path) => Some(path.clone()),
            _ => None,
        })
    }

    pub fn container(self: &Rc<Self>) -> Option<Container> {
        Container::of_path(&self.library_base()?)
    }

    pub fn is_module(self: &Rc<Self>) -> bool {
        self.library_base()
            .is_some_and(|path| path.starts_with("torch.nn."))
    }

    pub fn is_a(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        self.lineage().iter().any(|class| Rc::ptr_eq(class, other))
    }
}

impl Value {
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub fn list(values: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(values)))
    }

    pub fn tuple(values: Vec<Self>) -> Self {
        Self::Tuple(Rc::new(values))
    }

    pub fn sizes(axes: &[usize]) -> Self {
        Self::tuple(
            axes.iter()
                .map(|&axis| Self::Integer(axis as i64))
                .collect(),
        )
    }

    /// Whether it counts as true; `None` where that is not known.
    pub fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::None => false,
            Self::Bool(truth) => *truth,
            Self::Integer(number) => *number != 0,
            Self::Real(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(values) => !values.borrow().is_empty(),
            Self::Tuple(values) => !values.is_empty(),
            Self::Dict(entries) => !entries.borrow().is_empty(),
            Self::Object(object) => match object.container() {
                Some(Container::Module) | None => true,
                Some(_) => !object.elements().is_empty(),
            },
            Self::Tensor(tensor) => return tensor.number()?.truth(),
            Self::Unknown(_) => return None,
            Self::Ellipsis
            | Self::Slice(_)
            | Self::Generator(_)
            | Self::Function(_)
            | Self::Method(..)
            | Self::Native(..)
            | Self::Class(_)
            | Self::Path(_)
            | Self::Partial(_)
            | Self::Super(..)
            | Self::Scope(_) => true,
        })
    }

    pub fn real(&self) -> Option<f64> {
        match self {
            Self::Bool(truth) => Some(f64::from(*truth)),
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Bool(truth) => Some(i64::from(*truth)),
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether both are the same value; `None` where that is not known.
    pub fn equals(&self, other: &Self) -> Option<bool> {
        self.equals_within(other, &mut Budget::default())
    }

    fn equals_within(&self, other: &Self, budget: &mut Budget) -> Option<bool> {
        if let (Some(one), Some(two)) = (self.real(), other.real()) {
            return Some(one == two);
        }
        let all = |one: &[Self], two: &[Self], budget: &mut Budget| {
            if one.len() != two.len() {
                return Some(false);
            }
            budget.enter()?;
            for (one, two) in one.iter().zip(two) {
                if !one.equals_within(two, budget)? {
                    return Some(false);
                }
            }
            budget.leave();
            Some(true)
        };
        Some(match (self, other) {
            (Self::Unknown(_), _) | (_, Self::Unknown(_)) => return None,
            (Self::Tensor(_), _) | (_, Self::Tensor(_)) => return None,
            (Self::None, Self::None) => true,
            (Self::Text(one), Self::Text(two)) | (Self::Path(one), Self::Path(two)) => one == two,
            (Self::List(one), Self::List(two)) => {
                return all(&one.borrow(), &two.borrow(), budget);
            }
            (Self::Tuple(one), Self::Tuple(two)) => return all(one, two, budget),
            (one, two) => one.is(two),
        })
    }

    /// Whether both are the same object.
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Object(one), Self::Object(two)) => Rc::ptr_eq(one, two),
            (Self::Class(one), Self::Class(two)) => Rc::ptr_eq(one, two),
            (Self::Function(one), Self::Function(two)) => Rc::ptr_eq(one, two),
            (Self::List(one), Self::List(two)) => Rc::ptr_eq(one, two),
            (Self::Path(one), Self::Path(two)) => one == two,
            (Self::Tensor(one), Self::Tensor(two)) => one.is_same(two),
            (Self::Integer(one), Self::Integer(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => one == two,
            _ => false,
        }
    }

    /// What kind of value it is, in Python's words.
    pub fn kind(&self) -> String {
        match self {
            Self::None => "None".to_owned(),
            Self::Bool(_) => "bool".to_owned(),
            Self::Integer(_) => "int".to_owned(),
            Self::Real(_) => "float".to_owned(),
            Self::Text(_) => "str".to_owned(),
            Self::Ellipsis => "...".to_owned(),
            Self::List(_) => "list".to_owned(),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Dict(_) => "dict".to_owned(),
            Self::Slice(_) => "slice".to_owned(),
            Self::Generator(_) => "generator".to_owned(),
            Self::Function(function) | Self::Method(function, _) => {
                function.definition.name.to_string()
            }
            Self::Native(_, name) => name.to_string(),
            Self::Class(class) => class.name.to_string(),
            Self::Object(object) => object.class_name().to_string(),
            Self::Path(path) => path.to_string(),
            Self::Partial(_) => "partial".to_owned(),
            Self::Super(..) => "super".to_owned(),
            Self::Tensor(_) => "Tensor".to_owned(),
            Self::Scope(_) => "module".to_owned(),
            Self::Unknown(unknown) => unknown.name.clone(),
        }
    }

    /// The value as `str` gives it, where that is of use in a name.
    pub fn shown(&self) -> Option<String> {
        self.shown_within(&mut Budget::default())
    }

    fn shown_within(&self, budget: &mut Budget) -> Option<String> {
        budget.enter()?;
        let mut all = |values: &[Self]| -> Option<String> {
            let shown: Option<Vec<String>> = values
                .iter()
                .map(|value| value.shown_within(budget))
                .collect();
            Some(shown?.join(", "))
        };
        let shown = match self {
            Self::None => "None".to_owned(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => format!("{number:?}"),
            Self::Text(text) => text.to_string(),
            Self::List(values) => format!("[{}]", all(&values.borrow())?),
            Self::Tuple(values) => format!("({})", all(values)?),
            _ => return None,
        };
        budget.leave();
        Some(shown)
    }

    /// As an argument of a layer.
    pub fn given(&self) -> Given {
        self.given_within(&mut Budget::default())
    }

    fn given_within(&self, budget: &mut Budget) -> Given {
        if budget.enter().is_none() {
            return Given::None;
        }
        let mut all = |values: &[Self]| {
            values
                .iter()
                .map(|value| value.given_within(budget))
                .collect()
        };
        let given = match self {
            Self::None => Given::None,
            Self::Bool(truth) => Given::Bool(*truth),
            Self::Integer(number) => Given::Integer(*number),
            Self::Real(number) => Given::Real(*number),
            Self::Text(text) => Given::Text(text.to_string()),
            Self::List(values) => Given::List(all(&values.borrow())),
            Self::Tuple(values) => Given::List(all(values)),
            Self::Unknown(unknown) => Given::Text(unknown.name.clone()),
            other => Given::Layer(other.kind()),
        };
        budget.leave();
        given
    }
}

/// How deep and how far a value is looked into: a list may hold itself.
pub(super) struct Budget {
    depth: usize,
    left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            depth: 0,
            left: 10_000,
        }
    }
}

impl Budget {
    pub fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        self.left = self.left.checked_sub(1)?;
        (self.depth < 24).then_some(())
    }

    pub fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}
