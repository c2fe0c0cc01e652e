//! Answers, worked out: the shape by its formula, a value term by term as the engine explains it, counts as
//! products.

use super::exercise::{AskedValue, Count, Exercise};
use super::given::{formatted, given_format, index_at, subscript};
use super::item::Table;
use crate::language::{Localized, grouped, says};
use crate::op::{AxisFormula, Plan, TermSource, TermValue, WorkUnit};
use crate::tensor::{NumberFormat, Shape};

/// Lines of an answer; the last one is the result.
pub type Lines = Vec<Localized<String>>;

/// How an element is called, as PyTorch names it: `output[0, 1, 2]`.
#[must_use]
pub fn element(name: &str, shape: &Shape, at: [usize; 3]) -> String {
    let offset = shape.chw_offset(at).unwrap_or(0);
    subscript(name, &index_at(shape, offset))
}

/// The shape that a layer gives, axis by axis.
#[must_use]
pub fn shape_lines(plan: &Plan) -> Lines {
    let formula = plan.shape_formula();
    let output = plan.output_shape();
    let mut lines = Lines::new();
    let mut rest = &formula.axes[..];
    if formula.axes.len() + 1 == output.rank() && formula.axis("C").is_none() {
        lines.extend(channel_line(plan));
    }
    while let Some((_, first)) = rest.first() {
        let same = rest.iter().take_while(|(_, other)| other == first).count();
        let names: Vec<&str> = rest.iter().take(same).map(|(name, _)| *name).collect();
        let names = names.join(", ");
        lines.push(match first {
            AxisFormula::Kept { result } => says!(
                en: "{names}: as in the input, {result}",
                ja: "{names}: 入力と同じ {result}"
            ),
            AxisFormula::Window { .. }
            | AxisFormula::Transposed { .. }
            | AxisFormula::Times { .. }
            | AxisFormula::Divided { .. }
            | AxisFormula::Adaptive { .. }
            | AxisFormula::Resized { .. }
            | AxisFormula::Joined { .. }
            | AxisFormula::Sliced { .. }
            | AxisFormula::Padded { .. }
            | AxisFormula::Concatenated { .. } => Localized::same(format!("{names}: {first}")),
        });
        rest = rest.get(same..).unwrap_or_default();
    }
    lines.push(Localized::same(output.to_string()));
    lines
}

/// Where the channels of the output come from.
fn channel_line(plan: &Plan) -> Option<Localized<String>> {
    let channels = plan.output_shape().channels();
    if plan.filter_count() == channels {
        return Some(says!(
            en: "C: one for each filter, {channels}",
            ja: "C: フィルタごとに 1 つ、{channels}"
        ));
    }
    let kept = plan.input_shape().channels() == channels;
    kept.then(|| says!(en: "C: as in the input, {channels}", ja: "C: 入力と同じ {channels}"))
}

/// What is to be counted, as a product or a sum.
#[must_use]
pub fn count_lines(plan: &Plan, count: Count) -> Lines {
    let cost = plan.cost();
    match count {
        Count::Macs => {
            let work = plan.work().filter(|work| work.unit == WorkUnit::Macs);
            let product = work.and_then(|work| {
                let (tensor, each) = (work.tensor, work.each?);
                Some(says!(
                    en: "{tensor} elements, {each} products for each: {tensor} × {each}",
                    ja: "{tensor} の要素に、それぞれ積が {each} 個: {tensor} × {each}"
                ))
            });
            let total = grouped(cost.macs);
            let total = says!(en: "{total} MACs", ja: "積和演算 {total} 回");
            product.into_iter().chain([total]).collect()
        }
        Count::Parameters => {
            let learned = plan.operand_list().iter();
            let learned = learned.filter(|operand| operand.is_learned());
            let parts: Vec<String> = learned
                .map(|operand| format!("{} {}", operand.name, operand.shape))
                .collect();
            let total = grouped(cost.parameters);
            let total = says!(en: "{total} parameters", ja: "パラメータ {total} 個");
            vec![Localized::same(parts.join(" + ")), total]
        }
    }
}

/// How an element of the output is worked out.
#[must_use]
pub fn value_lines(exercise: &Exercise, value: &AskedValue) -> Lines {
    let writer = Writer::new(exercise, value);
    let mut lines = writer.lines();
    let name = element("output", exercise.plan.output_shape(), value.place);
    let found = writer.equals(value.explained.value);
    lines.push(Localized::same(format!("{name} {found}")));
    lines
}

/// The plane of the output that was to be drawn.
#[must_use]
pub fn paper_table(exercise: &Exercise) -> Option<Table> {
    let paper = exercise.paper.as_ref()?;
    Some(paper.filled(&exercise.output, &exercise.values))
}

/// Writes the arithmetic of an element.
struct Writer<'a> {
    exercise: &'a Exercise,
    value: &'a AskedValue,
    terms: Vec<TermValue>,
    inputs: NumberFormat,
    others: NumberFormat,
    weights: NumberFormat,
    results: NumberFormat,
}

impl<'a> Writer<'a> {
    fn new(exercise: &'a Exercise, value: &'a AskedValue) -> Self {
        let operands = &exercise.operands;
        let terms = value.terms();
        let inputs = given_format(operands.input().data());
        let other = operands.other().map(|other| given_format(other.data()));
        let weight = operands.weight().map(|weight| given_format(weight.data()));
        let factors: Vec<f32> = terms.iter().map(|term| term.weight).collect();
        Self {
            exercise,
            value,
            inputs,
            others: other.unwrap_or(inputs),
            weights: weight.or(other).unwrap_or_else(|| given_format(&factors)),
            results: formatted(exercise.output.data(), 2),
            terms,
        }
    }

    /// How a result is written: as the output is, or with more decimals where it needs them.
    fn result_format(&self, value: f32) -> NumberFormat {
        if self.results.shows(value) {
            self.results
        } else {
            formatted(&[value], self.results.decimals.max(2))
        }
    }

    /// A result.
    fn result(&self, value: f32) -> String {
        self.result_format(value).text(value)
    }

    /// A result behind its sign, which tells whether it is rounded.
    fn equals(&self, value: f32) -> String {
        let format = self.result_format(value);
        let sign = if format.shows(value) { "=" } else { "≈" };
        format!("{sign} {}", format.text(value))
    }

    /// What comes before the result.
    fn lines(&self) -> Lines {
        let (explained, plan) = (&self.value.explained, &self.exercise.plan);
        let weighted = self.terms.iter().any(|term| {
            let term = &term.term;
            term.weight.is_some() || term.coefficient.is_some() || term.factor.is_some()
        });
        let rule = plan.index_arithmetic(self.value.place);
        let alone = !weighted && explained.bias.is_none() && explained.divisor.is_none();
        if let ([only], true) = (&self.terms[..], alone && explained.winner.is_none())
            && (plan.adds_up() || rule.is_some())
        {
            return self.moved(only, rule);
        }
        if !plan.adds_up() {
            let operation = plan.layer().operation();
            let number = |value: f32| bracketed(&self.loose(value));
            return vec![operation.arithmetic(explained, &number)];
        }
        if explained.winner.is_some() {
            let inputs: Vec<String> = self.terms.iter().map(|term| self.input(term)).collect();
            return vec![Localized::same(format!("max({})", inputs.join(", ")))];
        }
        self.sum(weighted)
    }

    /// An element that comes to another place: its index, worked out where there is a rule.
    fn moved(&self, term: &TermValue, rule: Option<String>) -> Lines {
        let shape = self.exercise.plan.input_shape();
        let TermSource::Element(from) = term.term.source else {
            return vec![Localized::same(self.input(term))];
        };
        let from = element("input", shape, from);
        let line = match rule {
            Some(rule) => format!("input{rule} = {from}"),
            None => from,
        };
        vec![Localized::same(line)]
    }

    /// A sum, for each channel of a window by itself where there are several.
    fn sum(&self, weighted: bool) -> Lines {
        let explained = &self.value.explained;
        let mut lines = Lines::new();
        let mut sums = Vec::new();
        let groups = self.groups();
        for (name, terms) in &groups {
            let parts: Vec<String> = terms
                .iter()
                .enumerate()
                .map(|(place, term)| self.product(term, weighted, place == 0))
                .collect();
            let sum: f32 = terms.iter().map(|term| term.product).sum();
            let (parts, equals) = (parts.join(" + "), self.equals(sum));
            sums.push(sum);
            lines.push(match name {
                Some(name) => Localized::same(format!("{name}: {parts} {equals}")),
                None => Localized::same(format!("{parts} {equals}")),
            });
        }
        let mut added: Vec<Localized<String>> = Vec::new();
        if sums.len() > 1 || explained.bias.is_some() {
            let texts = sums.iter().enumerate().map(|(place, sum)| {
                let text = self.result(*sum);
                if place == 0 { text } else { bracketed(&text) }
            });
            added.extend(texts.map(Localized::same));
        }
        if let Some(bias) = explained.bias {
            let bias = bracketed(&given_format(&[bias]).text(bias));
            added.push(says!(en: "{bias} (bias)", ja: "{bias} (バイアス)"));
        }
        if !added.is_empty() {
            lines.push(Localized::join(added, Localized::new(" + ", " + ")));
        }
        if let Some(divisor) = explained.divisor {
            let total: f32 = sums.iter().sum();
            let total = self.result(total);
            lines.push(Localized::same(format!("{total} ÷ {divisor}")));
        }
        lines
    }

    /// The terms of each plane of a window, with a name where there are several planes.
    fn groups(&self) -> Vec<(Option<String>, Vec<TermValue>)> {
        let mut groups: Vec<(Option<usize>, Vec<TermValue>)> = Vec::new();
        for term in &self.terms {
            let plane = term.term.weight.map(|_| term.term.padded[0]);
            match groups.last_mut().filter(|(last, _)| *last == plane) {
                Some((_, terms)) => terms.push(*term),
                None => groups.push((plane, vec![*term])),
            }
        }
        // A plane of one term is no group of its own.
        if groups.len() <= 1 || groups.iter().all(|(_, terms)| terms.len() == 1) {
            return vec![(None, self.terms.clone())];
        }
        // With more axes, a plane of the padded input is none of the input.
        let is_named = self.exercise.plan.input_shape().rank() <= 3;
        let named = groups.into_iter().map(|(plane, terms)| {
            let plane = plane.filter(|_| is_named);
            (plane.map(|plane| subscript("input", &[plane])), terms)
        });
        named.collect()
    }

    /// A product, or an element without a weight.
    fn product(&self, term: &TermValue, weighted: bool, first: bool) -> String {
        let input = self.input(term);
        let input = if first { input } else { bracketed(&input) };
        if !weighted {
            return input;
        }
        format!("{input}·{}", bracketed(&self.weights.text(term.weight)))
    }

    /// The number of a term, as it stands in the table that it is from.
    fn input(&self, term: &TermValue) -> String {
        match term.term.source {
            TermSource::Other { .. } => self.others.text(term.input),
            TermSource::Element(_)
            | TermSource::Padding { .. }
            | TermSource::Inserted
            | TermSource::Beyond => self.inputs.text(term.input),
        }
    }

    /// A number of any table, with as many decimals as it needs.
    fn loose(&self, value: f32) -> String {
        let formats = [self.inputs, self.others];
        let shown = formats.into_iter().find(|format| format.shows(value));
        shown.unwrap_or_else(|| given_format(&[value])).text(value)
    }
}

/// A negative number in parentheses.
fn bracketed(number: &str) -> String {
    if number.starts_with('−') {
        format!("({number})")
    } else {
        number.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::exercise::tests::exercise;
    use super::*;

    fn result(lines: &[Localized<String>]) -> &str {
        lines.last().map_or("", |line| line.en.as_str())
    }

    /// A number as it is written here.
    fn number(text: &str) -> f32 {
        text.trim_matches(['(', ')'])
            .replace('−', "-")
            .parse()
            .unwrap()
    }

    #[test]
    fn a_shape_is_worked_out_axis_by_axis() {
        let exercise = exercise("nn.Conv2d(1, 2, 3, stride=2, padding=1)", [1, 7, 9], 0);
        let lines = shape_lines(&exercise.plan);
        let lines: Vec<&str> = lines.iter().map(|line| line.en.as_str()).collect();
        assert_eq!(
            lines,
            [
                "C: one for each filter, 2",
                "H: ⌊(7 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 4",
                "W: ⌊(9 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 5",
                "2 × 4 × 5",
            ]
        );
    }

    #[test]
    fn the_written_products_add_up_to_the_written_sum() {
        for seed in 0..6 {
            let exercise = exercise("nn.Conv2d(1, 2, 3, padding=1, bias=False)", [1, 6, 6], seed);
            for value in &exercise.values {
                let lines = value_lines(&exercise, value);
                let (left, right) = lines[0].en.split_once(['=', '≈']).unwrap();
                let products = left.split(" + ").map(|product| {
                    let (input, weight) = product.trim().split_once('·').unwrap();
                    number(input) * number(weight)
                });
                let products: Vec<f32> = products.collect();
                assert_eq!(products.len(), 9);
                let sum: f32 = products.iter().sum();
                // What is written is rounded.
                assert!((sum - number(right.trim())).abs() < 0.3, "{}", lines[0].en);
                let name = element("output", exercise.plan.output_shape(), value.place);
                assert!(result(&lines).starts_with(&name), "{lines:?}");
            }
        }
    }

    #[test]
    fn channels_are_summed_by_themselves_and_the_bias_comes_last() {
        let exercise = exercise("nn.Conv2d(2, 2, 2)", [2, 4, 4], 2);
        let lines = value_lines(&exercise, &exercise.values[0]);
        let names = lines.iter().map(|line| line.en.split(':').next().unwrap());
        let names: Vec<&str> = names.take(2).collect();
        assert_eq!(names, ["input[0]", "input[1]"]);
        assert!(lines[2].en.ends_with("(bias)"), "{lines:?}");
    }

    #[test]
    fn a_maximum_a_mean_and_a_move_are_written_as_what_they_are() {
        let first = |layer: &str, input| {
            let exercise = exercise(layer, input, 1);
            value_lines(&exercise, &exercise.values[0])[0].en.clone()
        };
        assert!(first("nn.MaxPool2d(2)", [1, 4, 4]).starts_with("max("));
        let exercise = exercise("nn.AvgPool2d(2)", [1, 4, 4], 1);
        let lines = value_lines(&exercise, &exercise.values[0]);
        assert!(lines[lines.len() - 2].en.ends_with("÷ 4"), "{lines:?}");
        assert!(first("nn.PixelShuffle(2)", [4, 2, 2]).contains("input["));
        assert!(first("nn.ReLU()", [1, 3, 3]).starts_with("max(0, "));
    }

    #[test]
    fn counts_are_those_of_the_engine() {
        let exercise = exercise("nn.Conv2d(1, 2, 3)", [1, 6, 6], 0);
        let macs = count_lines(&exercise.plan, Count::Macs);
        assert_eq!(
            macs[0].en,
            "2 × 4 × 4 elements, 9 products for each: 2 × 4 × 4 × 9"
        );
        assert_eq!(result(&macs), "288 MACs");
        let parameters = count_lines(&exercise.plan, Count::Parameters);
        assert_eq!(parameters[0].en, "weight 2 × 1 × 3 × 3 + bias 2");
        assert_eq!(result(&parameters), "20 parameters");
    }
}
