//! The result of an evaluation, as text or as JSON.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::super::language::spoken;
use super::super::printing::padded;
use super::json_number::Numbers;
use crate::language::{Localized, says};
use crate::network::Chain;
use crate::op::Cost;
use crate::tensor::Tensor;

/// Elements that are printed, at most.
const MAX_PRINTED: usize = 1024;

/// The result as JSON.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    layers: Vec<ReportLayer>,
    input: &'a [usize],
    output: &'a [usize],
    cost: Cost,
    values: Numbers<'a>,
}

#[derive(Serialize)]
struct ReportLayer {
    source: String,
    input: Vec<usize>,
    output: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<Vec<usize>>,
    formula: String,
    steps: u64,
    cost: Cost,
}

impl<'a> Report<'a> {
    pub(super) fn new(chain: &'a Chain, output: &'a Tensor) -> Self {
        let layers = chain.plans().iter().map(|plan| ReportLayer {
            source: plan.source(),
            input: plan.input_shape().axes().to_vec(),
            output: plan.output_shape().axes().to_vec(),
            weight: plan.weight_shape().map(|shape| shape.axes().to_vec()),
            formula: plan.shape_formula().to_string(),
            steps: plan.step_count(),
            cost: plan.cost(),
        });
        Self {
            layers: layers.collect(),
            input: chain.input_shape().axes(),
            output: chain.output_shape().axes(),
            cost: chain.cost(),
            values: Numbers(output.data()),
        }
    }
}

/// Prints the result as text, and of each layer its shapes, formula and cost, and its first step worked out where
/// that is given.
pub(super) fn print_text(
    chain: &Chain,
    worked: &[Option<Localized<String>>],
    output: &Tensor,
    saved: Option<&Path>,
    out: &mut impl Write,
) -> io::Result<()> {
    let language = spoken();
    for (place, plan) in chain.plans().iter().enumerate() {
        writeln!(out, "{}", plan.printed())?;
        let mut line = |name: Localized<&str>, value: &dyn std::fmt::Display| {
            writeln!(out, "  {}  {value}", padded(name.choose(language), 10))
        };
        line(Localized::new("input", "入力"), plan.input_shape())?;
        if let Some(weight) = plan.weight_shape() {
            line(Localized::new("weights", "重み"), &weight)?;
        }
        line(Localized::new("output", "出力"), plan.output_shape())?;
        let formula = plan.shape_formula();
        line(Localized::new("formula", "式"), &formula)?;
        for (axis, formula) in &formula.axes {
            let (unused, real) = (formula.unused(), formula.unused_input());
            if unused > 0 {
                let unused = says!(
                    en: "{axis}: no window reaches the last {unused} of the padded input, {real} of them input",
                    ja: "{axis}: パディングした入力の最後の {unused} (うち入力は {real}) にはどの窓も届きません"
                );
                line(Localized::new("unused", "未使用"), &unused.choose(language))?;
            }
        }
        let cost = plan.cost();
        line(Localized::new("parameters", "パラメータ"), &cost.parameters)?;
        line(Localized::new("MACs", "MAC"), &cost.macs)?;
        if cost.operations > 0 {
            line(Localized::new("operations", "演算"), &cost.operations)?;
        }
        line(Localized::new("steps", "ステップ"), &plan.step_count())?;
        if let Some(worked) = worked.get(place).and_then(Option::as_ref) {
            line(
                Localized::new("first step", "最初の計算"),
                &worked.get(language),
            )?;
        }
    }
    print_values(output, saved, out)
}

/// Prints the numbers of an output, or where they went.
pub(super) fn print_values(
    output: &Tensor,
    saved: Option<&Path>,
    out: &mut impl Write,
) -> io::Result<()> {
    let language = spoken();
    if let Some(path) = saved {
        let path = path.display();
        let written = says!(en: "written to {path}", ja: "{path} に書き込みました");
        return writeln!(out, "{}", written.choose(language));
    }
    if output.data().len() > MAX_PRINTED {
        let (minimum, maximum) = output.range();
        let range = says!(
            en: "values from {minimum} to {maximum}; -o y.npy writes them, --json prints them",
            ja: "値は {minimum} から {maximum} までです。-o y.npy で書き込み、--json で表示します"
        );
        writeln!(out, "{}", range.choose(language))?;
        let count =
            |kind: fn(f32) -> bool| output.data().iter().filter(|&&value| kind(value)).count();
        let (nan, infinite) = (count(f32::is_nan), count(f32::is_infinite));
        if nan + infinite > 0 {
            let besides = says!(
                en: "besides, {nan} are NaN and {infinite} are infinite",
                ja: "ほかに NaN が {nan} 個、無限大が {infinite} 個あります"
            );
            writeln!(out, "{}", besides.choose(language))?;
        }
        return Ok(());
    }
    let [_, height, width] = output.shape().as_chw();
    let words: Vec<String> = output.data().iter().map(|value| number(*value)).collect();
    let wide = words.iter().map(String::len).max().unwrap_or(0);
    for (plane, rows) in words.chunks(height * width).enumerate() {
        let channel = says!(en: "channel {plane}", ja: "チャネル {plane}");
        writeln!(out, "{}", channel.choose(language))?;
        for row in rows.chunks(width) {
            let row: Vec<String> = row.iter().map(|word| format!("{word:>wide$}")).collect();
            writeln!(out, "  {}", row.join("  "))?;
        }
    }
    Ok(())
}

/// A number with at most four decimals, without zeros at its end.
pub(super) fn number(value: f32) -> String {
    if value != 0.0 && value.abs() < 1e-4 || value.abs() >= 1e7 {
        return format!("{value:.4e}");
    }
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_string()
    } else {
        text.to_string()
    }
}
