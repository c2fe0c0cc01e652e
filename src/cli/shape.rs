//! `tensorama shape`: the table of a layer, a chain or a network, without computing it.

mod graph;

use std::io::{self, BufWriter, Write};

use clap::Args;
use serde::Serialize;

use super::language::spoken;
use super::printing::remark;
use crate::language::{Localized, Message, bytes, grouped, message_error, rounded, says};
use crate::network::onnx::GivenInput;
use crate::network::{Chain, ChainRow, Network, Subject, SubjectError};
use crate::op::{Cost, Plan};
use crate::tensor::{Shape, ShapeError};

/// Letters of a layer that a table shows, at most.
const LONGEST: usize = 160;

/// Print the shapes, costs and receptive fields along a chain of layers.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tensorama shape \"Conv2d(3, 64, 7, stride=2, padding=3)\" --input 3x224x224
  tensorama shape \"nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))\" --input 3x32x32
  tensorama shape depthwise-separable-convolution-animation-3x3-kernel
  tensorama shape net.onnx --input 1x3x224x224")]
pub struct ShapeArgs {
    /// A layer in PyTorch's notation, nn.Sequential(...) of several, a preset's name, or an ONNX
    /// file.
    pub layer: String,
    /// The shape of the input: channels, height, width. A preset has its own, and so has an ONNX file
    /// mostly; there a batch is in front, and NAME=1x3x224x224 gives one of several inputs.
    #[arg(short, long, value_parser = named_shape, value_name = "SHAPE")]
    pub input: Vec<NamedShape>,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// A shape on the command line, with the name of the input that has it: `mask=1x1x8x8`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedShape {
    /// The input's name.
    pub name: Option<String>,
    /// Its shape.
    pub shape: Shape,
}

fn named_shape(word: &str) -> Result<NamedShape, ShapeError> {
    let (name, shape) = match word.split_once('=') {
        Some((name, shape)) => (Some(name.to_owned()), shape),
        None => (None, word),
    };
    let shape = shape.parse()?;
    Ok(NamedShape { name, shape })
}

/// Why there is no table.
#[derive(Debug)]
pub enum ShapeCommandError {
    /// The layers are mistaken, or do not take the input.
    Subject(SubjectError),
    /// No input shape.
    NoInput,
    /// Standard output that cannot be written.
    Print(io::Error),
}

impl Message for ShapeCommandError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Subject(why) => why.message(),
            Self::NoInput => says!(
                en: "there is no input shape; give one, for example --input 3x224x224",
                ja: "入力の形状がありません。たとえば --input 3x224x224 のように指定してください"
            ),
            Self::Print(why) => {
                let why = why.message();
                says!(
                    with [why];
                    en: "cannot write the table: {why}",
                    ja: "表を書き出せません: {why}"
                )
            }
        }
    }
}

message_error!(ShapeCommandError { Subject(SubjectError), Print(io::Error) });

/// Prints the table to standard output.
///
/// # Errors
/// See [`ShapeCommandError`].
pub fn run(args: &ShapeArgs) -> Result<(), ShapeCommandError> {
    let notes = print(args, &mut BufWriter::new(io::stdout().lock()))?;
    for note in notes {
        remark(format_args!("{}\n", note.choose(spoken())));
    }
    Ok(())
}

/// As [`run`], with the text going to `out`. Gives what is to be said besides.
///
/// # Errors
/// See [`ShapeCommandError`].
pub fn print(
    args: &ShapeArgs,
    out: &mut impl Write,
) -> Result<Vec<Localized<String>>, ShapeCommandError> {
    let subject = Subject::parse(&args.layer)?;
    if let Subject::Onnx(network) = &subject {
        let given = args.input.iter().map(|one| GivenInput {
            name: one.name.clone(),
            shape: one.shape,
            tensor: None,
            empty: None,
        });
        let graph = network.graph(&given.collect::<Vec<_>>())?;
        if args.json {
            graph::print_json(&graph, graph::Axes::All, out)?;
        } else {
            graph::print_table(&graph, graph::Axes::All, out)?;
        }
        out.flush()?;
        return Ok(graph.notes);
    }
    let own = subject.input().map(|(shape, _)| shape);
    let given = args.input.first().map(|one| one.shape);
    let input = given.or(own).ok_or(ShapeCommandError::NoInput)?;
    let chain = match subject.network(&input)? {
        Network::Chain(chain) => chain,
        Network::Graph(graph) => {
            if args.json {
                graph::print_json(&graph, graph::Axes::Sample, out)?;
            } else {
                graph::print_table(&graph, graph::Axes::Sample, out)?;
            }
            out.flush()?;
            return Ok(graph.notes);
        }
    };
    if args.json {
        serde_json::to_writer(&mut *out, &Report::new(&chain)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print_table(&chain, out)?;
    }
    out.flush()?;
    Ok(subject.notes())
}

#[derive(Serialize)]
struct Report {
    input: Shape,
    output: Shape,
    total: Cost,
    rows: Vec<ReportRow>,
}

#[derive(Serialize)]
struct ReportRow {
    source: String,
    formula: String,
    #[serde(flatten)]
    row: ChainRow,
    /// Where runtimes and exporters differ for it, and who gives what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<String>,
}

impl Report {
    fn new(chain: &Chain) -> Self {
        let rows = chain.rows().into_iter().zip(chain.plans());
        Self {
            input: *chain.input_shape(),
            output: *chain.output_shape(),
            total: chain.cost(),
            rows: rows
                .map(|(row, plan)| ReportRow {
                    source: plan.source(),
                    formula: plan.shape_formula().to_string(),
                    row,
                    differences: differences(plan),
                })
                .collect(),
        }
    }
}

/// Where runtimes and exporters differ for a layer, in the language of the program.
fn differences(plan: &Plan) -> Vec<String> {
    let told = plan.differences().into_iter();
    told.map(|told| told.choose(spoken())).collect()
}

fn print_table(chain: &Chain, out: &mut impl Write) -> io::Result<()> {
    let language = spoken();
    let head = [
        Localized::new("", ""),
        Localized::new("layer", "層"),
        Localized::new("output", "出力"),
        Localized::new("parameters", "パラメータ"),
        Localized::new("MACs", "MAC"),
        Localized::new("memory", "メモリ"),
        Localized::new("field", "受容野"),
        Localized::new("stride", "ストライド"),
        Localized::new("formula", "式"),
    ];
    let mut lines = vec![head.map(|name| name.choose(language).to_owned())];
    let mut first = lines[0].each_ref().map(|_| String::new());
    first[1] = Localized::new("input", "入力").choose(language).to_owned();
    first[2] = chain.input_shape().to_string();
    first[5] = bytes(chain.input_shape().count() as u64 * 4);
    lines.push(first);
    for (number, (row, plan)) in chain.rows().into_iter().zip(chain.plans()).enumerate() {
        lines.push([
            (number + 1).to_string(),
            shortened(plan.printed()),
            row.output.to_string(),
            grouped(row.cost.parameters),
            grouped(row.cost.macs),
            bytes(row.cost.output_bytes),
            both(row.receptive_field.0, row.receptive_field.1),
            both(
                rounded(row.effective_stride.0),
                rounded(row.effective_stride.1),
            ),
            plan.shape_formula().to_string(),
        ]);
    }
    let total = chain.cost();
    let mut last = lines[0].each_ref().map(|_| String::new());
    last[1] = Localized::new("total", "合計").choose(language).to_owned();
    last[3] = grouped(total.parameters);
    last[4] = grouped(total.macs);
    last[5] = bytes(total.output_bytes);
    lines.push(last);
    write_columns(&lines, |column| (3..8).contains(&column), out)?;
    for (number, plan) in chain.plans().iter().enumerate() {
        let number = number + 1;
        for difference in differences(plan) {
            let told = says!(en: "layer {number}: {difference}", ja: "層 {number}: {difference}");
            writeln!(out, "{}", told.choose(language))?;
        }
    }
    Ok(())
}

/// A layer as a table shows it: one that picks places by a list of them would make every line as long.
fn shortened(layer: String) -> String {
    match layer.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &layer[..end]),
        None => layer,
    }
}

/// Lines of cells under one another; numbers stand on the right, words on the left.
fn write_columns<const N: usize>(
    lines: &[[String; N]],
    numeric: impl Fn(usize) -> bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let length = |text: &String| unicode_width::UnicodeWidthStr::width(text.as_str());
    let widths: Vec<usize> = (0..N)
        .map(|column| {
            lines
                .iter()
                .map(|line| length(&line[column]))
                .max()
                .unwrap_or(0)
        })
        .collect();
    for line in lines {
        let mut text = String::new();
        for (column, (cell, &width)) in line.iter().zip(&widths).enumerate() {
            let space = " ".repeat(width - length(cell));
            let (before, after) = if numeric(column) {
                (space.as_str(), "")
            } else {
                ("", space.as_str())
            };
            text.push_str(&format!("{before}{cell}{after}  "));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// One number when rows and columns agree, `3 × 1` otherwise.
fn both<T: PartialEq + std::fmt::Display>(rows: T, columns: T) -> String {
    if rows == columns {
        rows.to_string()
    } else {
        format!("{rows} × {columns}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(layer: &str, input: Option<&str>, json: bool) -> Result<String, ShapeCommandError> {
        let input = input.map(|input| named_shape(input).unwrap());
        let mut out = Vec::new();
        print(
            &ShapeArgs {
                layer: layer.to_string(),
                input: input.into_iter().collect(),
                json,
            },
            &mut out,
        )?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_chain_has_a_row_a_layer_and_a_total() {
        let stem = "nn.Sequential(nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.ReLU(), \
                    nn.MaxPool2d(3, stride=2, padding=1))";
        let text = table(stem, Some("3x224x224"), false).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6, "{text}");
        for part in [
            "64 × 112 × 112",
            "9,408",
            "118,013,952",
            "3.1 MiB",
            "  7  ",
            "  2  ",
        ] {
            assert!(lines[2].contains(part), "{part}\n{text}");
        }
        assert!(
            lines[4].contains("  11  ") && lines[4].contains("  4  "),
            "{text}"
        );
        assert!(
            lines[2].contains("⌊(224 + 2·3 − 1·(7 − 1) − 1) / 2⌋ + 1 = 112"),
            "{text}"
        );
        assert!(lines[5].starts_with("   total"), "{text}");
    }

    #[test]
    fn a_layer_with_a_long_list_does_not_widen_the_table() {
        let places: Vec<String> = (0..400).map(|place| place.to_string()).collect();
        let long = format!("IndexSelect(0, ({}))", places.join(", "));
        let shown = shortened(long.clone());
        assert_eq!(shown.chars().count(), LONGEST + 1);
        assert!(long.starts_with(shown.trim_end_matches('…')), "{shown}");
        assert_eq!(shortened("ReLU()".to_owned()), "ReLU()");
    }

    #[test]
    fn json_has_the_same_rows() {
        let text = table("dilation", None, true).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["rows"][0]["output"], serde_json::json!([1, 3, 3]));
        assert_eq!(
            report["rows"][0]["receptive_field"],
            serde_json::json!([5, 5])
        );
    }

    #[test]
    fn a_chain_that_does_not_follow_on_is_refused_at_its_layer() {
        let error = table(
            "nn.Conv2d(3, 4, 3), nn.Conv2d(5, 2, 3)",
            Some("3x9x9"),
            false,
        )
        .unwrap_err();
        assert!(error.to_string().contains("column 31"), "{error}");
        assert!(
            table("nn.ReLU()", None, false)
                .unwrap_err()
                .to_string()
                .contains("--input")
        );
    }
}
