//! Imports of modules, and of names of them.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::network::python::syntax::StmtKind;

impl Parser<'_> {
    /// `import a.b as c`, behind its first word.
    pub(super) fn import(&mut self) -> Parsed<StmtKind> {
        let mut modules = Vec::new();
        loop {
            let module = self.module_name()?;
            let own = if self.skip("as") {
                Some(self.name()?)
            } else {
                None
            };
            modules.push((module, own));
            if !self.skip(",") {
                break;
            }
        }
        Ok(StmtKind::Import(modules))
    }

    fn module_name(&mut self) -> Parsed<String> {
        let mut name = self.name()?.to_string();
        while self.skip(".") {
            name.push('.');
            name.push_str(&self.name()?);
        }
        Ok(name)
    }

    /// `from a import b as c`, behind its first word.
    pub(super) fn import_from(&mut self) -> Parsed<StmtKind> {
        let mut dots = 0;
        loop {
            if self.skip("...") {
                dots += 3;
            } else if self.skip(".") {
                dots += 1;
            } else {
                break;
            }
        }
        let module = if self.is("import") {
            String::new()
        } else {
            self.module_name()?
        };
        self.expect("import")?;
        let bracket = self.skip("(");
        let mut names = Vec::new();
        if self.skip("*") {
            return Ok(StmtKind::ImportFrom(
                dots,
                module,
                vec![(Rc::from("*"), Rc::from("*"))],
            ));
        }
        loop {
            let name = self.name()?;
            let own = if self.skip("as") {
                self.name()?
            } else {
                name.clone()
            };
            names.push((name, own));
            if !self.skip(",") || bracket && self.is(")") {
                break;
            }
        }
        if bracket {
            self.expect(")")?;
        }
        Ok(StmtKind::ImportFrom(dots, module, names))
    }
}
