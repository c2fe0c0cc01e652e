//! Several layers, in scenes: all of them, then each in turn, and what they come to.

use std::collections::HashSet;

use super::number::{and, count, of, ordinal, sentences, shape};
use super::value::{Place, run, say, say_with, visit, worked_through};
use super::{cost, empty_scene, has_padding, seconds, shot, size, what};
use crate::language::{Localized, as_sentence};
use crate::lesson::schema::Target;
use crate::lesson::schema::{Action, Formula, LayerPart, LayerTarget, RawBeat, RawScene, RawShot};
use crate::lesson::{Part, StagedLayer, Staging};
use crate::network::Chain;
use crate::says;

/// Layers that are named one by one.
const NAMED: usize = 6;

/// Seconds in which the whole chain runs, before its layers are looked at.
const OVERVIEW: f64 = 6.0;

/// What has been told of the layers so far, so that nothing is told twice.
#[derive(Default)]
struct Told {
    names: HashSet<String>,
    padding: bool,
}

/// The scenes of a chain of layers.
pub(super) fn scenes(chain: &Chain, staging: &Staging) -> Vec<RawScene> {
    let mut scenes = vec![overview(chain)];
    let mut told = Told::default();
    for (layer, staged) in staging.staged_layers.iter().enumerate() {
        scenes.push(one_layer(staged, layer, &mut told));
    }
    scenes.push(end(chain));
    scenes
}

fn seen(frame: Vec<Part>) -> RawShot {
    shot(32.0, 20.0, frame)
}

fn all(chain: &Chain) -> Vec<Part> {
    let mut parts = vec![Part::Filters];
    parts.extend((0..=chain.plans().len()).map(Part::Tensor));
    parts
}

fn overview(chain: &Chain) -> RawScene {
    let plans = chain.plans();
    let number = plans.len();
    let names: Vec<Localized<String>> = plans.iter().map(what::name).collect();
    let named = match &names[..] {
        [first, .., last] if number > NAMED => says!(
            with [first, last];
            en: "It begins with {first} and ends with {last}.",
            ja: "最初は{first}、最後は{last}です。"
        ),
        all => {
            let names = and(all);
            says!(with [names]; en: "{names}.", ja: "{names}です。")
        }
    };
    let these_are = says!(
        en: "Here are {number} layers, one after another: each reads what the one before has made.",
        ja: "全部で{number}層が、順に並んでいます。どれも、前の層の出力を読みます。"
    );
    let mut scene = empty_scene(
        Localized::new("The layers", "層の連なり"),
        all(chain),
        seen(Vec::new()),
    );
    scene.beats.push(say(these_are));
    let named = Localized {
        en: as_sentence(&named.en),
        ja: named.ja,
    };
    scene.beats.push(say(named));
    scene.beats.push(run(Target::End, OVERVIEW, Vec::new()));
    let (from, to) = (shape(chain.input_shape()), shape(chain.output_shape()));
    scene.beats.push(say(says!(
        with [from, to];
        en: "The input is {from}, and the output is {to}. Now let us look at them one by one.",
        ja: "{from}が入り、{to}が出てきます。ひとつずつ見ていきましょう。"
    )));
    scene
}

/// What stands on the stage while a layer works.
fn at_work(staged: &StagedLayer, layer: usize) -> Vec<Part> {
    let mut parts: Vec<Part> = staged.other.map(Part::Tensor).into_iter().collect();
    parts.push(Part::Tensor(staged.input));
    if staged.plan.filter_count() > 0 {
        parts.push(Part::Of(layer, LayerPart::Filters));
    }
    parts.push(Part::Tensor(staged.output));
    parts.dedup();
    parts
}

fn one_layer(staged: &StagedLayer, layer: usize, told: &mut Told) -> RawScene {
    let plan = &staged.plan;
    let is_new = told.names.insert(what::name(plan).en);
    let place = Place {
        staged,
        layer,
        alone: false,
    };
    let title = plan.title();
    let number = layer + 1;
    let title = says!(with [title]; en: "{number}. {title}", ja: "{number}. {title}");
    let frame = at_work(staged, layer);
    let mut shown = frame.clone();
    let padding = what::padding(plan).filter(|_| !told.padding);
    told.padding |= padding.is_some();
    if has_padding(plan) && padding.is_none() {
        shown.push(Part::Of(layer, LayerPart::Padding));
    }
    let mut scene = empty_scene(title, shown, seen(frame));
    if layer > 0 {
        scene.from = Some(Target::Layer(layer - 1));
    }
    let (which, name) = (ordinal(layer), what::name(plan));
    let introduced = if is_new {
        let does = what::does(plan);
        says!(
            with [which, name, does];
            en: "The {which} layer is {name}. {does}",
            ja: "{which}の層は、{name}です。{does}"
        )
    } else {
        says!(
            with [which, name];
            en: "The {which} layer is {name} again.",
            ja: "{which}の層は、また{name}です。"
        )
    };
    scene.beats.push(say(sentences(
        std::iter::once(introduced).chain(what::second_input(plan)),
    )));
    let window = sentences(what::window(plan));
    if !window.en.is_empty() && (is_new || plan.filter_count() > 0) {
        scene.beats.push(say_with(
            window,
            Some(shot(36.0, 22.0, at_work(staged, layer))),
            Vec::new(),
            [],
        ));
    }
    if let Some(padding) = padding {
        let part = Part::Of(layer, LayerPart::Padding);
        scene.beats.push(say_with(
            padding,
            None,
            Vec::new(),
            [("pad", Action::Show(vec![part]))],
        ));
    }
    let visits = staged.schedule.visit_count();
    let mut done = 0;
    if is_new {
        let number = visit(staged);
        if number > 0 {
            let there = place.at(LayerTarget::Step(number));
            scene
                .beats
                .push(run(there, seconds(number, 0.2, 1.0, 3.0), Vec::new()));
        }
        scene.beats.extend(worked_through(&place, number));
        done = number + 1;
    }
    if visits > done {
        let mut then = vec![Action::Formula(Formula::Hide), Action::Focus(Vec::new())];
        if plan.filter_count() > 0 {
            then.push(Action::Show(vec![Part::Of(layer, LayerPart::Filters)]));
        }
        let sweep = seconds(visits - done, 0.08, 3.0, 6.0);
        scene
            .beats
            .push(run(place.at(LayerTarget::End), sweep, then));
    }
    let (formula, whole) = size::told(plan);
    let told = if is_new {
        says!(
            with [formula];
            en: "And [shape] the size. {formula}",
            ja: "[shape]出力サイズです。{formula}"
        )
    } else {
        let size = shape(plan.output_shape());
        says!(
            with [size];
            en: "It makes [shape] {size}.",
            ja: "出力は[shape]{size}です。"
        )
    };
    scene.beats.push(say_with(
        told,
        None,
        Vec::new(),
        [("shape", Action::Formula(Formula::Shape))],
    ));
    let whole = if is_new { whole } else { Localized::default() };
    let cost = if cost::multiplies(plan.cost()) || is_new {
        cost::told(plan)
    } else {
        Localized::default()
    };
    let last = sentences([whole, cost]);
    if !last.en.is_empty() {
        scene.beats.push(say(last));
    }
    scene
}

/// The shapes and the cost of all layers together.
fn end(chain: &Chain) -> RawScene {
    let mut scene = empty_scene(
        Localized::new("All together", "全体"),
        all(chain),
        seen(Vec::new()),
    );
    scene.from = Some(Target::End);
    scene.beats.push(say(shapes(chain)));
    let card = if cost::multiplies(chain.cost()) {
        Formula::Cost
    } else {
        Formula::Hide
    };
    let plans = chain.plans();
    let named = |layer: usize| {
        let (which, name) = (ordinal(layer), what::name(&plans[layer]));
        says!(
            with [which, name];
            en: "the {which} layer, {name}",
            ja: "{which}の{name}"
        )
    };
    let told = cost::of_chain(chain, named);
    scene.beats.push(say_with(
        says!(
            with [told];
            en: "Now [cost] the cost. {told}",
            ja: "次は、[cost]コストです。{told}"
        ),
        None,
        Vec::new(),
        [("cost", Action::Formula(card))],
    ));
    if let Some(field) = field(chain) {
        scene.beats.push(say(field));
    }
    scene.beats.push(RawBeat::Hold(1.0));
    scene
}

/// The shapes from the input to the output, where they change.
fn shapes(chain: &Chain) -> Localized<String> {
    let mut changes = vec![*chain.input_shape()];
    for plan in chain.plans() {
        if changes.last() != Some(plan.output_shape()) {
            changes.push(*plan.output_shape());
        }
    }
    let first = shape(chain.input_shape());
    match &changes[1..] {
        [] => says!(
            with [first];
            en: "From the input to the output, the shape stays {first}.",
            ja: "入力から出力まで、形は{first}のままです。"
        ),
        then => {
            let then: Vec<Localized<String>> = then.iter().map(shape).collect();
            let en = then.iter().map(|shape| shape.en.clone());
            let en = en.collect::<Vec<_>>().join(", then ");
            let ja = then.iter().map(|shape| shape.ja.clone());
            let ja = ja.collect::<Vec<_>>().join("、");
            says!(
                with [first];
                en: "All in all, {first} becomes {en}.",
                ja: "全体では、{first}が、{ja}と変わりました。"
            )
        }
    }
}

/// How much of the input an element of the output sees, where that is more than itself.
fn field(chain: &Chain) -> Option<Localized<String>> {
    let row = chain.rows().pop()?;
    let (rows, columns) = row.receptive_field;
    // Padding that is looked at too is no part of the input.
    let input = chain.input_shape();
    let (rows, columns) = (
        rows.min(input.height() as u64),
        columns.min(input.width() as u64),
    );
    if (rows, columns) == (1, 1) {
        return None;
    }
    let (row_en, column_en) = (
        of(rows as usize, "row", "rows"),
        of(columns as usize, "column", "columns"),
    );
    let (rows, columns) = (count(rows).ja, count(columns).ja);
    Some(says!(
        en: "One value of the output has seen at most {row_en} and {column_en} of the input.",
        ja: "出力の値ひとつが見ているのは、入力のうち、多くて{rows}行、{columns}列です。"
    ))
}
