//! One layer, in scenes: what it is, one value, the whole run, the size, the cost.

use super::number::{count, sentences, shape};
use super::value::{Place, run, say, say_with, visit, worked_through};
use super::{cost, empty_scene, has_padding, seconds, shot, size, what};
use crate::language::Localized;
use crate::lesson::schema::{Action, Formula, LayerTarget, RawBeat, RawScene, RawShot, Target};
use crate::lesson::{Part, StagedLayer};
use crate::op::{Geometry, LoopOrder, Phase, Plan, VisualStyle};
use crate::says;

/// From where the scenes are seen.
const YAW: f32 = 30.0;
const PITCH: f32 = 20.0;
/// Channels from which on what is read reaches far back, and from where such scenes are seen: from further to the
/// right, the far ends of filters would stand under the name of the output.
const DEEP: usize = 32;
const DEEP_YAW: f32 = 16.0;

fn yaw(plan: &Plan) -> f32 {
    let input = plan.input_shape();
    if input.rank() == 3 && input.channels() > DEEP {
        DEEP_YAW
    } else {
        YAW
    }
}

fn seen(plan: &Plan, frame: Vec<Part>) -> RawShot {
    shot(yaw(plan), PITCH, frame)
}

/// The scenes of a layer.
pub(super) fn scenes(staged: &StagedLayer) -> Vec<RawScene> {
    let place = Place {
        staged,
        layer: 0,
        alone: true,
    };
    let number = visit(staged);
    vec![
        introduction(&staged.plan),
        one_value(&place, number),
        whole_run(&place, number),
        end(&staged.plan),
    ]
}

/// What stands on the stage while the layer works.
fn at_work(plan: &Plan) -> Vec<Part> {
    let mut parts = vec![Part::Input];
    if plan.filter_count() > 0 {
        parts.push(Part::Filters);
    }
    if has_padding(plan) {
        parts.push(Part::Padding);
    }
    parts.push(Part::Output);
    parts
}

fn introduction(plan: &Plan) -> RawScene {
    let name = what::name(plan);
    let does = what::does(plan);
    let this_is = says!(
        with [name];
        en: "This is {name}.",
        ja: "これは、{name}です。"
    );
    let mut scene = empty_scene(
        Localized::new("What it is", "どんな層か"),
        vec![Part::Input],
        seen(plan, vec![Part::Input]),
    );
    scene.beats.push(say(sentences([this_is, does])));
    let has_filters = plan.filter_count() > 0;
    let window = what::window(plan);
    if has_filters {
        scene.beats.push(say_with(
            sentences([what::input(plan)]),
            Some(shot(yaw(plan) + 8.0, PITCH + 4.0, vec![Part::Input])),
            Vec::new(),
            [],
        ));
        scene.beats.push(say_with(
            sentences(window),
            Some(seen(plan, vec![Part::Input, Part::Filters])),
            vec![Action::Show(vec![Part::Filters])],
            [],
        ));
    } else {
        let told = std::iter::once(what::input(plan)).chain(window);
        scene.beats.push(say_with(
            sentences(told),
            Some(seen(plan, vec![Part::Input, Part::Output])),
            vec![Action::Show(vec![Part::Output])],
            [],
        ));
    }
    if let Some(padding) = what::padding(plan) {
        scene.beats.push(say_with(
            padding,
            None,
            Vec::new(),
            [("pad", Action::Show(vec![Part::Padding]))],
        ));
    }
    scene
}

/// One value of a layer worked through, as a scene by itself.
pub(super) fn one_number(staged: &StagedLayer) -> RawScene {
    let place = Place {
        staged,
        layer: 0,
        alone: true,
    };
    one_value(&place, visit(staged))
}

fn one_value(place: &Place, number: u64) -> RawScene {
    let plan = &place.staged.plan;
    let mut scene = empty_scene(
        Localized::new("One value", "値をひとつ"),
        at_work(plan),
        seen(plan, Vec::new()),
    );
    if number > 0 {
        scene.from = Some(place.at(LayerTarget::Step(number)));
    }
    scene.beats = worked_through(place, number);
    scene
}

fn whole_run(place: &Place, number: u64) -> RawScene {
    let StagedLayer { plan, schedule, .. } = place.staged;
    let mut scene = empty_scene(
        Localized::new("The whole run", "全体を動かす"),
        at_work(plan),
        seen(plan, Vec::new()),
    );
    scene.from = Some(place.at(LayerTarget::Step(number + 1)));
    let rest = schedule.visit_count().saturating_sub(number + 1);
    let filters = plan.output_shape().as_chw()[0];
    // What only gathers has no filter that makes a channel, and no window that moves.
    let travels = !matches!(plan.geometry(), Geometry::Mapped(_));
    let first = schedule.end_of_filter(0).filter(|end| {
        travels && filters > 1 && *end > number + 1 && schedule.order() == LoopOrder::FilterMajor
    });
    if rest == 0 {
        let only = Localized::new(
            "There is no more to do: it is the only value.",
            "これで終わりです。値はこのひとつだけです。",
        );
        scene.beats.push(say(only.into()));
        return scene;
    }
    scene.beats.push(say(goes_on(plan)));
    match first {
        Some(first) if plan.filter_count() > 0 => {
            let sweep = seconds(first - number - 1, 0.3, 2.5, 6.0);
            let there = place.at(LayerTarget::Filter(0));
            scene.beats.push(run(there, sweep, Vec::new()));
            let places = count(first);
            let others = if plan.groups() > 1 && plan.filter_dims()[0] == 1 {
                Localized::new(
                    "The other filters do the same, each on the channel that is its own.",
                    "ほかのフィルタも、それぞれのチャネルで同じことをします。",
                )
            } else {
                Localized::new(
                    "The other filters do the same, each with weights of its own.",
                    "ほかのフィルタも、それぞれの重みで同じことをします。",
                )
            };
            scene.beats.push(say(says!(
                with [places, others];
                en: "{places} places, {places} values: the first channel is complete. {others}",
                ja: "{places}か所で、{places}個の値。最初のチャネルができました。{others}"
            )));
            let sweep = seconds(schedule.visit_count() - first, 0.06, 4.0, 6.5);
            scene
                .beats
                .push(run(place.at(LayerTarget::End), sweep, Vec::new()));
        }
        _ => {
            let sweep = seconds(rest, 0.15, 3.0, 6.5);
            scene
                .beats
                .push(run(place.at(LayerTarget::End), sweep, Vec::new()));
        }
    }
    scene.beats.push(comes_out(plan));
    scene
}

/// How it goes on after the first value.
fn goes_on(plan: &Plan) -> Localized<String> {
    let phases = plan.phases();
    let has = |phase: Phase| phases.contains(&phase);
    let gathers = matches!(plan.geometry(), Geometry::Mapped(_));
    if has(Phase::Scatter) {
        Localized::new(
            "Element by element, the stamps go on. Where they overlap, they are added.",
            "要素ごとに、スタンプを押していきます。重なった所は、足し算です。",
        )
        .into()
    } else if plan.weight_shape().is_some() && has(Phase::Travel) && !gathers {
        Localized::new(
            "The filter moves on, place by place. Its weights stay the same.",
            "フィルタは、場所をずらしながら進みます。重みは変わりません。",
        )
        .into()
    } else if has(Phase::Travel) && !gathers {
        Localized::new(
            "The window moves on, place by place, and then through the other channels.",
            "窓は、場所をずらしながら進み、ほかのチャネルも同じように処理します。",
        )
        .into()
    } else {
        let all = count(plan.output_shape().count() as u64);
        says!(
            with [all];
            en: "The same is done for each of the {all} values, one by one.",
            ja: "同じことを、{all}個の値すべてに行います。"
        )
    }
}

/// A look at what came out.
fn comes_out(plan: &Plan) -> RawBeat {
    let size = shape(plan.output_shape());
    let hidden: Vec<Part> = at_work(plan)
        .into_iter()
        .filter(|part| *part != Part::Output)
        .collect();
    say_with(
        says!(
            with [size];
            en: "And this is the whole output: {size}.",
            ja: "これが出力の全体、{size}です。"
        ),
        Some(seen(plan, vec![Part::Output])),
        vec![Action::Hide(hidden)],
        [],
    )
}

/// The size of the output, and the cost.
fn end(plan: &Plan) -> RawScene {
    // What is carried away leaves nothing behind to look at.
    let is_carried = plan.visual_style() == Some(VisualStyle::Carry);
    let (shown, frame) = if is_carried {
        (vec![Part::Output], vec![Part::Output])
    } else {
        (at_work(plan), Vec::new())
    };
    // The card of the sizes may have three lines.
    let camera = RawShot {
        room: 1.15,
        ..seen(plan, frame)
    };
    let mut scene = empty_scene(
        Localized::new("Size and cost", "大きさとコスト"),
        shown,
        camera,
    );
    scene.from = Some(Target::End);
    let (formula, whole) = size::told(plan);
    let question = Localized::new(
        "How large is the output? [shape]",
        "出力サイズです。[shape]",
    );
    scene.beats.push(say_with(
        says!(with [question, formula]; en: "{question}{formula}", ja: "{question}{formula}"),
        None,
        Vec::new(),
        [("shape", Action::Formula(Formula::Shape))],
    ));
    if !whole.en.is_empty() {
        scene.beats.push(say(whole));
    }
    let told = cost::told(plan);
    let card = if cost::multiplies(plan.cost()) {
        Formula::Cost
    } else {
        Formula::Hide
    };
    scene.beats.push(say_with(
        says!(
            with [told];
            en: "And [cost] the cost. {told}",
            ja: "次は、[cost]コストです。{told}"
        ),
        None,
        Vec::new(),
        [("cost", Action::Formula(card))],
    ));
    let (from, to) = (shape(plan.input_shape()), shape(plan.output_shape()));
    let name = what::name(plan);
    scene.beats.push(say(if from == to {
        says!(
            with [from, name];
            en: "In short: {name}, and the shape stays {from}.",
            ja: "まとめると、{name}で、形は{from}のままです。"
        )
    } else {
        says!(
            with [from, to, name];
            en: "In short: {name}, from {from} to {to}.",
            ja: "まとめると、{name}で、{from}から{to}になります。"
        )
    }));
    scene.beats.push(RawBeat::Hold(1.0));
    scene
}
