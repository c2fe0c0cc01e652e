//! Whole texts: those of the user, those that they import, and this program's own.

use std::rc::Rc;

use super::{Interpreter, MAX_STEPS, Stop, Text};
use crate::network::notation::NotationError;
use crate::network::python::parser::parse;
use crate::network::python::syntax::{Expr, ExprKind, Span, Stmt, StmtKind};
use crate::network::python::value::{Scope, Unknown, Value};
use crate::says;

impl Interpreter<'_> {
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
    pub(super) fn lenient(&mut self, statements: &[Stmt], scope: &Rc<Scope>) {
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
    pub(super) fn imported(
        &mut self,
        dots: usize,
        module: &str,
        name: &Rc<str>,
        span: &Span,
    ) -> Value {
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
            self.prelude = self.own_text(include_str!("../prelude.py"));
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
            self.library = self.own_text(include_str!("../library.py"));
        }
        self.library.as_ref()?.own(name)
    }
}

/// `import a.b as c`
pub(super) fn import(modules: &[(String, Option<Rc<str>>)], scope: &Scope) {
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

/// The full name of something of a library.
pub(super) fn library(module: &str, name: &str) -> Value {
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
