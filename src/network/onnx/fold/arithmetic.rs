//! Constants that are calculated number by number.

use std::sync::Arc;

use super::super::constant::{Constant, Numbers};
use super::super::element::ElementType;
use super::moves::{broadcast_axes, broadcast_places, picked};
use super::{Fault, Folded, Folding, missing};
use crate::language::says;

impl Folding<'_> {
    pub(super) fn binary(&self) -> Folded {
        let mut parts = self.inputs.iter().copied().flatten();
        let mut result = parts.next().cloned().ok_or_else(|| missing("A"))?;
        for part in parts {
            result = self.pair(&result, part)?;
        }
        Ok(result)
    }

    fn pair(&self, one: &Constant, other: &Constant) -> Folded {
        let axes = broadcast_axes(&one.axes, &other.axes)?;
        let places = [one, other].map(|from| broadcast_places(&from.axes, &axes));
        let pairs = places[0].iter().zip(&places[1]);
        let truth = matches!(
            self.op_type,
            "Equal" | "Less" | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "And" | "Or" | "Xor"
        );
        let element = if truth {
            ElementType::BOOL
        } else {
            one.element
        };
        let numbers = match (&one.numbers, &other.numbers) {
            (Numbers::Integers(one), Numbers::Integers(other)) => {
                let numbers = pairs.map(|(&a, &b)| self.integer_pair(one[a], other[b]));
                let numbers: Option<Vec<i64>> = numbers.collect();
                let numbers = numbers
                    .ok_or_else(|| says!(en: "it divides by 0", ja: "0 で割っています。"))?;
                let numbers = numbers.into_iter().map(|number| element.wrapped(number));
                Numbers::Integers(Arc::new(numbers.collect()))
            }
            (Numbers::Floats(one), Numbers::Floats(other)) if truth => {
                let numbers = pairs.map(|(&a, &b)| i64::from(self.compared(&one[a], &other[b])));
                Numbers::Integers(Arc::new(numbers.collect()))
            }
            (Numbers::Floats(one), Numbers::Floats(other)) => {
                let numbers = pairs.map(|(&a, &b)| self.float_pair(one[a], other[b]));
                Numbers::Floats(Arc::new(numbers.collect()))
            }
            // A power may have an exponent of another type.
            (Numbers::Floats(one), Numbers::Integers(other)) => {
                let numbers = pairs.map(|(&a, &b)| self.float_pair(one[a], other[b] as f32));
                Numbers::Floats(Arc::new(numbers.collect()))
            }
            _ => return Err(mixed()),
        };
        Ok(Constant {
            axes,
            element,
            numbers,
        })
    }

    fn compared<T: PartialOrd>(&self, a: &T, b: &T) -> bool {
        match self.op_type {
            "Less" => a < b,
            "LessOrEqual" => a <= b,
            "Greater" => a > b,
            "GreaterOrEqual" => a >= b,
            _ => a == b,
        }
    }

    fn integer_pair(&self, a: i64, b: i64) -> Option<i64> {
        Some(match self.op_type {
            "Add" => a.wrapping_add(b),
            "Sub" => a.wrapping_sub(b),
            "Mul" => a.wrapping_mul(b),
            // Towards zero, as ONNX Runtime does.
            "Div" => a.checked_div(b)?,
            "Mod" if self.integer("fmod") == Some(1) => a.checked_rem(b)?,
            // With the sign of the divisor.
            "Mod" => a.checked_rem(b)?.wrapping_add(b).checked_rem(b)?,
            "Pow" => a.wrapping_pow(u32::try_from(b).ok()?),
            "Min" => a.min(b),
            "Max" => a.max(b),
            "And" => i64::from(a != 0 && b != 0),
            "Or" => i64::from(a != 0 || b != 0),
            "Xor" => i64::from((a != 0) != (b != 0)),
            _ => i64::from(self.compared(&a, &b)),
        })
    }

    fn float_pair(&self, a: f32, b: f32) -> f32 {
        match self.op_type {
            "Add" => a + b,
            "Sub" => a - b,
            "Mul" => a * b,
            "Div" => a / b,
            "Mod" if self.integer("fmod") == Some(1) => a % b,
            "Mod" => {
                let rest = a % b;
                let same = rest == 0.0 || (rest < 0.0) == (b < 0.0);
                if same { rest } else { rest + b }
            }
            "Pow" => a.powf(b),
            "Min" if a.is_nan() => a,
            "Min" => {
                if b < a || b.is_nan() {
                    b
                } else {
                    a
                }
            }
            "Max" if a.is_nan() => a,
            _ => {
                if b > a || b.is_nan() {
                    b
                } else {
                    a
                }
            }
        }
    }

    pub(super) fn unary(&self) -> Folded {
        let from = self.first();
        let numbers = match &from.numbers {
            Numbers::Integers(numbers) => {
                let numbers = numbers.iter().map(|&number| match self.op_type {
                    "Neg" => Some(number.wrapping_neg()),
                    "Abs" => Some(number.wrapping_abs()),
                    "Sign" => Some(number.signum()),
                    "Not" => Some(i64::from(number == 0)),
                    _ => None,
                });
                let numbers: Option<Vec<i64>> = numbers.collect();
                Numbers::Integers(Arc::new(numbers.ok_or_else(mixed)?))
            }
            Numbers::Floats(numbers) => {
                let numbers = numbers.iter().map(|&number| match self.op_type {
                    "Neg" => -number,
                    "Abs" => number.abs(),
                    "Sign" if number == 0.0 || number.is_nan() => number,
                    "Sign" => number.signum(),
                    "Floor" => number.floor(),
                    "Ceil" => number.ceil(),
                    "Round" => number.round_ties_even(),
                    "Sqrt" => number.sqrt(),
                    "Exp" => number.exp(),
                    "Log" => number.ln(),
                    _ => 1.0 / number,
                });
                Numbers::Floats(Arc::new(numbers.collect()))
            }
            Numbers::Unread => Numbers::Unread,
        };
        Ok(Constant {
            numbers,
            ..from.clone()
        })
    }

    /// `Where`: of each place the number of the second input or of the third.
    pub(super) fn choose(&self) -> Folded {
        let [Some(condition), Some(yes), Some(no)] = *self.inputs else {
            return Err(missing("condition"));
        };
        let axes = broadcast_axes(&yes.axes, &no.axes)?;
        let axes = broadcast_axes(&axes, &condition.axes)?;
        let spread =
            |one: &Constant| picked(one, axes.clone(), &broadcast_places(&one.axes, &axes));
        let condition = spread(condition);
        let chosen = condition.as_integers().ok_or_else(mixed)?;
        let (yes, no) = (spread(yes), spread(no));
        let numbers = match (&yes.numbers, &no.numbers) {
            (Numbers::Integers(yes), Numbers::Integers(no)) => {
                Numbers::Integers(Arc::new(either(chosen, yes, no)))
            }
            (Numbers::Floats(yes), Numbers::Floats(no)) => {
                Numbers::Floats(Arc::new(either(chosen, yes, no)))
            }
            _ => return Err(mixed()),
        };
        Ok(Constant { numbers, ..yes })
    }
}

fn either<T: Copy>(condition: &[i64], yes: &[T], no: &[T]) -> Vec<T> {
    let pairs = yes.iter().zip(no);
    let chosen = condition.iter().zip(pairs);
    chosen
        .map(|(&condition, (&yes, &no))| if condition == 0 { no } else { yes })
        .collect()
}

fn mixed() -> Fault {
    says!(
        en: "its inputs are of types that the operator does not take",
        ja: "演算子が受け付けない型の入力です。"
    )
}
