//! Objects as they are made of classes.

use std::rc::Rc;

use super::{Interpreter, Run};
use crate::network::python::syntax::Span;
use crate::network::python::value::{Class, ClassOf, Container, Object, Value, Values};
use crate::says;

impl Interpreter<'_> {
    pub fn new_object(&mut self, class: ClassOf, span: &Span) -> Rc<Object> {
        let object = self.object_of(class, span);
        if object.is_module() {
            self.made.push(object.clone());
        }
        object
    }

    /// What `self` is where only lines from the middle of a class are there; it is no network of its own.
    pub(super) fn implicit(&self, span: &Span) -> Rc<Object> {
        self.object_of(ClassOf::Container(Container::Module), span)
    }

    fn object_of(&self, class: ClassOf, span: &Span) -> Rc<Object> {
        Rc::new(Object {
            class,
            attributes: Default::default(),
            text: self.text,
            span: span.clone(),
            path: Default::default(),
            calls: Default::default(),
        })
    }

    pub(super) fn instance(&mut self, class: &Rc<Class>, given: Values, span: &Span) -> Run<Value> {
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
}
