//! The networks that come with the program give what ONNX Runtime 1.32.0 gives for the same numbers.

use tensorama::explore::network_file;
use tensorama::network::{Keep, Network, SHIPPED, ShippedNetwork, Subject};
use tensorama::tensor::{Fill, Shape, Tensor};

/// The first output of a network for an input whose elements count from 0 to 16, as sixteenths.
fn output(name: &str, axes: &[usize]) -> Tensor {
    let shape = Shape::new(axes).unwrap();
    let network = Subject::parse(name).unwrap().network(&shape).unwrap();
    let Network::Graph(graph) = network else {
        panic!("{name} is no graph");
    };
    let input = graph.inputs()[0];
    let shape = graph.value(input).shape.unwrap();
    let numbers = (0..shape.count()).map(|place| (place % 17) as f32 / 16.0);
    let tensor = Tensor::new(shape, numbers.collect()).unwrap();
    let values = graph.run(&[(input, tensor)], Keep::Outputs).unwrap();
    values.get(graph.outputs()[0]).unwrap().clone()
}

fn near(given: &[f32], right: &[f32]) {
    assert_eq!(given.len(), right.len());
    for (given, right) in given.iter().zip(right) {
        assert!(
            (given - right).abs() < 1e-3 * right.abs().max(1.0),
            "{given} is not {right}"
        );
    }
}

#[test]
fn digits_are_told_apart_as_onnx_runtime_does() {
    let output = output("digits", &[1, 28, 28]);
    let right = [
        4.396_999,
        -21.360_422,
        2.371_66,
        1.179_655,
        -2.940_631,
        -0.677_21,
        4.266_447,
        -8.636_231,
        10.210_246,
        2.756_644,
    ];
    near(output.data(), &right);
}

#[test]
fn a_picture_is_enlarged_as_onnx_runtime_does() {
    let output = output("super-resolution", &[3, 8, 8]);
    assert_eq!(output.shape().axes(), [1, 3, 16, 16]);
    let some: Vec<f32> = output.data().iter().step_by(77).copied().collect();
    let right = [
        -0.028_242, 0.424_977, 0.244_768, 0.328_224, 0.389_606, 0.726_658, 0.301_064, 0.775_954,
        0.178_717, -0.161_34,
    ];
    near(&some, &right);
}

#[test]
fn a_shipped_network_is_small_and_found_by_its_name() {
    for network in &SHIPPED {
        assert!(
            ShippedNetwork::preprocess(network.name).is_some(),
            "{}",
            network.name
        );
        assert!(network.file.len() < 200_000, "{}", network.name);
        let subject = Subject::parse(network.name).unwrap();
        let shape = network.input.parse().unwrap();
        let Network::Graph(graph) = subject.network(&shape).unwrap() else {
            panic!("{} is no graph", network.name);
        };
        assert!(
            graph.nodes().iter().all(|node| node.plan().is_some()),
            "{}",
            network.name
        );
    }
}

/// What scripts/lesson_digits.py draws and ONNX Runtime answers: 4.03 for 7, then −1.2 for 9, and a share of 0.986.
#[test]
fn the_digits_are_opened_on_a_seven_and_answer_that_it_is_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons/digits/seven.npy");
    let shape: Shape = "1x28x28".parse().unwrap();
    let seven = Fill::File(path.to_owned()).make(&shape).unwrap();
    let view = network_file::view("digits").unwrap().unwrap();
    let opened = view.input().unwrap();
    assert_eq!(opened.shape().count(), 28 * 28);
    // The script rounds to the 256 steps of a picture.
    for (given, right) in opened.data().iter().zip(seven.data()) {
        assert!(
            (given - right).abs() < 0.51 / 255.0 / 0.3081,
            "{given} is not {right}"
        );
    }
    let answer = view.run().graph.outputs()[0];
    let scores = view.run().sample(answer).unwrap();
    assert!((scores.data()[7] - 4.03).abs() < 0.1, "{scores:?}");
    let (first, share) = view.run().shares(answer).unwrap()[0];
    assert_eq!(first, 7);
    assert!((share - 0.986).abs() < 0.01, "{share}");
}

#[test]
fn a_part_of_the_digits_is_opened_on_the_seven_too_and_on_a_ramp_only_where_one_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let first = |shape: Option<Shape>, fill: Option<&Fill>| {
        let folder = || Some(folder.path().to_owned());
        let setup = network_file::setup("digits", (None, shape, fill), folder).unwrap();
        let setup = setup.unwrap();
        setup.fill.make(&setup.shape().unwrap()).unwrap()
    };
    let view = network_file::view("digits").unwrap().unwrap();
    assert_eq!(first(None, None).data(), view.input().unwrap().data());
    let shape: Shape = "1x28x28".parse().unwrap();
    let ramp = Fill::Ramp.make(&shape).unwrap();
    assert_eq!(first(None, Some(&Fill::Ramp)).data(), ramp.data());
    assert_eq!(first(Some(shape), None).data(), ramp.data());
}

#[test]
fn a_network_without_a_picture_of_its_own_is_opened_on_numbers_that_count_up() {
    let view = network_file::view("super-resolution").unwrap().unwrap();
    let opened = view.input().unwrap();
    let ramp = Fill::Ramp.make(opened.shape()).unwrap();
    assert_eq!(opened.data(), ramp.data());
}
