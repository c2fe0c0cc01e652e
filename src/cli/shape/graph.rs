//! The table of a network whose nodes have names.

use std::io::{self, Write};

use serde::Serialize;

use super::super::language::spoken;
use super::{both, shortened, write_columns};
use crate::language::{Localized, bytes, grouped, rounded, says};
use crate::network::{FieldStatus, Graph, GraphRow, ReceptiveField, Value, ValueId, Work};
use crate::op::Cost;
use crate::tensor::Shape;

/// A network as JSON. Shapes of an ONNX file have the batch axis, as they have there; others are
/// those of one sample.
#[derive(Serialize)]
struct Report {
    input: Option<Shape>,
    output: Option<Shape>,
    /// Of each of several outputs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<Option<Shape>>,
    total: Cost,
    rows: Vec<ReportRow>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ReportRow {
    #[serde(flatten)]
    row: GraphRow,
    /// Where runtimes and exporters differ for it, and who gives what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<String>,
}

/// Which axes of a value are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Axes {
    /// Those of one sample, as in PyTorch's notation.
    Sample,
    /// The batch too, as in an ONNX file.
    All,
}

impl Axes {
    fn of(self, value: &Value) -> Option<Shape> {
        let shape = value.shape?;
        match shape.axes() {
            [1, rest @ ..] if value.batched && self == Self::Sample => Shape::of_axes(rest).ok(),
            _ => Some(shape),
        }
    }
}

fn rows(graph: &Graph, axes: Axes) -> Vec<GraphRow> {
    let rows = graph.rows().into_iter().zip(graph.nodes());
    rows.map(|(row, node)| GraphRow {
        output: node
            .outputs
            .first()
            .and_then(|&output| axes.of(graph.value(output))),
        ..row
    })
    .collect()
}

fn first(graph: &Graph, ids: &[ValueId], axes: Axes) -> Option<Shape> {
    ids.first().and_then(|&id| axes.of(graph.value(id)))
}

/// Prints it as JSON.
pub(super) fn print_json(graph: &Graph, axes: Axes, out: &mut impl Write) -> io::Result<()> {
    let outputs = graph.outputs();
    let report = Report {
        input: first(graph, graph.inputs(), axes),
        output: first(graph, outputs, axes),
        outputs: match outputs {
            [] | [_] => Vec::new(),
            several => several.iter().map(|&id| axes.of(graph.value(id))).collect(),
        },
        total: graph.cost(),
        rows: rows(graph, axes)
            .into_iter()
            .zip(graph.nodes())
            .map(|(row, node)| ReportRow {
                row,
                differences: chosen(node.differences()),
            })
            .collect(),
        notes: graph
            .notes
            .iter()
            .map(|note| note.get(spoken()).clone())
            .chain(notes_of_nodes(graph))
            .collect(),
    };
    serde_json::to_writer(&mut *out, &report)?;
    writeln!(out)
}

/// Sentences in the language of the program.
fn chosen(told: Vec<Localized<String>>) -> Vec<String> {
    let told = told.into_iter().map(|told| told.choose(spoken()));
    told.collect()
}

/// Nodes of which something is to be said, at most.
const MAX_NOTES: usize = 40;

/// Where runtimes and exporters differ, a line for each difference, with the nodes that it is about.
fn differences(graph: &Graph) -> Vec<String> {
    let mut found: Vec<(Localized<String>, Vec<&str>)> = Vec::new();
    for node in graph.nodes() {
        for difference in node.differences() {
            match found.iter_mut().find(|(known, _)| *known == difference) {
                Some((_, names)) => names.push(&node.name),
                None => found.push((difference, vec![&node.name])),
            }
        }
    }
    let lines = found.into_iter().map(|(difference, names)| {
        let name = names.first().copied().unwrap_or_default();
        let more = names.len().saturating_sub(1);
        match more {
            0 => says!(
                with [difference];
                en: "node {name}: {difference}",
                ja: "ノード {name}: {difference}"
            ),
            more => says!(
                with [difference];
                en: "node {name} and {more} more: {difference}",
                ja: "ノード {name} ほか {more} 個: {difference}"
            ),
        }
    });
    chosen(lines.collect())
}

/// What is to be said of its nodes, in the language of the program.
fn notes_of_nodes(graph: &Graph) -> Vec<String> {
    let notes = graph.nodes().iter().filter_map(|node| {
        let (name, operator) = (&node.name, &node.origin.operator);
        match &node.work {
            Work::Unknown(why) => Some(says!(
                with [why];
                en: "node {name} ({operator}) is not shown here: {why}",
                ja: "ノード {name} ({operator}) には対応していません: {why}"
            )),
            Work::Plan { .. } => {
                let note = node.origin.note.as_ref()?;
                Some(says!(with [note]; en: "node {name}: {note}", ja: "ノード {name}: {note}"))
            }
        }
    });
    let notes = notes.map(|note| note.choose(spoken()));
    notes.take(MAX_NOTES).collect()
}

/// Prints it as a table, a line a node.
pub(super) fn print_table(graph: &Graph, axes: Axes, out: &mut impl Write) -> io::Result<()> {
    let language = spoken();
    let head = [
        Localized::new("", ""),
        Localized::new("name", "名前"),
        Localized::new("layer", "層"),
        Localized::new("output", "出力"),
        Localized::new("parameters", "パラメータ"),
        Localized::new("MACs", "MAC"),
        Localized::new("memory", "メモリ"),
        Localized::new("field", "受容野"),
        Localized::new("stride", "ストライド"),
    ];
    let mut lines = vec![head.map(|name| name.choose(language).to_owned())];
    let blank = || std::array::from_fn::<String, 9, _>(|_| String::new());
    for &id in graph.inputs() {
        let value = graph.value(id);
        let mut line = blank();
        line[1].clone_from(&value.name);
        line[3] = axes
            .of(value)
            .map_or_else(unknown, |shape| shape.to_string());
        line[6] = axes
            .of(value)
            .map_or_else(unknown, |shape| bytes(shape.count() as u64 * 4));
        lines.push(line);
    }
    for (number, row) in rows(graph, axes).into_iter().enumerate() {
        let (field, stride) = match &row.receptive_field {
            Some(field) => (written(field), stride(field)),
            None => (String::new(), String::new()),
        };
        lines.push([
            (number + 1).to_string(),
            row.name,
            row.layer
                .map_or_else(|| format!("? {}", row.operator), shortened),
            row.output.map_or_else(unknown, |shape| shape.to_string()),
            grouped(row.cost.parameters),
            grouped(row.cost.macs),
            bytes(row.cost.output_bytes),
            field,
            stride,
        ]);
    }
    let total = graph.cost();
    let mut last = blank();
    last[2] = Localized::new("total", "合計").choose(language).to_owned();
    last[4] = grouped(total.parameters);
    last[5] = grouped(total.macs);
    last[6] = bytes(total.output_bytes);
    lines.push(last);
    write_columns(&lines, |column| column >= 4, out)?;
    for note in notes_of_nodes(graph).into_iter().chain(differences(graph)) {
        writeln!(out, "{note}")?;
    }
    Ok(())
}

fn unknown() -> String {
    "?".to_owned()
}

/// Rows and columns, at most where it is not exact.
fn written(field: &ReceptiveField) -> String {
    let size = both(field.size.0, field.size.1);
    match field.status {
        FieldStatus::Exact => size,
        FieldStatus::UpperBound => format!("≤ {size}"),
        FieldStatus::WholeInput => Localized::new("all", "全体").choose(spoken()).to_owned(),
        FieldStatus::DependsOnData => Localized::new("by data", "値による")
            .choose(spoken())
            .to_owned(),
        FieldStatus::Unknown => unknown(),
    }
}

fn stride(field: &ReceptiveField) -> String {
    match field.status {
        FieldStatus::Exact | FieldStatus::UpperBound => {
            both(rounded(field.stride.0), rounded(field.stride.1))
        }
        FieldStatus::WholeInput | FieldStatus::DependsOnData | FieldStatus::Unknown => {
            String::new()
        }
    }
}
