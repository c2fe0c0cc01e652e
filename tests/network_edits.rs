//! Layers of a whole network, edited where they stand: what is shown is what the edited network gives when it is
//! run from the start, and what does not fit is told at its place.

use tensorama::explore::network_view::NetworkView;
use tensorama::explore::{Edit, Parameter, network_file};
use tensorama::lesson::BlockMark;
use tensorama::network::map::RunNetwork;
use tensorama::network::{EditedBefore, Graph, GraphBuilder, Keep, LayerEdits, Origin, ValueId};
use tensorama::op::{Add, Layer, Padding, ReLU};
use tensorama::tensor::{Fill, Shape, Tensor};

fn layer(text: &str) -> Layer {
    text.parse().unwrap()
}

fn shape(text: &str) -> Shape {
    text.parse().unwrap()
}

fn uniform(text: &str, seed: u64) -> Tensor {
    Fill::Uniform { seed }.make(&shape(text)).unwrap()
}

/// The network that tells digits apart.
fn digits() -> (NetworkView, Graph) {
    let view = network_file::view("digits").unwrap().unwrap();
    let base = Graph::clone(&view.run().graph);
    (view, base)
}

/// The first node with a layer of a name.
fn first(graph: &Graph, name: &str) -> usize {
    let mut nodes = graph.nodes().iter();
    let found = nodes.position(|node| node.plan().is_some_and(|plan| plan.layer().name() == name));
    found.unwrap_or_else(|| panic!("no {name}"))
}

/// Every value that the map shows is what a run of the edited network from the start gives.
fn agrees_with_a_run_from_the_start(view: &NetworkView, base: &Graph) {
    let none = LayerEdits::new();
    let unedited = EditedBefore {
        graph: base,
        stale: &[],
        edits: &none,
    };
    let made = base.edited(view.edits(), unedited);
    assert!(made.misfits.is_empty(), "{:?}", made.misfits);
    let values = made.graph.run(view.inputs(), Keep::All).unwrap();
    for (block, tensor) in view.staged().map.blocks.iter().zip(&view.staged().tensors) {
        let (shown, right) = (tensor.as_ref().unwrap(), values.get(block.value).unwrap());
        assert_eq!(shown.data(), right.data(), "{}", block.name);
    }
}

fn outputs(view: &NetworkView) -> Vec<f32> {
    let run = view.run();
    run.sample(run.graph.outputs()[0]).unwrap().into_data()
}

#[test]
fn an_edit_is_followed_up_to_the_output() {
    let (mut view, base) = digits();
    let before = outputs(&view);
    let conv = first(&base, "Conv2d");
    let rows = |view: &NetworkView| {
        let output = view.run().graph.nodes()[conv].outputs[0];
        view.run().graph.value(output).shape.unwrap().axes()[2]
    };
    let height = rows(&view);
    for edit in [
        Edit::Both(Parameter::StrideRows, 2),
        Edit::Both(Parameter::KernelRows, 5),
        Edit::set(Parameter::Padding, Padding::Size(2, 2)),
        Edit::Both(Parameter::DilationRows, 2),
        Edit::set(Parameter::Weights, Fill::Gaussian),
    ] {
        view.edit_layer(conv, &edit).unwrap();
        assert!(view.misfits().is_empty(), "{edit:?}: {:?}", view.misfits());
        agrees_with_a_run_from_the_start(&view, &base);
        assert_ne!(outputs(&view), before, "{edit:?}");
    }
    assert!(rows(&view) < height);
    view.reset_layers().unwrap();
    assert_eq!(outputs(&view), before);
    assert_eq!(*view.run().graph, base);
}

#[test]
fn other_input_goes_through_the_edited_network() {
    let (mut view, base) = digits();
    let conv = first(&base, "Conv2d");
    view.edit_layer(conv, &Edit::set(Parameter::Weights, Fill::SobelX))
        .unwrap();
    let input = *view.input().unwrap().shape();
    view.feed(Fill::Uniform { seed: 3 }.make(&input).unwrap())
        .unwrap();
    agrees_with_a_run_from_the_start(&view, &base);
}

#[test]
fn edits_are_taken_back_one_by_one_and_a_slider_is_one() {
    let (mut view, base) = digits();
    let start = outputs(&view);
    let conv = first(&base, "Conv2d");
    for stride in [2, 3] {
        view.edit_layer(conv, &Edit::Both(Parameter::StrideRows, stride))
            .unwrap();
    }
    view.settle();
    let strided = outputs(&view);
    view.edit_layer(conv, &Edit::set(Parameter::Weights, Fill::BoxBlur))
        .unwrap();
    let blurred = outputs(&view);
    assert!(view.undo());
    assert_eq!(outputs(&view), strided);
    assert!(view.undo());
    assert_eq!(outputs(&view), start);
    assert!(view.edits().is_empty());
    assert!(!view.undo());
    assert!(view.redo() && view.redo());
    assert_eq!(outputs(&view), blurred);
    // The trained weights again, and then nothing is edited but the stride.
    view.own_weights(conv).unwrap();
    assert_eq!(outputs(&view), strided);
    view.reset_layer(conv).unwrap();
    assert_eq!(outputs(&view), start);
}

#[test]
fn what_is_set_back_by_hand_is_not_edited() {
    let (mut view, base) = digits();
    let conv = first(&base, "Conv2d");
    let plan = base.nodes()[conv].plan().unwrap();
    let stride = plan.layer().number(Parameter::StrideRows).unwrap();
    for stride in [stride + 1, stride] {
        view.edit_layer(conv, &Edit::Both(Parameter::StrideRows, stride))
            .unwrap();
    }
    assert!(view.edits().is_empty());
}

/// What a person does at random, against a run from the start. Misfits may come and go between.
#[test]
fn any_edits_in_any_order_leave_what_a_run_from_the_start_gives() {
    let (mut view, base) = digits();
    let layers: Vec<usize> = (0..base.nodes().len())
        .filter(|&node| !view.settings(node).is_empty())
        .collect();
    assert!(layers.len() > 3);
    let mut state = 11_u64;
    let mut chance = |count: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % count
    };
    let (mut fitting, mut others) = (0, 0);
    for turn in 0..60 {
        if turn % 6 == 0 {
            view.reset_layers().unwrap();
        }
        let node = layers[chance(layers.len())];
        let edit = match chance(6) {
            0 => Edit::Both(Parameter::StrideRows, 1 + chance(3)),
            1 => Edit::Both(Parameter::KernelRows, 1 + chance(5)),
            2 => Edit::Both(Parameter::PaddingTop, chance(3)),
            3 => Edit::set(Parameter::Weights, Fill::Uniform { seed: 1 }),
            4 => Edit::Number(Parameter::Filters, 1 + chance(24)),
            _ => Edit::Both(Parameter::DilationRows, 1 + chance(3)),
        };
        match chance(5) {
            0 => _ = view.undo(),
            1 => view.reset_layer(node).unwrap(),
            _ => view.edit_layer(node, &edit).unwrap(),
        }
        if view.misfits().is_empty() {
            agrees_with_a_run_from_the_start(&view, &base);
            fitting += 1;
        } else {
            others += 1;
        }
    }
    assert!(fitting > 2 && others > 0, "{fitting} {others}");
    view.reset_layers().unwrap();
    assert_eq!(*view.run().graph, base);
    agrees_with_a_run_from_the_start(&view, &base);
}

/// x, a convolution, a ReLU, the sum with x, and a second convolution.
struct Skip {
    graph: Graph,
    input: ValueId,
}

const CONV: usize = 0;
const RELU: usize = 1;
const SUM: usize = 2;
const HEAD: usize = 3;

fn skip(first: &str) -> Skip {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x4x6x6"), true);
    let module = |builder: &mut GraphBuilder, name: &str, layer: Layer, input: ValueId| {
        builder
            .module(name, layer, &[input], Origin::of(name))
            .unwrap()
    };
    let conv = module(&mut builder, "conv", layer(first), input);
    let relu = module(&mut builder, "relu", ReLU.into(), conv);
    let sum = builder.node(
        "sum",
        Add::default(),
        &[relu, input],
        &[],
        Origin::of("Add"),
    );
    let head = module(&mut builder, "head", layer("Conv2d(4, 2, 3)"), sum.unwrap());
    let graph = builder.finish(&[head]);
    Skip { graph, input }
}

fn view_of(skip: &Skip) -> NetworkView {
    let inputs = vec![(skip.input, uniform("1x4x6x6", 4))];
    let run = RunNetwork::new(skip.graph.clone(), &inputs).unwrap();
    NetworkView::new("skip".to_owned(), run, inputs)
}

fn output(view: &NetworkView, node: usize) -> (Shape, Option<Vec<f32>>) {
    let run = view.run();
    let value = run.graph.nodes()[node].outputs[0];
    let numbers = run.sample(value).map(Tensor::into_data);
    (run.graph.value(value).shape.unwrap(), numbers)
}

#[test]
fn where_a_shape_no_longer_fits_the_place_is_told_and_the_rest_stays() {
    let skip = skip("Conv2d(4, 4, 3, padding=1)");
    let view = view_of(&skip);
    // Open, so that marks stand on single layers.
    let units = view.run().map.units.iter();
    let names: Vec<String> = units.map(|unit| unit.name.clone()).collect();
    let mut view = view.with_open(names.iter().map(String::as_str));
    let (sum_before, head_before) = (output(&view, SUM), output(&view, HEAD));
    let start = view.staged().tensors.clone();
    view.edit_layer(CONV, &Edit::set(Parameter::Padding, Padding::Valid))
        .unwrap();
    let [misfit] = view.misfits() else {
        panic!("{:?}", view.misfits());
    };
    assert_eq!(misfit.node, SUM);
    for text in [&misfit.why.en, &misfit.why.ja] {
        assert!(text.contains("sum"), "{text}");
    }
    assert_ne!(misfit.why.en, misfit.why.ja);
    // Up to there shapes follow; from there on nothing moves.
    assert_eq!(output(&view, CONV).0, shape("1x4x4x4"));
    assert_eq!(output(&view, RELU).0, shape("1x4x4x4"));
    assert_eq!(output(&view, SUM), sum_before);
    assert_eq!(output(&view, HEAD), head_before);
    assert!(!view.run().is_stale(CONV) && !view.run().is_stale(RELU));
    assert!(view.run().is_stale(SUM) && view.run().is_stale(HEAD));
    let marks = &view.staged().marks;
    assert!(marks.contains(&BlockMark::Misfit), "{marks:?}");
    // An edit behind it waits.
    view.edit_layer(HEAD, &Edit::Both(Parameter::StrideRows, 2))
        .unwrap();
    assert_eq!(output(&view, HEAD), head_before);
    // Other input goes up to there.
    view.feed(uniform("1x4x6x6", 9)).unwrap();
    assert_eq!(output(&view, HEAD), head_before);
    // What is mended is followed again, the edit that waited with it.
    view.reset_layer(CONV).unwrap();
    assert!(view.misfits().is_empty());
    assert_eq!(output(&view, HEAD).0, shape("1x2x2x2"));
    agrees_with_a_run_from_the_start(&view, &skip.graph);
    view.feed(uniform("1x4x6x6", 4)).unwrap();
    view.reset_layers().unwrap();
    assert_eq!(view.staged().tensors, start);
    assert!(
        view.staged()
            .marks
            .iter()
            .all(|mark| *mark == BlockMark::Plain)
    );
}

#[test]
fn an_edited_network_is_the_one_that_is_built_so() {
    // The weights are those of the network that is edited: of a dilated kernel they stay the same.
    let mut view = view_of(&skip("Conv2d(4, 4, 3, padding=1)"));
    view.edit_layer(CONV, &Edit::Both(Parameter::DilationRows, 2))
        .unwrap();
    view.edit_layer(CONV, &Edit::set(Parameter::Padding, Padding::Size(2, 2)))
        .unwrap();
    assert!(view.misfits().is_empty(), "{:?}", view.misfits());
    let built = skip("Conv2d(4, 4, 3, padding=2, dilation=2)");
    let values = built.graph.run(view.inputs(), Keep::All).unwrap();
    let right = values.get(built.graph.outputs()[0]).unwrap();
    assert_eq!(output(&view, HEAD).1.unwrap(), right.data());
    assert_eq!(view.run().graph.cost(), built.graph.cost());
    assert_eq!(view.run().cost(), built.graph.cost());
}

#[test]
fn a_larger_kernel_keeps_the_centre_of_the_weights() {
    // With as much more padding, zeros around the weights change nothing.
    let mut view = view_of(&skip("Conv2d(4, 4, 3, padding=1)"));
    let before = output(&view, HEAD);
    view.edit_layer(CONV, &Edit::set(Parameter::Padding, Padding::Size(2, 2)))
        .unwrap();
    view.edit_layer(CONV, &Edit::Both(Parameter::KernelRows, 5))
        .unwrap();
    assert!(view.misfits().is_empty(), "{:?}", view.misfits());
    let (shape_after, numbers) = output(&view, HEAD);
    assert_eq!(shape_after, before.0);
    for (after, before) in numbers.unwrap().iter().zip(before.1.unwrap()) {
        let near = (after - before).abs() < 1e-4 * before.abs().max(1.0);
        assert!(near, "{after} {before}");
    }
}

#[test]
fn weights_that_do_not_suit_are_told_at_their_layer() {
    let mut view = view_of(&skip("Conv2d(4, 4, 1)"));
    let before = output(&view, HEAD);
    view.edit_layer(CONV, &Edit::set(Parameter::Weights, Fill::SobelX))
        .unwrap();
    assert_eq!(view.misfits().len(), 1);
    assert_eq!(view.misfits()[0].node, CONV);
    assert!(view.misfits()[0].why.en.contains("3 × 3"));
    assert_eq!(output(&view, HEAD), before);
}

#[test]
fn only_what_follows_is_computed_again() {
    let mut view = view_of(&skip("Conv2d(4, 4, 3, padding=1)"));
    let base = Graph::clone(&view.run().graph);
    view.edit_layer(HEAD, &Edit::Both(Parameter::StrideRows, 2))
        .unwrap();
    let none = LayerEdits::new();
    let unedited = EditedBefore {
        graph: &base,
        stale: &[],
        edits: &none,
    };
    let made = base.edited(view.edits(), unedited);
    assert_eq!(made.changed, [false, false, false, true]);
    let again = EditedBefore {
        graph: &made.graph,
        stale: &made.stale,
        edits: view.edits(),
    };
    assert_eq!(base.edited(view.edits(), again).changed, [false; 4]);
    assert_eq!(
        base.edited(&none, again).changed,
        [false, false, false, true]
    );
}

#[test]
fn the_channel_that_is_asked_for_stands_in_front_of_its_block() {
    let (mut view, _) = digits();
    let edition = view.edition();
    view.show_channel(3);
    assert_eq!(view.edition(), edition, "nothing is looked at");
    view.select(Some(1));
    view.show_channel(3);
    assert!(view.edition() > edition);
    assert_eq!((view.channel(0), view.channel(1)), (0, 3));
    // It stays so when something else is edited.
    let (conv, edit) = (first(&view.run().graph, "Conv2d"), Parameter::StrideRows);
    view.edit_layer(conv, &Edit::Both(edit, 2)).unwrap();
    assert_eq!(view.channel(1), 3);
}

#[test]
fn places_of_a_block_lie_on_its_front() {
    let (view, _) = digits();
    let block = &view.staged().map.blocks[0];
    let (low, high) = block.bounds();
    let (first, half) = block.front_cell(0, 0).unwrap();
    let (last, _) = block.front_cell(27, 27).unwrap();
    let near = |a: f32, b: f32| (a - b).abs() < 1e-4;
    // The first row is the highest, the first column the leftmost.
    assert!(near(first.x - half.x, low.x) && near(first.y + half.y, high.y));
    assert!(near(last.x + half.x, high.x) && near(last.y - half.y, low.y));
    assert!(near(first.z, high.z) && near(last.z, high.z));
    assert_eq!(block.front_cell(28, 0), None);
    assert_eq!(block.front_cell(0, 28), None);
}

#[test]
fn what_was_let_go_of_is_computed_again() {
    let mut builder = GraphBuilder::new();
    let input = builder.input("x", shape("1x4x6x6"), true);
    let mut last = input;
    for (name, layer) in [
        ("conv", layer("Conv2d(4, 4, 3)")),
        ("norm", layer("BatchNorm2d(4)")),
        ("relu", ReLU.into()),
        ("head", layer("Conv2d(4, 2, 3)")),
    ] {
        last = builder
            .module(name, layer, &[last], Origin::of(name))
            .unwrap();
    }
    let graph = builder.finish(&[last]);
    let inputs = vec![(input, uniform("1x4x6x6", 4))];
    let all = graph.run(&inputs, Keep::All).unwrap();
    let [conv, norm] = [0, 1].map(|node: usize| graph.nodes()[node].outputs[0]);
    let run = RunNetwork::new(graph.clone(), &inputs).unwrap();
    assert!(run.sample(conv).is_none() && run.sample(norm).is_none());
    for node in graph.nodes() {
        let again = run.recalled(node.outputs[0]).unwrap();
        assert_eq!(again.as_ref(), all.get(node.outputs[0]), "{}", node.name);
    }
    // Six channels do not fit the normalisation. It stays as it was, though what gave its numbers is gone.
    let mut view = NetworkView::new("chain".to_owned(), run, inputs);
    view.edit_layer(0, &Edit::Number(Parameter::Filters, 6))
        .unwrap();
    assert_eq!(view.misfits().len(), 1, "{:?}", view.misfits());
    assert!(view.run().is_stale(1));
    let again = view.run().recalled(norm).unwrap();
    assert_eq!(again.as_ref(), all.get(norm));
    let again = view.run().recalled(conv).unwrap().unwrap();
    assert_eq!(*again.shape(), shape("1x6x4x4"));
    // And so it is on another input.
    view.feed(uniform("1x4x6x6", 5)).unwrap();
    let again = view.run().recalled(norm).unwrap();
    assert_eq!(again.as_ref(), all.get(norm));
}

#[test]
fn behind_a_misfit_a_layer_goes_to_the_workbench_with_the_numbers_that_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut view = view_of(&skip("Conv2d(4, 4, 3, padding=1)"));
    let (_, reached) = output(&view, SUM);
    view.edit_layer(CONV, &Edit::set(Parameter::Padding, Padding::Valid))
        .unwrap();
    assert!(view.run().is_stale(HEAD));
    let has_head = |block: &usize| {
        let unit = view.unit(*block);
        unit.is_some_and(|unit| unit.nodes == [HEAD])
    };
    let head = (0..view.staged().map.blocks.len()).find(has_head);
    view.select(Some(head.unwrap()));
    let setup = view.part(folder.path()).unwrap();
    let input = setup.fill.make(&Shape::new(&setup.input).unwrap()).unwrap();
    assert_eq!(input.data(), reached.unwrap());
}
