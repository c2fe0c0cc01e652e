//! A layer as a loop nest, and the line that is at work.

use super::order::{LoopOrder, Schedule};
use super::phase::Phase;
use super::plan::Plan;
use crate::language::Localized;

/// A loop variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variable {
    /// The filter, or the channel of an operation without filters.
    Filter,
    /// A slice of the output.
    Slice,
    /// A row of the output.
    Row,
    /// A column of the output.
    Column,
    /// A channel of the filter.
    Channel,
    /// A slice of the kernel.
    KernelSlice,
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
            Self::Slice => "z",
            Self::Row => "y",
            Self::Column => "x",
            Self::Channel => "c",
            Self::KernelSlice => "k",
            Self::KernelRow => "i",
            Self::KernelColumn => "j",
        }
    }

    /// What it counts.
    #[must_use]
    pub const fn label(self) -> Localized<&'static str> {
        let (en, ja) = match self {
            Self::Filter => ("filter", "フィルタ"),
            Self::Slice => ("slice", "スライス"),
            Self::Row => ("row", "行"),
            Self::Column => ("column", "列"),
            Self::Channel => ("channel", "チャネル"),
            Self::KernelSlice => ("kernel slice", "カーネルのスライス"),
            Self::KernelRow => ("kernel row", "カーネルの行"),
            Self::KernelColumn => ("kernel column", "カーネルの列"),
        };
        Localized::new(en, ja)
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoopNest {
    /// The lines.
    pub lines: Vec<CodeLine>,
}

/// `y*2 + i - 1`: a window's place.
pub(crate) fn place(
    at: &str,
    stride: usize,
    kernel: &str,
    dilation: usize,
    padding: isize,
) -> String {
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

/// Output channels, rows and columns as loops.
fn outer(plan: &Plan) -> [(Variable, usize); 3] {
    let [planes, rows, columns] = plan.geometry().visited();
    [
        (Variable::Filter, planes),
        (Variable::Row, rows),
        (Variable::Column, columns),
    ]
}

/// Rows and columns of a kernel as loops.
const fn inner((rows, columns): (usize, usize)) -> [(Variable, usize); 2] {
    [
        (Variable::KernelRow, rows),
        (Variable::KernelColumn, columns),
    ]
}

impl LoopNest {
    /// The nest of a plan in an order.
    #[must_use]
    pub fn new(plan: &Plan, schedule: &Schedule) -> Self {
        plan.layer().operation().code(plan, schedule)
    }

    /// An operation that looks at each element by itself.
    pub(crate) fn elementwise(plan: &Plan, value: &str) -> Self {
        let mut nest = Self::default();
        nest.loops(0, &outer(plan));
        nest.line(3, LineKind::Write, format!("out[f, y, x] = {value}"));
        nest
    }

    /// A sum over loops of any number.
    pub(crate) fn sum(
        outer: &[(Variable, usize)],
        inner: &[(Variable, usize)],
        start: &str,
        term: &str,
        write: &str,
    ) -> Self {
        let mut nest = Self::default();
        let depth = outer.len();
        nest.loops(0, outer);
        nest.line(depth, LineKind::Begin, format!("s = {start}"));
        nest.loops(depth, inner);
        nest.line(depth + inner.len(), LineKind::Term, term.to_owned());
        nest.line(depth, LineKind::Write, write.to_owned());
        nest
    }

    /// A pool over a kernel of the same size everywhere.
    pub(crate) fn pool(
        plan: &Plan,
        kernel: (usize, usize),
        start: &str,
        term: &str,
        value: &str,
    ) -> Self {
        let write = format!("out[f, y, x] = {value}");
        Self::sum(&outer(plan), &inner(kernel), start, term, &write)
    }

    /// A pool over windows that differ, whose loops over rows and columns are given.
    pub(crate) fn windows(
        plan: &Plan,
        [rows, columns]: [String; 2],
        start: &str,
        term: &str,
        value: &str,
    ) -> Self {
        let mut nest = Self::default();
        nest.loops(0, &outer(plan));
        nest.line(3, LineKind::Begin, format!("s = {start}"));
        nest.line(3, LineKind::Loop(Variable::KernelRow), rows);
        nest.line(4, LineKind::Loop(Variable::KernelColumn), columns);
        nest.line(5, LineKind::Term, term.to_owned());
        nest.line(3, LineKind::Write, format!("out[f, y, x] = {value}"));
        nest
    }

    /// Each input position adds a kernel to the output.
    pub(crate) fn scattered(
        plan: &Plan,
        channels: usize,
        kernel: (usize, usize),
        term: &str,
    ) -> Self {
        let mut nest = Self::default();
        let [row, column] = inner(kernel);
        nest.loops(0, &outer(plan));
        nest.loops(3, &[(Variable::Channel, channels), row, column]);
        nest.line(6, LineKind::Term, term.to_owned());
        nest
    }

    /// Terms that are each added to an element of the output, over loops of any number.
    pub(crate) fn added(
        outer: &[(Variable, usize)],
        inner: &[(Variable, usize)],
        term: &str,
    ) -> Self {
        let mut nest = Self::default();
        nest.loops(0, outer);
        nest.loops(outer.len(), inner);
        nest.line(outer.len() + inner.len(), LineKind::Term, term.to_owned());
        nest
    }

    /// A sum of weighted terms in each of the three orders.
    pub(crate) fn weighted(
        plan: &Plan,
        schedule: &Schedule,
        channels: usize,
        kernel: (usize, usize),
        term: &str,
    ) -> Self {
        let [filter, row, column] = outer(plan);
        let [kernel_row, kernel_column] = inner(kernel);
        let channel = (Variable::Channel, channels);
        let start = if plan.bias_count() > 0 { "b[f]" } else { "0" };
        let outer = match schedule.order() {
            LoopOrder::FilterMajor => [filter, row, column],
            LoopOrder::PositionMajor => [row, column, filter],
            LoopOrder::ChannelMajor => {
                let mut nest = Self::default();
                nest.loops(0, &[filter]);
                nest.line(1, LineKind::Begin, format!("out[f] = {start}"));
                nest.loops(1, &[channel, row, column]);
                nest.line(4, LineKind::Begin, "s = 0".to_owned());
                nest.loops(4, &[kernel_row, kernel_column]);
                nest.line(6, LineKind::Term, term.to_owned());
                nest.line(4, LineKind::Write, "out[f, y, x] += s".to_owned());
                return nest;
            }
        };
        let inner = [channel, kernel_row, kernel_column];
        Self::sum(&outer, &inner, start, term, "out[f, y, x] = s")
    }

    pub(crate) fn line(&mut self, depth: usize, kind: LineKind, text: String) {
        self.lines.push(CodeLine { depth, text, kind });
    }

    /// Loops inside one another.
    pub(crate) fn loops(&mut self, depth: usize, loops: &[(Variable, usize)]) {
        for (inside, (variable, count)) in loops.iter().enumerate() {
            let text = format!("for {} in range({count}):", variable.name());
            self.line(depth + inside, LineKind::Loop(*variable), text);
        }
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
                    Variable::Filter | Variable::Slice | Variable::Row | Variable::Column
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
            let [_, rows, columns] = step.term_dims();
            if plan.weight_shape().is_some() {
                values.push((Variable::Channel, number / (rows * columns).max(1)));
            }
            values.push((Variable::KernelRow, number / columns.max(1) % rows.max(1)));
            values.push((Variable::KernelColumn, number % columns.max(1)));
        }
        Active { line, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{Layer, OperationKind};
    use crate::tensor::Shape;

    fn plan(layer: &Layer, input: &str) -> Plan {
        layer.plan(&input.parse::<Shape>().unwrap()).unwrap()
    }

    fn conv(text: &str, input: &str) -> Plan {
        plan(&ron::from_str(text).unwrap(), input)
    }

    fn code(plan: &Plan, order: LoopOrder) -> String {
        let nest = LoopNest::new(plan, &Schedule::new(plan, order));
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
            let nest = LoopNest::new(&plan, &schedule);
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
        let nest = LoopNest::new(&plan, &schedule);
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
    fn every_operation_has_a_nest_and_an_active_line_at_every_moment() {
        let inputs = ["4x6x6", "4x6", "4x5x6x6"];
        for kind in OperationKind::ALL {
            for layer in kind.layer().flattened() {
                let plan = &inputs
                    .iter()
                    .find_map(|input| layer.plan(&input.parse::<Shape>().unwrap()).ok())
                    .unwrap_or_else(|| panic!("{} takes none of {inputs:?}", layer.name()));
                for order in LoopOrder::ALL {
                    let schedule = Schedule::new(plan, order);
                    let nest = LoopNest::new(plan, &schedule);
                    for visit in [0, 1, schedule.visit_count() - 1] {
                        for tenth in 0..=10 {
                            let part = f64::from(tenth) / 10.0;
                            let active = nest.active(plan, &schedule, visit, part);
                            assert!(active.line < nest.lines.len());
                        }
                    }
                }
            }
        }
    }
}
