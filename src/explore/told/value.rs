//! One value, worked through slowly: which step is shown, and what is said while it runs.

use std::collections::BTreeMap;

use super::has_padding;
use super::number::{and, count, element, elements, of, ordinal, result, sentences};
use crate::language::Localized;
use crate::lesson::schema::{
    Action, Formula, LayerPart, LayerTarget, Pace, RawBeat, RawShot, RawText, Target,
};
use crate::lesson::{Part, StagedLayer};
use crate::op::{AxisFormula, Explanation, Geometry, Phase, Plan, TermSource, TermValue};
use crate::says;

/// Numbers of a window that are listed, at most.
const LISTED: usize = 9;
/// Filters that leave room for the card; more stand in rows as high as it.
const FEW: usize = 4;
/// Channels whose sums are listed, at most.
const CHANNELS: usize = 4;
/// Visits that are looked through for one with something to see.
const LOOKED_AT: u64 = 4096;

/// A layer on the stage, and how its places are named.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) staged: &'a StagedLayer,
    pub(super) layer: usize,
    /// Whether it is the only layer.
    pub(super) alone: bool,
}

impl Place<'_> {
    /// A place in the run of the layer.
    pub(super) const fn at(&self, target: LayerTarget) -> Target {
        if !self.alone {
            return match target {
                LayerTarget::End => Target::Layer(self.layer),
                target => Target::In(self.layer, target),
            };
        }
        match target {
            LayerTarget::Start => Target::Start,
            LayerTarget::Step(step) => Target::Step(step),
            LayerTarget::Phase { step, phase } => Target::Phase { step, phase },
            LayerTarget::Filter(filter) => Target::Filter(filter),
            LayerTarget::End => Target::End,
        }
    }

    fn phase(&self, step: u64, phase: Phase) -> Target {
        self.at(LayerTarget::Phase { step, phase })
    }

    /// A part of the layer.
    const fn part(&self, part: LayerPart) -> Part {
        Part::Of(self.layer, part)
    }

    /// The filter that works in a visit is looked at, where there are several.
    fn focus(&self, number: u64) -> Vec<Action> {
        let Some(filter) = filter(self.staged, number) else {
            return Vec::new();
        };
        let mut parts = vec![
            LayerPart::Input,
            LayerPart::Filter(filter),
            LayerPart::Kernel,
            LayerPart::Output,
        ];
        if has_padding(&self.staged.plan) {
            parts.push(LayerPart::Padding);
        }
        let parts = parts.into_iter().map(|part| self.part(part));
        vec![Action::Focus(parts.collect())]
    }

    /// What happens, where many filters make room for the card.
    fn with_room(&self, mut actions: Vec<Action>) -> Vec<Action> {
        if self.staged.plan.filter_count() > FEW {
            actions.push(Action::Hide(vec![self.part(LayerPart::Filters)]));
        }
        actions
    }
}

/// The visit that is worked through: the first one at which something can be seen.
pub(super) fn visit(staged: &StagedLayer) -> u64 {
    let (plan, schedule) = (&staged.plan, &staged.schedule);
    let found = |is_seen: &dyn Fn(&Explanation, &[TermValue]) -> bool| {
        (0..schedule.visit_count().min(LOOKED_AT)).find(|number| {
            let visit = schedule.visit(*number);
            let explained = plan.explain(visit.step, &staged.operands);
            let terms = at_hand(&explained, visit.terms);
            is_seen(&explained, terms)
        })
    };
    let changes = |explained: &Explanation, terms: &[TermValue]| matches!(terms, [only] if only.input.to_bits() != explained.value.to_bits());
    let is_something = |_: &Explanation, terms: &[TermValue]| {
        let mut products = terms.iter().map(|term| term.product);
        products.any(|product| product != 0.0 && product.is_finite())
    };
    let of_one = plan.step(0).term_count() == 1 && plan.weight_shape().is_none();
    let changed = if of_one { found(&changes) } else { None };
    changed.or_else(|| found(&is_something)).unwrap_or(0)
}

fn at_hand(explained: &Explanation, terms: std::ops::Range<usize>) -> &[TermValue] {
    let end = terms.end.min(explained.terms.len());
    explained
        .terms
        .get(terms.start.min(end)..end)
        .unwrap_or_default()
}

/// Words, with what happens at a mark in them and at their start.
pub(super) fn say(text: Localized<String>) -> RawBeat {
    RawBeat::Say {
        text: raw(text),
        at: BTreeMap::new(),
        camera: None,
        actions: Vec::new(),
    }
}

/// As [`say`], with actions at the start and at marks.
pub(super) fn say_with(
    text: Localized<String>,
    camera: Option<RawShot>,
    actions: Vec<Action>,
    at: impl IntoIterator<Item = (&'static str, Action)>,
) -> RawBeat {
    RawBeat::Say {
        text: raw(text),
        at: at
            .into_iter()
            .map(|(mark, action)| (mark.to_owned(), action))
            .collect(),
        camera,
        actions,
    }
}

/// The operation runs.
pub(super) fn run(to: Target, over: f64, actions: Vec<Action>) -> RawBeat {
    RawBeat::Run {
        to,
        over,
        pace: Pace::default(),
        camera: None,
        actions,
    }
}

fn action(to: Target, over: f64) -> Action {
    Action::Run {
        to,
        over: Some(over),
        pace: Pace::default(),
    }
}

/// The operation runs with its card. Before it runs, the card would show the step before.
fn with_card(to: Target, over: f64) -> Action {
    Action::Together(vec![Action::Formula(Formula::Value), action(to, over)])
}

pub(super) fn raw(text: Localized<String>) -> RawText {
    RawText {
        en: Some(text.en),
        ja: Some(text.ja),
    }
}

/// The filter that works in a visit; `None` where there are no filters.
fn filter(staged: &StagedLayer, number: u64) -> Option<usize> {
    let plan = &staged.plan;
    let step = plan.step(staged.schedule.visit(number).step);
    (plan.filter_count() > 0).then_some(step.output[0])
}

/// The beats in which a visit is worked through, from before it to its end.
pub(super) fn worked_through(place: &Place, number: u64) -> Vec<RawBeat> {
    let StagedLayer {
        plan,
        schedule,
        operands,
        ..
    } = place.staged;
    let visit = schedule.visit(number);
    let explained = plan.explain(visit.step, operands);
    let whole = visit.terms.start == 0 && visit.terms.end >= explained.terms.len();
    let done = place.at(LayerTarget::Step(number + 1));
    let phases = plan.phases();
    let card = || vec![Action::Formula(Formula::Value)];
    let has = |phase: Phase| phases.contains(&phase);
    if has(Phase::Scatter) {
        let first = element(explained.first_input());
        let text = says!(
            with [first];
            en: "The first element is {first}. It multiplies the whole kernel and [stamp] presses it into the output.",
            ja: "最初の要素は{first}。カーネル全体に掛けて、[stamp]出力に押します。"
        );
        return vec![say_with(
            text,
            None,
            Vec::new(),
            [("stamp", with_card(done, 5.0))],
        )];
    }
    if has(Phase::Travel) && matches!(plan.geometry(), Geometry::Mapped(_)) {
        return vec![
            run(place.phase(number, Phase::Travel), 2.0, card()),
            say_with(
                gathered(plan, &explained, visit.step),
                None,
                Vec::new(),
                [("go", action(done, 3.4))],
            ),
        ];
    }
    if has(Phase::Travel) && has(Phase::Multiply) {
        let terms = at_hand(&explained, visit.terms.clone());
        return vec![
            say_with(
                lands(place.staged, terms, number),
                None,
                place.focus(number),
                [],
            ),
            run(place.phase(number, Phase::Travel), 2.4, Vec::new()),
            say_with(
                products(plan, terms),
                None,
                place.with_room(card()),
                [(
                    "multiply",
                    action(place.phase(number, Phase::Multiply), slowly(terms.len())),
                )],
            ),
            say_with(
                sums(plan, terms, visit.terms.start),
                None,
                Vec::new(),
                [(
                    "sum",
                    action(place.phase(number, Phase::Accumulate), slowly(terms.len())),
                )],
            ),
            say_with(
                value(&explained, whole, visit.step == 0),
                None,
                Vec::new(),
                [("emit", action(done, 1.8))],
            ),
        ];
    }
    if has(Phase::Travel) {
        let mark = if has(Phase::Divide) { "mean" } else { "max" };
        return vec![
            run(place.phase(number, Phase::Travel), 2.0, card()),
            say_with(
                pooled(&explained),
                None,
                Vec::new(),
                [(mark, action(done, 3.4))],
            ),
        ];
    }
    vec![say_with(
        becomes(plan, &explained, visit.step),
        None,
        Vec::new(),
        [("go", with_card(done, 3.4))],
    )]
}

/// Seconds in which so many terms can be followed.
fn slowly(terms: usize) -> f64 {
    super::seconds(terms as u64, 0.3, 1.8, 4.0)
}

/// Where the window lands.
fn lands(staged: &StagedLayer, terms: &[TermValue], number: u64) -> Localized<String> {
    let plan = &staged.plan;
    let window = match filter(staged, number) {
        Some(filter) => {
            let which = ordinal(filter);
            says!(with [which]; en: "The {which} filter", ja: "{which}のフィルタ")
        }
        None => Localized::new("The window", "窓").into(),
    };
    let start = if number == 0 {
        says!(
            with [window];
            en: "{window} starts at the top left corner.",
            ja: "{window}は、左上の{{角|かど}}から始めます。"
        )
    } else {
        says!(
            with [window];
            en: "{window} is at the first place where there is something to see.",
            ja: "{window}を、{{0|ゼロ}}でない値がある最初の場所で見ます。"
        )
    };
    let planes = terms.first().map(|first| {
        terms
            .iter()
            .filter(|term| term.term.padded[0] == first.term.padded[0])
            .count()
    });
    let spots = planes.unwrap_or(0);
    let in_plane = terms.get(..spots).unwrap_or_default();
    let padding = in_plane
        .iter()
        .filter(|term| term.term.source.is_padding())
        .count();
    let inserted = in_plane
        .iter()
        .filter(|term| !matches!(term.term.source, TermSource::Element(_)))
        .count();
    let about = if plan
        .shape_formula()
        .axes
        .iter()
        .any(|(_, formula)| matches!(formula, AxisFormula::Transposed { .. }))
    {
        match spots - inserted {
            0 => Localized::default(),
            1 => says!(
                en: "Of its {spots} places, one is an element of the input. The others are zeros.",
                ja: "{spots}か所のうち、入力の要素は1個。ほかは{{0|ゼロ}}です。"
            ),
            real => says!(
                en: "Of its {spots} places, {real} are elements of the input. The others are zeros.",
                ja: "{spots}か所のうち、入力の要素は{real}個。ほかは{{0|ゼロ}}です。"
            ),
        }
    } else {
        match padding {
            0 => Localized::default(),
            1 => says!(
                en: "One of its {spots} places lies on the padding.",
                ja: "{spots}か所のうち、1か所はパディングの上です。"
            ),
            _ => says!(
                en: "Of its {spots} places, {padding} lie on the padding.",
                ja: "{spots}か所のうち、{padding}か所はパディングの上です。"
            ),
        }
    };
    sentences([start, about])
}

/// What meets what.
fn products(plan: &Plan, terms: &[TermValue]) -> Localized<String> {
    let many = count(terms.len() as u64);
    if plan.weight_shape().is_none() {
        return says!(
            with [many];
            en: "Its {many} neighbours are [multiply] weighed by how near they are.",
            ja: "周りの{many}個の要素に、[multiply]近さに応じた重みを掛けます。"
        );
    }
    let meet = Localized::new(
        "Each number in the window is [multiply] multiplied by the weight that it meets.",
        "窓の中の数と重みを、[multiply]ひとつずつ掛け合わせます。",
    )
    .into();
    let other: Vec<f32> = terms
        .iter()
        .map(|term| term.product)
        .filter(|product| *product != 0.0)
        .collect();
    let that_makes = match (terms.len(), other.len()) {
        (1, _) => Localized::new("That makes one product.", "積は、1つです。").into(),
        (_, 0) => says!(
            with [many];
            en: "That makes {many} products, all of them 0.",
            ja: "積は{many}個。すべて{{0|ゼロ}}です。"
        ),
        (all, some) if some < all && some <= CHANNELS => {
            let listed = elements(&other);
            let are = if some == 1 { "is" } else { "are" };
            says!(
                with [many, listed];
                en: "Of {many} products only {some} {are} not 0: {listed}.",
                ja: "積は{many}個。{{0|ゼロ}}でないのは、{listed}だけです。"
            )
        }
        _ => says!(
            with [many];
            en: "That makes {many} products.",
            ja: "積は、{many}個です。"
        ),
    };
    sentences([meet, that_makes])
}

/// How the products are added up: channel by channel, where there are few.
fn sums(plan: &Plan, terms: &[TermValue], first: usize) -> Localized<String> {
    if let [_] = terms {
        return Localized::new(
            "There is nothing to add to it: [sum] it is the sum.",
            "足すものはほかにないので、[sum]これがそのまま和です。",
        )
        .into();
    }
    let channels = channel_sums(terms);
    // Of a volume these are the sums of slices.
    let are_channels = plan.input_shape().rank() < 4;
    if are_channels
        && plan.weight_shape().is_some()
        && first == 0
        && (2..=CHANNELS).contains(&channels.len())
    {
        let each = channels.iter().enumerate().map(|(place, sum)| {
            let (which, sum) = (ordinal(place), element(*sum));
            if place == 0 {
                says!(
                    with [which, sum];
                    en: "the {which} channel brings {sum}",
                    ja: "{which}のチャネルから{sum}"
                )
            } else {
                says!(with [which, sum]; en: "the {which} {sum}", ja: "{which}から{sum}")
            }
        });
        let each: Vec<Localized<String>> = each.collect();
        let listed = and(&each);
        return says!(
            with [listed];
            en: "Now they are added up: [sum] {listed}.",
            ja: "これを[sum]すべて足します。{listed}です。"
        );
    }
    Localized::new(
        "Now they are [sum] added up.",
        "これを[sum]すべて足します。",
    )
    .into()
}

/// The sum of the products of each input channel.
fn channel_sums(terms: &[TermValue]) -> Vec<f32> {
    let mut sums: Vec<(usize, f32)> = Vec::new();
    for term in terms {
        let plane = term.term.padded[0];
        match sums.last_mut() {
            Some((last, sum)) if *last == plane => *sum += term.product,
            _ => sums.push((plane, term.product)),
        }
    }
    sums.into_iter().map(|(_, sum)| sum).collect()
}

/// The value that comes out.
fn value(explained: &Explanation, whole: bool, is_first: bool) -> Localized<String> {
    if !whole {
        return Localized::new(
            "In this order one channel is done at a time, so this is only [emit] a partial sum. The other channels add theirs later.",
            "この順序では1チャネルずつ進むので、これはまだ[emit]途中の和です。ほかのチャネルは、あとで足します。",
        )
        .into();
    }
    let value = result(explained.value);
    let which = if is_first {
        Localized::new("the first value", "最初の値")
    } else {
        Localized::new("a value", "値のひとつ")
    };
    match explained.bias {
        Some(bias) => {
            let bias = element(bias);
            says!(
                with [value, bias, which];
                en: "With the bias, {bias}, it all comes to {value}. [emit]That is {which} of the output.",
                ja: "バイアスの{bias}も足して、合計は{value}。[emit]これが、出力の{which}です。"
            )
        }
        None => says!(
            with [value, which];
            en: "The sum is {value}. [emit]That is {which} of the output.",
            ja: "合計は、{value}。[emit]これが、出力の{which}です。"
        ),
    }
}

/// What a pool makes of its window.
fn pooled(explained: &Explanation) -> Localized<String> {
    let inside: Vec<f32> = explained
        .terms
        .iter()
        .filter(|term| matches!(term.term.source, TermSource::Element(_)))
        .map(|term| term.input)
        .collect();
    let value = result(explained.value);
    let many = count(inside.len() as u64);
    let is_listed = inside.len() <= LISTED;
    let listed = elements(&inside);
    match explained.divisor {
        None if is_listed => says!(
            with [listed, value];
            en: "In the window are {listed}. [max]The largest is {value}.",
            ja: "窓の中は、{listed}。[max]最大は、{value}です。"
        ),
        None => says!(
            with [many, value];
            en: "Of {many} numbers in the window [max] the largest is {value}.",
            ja: "窓の中の{many}個の数のうち、[max]最大は{value}です。"
        ),
        Some(divisor) => {
            let sum = explained.terms.last().map_or(0.0, |term| term.running);
            let (sum, divisor) = (result(sum), count(divisor as u64));
            if is_listed {
                says!(
                    with [listed, sum, divisor, value];
                    en: "In the window are {listed}. They add up to {sum}. [mean]Divided by {divisor}, that is {value}.",
                    ja: "窓の中は、{listed}。足して、{sum}。[mean]{divisor}でわると、{value}です。"
                )
            } else {
                says!(
                    with [many, sum, divisor, value];
                    en: "The {many} numbers in the window add up to {sum}. [mean]Divided by {divisor}, that is {value}.",
                    ja: "窓の中の{many}個の数を足して、{sum}。[mean]{divisor}でわると、{value}です。"
                )
            }
        }
    }
}

/// The value of a step, where a sentence begins with it.
const fn this_value(step: u64) -> Localized<&'static str> {
    if step == 0 {
        Localized::new("The first value", "最初の値")
    } else {
        Localized::new("This value", "この値")
    }
}

/// What a step makes of the numbers that it reads wherever they stand.
fn gathered(plan: &Plan, explained: &Explanation, step: u64) -> Localized<String> {
    let terms = &explained.terms;
    let value = result(explained.value);
    let many = of(terms.len(), "number", "numbers");
    let many_ja = count(terms.len() as u64).ja;
    if let Some(own) = explained.own.and_then(|own| terms.get(own)) {
        let own = element(own.input);
        return says!(
            with [own, value];
            en: "Take an element, {own}, and the {many} that it is measured by. [go]It becomes {value}.",
            ja: "要素をひとつ見ます。{own}です。{many_ja}個の数をもとに、[go]{value}になります。"
        );
    }
    let which = this_value(step);
    let inside: Vec<f32> = terms
        .iter()
        .filter(|term| matches!(term.term.source, TermSource::Element(_)))
        .map(|term| term.input)
        .collect();
    let reads = if (1..=LISTED).contains(&inside.len()) {
        let listed = elements(&inside);
        says!(
            with [which, listed];
            en: "{which} comes from {listed}.",
            ja: "{which}のもとは、{listed}です。"
        )
    } else {
        says!(
            with [which];
            en: "{which} comes from {many}.",
            ja: "{which}のもとは、{many_ja}個の数です。"
        )
    };
    let has = |phase: Phase| plan.phases().contains(&phase);
    let running = terms.last().map_or(0.0, |term| term.running);
    let is = |value: f32| value.to_bits() == explained.value.to_bits();
    let made = if has(Phase::Multiply) {
        let met = if plan.weight_shape().is_some() {
            Localized::new("its weight", "重み")
        } else if terms.iter().any(|term| term.term.factor.is_some()) {
            Localized::new("the number that it meets", "相手の数")
        } else {
            Localized::new("how near it is", "近さに応じた重み")
        };
        match explained.bias {
            Some(bias) => {
                let bias = element(bias);
                says!(
                    with [met, bias, value];
                    en: "Each is multiplied by {met}. [go]Added up, with the bias of {bias}, that is {value}.",
                    ja: "それぞれに、{met}を掛けます。[go]足し合わせて、バイアスの{bias}も足すと、{value}です。"
                )
            }
            None => says!(
                with [met, value];
                en: "Each is multiplied by {met}. [go]Added up, that is {value}.",
                ja: "それぞれに、{met}を掛けます。[go]足し合わせると、{value}です。"
            ),
        }
    } else if has(Phase::Compare) {
        says!(
            with [value];
            en: "They are compared, and [go]{value} comes out.",
            ja: "比べると、[go]{value}が出てきます。"
        )
    } else if let Some(divisor) = explained.divisor.filter(|all| is(running / *all as f32)) {
        let (sum, divisor) = (result(running), count(divisor as u64));
        says!(
            with [sum, divisor, value];
            en: "They add up to {sum}. [go]Divided by {divisor}, that is {value}.",
            ja: "足して、{sum}。[go]{divisor}でわると、{value}です。"
        )
    } else if is(running) {
        says!(
            with [value];
            en: "They [go]add up to {value}.",
            ja: "[go]足すと、{value}です。"
        )
    } else {
        says!(
            with [value];
            en: "What is [go]made of them is {value}.",
            ja: "そこから、[go]{value}が得られます。"
        )
    };
    sentences([reads, made])
}

/// What becomes of the element at hand.
fn becomes(plan: &Plan, explained: &Explanation, step: u64) -> Localized<String> {
    let value = result(explained.value);
    if let [one, other] = &explained.terms[..] {
        let (one, other) = (element(one.input), element(other.input));
        let place = if step == 0 {
            Localized::new("At the first place", "最初の場所には")
        } else {
            Localized::new("At this place", "この場所には")
        };
        return says!(
            with [place, one, other, value];
            en: "{place} there are {one} and {other}. [go]They make {value}.",
            ja: "{place}、{one}と{other}。[go]合わせて、{value}になります。"
        );
    }
    let [from] = explained.terms[..] else {
        let many = of(explained.terms.len(), "number", "numbers");
        let many_ja = count(explained.terms.len() as u64).ja;
        let which = this_value(step);
        return says!(
            with [which, value];
            en: "{which} is made of {many}: [go]it is {value}.",
            ja: "{which}は、{many_ja}個の数から作ります。[go]{value}です。"
        );
    };
    let input = element(from.input);
    let same = input == element(explained.value);
    let moves = plan.work().is_none();
    match (moves, same, step) {
        (true, ..) => says!(
            with [input];
            en: "Take the first element that moves, {input}. [go]It goes to its new place.",
            ja: "最初に動くのは、{input}。[go]新しい場所に移ります。"
        ),
        (false, true, _) => says!(
            with [input];
            en: "Take an element, {input}. [go]It stays {input}.",
            ja: "要素をひとつ見ます。{input}は、[go]{input}のままです。"
        ),
        (false, false, _) => says!(
            with [input, value];
            en: "Take an element, {input}. [go]It becomes {value}.",
            ja: "要素をひとつ見ます。{input}は、[go]{value}になります。"
        ),
    }
}
