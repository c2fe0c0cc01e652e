//! The trace of an evaluation: every step with its terms, a line of JSON each.
//!
//! A layer may have some millions of terms, so a line is put together from long pieces: a serialiser that
//! writes each bracket and each key by itself takes four times as long.

use std::io::{self, Write};

use super::json_number::Number;

use crate::op::{OperandRole, Operands, Plan, TermSource, TermValue};

/// Bytes of a part of a line at most: thirteen whole numbers, four others, and their keys.
const PART: usize = 640;

/// A line of a trace, as far as it is written. There is room for another part of it, such as a term.
#[derive(Debug)]
struct Line {
    bytes: Vec<u8>,
    end: usize,
}

impl Line {
    fn new() -> Self {
        Self {
            bytes: vec![0; PART],
            end: 0,
        }
    }

    /// Makes room for another part.
    #[inline]
    fn next_part(&mut self) {
        if self.bytes.len() < self.end + PART {
            self.bytes.resize(2 * self.bytes.len() + PART, 0);
        }
    }

    /// Adds a text whose length the compiler knows: no call is made for so few bytes.
    #[inline]
    fn text<const N: usize>(&mut self, text: &[u8; N]) {
        if let Some(place) = self.bytes[self.end..].first_chunk_mut() {
            *place = *text;
            self.end += N;
        }
    }

    #[inline]
    fn count(&mut self, count: u64) {
        let digits = if count < 10 {
            1
        } else {
            count.ilog10() as usize + 1
        };
        let (mut at, mut rest) = (self.end + digits, count);
        self.end = at;
        for _ in 0..digits {
            at -= 1;
            self.bytes[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }

    #[inline]
    fn index<const N: usize>(&mut self, index: &[usize; N]) {
        let mut before = b"[";
        for &at in index {
            self.text(before);
            self.count(at as u64);
            before = b",";
        }
        self.text(b"]");
    }

    fn number(&mut self, number: f32) -> io::Result<()> {
        let all = self.bytes.len();
        let mut free = &mut self.bytes[self.end..];
        serde_json::to_writer(&mut free, &Number(number))?;
        self.end = all - free.len();
        Ok(())
    }

    fn term(&mut self, value: &TermValue) -> io::Result<()> {
        let term = &value.term;
        self.text(b"{\"padded\":");
        self.index(&term.padded);
        let element = match term.source {
            TermSource::Element(at) => {
                self.text(b",\"source\":\"element\"");
                Some(at)
            }
            TermSource::Other { at, .. } => {
                self.text(b",\"source\":\"other\"");
                Some(at)
            }
            TermSource::Padding { from } => {
                self.text(b",\"source\":\"padding\"");
                from
            }
            TermSource::Inserted => {
                self.text(b",\"source\":\"inserted\"");
                None
            }
            TermSource::Beyond => {
                self.text(b",\"source\":\"beyond\"");
                None
            }
        };
        if let Some(element) = element {
            self.text(b",\"element\":");
            self.index(&element);
        }
        if let Some(weight) = term.weight {
            self.text(b",\"weight_index\":");
            self.index(&weight);
        }
        self.text(b",\"input\":");
        self.number(value.input)?;
        self.text(b",\"weight\":");
        self.number(value.weight)?;
        self.text(b",\"product\":");
        self.number(value.product)?;
        self.text(b",\"running\":");
        self.number(value.running)?;
        // In the scatter view, the output element that is added to; absent outside the output.
        if let Some(target) = term.target.flatten() {
            self.text(b",\"target\":");
            self.index(&target);
        }
        self.text(b"}");
        self.next_part();
        Ok(())
    }

    fn step(
        &mut self,
        layer: usize,
        plan: &Plan,
        index: u64,
        operands: &Operands,
    ) -> io::Result<()> {
        let (step, explained) = (plan.step(index), plan.explain(index, operands));
        self.text(b"{\"layer\":");
        self.count(layer as u64);
        self.text(b",\"step\":");
        self.count(step.index);
        self.text(b",\"output\":");
        self.index(&step.output);
        self.text(b",\"group\":");
        self.count(step.group as u64);
        self.text(b",\"window_origin\":[");
        for (axis, at) in step.window_origin().into_iter().enumerate() {
            if axis > 0 {
                self.text(b",");
            }
            if at < 0 {
                self.text(b"-");
            }
            self.count(at.unsigned_abs() as u64);
        }
        self.text(b"]");
        self.text(b",\"window_size\":");
        self.index(&step.window_size());
        self.text(b",\"terms\":[");
        self.next_part();
        for (place, value) in explained.terms.iter().enumerate() {
            if place > 0 {
                self.text(b",");
            }
            self.term(value)?;
        }
        self.text(b"]");
        if let Some(bias) = explained.bias {
            self.text(b",\"bias\":");
            self.number(bias)?;
        }
        if let Some(divisor) = explained.divisor {
            self.text(b",\"divisor\":");
            self.count(divisor as u64);
        }
        if let Some(winner) = explained.winner {
            self.text(b",\"winner\":");
            self.count(winner as u64);
        }
        self.vectors(plan, &explained.vectors)?;
        self.text(b",\"value\":");
        self.number(explained.value)?;
        self.text(b"}\n");
        self.next_part();
        Ok(())
    }

    /// What operands of one number a channel hold for the step's channel, by their names.
    fn vectors(&mut self, plan: &Plan, values: &[f32]) -> io::Result<()> {
        let vectors = plan
            .operand_list()
            .iter()
            .filter(|operand| match operand.role {
                OperandRole::PerChannel { .. } => true,
                OperandRole::Filters | OperandRole::Bias | OperandRole::Input(_) => false,
            });
        let mut named: Vec<_> = vectors.map(|operand| operand.name).zip(values).collect();
        named.sort_unstable_by_key(|&(name, _)| name);
        for (place, &(name, &value)) in named.iter().enumerate() {
            if place == 0 {
                self.text(b",\"operands\":{\"");
            } else {
                self.text(b",\"");
            }
            for &byte in name.as_bytes() {
                self.text(&[byte]);
            }
            self.text(b"\":");
            self.number(value)?;
            self.next_part();
        }
        if !named.is_empty() {
            self.text(b"}");
        }
        Ok(())
    }
}

/// Writes the steps of a layer, one at a time: memory does not grow with their number.
pub(super) fn write_trace(
    layer: usize,
    plan: &Plan,
    operands: &Operands,
    file: &mut impl Write,
) -> io::Result<()> {
    let mut line = Line::new();
    for index in 0..plan.step_count() {
        line.end = 0;
        line.step(layer, plan, index, operands)?;
        file.write_all(&line.bytes[..line.end])?;
    }
    Ok(())
}
