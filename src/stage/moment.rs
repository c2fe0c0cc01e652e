//! What a sample means for one layer: which visit, which phase, how far.

use super::layer_model::LayerModel;
use super::pose::{place, range, smooth};
use super::reads::Reads;
use crate::op::{Phase, Step, Term, TermSource, VisualStyle};
use crate::timeline::{LayerProgress, Motion, PartState, Sample};

/// Where a window stands: the cell under its first weight, which may lie on padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Channel, row, column.
    pub origin: [isize; 3],
    /// Channels, rows and columns under it, without dilation.
    pub dims: [usize; 3],
    /// Cells from one row and from one column under it to the next.
    pub dilation: [usize; 2],
}

impl Window {
    /// The cell under one of its places.
    pub(super) const fn cell(&self, [channel, row, column]: [usize; 3]) -> [isize; 3] {
        [
            self.origin[0] + channel as isize,
            self.origin[1] + (row * self.dilation[0]) as isize,
            self.origin[2] + (column * self.dilation[1]) as isize,
        ]
    }

    /// Whether one of its places lies on a cell.
    pub(super) fn covers(&self, cell: [isize; 3]) -> bool {
        let steps = [1, self.dilation[0], self.dilation[1]];
        (0..3).all(|axis| {
            let offset = cell[axis] - self.origin[axis];
            let step = steps[axis].max(1) as isize;
            offset >= 0 && offset % step == 0 && offset / step < self.dims[axis] as isize
        })
    }

    /// The cells under it.
    pub(super) fn cells(self) -> impl Iterator<Item = [isize; 3]> {
        let volume = self.dims.iter().product();
        (0..volume).map(move |index| self.cell(place(self.dims, index)))
    }
}

/// The windows of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Over the input.
    pub input: Window,
    /// Over the output, where the visit adds to several of its elements.
    pub output: Option<Window>,
}

/// What a sample means for a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The step at hand; that of the last visit when all are done.
    pub step: Step,
    /// The terms of the step that are at hand.
    pub at_hand: std::ops::Range<usize>,
    /// Visits that are done before the one at hand.
    pub done: u64,
    /// Visits that are done, with the part of the one at hand.
    pub(super) position: f64,
    /// Visits that there are.
    visits: u64,
    /// Whether every visit is done.
    pub finished: bool,
    /// How the operation is shown.
    pub style: VisualStyle,
    /// How things move.
    pub motion: Motion,
    /// The term that is the maximum, where elements are compared.
    pub(super) winner: Option<usize>,
    /// The term that is the element which becomes the output, where a step looks at its whole row.
    pub(super) own: Option<usize>,
    /// The filter at work, or the channel.
    pub filter: usize,
    /// The windows of the visit.
    pub window: Windows,
    /// The windows that it comes from; none where the filter comes from its rack.
    pub previous: Option<Windows>,
    /// What the visit reads, and what the one before it has read, where a step gathers it.
    pub(super) reads: Option<(Reads, Option<Reads>)>,
    /// The step before, where its filter goes on.
    pub(super) step_before: Option<Step>,
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
    /// How much of each visit is shown.
    pub detail: f32,
    /// How much the operation is under way.
    pub working: f32,
    /// How far what the window does not cover recedes.
    pub dim: f32,
    /// How much of the travelling filter is there.
    pub kernel_presence: f32,
    /// 1, but less while a filter leaves after its last visit.
    pub(super) closing: f32,
    /// The products at hand, by term, or what is made of the elements before they are added up.
    pub terms: Vec<f32>,
    /// The lowest and the highest of them.
    pub term_range: (f32, f32),
    /// Input elements that padding under the window copies.
    sources: Vec<[usize; 3]>,
    pub(super) input: Vec<PartState>,
    pub(super) output: Vec<PartState>,
    pub(super) other: Vec<PartState>,
    pub(super) padding: PartState,
    pub(super) kernel: PartState,
    pub(super) filters: Vec<PartState>,
}

impl Moment {
    /// How much of the input is still in its place, from 1 to 0: all of it, unless it is carried over.
    #[must_use]
    pub fn left_behind(&self) -> f32 {
        match self.style {
            VisualStyle::Carry => (1.0 - self.position / self.visits.max(1) as f64).max(0.0) as f32,
            _ => 1.0,
        }
    }

    /// How far the operation has begun: 1 from the end of the first move on.
    pub(super) fn started(&self) -> f32 {
        if self.done > 0 {
            1.0
        } else {
            self.landed * f32::from(u8::from(self.position > 0.0))
        }
    }

    /// What a sample means for a layer of its scene.
    ///
    /// The moment `before` it, if there is one, spares working the same products out again.
    #[must_use]
    pub fn new(
        model: &LayerModel,
        progress: LayerProgress,
        sample: &Sample,
        before: Option<&Self>,
    ) -> Self {
        let (plan, schedule) = (&model.plan, &model.schedule);
        let visits = schedule.visit_count();
        let position = progress.position;
        // At a whole position the visit before it has just been done, and stays to be looked at.
        let index = (position.ceil() as u64)
            .saturating_sub(1)
            .min(visits.saturating_sub(1));
        let part = (position - index as f64).clamp(0.0, 1.0) as f32;
        let visit = schedule.visit(index);
        let step = plan.step(visit.step);
        let terms = step.term_count();
        let at_hand = visit.terms.start.min(terms)..visit.terms.end.min(terms);
        let phases = plan.phases();
        // How far one of the phases has come; `None` for one that the operation does not have.
        let phase = |wanted: Phase| {
            let number = phases.iter().position(|phase| *phase == wanted)?;
            Some((part * phases.len() as f32 - number as f32).clamp(0.0, 1.0))
        };
        let halves = |whole: f32| ((whole * 2.0).min(1.0), (whole * 2.0 - 1.0).max(0.0));
        let moved = phase(Phase::Travel).unwrap_or(0.0);
        let sent = phase(Phase::Emit).unwrap_or(0.0);
        let added = phase(Phase::Accumulate).unwrap_or(0.0);
        let (multiply, gather, emit) = match (
            phase(Phase::Multiply),
            phase(Phase::Scatter),
            phase(Phase::Compare),
        ) {
            (Some(multiply), Some(scatter), _) => (multiply, scatter, added),
            (Some(multiply), None, _) => (multiply, added, sent),
            // The maximum is found, and goes over by itself.
            (None, _, Some(compare)) => {
                let (gather, emit) = halves(sent);
                (compare, gather, emit)
            }
            (None, _, None) => {
                let (multiply, gather) = halves(added);
                (multiply, gather, sent)
            }
        };
        let emit = smooth(emit);
        let travel = match sample.motion {
            Motion::Full => smooth(moved),
            Motion::Reduced => (moved * 2.0).floor().min(1.0),
        };

        let style = model.style;
        let run = schedule.run_length().max(1);
        // A window without a filter has no rack to come from: it goes on from channel to channel.
        let weighted = plan.filter_count() > 0;
        let gathers = style == VisualStyle::Gather;
        let neighbour = |index: u64| plan.step(schedule.visit(index).step);
        let same_weights = |a: &Step, b: &Step| {
            let factor = |step: &Step| step.term(0).and_then(|term| term.factor);
            !weighted && factor(a) == factor(b)
                || weighted && plan.filter_of(a) == plan.filter_of(b)
        };
        let before_it = (gathers && index > 0).then(|| neighbour(index - 1));
        let goes_on = match &before_it {
            Some(before) => same_weights(before, &step),
            None => index > 0 && (index % run != 0 || !weighted),
        };
        let previous = goes_on.then(|| model.windows_of(&neighbour(index - 1), index - 1));
        let last = index + 1 == visits;
        let last_of_run = last
            || if gathers {
                !same_weights(&step, &neighbour(index + 1))
            } else {
                weighted && (index + 1) % run == 0
            };
        let closing = if last_of_run { 1.0 - emit } else { 1.0 };
        let has_window = style.works_on_several();
        let active_layer = has_window && position > 0.0;
        let kernel_presence = if active_layer { closing } else { 0.0 };
        // The first window of a filter opens its work, the last one closes it.
        let working = match (gathers, last) {
            // What is read stays lit from one step to the next.
            (true, false) if index > 0 => 1.0,
            (true, true) if index > 0 => closing,
            (true, _) => travel.min(if last { closing } else { 1.0 }),
            (false, _) if previous.is_some() => closing,
            (false, _) => travel.min(closing),
        };
        let landed = if previous.is_some() {
            1.0
        } else {
            smooth((moved - 0.7) / 0.3)
        };
        let detail = progress.detail;
        let shows_products = has_window && detail > 0.0 && multiply > 0.0 && gather < 1.0;
        let mut winner = None;
        let known = before.filter(|before| before.step == step && !before.terms.is_empty());
        let products = if !shows_products {
            Vec::new()
        } else if let Some(known) = known {
            winner = known.winner;
            known.terms.clone()
        } else {
            let explained = plan.explain(visit.step, &model.operands);
            winner = explained.winner;
            plan.summands(&explained)
        };
        let reads = (gathers && position > 0.0).then(|| {
            let known = before.filter(|before| before.step == step);
            known
                .and_then(|known| known.reads.clone())
                .unwrap_or_else(|| (Reads::of(&step), before_it.as_ref().map(Reads::of)))
        });
        let under = |state: &PartState| PartState {
            presence: state.presence * sample.scene_opacity,
            ..*state
        };
        let all = |states: &[PartState]| states.iter().map(under).collect::<Vec<_>>();
        let parts = &sample.parts.staged_layers[model.number];
        let window = model.windows_of(&step, index);
        let sources = if active_layer && model.copies_padding {
            let sources = step.terms().filter_map(|term| match term.source {
                TermSource::Padding { from } => from,
                _ => None,
            });
            sources.collect()
        } else {
            Vec::new()
        };
        // No window stands on what is not there.
        let (tensor, channel) = match window.output {
            Some(output) => (model.output, output.origin[0]),
            None => (model.input, window.input.origin[0]),
        };
        let under_it = sample.parts.tensors[tensor]
            .get(channel.max(0) as usize)
            .map_or(1.0, |state| state.presence);
        let mut kernel = under(&parts.kernel);
        kernel.presence *= under_it;
        Self {
            done: index,
            position,
            visits,
            finished: position >= visits as f64,
            style,
            motion: sample.motion,
            winner,
            own: plan.own(&step),
            closing,
            filter: plan.filter_of(&step),
            window,
            previous,
            reads,
            step_before: before_it.filter(|_| goes_on),
            travel,
            landed,
            multiply,
            gather,
            emit,
            detail,
            working,
            dim: if has_window {
                0.45 * working * detail
            } else {
                0.0
            },
            kernel_presence,
            term_range: range(&products),
            terms: products,
            at_hand,
            step,
            sources,
            input: all(&sample.parts.tensors[model.input]),
            output: all(&sample.parts.tensors[model.output]),
            other: model
                .other
                .map_or_else(Vec::new, |other| all(&sample.parts.tensors[other])),
            padding: under(&parts.padding),
            kernel,
            filters: all(&parts.filters),
        }
    }

    /// How far a cell of the input is under the window, from 0 to 1.
    pub(super) fn active(&self, cell: [isize; 3]) -> f32 {
        let before = self.previous.map(|windows| windows.input);
        self.under(Some(self.window.input), before, cell)
    }

    /// How far an element of the output is under the window, where that travels over the output.
    pub(super) fn aimed_at(&self, cell: [isize; 3]) -> f32 {
        let before = self.previous.and_then(|windows| windows.output);
        self.under(self.window.output, before, cell)
    }

    fn under(&self, here: Option<Window>, there: Option<Window>, cell: [isize; 3]) -> f32 {
        if self.kernel_presence <= 0.0 {
            return 0.0;
        }
        let covers = |window: Option<Window>| window.is_some_and(|window| window.covers(cell));
        let arrived = if self.previous.is_some() {
            self.travel
        } else {
            self.landed
        };
        let active = match (covers(there), covers(here)) {
            (true, true) => 1.0,
            (true, false) => 1.0 - self.travel,
            (false, true) => arrived,
            (false, false) => 0.0,
        };
        active * self.kernel_presence * self.kernel.presence
    }

    /// How far an element of the input, or of the second one, is among those that the step gathers,
    /// from 0 to 1.
    pub(super) fn gathered(&self, at: [usize; 3], second: bool) -> f32 {
        let Some((here, before)) = &self.reads else {
            return 0.0;
        };
        let part = match (
            before.as_ref().is_some_and(|before| before.has(at, second)),
            here.has(at, second),
        ) {
            (true, true) => 1.0,
            (true, false) => 1.0 - self.travel,
            (false, true) => self.travel,
            (false, false) => 0.0,
        };
        part * self.working * self.kernel.presence
    }

    /// How far the element that a term reads is among those that the step gathers.
    pub(super) fn gathered_at(&self, term: &Term) -> f32 {
        match term.source {
            TermSource::Element(at) | TermSource::Padding { from: Some(at) } => {
                self.gathered(at, false)
            }
            TermSource::Other { at, .. } => self.gathered(at, true),
            TermSource::Padding { from: None } | TermSource::Inserted | TermSource::Beyond => 0.0,
        }
    }

    /// How far an element of the input lends its value to padding under the window.
    pub(super) fn copied_by_padding(&self, element: [usize; 3]) -> f32 {
        if self.sources.contains(&element) {
            self.landed * self.kernel_presence * self.kernel.presence
        } else {
            0.0
        }
    }

    /// Whether the elements that this moment and another one do not single out look the same in
    /// both, so that only what either of them singles out need be looked at.
    #[must_use]
    pub fn same_rest(&self, other: &Self) -> bool {
        let carries = matches!(self.style, VisualStyle::Carry | VisualStyle::Copy);
        !(carries && self.position != other.position)
            && (self.position > 0.0) == (other.position > 0.0)
            && self.finished == other.finished
            && self.input == other.input
            && self.padding == other.padding
            && self.filters == other.filters
            && self.output == other.output
            && self.other == other.other
            && self.dim == other.dim
            && self.detail == other.detail
            && self.filter == other.filter
            && self.window.input.origin[0] == other.window.input.origin[0]
            && self.working == other.working
    }

    /// Whether the places where the window stops look the same in this moment and in another one.
    #[must_use]
    pub(super) fn same_marks(&self, other: &Self) -> bool {
        let front = |moment: &Self| moment.input.first().copied();
        self.kernel == other.kernel
            && self.started() == other.started()
            && self.finished == other.finished
            && self.filter == other.filter
            && self.window.input.dims == other.window.input.dims
            && self.window.input.dilation == other.window.input.dilation
            && front(self) == front(other)
    }

    /// The input cells that this moment singles out: under its windows, and those that padding
    /// copies.
    pub fn covered(&self) -> impl Iterator<Item = [isize; 3]> + '_ {
        // What is gathered need be no window.
        let windows = [Some(self.window), self.previous];
        let windows = windows
            .into_iter()
            .flatten()
            .filter(|_| self.reads.is_none());
        let sources = self.sources.iter().map(|at| at.map(|at| at as isize));
        windows
            .flat_map(|windows| windows.input.cells())
            .chain(sources)
            .chain(self.read(false))
    }

    /// The elements of the input, or of the second one, that the step gathers or the one before it
    /// has.
    pub(super) fn read(&self, second: bool) -> impl Iterator<Item = [isize; 3]> + '_ {
        let all = self
            .reads
            .iter()
            .flat_map(|(here, before)| [Some(here), before.as_ref()]);
        let elements = all.flatten().flat_map(move |reads| reads.elements(second));
        elements.map(|at| at.map(|at| at as isize))
    }

    /// The output cells under its windows, where those travel over the output.
    pub fn covered_output(&self) -> impl Iterator<Item = [isize; 3]> + '_ {
        let windows = [Some(self.window), self.previous].into_iter().flatten();
        windows
            .filter_map(|windows| windows.output)
            .flat_map(Window::cells)
    }
}
