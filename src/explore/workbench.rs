//! The workbench itself: the setup, its last good scene, what is wrong, and the way back.

use std::collections::VecDeque;
use std::sync::Arc;

use super::edit::Edit;
use super::limit::{self, Offer, OfferKind};
use super::parameters::{allowed_groups, number, set_number};
use super::saved::{self, Saved};
use super::setup::Setup;
use super::step_stops::Stops;
use crate::language::{Localized, Message, message_error, says};
use crate::lesson::{Beat, ELEMENT_LIMIT, Lesson, RunError};
use crate::network::{Chain, ChainError};
use crate::op::{AxisName, LayerError, Padding, Parameter};
use crate::tensor::{ShapeError, read_file};

/// Setups that one can go back to.
const HISTORY: usize = 256;
/// Seconds of a step at a speed of 1.
pub const SECONDS_A_STEP: f64 = 2.4;
/// The slowest and the fastest run.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=100.0;

/// Why a setup cannot be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// An input that is no tensor.
    Input(ShapeError),
    /// Layers that do not suit the input or each other.
    Chain(ChainError),
    /// More cubes than a scene holds.
    TooLarge {
        /// Cubes in all.
        cubes: u128,
        /// What there is most of.
        largest: Largest,
        /// How many.
        count: u128,
    },
    /// Anything else that keeps the scene from being made.
    Scene(RunError),
}

impl Message for Problem {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Input(why) => {
                let why = why.message();
                says!(with [why]; en: "the input: {why}", ja: "入力: {why}")
            }
            // The first layer needs no number.
            Self::Chain(ChainError::Layer {
                position: 0, why, ..
            }) => why.message(),
            Self::Chain(why) => why.message(),
            Self::TooLarge {
                cubes,
                largest,
                count,
            } => {
                let largest = largest.message();
                says!(
                    with [largest];
                    en: "this takes {cubes} cubes, but a scene holds only {ELEMENT_LIMIT}; the largest part is the {largest} with {count}",
                    ja: "立方体が {cubes} 個必要ですが、ステージに置けるのは {ELEMENT_LIMIT} 個までです。いちばん多いのは{largest}で、{count} 個あります。"
                )
            }
            Self::Scene(why) => why.message(),
        }
    }
}

message_error!(Problem {
    Input(ShapeError),
    Chain(ChainError),
    Scene(RunError),
});

/// What a setup has most of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Largest {
    /// The elements of the input.
    Input,
    /// The elements of a layer's output, counted from 0.
    Output(usize),
    /// The padded input of a layer.
    Padded(usize),
    /// The weights of a layer, which are on the stage three times.
    Weights(usize),
}

impl Message for Largest {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Input => says!(en: "input", ja: "入力の要素"),
            Self::Output(layer) => {
                let number = layer + 1;
                says!(en: "output of layer {number}", ja: "{number} 番目の層の出力の要素")
            }
            Self::Padded(layer) => {
                let number = layer + 1;
                says!(
                    en: "padded input of layer {number}",
                    ja: "{number} 番目の層のパディングした入力の要素"
                )
            }
            Self::Weights(layer) => {
                let number = layer + 1;
                says!(
                    en: "weights of layer {number}, which are drawn three times,",
                    ja: "{number} 番目の層の重みの 3 倍"
                )
            }
        }
    }
}

/// A setup that can be shown, with what follows from it.
#[derive(Debug, Clone)]
pub struct ValidSetup {
    /// The setup.
    pub setup: Setup,
    /// Its layers, planned.
    pub chain: Chain,
    /// Its scene.
    pub lesson: Arc<Lesson>,
    /// Its run.
    pub stops: Stops,
}

/// The workbench.
#[derive(Debug, Clone)]
pub struct Workbench {
    setup: Setup,
    valid: Option<Arc<ValidSetup>>,
    problem: Option<Problem>,
    pub(super) past: VecDeque<Setup>,
    pub(super) future: Vec<Setup>,
    last: Option<Edit>,
    edition: u64,
}

impl Workbench {
    /// A workbench with a setup on it, which need not be showable.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let mut workbench = Self {
            setup,
            valid: None,
            problem: None,
            past: VecDeque::new(),
            future: Vec::new(),
            last: None,
            edition: 0,
        };
        workbench.refresh();
        workbench
    }

    /// What stands on it, showable or not.
    #[must_use]
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The last setup that could be shown.
    #[must_use]
    pub const fn valid(&self) -> Option<&Arc<ValidSetup>> {
        self.valid.as_ref()
    }

    /// Why the present setup cannot be shown.
    #[must_use]
    pub const fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// Counts up with each scene that takes the place of another.
    #[must_use]
    pub const fn edition(&self) -> u64 {
        self.edition
    }

    /// Makes a change. A change that continues the one before shares its place in the history.
    pub fn apply(&mut self, edit: Edit) {
        let mut changed = self.setup.clone();
        edit.apply(&mut changed);
        if changed == self.setup {
            return;
        }
        let continues = self.last.as_ref().is_some_and(|last| edit.continues(last));
        let before = std::mem::replace(&mut self.setup, changed);
        // What is looked at is no part of the history.
        if !continues && !matches!(edit, Edit::Select(_)) {
            self.past.push_back(before);
            if self.past.len() > HISTORY {
                self.past.pop_front();
            }
        }
        if !matches!(edit, Edit::Select(_)) {
            self.future.clear();
            self.last = Some(edit);
        }
        self.refresh();
    }

    /// Ends a change: the next one has a place of its own in the history.
    pub fn settle(&mut self) {
        self.last = None;
    }

    /// Whether there is a change to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a change to make again.
    #[must_use]
    pub const fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        self.settle();
        if let Some(before) = self.past.pop_back() {
            let after = std::mem::replace(&mut self.setup, before);
            self.future.push(after);
            self.refresh();
        }
    }

    /// Makes the change again that was taken back.
    pub fn redo(&mut self) {
        self.settle();
        if let Some(after) = self.future.pop() {
            let before = std::mem::replace(&mut self.setup, after);
            self.past.push_back(before);
            self.refresh();
        }
    }

    /// Ways to fix the present problem.
    #[must_use]
    pub fn offers(&self) -> Vec<Offer> {
        match &self.problem {
            Some(Problem::TooLarge { .. }) => limit::offers(&self.setup),
            Some(Problem::Chain(ChainError::Layer { position, why, .. })) => {
                fixes(&self.setup, *position, why)
            }
            _ => Vec::new(),
        }
    }

    /// The layers in PyTorch's notation.
    #[must_use]
    pub fn source(&self) -> Option<String> {
        let chain = Chain::plan(&self.setup.layers, &self.setup.shape().ok()?).ok()?;
        Some(chain.source())
    }

    /// The text of a lesson of the last good setup: what is saved, and what is recorded. None where
    /// there is no such setup.
    #[must_use]
    pub fn lesson_text(&self, shot: Option<(f32, f32)>) -> Option<String> {
        let valid = self.valid.as_ref()?;
        let saved = Saved {
            title: saved::title(&valid.setup),
            shot,
            seconds: (valid.stops.end() * 0.4).clamp(6.0, 45.0),
        };
        saved::text(&valid.setup, &saved).ok()
    }

    fn refresh(&mut self) {
        match make(&self.setup) {
            Ok(valid) => {
                self.problem = None;
                // What is looked at changes no scene.
                let same = self.valid.as_ref().is_some_and(|before| {
                    let mut before = before.setup.clone();
                    before.selected = self.setup.selected;
                    before == self.setup
                });
                if !same {
                    self.edition += 1;
                    self.valid = Some(Arc::new(valid));
                }
            }
            Err(problem) => self.problem = Some(problem),
        }
    }
}

impl ValidSetup {
    /// The scene with a run that takes its time at a speed: slow enough for every product to be
    /// seen at 1, a quick sweep at 100.
    #[must_use]
    pub fn timed(&self, speed: f64) -> Lesson {
        let mut lesson = (*self.lesson).clone();
        let seconds = seconds(&self.stops, speed);
        for beat in lesson.scenes.iter_mut().flat_map(|scene| &mut scene.beats) {
            if let Beat::Run { over, .. } = beat {
                *over = seconds;
            }
        }
        lesson
    }
}

/// Seconds of a run at a speed.
fn seconds(stops: &Stops, speed: f64) -> f64 {
    let speed = speed.clamp(*SPEEDS.start(), *SPEEDS.end());
    (stops.end() * SECONDS_A_STEP / speed).max(0.5)
}

/// Plans a setup, counts its cubes and makes its scene.
fn make(setup: &Setup) -> Result<ValidSetup, Problem> {
    let shape = setup.shape()?;
    let chain = Chain::plan(&setup.layers, &shape)?;
    let cubes = limit::cubes(&chain);
    if cubes > ELEMENT_LIMIT as u128 {
        let (largest, count) = largest(&chain);
        return Err(Problem::TooLarge {
            cubes,
            largest,
            count,
        });
    }
    let stops = Stops::new(&chain, setup.order);
    let input = (setup.input, setup.fill.clone());
    let seconds = seconds(&stops, 1.0);
    let lesson = Lesson::of_run(&setup.layers, input, setup.order, seconds, &read_file)?;
    Ok(ValidSetup {
        setup: setup.clone(),
        stops,
        chain,
        lesson: Arc::new(lesson),
    })
}

/// The part that takes the most cubes.
fn largest(chain: &Chain) -> (Largest, u128) {
    let mut best = (Largest::Input, chain.input_shape().count() as u128);
    for (place, plan) in chain.plans().iter().enumerate() {
        let weights = plan.weight_shape().map_or(0, |shape| shape.count() as u128);
        let parts = [
            (Largest::Output(place), plan.output_shape().count() as u128),
            (Largest::Padded(place), plan.padded_shape().count() as u128),
            (Largest::Weights(place), 3 * weights),
        ];
        for part in parts {
            if part.1 > best.1 {
                best = part;
            }
        }
    }
    best
}

/// Setups in which a layer's mistake is fixed.
fn fixes(setup: &Setup, position: usize, why: &LayerError) -> Vec<Offer> {
    let mut mended = setup.clone();
    mended.selected = position;
    let kind = match why {
        LayerError::Groups { .. } => {
            let channels = mended.selected_input().map_or(1, |shape| shape.channels());
            let filters = number(&mended, Parameter::Filters).unwrap_or(1);
            let wanted = number(&mended, Parameter::Groups).unwrap_or(1);
            let groups = allowed_groups(channels, filters)
                .into_iter()
                .rfind(|allowed| *allowed <= wanted)
                .unwrap_or(1);
            set_number(&mut mended, Parameter::Groups, groups);
            OfferKind::Groups(groups)
        }
        LayerError::SameWithStride { .. } => {
            let Some(kernel) = number(&mended, Parameter::KernelRows) else {
                return Vec::new();
            };
            let dilation = number(&mended, Parameter::DilationRows).unwrap_or(1);
            let padding = dilation * kernel.saturating_sub(1) / 2;
            Edit::set(Parameter::Padding, Padding::Size(padding, padding)).apply(&mut mended);
            OfferKind::Padding(padding)
        }
        LayerError::Shuffle {
            axis: AxisName::Channels,
            count,
            divisor,
            ..
        } if position == 0 => {
            let channels = count.div_ceil(*divisor) * divisor;
            mended.input[0] = channels;
            OfferKind::ShuffledChannels(channels)
        }
        _ => return Vec::new(),
    };
    mended.selected = setup.selected;
    vec![Offer {
        kind,
        setup: mended,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::Kind;
    use crate::language::Language;
    use crate::op::{Layer, LoopOrder, PaddingMode};
    use crate::tensor::{Fill, Random};

    #[test]
    fn an_edit_makes_another_scene_and_undo_the_one_before() {
        let mut workbench = Workbench::new(Setup::default());
        let before = workbench.setup().clone();
        workbench.apply(Edit::Number(Parameter::Filters, 6));
        assert_eq!(
            workbench.valid().unwrap().chain.output_shape().channels(),
            6
        );
        assert!(workbench.can_undo() && !workbench.can_redo());
        workbench.undo();
        assert_eq!(workbench.setup(), &before);
        workbench.redo();
        assert_eq!(
            workbench.valid().unwrap().chain.output_shape().channels(),
            6
        );
    }

    #[test]
    fn a_dragged_slider_is_one_change() {
        let mut workbench = Workbench::new(Setup::default());
        for filters in 5..12 {
            workbench.apply(Edit::Number(Parameter::Filters, filters));
        }
        workbench.settle();
        workbench.apply(Edit::Number(Parameter::Filters, 2));
        workbench.undo();
        assert_eq!(number(workbench.setup(), Parameter::Filters), Some(11));
        workbench.undo();
        assert_eq!(number(workbench.setup(), Parameter::Filters), Some(4));
        assert!(!workbench.can_undo());
    }

    #[test]
    fn what_cannot_be_says_why_while_the_last_good_scene_stands() {
        let mut workbench = Workbench::new(Setup::default());
        let edition = workbench.edition();
        workbench.apply(Edit::Both(Parameter::KernelRows, 9));
        assert!(
            workbench
                .problem()
                .unwrap()
                .to_string()
                .contains("kernel spans")
        );
        assert_eq!(workbench.edition(), edition);
        assert_eq!(workbench.valid().unwrap().chain.output_shape().height(), 4);
        workbench.undo();
        assert!(workbench.problem().is_none());
    }

    #[test]
    fn over_the_limit_it_says_which_number_and_takes_an_offer() {
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::Input([16, 224, 224]));
        let problem = workbench.problem().unwrap().to_string();
        assert!(
            problem.contains("262144") && problem.contains("input"),
            "{problem}"
        );
        let offer = workbench.offers().remove(0);
        workbench.apply(Edit::Replace(Box::new(offer.setup)));
        assert!(workbench.problem().is_none());
        let cubes = limit::cubes(&workbench.valid().unwrap().chain);
        assert!((200_000..=262_144).contains(&cubes), "{cubes}");
    }

    #[test]
    fn mistakes_with_an_evident_remedy_offer_it() {
        let mut workbench = Workbench::new(Setup {
            input: [8, 6, 6],
            ..Setup::default()
        });
        workbench.apply(Edit::Number(Parameter::Groups, 4));
        workbench.apply(Edit::Number(Parameter::Filters, 6));
        let offer = workbench.offers().remove(0);
        assert_eq!(offer.kind, OfferKind::Groups(2));
        workbench.apply(Edit::Replace(Box::new(offer.setup)));
        assert!(workbench.problem().is_none());
        workbench.apply(Edit::Both(Parameter::StrideRows, 2));
        workbench.apply(Edit::set(Parameter::Padding, Padding::Same));
        let offer = workbench.offers().remove(0);
        assert_eq!(offer.kind, OfferKind::Padding(1));
        workbench.apply(Edit::Replace(Box::new(offer.setup)));
        assert!(workbench.problem().is_none());
    }

    #[test]
    fn the_saved_lesson_is_what_is_shown() {
        let mut workbench = Workbench::new(Setup::default());
        workbench.apply(Edit::Both(Parameter::StrideRows, 2));
        workbench.apply(Edit::set(Parameter::Padding, Padding::Size(1, 1)));
        workbench.apply(Edit::set(Parameter::PaddingMode, PaddingMode::Reflect));
        let text = workbench.lesson_text(Some((20.0, 30.0))).unwrap();
        let (lesson, warnings) = crate::lesson::read("kept.ron", &text).unwrap();
        assert!(warnings.list.is_empty());
        assert_eq!(lesson.scenes.len(), 1);
        assert!(text.contains("padding_mode: Reflect"));
    }

    /// One edit of any kind, mostly near what makes sense, sometimes far from it.
    pub(crate) fn random_edit(random: &mut Random) -> Edit {
        let mut pick = |count: usize| random.below(count as u64) as usize;
        let parameter = Parameter::NUMBERS[pick(Parameter::NUMBERS.len())];
        let value = if pick(12) == 0 { pick(5_000) } else { pick(9) };
        match pick(24) {
            0..=8 => Edit::Number(parameter, value),
            9 | 10 => Edit::Both(parameter, value),
            11 => Edit::Input([pick(9), pick(12), pick(12)]),
            12 => Edit::Fill(
                [
                    Fill::Ramp,
                    Fill::Count,
                    Fill::Random { seed: 5 },
                    Fill::Values(vec![1.0; 9]),
                    Fill::Impulse {
                        at: Some([0, 3, 3]),
                    },
                ][pick(5)]
                .clone(),
            ),
            13 => Edit::set(
                Parameter::Padding,
                [
                    Padding::Valid,
                    Padding::Same,
                    Padding::Full,
                    Padding::Size(1, 2),
                    Padding::Sides {
                        top: 1,
                        bottom: 0,
                        left: 2,
                        right: 3,
                    },
                ][pick(5)],
            ),
            14 => Edit::set(
                Parameter::PaddingMode,
                [
                    PaddingMode::Zeros,
                    PaddingMode::Reflect,
                    PaddingMode::Replicate,
                    PaddingMode::Circular,
                ][pick(4)],
            ),
            15 => Edit::set(Parameter::Bias, pick(2) == 0),
            16 => Edit::set(
                Parameter::Weights,
                [Fill::SobelX, Fill::Identity, Fill::Random { seed: 2 }][pick(3)].clone(),
            ),
            17 => Edit::set(Parameter::CeilMode, pick(2) == 0),
            18 => Edit::Kind(Kind::offered().nth(pick(Kind::offered().count())).unwrap()),
            19 => Edit::Order(LoopOrder::ALL[pick(3)]),
            20 => Edit::Select(pick(6)),
            21 => Edit::AddLayer(Kind::offered().nth(pick(Kind::offered().count())).unwrap()),
            22 => Edit::RemoveLayer,
            _ => Edit::set(Parameter::CountIncludePad, pick(2) == 0),
        }
    }

    #[test]
    fn ten_thousand_random_edits_leave_the_workbench_consistent() {
        let mut random = Random::new(2_026);
        let mut workbench = Workbench::new(Setup::default());
        let mut valid = 0;
        for round in 0..10_000 {
            match random.below(12) {
                0 => workbench.undo(),
                1 => workbench.redo(),
                2 => workbench.settle(),
                _ if round % 40 == 39 => {
                    workbench.apply(Edit::Replace(Box::default()));
                }
                _ => workbench.apply(random_edit(&mut random)),
            }
            let setup = workbench.setup();
            assert!(setup.selected < setup.layers.len());
            let shown = workbench.valid().unwrap();
            if workbench.problem().is_none() {
                valid += 1;
                assert_eq!(&shown.setup.layers, &setup.layers);
                let chain = Chain::plan(&setup.layers, &setup.shape().unwrap()).unwrap();
                assert_eq!(chain, shown.chain);
                assert!(limit::cubes(&chain) <= ELEMENT_LIMIT as u128);
            } else {
                assert!(!workbench.problem().unwrap().to_string().is_empty());
                for offer in workbench.offers() {
                    // What is offered can at least be planned.
                    assert!(offer.setup.shape().is_ok());
                }
            }
            if round % 50 == 0
                && let Some(text) = workbench.lesson_text(None)
            {
                assert!(crate::lesson::read("kept.ron", &text).is_ok(), "{text}");
            }
        }
        assert!(valid > 1_500, "{valid}");
    }

    #[test]
    fn a_thousand_changes_keep_a_bounded_history() {
        let mut workbench = Workbench::new(Setup::default());
        for round in 0..1_000 {
            workbench.settle();
            workbench.apply(Edit::Number(Parameter::Filters, 1 + round % 7));
        }
        assert!(workbench.past.len() <= HISTORY);
        let Layer::Conv2d(_) = &workbench.setup().layers[0] else {
            panic!("a convolution");
        };
    }

    #[test]
    fn what_sliders_can_cause_is_told_in_japanese() {
        let mut workbench = Workbench::new(Setup::default());
        let mut told = |edits: &[Edit]| {
            workbench = Workbench::new(Setup::default());
            for edit in edits {
                workbench.apply(edit.clone());
            }
            let text = workbench.problem().unwrap().say(Language::Ja);
            let kana = text.chars().any(|letter| ('ぁ'..='ヿ').contains(&letter));
            assert!(kana, "{text}");
        };
        told(&[Edit::Both(Parameter::KernelRows, 9)]);
        told(&[Edit::Number(Parameter::Groups, 2)]);
        told(&[Edit::Number(Parameter::Filters, 0)]);
        told(&[
            Edit::Both(Parameter::StrideRows, 2),
            Edit::set(Parameter::Padding, Padding::Same),
        ]);
        told(&[Edit::Input([9, 300, 300])]);
        told(&[Edit::Kind(Kind::PixelShuffle)]);
        told(&[
            Edit::Kind(Kind::ConvTranspose2d),
            Edit::Number(Parameter::OutputPaddingRows, 3),
        ]);
        told(&[
            Edit::Kind(Kind::MaxPool2d),
            Edit::Both(Parameter::PaddingTop, 3),
        ]);
    }
}
