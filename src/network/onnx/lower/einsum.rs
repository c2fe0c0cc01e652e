//! `Einsum` as what it stands for: sums over the letters that stand in one input alone, then a product of
//! matrices over the letters that both share and the output does not have.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__Einsum.html>.

use super::{Lower, Lowered};
use crate::language::says;
use crate::op::OnnxAttribute;

/// The letters of an equation: those of each input, and those of the output.
struct Equation {
    inputs: Vec<Vec<char>>,
    output: Vec<char>,
}

impl Equation {
    /// `None` where a letter is repeated within a term, or stands for several axes.
    fn read(text: &str) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let (inputs, output) = match text.split_once("->") {
            Some((inputs, output)) => (inputs, Some(output)),
            None => (text.as_str(), None),
        };
        let letters = |term: &str| -> Option<Vec<char>> {
            let letters: Vec<char> = term.chars().collect();
            let single = |letter: &char| letters.iter().filter(|own| *own == letter).count() == 1;
            let plain = letters
                .iter()
                .all(|letter| letter.is_ascii_alphabetic() && single(letter));
            plain.then_some(letters)
        };
        let inputs: Vec<Vec<char>> = inputs.split(',').map(letters).collect::<Option<_>>()?;
        let output = match output {
            Some(output) => letters(output)?,
            // Those that stand there once, by the alphabet.
            None => {
                let all: Vec<char> = inputs.iter().flatten().copied().collect();
                let once = |letter: &&char| all.iter().filter(|own| own == letter).count() == 1;
                let mut once: Vec<char> = all.iter().filter(once).copied().collect();
                once.sort_unstable();
                once
            }
        };
        let known = output
            .iter()
            .all(|letter| inputs.iter().flatten().any(|own| own == letter));
        known.then_some(Self { inputs, output })
    }
}

/// A value with the letters of its axes and their lengths.
struct Lettered {
    name: String,
    letters: Vec<char>,
    lengths: Vec<usize>,
}

impl Lettered {
    fn length(&self, letter: char) -> usize {
        let place = self.letters.iter().position(|own| *own == letter);
        place.map_or(1, |place| self.lengths[place])
    }
}

impl Lower<'_> {
    pub(super) fn einsum(mut self) -> Option<Lowered> {
        let text = match self.node.attributes.get("equation") {
            Some(OnnxAttribute::Text(text)) => text.clone(),
            _ => return None,
        };
        let equation = Equation::read(&text)?;
        let mut values = Vec::new();
        for (number, letters) in equation.inputs.iter().enumerate() {
            let (name, lengths) = (self.input(number)?, self.axes(number)?);
            if lengths.len() != letters.len() {
                return Some(Err(says!(
                    en: "its equation is {text}, but input {number} has other axes",
                    ja: "equation は {text} ですが、入力 {number} の軸の数が違います。"
                )));
            }
            values.push(Lettered {
                name,
                letters: letters.clone(),
                lengths,
            });
        }
        let output = equation.output;
        let (result, letters) = match values.as_slice() {
            [one] => {
                let kept = |letter: char| output.contains(&letter);
                let one = self.summed(one, kept);
                (one.name, one.letters)
            }
            [left, right] => {
                let shared = left
                    .letters
                    .iter()
                    .filter(|own| right.letters.contains(own));
                let same = |letter: &char| left.length(*letter) == right.length(*letter);
                if !shared.clone().all(same) {
                    return None;
                }
                let left_alone = self.summed(left, |letter| {
                    output.contains(&letter) || right.letters.contains(&letter)
                });
                let right_alone = self.summed(right, |letter| {
                    output.contains(&letter) || left.letters.contains(&letter)
                });
                self.product(&left_alone, &right_alone, &output)
            }
            _ => return None,
        };
        let order: Option<Vec<i64>> = output
            .iter()
            .map(|letter| Some(letters.iter().position(|own| own == letter)? as i64))
            .collect();
        let result = self.turned(&result, &order?);
        Some(Ok(self.first_output(&result)))
    }

    /// Summed over the axes whose letters are not kept.
    fn summed(&mut self, value: &Lettered, kept: impl Fn(char) -> bool) -> Lettered {
        let axes: Vec<i64> = (0..value.letters.len())
            .filter(|&axis| !kept(value.letters[axis]))
            .map(|axis| axis as i64)
            .collect();
        let name = if axes.is_empty() {
            value.name.clone()
        } else {
            self.reduced("ReduceSum", &value.name, &axes, false)
        };
        let both = value.letters.iter().zip(&value.lengths);
        let (letters, lengths) = both.filter(|(letter, _)| kept(**letter)).unzip();
        Lettered {
            name,
            letters,
            lengths,
        }
    }

    /// The product of matrices of two values, and the letters of its axes.
    fn product(
        &mut self,
        left: &Lettered,
        right: &Lettered,
        output: &[char],
    ) -> (String, Vec<char>) {
        let of = |value: &Lettered, other: &Lettered, inside: Option<bool>| -> Vec<char> {
            let letters = value.letters.iter().copied();
            letters
                .filter(|letter| {
                    let shared = other.letters.contains(letter);
                    shared.then(|| output.contains(letter)) == inside
                })
                .collect()
        };
        let batch = of(left, right, Some(true));
        let inner = of(left, right, Some(false));
        let (rows, columns) = (of(left, right, None), of(right, left, None));
        let count = |value: &Lettered, letters: &[char]| -> usize {
            letters.iter().map(|&letter| value.length(letter)).product()
        };
        let mut matrices = Vec::new();
        for (value, [first, second]) in [(left, [&rows, &inner]), (right, [&inner, &columns])] {
            let letters = [&batch[..], first, second].concat();
            let order = letters.iter().filter_map(|letter| {
                let place = value.letters.iter().position(|own| own == letter)?;
                Some(place as i64)
            });
            let order: Vec<i64> = order.collect();
            let turned = self.turned(&value.name, &order);
            let lengths = [
                count(value, &batch),
                count(value, first),
                count(value, second),
            ];
            matrices.push(self.reshaped(&turned, &lengths));
        }
        let product = self.op("MatMul", [&matrices[0], &matrices[1]]);
        let letters = [batch, rows, columns].concat();
        let lengths = letters
            .iter()
            .map(|&letter| left.length(letter).max(right.length(letter)));
        let lengths: Vec<usize> = lengths.collect();
        (self.reshaped(&product, &lengths), letters)
    }
}
