//! How far a layer runs to reach a target.

use super::numbered::{Mistake, Thing};
use crate::language::{Localized, says};
use crate::lesson::StagedLayer;
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::LayerTarget;

/// Visits of a layer up to a target, with the part of the next one.
pub(super) fn reach(staged_layer: &StagedLayer, target: LayerTarget) -> Result<f64, Mistake> {
    let (plan, schedule) = (&staged_layer.plan, &staged_layer.schedule);
    let visits = schedule.visit_count();
    match target {
        LayerTarget::Start => Ok(0.0),
        LayerTarget::End => Ok(visits as f64),
        LayerTarget::Step(done) if done > visits => Err((
            says!(
                en: "the operation has {visits} steps, not {done}",
                ja: "この演算のステップは {done} ではなく {visits} です"
            ),
            NO_HELP.into(),
        )),
        LayerTarget::Step(done) => Ok(done as f64),
        LayerTarget::Phase { step, .. } if step >= visits => Err((
            {
                let last = visits - 1;
                says!(
                    en: "there is no step {step}: the last one is {last}",
                    ja: "ステップ {step} はありません。最後は {last} です"
                )
            },
            Localized::new("steps count from 0", "ステップは 0 から数えます").into(),
        )),
        LayerTarget::Phase { step, phase } => {
            let phases = plan.phases();
            match phases.iter().position(|candidate| *candidate == phase) {
                Some(index) => Ok(step as f64 + (index + 1) as f64 / phases.len() as f64),
                None => {
                    let names: Vec<String> =
                        phases.iter().map(|phase| format!("{phase:?}")).collect();
                    let names = names.join(", ");
                    Err((
                        says!(
                            en: "this operation has no phase {phase:?}",
                            ja: "この演算に {phase:?} という段階はありません"
                        ),
                        says!(en: "its phases are {names}", ja: "段階は {names} です"),
                    ))
                }
            }
        }
        LayerTarget::Filter(filter) => {
            let filters = plan.output_shape().channels();
            if filter >= filters {
                return Err((Thing::Filter.none(filter, filters), NO_HELP.into()));
            }
            let end = schedule.end_of_filter(filter as u64);
            end.map(|end| end as f64).ok_or_else(|| {
                (
                    Localized::new(
                        "where filters take turns, no filter is done before the end",
                        "フィルタが交互に進むときは、最後まで終わるフィルタがありません",
                    )
                    .into(),
                    Localized::new(
                        "use `Step(…)`, `Share(…)` or `End`",
                        "`Step(…)`、`Share(…)`、`End` のどれかを使ってください",
                    )
                    .into(),
                )
            })
        }
    }
}
