//! Stages like earlier ones that follow each other, told in one scene.

use super::explained::{GATED, Told};
use super::{NetworkTour, seen};
use crate::explore::told::number::{maps, sentences, shape};
use crate::explore::told::value::say_with;
use crate::language::Localized;
use crate::lesson::Part;
use crate::lesson::schema::{Action, RawScene, RawShot};
use crate::says;
use crate::tensor::Shape;

/// Room around stages that share a scene: in square pictures the name of the last is broader than it is.
const SHARED: f32 = 1.12;

impl NetworkTour<'_> {
    /// Stages like earlier ones that follow each other, in one scene.
    pub(super) fn alike(&self, numbers: &[usize], told: &mut Told) -> Option<RawScene> {
        let (&first, &last) = (numbers.first()?, numbers.last()?);
        let inputs = self.run.map.inputs.len();
        let (from, to) = (first + 1, last + 1);
        let joints = self.joints_again(numbers);
        let mut frame: Vec<Part> = (first.max(1) - 1..=last)
            .map(|number| Part::Tensor(inputs + number))
            .collect();
        if let Some((origins, _)) = &joints {
            frame.extend_from_slice(origins);
        }
        let camera = RawShot {
            room: SHARED,
            ..seen(frame.clone())
        };
        let mut scene = self.scene(once_more(from, to), &[], camera);
        let units = &self.run.map.units;
        let titles: Vec<Localized<String>> = units[first..=last]
            .iter()
            .map(|unit| unit.title(&self.run.graph))
            .collect();
        let known = known_kinds([from, to], &titles);
        // What they have besides is told all the same.
        let gated = numbers
            .iter()
            .any(|&number| self.is_gated_anew(&units[number], told));
        let gated = gated.then(|| {
            told.explain(GATED);
            Localized::new(
                "New in some of them is squeeze-and-excite: the mean of each channel tells how much it is to count.",
                "新しいのは、一部にあるSEブロックです。チャネルの平均から、それぞれの重要さを決めて掛けます。",
            )
            .into()
        });
        let before = units.get(first.wrapping_sub(1));
        let before = before.and_then(|unit| self.sample_shape(unit));
        let after = self.sample_shape(&units[last]);
        let course = after.map(|after| leads(before.as_ref(), &after));
        let joints = joints.map(|(_, joints)| joints);
        let bottom = self.bottom().filter(|bottom| numbers.contains(bottom));
        let bottom = bottom.map(|number| {
            let place = number + 1;
            says!(
                en: "Stage {place} is the bottom. From there on, the maps grow again.",
                ja: "段階{place}が底で、そこから先はまた大きくなります。"
            )
        });
        scene.beats.push(say_with(
            sentences(
                [known]
                    .into_iter()
                    .chain(gated)
                    .chain(joints)
                    .chain(course)
                    .chain(bottom),
            ),
            None,
            vec![Action::Focus(frame)],
            [],
        ));
        Some(scene)
    }
}

/// The title of a scene of stages, of which the first and the last are given, from 1.
fn once_more(from: usize, to: usize) -> Localized<String> {
    if from == to {
        says!(en: "{from}. Once more", ja: "{from}. もう一度")
    } else if from + 1 == to {
        says!(en: "{from} and {to}. Once more", ja: "{from}、{to}. もう一度")
    } else {
        says!(en: "{from} to {to}. Once more", ja: "{from}〜{to}. もう一度")
    }
}

/// That the stages from one to another, from 1, are of kinds that were told before, by their titles.
fn known_kinds([from, to]: [usize; 2], titles: &[Localized<String>]) -> Localized<String> {
    match titles {
        [one] => says!(
            with [one];
            en: "Stage {from} is of a kind that we know: {one}.",
            ja: "段階{from}は、すでに見たのと同じ種類の{one}です。"
        ),
        [one, other] if one == other => says!(
            with [one];
            en: "Stages {from} and {to} are of a kind that we know: {one} each.",
            ja: "段階{from}と{to}は、どちらも、すでに見たのと同じ種類の{one}です。"
        ),
        [_, _] => says!(
            en: "Stages {from} and {to} are of kinds that we know.",
            ja: "段階{from}と{to}は、すでに見たのと同じ種類です。"
        ),
        _ => says!(
            en: "Stages {from} to {to} are of kinds that we know.",
            ja: "段階{from}から{to}までは、すでに見たのと同じ種類です。"
        ),
    }
}

/// What stages lead to, and where maps become maps, from which.
fn leads(before: Option<&Shape>, after: &Shape) -> Localized<String> {
    match before {
        Some(before) if before.rank() == 3 && after.rank() == 3 => {
            let [before, after] = [before, after].map(|of_maps| Localized {
                en: maps(of_maps).en,
                ja: shape(of_maps).ja,
            });
            says!(
                with [before, after];
                en: "This leads from {before} to {after}.",
                ja: "ここで、{before}が{after}になります。"
            )
        }
        _ => {
            let after = maps(after);
            says!(with [after]; en: "This leads to {after}.", ja: "ここで、{after}になります。")
        }
    }
}
