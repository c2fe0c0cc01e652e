//! `Einsum` as what it stands for: sums over the letters that stand in one input alone, then a product of
//! matrices over the letters that both share and the output does not have.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__Einsum.html>.

use super::{Lower, Lowered};
use crate::language::says;
use crate::op::OnnxAttribute;

/// What stands for several axes in an equation.
const ELLIPSIS: &str = "...";

/// The axes that an ellipsis may stand for, as letters that no equation has.
const FIRST_HIDDEN: u32 = 0xe000;
const MAX_HIDDEN: usize = 64;

/// The letters of an equation: those of each input, and those of the output.
struct Equation {
    inputs: Vec<Vec<char>>,
    output: Vec<char>,
}

impl Equation {
    /// The letters of an equation for inputs of such ranks; the axes of an ellipsis have some of their own, the last
    /// of which is the same in every term. `None` where a letter is repeated within a term, the ranks don't fit, or
    /// the output leaves an ellipsis out.
    fn read(text: &str, ranks: &[usize]) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let (inputs, output) = match text.split_once("->") {
            Some((inputs, output)) => (inputs, Some(output)),
            None => (text.as_str(), None),
        };
        let terms: Vec<&str> = inputs.split(',').collect();
        if terms.len() != ranks.len() {
            return None;
        }
        let several = terms.iter().zip(ranks).filter_map(|(term, rank)| {
            let (before, behind) = term.split_once(ELLIPSIS)?;
            rank.checked_sub(before.chars().count() + behind.chars().count())
        });
        let hidden = several.max().unwrap_or(0);
        if hidden > MAX_HIDDEN {
            return None;
        }
        let hidden: Vec<char> = (FIRST_HIDDEN..)
            .filter_map(char::from_u32)
            .take(hidden)
            .collect();
        let letters = |term: &str, axes: Option<usize>| -> Option<Vec<char>> {
            let letters: Vec<char> = match term.split_once(ELLIPSIS) {
                None => term.chars().collect(),
                Some((before, behind)) => {
                    let named = before.chars().count() + behind.chars().count();
                    let own = axes.map_or(Some(hidden.len()), |axes| axes.checked_sub(named))?;
                    let own = &hidden[hidden.len() - own..];
                    let letters = before.chars().chain(own.iter().copied());
                    letters.chain(behind.chars()).collect()
                }
            };
            let single = |letter: &char| letters.iter().filter(|own| *own == letter).count() == 1;
            let plain = letters.iter().all(|letter| {
                (letter.is_ascii_alphabetic() || hidden.contains(letter)) && single(letter)
            });
            plain.then_some(letters)
        };
        let inputs = terms.iter().zip(ranks);
        let inputs = inputs.map(|(term, &rank)| letters(term, Some(rank)));
        let inputs: Vec<Vec<char>> = inputs.collect::<Option<_>>()?;
        let output = match output {
            Some(output) if !output.contains(ELLIPSIS) && text.contains(ELLIPSIS) => return None,
            Some(output) => letters(output, None)?,
            // The axes of an ellipsis, and the letters that stand there once, by the alphabet.
            None => {
                let all: Vec<char> = inputs.iter().flatten().copied().collect();
                let once = |letter: &&char| {
                    letter.is_ascii() && all.iter().filter(|own| own == letter).count() == 1
                };
                let mut once: Vec<char> = all.iter().filter(once).copied().collect();
                once.sort_unstable();
                [hidden, once].concat()
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
        let ranks = (0..self.node.inputs.len()).map(|number| Some(self.axes(number)?.len()));
        let ranks = ranks.collect::<Option<Vec<usize>>>()?;
        let equation = Equation::read(&text, &ranks)?;
        let mut values: Vec<Lettered> = Vec::new();
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
        self.drop_repeated(&mut values);
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

    /// Leaves out the axes of length 1 that another value has longer: of an ellipsis, they are repeated along it.
    fn drop_repeated(&mut self, values: &mut [Lettered]) {
        for number in 0..values.len() {
            let own = values[number].letters.iter().zip(&values[number].lengths);
            let kept = own.filter(|&(&letter, &length)| {
                let longer = values.iter().any(|other| other.length(letter) > 1);
                letter.is_ascii() || length > 1 || !longer
            });
            let (letters, lengths): (Vec<char>, Vec<usize>) = kept.unzip();
            if letters.len() < values[number].letters.len() {
                values[number].name = self.reshaped(&values[number].name, &lengths);
                (values[number].letters, values[number].lengths) = (letters, lengths);
            }
        }
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
