//! The constant part of Python, run: what builds a network before any tensor is there, and the
//! calls through which a tensor then goes. What cannot be known is a value that says why; it is a
//! mistake only where something depends on it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::parser::parse;
use super::syntax::{
    Argument, ArgumentKind, Body, ClassDef, Collection, Comparison, Comprehension, Expr, ExprKind,
    FunctionDef, ParameterKind, Piece, Span, Stmt, StmtKind, Unary,
};
use super::trace::Trace;
use super::value::{
    Class, ClassOf, Container, Fault, Function, Generator, Object, Scope, Unknown, Value, Values,
};
use crate::language::Localized;
use crate::network::notation::NotationError;
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

    // Faults

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

    // Files

    /// Runs a text in a scope of its own; what goes wrong in a statement is known when something
    /// needs what it would have set.
    pub fn load(
        &mut self,
        name: Option<String>,
        source: String,
    ) -> Result<Rc<Scope>, NotationError> {
        let parsed = parse(&source).map_err(|error| match &name {
            Some(name) => error.in_file(name),
            None => error,
        })?;
        let before = self.text;
        self.texts.push(Text {
            name,
            source,
            prelude: false,
        });
        self.text = self.texts.len() - 1;
        let scope = Rc::new(Scope::default());
        self.scopes.push(scope.clone());
        scope.set(&Rc::from("__name__"), Value::text("__main__"));
        self.lenient(&parsed, &scope);
        self.text = before;
        Ok(scope)
    }

    /// Runs statements; one that goes wrong leaves unknown values behind.
    fn lenient(&mut self, statements: &[Stmt], scope: &Rc<Scope>) {
        for statement in statements {
            if let StmtKind::If(branches, otherwise) = &statement.kind {
                let mut taken = None;
                for (test, body) in branches {
                    match self.eval(test, scope).ok().and_then(|value| value.truth()) {
                        Some(true) => {
                            taken = Some(body);
                            break;
                        }
                        Some(false) => {}
                        None => {
                            taken = None;
                            break;
                        }
                    }
                }
                self.lenient(taken.unwrap_or(otherwise), scope);
                continue;
            }
            let before = self.steps;
            let loops = matches!(
                statement.kind,
                StmtKind::For { .. } | StmtKind::While(..) | StmtKind::With(..)
            );
            // A loop that trains would take all the steps there are.
            self.steps += if loops { MAX_STEPS - MAX_STEPS / 16 } else { 0 };
            let done = self.exec(statement, scope);
            if loops || done.is_err() {
                self.steps = before;
            }
            if let Err(Stop::Fault(fault)) = done {
                if !scope.class {
                    let message = fault.message.clone();
                    self.passed.push(self.fault_at(&statement.span, message));
                }
                let targets: Vec<&Expr> = match &statement.kind {
                    StmtKind::Assign(targets, _) => targets.iter().collect(),
                    StmtKind::Annotated(target, _) => vec![target],
                    _ => Vec::new(),
                };
                for target in targets {
                    if let ExprKind::Name(name) = &target.kind {
                        let unknown = Unknown {
                            name: name.to_string(),
                            fault: (*fault).clone(),
                        };
                        scope.set(name, Value::Unknown(Rc::new(unknown)));
                    }
                }
            }
        }
    }

    /// What a name of another file stands for.
    fn imported(&mut self, dots: usize, module: &str, name: &Rc<str>, span: &Span) -> Value {
        if let Some(known) = self.of_prelude(dots, module, name) {
            return known;
        }
        if dots == 0 {
            return library(module, name);
        }
        let mut path = "../".repeat(dots - 1);
        path.push_str(&module.replace('.', "/"));
        let inner = if module.is_empty() {
            format!("{path}{name}.py")
        } else {
            format!("{path}/{name}.py")
        };
        if !module.is_empty() {
            let own = if path.is_empty() {
                name.to_string()
            } else {
                format!("{path}.py")
            };
            if let Some(scope) = self.file(&own)
                && let Some(value) = scope.find(name)
            {
                return value;
            }
        }
        if let Some(scope) = self.file(&inner) {
            return Value::Scope(scope);
        }
        let from = format!("{}{module}", ".".repeat(dots));
        self.unknown(
            name,
            span,
            says!(
                en: "{name} is imported from {from}, which is not here",
                ja: "{name} は {from} から取り込まれていますが、そのファイルがありません。"
            ),
        )
    }

    fn file(&mut self, path: &str) -> Option<Rc<Scope>> {
        // Relative to the file that names it.
        let name = self.texts.get(self.text)?.name.clone()?;
        let folder = name.rfind('/').map_or("", |at| &name[..=at]);
        let whole = format!("{folder}{path}");
        if let Some(known) = self.files.get(&whole) {
            return known.clone();
        }
        // One that names itself again finds nothing.
        self.files.insert(whole.clone(), None);
        let source = (self.read)(&whole)?;
        let scope = self.load(Some(whole.clone()), source).ok();
        self.files.insert(whole, scope.clone());
        scope
    }

    fn of_prelude(&mut self, dots: usize, module: &str, name: &str) -> Option<Value> {
        let first = module.split('.').next().unwrap_or(module);
        if dots == 0 && !matches!(first, "torchvision" | "timm") {
            return None;
        }
        if self.prelude.is_none() {
            self.prelude = self.own_text(include_str!("prelude.py"));
        }
        self.prelude.as_ref()?.own(name)
    }

    /// Runs one of this program's own texts.
    fn own_text(&mut self, source: &str) -> Option<Rc<Scope>> {
        let (before, bare) = (self.text, std::mem::take(&mut self.bare));
        let number = self.texts.len();
        let scope = self.load(None, source.to_owned()).ok();
        if let Some(text) = self.texts.get_mut(number) {
            text.prelude = true;
        }
        (self.text, self.bare) = (before, bare);
        scope
    }

    /// Something of a library that the program's own text writes out.
    pub fn written_out(&mut self, path: &str) -> Option<Value> {
        let name = match path {
            "torch.nn.Transformer.generate_square_subsequent_mask" => {
                "generate_square_subsequent_mask"
            }
            "argparse.ArgumentParser" => "ArgumentParser",
            "easydict.EasyDict" | "argparse.Namespace" | "types.SimpleNamespace" => "Namespace",
            "einops.layers.torch.Rearrange" => "Rearrange",
            "einops.layers.torch.Reduce" => "Reduce",
            "torch.nn.functional.cosine_similarity" | "torch.cosine_similarity" => {
                "cosine_similarity"
            }
            "torch.nn.functional.pairwise_distance" | "torch.pairwise_distance" => {
                "pairwise_distance"
            }
            "torch.nn.functional.embedding" => "embedding",
            other => {
                let name = other.strip_prefix("torch.nn.")?;
                matches!(
                    name,
                    "MultiheadAttention"
                        | "TransformerEncoderLayer"
                        | "TransformerEncoder"
                        | "TransformerDecoderLayer"
                        | "TransformerDecoder"
                        | "Transformer"
                        | "Embedding"
                        | "CosineSimilarity"
                        | "PairwiseDistance"
                )
                .then_some(name)?
            }
        };
        if self.library.is_none() {
            self.library = self.own_text(include_str!("library.py"));
        }
        self.library.as_ref()?.own(name)
    }

    // Statements

    pub fn block(&mut self, statements: &[Stmt], scope: &Rc<Scope>) -> Run<()> {
        statements
            .iter()
            .try_for_each(|statement| self.exec(statement, scope))
    }

    fn exec(&mut self, statement: &Stmt, scope: &Rc<Scope>) -> Run<()> {
        self.step(&statement.span)?;
        match &statement.kind {
            StmtKind::Expr(value) => {
                self.eval(value, scope)?;
            }
            StmtKind::Assign(targets, value) => {
                let value = self.eval(value, scope)?;
                for target in targets {
                    self.assign(target, value.clone(), scope)?;
                }
            }
            StmtKind::Annotated(target, value) => {
                if let Some(value) = value {
                    let value = self.eval(value, scope)?;
                    self.assign(target, value, scope)?;
                }
            }
            StmtKind::Augmented(target, operator, value) => {
                let left = self.eval(target, scope)?;
                let right = self.eval(value, scope)?;
                if let (Value::List(list), super::syntax::Binary::Add) = (&left, operator) {
                    // In place, as Python does it.
                    self.extend(list, &right, &value.span)?;
                    return self.assign(target, left, scope);
                }
                let result = self.binary(*operator, &left, &right, &statement.span)?;
                if let (Value::Tensor(left), Value::Tensor(result)) = (&left, &result)
                    && left.axes == result.axes
                {
                    self.in_place(left, result);
                }
                self.assign(target, result, scope)?;
            }
            StmtKind::Function(definition) => {
                let function = self.function(definition, scope)?;
                scope.set(&definition.name, function);
            }
            StmtKind::Class(definition) => {
                let class = self.class(definition, scope);
                scope.set(&definition.name, class);
            }
            StmtKind::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(value, scope)?,
                    None => Value::None,
                };
                return Err(Stop::Return(value));
            }
            StmtKind::If(branches, otherwise) => {
                for (test, body) in branches {
                    if self.test(test, scope)? {
                        return self.block(body, scope);
                    }
                }
                return self.block(otherwise, scope);
            }
            StmtKind::For {
                target,
                over,
                body,
                otherwise,
            } => {
                let values = self.eval(over, scope)?;
                for value in self.iterate(&values, &over.span)? {
                    self.assign(target, value, scope)?;
                    match self.block(body, scope) {
                        Err(Stop::Break) => return Ok(()),
                        Ok(()) | Err(Stop::Continue) => {}
                        Err(other) => return Err(other),
                    }
                }
                return self.block(otherwise, scope);
            }
            StmtKind::While(test, body) => {
                while self.test(test, scope)? {
                    self.step(&statement.span)?;
                    match self.block(body, scope) {
                        Err(Stop::Break) => return Ok(()),
                        Ok(()) | Err(Stop::Continue) => {}
                        Err(other) => return Err(other),
                    }
                }
            }
            StmtKind::With(items, body) => {
                // torch.no_grad() and its like change no shape.
                for (value, name) in items {
                    let value = self.eval(value, scope)?;
                    if let Some(name) = name {
                        self.assign(name, value, scope)?;
                    }
                }
                return self.block(body, scope);
            }
            StmtKind::Try {
                body,
                otherwise,
                finally,
            } => {
                self.block(body, scope)?;
                self.block(otherwise, scope)?;
                return self.block(finally, scope);
            }
            StmtKind::Import(modules) => {
                for (module, own) in modules {
                    match own {
                        Some(own) => scope.set(own, Value::Path(canonical(module))),
                        None => {
                            let first = module.split('.').next().unwrap_or(module);
                            scope.set(&Rc::from(first), Value::Path(Rc::from(first)));
                        }
                    }
                }
            }
            StmtKind::ImportFrom(dots, module, names) => {
                for (name, own) in names {
                    if &**name == "*" {
                        continue;
                    }
                    let value = self.imported(*dots, module, name, &statement.span);
                    scope.set(own, value);
                }
            }
            StmtKind::Raise(raised) => {
                let what = match raised {
                    Some(raised) => self.raised(raised, scope),
                    None => String::new(),
                };
                return self.fault(
                    &statement.span,
                    says!(
                        en: "the file itself refuses this here: {what}",
                        ja: "ファイル自身がここで拒んでいます: {what}"
                    ),
                );
            }
            StmtKind::Assert(test) => {
                // What cannot be known is taken to hold.
                let truth = self.eval(test, scope).ok().and_then(|value| value.truth());
                if truth == Some(false) {
                    return self.fault(
                        &test.span,
                        says!(
                            en: "what the file asserts here does not hold",
                            ja: "ファイルが assert している条件が成り立ちません。"
                        ),
                    );
                }
            }
            StmtKind::Break => return Err(Stop::Break),
            StmtKind::Continue => return Err(Stop::Continue),
            StmtKind::Pass => {}
        }
        Ok(())
    }

    fn raised(&mut self, raised: &Expr, scope: &Rc<Scope>) -> String {
        let name = super::parser::dotted(raised);
        let ExprKind::Call { arguments, .. } = &raised.kind else {
            return name;
        };
        let words = arguments
            .first()
            .and_then(|argument| self.eval(&argument.value, scope).ok()?.shown());
        match words {
            Some(words) => format!("{name}: {words}"),
            None => name,
        }
    }

    fn test(&mut self, test: &Expr, scope: &Rc<Scope>) -> Run<bool> {
        let value = self.eval(test, scope)?;
        match (value.truth(), &value) {
            (Some(truth), _) => Ok(truth),
            (None, Value::Unknown(unknown)) => Self::because(unknown),
            (None, _) => self.fault(
                &test.span,
                says!(
                    en: "which way this goes depends on the numbers of a tensor, so it is not followed",
                    ja: "どちらに進むかがテンソルの値によって決まるため、たどれません。"
                ),
            ),
        }
    }

    /// `list.extend(more)`, which sees its own new elements where `more` is made of them.
    pub fn extend(&mut self, list: &RefCell<Vec<Value>>, more: &Value, span: &Span) -> Run<()> {
        if let Value::Generator(generator) = more {
            return self.generate(generator, &mut |interpreter, value| {
                if list.borrow().len() >= MAX_ELEMENTS {
                    return interpreter.too_long(span);
                }
                list.borrow_mut().push(value);
                Ok(())
            });
        }
        let more = self.iterate(more, span)?;
        if list.borrow().len() + more.len() > MAX_ELEMENTS {
            return self.too_long(span);
        }
        list.borrow_mut().extend(more);
        Ok(())
    }

    fn too_long<T>(&self, span: &Span) -> Run<T> {
        self.fault(
            span,
            says!(
                en: "this list has more than {MAX_ELEMENTS} elements",
                ja: "このリストの要素が {MAX_ELEMENTS} 個を超えています。"
            ),
        )
    }

    fn assign(&mut self, target: &Expr, value: Value, scope: &Rc<Scope>) -> Run<()> {
        match &target.kind {
            ExprKind::Name(name) => scope.set(name, value),
            ExprKind::Attribute(of, name) => {
                let object = match self.eval(of, scope)? {
                    Value::Unknown(unknown) if self.bare && unknown.name == "self" => {
                        // Lines from the middle of a class.
                        let object = self.implicit(&of.span);
                        scope.set(&Rc::from("self"), Value::Object(object.clone()));
                        object
                    }
                    Value::Object(object) => object,
                    Value::Class(class) => {
                        class.scope.set(name, value);
                        return Ok(());
                    }
                    _ => return Ok(()),
                };
                object.set(name, value);
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                let values = match &value {
                    Value::Unknown(_) => vec![value.clone(); targets.len()],
                    _ => self.iterate(&value, &target.span)?,
                };
                let star = targets
                    .iter()
                    .position(|target| matches!(target.kind, ExprKind::Starred(_)));
                let fits = match star {
                    Some(_) => values.len() + 1 >= targets.len(),
                    None => values.len() == targets.len(),
                };
                if !fits {
                    let (wanted, given) = (targets.len(), values.len());
                    return self.fault(
                        &target.span,
                        says!(
                            en: "{wanted} names stand here for {given} values",
                            ja: "{given} 個の値に対して名前が {wanted} 個あります。"
                        ),
                    );
                }
                let mut values = values.into_iter();
                let left = values.len();
                for target in targets {
                    if let ExprKind::Starred(inner) = &target.kind {
                        let count = left + 1 - targets.len();
                        let taken = values.by_ref().take(count).collect();
                        self.assign(inner, Value::list(taken), scope)?;
                    } else if let Some(value) = values.next() {
                        self.assign(target, value, scope)?;
                    }
                }
            }
            ExprKind::Index(of, index) => {
                let of = self.eval(of, scope)?;
                let index_value = self.eval(index, scope)?;
                match &of {
                    Value::List(values) => {
                        let length = values.borrow().len();
                        if let Some(at) = place(&index_value, length) {
                            values.borrow_mut()[at] = value;
                            return Ok(());
                        }
                        return self.fault(&index.span, no_element());
                    }
                    Value::Dict(entries) => {
                        let mut entries = entries.borrow_mut();
                        let known = entries
                            .iter_mut()
                            .find(|(key, _)| key.equals(&index_value) == Some(true));
                        match known {
                            Some((_, own)) => *own = value,
                            None => entries.push((index_value, value)),
                        }
                    }
                    Value::Object(object) => {
                        if let Some(name) = index_value.shown() {
                            object.set(&Rc::from(name), value);
                        }
                    }
                    Value::Tensor(tensor) => {
                        if self.overwrite(tensor, &index_value, &value, &target.span)? {
                            return Ok(());
                        }
                        return self.fault(
                            &target.span,
                            says!(
                                en: "a part of a tensor is overwritten here, which is not followed",
                                ja: "テンソルの一部を書き換えているため、たどれません。"
                            ),
                        );
                    }
                    _ => {}
                }
            }
            ExprKind::Starred(inner) => {
                let values = self.iterate(&value, &target.span)?;
                self.assign(inner, Value::list(values), scope)?;
            }
            _ => {
                return self.fault(
                    &target.span,
                    says!(en: "nothing can be assigned to this", ja: "ここには代入できません。"),
                );
            }
        }
        Ok(())
    }

    fn implicit(&mut self, span: &Span) -> Rc<Object> {
        Rc::new(Object {
            class: ClassOf::Container(Container::Module),
            attributes: Default::default(),
            text: self.text,
            span: span.clone(),
            path: Default::default(),
            calls: Default::default(),
        })
    }

    fn function(&mut self, definition: &Rc<FunctionDef>, scope: &Rc<Scope>) -> Run<Value> {
        let mut defaults = Vec::new();
        let made = self.made.len();
        for parameter in &definition.parameters {
            defaults.push(match &parameter.default {
                Some(default) => Some(self.eval(default, scope)?),
                None => None,
            });
        }
        // What stands in for an argument is no network of its own.
        self.made.truncate(made);
        let seen = match &scope.around {
            Some(around) if scope.class => around,
            _ => scope,
        };
        Ok(Value::Function(Rc::new(Function {
            definition: definition.clone(),
            defaults,
            scope: seen.clone(),
            text: self.text,
            owner: Default::default(),
        })))
    }

    fn class(&mut self, definition: &Rc<ClassDef>, scope: &Rc<Scope>) -> Value {
        let mut bases = Vec::new();
        for base in &definition.bases {
            match self.eval(base, scope) {
                Ok(Value::Path(path)) => {
                    let written = self.written_out(&path);
                    bases.push(written.unwrap_or(Value::Path(path)));
                }
                Ok(base) => bases.push(base),
                Err(Stop::Fault(fault)) => bases.push(Value::Unknown(Rc::new(Unknown {
                    name: super::parser::dotted(base),
                    fault: *fault,
                }))),
                Err(_) => {}
            }
        }
        let own = Scope::of_class(scope);
        self.scopes.push(own.clone());
        let made = self.made.len();
        self.lenient(&definition.body, &own);
        self.made.truncate(made);
        let class = Rc::new(Class {
            name: definition.name.clone(),
            span: definition.span.clone(),
            text: self.text,
            fields: fields(definition, &bases),
            bases,
            scope: own.clone(),
        });
        for value in own.names.borrow().values() {
            if let Value::Function(function) = value {
                *function.owner.borrow_mut() = Some(class.clone());
            }
        }
        Value::Class(class)
    }

    // Expressions

    pub fn eval(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Run<Value> {
        self.step(&expr.span)?;
        if self.depth >= MAX_EXPRESSIONS {
            return self.fault(&expr.span, super::modules::too_deep());
        }
        self.depth += 1;
        let value = self.value(expr, scope);
        self.depth -= 1;
        value
    }

    fn value(&mut self, expr: &Expr, scope: &Rc<Scope>) -> Run<Value> {
        Ok(match &expr.kind {
            ExprKind::None => Value::None,
            ExprKind::Bool(truth) => Value::Bool(*truth),
            ExprKind::Integer(number) => Value::Integer(*number),
            ExprKind::Real(number) => Value::Real(*number),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Ellipsis => Value::Ellipsis,
            ExprKind::Name(name) => self.named(name, &expr.span, scope),
            ExprKind::Formatted(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(literal) => text.push_str(literal),
                        Piece::Value(value) => {
                            let value = self.eval(value, scope)?;
                            text.push_str(&value.shown().unwrap_or_else(|| value.kind()));
                        }
                    }
                }
                Value::text(&text)
            }
            ExprKind::Tuple(all) => Value::tuple(self.elements(all, scope)?),
            ExprKind::List(all) | ExprKind::Set(all) => Value::list(self.elements(all, scope)?),
            ExprKind::Dict(entries) => self.dictionary(entries, scope)?,
            ExprKind::Unary(operator, inner) => {
                let value = self.eval(inner, scope)?;
                self.unary(*operator, value, &expr.span)?
            }
            ExprKind::Binary(operator, left, right, sign) => {
                let left = self.eval(left, scope)?;
                let right = self.eval(right, scope)?;
                match self.binary(*operator, &left, &right, &expr.span) {
                    // The sign is what is wrong when neither side has it.
                    Err(Stop::Fault(mut fault)) if fault.span == expr.span => {
                        fault.span = sign.clone();
                        return Err(Stop::Fault(fault));
                    }
                    other => other?,
                }
            }
            ExprKind::Compare(first, rest) => self.compared(first, rest, scope)?,
            ExprKind::And(all) | ExprKind::Or(all) => {
                let stops = matches!(expr.kind, ExprKind::Or(_));
                let mut last = Value::None;
                for value in all {
                    last = self.eval(value, scope)?;
                    match last.truth() {
                        Some(truth) if truth == stops => return Ok(last),
                        Some(_) => {}
                        None => return Ok(last),
                    }
                }
                last
            }
            ExprKind::Choice { test, then, other } => {
                let tested = self.eval(test, scope)?;
                match (tested.truth(), tested) {
                    (Some(true), _) => self.eval(then, scope)?,
                    (Some(false), _) => self.eval(other, scope)?,
                    (None, Value::Unknown(unknown)) => Value::Unknown(unknown),
                    (None, _) => return self.test(test, scope).map(Value::Bool),
                }
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                if let Some(made) = self.super_call(function, arguments, scope)? {
                    return Ok(made);
                }
                let mut called = self.eval(function, scope)?;
                if let Value::Unknown(unknown) = called {
                    let name = &unknown.name;
                    let layer = self.bare
                        && self.calls == 0
                        && matches!(function.kind, ExprKind::Name(_))
                        && name.starts_with(|first: char| first.is_uppercase());
                    if !layer {
                        return Ok(Value::Unknown(unknown));
                    }
                    // Told as a layer that is not there.
                    called = Value::Path(Rc::from(format!("torch.nn.{name}")));
                }
                let given = self.arguments(arguments, scope)?;
                self.call(&called, given, &function.span, &expr.span)?
            }
            ExprKind::Attribute(of, name) => {
                let of = self.eval(of, scope)?;
                self.attribute(&of, name, &expr.span)?
            }
            ExprKind::Index(of, index) => {
                let of_value = self.eval(of, scope)?;
                let index_value = self.eval(index, scope)?;
                self.indexed(&of_value, &index_value, &expr.span)?
            }
            ExprKind::Slice(first, last, step) => {
                let mut part = |part: &Option<Box<Expr>>| match part {
                    Some(part) => self.eval(part, scope),
                    None => Ok(Value::None),
                };
                let parts = [part(first)?, part(last)?, part(step)?];
                Value::Slice(Rc::new(parts))
            }
            ExprKind::Lambda(definition) => self.function(definition, scope)?,
            ExprKind::Comprehension(comprehension) => {
                self.comprehension(comprehension, scope, &expr.span)?
            }
            ExprKind::Starred(inner) => self.eval(inner, scope)?,
            ExprKind::Walrus(name, value) => {
                let value = self.eval(value, scope)?;
                scope.set(name, value.clone());
                value
            }
            ExprKind::Unfollowed(what) => {
                return self.fault(
                    &expr.span,
                    says!(en: "{what} is not followed", ja: "{what} はたどれません。"),
                );
            }
        })
    }

    fn elements(&mut self, all: &[Expr], scope: &Rc<Scope>) -> Run<Vec<Value>> {
        let mut values = Vec::with_capacity(all.len());
        for element in all {
            let value = self.eval(element, scope)?;
            if matches!(element.kind, ExprKind::Starred(_)) {
                values.extend(self.iterate(&value, &element.span)?);
            } else {
                values.push(value);
            }
        }
        Ok(values)
    }

    fn dictionary(&mut self, entries: &[(Option<Expr>, Expr)], scope: &Rc<Scope>) -> Run<Value> {
        let mut made: Vec<(Value, Value)> = Vec::new();
        let mut put = |key: Value, value: Value| match made
            .iter_mut()
            .find(|(own, _)| own.equals(&key) == Some(true))
        {
            Some((_, own)) => *own = value,
            None => made.push((key, value)),
        };
        for (key, value) in entries {
            let value = self.eval(value, scope)?;
            match (key, value) {
                (Some(key), value) => put(self.eval(key, scope)?, value),
                (None, Value::Dict(other)) => {
                    for (key, value) in other.borrow().iter() {
                        put(key.clone(), value.clone());
                    }
                }
                (None, _) => {}
            }
        }
        Ok(Value::Dict(Rc::new(made.into())))
    }

    fn unary(&mut self, operator: Unary, value: Value, span: &Span) -> Run<Value> {
        match (operator, value) {
            (_, Value::Unknown(unknown)) => Ok(Value::Unknown(unknown)),
            (Unary::Not, value) => match value.truth() {
                Some(truth) => Ok(Value::Bool(!truth)),
                None => self.fault(span, depends()),
            },
            (Unary::Invert, Value::Tensor(tensor)) => {
                let given = Values::default();
                match self.of_known("logical_not", &tensor, &given, span)? {
                    Some(value) => Ok(value),
                    None => self.fault(span, depends()),
                }
            }
            (Unary::Minus, Value::Integer(number)) => Ok(Value::Integer(number.wrapping_neg())),
            (Unary::Minus, Value::Real(number)) => Ok(Value::Real(-number)),
            (Unary::Plus, value @ (Value::Integer(_) | Value::Real(_) | Value::Tensor(_))) => {
                Ok(value)
            }
            (Unary::Minus, Value::Tensor(tensor)) => {
                self.tensor_function("neg", vec![Value::Tensor(tensor)], span)
            }
            (_, value) => {
                let kind = value.kind();
                self.fault(
                    span,
                    says!(
                        en: "this sign has no meaning before {kind}",
                        ja: "{kind} の前にこの符号は付けられません。"
                    ),
                )
            }
        }
    }

    fn compared(
        &mut self,
        first: &Expr,
        rest: &[(Comparison, Expr)],
        scope: &Rc<Scope>,
    ) -> Run<Value> {
        let mut left = self.eval(first, scope)?;
        for (comparison, right) in rest {
            let span = first.span.start..right.span.end;
            let right = self.eval(right, scope)?;
            if let (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) = (&left, &right) {
                return Ok(Value::Unknown(unknown.clone()));
            }
            let of_tensors = matches!(left, Value::Tensor(_)) || matches!(right, Value::Tensor(_));
            if let (true, [_]) = (of_tensors, rest)
                && let Some(made) = self.tensors_compared(*comparison, &left, &right, &span)?
            {
                return Ok(made);
            }
            let truth = match comparison {
                Comparison::Equal => left.equals(&right),
                Comparison::Unequal => left.equals(&right).map(|equal| !equal),
                Comparison::Is => Some(left.is(&right)),
                Comparison::IsNot => Some(!left.is(&right)),
                Comparison::In | Comparison::NotIn => {
                    let there = match (&left, &right) {
                        (Value::Text(part), Value::Text(whole)) => whole.contains(&**part),
                        _ => {
                            let values = self.iterate(&right, &span)?;
                            values.iter().any(|value| value.equals(&left) == Some(true))
                        }
                    };
                    Some(there == (*comparison == Comparison::In))
                }
                Comparison::Less
                | Comparison::LessEqual
                | Comparison::Greater
                | Comparison::GreaterEqual => {
                    let order = match (&left, &right) {
                        (Value::Text(one), Value::Text(two)) => Some(one.cmp(two)),
                        _ => match (left.real(), right.real()) {
                            (Some(one), Some(two)) => one.partial_cmp(&two),
                            _ => None,
                        },
                    };
                    order.map(|order| match comparison {
                        Comparison::Less => order.is_lt(),
                        Comparison::LessEqual => order.is_le(),
                        Comparison::Greater => order.is_gt(),
                        _ => order.is_ge(),
                    })
                }
            };
            match truth {
                Some(true) => {}
                Some(false) => return Ok(Value::Bool(false)),
                None => return self.fault(&span, depends()),
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    fn comprehension(
        &mut self,
        comprehension: &Rc<Comprehension>,
        scope: &Rc<Scope>,
        span: &Span,
    ) -> Run<Value> {
        let mut values = Vec::new();
        match comprehension.collection {
            Collection::Generator => {
                return Ok(Value::Generator(Rc::new(Generator {
                    comprehension: comprehension.clone(),
                    scope: scope.clone(),
                    text: self.text,
                    span: span.clone(),
                })));
            }
            Collection::List | Collection::Set | Collection::Dict => {
                let inner = Scope::inside(scope);
                self.clause(comprehension, 0, &inner, &mut |interpreter, key, value| {
                    if values.len() >= MAX_ELEMENTS {
                        return interpreter.too_long(span);
                    }
                    values.push((key, value));
                    Ok(())
                })?;
            }
        }
        Ok(match comprehension.collection {
            Collection::Dict => {
                let mut entries: Vec<(Value, Value)> = Vec::new();
                for (key, value) in values {
                    let mut known = entries.iter_mut();
                    match known.find(|(own, _)| own.equals(&key) == Some(true)) {
                        Some((_, own)) => *own = value,
                        None => entries.push((key, value)),
                    }
                }
                Value::Dict(Rc::new(entries.into()))
            }
            Collection::List | Collection::Set | Collection::Generator => {
                Value::list(values.into_iter().map(|(value, _)| value).collect())
            }
        })
    }

    /// Goes through a generator, and gives each value as soon as it is there: what takes it may change
    /// what the next one is made of.
    pub fn generate(
        &mut self,
        generator: &Generator,
        take: &mut dyn FnMut(&mut Self, Value) -> Run<()>,
    ) -> Run<()> {
        let before = std::mem::replace(&mut self.text, generator.text);
        let inner = Scope::inside(&generator.scope);
        let mut count = 0;
        let comprehension = &generator.comprehension;
        let done = self.clause(comprehension, 0, &inner, &mut |interpreter, value, _| {
            count += 1;
            if count > MAX_ELEMENTS {
                return interpreter.too_long(&generator.span);
            }
            take(interpreter, value)
        });
        self.text = before;
        done
    }

    fn clause(
        &mut self,
        comprehension: &Comprehension,
        number: usize,
        scope: &Rc<Scope>,
        take: &mut dyn FnMut(&mut Self, Value, Value) -> Run<()>,
    ) -> Run<()> {
        let Some((target, over, conditions)) = comprehension.clauses.get(number) else {
            let element = self.eval(&comprehension.element, scope)?;
            let value = match &comprehension.value {
                Some(value) => self.eval(value, scope)?,
                None => Value::None,
            };
            return take(self, element, value);
        };
        let values = self.eval(over, scope)?;
        'values: for value in self.iterate(&values, &over.span)? {
            self.assign(target, value, scope)?;
            for condition in conditions {
                if !self.test(condition, scope)? {
                    continue 'values;
                }
            }
            self.clause(comprehension, number + 1, scope, take)?;
        }
        Ok(())
    }

    // Calls

    pub fn arguments(&mut self, arguments: &[Argument], scope: &Rc<Scope>) -> Run<Values> {
        let mut given = Values::default();
        for argument in arguments {
            let value = self.eval(&argument.value, scope)?;
            match &argument.kind {
                ArgumentKind::Positional => {
                    given.positional.push((value, argument.span.clone()));
                }
                ArgumentKind::Keyword(name) => {
                    given
                        .named
                        .push((name.clone(), value, argument.span.clone()));
                }
                ArgumentKind::List => {
                    for value in self.iterate(&value, &argument.span)? {
                        given.positional.push((value, argument.span.clone()));
                    }
                }
                ArgumentKind::Dict => match value {
                    Value::Dict(entries) => {
                        for (key, value) in entries.borrow().iter() {
                            if let Value::Text(name) = key {
                                given.named.push((
                                    name.clone(),
                                    value.clone(),
                                    argument.span.clone(),
                                ));
                            }
                        }
                    }
                    Value::Unknown(unknown) => return Self::because(&unknown),
                    _ => {}
                },
            }
        }
        Ok(given)
    }

    /// `super()`, which stands for the classes behind that of the function that runs.
    fn super_call(
        &mut self,
        function: &Expr,
        arguments: &[Argument],
        scope: &Rc<Scope>,
    ) -> Run<Option<Value>> {
        if !matches!(&function.kind, ExprKind::Name(name) if &**name == "super") {
            return Ok(None);
        }
        let (class, object) = if let [class, object] = arguments {
            (
                self.eval(&class.value, scope)?,
                self.eval(&object.value, scope)?,
            )
        } else {
            (
                scope.find("__class__").unwrap_or(Value::None),
                scope.find("__self__").unwrap_or(Value::None),
            )
        };
        Ok(match class {
            Value::Class(class) => Some(Value::Super(class, Box::new(object))),
            _ => Some(Value::None),
        })
    }

    /// Calls something. `called` is where it is written, `span` where the whole call is.
    pub fn call(
        &mut self,
        function: &Value,
        given: Values,
        called: &Span,
        span: &Span,
    ) -> Run<Value> {
        match function {
            Value::Function(function) => self.run(function, None, given, span),
            Value::Method(function, object) => {
                self.run(function, Some((**object).clone()), given, span)
            }
            Value::Class(class) => self.instance(class, given, span),
            Value::Object(object) => {
                self.steps += CALL_STEPS;
                self.forward(object, given, span)
            }
            Value::Partial(partial) => {
                let (function, first) = &**partial;
                let mut all = first.clone();
                all.positional.extend(given.positional);
                for (name, value, span) in given.named {
                    all.named.retain(|(known, ..)| *known != name);
                    all.named.push((name, value, span));
                }
                self.call(function, all, called, span)
            }
            Value::Path(path) => {
                self.steps += CALL_STEPS;
                self.library_call(path, given, called, span)
            }
            Value::Native(of, name) => self.native(of, name, given, span),
            Value::Unknown(unknown) => Ok(Value::Unknown(unknown.clone())),
            other => {
                let kind = other.kind();
                self.fault(
                    called,
                    says!(en: "{kind} cannot be called", ja: "{kind} は呼び出せません。"),
                )
            }
        }
    }

    /// Runs a function of the text.
    pub fn run(
        &mut self,
        function: &Rc<Function>,
        object: Option<Value>,
        mut given: Values,
        span: &Span,
    ) -> Run<Value> {
        if self.calls >= MAX_CALLS {
            return self.fault(
                span,
                says!(
                    en: "calls are nested deeper than {MAX_CALLS} here",
                    ja: "呼び出しの入れ子が {MAX_CALLS} 段より深くなっています。"
                ),
            );
        }
        let scope = Scope::inside(&function.scope);
        if let Some(owner) = &*function.owner.borrow() {
            scope.set(&Rc::from("__class__"), Value::Class(owner.clone()));
        }
        if let Some(object) = object {
            scope.set(&Rc::from("__self__"), object.clone());
            given.positional.insert(0, (object, span.clone()));
        }
        self.callers.push((self.text, span.clone()));
        if let Err(stop) = self.bind(function, given, &scope, span) {
            self.callers.pop();
            return Err(stop);
        }
        let before = std::mem::replace(&mut self.text, function.text);
        self.calls += 1;
        let result = match &function.definition.body {
            Body::Block(body) => self.block(body, &scope),
            Body::Value(value) => match self.eval(value, &scope) {
                Ok(value) => Err(Stop::Return(value)),
                Err(stop) => Err(stop),
            },
        };
        self.calls -= 1;
        self.callers.pop();
        self.text = before;
        match result {
            Ok(()) | Err(Stop::Break | Stop::Continue) => Ok(Value::None),
            Err(Stop::Return(value)) => Ok(value),
            Err(fault) => Err(fault),
        }
    }

    fn bind(
        &mut self,
        function: &Rc<Function>,
        given: Values,
        scope: &Rc<Scope>,
        span: &Span,
    ) -> Run<()> {
        let own = function.owner.borrow();
        let name = match &*own {
            Some(class) if &*function.definition.name == "__init__" => class.name.clone(),
            _ => function.definition.name.clone(),
        };
        drop(own);
        let mut positional = given.positional.into_iter();
        let mut named = given.named;
        for (parameter, default) in function
            .definition
            .parameters
            .iter()
            .zip(&function.defaults)
        {
            let value = match parameter.kind {
                ParameterKind::List => {
                    let rest = positional.by_ref().map(|(value, _)| value).collect();
                    Value::tuple(rest)
                }
                ParameterKind::Dict => {
                    let rest = std::mem::take(&mut named);
                    let rest: Vec<(Value, Value)> = rest
                        .into_iter()
                        .map(|(name, value, _)| (Value::Text(name), value))
                        .collect();
                    Value::Dict(Rc::new(rest.into()))
                }
                ParameterKind::Usual | ParameterKind::KeywordOnly => {
                    let place = named.iter().position(|(name, ..)| *name == parameter.name);
                    let by_name = place.map(|place| named.remove(place).1);
                    let by_place = match parameter.kind {
                        ParameterKind::Usual if by_name.is_none() => {
                            positional.next().map(|(value, _)| value)
                        }
                        _ => None,
                    };
                    match by_name.or(by_place).or_else(|| default.clone()) {
                        Some(value) => value,
                        None => {
                            let parameter = &parameter.name;
                            return self.fault(
                                span,
                                says!(
                                    en: "{name} needs {parameter} here",
                                    ja: "{name} には {parameter} が必要です。"
                                ),
                            );
                        }
                    }
                }
            };
            scope.set(&parameter.name, value);
        }
        if let Some((keyword, _, place)) = named.first() {
            return self.fault(
                place,
                says!(
                    en: "{name} has no argument {keyword:?}",
                    ja: "{name} に引数 {keyword:?} はありません。"
                ),
            );
        }
        if let Some((_, place)) = positional.next() {
            return self.fault(
                &place,
                says!(
                    en: "{name} does not take so many arguments",
                    ja: "{name} の引数が多すぎます。"
                ),
            );
        }
        Ok(())
    }

    pub fn new_object(&mut self, class: ClassOf, span: &Span) -> Rc<Object> {
        let object = Rc::new(Object {
            class,
            attributes: Default::default(),
            text: self.text,
            span: span.clone(),
            path: Default::default(),
            calls: Default::default(),
        });
        if object.is_module() {
            self.made.push(object.clone());
        }
        object
    }

    fn instance(&mut self, class: &Rc<Class>, given: Values, span: &Span) -> Run<Value> {
        let object = self.new_object(ClassOf::Own(class.clone()), span);
        match class.attribute("__init__") {
            Some((Value::Function(init), _)) => {
                self.run(&init, Some(Value::Object(object.clone())), given, span)?;
            }
            _ => match class
                .lineage()
                .into_iter()
                .find_map(|class| class.fields.clone())
            {
                Some(fields) => self.fill_fields(&object, class, &fields, given, span)?,
                None => self.library_init(&object, given, span)?,
            },
        }
        Ok(Value::Object(object))
    }

    /// `__init__` of a `dataclass`.
    fn fill_fields(
        &mut self,
        object: &Rc<Object>,
        class: &Rc<Class>,
        fields: &[Rc<str>],
        given: Values,
        span: &Span,
    ) -> Run<()> {
        let name = &class.name;
        if let Some((keyword, _, place)) =
            given.named.iter().find(|(own, ..)| !fields.contains(own))
        {
            return self.fault(
                place,
                says!(
                    en: "{name} has no field {keyword:?}",
                    ja: "{name} にフィールド {keyword:?} はありません。"
                ),
            );
        }
        for (place, field) in fields.iter().enumerate() {
            let value = match given.get(place, field) {
                Some(value) => value.clone(),
                None => match class.attribute(field) {
                    Some((value, _)) => value,
                    None => {
                        return self.fault(
                            span,
                            says!(
                                en: "{name} needs {field} here",
                                ja: "{name} には {field} が必要です。"
                            ),
                        );
                    }
                },
            };
            object.set(field, value);
        }
        if let Some((Value::Function(after), _)) = class.attribute("__post_init__") {
            let own = Some(Value::Object(object.clone()));
            self.run(&after, own, Values::default(), span)?;
        }
        Ok(())
    }

    // Names and attributes

    fn named(&mut self, name: &Rc<str>, span: &Span, scope: &Rc<Scope>) -> Value {
        if let Some(value) = scope.find(name) {
            return value;
        }
        if super::builtins::is_builtin(name) {
            return Value::Path(name.clone());
        }
        let library = match &**name {
            "nn" => "torch.nn",
            "F" => "torch.nn.functional",
            "torch" | "torchvision" | "math" | "functools" | "collections" | "np" | "warnings" => {
                name
            }
            "einops" | "argparse" | "copy" | "itertools" | "typing" | "dataclasses" => name,
            "tf" | "tensorflow" | "keras" | "layers" if self.bare => name,
            "partial" => "functools.partial",
            "OrderedDict" => "collections.OrderedDict",
            _ => "",
        };
        if !library.is_empty() {
            return Value::Path(Rc::from(library));
        }
        if self.bare && super::modules::is_layer_name(name) {
            return Value::Path(Rc::from(format!("torch.nn.{name}")));
        }
        let meant = match &**name {
            "true" => Some("True"),
            "false" => Some("False"),
            "none" | "null" => Some("None"),
            "NN" | "Nn" => Some("nn"),
            other if self.bare => super::modules::in_other_case(other),
            _ => None,
        };
        let message = match meant {
            Some(meant) => says!(
                en: "{name} is a name that stands for nothing here; did you mean {meant}?",
                ja: "{name} という名前の値がここにはありません。{meant} のことですか?"
            ),
            None => says!(
                en: "{name} is a name that stands for nothing here; write its value, or define it in a line before",
                ja: "{name} という名前の値がここにはありません。値を書くか、前の行で定義してください。"
            ),
        };
        self.unknown(name, span, message)
    }

    pub fn attribute(&mut self, of: &Value, name: &Rc<str>, span: &Span) -> Run<Value> {
        match of {
            Value::Unknown(unknown) if self.bare && unknown.name == "self" => Ok(self.unknown(
                &format!("self.{name}"),
                span,
                says!(
                    en: "self.{name} is not defined in these lines; add the line that makes it, or paste the whole class",
                    ja: "self.{name} がこの行の前で定義されていません。作る行を加えるか、クラス全体を貼り付けてください。"
                ),
            )),
            Value::Unknown(unknown) => Ok(Value::Unknown(unknown.clone())),
            Value::Path(path) => Ok(super::builtins::constant(path, name)
                .unwrap_or_else(|| library(path, name))),
            Value::Scope(scope) => Ok(match scope.find(name) {
                Some(value) => value,
                None => self.unknown(
                    name,
                    span,
                    says!(en: "{name} is not in that file", ja: "{name} はそのファイルにありません。"),
                ),
            }),
            Value::Object(object) => self.object_attribute(object, name, span),
            Value::Class(class) => {
                if &**name == "__name__" {
                    return Ok(Value::Text(class.name.clone()));
                }
                match class.attribute(name) {
                    Some((Value::Function(function), _))
                        if has_decorator(&function, "classmethod") =>
                    {
                        Ok(Value::Method(function, Box::new(of.clone())))
                    }
                    Some((value, _)) => Ok(value),
                    None if matches!(&**name, "__init__" | "forward") => {
                        Ok(Value::Native(Box::new(of.clone()), name.clone()))
                    }
                    None => {
                        let unknown = class.bases.iter().find_map(|base| match base {
                            Value::Unknown(unknown) => Some(unknown.clone()),
                            _ => None,
                        });
                        if let Some(unknown) = unknown {
                            return Ok(Value::Unknown(unknown));
                        }
                        let class = &class.name;
                        self.fault(
                            span,
                            says!(en: "{class} has no {name}", ja: "{class} に {name} はありません。"),
                        )
                    }
                }
            }
            Value::Super(class, object) => {
                let lineage = match &**object {
                    Value::Object(object) => match &object.class {
                        ClassOf::Own(own) => own.lineage(),
                        ClassOf::Container(_) | ClassOf::Layer(_) => Vec::new(),
                    },
                    Value::Class(own) => own.lineage(),
                    _ => Vec::new(),
                };
                let behind = lineage.iter().skip_while(|own| !Rc::ptr_eq(own, class)).skip(1);
                for class in behind {
                    if let Some(Value::Function(function)) = class.scope.own(name) {
                        return Ok(Value::Method(function, object.clone()));
                    }
                }
                Ok(Value::Native(Box::new(of.clone()), name.clone()))
            }
            Value::Tensor(_) => self.tensor_attribute(of, name, span),
            // What torch.max gives.
            Value::Tuple(values) if matches!(&**name, "values" | "indices") && values.len() == 2 => {
                Ok(values[usize::from(&**name == "indices")].clone())
            }
            Value::Partial(partial) if &**name == "func" => Ok(partial.0.clone()),
            other => Ok(Value::Native(Box::new(other.clone()), name.clone())),
        }
    }

    fn object_attribute(&mut self, object: &Rc<Object>, name: &Rc<str>, span: &Span) -> Run<Value> {
        if let Some(value) = object.attribute(name) {
            return Ok(value);
        }
        if let ClassOf::Own(class) = &object.class {
            if &**name == "__class__" {
                return Ok(Value::Class(class.clone()));
            }
            if let Some((value, _)) = class.attribute(name) {
                let Value::Function(function) = value else {
                    return Ok(value);
                };
                if has_decorator(&function, "staticmethod") {
                    return Ok(Value::Function(function));
                }
                if has_decorator(&function, "classmethod") {
                    return Ok(Value::Method(
                        function,
                        Box::new(Value::Class(class.clone())),
                    ));
                }
                let object = Value::Object(object.clone());
                if has_decorator(&function, "property") {
                    return self.run(&function, Some(object), Values::default(), span);
                }
                return Ok(Value::Method(function, Box::new(object)));
            }
        }
        self.module_attribute(object, name, span)
    }
}

/// The fields of a class that is a `dataclass` or a `NamedTuple`, with those that it inherits.
fn fields(definition: &ClassDef, bases: &[Value]) -> Option<Vec<Rc<str>>> {
    let mut decorators = definition.decorators.iter();
    let decorated = decorators.any(|own| own.rsplit('.').next() == Some("dataclass"));
    let named = bases
        .iter()
        .any(|base| matches!(base, Value::Path(path) if &**path == "typing.NamedTuple"));
    if !decorated && !named {
        return None;
    }
    let mut fields: Vec<Rc<str>> = Vec::new();
    for base in bases {
        if let Value::Class(base) = base {
            fields.extend(base.fields.iter().flatten().cloned());
        }
    }
    for statement in &definition.body {
        if let StmtKind::Annotated(target, _) = &statement.kind
            && let ExprKind::Name(name) = &target.kind
            && !fields.contains(name)
        {
            fields.push(name.clone());
        }
    }
    Some(fields)
}

/// Whether a function is written under a decorator.
fn has_decorator(function: &Function, name: &str) -> bool {
    let mut decorators = function.definition.decorators.iter();
    decorators.any(|own| own.rsplit('.').next() == Some(name))
}

/// The full name of something of a library.
fn library(module: &str, name: &str) -> Value {
    Value::Path(canonical(&format!("{module}.{name}")))
}

/// The name by which this program knows it.
fn canonical(path: &str) -> Rc<str> {
    if let Some(rest) = path.strip_prefix("torch.nn.modules.") {
        let last = rest.rsplit('.').next().unwrap_or(rest);
        return Rc::from(format!("torch.nn.{last}"));
    }
    if let Some(rest) = path.strip_prefix("torch.nn.parameter.") {
        return Rc::from(format!("torch.nn.{rest}"));
    }
    if path == "numpy" {
        return Rc::from("np");
    }
    Rc::from(path)
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
