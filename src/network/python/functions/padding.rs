//! Padding, as one layer or as the modules have it.

use super::{Call, integers_of};
use crate::network::python::interpreter::{Interpreter, Run};
use crate::network::python::modules::form;
use crate::network::python::value::{Traced, Value};
use crate::op::Value as Given;

impl Interpreter<'_> {
    pub(super) fn pad(&mut self, tensor: &Traced, call: Call<'_>) -> Run<Value> {
        let (given, path, span) = (call.given, call.path, call.span);
        let sides = given.get(1, "pad").and_then(integers_of);
        let Some(sides) = sides.filter(|sides| sides.len() % 2 == 0 && !sides.is_empty()) else {
            return self.unfollowed(call);
        };
        if sides.iter().all(|&side| side == 0) {
            return Ok(Value::Tensor(tensor.clone()));
        }
        let mode = match given.get(2, "mode") {
            Some(Value::Text(mode)) => mode.to_string(),
            _ => "constant".to_owned(),
        };
        let value = given.get(3, "value").and_then(Value::real).unwrap_or(0.0);
        let padding = Given::List(sides.iter().map(|&side| Given::Integer(side)).collect());
        if form("Pad").is_some() {
            let mut arguments = vec![("pad", padding), ("mode", Given::Text(mode))];
            if value != 0.0 {
                arguments.push(("value", Given::Real(value)));
            }
            return self.apply("Pad", &arguments, std::slice::from_ref(tensor), path, span);
        }
        // The modules pad as many axes from the end as there are pairs, of a tensor with two more.
        let pairs = (tensor.axes.len().saturating_sub(2)).clamp(1, 3);
        let mut sides = sides;
        while sides.len() > pairs * 2 && sides[sides.len() - 2..] == [0, 0] {
            sides.truncate(sides.len() - 2);
        }
        sides.resize(sides.len().max(pairs * 2), 0);
        let padding = Given::List(sides.iter().map(|&side| Given::Integer(side)).collect());
        let (name, mut arguments) = match mode.as_str() {
            "constant" => ("ConstantPad", vec![("value", Given::Real(value))]),
            "reflect" => ("ReflectionPad", Vec::new()),
            "replicate" => ("ReplicationPad", Vec::new()),
            _ => ("CircularPad", Vec::new()),
        };
        arguments.push(("padding", padding));
        let name = format!("{name}{pairs}d");
        self.apply(&name, &arguments, std::slice::from_ref(tensor), path, span)
    }
}
