//! Multiply-accumulates a second of `Plan::evaluate`, beside a plain loop over the same numbers:
//! `cargo bench --bench eval`. `benches/eval_vs_pytorch.py` sets PyTorch beside it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tensorama::network::notation::Model;
use tensorama::op::{Operands, Plan};
use tensorama::tensor::{Fill, Shape, Tensor};

/// The seven nested loops of a convolution without padding, in the order of the definition.
fn plain(input: &Tensor, weight: &Tensor, output: &Shape) -> Vec<f32> {
    let [channels, height, width] = input.shape().as_chw();
    let [filters, rows, columns] = output.as_chw();
    let kernel = weight.shape().height();
    let (before, mut values) = ((rows + kernel - 1 - height) / 2, vec![0.0; output.count()]);
    for filter in 0..filters {
        for row in 0..rows {
            for column in 0..columns {
                let mut sum = 0.0;
                for channel in 0..channels {
                    for i in 0..kernel {
                        for j in 0..kernel {
                            let (y, x) = (row + i, column + j);
                            if y < before
                                || x < before
                                || y - before >= height
                                || x - before >= width
                            {
                                continue;
                            }
                            let from = (channel * height + y - before) * width + x - before;
                            let by = ((filter * channels + channel) * kernel + i) * kernel + j;
                            sum += input.data()[from] * weight.data()[by];
                        }
                    }
                }
                values[(filter * rows + row) * columns + column] = sum;
            }
        }
    }
    values
}

fn prepared(layer: &str, input: &str) -> (Plan, Operands) {
    let shape: Shape = input.parse().expect("a shape");
    let chain = Model::parse(layer)
        .and_then(|model| model.plan(&shape))
        .expect("a layer");
    let plan = chain.plans()[0].clone();
    let fill = |seed, shape: &Shape| Fill::Uniform { seed }.make(shape).expect("a tensor");
    let weight = plan.weight_shape().map(|shape| fill(2, &shape));
    let operands = plan
        .operands(fill(1, &shape), weight, None)
        .expect("operands");
    (plan, operands)
}

fn evaluate(criterion: &mut Criterion) {
    let cases = [
        (
            "conv 3x3, 64 filters, 64x56x56",
            "nn.Conv2d(64, 64, 3, padding=1, bias=False)",
            "64x56x56",
        ),
        (
            "conv 1x1, 64 filters, 64x56x56",
            "nn.Conv2d(64, 64, 1, bias=False)",
            "64x56x56",
        ),
        (
            "depthwise 3x3, 64x56x56",
            "nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False)",
            "64x56x56",
        ),
        (
            "transposed 3x3, stride 2, 64x28x28",
            "nn.ConvTranspose2d(64, 64, 3, stride=2, bias=False)",
            "64x28x28",
        ),
    ];
    let mut group = criterion.benchmark_group("eval");
    for (name, layer, input) in cases {
        let (plan, operands) = prepared(layer, input);
        group.throughput(Throughput::Elements(plan.cost().macs));
        group.bench_function(name, |bencher| bencher.iter(|| plan.evaluate(&operands)));
    }
    let (plan, operands) = prepared(cases[0].1, cases[0].2);
    let weight = operands.weight().expect("weights");
    group.sample_size(10);
    group.throughput(Throughput::Elements(plan.cost().macs));
    group.bench_function("plain loop, conv 3x3, 64 filters, 64x56x56", |bencher| {
        bencher.iter(|| plain(operands.input(), weight, plan.output_shape()));
    });
    group.finish();
    let mut group = criterion.benchmark_group("plan");
    group.bench_function("a billion steps: plan and last step", |bencher| {
        let shape: Shape = "64x1000x1000".parse().expect("a shape");
        let layer = Model::parse("nn.Conv2d(64, 1000, 3, padding=1)")
            .expect("a layer")
            .layer();
        bencher.iter(|| {
            let plan = layer.plan(&shape).expect("a plan");
            plan.step(plan.step_count() - 1).term(575)
        });
    });
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
