//! What holds for every layer and input: the fast engine, the explained steps and a plainly
//! written second implementation give the same numbers, and nothing makes the planner panic.

use std::sync::mpsc;
use std::time::Duration;

use proptest::prelude::*;
use tensorama::network::Chain;
use tensorama::network::notation::Model;
use tensorama::op::{
    Add, AvgPool2d, AxisFormula, Conv2d, Conv3d, ConvTranspose2d, DepthwiseSeparable, Layer,
    MaxPool2d, Operands, Padding, PaddingMode, PixelShuffle, PixelUnshuffle, Plan, ReLU,
    TermSource, TransposeView, Upsample, UpsampleMode, VolumePadding,
};
use tensorama::tensor::{Fill, Shape, Tensor};

fn filled(plan: &Plan, seed: u64) -> Operands {
    let make = |seed, shape: &Shape| Fill::Uniform { seed }.make(shape).unwrap();
    let weight = plan.weight_shape().map(|shape| make(seed + 1, &shape));
    let bias = (plan.bias_count() > 0)
        .then(|| make(seed + 2, &Shape::new(&[plan.bias_count()]).unwrap()).into_data());
    plan.operands(make(seed, plan.input_shape()), weight, bias)
        .unwrap()
}

fn same(left: f32, right: f32) -> bool {
    left == right || (left - right).abs() < 1e-4 * left.abs().max(1.0)
}

/// The definition of a convolution, written out with signed indices and `f64` sums.
fn plain_conv2d(layer: &Conv2d, operands: &Operands, output: &Shape) -> Vec<f32> {
    let [channels, height, width] = operands
        .input()
        .shape()
        .as_chw()
        .map(|length| length as i64);
    let (kernel_rows, kernel_columns) = (layer.kernel.0 as i64, layer.kernel.1 as i64);
    let reach = [
        layer.dilation.0 as i64 * (kernel_rows - 1),
        layer.dilation.1 as i64 * (kernel_columns - 1),
    ];
    let (top, left) = match layer.padding {
        Padding::Valid => (0, 0),
        Padding::Same => (reach[0] / 2, reach[1] / 2),
        Padding::Full => (reach[0], reach[1]),
        Padding::Size(rows, columns) => (rows as i64, columns as i64),
        Padding::Sides { top, left, .. } => (top as i64, left as i64),
    };
    let fold = |at: i64, length: i64| match layer.padding_mode {
        PaddingMode::Zeros => (0..length).contains(&at).then_some(at),
        PaddingMode::Replicate => Some(at.max(0).min(length - 1)),
        PaddingMode::Circular => Some((at + 8 * length) % length),
        PaddingMode::Reflect => Some(if at < 0 {
            -at
        } else if at >= length {
            2 * length - 2 - at
        } else {
            at
        }),
    };
    let [filters, rows, columns] = output.as_chw().map(|length| length as i64);
    let group_channels = channels / layer.groups as i64;
    let group_filters = filters / layer.groups as i64;
    let mut values = Vec::new();
    for filter in 0..filters {
        for row in 0..rows {
            for column in 0..columns {
                let mut sum = operands
                    .bias()
                    .map_or(0.0, |bias| f64::from(bias[filter as usize]));
                for channel in 0..group_channels {
                    for i in 0..kernel_rows {
                        for j in 0..kernel_columns {
                            let y = row * layer.stride.0 as i64 + i * layer.dilation.0 as i64 - top;
                            let x =
                                column * layer.stride.1 as i64 + j * layer.dilation.1 as i64 - left;
                            let (Some(y), Some(x)) = (fold(y, height), fold(x, width)) else {
                                continue;
                            };
                            let from = filter / group_filters * group_channels + channel;
                            let input = operands.input().get([from, y, x].map(|at| at as usize));
                            let weight = operands
                                .weight()
                                .and_then(|w| w.get([filter, channel, i, j].map(|at| at as usize)));
                            sum += f64::from(input.unwrap()) * f64::from(weight.unwrap());
                        }
                    }
                }
                values.push(sum as f32);
            }
        }
    }
    values
}

/// The definition of a transposed convolution: every input element adds to a window.
fn plain_conv_transpose2d(
    layer: &ConvTranspose2d,
    operands: &Operands,
    output: &Shape,
) -> Vec<f32> {
    let [channels, height, width] = operands.input().shape().as_chw();
    let [filters, rows, columns] = output.as_chw();
    let (group_channels, group_filters) = (channels / layer.groups, filters / layer.groups);
    let mut values = vec![0.0_f64; output.count()];
    for channel in 0..channels {
        for y in 0..height {
            for x in 0..width {
                for filter in 0..group_filters {
                    for i in 0..layer.kernel.0 {
                        for j in 0..layer.kernel.1 {
                            let row = (y * layer.stride.0 + i * layer.dilation.0) as i64
                                - layer.padding.0 as i64;
                            let column = (x * layer.stride.1 + j * layer.dilation.1) as i64
                                - layer.padding.1 as i64;
                            if row < 0
                                || column < 0
                                || row >= rows as i64
                                || column >= columns as i64
                            {
                                continue;
                            }
                            let target = channel / group_channels * group_filters + filter;
                            let place = output
                                .offset([target, row as usize, column as usize])
                                .unwrap();
                            values[place] +=
                                f64::from(operands.input().get([channel, y, x]).unwrap())
                                    * f64::from(
                                        operands
                                            .weight()
                                            .unwrap()
                                            .get([channel, filter, i, j])
                                            .unwrap(),
                                    );
                        }
                    }
                }
            }
        }
    }
    let plane = rows * columns;
    let bias = |place: usize| {
        operands
            .bias()
            .map_or(0.0, |bias| f64::from(bias[place / plane]))
    };
    values
        .iter()
        .enumerate()
        .map(|(place, value)| (value + bias(place)) as f32)
        .collect()
}

/// The definition of both pools: `None` stands for padding.
fn plain_pool(
    input: &Tensor,
    output: &Shape,
    (kernel, stride, padding, dilation): ([usize; 2], [usize; 2], [usize; 2], [usize; 2]),
    value: impl Fn(&[Option<f32>], usize) -> f32,
) -> Vec<f32> {
    let [channels, height, width] = input.shape().as_chw();
    let [_, rows, columns] = output.as_chw();
    let mut values = Vec::new();
    for channel in 0..channels {
        for row in 0..rows {
            for column in 0..columns {
                let mut window = Vec::new();
                let mut inside = 0;
                for i in 0..kernel[0] {
                    for j in 0..kernel[1] {
                        let y = row * stride[0] + i * dilation[0];
                        let x = column * stride[1] + j * dilation[1];
                        if y < height + 2 * padding[0] && x < width + 2 * padding[1] {
                            inside += 1;
                        }
                        let real = y.checked_sub(padding[0]).zip(x.checked_sub(padding[1]));
                        window.push(real.and_then(|(y, x)| input.get([channel, y, x])));
                    }
                }
                values.push(value(&window, inside));
            }
        }
    }
    values
}

/// Compares the engine and the explained steps with a second implementation.
fn check(plan: &Plan, operands: &Operands, plain: &[f32]) -> Result<(), TestCaseError> {
    let output = plan.evaluate(operands).unwrap();
    prop_assert_eq!(output.data().len(), plain.len());
    prop_assert_eq!(plan.step_count(), plain.len() as u64);
    check_formula(plan)?;
    for (index, (value, plain)) in output.data().iter().zip(plain).enumerate() {
        prop_assert!(
            same(*value, *plain),
            "element {}: {} and plainly {}",
            index,
            value,
            plain
        );
        let explained = plan.explain(index as u64, operands);
        prop_assert!(
            same(explained.value, *plain),
            "step {}: {} and plainly {}",
            index,
            explained.value,
            plain
        );
        check_step(plan, index as u64)?;
    }
    Ok(())
}

/// The printed formula, worked out with a calculator, gives the output's lengths.
fn check_formula(plan: &Plan) -> Result<(), TestCaseError> {
    let [_, rows, columns] = plan.output_shape().as_chw();
    let formula = plan.shape_formula();
    for (axis, length) in [("H", rows), ("W", columns)] {
        let formula = formula.axis(axis).unwrap();
        prop_assert_eq!(formula.result(), length);
        match *formula {
            AxisFormula::Window {
                input,
                padding,
                kernel,
                dilation,
                stride,
                unused,
                beyond,
                ..
            } => {
                let padded = (input + padding.0 + padding.1) as i64;
                let spare = padded - (dilation * (kernel - 1)) as i64 - 1;
                let stride = stride as i64;
                let quotient = if beyond > 0 {
                    -(-spare).div_euclid(stride)
                } else {
                    spare.div_euclid(stride)
                };
                prop_assert_eq!(quotient + 1, length as i64);
                let covered = (length as i64 - 1) * stride + (dilation * (kernel - 1)) as i64 + 1;
                prop_assert_eq!(covered + unused as i64 - beyond as i64, padded);
            }
            AxisFormula::Transposed {
                input,
                padding,
                kernel,
                dilation,
                stride,
                output_padding,
                ..
            } => {
                let length = length + padding.0 + padding.1;
                prop_assert_eq!(
                    (input - 1) * stride + dilation * (kernel - 1) + output_padding + 1,
                    length
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the stage relies on: every term lies where its step says.
fn check_step(plan: &Plan, index: u64) -> Result<(), TestCaseError> {
    let step = plan.step(index);
    prop_assert_eq!(
        plan.output_shape().chw_offset(step.output),
        Some(index as usize)
    );
    prop_assert_eq!(step.terms().len(), step.term_count());
    let sides = plan.padding();
    for (number, term) in step.terms().enumerate() {
        prop_assert_eq!(step.term(number), Some(term));
        if term.source != TermSource::Beyond {
            prop_assert!(plan.padded_shape().chw_offset(term.padded).is_some());
        }
        if let TermSource::Element([_, row, column]) = term.source
            && !matches!(plan.layer(), Layer::ConvTranspose2d(_))
        {
            let row = row as isize + sides.top;
            let column = column as isize + sides.left;
            if plan.weight_shape().is_some() {
                prop_assert_eq!(
                    [term.padded[1] as isize, term.padded[2] as isize],
                    [row, column]
                );
            }
            let (origin, size) = (step.window_origin(), step.window_size());
            for (axis, at) in [row - sides.top, column - sides.left]
                .into_iter()
                .enumerate()
            {
                let start = origin[axis + 1];
                prop_assert!(at >= start && at < start + size[axis + 1] as isize);
            }
        }
    }
    Ok(())
}

prop_compose! {
    fn conv2d()(
        groups in 1usize..4, channels in 1usize..3, filters in 1usize..3,
        kernel in (1usize..5, 1usize..4), stride in (1usize..4, 1usize..4), dilation in (1usize..3, 1usize..4),
        sides in (0usize..4, 0usize..4, 0usize..4, 0usize..4), padding in 0usize..5, mode in 0usize..4,
        bias: bool, size in (1usize..9, 1usize..9),
    ) -> (Conv2d, Shape) {
        let padding = match padding {
            0 => Padding::Valid,
            1 => Padding::Same,
            2 => Padding::Full,
            3 => Padding::Size(sides.0, sides.1),
            _ => Padding::Sides { top: sides.0, bottom: sides.1, left: sides.2, right: sides.3 },
        };
        let modes = [PaddingMode::Zeros, PaddingMode::Reflect, PaddingMode::Replicate, PaddingMode::Circular];
        let layer = Conv2d {
            stride, padding, dilation, groups, bias, padding_mode: modes[mode],
            ..Conv2d::new(filters * groups, kernel)
        };
        (layer, Shape::chw(channels * groups, size.0, size.1).unwrap())
    }
}

proptest! {
    #[test]
    fn convolutions_are_their_definition((layer, input) in conv2d()) {
        if let Ok(plan) = Layer::Conv2d(layer.clone()).plan(&input) {
            let operands = filled(&plan, 1);
            check(&plan, &operands, &plain_conv2d(&layer, &operands, plan.output_shape()))?;
        }
    }

    #[test]
    fn transposed_convolutions_are_their_definition_in_both_views(
        groups in 1usize..3, channels in 1usize..3, filters in 1usize..3,
        kernel in (1usize..5, 1usize..4), stride in (1usize..4, 1usize..4), dilation in (1usize..3, 1usize..4),
        padding in (0usize..4, 0usize..4), output_padding in (0usize..3, 0usize..3),
        bias: bool, size in (1usize..6, 1usize..6),
    ) {
        let layer = ConvTranspose2d {
            stride, padding, output_padding, dilation, groups, bias,
            ..ConvTranspose2d::new(filters * groups, kernel)
        };
        let input = Shape::chw(channels * groups, size.0, size.1).unwrap();
        if let Ok(plan) = Layer::ConvTranspose2d(layer.clone()).plan(&input) {
            let operands = filled(&plan, 5);
            let plain = plain_conv_transpose2d(&layer, &operands, plan.output_shape());
            check(&plan, &operands, &plain)?;
            // The scatter view: adding every step's products makes the output.
            let scatter = ConvTranspose2d { view: TransposeView::Scatter, ..layer };
            let scatter = Layer::ConvTranspose2d(scatter).plan(&input).unwrap();
            let plane = plain.len() / (filters * groups);
            let mut sums: Vec<f32> =
                (0..plain.len()).map(|place| operands.bias().map_or(0.0, |bias| bias[place / plane])).collect();
            for index in 0..scatter.step_count() {
                let step = scatter.step(index);
                let explained = scatter.explain(index, &operands);
                for value in &explained.terms {
                    if let Some(target) = value.term.target.unwrap() {
                        let place = scatter.output_shape().chw_offset(target).unwrap();
                        sums[place] += value.product;
                        prop_assert!(same(sums[place], value.running), "{} and {}", sums[place], value.running);
                        let (origin, size) = step.target_window().unwrap();
                        prop_assert!(target[1] as isize >= origin[1]);
                        prop_assert!((target[1] as isize) < origin[1] + size[1] as isize);
                    }
                }
            }
            for (sum, plain) in sums.iter().zip(&plain) {
                prop_assert!(same(*sum, *plain));
            }
        }
    }

    #[test]
    fn pools_are_their_definition(
        kernel in (1usize..5, 1usize..5), stride in (1usize..5, 1usize..5), padding in (0usize..3, 0usize..3),
        dilation in (1usize..3, 1usize..3), ceil_mode: bool, count_include_pad: bool,
        divisor in 0usize..4, size in (1usize..9, 1usize..9),
    ) {
        let input = Shape::chw(2, size.0, size.1).unwrap();
        let pair = |(rows, columns)| [rows, columns];
        let max = MaxPool2d {
            stride: Some(stride), padding, dilation, ceil_mode, ..MaxPool2d::new(kernel)
        };
        if let Ok(plan) = Layer::MaxPool2d(max).plan(&input) {
            let operands = filled(&plan, 9);
            let sizes = (pair(kernel), pair(stride), pair(padding), pair(dilation));
            let plain = plain_pool(operands.input(), plan.output_shape(), sizes, |window, _| {
                window.iter().flatten().fold(f32::NEG_INFINITY, |maximum, value| maximum.max(*value))
            });
            check(&plan, &operands, &plain)?;
        }
        let divisor_override = (divisor > 0).then_some(divisor);
        let average = AvgPool2d {
            stride: Some(stride), padding, ceil_mode, count_include_pad, divisor_override,
            ..AvgPool2d::new(kernel)
        };
        if let Ok(plan) = Layer::AvgPool2d(average).plan(&input) {
            let operands = filled(&plan, 13);
            let sizes = (pair(kernel), pair(stride), pair(padding), [1, 1]);
            let plain = plain_pool(operands.input(), plan.output_shape(), sizes, |window, inside| {
                let real = window.iter().flatten().count();
                let count = if count_include_pad { inside } else { real };
                let divisor = divisor_override.unwrap_or(count);
                if divisor == 0 { 0.0 } else { window.iter().flatten().sum::<f32>() / divisor as f32 }
            });
            check(&plan, &operands, &plain)?;
        }
    }

    #[test]
    fn a_shuffle_and_its_inverse_give_the_input_back(
        factor in 1usize..5, channels in 1usize..3, size in (1usize..4, 1usize..4),
    ) {
        let layers = [
            Layer::from(PixelUnshuffle { factor }),
            Layer::from(PixelShuffle { factor }),
        ];
        let shape = Shape::chw(channels, size.0 * factor, size.1 * factor).unwrap();
        let input = Fill::Count.make(&shape).unwrap();
        let tensors = Chain::plan(&layers, &shape).unwrap().run(input).unwrap();
        prop_assert_eq!(&tensors[0], &tensors[2]);
        prop_assert_eq!(tensors[1].shape().channels(), channels * factor * factor);
    }

    #[test]
    fn no_numbers_make_the_planner_panic(
        numbers in prop::collection::vec(number(), 14),
        kind in 0usize..9, flags in (any::<bool>(), any::<bool>()), mode in 0usize..3,
    ) {
        let n = |place: usize| numbers[place % numbers.len()];
        let pair = |place| (n(place), n(place + 1));
        let modes = [PaddingMode::Zeros, PaddingMode::Reflect, PaddingMode::Circular];
        let layer = match kind {
            0 | 1 => Layer::Conv2d(Conv2d {
                stride: pair(0), dilation: pair(2), groups: n(4), bias: flags.0, padding_mode: modes[mode],
                padding: if flags.1 { Padding::Size(n(5), n(6)) } else { Padding::Full },
                ..Conv2d::new(n(7), pair(8))
            }),
            2 => Layer::ConvTranspose2d(ConvTranspose2d {
                stride: pair(0), dilation: pair(2), groups: n(4), padding: pair(5), output_padding: pair(6),
                ..ConvTranspose2d::new(n(7), pair(8))
            }),
            3 => Layer::MaxPool2d(MaxPool2d {
                stride: Some(pair(0)), padding: pair(2), dilation: pair(4), ceil_mode: flags.0,
                ..MaxPool2d::new(pair(8))
            }),
            4 => Layer::AvgPool2d(AvgPool2d {
                stride: Some(pair(0)), padding: pair(2), ceil_mode: flags.0,
                ..AvgPool2d::new(pair(8))
            }),
            5 => Layer::PixelShuffle(PixelShuffle { factor: n(0) }),
            6 => Layer::PixelUnshuffle(PixelUnshuffle { factor: n(0) }),
            7 => Layer::Conv3d(Conv3d {
                stride: (n(0), n(1), n(2)), dilation: (n(3), n(4), n(5)), groups: n(6),
                padding: VolumePadding::Size(n(7), n(8), n(9)),
                ..Conv3d::new(n(10), (n(7), n(8), n(9)))
            }),
            _ => Layer::Upsample(Upsample::by(n(0), n(1), UpsampleMode::Bilinear)),
        };
        let axes = if kind == 7 { vec![n(10), n(11), n(12), n(13)] } else { vec![n(10), n(11), n(12)] };
        if let Ok(shape) = Shape::new(&axes)
            && let Ok(plan) = layer.plan(&shape)
        {
            for index in [0, plan.step_count() / 2, plan.step_count() - 1, u64::MAX] {
                let step = plan.step(index);
                let last = step.term_count() - 1;
                for number in [0, last / 2, last] {
                    let term = step.term(number).unwrap();
                    if let TermSource::Element(at) = term.source {
                        prop_assert!(shape.chw_offset(at).is_some());
                    }
                }
                let _ = (step.window_origin(), step.window_size(), step.divisor());
            }
            prop_assert!(!plan.shape_formula().to_string().is_empty());
            prop_assert!(Model::parse(&plan.source()).is_ok(), "{}", plan.source());
            let chain = Chain::plan(&[layer], &shape).unwrap();
            prop_assert_eq!(chain.rows().len(), 1);
        }
    }
}

/// Mostly numbers that could be meant, and some that could not.
fn number() -> impl Strategy<Value = usize> {
    let hostile = vec![
        0usize,
        64,
        1000,
        1 << 14,
        1 << 20,
        (1 << 20) + 1,
        1 << 31,
        usize::MAX / 2,
        usize::MAX,
    ];
    prop_oneof![8 => 1usize..5, 3 => 5usize..40, 1 => prop::sample::select(hostile)]
}

/// Which input rows and columns an element of a chain's output depends on, found by changing them.
fn influence(chain: &Chain, at: [usize; 3]) -> (u64, u64) {
    let zeros = Tensor::filled(*chain.input_shape(), 1.0).unwrap();
    let base = chain
        .run(zeros.clone())
        .unwrap()
        .pop()
        .unwrap()
        .at(at)
        .unwrap();
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    let [_, height, width] = chain.input_shape().as_chw();
    for row in 0..height {
        for column in 0..width {
            let mut changed = zeros.clone();
            for plane in changed.data_mut().chunks_exact_mut(height * width) {
                plane[row * width + column] += 1.0;
            }
            if chain.run(changed).unwrap().pop().unwrap().at(at).unwrap() != base {
                rows.push(row as u64);
                columns.push(column as u64);
            }
        }
    }
    let span = |mut places: Vec<u64>| {
        places.sort_unstable();
        places.last().map_or(0, |last| last - places[0] + 1)
    };
    (span(rows), span(columns))
}

#[test]
fn the_receptive_field_is_what_changes_the_output() {
    let texts = [
        "nn.Conv2d(1, 2, 3), nn.Conv2d(2, 1, 3)",
        "nn.Conv2d(1, 2, 3, stride=2, padding=1), nn.Conv2d(2, 2, 3, padding=1)",
        "nn.Conv2d(1, 2, (3, 1), dilation=2, padding=(2, 0)), nn.AvgPool2d(2), nn.Conv2d(2, 1, (1, 3), padding=(0, 1))",
        "nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 3, padding=1)",
        "nn.Conv2d(1, 4, 3, padding=1), nn.PixelShuffle(2), nn.Conv2d(1, 1, 2)",
        "nn.PixelUnshuffle(2), nn.Conv2d(4, 1, 3, padding=1)",
        "nn.ConvTranspose2d(1, 1, 3, stride=2), nn.Conv2d(1, 1, 3)",
        "nn.ConvTranspose2d(1, 1, 2, stride=2)",
        "nn.Conv2d(1, 1, (1, 3), padding=(0, 1)), nn.Conv2d(1, 1, 1), Add(0)",
    ];
    for text in texts {
        let shape: Shape = "1x16x16".parse().unwrap();
        let mut layers = Model::parse(text).unwrap().layers();
        for layer in &mut layers {
            if let Layer::Conv2d(conv) = layer {
                conv.weights = Fill::Constant(1.0);
            }
            if let Layer::ConvTranspose2d(conv) = layer {
                conv.weights = Fill::Constant(1.0);
            }
        }
        let chain = Chain::plan(&layers, &shape).unwrap();
        let [_, height, width] = chain.output_shape().as_chw();
        let around = (0..4).flat_map(|row| {
            (0..4).map(move |column| (height / 2 - 2 + row, width / 2 - 2 + column))
        });
        let seen = around
            .map(|(row, column)| influence(&chain, [0, row, column]))
            .reduce(|left, right| (left.0.max(right.0), left.1.max(right.1)))
            .unwrap();
        assert_eq!(chain.rows().last().unwrap().receptive_field, seen, "{text}");
    }
}

/// Work for each step would take any machine longer than the patience here: at a step a nanosecond, a
/// quarter of an hour.
#[test]
fn a_plan_of_a_trillion_steps_is_a_few_numbers() {
    const PATIENCE: Duration = Duration::from_secs(100);
    let layer = Layer::Conv2d(Conv2d {
        padding: Padding::Same,
        ..Conv2d::new(1_000_000, (3, 3))
    });
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let plan = layer.plan(&Shape::chw(64, 1000, 1000).unwrap()).unwrap();
        let last = plan.step(plan.step_count() - 1);
        // Nobody may listen any more.
        let _ = sender.send((plan.step_count(), last.output));
    });
    let planned = receiver.recv_timeout(PATIENCE);
    assert_eq!(planned, Ok((1_000_000_000_000, [999_999, 999, 999])));
    assert!(size_of::<Plan>() < 4096, "{} bytes", size_of::<Plan>());
}

#[test]
fn effective_strides_multiply_along_a_chain() {
    let text = "nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.MaxPool2d((1, 2)), nn.PixelShuffle(2)";
    let chain = Model::parse(text)
        .unwrap()
        .plan(&"1x16x16".parse().unwrap())
        .unwrap();
    let strides: Vec<(f64, f64)> = chain
        .rows()
        .iter()
        .map(|row| row.effective_stride)
        .collect();
    assert_eq!(strides, [(2.0, 2.0), (2.0, 4.0), (1.0, 2.0)]);
}

#[test]
fn depthwise_separable_costs_what_its_parts_cost() {
    let layer: Layer =
        ron::from_str("DepthwiseSeparable(filters: 16, kernel: (3, 3), padding: Same)").unwrap();
    assert!(matches!(
        layer,
        Layer::DepthwiseSeparable(DepthwiseSeparable {
            out_channels: 16,
            ..
        })
    ));
    let shape = "8x6x6".parse().unwrap();
    let chain = Chain::plan(std::slice::from_ref(&layer), &shape).unwrap();
    assert_eq!(chain.cost().parameters, 8 * 9 + 8 * 16);
    assert_eq!(chain.cost().macs, 36 * (8 * 9 + 8 * 16));
    assert!(
        layer
            .plan(&shape)
            .unwrap_err()
            .to_string()
            .contains("chain of layers")
    );
}

#[test]
fn a_skip_connection_adds_an_earlier_tensor() {
    let layers = [Layer::from(ReLU), Layer::from(Add { tensor: 0 })];
    let shape = "1x1x3".parse().unwrap();
    let input = Fill::Values(vec![-1.0, 0.0, 2.0]).make(&shape).unwrap();
    let output = Chain::plan(&layers, &shape)
        .unwrap()
        .run(input)
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(output.data(), [-1.0, 0.0, 4.0]);
}

#[test]
fn a_nan_in_a_window_is_the_maximum_as_in_pytorch() {
    let shape = "1x1x4".parse().unwrap();
    let plan = Layer::MaxPool2d(MaxPool2d::new((1, 2)))
        .plan(&shape)
        .unwrap();
    let input = Fill::Values(vec![1.0, f32::NAN, 3.0, 2.0])
        .make(&shape)
        .unwrap();
    let operands = plan.operands(input, None, None).unwrap();
    let output = plan.evaluate(&operands).unwrap();
    assert!(output.data()[0].is_nan());
    assert_eq!(output.data()[1], 3.0);
    assert_eq!(plan.indices(&operands).unwrap(), Some(vec![1, 2]));
    assert!(plan.explain(0, &operands).value.is_nan());
    assert_eq!(plan.explain(1, &operands).winner, Some(0));
}

#[test]
fn every_layer_reads_from_a_lesson() {
    let texts = [
        "Conv1d(filters: 2, kernel: 3, padding: Sides(left: 2))",
        "Conv2d(filters: 4, kernel: (3, 3), stride: (1, 1), padding: Valid, dilation: (1, 1), groups: 1, bias: true, weights: Random(seed: 7))",
        "Conv3d(filters: 2, kernel: (1, 2, 3), padding: Size(0, 1, 1))",
        "Depthwise(kernel: (3, 3), multiplier: 2, weights: SobelX)",
        "Pointwise(filters: 8)",
        "DepthwiseSeparable(filters: 8, kernel: (3, 3))",
        "ConvTranspose2d(filters: 2, kernel: (3, 3), stride: (2, 2), view: Scatter)",
        "MaxPool2d(kernel: (2, 2), stride: (1, 1))",
        "AvgPool2d(kernel: (2, 2), divisor_override: 3)",
        "AdaptiveAvgPool2d(output: (1, 1))",
        "AdaptiveMaxPool2d(output: (2, 2))",
        "GlobalAvgPool2d",
        "GlobalMaxPool2d",
        "PixelShuffle(factor: 2)",
        "PixelUnshuffle(downscale_factor: 2)",
        "Upsample(scale: (2, 2), mode: Bilinear)",
        "ReLU",
        "ReLU6",
        "Add(tensor: 0)",
        "Sequential([Conv2d(filters: 4, kernel: (3, 3)), ReLU, Sequential([Add(tensor: 1)])])",
    ];
    for text in texts {
        let plain = ron::from_str::<Layer>(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let extended = format!("#![enable(implicit_some, unwrap_variant_newtypes)]\n{text}");
        assert_eq!(
            ron::from_str::<Layer>(&extended).as_ref(),
            Ok(&plain),
            "{text}"
        );
    }
    assert!(ron::from_str::<Layer>("Conv2d(filters: 1, kernel: (3, 3), strid: (1, 1))").is_err());
    assert!(
        ron::from_str::<Layer>("Conv4d(filters: 1)")
            .unwrap_err()
            .to_string()
            .contains("Conv4d")
    );
}
