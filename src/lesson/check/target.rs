//! How far layers run to reach a target.

use super::Checker;
use super::numbered::{Mistake, Thing};
use super::parts::numbering;
use crate::language::{Localized, says};
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::{LayerTarget, Target};
use crate::lesson::{StagedLayer, Staging};

impl Checker {
    /// How far each side goes to reach a target; `None` where it stays.
    pub(super) fn target(
        &mut self,
        path: &str,
        target: Target,
        staging: Option<&Staging>,
    ) -> Vec<Option<f64>> {
        let Some(staging) = staging else {
            return Vec::new();
        };
        let sides = 0..staging.sides.len();
        let whole = |side: usize| staging.visit_count(side) as f64;
        let local = match target {
            Target::Start => return sides.map(|_| Some(0.0)).collect(),
            Target::End => return sides.map(|side| Some(whole(side))).collect(),
            Target::Share(share) => {
                if !(0.0..=1.0).contains(&share) {
                    self.error(
                        path,
                        Localized::new("a share must be from 0 to 1", "割合は 0 から 1 までです"),
                        NO_HELP,
                    );
                }
                return sides.map(|side| Some(share * whole(side))).collect();
            }
            Target::Step(done) => LayerTarget::Step(done),
            Target::Phase { step, phase } => LayerTarget::Phase { step, phase },
            Target::Filter(filter) => LayerTarget::Filter(filter),
            Target::Layer(layer) => return self.in_layer(path, layer, LayerTarget::End, staging),
            Target::In(layer, local) => return self.in_layer(path, layer, local, staging),
        };
        if sides.len() == 1 {
            return self.in_layer(path, 0, local, staging);
        }
        // In a comparison each side goes as far as it has steps, filters and phases; one must.
        let reached: Vec<Result<f64, Mistake>> = sides
            .map(|side| {
                reach(
                    &staging.staged_layers[staging.sides[side].staged_layers.start],
                    local,
                )
            })
            .collect();
        if reached.iter().all(Result::is_err) {
            let whys = reached.iter().enumerate();
            let whys = whys.filter_map(|(side, reached)| {
                let (why, _) = reached.as_ref().err()?;
                Some(says!(with [why]; en: "in side {side} {why}", ja: "サイド {side} では、{why}"))
            });
            let help = Localized::join(whys, Localized::new("; ", "。"));
            let message = Localized::new(
                "no side of the comparison gets there",
                "比較のどのサイドもそこに達しません",
            );
            self.error(path, message, help);
        }
        reached
            .into_iter()
            .enumerate()
            .map(|(side, reached)| {
                Some(reached.map_or(whole(side), |local| local.min(whole(side))))
            })
            .collect()
    }

    fn in_layer(
        &mut self,
        path: &str,
        layer: usize,
        target: LayerTarget,
        staging: &Staging,
    ) -> Vec<Option<f64>> {
        let mut sides = vec![None; staging.sides.len()];
        let Some(staged_layer) = staging.staged_layers.get(layer) else {
            let message = Thing::Layer.none(layer, staging.staged_layers.len());
            self.error(path, message, numbering(Thing::Layer, staging));
            return sides;
        };
        match reach(staged_layer, target) {
            Ok(local) => {
                let before = staging.before(staged_layer.side, layer) as f64;
                sides[staged_layer.side] = Some(before + local);
            }
            Err((message, help)) => self.error(path, message, help),
        }
        sides
    }
}

/// Visits of a layer up to a target, with the part of the next one.
fn reach(staged_layer: &StagedLayer, target: LayerTarget) -> Result<f64, Mistake> {
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
                            ja: "この演算に {phase:?} というフェーズはありません"
                        ),
                        says!(en: "its phases are {names}", ja: "フェーズは {names} です"),
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
