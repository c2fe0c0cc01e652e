//! What is asked about one layer of a scene, and what the op engine answers.

use super::given::given;
use super::paper::Paper;
use crate::lesson::StagedLayer;
use crate::op::{Explanation, Family, Operands, Plan, TermSource, TermValue, TransposeView};
use crate::tensor::{Random, Tensor};

/// The most terms that are worked out by hand.
const MOST_TERMS: usize = 36;
/// With more terms than this, one value is enough.
const MANY_TERMS: usize = 16;
/// Steps that are looked at to find some that are worth working out.
const LOOKED_AT: u64 = 48;

/// What is asked about a layer.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// The layer. A transposed convolution is read as a sum for each output element.
    pub plan: Plan,
    /// What it works on.
    pub operands: Operands,
    /// What it gives.
    pub output: Tensor,
    /// The layers behind it, whose shapes are asked for too.
    pub following: Vec<Plan>,
    /// The elements of the output that are to be worked out, at least one.
    pub values: Vec<AskedValue>,
    /// What is to be counted.
    pub count: Option<Count>,
    /// Where the output is to be drawn.
    pub paper: Option<Paper>,
}

/// An element of the output that is to be worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedValue {
    /// The step that writes it.
    pub step: u64,
    /// Its plane, row and column.
    pub place: [usize; 3],
    /// How it is worked out.
    pub explained: Explanation,
}

/// What is to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Multiply-accumulates.
    Macs,
    /// Learned numbers.
    Parameters,
}

/// Whether there is something to be worked out of layers of a family: not where elements stay what they
/// are, or where a lesson shows them to set its stage.
#[must_use]
pub const fn is_worth_asking(family: Family) -> bool {
    match family {
        Family::Convolution
        | Family::Pooling
        | Family::Normalization
        | Family::Activation
        | Family::Product
        | Family::Addition
        | Family::Arithmetic
        | Family::Reduction
        | Family::Shuffling
        | Family::Resampling => true,
        Family::Lookup
        | Family::Joining
        | Family::Arrangement
        | Family::Nothing
        | Family::Sequence => false,
    }
}

impl Exercise {
    /// What is asked about a layer, chosen by chance; `None` where nothing in it is small enough to be worked
    /// out on paper.
    #[must_use]
    pub fn new(
        staged: &StagedLayer,
        output: &Tensor,
        following: Vec<Plan>,
        random: &mut Random,
    ) -> Option<Self> {
        let plan = staged.plan.clone().in_view(TransposeView::ZeroInsertion);
        let operands = staged.operands.clone();
        let mut values = choose_values(&plan, &operands, random);
        if values.len() > 1 && given(&plan, &operands, &values).is_none() {
            values.truncate(1);
        }
        if values.is_empty() {
            return None;
        }
        given(&plan, &operands, &values)?;
        let cost = plan.cost();
        let chance = random.below(2) == 0;
        let count = match (cost.macs > 0, cost.parameters > 0) {
            (true, true) if chance => Some(Count::Macs),
            (true | false, true) => Some(Count::Parameters),
            (true, false) => Some(Count::Macs),
            (false, false) => None,
        };
        let paper = Paper::new(output, &values, random);
        Some(Self {
            plan,
            operands,
            output: output.clone(),
            following,
            values,
            count,
            paper,
        })
    }
}

/// One element, or two of which the second lies in another plane or at the border, where there is one.
fn choose_values(plan: &Plan, operands: &Operands, random: &mut Random) -> Vec<AskedValue> {
    let mut candidates = candidates(plan, operands, random);
    if candidates.is_empty() {
        return Vec::new();
    }
    let inside = |value: &AskedValue| !touches_padding(value) && value.explained.value != 0.0;
    let most = candidates.iter().map(|value| score(value, &inside)).max();
    let best = candidates
        .iter()
        .position(|value| Some(score(value, &inside)) == most);
    let first = candidates.swap_remove(best.unwrap_or(0));
    if first.explained.terms.len() > MANY_TERMS {
        return vec![first];
    }
    let differs = |value: &AskedValue| {
        u32::from(value.place[0] != first.place[0]) + 2 * u32::from(touches_padding(value))
    };
    let most = candidates.iter().map(differs).max();
    let second = candidates
        .iter()
        .position(|value| Some(differs(value)) == most);
    let second = second.map(|place| candidates.swap_remove(place));
    std::iter::once(first).chain(second).collect()
}

/// How much there is to work out: products that are not 0, up to a few, and more if a value is as wanted.
fn score(value: &AskedValue, wanted: &dyn Fn(&AskedValue) -> bool) -> usize {
    let terms = value.explained.terms.iter();
    let products = terms.filter(|term| term.product != 0.0).count();
    products.min(4) + if wanted(value) { 4 } else { 0 }
}

fn touches_padding(value: &AskedValue) -> bool {
    let mut terms = value.explained.terms.iter();
    terms.any(|term| term.term.source.is_padding())
}

/// Different elements that can be worked out by hand, in an order of chance.
fn candidates(plan: &Plan, operands: &Operands, random: &mut Random) -> Vec<AskedValue> {
    let count = plan.step_count();
    let mut steps: Vec<u64> = if count <= LOOKED_AT {
        (0..count).collect()
    } else {
        (0..LOOKED_AT).map(|_| random.below(count)).collect()
    };
    for place in (1..steps.len()).rev() {
        steps.swap(place, random.below(place as u64 + 1) as usize);
    }
    let mut candidates: Vec<AskedValue> = Vec::new();
    for index in steps {
        let step = plan.step(index);
        let known = candidates.iter().any(|value| value.step == index);
        if known || step.term_count() > MOST_TERMS {
            continue;
        }
        let explained = plan.explain(index, operands);
        if explained.value.is_finite() {
            candidates.push(AskedValue {
                step: index,
                place: step.output,
                explained,
            });
        }
    }
    candidates
}

impl AskedValue {
    /// Its terms that take part: not those between elements or past the end, and no padding under a maximum
    /// or around what is spread out, where it is not seen.
    #[must_use]
    pub fn terms(&self) -> Vec<TermValue> {
        let terms = &self.explained.terms;
        let spread = terms
            .iter()
            .any(|term| term.term.source == TermSource::Inserted);
        let compares = self.explained.winner.is_some();
        let taken = terms.iter().filter(|term| match term.term.source {
            TermSource::Element(_) | TermSource::Other { .. } => true,
            TermSource::Padding { from: Some(_) } => true,
            TermSource::Padding { from: None } => !spread && !compares,
            TermSource::Inserted | TermSource::Beyond => false,
        });
        taken.copied().collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::lesson::Lesson;
    use crate::op::{Layer, LoopOrder, OperationKind};
    use crate::tensor::{Fill, read_file};

    /// A layer as it stands in a lesson, and what it gives.
    pub(crate) fn staged(layer: &str, input: [usize; 3]) -> (StagedLayer, Tensor) {
        of_layer(layer.parse().unwrap(), input).unwrap()
    }

    fn of_layer(layer: Layer, input: [usize; 3]) -> Option<(StagedLayer, Tensor)> {
        let input = (input, Fill::Ramp);
        let lesson = Lesson::of_run(&[layer], input, LoopOrder::default(), 1.0, &read_file).ok()?;
        let staging = lesson.scenes[0].staging.clone();
        let staged = staging.staged_layers.last()?.clone();
        let output = staging.tensors[staged.output].clone();
        Some((staged, output))
    }

    pub(crate) fn exercise(layer: &str, input: [usize; 3], seed: u64) -> Exercise {
        let (staged, output) = staged(layer, input);
        Exercise::new(&staged, &output, Vec::new(), &mut Random::new(seed)).unwrap()
    }

    #[test]
    fn what_is_to_be_worked_out_is_an_element_of_the_output() {
        for kind in OperationKind::ALL {
            let Some((staged, output)) = of_layer(kind.layer(), [4, 6, 6]) else {
                continue;
            };
            for seed in 0..4 {
                let random = &mut Random::new(seed);
                let Some(exercise) = Exercise::new(&staged, &output, Vec::new(), random) else {
                    continue;
                };
                assert!(!exercise.values.is_empty());
                for value in &exercise.values {
                    let there = output.at(value.place).unwrap();
                    let off = (there - value.explained.value).abs();
                    assert!(
                        off <= 1e-3 * there.abs().max(1.0),
                        "{} {value:?}",
                        kind.name()
                    );
                    assert!(value.explained.terms.len() <= MOST_TERMS);
                }
            }
        }
    }

    #[test]
    fn the_same_seed_asks_the_same_and_another_one_something_else() {
        let places = |seed| -> Vec<[usize; 3]> {
            let exercise = exercise("nn.Conv2d(2, 4, 3, padding=1)", [2, 8, 8], seed);
            exercise.values.iter().map(|value| value.place).collect()
        };
        assert_eq!(places(5), places(5));
        let first = places(0);
        assert!((1..10).any(|seed| places(seed) != first));
    }

    #[test]
    fn a_second_value_lies_at_the_border_where_there_is_padding() {
        for seed in 0..6 {
            let exercise = exercise("nn.Conv2d(1, 2, 3, padding=1)", [1, 6, 6], seed);
            let [first, second] = &exercise.values[..] else {
                panic!("{:?}", exercise.values);
            };
            assert!(!touches_padding(first) && touches_padding(second));
        }
    }

    #[test]
    fn a_sum_of_hundreds_of_terms_is_not_asked_for() {
        let (staged, output) = staged("nn.Conv2d(16, 4, 3)", [16, 8, 8]);
        let random = &mut Random::new(0);
        assert!(Exercise::new(&staged, &output, Vec::new(), random).is_none());
    }

    #[test]
    fn zeros_between_the_elements_of_a_transposed_convolution_are_no_terms() {
        let exercise = exercise("nn.ConvTranspose2d(1, 1, 3, stride=2)", [1, 3, 3], 1);
        for value in &exercise.values {
            let terms = value.terms();
            assert!(!terms.is_empty() && terms.len() <= 4, "{terms:?}");
            let sum: f32 = terms.iter().map(|term| term.product).sum();
            let bias = value.explained.bias.unwrap_or(0.0);
            assert!((sum + bias - value.explained.value).abs() < 1e-4);
        }
    }
}
