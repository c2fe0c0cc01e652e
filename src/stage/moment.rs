//! What a sample means for the operation at hand: which step, which phase, how far.

use super::pose::{SceneModel, place, range, smooth};
use crate::op::{Phase, Step};
use crate::timeline::{PartState, Sample};

/// Where a window stands: the input cell under its first weight, which may lie on padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Channel, row, column.
    pub origin: [isize; 3],
    /// Channels, rows and columns of the kernel, without dilation.
    pub kernel: [usize; 3],
}

impl Window {
    fn of(step: &Step, kernel: [usize; 3]) -> Self {
        Self {
            origin: step.window_origin(),
            kernel,
        }
    }

    /// The input cell under a weight.
    pub(super) fn cell(&self, weight: [usize; 3], dilation: [usize; 2]) -> [isize; 3] {
        [
            self.origin[0] + weight[0] as isize,
            self.origin[1] + (weight[1] * dilation[0]) as isize,
            self.origin[2] + (weight[2] * dilation[1]) as isize,
        ]
    }

    /// Whether a weight lies on an input cell.
    fn covers(&self, cell: [isize; 3], dilation: [usize; 2]) -> bool {
        let steps = [1, dilation[0], dilation[1]];
        (0..3).all(|axis| {
            let offset = cell[axis] - self.origin[axis];
            let step = steps[axis].max(1) as isize;
            offset >= 0 && offset % step == 0 && offset / step < self.kernel[axis] as isize
        })
    }
}

/// What a sample means for the operation: which step, which phase, how far.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The step at hand; the last one when all are done.
    pub step: Step,
    /// Steps that are done before it.
    pub done: u64,
    /// Steps that are done, with the part of the one at hand.
    pub(super) position: f64,
    /// Whether the operation only carries elements from place to place.
    pub(super) rearranges: bool,
    /// The term that is the greatest, where elements are compared.
    pub(super) winner: Option<usize>,
    /// The filter at work, or the channel.
    pub filter: usize,
    /// The window of the step.
    pub window: Window,
    /// The window that the filter comes from; none where it comes from its rack.
    pub previous: Option<Window>,
    /// Rows and columns from one weight to the next.
    pub dilation: [usize; 2],
    /// Part of the way to the window, eased.
    pub travel: f32,
    /// Whether the filter has landed on its window, from 0 to 1.
    pub landed: f32,
    /// Part of the multiplications done.
    pub multiply: f32,
    /// Part of the products gathered.
    pub gather: f32,
    /// Part of the way of the value to its place.
    pub emit: f32,
    /// How much of each step is shown.
    pub detail: f32,
    /// How much the operation is under way.
    pub working: f32,
    /// How far what the window does not cover recedes.
    pub hush: f32,
    /// How much of the travelling filter is there.
    pub kernel_presence: f32,
    /// 1, but less while a filter leaves after its last step.
    pub(super) closing: f32,
    /// The products of the step.
    pub terms: Vec<f32>,
    /// The lowest and the highest of them.
    pub term_range: (f32, f32),
    pub(super) input: PartState,
    pub(super) padding: PartState,
    pub(super) kernel: PartState,
    pub(super) filters: Vec<PartState>,
    pub(super) outputs: Vec<PartState>,
}

impl Moment {
    /// What a sample means in a scene.
    #[must_use]
    pub fn new(model: &SceneModel, sample: &Sample) -> Self {
        let plan = &model.plan;
        let steps = plan.step_count();
        // At a whole position the step before it has just been done, and stays to be looked at.
        let index = (sample.position.ceil() as u64)
            .saturating_sub(1)
            .min(steps.saturating_sub(1));
        let part = (sample.position - index as f64).clamp(0.0, 1.0) as f32;
        let step = plan.step(index);
        let rearranges = model.rearrangement.is_some();
        let phases = plan.phases();
        // How far one of the step's phases has come; `None` for one that it does not have.
        let phase = |wanted: Phase| {
            let number = phases.iter().position(|phase| *phase == wanted)?;
            Some((part * phases.len() as f32 - number as f32).clamp(0.0, 1.0))
        };
        let halves = |whole: f32| ((whole * 2.0).min(1.0), (whole * 2.0 - 1.0).max(0.0));
        let moved = phase(Phase::Travel).unwrap_or(0.0);
        let sent = phase(Phase::Emit).unwrap_or(0.0);
        let added = phase(Phase::Accumulate).unwrap_or(0.0);
        let (multiply, gather, emit) = match (phase(Phase::Multiply), phase(Phase::Compare)) {
            (Some(multiply), _) => (multiply, added, sent),
            // The greatest is found, and goes over by itself.
            (None, Some(compare)) => {
                let (gather, emit) = halves(sent);
                (compare, gather, emit)
            }
            (None, None) => {
                let (multiply, gather) = halves(added);
                (multiply, gather, sent)
            }
        };
        let (travel, emit) = (smooth(moved), smooth(emit));

        let kernel = model.kernel;
        let filter_of = |step: &Step| step.output[0];
        let filter = filter_of(&step);
        let before = index.checked_sub(1).map(|index| plan.step(index));
        let previous = before
            .filter(|before| filter_of(before) == filter)
            .map(|before| Window::of(&before, kernel));
        let last_of_filter = index + 1 == steps || filter_of(&plan.step(index + 1)) != filter;
        let closing = if last_of_filter { 1.0 - emit } else { 1.0 };
        let at_work = !rearranges && sample.position > 0.0;
        let kernel_presence = if at_work { closing } else { 0.0 };
        // The first window of a filter opens its work, the last one closes it.
        let working = if previous.is_some() {
            closing
        } else {
            travel.min(closing)
        };
        let landed = if previous.is_some() {
            1.0
        } else {
            smooth((moved - 0.7) / 0.3)
        };
        let detail = sample.detail;
        let shows_products = !rearranges && detail > 0.0 && multiply > 0.0 && gather < 1.0;
        let mut winner = None;
        let terms = if shows_products {
            let explained = plan.explain(index, &model.operands);
            winner = explained.winner;
            explained.terms.iter().map(|term| term.product).collect()
        } else {
            Vec::new()
        };
        let under = |state: PartState| PartState {
            presence: state.presence * sample.curtain,
            ..state
        };
        // A window of k weights spans dilation · (k − 1) + 1 rows.
        let [_, rows, columns] = step.window_size();
        let spread = |span: usize, weights: usize| {
            span.saturating_sub(1)
                .checked_div(weights.saturating_sub(1))
                .unwrap_or(1)
        };
        let dilation = [spread(rows, kernel[1]), spread(columns, kernel[2])];
        Self {
            done: index,
            position: sample.position,
            rearranges,
            winner,
            closing,
            filter,
            window: Window::of(&step, kernel),
            previous,
            dilation,
            travel,
            landed,
            multiply,
            gather,
            emit,
            detail,
            working,
            hush: if rearranges {
                0.0
            } else {
                0.45 * working * detail
            },
            kernel_presence,
            term_range: range(&terms),
            terms,
            step,
            input: under(sample.parts.input),
            padding: under(sample.parts.padding),
            kernel: under(sample.parts.kernel),
            filters: sample.parts.filters.iter().copied().map(under).collect(),
            outputs: sample.parts.outputs.iter().copied().map(under).collect(),
        }
    }

    /// How far an input cell is under the window, from 0 to 1.
    pub(super) fn active(&self, cell: [isize; 3]) -> f32 {
        if self.kernel_presence <= 0.0 {
            return 0.0;
        }
        let here = self.window.covers(cell, self.dilation);
        let there = self
            .previous
            .is_some_and(|window| window.covers(cell, self.dilation));
        let arrived = if self.previous.is_some() {
            self.travel
        } else {
            self.landed
        };
        let active = match (there, here) {
            (true, true) => 1.0,
            (true, false) => 1.0 - self.travel,
            (false, true) => arrived,
            (false, false) => 0.0,
        };
        active * self.kernel_presence * self.kernel.presence
    }

    /// Whether the elements that this moment and another one do not single out look the same in
    /// both, so that only what either of them singles out need be looked at.
    #[must_use]
    pub fn same_rest(&self, other: &Self) -> bool {
        !(self.rearranges && self.position != other.position)
            && self.input == other.input
            && self.padding == other.padding
            && self.filters == other.filters
            && self.outputs == other.outputs
            && self.hush == other.hush
            && self.detail == other.detail
            && self.filter == other.filter
            && self.working == other.working
    }

    /// The input cells (channel, row, column) under the windows of this moment.
    pub fn covered(&self) -> impl Iterator<Item = [isize; 3]> + '_ {
        let windows = [Some(self.window), self.previous].into_iter().flatten();
        windows.flat_map(move |window| {
            let [channels, rows, columns] = window.kernel;
            (0..channels * rows * columns)
                .map(move |index| window.cell(place(window.kernel, index), self.dilation))
        })
    }
}
