//! What an author says of a number that the op engine does not give: `112 = 224 / 2`, `9 @ 0` for a value of
//! another scene, or `224 # where it is from`.

use super::Said;
use super::said::written;
use crate::language::{Localized, Message, message_error, says};

/// Brackets inside one another that an expression may have.
const DEPTH: usize = 32;

/// A number with its reason.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// The number.
    pub number: Said,
}

/// Why a line of `facts` does not hold.
#[derive(Debug, Clone, PartialEq)]
pub enum FactError {
    /// It does not begin with a number.
    NoNumber,
    /// Neither arithmetic nor a source follows the number.
    NoSource,
    /// What stands behind `=` is no arithmetic.
    NoArithmetic,
    /// The arithmetic gives another number.
    Worth(f64),
    /// What stands behind `@` is not the number of a scene.
    NoScene {
        /// The number that was read; the count of scenes is not known here.
        scene: usize,
    },
    /// The scene has no such value.
    NoValue {
        /// The scene, from 0.
        scene: usize,
    },
}

impl Message for FactError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::NoNumber => says!(
                en: "this fact does not begin with a number",
                ja: "この根拠は数で始まっていません"
            ),
            Self::NoSource => says!(
                en: "this fact gives no reason for its number",
                ja: "この根拠には、数が正しいわけが書かれていません"
            ),
            Self::NoArithmetic => says!(
                en: "what stands behind `=` is no arithmetic",
                ja: "`=` の後ろを計算できません"
            ),
            Self::Worth(worth) => says!(
                en: "the arithmetic of this fact gives {worth}",
                ja: "この根拠の計算の結果は {worth} です"
            ),
            Self::NoScene { scene } => says!(
                en: "there is no scene {scene}; scenes count from 0",
                ja: "シーン {scene} はありません。シーンは 0 から数えます"
            ),
            Self::NoValue { scene } => says!(
                en: "scene {scene} has no such value",
                ja: "シーン {scene} にその値はありません"
            ),
        }
    }
}

message_error!(FactError);

impl Fact {
    /// Reads a line and works it out. `values_of_scene` gives the values of a scene, counted from 0.
    ///
    /// # Errors
    /// It is none, or it does not hold.
    pub fn read(
        line: &str,
        values_of_scene: &impl Fn(usize) -> Option<Vec<f64>>,
    ) -> Result<Self, FactError> {
        let (fact, source) = match line.split_once('#') {
            Some((fact, source)) => (fact, source.trim()),
            None => (line, ""),
        };
        let number = |text: &str| written(text.trim(), 1.0).ok_or(FactError::NoNumber);
        if let Some((text, expression)) = fact.split_once('=') {
            let number = number(text)?;
            let worth = worth(expression).ok_or(FactError::NoArithmetic)?;
            // What is said may be rounded, to the digits that are said.
            let off = (number.value - worth).abs();
            return if off <= number.last * 0.5 {
                Ok(Self { number })
            } else {
                Err(FactError::Worth(worth))
            };
        }
        if let Some((text, scene)) = fact.split_once('@') {
            let number = number(text)?;
            let scene = scene.trim().parse();
            let scene: usize = scene.map_err(|_| FactError::NoSource)?;
            let values = values_of_scene(scene).ok_or(FactError::NoScene { scene })?;
            return if values.iter().any(|value| number.is(*value)) {
                Ok(Self { number })
            } else {
                Err(FactError::NoValue { scene })
            };
        }
        let number = number(fact)?;
        if source.is_empty() {
            return Err(FactError::NoSource);
        }
        Ok(Self { number })
    }
}

/// The value of an expression of numbers, `+ - * /` and brackets; `None` where it is none.
fn worth(expression: &str) -> Option<f64> {
    let mut rest = expression;
    let value = sum(&mut rest, 0)?;
    (rest.trim().is_empty() && value.is_finite()).then_some(value)
}

/// Takes one of these signs from the start of a text.
fn sign(text: &mut &str, signs: [char; 2]) -> Option<char> {
    *text = text.trim_start();
    let found = text.chars().next().filter(|c| signs.contains(c))?;
    *text = text.strip_prefix(found)?;
    Some(found)
}

fn sum(text: &mut &str, depth: usize) -> Option<f64> {
    let mut value = product(text, depth)?;
    while let Some(sign) = sign(text, ['+', '-']) {
        let next = product(text, depth)?;
        value += if sign == '+' { next } else { -next };
    }
    Some(value)
}

fn product(text: &mut &str, depth: usize) -> Option<f64> {
    let mut value = factor(text, depth)?;
    while let Some(sign) = sign(text, ['*', '/']) {
        let next = factor(text, depth)?;
        value = if sign == '*' {
            value * next
        } else {
            value / next
        };
    }
    Some(value)
}

fn factor(text: &mut &str, depth: usize) -> Option<f64> {
    *text = text.trim_start();
    if let Some(inside) = text.strip_prefix('(') {
        if depth >= DEPTH {
            return None;
        }
        *text = inside;
        let value = sum(text, depth + 1)?;
        *text = text.trim_start().strip_prefix(')')?;
        return Some(value);
    }
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    *text = rest;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_worked_out_and_nothing_else_is() {
        assert_eq!(worth("3 * (4 + 2) / 9 - 1"), Some(1.0));
        assert_eq!(worth(" 2 - 3 - 4"), Some(-5.0));
        for wrong in ["", "3 +", "(3", "3)", "a", "3 4", "1 / 0", "1.2.3"] {
            assert_eq!(worth(wrong), None, "{wrong}");
        }
        let deep = "(".repeat(100_000);
        assert_eq!(worth(&deep), None);
    }

    #[test]
    fn a_fact_may_be_rounded_to_the_digits_that_it_says() {
        let read = |line: &str| Fact::read(line, &|_: usize| None::<Vec<f64>>);
        assert!(read("54000000 = 518400 * 104").is_ok());
        assert!(read("4.2 = 1944 / 459").is_ok());
        assert!(read("4.3 = 1944 / 459").is_err());
        assert!(read("2 = 1 + 1 # filters of scenes 5 and 6").is_ok());
    }
}
