//! Why an output has its size: its formula, with the numbers filled in, to be said.

use super::number::{by, of, sentences, shape};
use crate::language::Localized;
use crate::op::{AxisFormula, Geometry, Plan, VisualStyle};
use crate::says;
use crate::tensor::Shape;

/// Which way an axis runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Slices,
    Rows,
    Columns,
    Channels,
}

impl Way {
    fn named(name: &str) -> Self {
        match name {
            "D" => Self::Slices,
            "H" => Self::Rows,
            "W" => Self::Columns,
            _ => Self::Channels,
        }
    }

    /// What it counts, in Japanese.
    const fn in_japanese(self) -> &'static str {
        match self {
            Self::Slices => "スライス",
            Self::Rows => "行",
            Self::Columns => "列",
            Self::Channels => "チャネル",
        }
    }

    fn counted(self, number: usize) -> String {
        match self {
            Self::Slices => of(number, "slice", "slices"),
            Self::Rows => of(number, "row", "rows"),
            Self::Columns => of(number, "column", "columns"),
            Self::Channels => of(number, "channel", "channels"),
        }
    }
}

/// Why the output has its size, in a few sentences: the formula, then the channels, then the whole.
pub(super) fn told(plan: &Plan) -> (Localized<String>, Localized<String>) {
    let axes = plan.shape_formula().axes;
    let is_kept = axes
        .iter()
        .all(|(_, formula)| matches!(formula, AxisFormula::Kept { .. }));
    if is_kept && plan.output_shape() == plan.input_shape() {
        let size = shape(plan.output_shape());
        return (
            says!(
                with [size];
                en: "The shape stays as it is: {size}.",
                ja: "形は変わらず、{size}のままです。"
            ),
            Localized::default(),
        );
    }
    // The axes of a reduction are others than those of its input: none of them is worked out of another.
    let gathers = plan.visual_style() == Some(VisualStyle::Gather);
    if gathers && plan.output_shape().rank() != plan.input_shape().rank() {
        let (from, to) = (shape(plan.input_shape()), shape(plan.output_shape()));
        return (
            says!(
                with [from, to];
                en: "There are fewer axes: {from} becomes {to}.",
                ja: "軸が減って、{from}が{to}になります。"
            ),
            Localized::default(),
        );
    }
    if let Geometry::Adaptive(pool) = plan.geometry() {
        return (adaptive(pool.input, pool.output), channels(plan));
    }
    let spatial = |way: Way| {
        axes.iter()
            .find(|(name, _)| Way::named(name) == way)
            .map(|(_, formula)| formula)
    };
    let mut told = Vec::new();
    if let Some(formula) = spatial(Way::Channels) {
        told.push(axis(formula, Way::Channels));
    }
    told.extend(spatial(Way::Slices).map(|formula| axis(formula, Way::Slices)));
    match (spatial(Way::Rows), spatial(Way::Columns)) {
        (Some(rows), Some(columns)) if rows == columns => {
            told.push(axis(rows, Way::Rows));
            if !matches!(rows, AxisFormula::Kept { .. }) {
                told.push(Localized::new("Columns work the same way.", "列も同じです。").into());
            }
        }
        (rows, columns) => {
            told.extend(rows.map(|formula| axis(formula, Way::Rows)));
            told.extend(columns.map(|formula| axis(formula, Way::Columns)));
        }
    }
    (sentences(told), channels(plan))
}

/// The channels of the output, and its whole shape.
fn channels(plan: &Plan) -> Localized<String> {
    // The slices of a volume's channels are no channels.
    let count = |shape: &Shape| match *shape.axes() {
        [channels, _, _, _] => channels,
        _ => shape.as_chw()[0],
    };
    let (before, after) = (count(plan.input_shape()), count(plan.output_shape()));
    let channel = of(after, "channel", "channels");
    let filters = match plan.geometry() {
        Geometry::Convolution(_) | Geometry::Transposed(_) if after == 1 => Localized::new(
            "One filter makes one channel.",
            "フィルタは1つなので、1チャネルです。",
        )
        .into(),
        Geometry::Convolution(_) | Geometry::Transposed(_) => says!(
            en: "Each of the {after} filters makes one channel.",
            ja: "{after}個のフィルタが、1チャネルずつ作ります。"
        ),
        Geometry::Pool(_) | Geometry::Adaptive(_) | Geometry::Resize(_) => says!(
            en: "There is still {channel}.",
            ja: "チャネルは{after}のままです。"
        ),
        Geometry::Shuffle(_) | Geometry::Elementwise(_) | Geometry::Mapped(_) => {
            Localized::default()
        }
    };
    let filters = if after > 1 && before == after {
        Localized {
            en: filters.en.replace("There is still", "There are still"),
            ..filters
        }
    } else {
        filters
    };
    let size = shape(plan.output_shape());
    let whole = says!(
        with [size];
        en: "So the output is {size}.",
        ja: "出力は、{size}です。"
    );
    sentences([filters, whole])
}

fn adaptive(input: [usize; 2], output: [usize; 2]) -> Localized<String> {
    let (from, to) = (by(&input), by(&output));
    if output == [1, 1] {
        says!(
            with [from];
            en: "Whatever comes in, one number a channel comes out: here, {from} became one.",
            ja: "どんな大きさでも、チャネルごとに1つの数になります。ここでは{from}が1つになりました。"
        )
    } else {
        says!(
            with [from, to];
            en: "The output is {to}, as asked for, and the windows divide {from} among themselves.",
            ja: "出力は、決めたとおり{to}。窓が{from}を分け合います。"
        )
    }
}

/// The length of an axis, worked out.
fn axis(formula: &AxisFormula, way: Way) -> Localized<String> {
    let many = way.in_japanese();
    match *formula {
        AxisFormula::Window {
            input,
            padding: (before, after),
            kernel,
            dilation,
            stride,
            unused,
            beyond,
            result,
        } => {
            let given = way.counted(input);
            let padding = before + after;
            let padded = input + padding;
            let reach = dilation * (kernel - 1) + 1;
            let rest = padded.saturating_sub(reach);
            let start = if padding == 0 {
                says!(
                    en: "Take {given}, with no padding.",
                    ja: "{many}は{input}で、パディングはありません。"
                )
            } else {
                says!(
                    en: "Take {given}, plus {padding} of padding: {padded}.",
                    ja: "{many}は{input}。パディングの{padding}を足して、{padded}です。"
                )
            };
            let kernel = if dilation == 1 {
                says!(
                    en: "Subtract the kernel's {kernel}: {rest}.",
                    ja: "カーネルの{kernel}を引いて、{rest}。"
                )
            } else {
                says!(
                    en: "A kernel of {kernel} with a dilation of {dilation} spans {reach}; subtract that: {rest}.",
                    ja: "ダイレーション{dilation}で、カーネルの{kernel}は{reach}に広がります。それを引いて、{rest}。"
                )
            };
            let quotient = result - 1;
            let end = match (stride, beyond, rest % stride) {
                (1, 0, _) => says!(
                    en: "The stride is 1, so add one: {result}.",
                    ja: "ストライドは1なので、1を足して、{result}です。"
                ),
                (_, 0, 0) => says!(
                    en: "Divided by the stride of {stride}, that is {quotient}. Add one: {result}.",
                    ja: "ストライドの{stride}でわって{quotient}、1を足して、{result}です。"
                ),
                (_, 0, _) => says!(
                    en: "Divided by the stride of {stride} and rounded down, that is {quotient}. Add one: {result}.",
                    ja: "ストライドの{stride}でわり、端数を切り捨てて{quotient}、1を足して、{result}です。"
                ),
                (..) => says!(
                    en: "Divided by the stride of {stride} and rounded up, that is {quotient}. Add one: {result}.",
                    ja: "ストライドの{stride}でわり、端数を切り上げて{quotient}、1を足して、{result}です。"
                ),
            };
            let lost = unused.saturating_sub(after);
            let left = if lost == 0 {
                Localized::default()
            } else {
                let lost_en = way.counted(lost);
                let is = if lost == 1 { "is" } else { "are" };
                says!(
                    en: "At the end, {lost_en} of the input {is} never read.",
                    ja: "入力の最後の{lost}{many}は、どの窓にも入りません。"
                )
            };
            sentences([start, kernel, end, left])
        }
        AxisFormula::Transposed {
            input,
            padding: (before, after),
            kernel,
            dilation,
            stride,
            output_padding,
            result,
        } => {
            let given = way.counted(input);
            let moves = input - 1;
            let moved = moves * stride;
            let reach = dilation * (kernel - 1) + 1;
            let full = moved + reach;
            let start = if moves == 0 {
                says!(
                    en: "{given} makes one stamp of the kernel, {reach} wide.",
                    ja: "{many}は{input}なので、カーネルのスタンプは1つ。幅は{reach}です。"
                )
            } else {
                let steps = of(moves, "move", "moves");
                says!(
                    en: "{given} make {input} stamps of the kernel: {steps} by the stride of {stride}, {moved}. The last stamp is {reach} wide: {full}.",
                    ja: "{many}は{input}なので、スタンプは{input}個。ストライド{stride}の移動が{moves}回で{moved}、最後の幅{reach}を足して、{full}です。"
                )
            };
            let cut = before + after;
            let cut = if cut == 0 {
                Localized::default()
            } else {
                let left = full.saturating_sub(cut);
                says!(
                    en: "Padding cuts off {cut}: {left}.",
                    ja: "パディングで{cut}を削って、{left}。"
                )
            };
            let more = if output_padding == 0 {
                Localized::default()
            } else {
                says!(
                    en: "Output padding adds {output_padding}: {result}.",
                    ja: "アウトプットパディングの{output_padding}を足して、{result}です。"
                )
            };
            sentences([start, cut, more])
        }
        AxisFormula::Times {
            input,
            factor,
            result,
        } => {
            let given = way.counted(input);
            says!(
                en: "{given}, times {factor}: {result}.",
                ja: "{many}は、{input}かける{factor}で、{result}です。"
            )
        }
        AxisFormula::Divided {
            input,
            factor,
            result,
        } => {
            let given = way.counted(input);
            says!(
                en: "{given}, divided by {factor}: {result}.",
                ja: "{many}は、{input}わる{factor}で、{result}です。"
            )
        }
        AxisFormula::Adaptive { input, result } | AxisFormula::Resized { input, result } => {
            let given = way.counted(input);
            says!(
                en: "{given} become {result}.",
                ja: "{many}は、{input}が{result}になります。"
            )
        }
        AxisFormula::Kept { result } => {
            let stays = if result == 1 { "stays" } else { "stay" };
            let given = way.counted(result);
            says!(
                en: "{given} {stays} as before.",
                ja: "{many}は{result}のままです。"
            )
        }
        AxisFormula::Joined { count, result, .. } => {
            says!(
                en: "{count} axes become one, {result} long.",
                ja: "{count}つの軸がひとつになり、長さは{result}です。"
            )
        }
        AxisFormula::Sliced { result, .. } => {
            let total = way.counted(result);
            says!(
                en: "{total} are taken.",
                ja: "{many}は{result}だけ取ります。"
            )
        }
        AxisFormula::Padded {
            before,
            input,
            after,
            result,
        } => {
            let given = way.counted(input);
            if before >= 0 && after >= 0 {
                says!(
                    en: "{given}, with {before} in front and {after} behind: {result}.",
                    ja: "{many}は{input}。前に{before}、後ろに{after}を足して、{result}です。"
                )
            } else {
                says!(
                    en: "{given} become {result}.",
                    ja: "{many}は、{input}が{result}になります。"
                )
            }
        }
        AxisFormula::Concatenated { count, result, .. } => {
            let total = way.counted(result);
            says!(
                en: "{count} inputs, one behind the other, make {total}.",
                ja: "{count}個の入力をつなげて、{many}は{result}です。"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;

    fn told_of(text: &str, input: &str) -> Localized<String> {
        let layer: Layer = text.parse().unwrap();
        let (formula, whole) = told(&layer.plan(&input.parse().unwrap()).unwrap());
        sentences([formula, whole])
    }

    #[test]
    fn the_size_of_a_convolution_is_worked_out() {
        let said = told_of("nn.Conv2d(3, 8, 3, stride=2, padding=1)", "3x8x8");
        assert_eq!(
            said.en,
            "Take 8 rows, plus 2 of padding: 10. Subtract the kernel's 3: 7. Divided by the \
             stride of 2 and rounded down, that is 3. Add one: 4. Columns work the same way. Each of \
             the 8 filters makes one channel. So the output is 8 by 4 by 4."
        );
        assert_eq!(
            said.ja,
            "行は8。パディングの2を足して、10です。カーネルの3を引いて、7。ストライドの2でわり、\
             端数を切り捨てて3、1を足して、4です。列も同じです。8個のフィルタが、1チャネルずつ作ります。\
             出力は、8×4×4です。"
        );
    }

    #[test]
    fn arithmetic_between_numbers_is_written_as_it_is_read() {
        let said = told_of("nn.PixelShuffle(2)", "8x3x3");
        for text in ["8わる4で、2です", "3かける2で、6です"] {
            assert!(said.ja.contains(text), "{said:?}");
        }
    }

    #[test]
    fn what_no_window_reads_is_told() {
        let said = told_of("nn.MaxPool2d(2)", "3x5x5");
        assert!(
            said.en.contains("1 row of the input is never read"),
            "{said:?}"
        );
        assert!(said.en.contains("There are still 3 channels"), "{said:?}");
        let said = told_of("nn.MaxPool2d(2, ceil_mode=True)", "3x5x5");
        assert!(
            said.en.contains("rounded up, that is 2. Add one: 3"),
            "{said:?}"
        );
    }

    #[test]
    fn a_transposed_convolution_counts_stamps() {
        let layer = "nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1, output_padding=1)";
        let said = told_of(layer, "1x4x4");
        assert!(
            said.en.contains("3 moves by the stride of 2, 6"),
            "{said:?}"
        );
        assert!(said.en.contains("The last stamp is 3 wide: 9"), "{said:?}");
        assert!(
            said.en.contains("cuts off 2: 7. Output padding adds 1: 8"),
            "{said:?}"
        );
    }
}
