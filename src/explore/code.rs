//! A layer as a loop nest, and the line that is at work.

use crate::op::{
    Layer, LoopOrder, PaddingMode, Phase, Plan, Schedule, TransposeView, UpsampleMode,
};

/// A loop variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variable {
    /// The filter, or the channel of an operation without filters.
    Filter,
    /// A row of the output.
    Row,
    /// A column of the output.
    Column,
    /// A channel of the filter.
    Channel,
    /// A row of the kernel.
    KernelRow,
    /// A column of the kernel.
    KernelColumn,
}

impl Variable {
    /// Its name in the code.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filter => "f",
            Self::Row => "y",
            Self::Column => "x",
            Self::Channel => "c",
            Self::KernelRow => "i",
            Self::KernelColumn => "j",
        }
    }
}

/// What a line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Counts a variable through.
    Loop(Variable),
    /// Begins a sum.
    Begin,
    /// Adds one term.
    Term,
    /// Writes the value.
    Write,
}

/// A line of the nest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLine {
    /// How deep it stands.
    pub depth: usize,
    /// The code.
    pub text: String,
    /// What it does.
    pub kind: LineKind,
}

/// The line at work, and what the variables are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// Which line.
    pub line: usize,
    /// The variables that have a value, from the outermost on.
    pub values: Vec<(Variable, usize)>,
}

/// A plan as a loop nest in the order in which it is walked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nest {
    /// The lines.
    pub lines: Vec<CodeLine>,
}

/// `y*2 + i - 1`: a window's place.
fn place(at: &str, stride: usize, kernel: &str, dilation: usize, padding: isize) -> String {
    let times = |name: &str, by: usize| {
        if by == 1 {
            name.to_owned()
        } else {
            format!("{name}*{by}")
        }
    };
    let mut text = format!("{} + {}", times(at, stride), times(kernel, dilation));
    if padding > 0 {
        text.push_str(&format!(" - {padding}"));
    }
    if padding < 0 {
        text.push_str(&format!(" + {}", -padding));
    }
    text
}

/// What reads an input that may be padded.
fn padded_name(mode: PaddingMode) -> &'static str {
    match mode {
        PaddingMode::Zeros => "a",
        PaddingMode::Reflect => "reflect(a)",
        PaddingMode::Replicate => "replicate(a)",
        PaddingMode::Circular => "circular(a)",
    }
}

impl Nest {
    /// The nest of a plan in an order.
    #[must_use]
    pub fn new(plan: &Plan, schedule: &Schedule) -> Self {
        let mut nest = Self { lines: Vec::new() };
        let [planes, rows, columns] = plan.geometry().visited();
        let weight = plan.weight_shape();
        let sides = plan.padding();
        let [channels, kernel_rows, kernel_columns] = weight.map_or([1; 3], |shape| {
            let axes = shape.axes();
            [axes[1], axes[2], axes[3]]
        });
        let filter = (Variable::Filter, planes);
        let row = (Variable::Row, rows);
        let column = (Variable::Column, columns);
        let kernel = [
            (Variable::KernelRow, kernel_rows),
            (Variable::KernelColumn, kernel_columns),
        ];
        let start = if plan.bias_count() > 0 { "b[f]" } else { "0" };
        match plan.layer() {
            Layer::Conv2d(_) | Layer::Depthwise(_) | Layer::Pointwise(_) => {
                let (stride, dilation, mode) = window_of(plan);
                let from = [
                    place("y", stride[0], "i", dilation[0], sides.top),
                    place("x", stride[1], "j", dilation[1], sides.left),
                ];
                let channel = channel_of(plan, channels, planes);
                let term = format!(
                    "s += {}[{channel}, {}, {}] * w[f, c, i, j]",
                    padded_name(mode),
                    from[0],
                    from[1]
                );
                nest.weighted(
                    schedule,
                    [filter, row, column],
                    channels,
                    kernel,
                    start,
                    &term,
                );
            }
            Layer::ConvTranspose2d(layer) => {
                let group_filters = channels;
                let group_channels = plan.input_shape().channels() / layer.groups.max(1);
                let inner = [
                    (Variable::Channel, group_channels),
                    (Variable::KernelRow, layer.kernel.0),
                    (Variable::KernelColumn, layer.kernel.1),
                ];
                let (channel, of_group) = if layer.groups == 1 {
                    ("c".to_owned(), "f".to_owned())
                } else {
                    (
                        format!("f//{group_filters}*{group_channels} + c"),
                        format!("f%{group_filters}"),
                    )
                };
                if layer.view == TransposeView::Scatter {
                    nest.loops(0, &[filter, row, column]);
                    nest.loops(3, &inner);
                    let to = [
                        place(
                            "y",
                            layer.stride.0,
                            "i",
                            layer.dilation.0,
                            layer.padding.0 as isize,
                        ),
                        place(
                            "x",
                            layer.stride.1,
                            "j",
                            layer.dilation.1,
                            layer.padding.1 as isize,
                        ),
                    ];
                    nest.line(
                        6,
                        LineKind::Term,
                        format!(
                            "out[f, {}, {}] += a[{channel}, y, x] * w[{channel}, {of_group}, i, j]",
                            to[0], to[1]
                        ),
                    );
                } else {
                    let term = format!(
                        "s += z[{channel}, {}, {}] * w[{channel}, {of_group}, {} - i, {} - j]",
                        place("y", 1, "i", layer.dilation.0, 0),
                        place("x", 1, "j", layer.dilation.1, 0),
                        layer.kernel.0.saturating_sub(1),
                        layer.kernel.1.saturating_sub(1)
                    );
                    nest.weighted(
                        schedule,
                        [filter, row, column],
                        group_channels,
                        [inner[1], inner[2]],
                        start,
                        &term,
                    );
                }
            }
            Layer::MaxPool2d(layer) => {
                let stride = layer.stride.unwrap_or(layer.kernel);
                let from = format!(
                    "a[f, {}, {}]",
                    place("y", stride.0, "i", layer.dilation.0, sides.top),
                    place("x", stride.1, "j", layer.dilation.1, sides.left)
                );
                nest.pool(
                    [filter, row, column],
                    layer.kernel,
                    "-inf",
                    &format!("s = max(s, {from})"),
                    "s",
                );
            }
            Layer::AvgPool2d(layer) => {
                let stride = layer.stride.unwrap_or(layer.kernel);
                let from = format!(
                    "a[f, {}, {}]",
                    place("y", stride.0, "i", 1, sides.top),
                    place("x", stride.1, "j", 1, sides.left)
                );
                nest.pool(
                    [filter, row, column],
                    layer.kernel,
                    "0",
                    &format!("s += {from}"),
                    "s / n",
                );
            }
            Layer::AdaptiveAvgPool2d(_)
            | Layer::GlobalAvgPool2d
            | Layer::AdaptiveMaxPool2d(_)
            | Layer::GlobalMaxPool2d => {
                let max = plan.phases().contains(&Phase::Compare);
                let [_, height, width] = plan.input_shape().planes();
                nest.loops(0, &[filter, row, column]);
                let begin = if max { "s = -inf" } else { "s = 0" };
                nest.line(3, LineKind::Begin, begin.to_owned());
                nest.line(
                    3,
                    LineKind::Loop(Variable::KernelRow),
                    format!("for i in range(y*{height}//{rows}, ceil((y + 1)*{height}/{rows})):"),
                );
                nest.line(
                    4,
                    LineKind::Loop(Variable::KernelColumn),
                    format!(
                        "for j in range(x*{width}//{columns}, ceil((x + 1)*{width}/{columns})):"
                    ),
                );
                let term = if max {
                    "s = max(s, a[f, i, j])"
                } else {
                    "s += a[f, i, j]"
                };
                nest.line(5, LineKind::Term, term.to_owned());
                let value = if max { "s" } else { "s / n" };
                nest.line(3, LineKind::Write, format!("out[f, y, x] = {value}"));
            }
            Layer::Upsample(layer) if layer.mode == UpsampleMode::Bilinear => {
                nest.loops(0, &[filter, row, column]);
                nest.line(3, LineKind::Begin, "s = 0".to_owned());
                nest.loops(3, &[(Variable::KernelRow, 2), (Variable::KernelColumn, 2)]);
                nest.line(
                    5,
                    LineKind::Term,
                    "s += near(y, i) * near(x, j) * a[f, row(y, i), column(x, j)]".to_owned(),
                );
                nest.line(3, LineKind::Write, "out[f, y, x] = s".to_owned());
            }
            other => {
                let [_, height, width] = plan.input_shape().planes();
                let nearest = |at: &str, input: usize, output: usize| {
                    if output.is_multiple_of(input) {
                        format!("{at}//{}", output / input)
                    } else {
                        format!("{at}*{input}//{output}")
                    }
                };
                let value = match other {
                    Layer::PixelShuffle(layer) => {
                        let r = layer.factor;
                        format!("a[f*{} + y%{r}*{r} + x%{r}, y//{r}, x//{r}]", r * r)
                    }
                    Layer::PixelUnshuffle(layer) => {
                        let r = layer.factor;
                        format!("a[f//{}, y*{r} + f//{r}%{r}, x*{r} + f%{r}]", r * r)
                    }
                    Layer::Upsample(_) => format!(
                        "a[f, {}, {}]",
                        nearest("y", height, rows),
                        nearest("x", width, columns)
                    ),
                    Layer::ReLU => "max(0, a[f, y, x])".to_owned(),
                    Layer::ReLU6 => "min(max(0, a[f, y, x]), 6)".to_owned(),
                    Layer::Add(_) => "a[f, y, x] + other[f, y, x]".to_owned(),
                    _ => "a[f, y, x]".to_owned(),
                };
                nest.loops(0, &[filter, row, column]);
                nest.line(3, LineKind::Write, format!("out[f, y, x] = {value}"));
            }
        }
        nest
    }

    fn line(&mut self, depth: usize, kind: LineKind, text: String) {
        self.lines.push(CodeLine { depth, text, kind });
    }

    /// Loops inside one another.
    fn loops(&mut self, depth: usize, loops: &[(Variable, usize)]) {
        for (inside, (variable, count)) in loops.iter().enumerate() {
            let text = format!("for {} in range({count}):", variable.name());
            self.line(depth + inside, LineKind::Loop(*variable), text);
        }
    }

    /// A sum of weighted terms in each of the three orders.
    fn weighted(
        &mut self,
        schedule: &Schedule,
        [filter, row, column]: [(Variable, usize); 3],
        channels: usize,
        kernel: [(Variable, usize); 2],
        start: &str,
        term: &str,
    ) {
        let channel = (Variable::Channel, channels);
        if schedule.order() == LoopOrder::ChannelMajor {
            self.loops(0, &[filter]);
            self.line(1, LineKind::Begin, format!("out[f] = {start}"));
            self.loops(1, &[channel, row, column]);
            self.line(4, LineKind::Begin, "s = 0".to_owned());
            self.loops(4, &kernel);
            self.line(6, LineKind::Term, term.to_owned());
            self.line(4, LineKind::Write, "out[f, y, x] += s".to_owned());
            return;
        }
        let outer = if schedule.order() == LoopOrder::PositionMajor {
            [row, column, filter]
        } else {
            [filter, row, column]
        };
        self.loops(0, &outer);
        self.line(3, LineKind::Begin, format!("s = {start}"));
        self.loops(3, &[channel, kernel[0], kernel[1]]);
        self.line(6, LineKind::Term, term.to_owned());
        self.line(3, LineKind::Write, "out[f, y, x] = s".to_owned());
    }

    fn pool(
        &mut self,
        outer: [(Variable, usize); 3],
        kernel: (usize, usize),
        start: &str,
        term: &str,
        value: &str,
    ) {
        self.loops(0, &outer);
        self.line(3, LineKind::Begin, format!("s = {start}"));
        self.loops(
            3,
            &[
                (Variable::KernelRow, kernel.0),
                (Variable::KernelColumn, kernel.1),
            ],
        );
        self.line(5, LineKind::Term, term.to_owned());
        self.line(3, LineKind::Write, format!("out[f, y, x] = {value}"));
    }

    /// The line at work in a visit of which a part is done.
    #[must_use]
    pub fn active(&self, plan: &Plan, schedule: &Schedule, visit: u64, part: f64) -> Active {
        let visit = schedule.visit(visit);
        let step = plan.step(visit.step);
        let phases = plan.phases();
        let progress = part.clamp(0.0, 1.0) * phases.len() as f64;
        let number = (progress.ceil() as usize).clamp(1, phases.len().max(1)) - 1;
        let phase = phases.get(number).copied();
        let find = |wanted: &dyn Fn(LineKind) -> bool| {
            self.lines.iter().rposition(|line| wanted(line.kind))
        };
        let write = find(&|kind| kind == LineKind::Write);
        let term = find(&|kind| kind == LineKind::Term);
        // The innermost of the loops that lead to a window.
        let outer = self
            .lines
            .iter()
            .rposition(|line| match line.kind {
                LineKind::Loop(variable) => matches!(
                    variable,
                    Variable::Filter | Variable::Row | Variable::Column
                ),
                _ => false,
            })
            .unwrap_or(0);
        let at_terms = matches!(
            phase,
            Some(Phase::Multiply | Phase::Accumulate | Phase::Compare | Phase::Scatter)
        ) && term.is_some();
        let line = match phase {
            _ if part <= 0.0 => outer,
            Some(Phase::Travel | Phase::Lift) => outer,
            _ if at_terms => term.unwrap_or(outer),
            _ => write.or(term).unwrap_or(outer),
        };
        let at = plan.geometry().visit(visit.step);
        let mut values = vec![
            (Variable::Filter, at[0]),
            (Variable::Row, at[1]),
            (Variable::Column, at[2]),
        ];
        if schedule.order() == LoopOrder::PositionMajor {
            values.rotate_left(1);
        }
        let count = step.term_count();
        let terms = visit.terms.start.min(count)..visit.terms.end.min(count);
        if at_terms && !terms.is_empty() {
            // The first of the phases over terms runs through them; in later ones all are there.
            let share = (progress - 1.0).clamp(0.0, 1.0);
            let inside = ((share * terms.len() as f64).ceil() as usize).clamp(1, terms.len()) - 1;
            let number = terms.start + inside;
            let kernel = self.kernel(plan, &step);
            let [rows, columns] = kernel;
            if plan.weight_shape().is_some() {
                values.push((Variable::Channel, number / (rows * columns).max(1)));
            }
            values.push((Variable::KernelRow, number / columns.max(1) % rows.max(1)));
            values.push((Variable::KernelColumn, number % columns.max(1)));
        }
        Active { line, values }
    }

    /// Rows and columns that the terms of a step run through.
    fn kernel(&self, plan: &Plan, step: &crate::op::Step) -> [usize; 2] {
        match (plan.layer(), plan.weight_shape()) {
            (_, Some(shape)) => {
                let axes = shape.axes();
                [axes[2], axes[3]]
            }
            (Layer::MaxPool2d(layer), _) => [layer.kernel.0, layer.kernel.1],
            (Layer::AvgPool2d(layer), _) => [layer.kernel.0, layer.kernel.1],
            (Layer::Upsample(_), _) => [2, 2],
            _ => {
                let [_, rows, columns] = step.window_size();
                [rows, columns]
            }
        }
    }
}

/// Stride, dilation and padding mode of a convolution.
fn window_of(plan: &Plan) -> ([usize; 2], [usize; 2], PaddingMode) {
    let convolution = match plan.layer() {
        Layer::Conv2d(layer) => layer.clone(),
        Layer::Depthwise(layer) => layer.convolution(plan.input_shape()),
        Layer::Pointwise(layer) => layer.convolution(),
        _ => return ([1, 1], [1, 1], PaddingMode::Zeros),
    };
    (
        [convolution.stride.0, convolution.stride.1],
        [convolution.dilation.0, convolution.dilation.1],
        convolution.padding_mode,
    )
}

/// The input channel of a filter's channel.
fn channel_of(plan: &Plan, channels: usize, filters: usize) -> String {
    let groups = plan.groups();
    match (groups, filters / groups.max(1), channels) {
        (0 | 1, ..) => "c".to_owned(),
        (_, 1, 1) => "f".to_owned(),
        (_, per_group, 1) => format!("f//{per_group}"),
        (_, per_group, channels) => format!("f//{per_group}*{channels} + c"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Kind, Setup};
    use crate::op::Chain;
    use crate::tensor::Shape;

    fn plan(layer: &Layer, input: &str) -> Plan {
        layer.plan(&input.parse::<Shape>().unwrap()).unwrap()
    }

    fn conv(text: &str, input: &str) -> Plan {
        plan(&ron::from_str(text).unwrap(), input)
    }

    fn code(plan: &Plan, order: LoopOrder) -> String {
        let nest = Nest::new(plan, &Schedule::new(plan, order));
        let line = |line: &CodeLine| format!("{}{}\n", "  ".repeat(line.depth), line.text);
        nest.lines.iter().map(line).collect()
    }

    #[test]
    fn a_convolution_reads_as_seven_lines_in_each_order() {
        let plan = conv(
            "Conv2d(filters: 4, kernel: (3, 3), stride: (2, 2), padding: Size(1, 1))",
            "3x6x6",
        );
        let term = "s += a[c, y*2 + i - 1, x*2 + j - 1] * w[f, c, i, j]";
        let filter_major = code(&plan, LoopOrder::FilterMajor);
        assert!(filter_major.starts_with("for f in range(4):\n  for y in range(3):\n    for x"));
        assert!(filter_major.contains(term), "{filter_major}");
        let position_major = code(&plan, LoopOrder::PositionMajor);
        assert!(position_major.starts_with("for y in range(3):\n  for x in range(3):\n    for f"));
        let channel_major = code(&plan, LoopOrder::ChannelMajor);
        assert!(
            channel_major.contains("  for c in range(3):\n    for y"),
            "{channel_major}"
        );
        assert!(channel_major.contains("out[f, y, x] += s"));
    }

    #[test]
    fn groups_show_which_channel_a_filter_reads() {
        let depthwise = conv("Conv2d(filters: 4, kernel: (3, 3), groups: 4)", "4x5x5");
        assert!(code(&depthwise, LoopOrder::FilterMajor).contains("a[f, "));
        let grouped = conv("Conv2d(filters: 4, kernel: (3, 3), groups: 2)", "4x5x5");
        assert!(code(&grouped, LoopOrder::FilterMajor).contains("a[f//2*2 + c, "));
    }

    #[test]
    fn the_active_line_follows_the_phases() {
        let plan = conv("Conv2d(filters: 2, kernel: (3, 3))", "2x5x5");
        for order in LoopOrder::ALL {
            let schedule = Schedule::new(&plan, order);
            let nest = Nest::new(&plan, &schedule);
            let kind = |part: f64| {
                let active = nest.active(&plan, &schedule, 1, part);
                nest.lines[active.line].kind
            };
            assert!(matches!(kind(0.2), LineKind::Loop(_)), "{order:?}");
            assert_eq!(kind(0.4), LineKind::Term);
            assert_eq!(kind(0.6), LineKind::Term);
            assert_eq!(kind(0.9), LineKind::Write);
        }
        let schedule = Schedule::new(&plan, LoopOrder::FilterMajor);
        let nest = Nest::new(&plan, &schedule);
        // The eleventh of 18 products of the second step.
        let active = nest.active(&plan, &schedule, 1, 0.25 + 0.25 * 11.0 / 18.0 - 1e-9);
        assert_eq!(
            active
                .values
                .iter()
                .map(|(_, value)| *value)
                .collect::<Vec<_>>(),
            [0, 0, 1, 1, 0, 1]
        );
    }

    #[test]
    fn every_kind_has_a_nest_and_an_active_line_at_every_moment() {
        for kind in Kind::ALL {
            let layers = [kind.layer()];
            let chain = Chain::plan(&layers, &Shape::chw(4, 6, 6).unwrap()).unwrap();
            let plan = &chain.plans()[0];
            for order in LoopOrder::ALL {
                let schedule = Schedule::new(plan, order);
                let nest = Nest::new(plan, &schedule);
                for visit in [0, 1, schedule.visit_count() - 1] {
                    for tenth in 0..=10 {
                        let part = f64::from(tenth) / 10.0;
                        let active = nest.active(plan, &schedule, visit, part);
                        assert!(active.line < nest.lines.len());
                    }
                }
            }
        }
        assert_eq!(Setup::default().layers.len(), 1);
    }
}
