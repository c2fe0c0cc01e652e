//! What the op engine knows of a lesson's layers: sizes, costs, settings, values.

use crate::lesson::{Scene, StagedLayer};
use crate::op::{Parameter, Setting};

/// Steps of a layer whose values are looked at.
const STEPS: u64 = 4096;

/// What the engine counts of a layer: sizes, weights, work.
#[must_use]
pub fn counts_of(staged_layer: &StagedLayer) -> Vec<f64> {
    let plan = &staged_layer.plan;
    let (input, output) = (plan.input_shape().as_chw(), plan.output_shape().as_chw());
    let kernel = plan.filter_dims();
    let padded = plan.padded_shape().as_chw();
    let mut facts = Vec::new();
    for [channels, rows, columns] in [input, output, kernel, padded] {
        let sizes = [
            channels,
            rows,
            columns,
            rows * columns,
            channels * rows * columns,
        ];
        facts.extend(sizes.map(|size| size as f64));
    }
    let cost = plan.cost();
    let steps = plan.step_count();
    let terms = if steps > 0 {
        plan.step(0).term_count() as u64
    } else {
        0
    };
    let counts = [
        cost.parameters,
        cost.macs,
        cost.operations,
        steps,
        plan.filter_count() as u64,
        terms,
    ];
    facts.extend(counts.map(|count| count as f64));
    facts
}

/// The numbers that a layer is written with: stride, dilation, groups, slopes.
#[must_use]
pub fn settings_of(staged_layer: &StagedLayer) -> Vec<f64> {
    let layer = staged_layer.plan.layer();
    let numbers = Parameter::NUMBERS.into_iter();
    let mut facts: Vec<f64> = numbers
        .filter_map(|name| layer.number(name))
        .map(|number| number as f64)
        .collect();
    for shown in layer.settings() {
        if let Setting::Real(value) = shown.value {
            facts.push(value);
        }
    }
    facts
}

/// What the engine computes of a layer: its input, all results, and the products on the way to the first of each
/// filter.
#[must_use]
pub fn values_of(staged_layer: &StagedLayer) -> Vec<f64> {
    let plan = &staged_layer.plan;
    let output = plan.output_shape().as_chw();
    let mut facts = Vec::new();
    let values = staged_layer.operands.input().data().iter().copied();
    facts.extend(values.map(f64::from));
    let positions = plan.step_count() / (output[0].max(1) as u64);
    for step in 0..plan.step_count().min(STEPS) {
        let explained = plan.explain(step, &staged_layer.operands);
        facts.push(f64::from(explained.value));
        if positions > 0 && step % positions < 3 {
            for term in &explained.terms {
                facts.push(f64::from(term.product));
            }
        }
    }
    facts
}

/// What the engine counts of a scene: of its layers, of each side as a whole, of its network.
#[must_use]
pub fn counts_of_scene(scene: &Scene) -> Vec<f64> {
    let staging = &scene.staging;
    let mut facts: Vec<f64> = Vec::new();
    for staged_layer in &staging.staged_layers {
        facts.extend(counts_of(staged_layer));
        facts.extend(settings_of(staged_layer));
    }
    for side in &staging.sides {
        let layers = staging.staged_layers.get(side.staged_layers.clone());
        let costs = layers
            .unwrap_or_default()
            .iter()
            .map(|layer| layer.plan.cost());
        let sum = costs.fold((0, 0), |sum, cost| {
            (sum.0 + cost.macs, sum.1 + cost.parameters)
        });
        facts.extend([sum.0 as f64, sum.1 as f64]);
    }
    if let Some(network) = &staging.network {
        let shapes = network.map.blocks.iter().filter_map(|block| block.shape);
        for shape in shapes {
            facts.extend(shape.axes().iter().map(|&length| length as f64));
        }
        let cost = network.run.cost();
        facts.extend([cost.macs as f64, cost.parameters as f64]);
    }
    facts
}
