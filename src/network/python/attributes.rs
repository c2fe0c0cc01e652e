//! The attributes of an object, in the order in which they were set.

use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use super::value::Value;

/// Names with their values. A name is not searched for one by one: a `ModuleList` may hold very many modules.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    list: Vec<(Rc<str>, Value)>,
    places: HashMap<Rc<str>, usize>,
}

impl Attributes {
    /// The value of a name.
    pub(super) fn named(&self, name: &str) -> Option<&Value> {
        let place = *self.places.get(name)?;
        self.list.get(place).map(|(_, value)| value)
    }

    /// Gives a name its value.
    pub(super) fn set(&mut self, name: &Rc<str>, value: Value) {
        let place = *self.places.entry(name.clone()).or_insert(self.list.len());
        match self.list.get_mut(place) {
            Some((_, own)) => *own = value,
            None => self.list.push((name.clone(), value)),
        }
    }
}

impl Deref for Attributes {
    type Target = [(Rc<str>, Value)];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

impl FromIterator<(Rc<str>, Value)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Value)>>(values: I) -> Self {
        let mut attributes = Self::default();
        for (name, value) in values {
            attributes.set(&name, value);
        }
        attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_place_with_another_value() {
        let number = |value: &Value| match value {
            Value::Text(text) => text.to_string(),
            other => panic!("{other:?}"),
        };
        let text = |text: &str| Value::Text(text.into());
        let mut attributes = Attributes::default();
        for (name, value) in [("b", "1"), ("a", "2"), ("b", "3")] {
            attributes.set(&name.into(), text(value));
        }
        let all: Vec<String> = attributes
            .iter()
            .map(|(name, value)| format!("{name}={}", number(value)))
            .collect();
        assert_eq!(all, ["b=3", "a=2"]);
        assert_eq!(attributes.named("a").map(number).as_deref(), Some("2"));
        assert!(attributes.named("c").is_none());
    }
}
