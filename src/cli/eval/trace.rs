//! The trace of an evaluation: every step with its terms, a line of JSON each.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::json_number::Number;

use crate::op::{OperandRole, Operands, Plan, TermSource};

/// A line of a trace.
#[derive(Serialize)]
struct TraceStep {
    layer: usize,
    step: u64,
    output: [usize; 3],
    group: usize,
    window_origin: [isize; 3],
    window_size: [usize; 3],
    terms: Vec<TraceTerm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bias: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    divisor: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    winner: Option<usize>,
    /// What operands of one number a channel hold for the step's channel, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    operands: BTreeMap<&'static str, Number>,
    value: Number,
}

#[derive(Serialize)]
struct TraceTerm {
    padded: [usize; 3],
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<[usize; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight_index: Option<[usize; 4]>,
    input: Number,
    weight: Number,
    product: Number,
    running: Number,
    /// In the scatter view, the output element that is added to; absent outside the output.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<[usize; 3]>,
}

impl TraceStep {
    fn new(layer: usize, plan: &Plan, index: u64, operands: &Operands) -> Self {
        let (step, explained) = (plan.step(index), plan.explain(index, operands));
        let vectors = plan
            .operand_list()
            .iter()
            .filter(|operand| match operand.role {
                OperandRole::PerChannel { .. } => true,
                OperandRole::Filters | OperandRole::Bias | OperandRole::Input(_) => false,
            });
        let names = vectors.map(|operand| operand.name);
        let operands = names.zip(explained.vectors.into_iter().map(Number));
        let terms = explained.terms.iter().map(|value| {
            let (source, element) = match value.term.source {
                TermSource::Element(at) => ("element", Some(at)),
                TermSource::Other { at, .. } => ("other", Some(at)),
                TermSource::Padding { from } => ("padding", from),
                TermSource::Inserted => ("inserted", None),
                TermSource::Beyond => ("beyond", None),
            };
            TraceTerm {
                padded: value.term.padded,
                source,
                element,
                weight_index: value.term.weight,
                input: Number(value.input),
                weight: Number(value.weight),
                product: Number(value.product),
                running: Number(value.running),
                target: value.term.target.flatten(),
            }
        });
        Self {
            layer,
            step: step.index,
            output: step.output,
            group: step.group,
            window_origin: step.window_origin(),
            window_size: step.window_size(),
            terms: terms.collect(),
            bias: explained.bias.map(Number),
            divisor: explained.divisor,
            winner: explained.winner,
            operands: operands.collect(),
            value: Number(explained.value),
        }
    }
}

/// Writes the steps of a layer, one at a time: memory does not grow with their number.
pub(super) fn write_trace(
    layer: usize,
    plan: &Plan,
    operands: &Operands,
    file: &mut impl Write,
) -> io::Result<()> {
    // Of many small pieces: this writer's part of taking one is compiled into what writes it.
    let mut lines = BufWriter::with_capacity(1 << 16, file);
    for index in 0..plan.step_count() {
        serde_json::to_writer(&mut lines, &TraceStep::new(layer, plan, index, operands))?;
        lines.write_all(b"\n")?;
    }
    lines.flush()
}
