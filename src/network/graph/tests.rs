use super::*;
use crate::op::{Add, BatchNorm2d, Conv2d, Layer, MaxPool2d, ReLU};

fn layer(text: &str) -> Layer {
    ron::from_str(text).unwrap()
}

fn shape(text: &str) -> Shape {
    text.parse().unwrap()
}

fn filled(text: &str, seed: u64) -> Tensor {
    Fill::Uniform { seed }.make(&shape(text)).unwrap()
}

#[test]
fn a_batch_is_run_sample_by_sample() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("2x3x6x6"), true);
    let layer = layer("Conv2d(filters: 4, kernel: (3, 3), bias: true)");
    let conv = builder.module("conv", layer.clone(), &[input], Origin::of("Conv2d"));
    let conv = conv.unwrap();
    let relu = builder
        .module("relu", ReLU, &[conv], Origin::of("ReLU"))
        .unwrap();
    assert_eq!(builder.shape(relu), Some(&shape("2x4x4x4")));
    let graph = builder.finish(&[relu]);
    let x = filled("2x3x6x6", 1);
    let values = graph.run(&[(input, x.clone())], Keep::All).unwrap();
    let both = values.get(conv).unwrap();
    // Each sample is what the layer gives for it alone.
    let plan = layer.plan(&shape("3x6x6")).unwrap();
    for sample in 0..2 {
        let part = x.data()[sample * 108..][..108].to_vec();
        let part = Tensor::new(shape("3x6x6"), part).unwrap();
        let alone = plan.evaluate(&plan.filled(part).unwrap()).unwrap();
        assert_eq!(&both.data()[sample * 64..][..64], alone.data());
    }
    // Twice the work, but the parameters once.
    assert_eq!(graph.cost().macs, 2 * plan.cost().macs);
    assert_eq!(graph.cost().parameters, 4 * 27 + 4);
}

#[test]
fn batches_of_values_with_unequal_axes_do_not_line_up() {
    let mut builder = GraphBuilder::new();
    let wide = builder.input("wide", shape("2x3x2x2"), true);
    let narrow = builder.input("narrow", shape("2x2"), true);
    let inputs = [wide, narrow];
    let sum = builder.node("sum", Add::default(), &inputs, &[], Origin::of("Add"));
    let sum = sum.unwrap();
    let graph = builder.finish(&[sum]);
    let (x, y) = (filled("2x3x2x2", 1), filled("2x2", 2));
    let values = graph
        .run(&[(wide, x.clone()), (narrow, y.clone())], Keep::All)
        .unwrap();
    // As NumPy adds them: the two by two to each of the six planes.
    let expected: Vec<f32> = x
        .data()
        .iter()
        .enumerate()
        .map(|(place, value)| value + y.data()[place % 4])
        .collect();
    assert_eq!(values.get(sum).unwrap().data(), expected);
}

#[test]
fn a_module_that_runs_twice_shares_its_parameters() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x4x8x8"), true);
    let conv = || {
        Layer::from(Conv2d {
            padding: crate::op::Padding::Size(1, 1),
            ..Conv2d::new(4, (3, 3))
        })
    };
    let once = builder
        .module("conv", conv(), &[input], Origin::default())
        .unwrap();
    let twice = builder
        .module("conv", conv(), &[once], Origin::default())
        .unwrap();
    let mut graph = builder.finish(&[twice]);
    assert_eq!(graph.parameters().count(), 1);
    assert_eq!(graph.cost().parameters, 4 * 4 * 9);
    let zeros = Tensor::zeros(shape("4x4x3x3")).unwrap();
    assert!(!graph.set_parameter("conv.bias", zeros.clone()));
    assert!(graph.set_parameter("conv.weight", zeros));
    let values = graph
        .run(&[(input, filled("1x4x8x8", 1))], Keep::Outputs)
        .unwrap();
    assert!(
        values
            .get(twice)
            .unwrap()
            .data()
            .iter()
            .all(|&value| value == 0.0)
    );
    assert!(values.get(once).is_none(), "kept although nothing needs it");
}

#[test]
fn what_is_behind_an_unknown_node_has_shapes_but_no_numbers() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x4x8x8"), true);
    let why = Localized::new("a magic trick".to_owned(), "手品".to_owned());
    let known = [("y".to_owned(), Some(shape("1x4x8x8")))];
    let unknown = builder.unknown("magic", &[input], &known, Origin::of("Magic"), why);
    let pool = MaxPool2d::new((2, 2));
    let pool = builder
        .node("pool", pool, &unknown, &[], Origin::of("MaxPool"))
        .unwrap();
    let graph = builder.finish(&[pool]);
    assert_eq!(graph.value(pool).shape, Some(shape("1x4x4x4")));
    let values = graph
        .run(&[(input, filled("1x4x8x8", 1))], Keep::All)
        .unwrap();
    assert!(values.get(pool).is_none());
    let message = graph.obstacle(pool).unwrap().to_string();
    assert!(
        message.contains("`magic`") && message.contains("a magic trick"),
        "{message}"
    );
    let field = graph.receptive_field(pool, input).unwrap();
    assert_eq!(field.status, FieldStatus::Unknown);
}

#[test]
fn a_node_that_fails_keeps_only_what_depends_on_it_from_having_numbers() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("2"), false);
    let rows = layer("Embedding(num_embeddings: 3, embedding_dim: 2)");
    let rows = builder.module("rows", rows, &[input], Origin::of("Embedding"));
    let relu = builder.module("relu", ReLU, &[input], Origin::of("ReLU"));
    let (rows, relu) = (rows.unwrap(), relu.unwrap());
    let behind = builder.module("behind", ReLU, &[rows], Origin::of("ReLU"));
    let graph = builder.finish(&[behind.unwrap(), relu]);
    // There is no row 9.
    let inputs = [(input, Tensor::new(shape("2"), vec![0.0, 9.0]).unwrap())];
    assert!(graph.run(&inputs, Keep::All).is_err());
    let (values, failures) = graph.run_as_far(&inputs, Keep::Outputs).unwrap();
    assert_eq!(values.get(relu).unwrap().data(), [0.0, 9.0]);
    let failed = graph.outputs()[0];
    assert_eq!(values.get(failed), None);
    let why = graph.obstacle_among(failed, &failures).unwrap().to_string();
    assert!(why.contains("`rows`") && why.contains('9'), "{why}");
    assert_eq!(graph.obstacle_among(relu, &failures), None);
}

#[test]
fn an_operand_that_does_not_fit_is_told_with_its_node() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x3x6x6"), true);
    let weight = builder.constant("w", filled("4x2x3x3", 1));
    let error = builder
        .node(
            "c1",
            Conv2d::new(4, (3, 3)),
            &[input],
            &[("weight", weight)],
            Origin::of("Conv"),
        )
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`c1`") && error.contains("4 × 3 × 3 × 3"),
        "{error}"
    );
    let error = builder
        .node(
            "c2",
            BatchNorm2d::new(),
            &[weight],
            &[],
            Origin::of("BatchNormalization"),
        )
        .err();
    assert!(
        error.is_none(),
        "a batch of four samples of two channels is one"
    );
    let flat = builder.input("flat", shape("7"), false);
    let error = builder
        .node(
            "c3",
            Conv2d::new(4, (3, 3)),
            &[flat],
            &[],
            Origin::of("Conv"),
        )
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`c3`") && error.contains("channels × height × width"),
        "{error}"
    );
}

#[test]
fn a_residual_block_sees_what_its_longer_branch_sees() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x4x32x32"), true);
    let conv = || layer("Conv2d(filters: 4, kernel: (3, 3), padding: Same)");
    let a = builder
        .module("a", conv(), &[input], Origin::default())
        .unwrap();
    let b = builder
        .module("b", conv(), &[a], Origin::default())
        .unwrap();
    let sum = builder.node("sum", Add::default(), &[b, input], &[], Origin::of("+"));
    let Ok(sum) = sum else {
        panic!("{}", sum.unwrap_err());
    };
    let pool = MaxPool2d::new((2, 2));
    let pool = builder
        .node("pool", pool, &[sum], &[], Origin::default())
        .unwrap();
    let graph = builder.finish(&[pool]);
    let field = graph.receptive_field(pool, input).unwrap();
    assert_eq!((field.size, field.stride), ((6, 6), (2.0, 2.0)));
    assert_eq!(field.status, FieldStatus::Exact);
    let rows = graph.rows();
    assert_eq!(rows[3].name, "pool");
    assert_eq!(rows[3].output, Some(shape("1x4x16x16")));
}

#[test]
fn chains_end_where_branches_meet() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x4x8x8"), true);
    let conv = || layer("Conv2d(filters: 4, kernel: (3, 3), padding: Same)");
    let stem = builder.module("stem", conv(), &[input], Origin::default());
    let stem = stem.unwrap();
    let a = builder
        .module("a", conv(), &[stem], Origin::default())
        .unwrap();
    let relu = builder
        .module("relu", ReLU, &[a], Origin::default())
        .unwrap();
    let sum = builder.node("sum", Add::default(), &[relu, stem], &[], Origin::default());
    let sum = sum.unwrap();
    let mut graph = builder.finish(&[sum]);
    graph.set_parameter("a.weight", filled("4x4x3x3", 2));
    let chains = graph.chains();
    let names: Vec<Vec<&str>> = chains
        .iter()
        .map(|chain| {
            chain
                .nodes
                .iter()
                .map(|&node| graph.nodes()[node].name.as_str())
                .collect()
        })
        .collect();
    assert_eq!(names, [vec!["stem"], vec!["a", "relu"]]);
    // What is shown goes on through a sum with what the chain begins with, whichever comes first.
    let shown = graph.shown_chains();
    let last = shown.last().unwrap();
    let names: Vec<&str> = last
        .nodes
        .iter()
        .map(|&node| graph.nodes()[node].name.as_str())
        .collect();
    assert_eq!(names, ["a", "relu", "sum"]);
    assert_eq!((last.input, last.output), (stem, sum));
    // The chain alone gives what it gives in the network.
    let file = |name: &str| Fill::Named {
        file: String::from("net.onnx"),
        tensor: name.to_owned(),
    };
    let layers = graph.chain_layers(&chains[1], file);
    assert_eq!(layers[0].fill("weight"), Some(&file("a.weight")));
    assert_eq!(graph.chain_input(&chains[1]), Some(shape("4x8x8")));
}

/// A part with a skip connection gives what it gives in the network; a difference the other way round
/// is no such part, since its tensors may not change places.
#[test]
fn a_shown_chain_around_which_a_value_is_led_computes_what_the_graph_does() {
    for (layer, turned, shown) in [
        (Layer::from(Add::default()), false, 2),
        (Layer::from(Add::default()), true, 2),
        (Layer::from(crate::op::Sub::default()), false, 2),
        (Layer::from(crate::op::Sub::default()), true, 1),
    ] {
        let mut builder = GraphBuilder::new();
        let input = builder.input("x", shape("1x2x4x4"), true);
        let relu = builder
            .module("relu", ReLU, &[input], Origin::default())
            .unwrap();
        let inputs = if turned { [input, relu] } else { [relu, input] };
        let both = builder
            .node("both", layer, &inputs, &[], Origin::default())
            .unwrap();
        let graph = builder.finish(&[both]);
        let chain = graph.shown_chains().swap_remove(0);
        assert_eq!(chain.nodes.len(), shown, "{turned}");
        let layers = graph.chain_layers(&chain, |_| Fill::Ramp);
        let given = Fill::Random { seed: 3 }.make(&shape("1x2x4x4")).unwrap();
        let values = graph.run(&[(input, given.clone())], Keep::All).unwrap();
        let alone = given.reshaped(shape("2x4x4")).unwrap();
        let tensors = crate::network::Chain::plan(&layers, alone.shape())
            .unwrap()
            .run(alone)
            .unwrap();
        let expected = values.get(chain.output).unwrap();
        assert_eq!(tensors.last().unwrap().data(), expected.data());
    }
}

/// Blocks of a convolution, its activation and a sum with what went in, with a step down and up now
/// and then.
fn deep(blocks: usize) -> (Graph, ValueId, ValueId) {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x2x64x64"), true);
    let mut last = input;
    let mut count = 0;
    let mut add = |layer: Layer, inputs: &[ValueId]| {
        count += 1;
        let name = format!("n{count}");
        let node = builder.node(name, layer, inputs, &[], Origin::default());
        node.unwrap_or_else(|why| panic!("{why}"))
    };
    for block in 0..blocks {
        if block % 100 == 50 {
            let half = add(layer("MaxPool2d(kernel: (2, 2))"), &[last]);
            let whole = add(layer("Upsample(scale: (2.0, 2.0))"), &[half]);
            last = add(Add::default().into(), &[whole, last]);
        }
        let conv = layer("Conv2d(filters: 2, kernel: (3, 3), padding: Same, bias: false)");
        let conv = add(conv, &[last]);
        let relu = add(ReLU.into(), &[conv]);
        last = add(Add::default().into(), &[relu, last]);
    }
    (builder.finish(&[last]), input, last)
}

#[test]
fn fields_of_a_deep_network_take_work_in_proportion_to_its_nodes() {
    let (graph, input, last) = deep(1700);
    assert!(graph.nodes().len() > 5_000);
    let fields = graph.fields(input);
    // Never more than a few spans for a value, however deep it lies.
    assert!(
        fields.work() <= 4 * 2 * (graph.nodes().len() + 1),
        "{}",
        fields.work()
    );
    let field = fields.of(last).unwrap();
    // A convolution sees one place more on each side. The first pool and its way back show one more on
    // one side; the later ones lie on the same grid, to whose lines the fields reach already.
    assert_eq!(field.size, (2 * 1700 + 1 + 1, 2 * 1700 + 1 + 1));
    assert_eq!(field.stride, (1.0, 1.0));
}

/// The rows of the input that an element of a value depends on, from what each step of each layer
/// reads: no box, no period.
fn rows_read(graph: &Graph, value: ValueId, at: [usize; 3]) -> std::collections::BTreeSet<isize> {
    let mut read = std::collections::BTreeSet::new();
    let mut waiting = std::collections::BTreeSet::from([(value, at)]);
    while let Some((id, at)) = waiting.pop_last() {
        let ValueSource::Node(number) = graph.value(id).source else {
            read.insert(at[1] as isize);
            continue;
        };
        let node = &graph.nodes()[number];
        let plan = node.plan().unwrap();
        for element in plan.receptive_field(at).unwrap().input.iter() {
            let element = element.map(|at| at as usize);
            waiting.extend(node.inputs.iter().map(|&input| (input, element)));
        }
    }
    read
}

#[test]
fn fields_through_uneven_resizing_cover_what_is_read() {
    // 37 rows become 12, then 37 again by a ratio that repeats nowhere, and meet the first 37.
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x1x37x8"), true);
    let mut count = 0;
    let mut add = |text: &str, inputs: &[ValueId]| {
        count += 1;
        let name = format!("n{count}");
        let node = builder.node(name, layer(text), inputs, &[], Origin::default());
        node.unwrap_or_else(|why| panic!("{why}"))
    };
    let conv = "Conv2d(filters: 1, kernel: (3, 3), padding: Same)";
    let first = add(conv, &[input]);
    let small = add("MaxPool2d(kernel: (3, 1))", &[first]);
    let large = add("Upsample(size: (37, 8), mode: Bilinear)", &[small]);
    let sum = add("Add()", &[large, first]);
    let last = add(conv, &[sum]);
    let turned = add("Roll(shifts: [5], dims: [-2])", &[last]);
    let behind = add(conv, &[turned]);
    let graph = builder.finish(&[behind]);
    let fields = graph.fields(input);
    for value in [first, small, large, sum, last, turned, behind] {
        let field = fields.of(value).unwrap();
        let rows = graph.value(value).shape.unwrap().as_chw()[1];
        let widest = (0..rows)
            .map(|row| {
                let read = rows_read(&graph, value, [0, row, 4]);
                let (first, last) = (read.first().unwrap(), read.last().unwrap());
                (last - first + 1) as u64
            })
            .max();
        let widest = widest.unwrap();
        let name = &graph.value(value).name;
        assert!(field.size.0 >= widest, "{name}: {field:?}, not {widest}");
        // At most the padding and a whole element of the uneven step more; where what leaves at one end
        // comes in at the other, the padding of both ends.
        let more = if value == behind { 10 } else { 4 };
        assert!(
            field.size.0 <= widest + more,
            "{name}: {field:?}, not {widest}"
        );
    }
}

#[test]
fn strides_that_multiply_without_end_are_no_fault() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x1x1x1"), true);
    let mut last = input;
    for number in 0..90 {
        let conv = layer("Conv2d(filters: 1, kernel: (3, 3), stride: (2, 2), padding: Size(1, 1))");
        let node = builder.node(format!("n{number}"), conv, &[last], &[], Origin::default());
        last = node.unwrap();
    }
    let graph = builder.finish(&[last]);
    let field = graph.receptive_field(last, input).unwrap();
    assert!(field.size.0 > 1 << 30, "{field:?}");
}
