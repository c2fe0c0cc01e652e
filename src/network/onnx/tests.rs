//! Whole files, written by `rten-onnx`.

use std::cell::RefCell;

use rten_onnx::onnx as proto;

use super::*;
use crate::disk::{Reach, ReadError, reader};
use crate::network::{Graph, Keep};
use crate::tensor::{Fill, Shape, Tensor};

fn nothing_beside(_: &str) -> Result<Vec<u8>, ReadError> {
    panic!("no file beside was asked for")
}

fn node(op_type: &str, inputs: &[&str], outputs: &[&str]) -> proto::NodeProto {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    proto::NodeProto {
        name: Some(format!("/{op_type}")),
        op_type: Some(op_type.to_owned()),
        input: names(inputs),
        output: names(outputs),
        ..Default::default()
    }
}

fn declared(name: &str, axes: &[&str]) -> proto::ValueInfoProto {
    let axis = |text: &&str| match text.parse() {
        Ok(length) => proto::Dimension {
            dim_value: Some(length),
            ..Default::default()
        },
        Err(_) => proto::Dimension {
            dim_param: Some((*text).to_owned()),
            ..Default::default()
        },
    };
    proto::ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(proto::TypeProto {
            tensor_type: Some(proto::TypeProtoTensor {
                elem_type: Some(proto::DataType::FLOAT),
                shape: Some(proto::TensorShapeProto {
                    dim: axes.iter().map(axis).collect(),
                }),
            }),
            ..Default::default()
        }),
    }
}

fn floats(name: &str, dims: &[i64], numbers: &[f32]) -> proto::TensorProto {
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
    proto::TensorProto {
        name: Some(name.to_owned()),
        dims: dims.to_vec(),
        data_type: Some(proto::DataType::FLOAT),
        raw_data: Some(RefCell::new(bytes.collect())),
        ..Default::default()
    }
}

/// A file of nodes on an input `x` of `batch × 3 × 4 × 4`, whose output is `y`.
fn file(nodes: Vec<proto::NodeProto>, constants: Vec<proto::TensorProto>) -> Vec<u8> {
    proto::ModelProto {
        ir_version: Some(9),
        graph: Some(proto::GraphProto {
            node: nodes,
            initializer: constants,
            input: vec![declared("x", &["batch", "3", "4", "4"])],
            output: vec![declared("y", &[])],
            ..Default::default()
        }),
        opset_import: vec![proto::OperatorSetIdProto {
            domain: Some(String::new()),
            version: Some(20),
        }],
        ..Default::default()
    }
    .write_buf()
    .unwrap()
}

fn opened(bytes: &[u8], shape: Option<&str>) -> Result<Graph, OnnxError> {
    let given = shape.map(|shape| GivenInput {
        name: None,
        shape: shape.parse().unwrap(),
        tensor: None,
        empty: None,
    });
    Model::read(bytes, &nothing_beside)?.graph(&given.into_iter().collect::<Vec<_>>())
}

fn told(bytes: &[u8], shape: Option<&str>) -> String {
    opened(bytes, shape).unwrap_err().to_string()
}

#[test]
fn a_network_is_computed_under_the_names_of_its_file() {
    let bytes = file(
        vec![
            node("Relu", &["x"], &["/a"]),
            node("Add", &["/a", "one"], &["y"]),
        ],
        vec![floats("one", &[1], &[1.0])],
    );
    let graph = opened(&bytes, None).unwrap();
    let names: Vec<&str> = graph
        .nodes()
        .iter()
        .map(|node| node.name.as_str())
        .collect();
    assert_eq!(names, ["/Relu", "/Add"]);
    let shape: Shape = "1x3x4x4".parse().unwrap();
    let input = Fill::Constant(2.0).make(&shape).unwrap();
    let values = graph.run(&[(graph.inputs()[0], input)], Keep::All).unwrap();
    assert_eq!(
        values.get(graph.find("/a").unwrap()).unwrap().data()[0],
        2.0
    );
    let output = values.get(graph.outputs()[0]).unwrap();
    assert_eq!((output.shape(), output.data()[47]), (&shape, 3.0));
    // One sample is a batch of one.
    let graph = opened(&bytes, Some("3x4x4")).unwrap();
    assert_eq!(graph.value(graph.inputs()[0]).shape, Some(shape));
    // Another batch, where the file leaves it open.
    let graph = opened(&bytes, Some("5x3x4x4")).unwrap();
    let output = graph.value(graph.outputs()[0]).shape.unwrap();
    assert_eq!(output.axes(), [5, 3, 4, 4]);
}

#[test]
fn nodes_may_stand_in_any_order_but_not_in_a_circle() {
    let turned = vec![
        node("Sigmoid", &["a"], &["y"]),
        node("Relu", &["x"], &["a"]),
    ];
    assert_eq!(
        opened(&file(turned, Vec::new()), None)
            .unwrap()
            .nodes()
            .len(),
        2
    );
    let circle = vec![
        node("Add", &["x", "b"], &["y"]),
        node("Relu", &["y"], &["b"]),
    ];
    let told = told(&file(circle, Vec::new()), None);
    assert!(
        told.contains("has a cycle") && told.contains("/Relu") || told.contains("/Add"),
        "{told}"
    );
    let twice = vec![node("Relu", &["x"], &["y"]), node("Relu", &["x"], &["y"])];
    let twice = opened(&file(twice, Vec::new()), None)
        .unwrap_err()
        .to_string();
    assert!(twice.contains("another node too"), "{twice}");
}

#[test]
fn what_does_not_fit_is_told_with_its_node_and_what_would_be_right() {
    let fine = file(vec![node("Relu", &["x"], &["y"])], Vec::new());
    for (shape, part) in [
        ("1x4x4x3", "channels last"),
        ("4x4x3", "channels last"),
        ("1x3x4x5", "axis 3 must be 4"),
        ("4x4", "it needs 4 axes"),
    ] {
        let told = told(&fine, Some(shape));
        assert!(told.contains(part) && told.contains("input x"), "{told}");
    }
    let orphan = file(vec![node("Relu", &["z"], &["y"])], Vec::new());
    assert!(told(&orphan, None).contains("node /Relu (Relu): its input z is made by no node"));
    let unfit = file(
        vec![node("Add", &["x", "five"], &["y"])],
        vec![floats("five", &[5], &[0.0; 5])],
    );
    assert!(
        told(&unfit, None).contains("node /Add (Add)"),
        "{}",
        told(&unfit, None)
    );
    let few = file(
        vec![node("Add", &["x", "five"], &["y"])],
        vec![floats("five", &[5], &[0.0; 4])],
    );
    assert!(
        told(&few, None).contains("tensor five"),
        "{}",
        told(&few, None)
    );
}

#[test]
fn an_unknown_operator_is_named_and_the_rest_opens() {
    let bytes = file(
        vec![
            node("Relu", &["x"], &["a"]),
            node("Loop", &["a"], &["b"]),
            node("Relu", &["b"], &["y"]),
        ],
        Vec::new(),
    );
    let graph = opened(&bytes, None).unwrap();
    assert_eq!(graph.nodes().len(), 3);
    let why = graph.obstacle(graph.outputs()[0]).unwrap().to_string();
    assert!(
        why.contains("/Loop") && why.contains("control flow"),
        "{why}"
    );
}

#[test]
fn every_beginning_of_a_file_opens_or_is_refused() {
    let bytes = file(
        vec![
            node("Relu", &["x"], &["a"]),
            node("Add", &["a", "one"], &["y"]),
        ],
        vec![floats("one", &[1], &[1.0])],
    );
    for length in 0..bytes.len() {
        assert!(opened(&bytes[..length], None).is_err(), "{length}");
    }
    let told = |bytes: &[u8]| Model::read(bytes, &nothing_beside).unwrap_err().to_string();
    for foreign in [
        &b"PK\x03\x04 pytorch"[..],
        b"\x89PNG\r\n\x1a\n",
        b"import torch\n",
        &[0xff; 64],
    ] {
        assert!(told(foreign).contains("ONNX"), "{}", told(foreign));
    }
    // Bytes that are changed, one by one.
    for place in 0..bytes.len() {
        for value in [0, 0x7f, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[place] = value;
            let _ = Model::read(&changed, &nothing_beside).map(|model| model.graph(&[]));
        }
    }
}

#[test]
fn numbers_beside_the_file_are_read_where_they_are_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("net");
    std::fs::create_dir(&inner).unwrap();
    let numbers: Vec<u8> = [7f32, 8.0]
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    std::fs::write(inner.join("net.onnx.data"), &numbers).unwrap();
    std::fs::write(folder.path().join("secret"), &numbers).unwrap();
    let read = |entries: &[(&str, &str)]| {
        let beside = entries
            .iter()
            .map(|(key, value)| proto::StringStringEntryProto {
                key: Some((*key).to_owned()),
                value: Some((*value).to_owned()),
            });
        let constant = proto::TensorProto {
            raw_data: None,
            external_data: beside.collect(),
            data_location: Some(proto::DataLocation::EXTERNAL),
            ..floats("one", &[1], &[])
        };
        let bytes = file(vec![node("Add", &["x", "one"], &["y"])], vec![constant]);
        let model = Model::read(&bytes, &reader(&inner, Reach::Folder))?;
        Ok::<_, OnnxError>(model.initializers["one"].tensor().unwrap().data()[0])
    };
    let here = ("location", "net.onnx.data");
    assert_eq!(read(&[here]), Ok(7.0));
    assert_eq!(read(&[here, ("offset", "4"), ("length", "4")]), Ok(8.0));
    for (entries, part) in [
        (&[here, ("offset", "5")][..], "which has only 8"),
        (
            &[here, ("offset", "18446744073709551615")][..],
            "which has only 8",
        ),
        (&[here, ("length", "8")][..], "not said rightly"),
        (&[("location", "other.data")][..], "other.data"),
        (&[("location", "../secret")][..], "outside the folder"),
        (&[("location", "/etc/passwd")][..], "outside the folder"),
    ] {
        let told = read(entries).unwrap_err().to_string();
        assert!(told.contains(part) && told.contains("tensor one"), "{told}");
    }
}

#[test]
fn nodes_that_are_one_layer_are_shown_as_one() {
    let whole = |name: &str, numbers: &[i64]| proto::TensorProto {
        name: Some(name.to_owned()),
        dims: vec![numbers.len() as i64],
        data_type: Some(proto::DataType::INT64),
        int64_data: numbers.to_vec(),
        ..Default::default()
    };
    let mut turn = node("Transpose", &["a"], &["b"]);
    turn.attribute.push(proto::AttributeProto {
        name: Some("perm".to_owned()),
        ints: vec![0, 1, 3, 5, 2, 4],
        r#type: Some(proto::AttributeType::INTS),
        ..Default::default()
    });
    let bytes = file(
        vec![
            node("Reshape", &["x", "split"], &["a"]),
            turn,
            node("Reshape", &["b", "joined"], &["y"]),
        ],
        vec![
            whole("split", &[-1, 3, 2, 2, 2, 2]),
            whole("joined", &[-1, 12, 2, 2]),
        ],
    );
    let graph = opened(&bytes, None).unwrap();
    let [only] = graph.nodes() else {
        panic!("{:?}", graph.nodes())
    };
    assert_eq!(only.plan().unwrap().layer().name(), "PixelUnshuffle");
    assert!(only.origin.note.as_ref().unwrap().en.contains("3 nodes"));
    let input = Fill::Count.make(&"1x3x4x4".parse().unwrap()).unwrap();
    let values = graph
        .run(&[(graph.inputs()[0], input)], Keep::Outputs)
        .unwrap();
    // torch.nn.PixelUnshuffle(2) of arange(48): channel 1 is what stands right of channel 0.
    let output = values.get(graph.outputs()[0]).unwrap();
    assert_eq!(
        output.data()[..8],
        [0.0, 2.0, 8.0, 10.0, 1.0, 3.0, 9.0, 11.0]
    );
}

#[test]
fn numbers_of_several_axes_pick_elements_along_one() {
    let indices = proto::TensorProto {
        name: Some("indices".to_owned()),
        dims: vec![2, 2],
        data_type: Some(proto::DataType::INT64),
        int64_data: vec![3, 0, 1, -1],
        ..Default::default()
    };
    let mut gather = node("Gather", &["x", "indices"], &["y"]);
    gather.attribute.push(proto::AttributeProto {
        name: Some("axis".to_owned()),
        i: Some(2),
        r#type: Some(proto::AttributeType::INT),
        ..Default::default()
    });
    let bytes = file(vec![gather], vec![indices]);
    let graph = opened(&bytes, Some("2x3x4x4")).unwrap();
    let input = Fill::Count.make(&"2x3x4x4".parse().unwrap()).unwrap();
    let values = graph
        .run(&[(graph.inputs()[0], input)], Keep::Outputs)
        .unwrap();
    let output = values.get(graph.outputs()[0]).unwrap();
    assert_eq!(output.shape().axes(), [2, 3, 2, 2, 4]);
    // numpy.take(x, indices, axis=2): rows 3, 0, 1 and the last one of each plane of 16.
    let expected: Vec<f32> = (0..6)
        .flat_map(|plane| [3, 0, 1, 3].map(|row| 16 * plane + 4 * row))
        .flat_map(|start| (start..start + 4).map(|place| place as f32))
        .collect();
    assert_eq!(output.data(), expected);
}

fn text_attribute(name: &str, text: &str) -> proto::AttributeProto {
    proto::AttributeProto {
        name: Some(name.to_owned()),
        s: Some(text.to_owned()),
        r#type: Some(proto::AttributeType::STRING),
        ..Default::default()
    }
}

/// The output of a file of such nodes on an input that counts up, `2 × 3 × 4 × 4`.
fn output_of(
    nodes: Vec<proto::NodeProto>,
    constants: Vec<proto::TensorProto>,
) -> (Vec<usize>, Vec<f32>) {
    let graph = opened(&file(nodes, constants), Some("2x3x4x4")).unwrap();
    let input = Fill::Count.make(&"2x3x4x4".parse().unwrap()).unwrap();
    let values = graph
        .run(&[(graph.inputs()[0], input)], Keep::Outputs)
        .unwrap();
    let output = values.get(graph.outputs()[0]).unwrap();
    (output.shape().axes().to_vec(), output.data().to_vec())
}

/// The number of an element of that input.
fn counted_up(b: usize, c: usize, h: usize, w: usize) -> f32 {
    (((b * 3 + c) * 4 + h) * 4 + w) as f32
}

#[test]
fn an_equation_sums_what_its_output_has_not() {
    let matrix = [1.0, -1.0, 0.5, 2.0, 0.0, 1.0];
    let einsum = |equation: &str, inputs: &[&str]| {
        let mut einsum = node("Einsum", inputs, &["y"]);
        einsum.attribute.push(text_attribute("equation", equation));
        output_of(vec![einsum], vec![floats("m", &[2, 3], &matrix)])
    };
    let (axes, numbers) = einsum("bchw, dc -> hdb", &["x", "m"]);
    assert_eq!(axes, [4, 2, 2]);
    for (place, number) in numbers.into_iter().enumerate() {
        let (h, d, b) = (place / 4, place / 2 % 2, place % 2);
        let all = (0..3).flat_map(|c| (0..4).map(move |w| (c, w)));
        let sum: f32 = all
            .map(|(c, w)| counted_up(b, c, h, w) * matrix[d * 3 + c])
            .sum();
        assert!((sum - number).abs() < 1e-3, "{place}: {number}, not {sum}");
    }
    let (axes, numbers) = einsum("bchw->wb", &["x"]);
    assert_eq!(axes, [4, 2]);
    let sum: f32 = (0..12)
        .map(|place| counted_up(1, place / 4, place % 4, 3))
        .sum();
    assert_eq!(numbers[7], sum);
    // Without an output, the letters that stand once: b, d, h, w.
    let (axes, _) = einsum("bchw,dc", &["x", "m"]);
    assert_eq!(axes, [2, 2, 4, 4]);
    // All of it is one number.
    let (axes, numbers) = einsum("bchw,bchw->", &["x", "x"]);
    assert!(axes.is_empty());
    let sum: f32 = (0..96).map(|number| (number * number) as f32).sum();
    assert!((numbers[0] - sum).abs() < 1.0);
}

fn whole(name: &str, dims: &[i64], numbers: &[i64]) -> proto::TensorProto {
    proto::TensorProto {
        name: Some(name.to_owned()),
        dims: dims.to_vec(),
        data_type: Some(proto::DataType::INT64),
        int64_data: numbers.to_vec(),
        ..Default::default()
    }
}

#[test]
fn parts_are_put_and_picked_by_their_places() {
    // x[1, 2] = 100 and x[0, -1] = 200, as numpy has it; of two at one place the last one stays.
    let places = whole("i", &[3, 2], &[1, 2, 0, -1, 0, 2]);
    let updates: Vec<f32> = [100.0, 300.0, 200.0]
        .into_iter()
        .flat_map(|number| [number; 16])
        .collect();
    let scatter = node("ScatterND", &["x", "i", "u"], &["y"]);
    let (axes, numbers) = output_of(
        vec![scatter],
        vec![places.clone(), floats("u", &[3, 4, 4], &updates)],
    );
    assert_eq!(axes, [2, 3, 4, 4]);
    for (place, number) in numbers.into_iter().enumerate() {
        let expected = match place / 16 {
            5 => 100.0,
            2 => 200.0,
            _ => place as f32,
        };
        assert_eq!(number, expected, "{place}");
    }
    let (axes, numbers) = output_of(vec![node("GatherND", &["x", "i"], &["y"])], vec![places]);
    assert_eq!(axes, [3, 4, 4]);
    assert_eq!([numbers[0], numbers[16], numbers[47]], [80.0, 32.0, 47.0]);
    let mut along = node("GatherElements", &["x", "j"], &["y"]);
    along.attribute.push(proto::AttributeProto {
        name: Some("axis".to_owned()),
        i: Some(3),
        r#type: Some(proto::AttributeType::INT),
        ..Default::default()
    });
    let (axes, numbers) = output_of(vec![along], vec![whole("j", &[1, 2, 2, 1], &[3, 0, -2, 1])]);
    assert_eq!(axes, [1, 2, 2, 1]);
    assert_eq!(numbers, [3.0, 4.0, 18.0, 21.0]);
}

#[test]
fn a_mask_of_comparisons_is_computed() {
    // Where 40 < x and not x >= 50, −1; elsewhere x: as numpy.where has it.
    let nodes = vec![
        node("Less", &["low", "x"], &["a"]),
        node("GreaterOrEqual", &["x", "high"], &["b"]),
        node("Not", &["b"], &["c"]),
        node("And", &["a", "c"], &["d"]),
        node("Where", &["d", "mask", "x"], &["y"]),
    ];
    let number = |name: &str, number: f32| floats(name, &[], &[number]);
    let constants = vec![
        number("low", 40.0),
        number("high", 50.0),
        number("mask", -1.0),
    ];
    let (_, numbers) = output_of(nodes, constants);
    for (place, number) in numbers.into_iter().enumerate() {
        let masked = (41..50).contains(&place);
        assert_eq!(number, if masked { -1.0 } else { place as f32 });
    }
    // Truths become numbers by a cast, and numbers truths.
    let cast = |input: &str, output: &str, to: i64| {
        let mut cast = node("Cast", &[input], &[output]);
        cast.attribute.push(proto::AttributeProto {
            name: Some("to".to_owned()),
            i: Some(to),
            r#type: Some(proto::AttributeType::INT),
            ..Default::default()
        });
        cast
    };
    let half = floats("half", &[], &[0.5]);
    let nodes = vec![
        cast("x", "t", 9),
        cast("t", "f", 1),
        node("Mul", &["f", "half"], &["y"]),
    ];
    let (_, numbers) = output_of(nodes, vec![half.clone()]);
    assert_eq!((numbers[0], numbers[1], numbers[95]), (0.0, 0.5, 0.5));
    // A whole number is cut off towards 0.
    let nodes = vec![
        node("Sub", &["half", "x"], &["n"]),
        cast("n", "i", 7),
        cast("i", "y", 1),
    ];
    let (_, numbers) = output_of(nodes, vec![half]);
    assert_eq!(numbers[..3], [0.0, 0.0, -1.0]);
}

#[test]
fn the_names_of_classes_are_those_of_the_metadata() {
    let entry = |key: &str, value: &str| proto::StringStringEntryProto {
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    };
    let model = |metadata_props| {
        let bytes = proto::ModelProto {
            graph: Some(proto::GraphProto::default()),
            metadata_props,
            ..Default::default()
        }
        .write_buf()
        .unwrap();
        Model::read(&bytes, &nothing_beside).unwrap()
    };
    let names = "{0: 'person', 1: \"it's\"}";
    let all = model(vec![entry("stride", "32"), entry("names", names)]).class_names();
    let all = all.unwrap();
    assert_eq!((all.name(0), all.name(1)), (Some("person"), Some("it's")));
    assert_eq!(model(Vec::new()).class_names(), None);
}

#[test]
fn tokens_stay_an_input_and_settings_become_constants() {
    let whole_input = |name: &str, axes: &[&str]| {
        let mut input = declared(name, axes);
        let kind = input.r#type.as_mut().unwrap();
        kind.tensor_type.as_mut().unwrap().elem_type = Some(proto::DataType::INT64);
        input
    };
    let rows = floats("table", &[3, 2], &[0.0, 1.0, 10.0, 11.0, 20.0, 21.0]);
    let bytes = proto::ModelProto {
        ir_version: Some(9),
        graph: Some(proto::GraphProto {
            node: vec![
                node("Gather", &["table", "tokens"], &["rows"]),
                node("Reshape", &["rows", "size"], &["y"]),
            ],
            initializer: vec![rows],
            input: vec![
                whole_input("tokens", &["batch", "2"]),
                whole_input("size", &["2"]),
            ],
            output: vec![declared("y", &[])],
            ..Default::default()
        }),
        opset_import: vec![proto::OperatorSetIdProto {
            domain: Some(String::new()),
            version: Some(20),
        }],
        ..Default::default()
    }
    .write_buf()
    .unwrap();
    let given = |name: &str, axes: &[usize], numbers: &[f32]| {
        let shape = Shape::new(axes).unwrap();
        GivenInput {
            name: Some(name.to_owned()),
            shape,
            tensor: Some(Tensor::new(shape, numbers.to_vec()).unwrap()),
            empty: None,
        }
    };
    let tokens = given("tokens", &[1, 2], &[2.0, 0.0]);
    let inputs = [tokens.clone(), given("size", &[2], &[1.0, 4.0])];
    let model = Model::read(&bytes, &nothing_beside).unwrap();
    let graph = model.graph(&inputs).unwrap();
    let names = graph.inputs().iter().map(|&id| &graph.value(id).name);
    assert_eq!(names.collect::<Vec<_>>(), ["tokens"]);
    let run = [(graph.inputs()[0], tokens.tensor.unwrap())];
    let values = graph.run(&run, Keep::Outputs).unwrap();
    let output = values.get(graph.outputs()[0]).unwrap();
    assert_eq!(output.data(), [20.0, 21.0, 0.0, 1.0]);
}

#[test]
fn what_depends_on_an_unknown_shape_is_not_shown_and_the_rest_opens() {
    // As in a detector: how many boxes there are is only known when it runs.
    let nodes = vec![
        node("Relu", &["x"], &["r"]),
        node("NonZero", &["r"], &["p"]),
        node("Shape", &["p"], &["s"]),
        node("Reshape", &["r", "s"], &["y"]),
    ];
    let graph = opened(&file(nodes, Vec::new()), None).unwrap();
    assert_eq!(graph.nodes().len(), 4);
    assert!(graph.nodes()[0].plan().is_some());
    let why = graph.obstacle(graph.outputs()[0]).unwrap().to_string();
    assert!(why.contains("/NonZero"), "{why}");
}

#[test]
fn places_of_maxima_are_whole_numbers() {
    // 7 halved is 3 among whole numbers, and no 3.5: rather than that, nothing is shown.
    let mut place = node("ArgMax", &["x"], &["p"]);
    place.attribute.push(proto::AttributeProto {
        name: Some("axis".to_owned()),
        i: Some(3),
        r#type: Some(proto::AttributeType::INT),
        ..Default::default()
    });
    let nodes = vec![place, node("Div", &["p", "two"], &["y"])];
    let bytes = file(nodes, vec![whole("two", &[1], &[2])]);
    let graph = opened(&bytes, None).unwrap();
    let why = graph.obstacle(graph.outputs()[0]).unwrap().to_string();
    assert!(why.contains("/Div"), "{why}");
}

#[test]
fn control_flow_is_named_as_such_whatever_it_reads_and_gives() {
    let nodes = vec![
        node("Scan", &["x"], &["f", "y"]),
        node("Relu", &["f"], &["r"]),
    ];
    let graph = opened(&file(nodes, Vec::new()), None).unwrap();
    let why = graph.obstacle(graph.outputs()[0]).unwrap().to_string();
    assert!(why.contains("control flow"), "{why}");
}

fn integer_attribute(name: &str, value: i64) -> proto::AttributeProto {
    proto::AttributeProto {
        name: Some(name.to_owned()),
        i: Some(value),
        r#type: Some(proto::AttributeType::INT),
        ..Default::default()
    }
}

fn with(mut node: proto::NodeProto, attribute: proto::AttributeProto) -> proto::NodeProto {
    node.attribute.push(attribute);
    node
}

/// A branch of an `If`, whose output is `s`.
fn branch(
    name: &str,
    nodes: Vec<proto::NodeProto>,
    constants: Vec<proto::TensorProto>,
) -> proto::AttributeProto {
    proto::AttributeProto {
        name: Some(name.to_owned()),
        g: Some(proto::GraphProto {
            node: nodes,
            initializer: constants,
            output: vec![declared("s", &[])],
            ..Default::default()
        }),
        r#type: Some(proto::AttributeType::GRAPH),
        ..Default::default()
    }
}

#[test]
fn of_an_if_that_shapes_decide_the_branch_is_shown() {
    let nodes = vec![
        node("Relu", &["a"], &["r"]),
        node("Add", &["r", "c"], &["s"]),
    ];
    let then = branch("then_branch", nodes, vec![floats("c", &[1], &[0.5])]);
    let other = branch("else_branch", vec![node("Neg", &["a"], &["s"])], Vec::new());
    // It stands before what it reads, its branches included.
    let nodes = vec![
        with(with(node("If", &["is_two"], &["y"]), then), other),
        node("Shape", &["x"], &["shape"]),
        node("Gather", &["shape", "first"], &["batch"]),
        node("Equal", &["batch", "two"], &["is_two"]),
        node("Abs", &["x"], &["a"]),
    ];
    let constants = vec![whole("first", &[], &[0]), whole("two", &[], &[2])];
    let bytes = file(nodes.clone(), constants.clone());
    let names = |shape: &str| {
        let graph = opened(&bytes, Some(shape)).unwrap();
        let names = graph.nodes().iter().map(|node| node.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names("2x3x4x4"), ["/Abs", "/If/Relu", "/If/Add"]);
    assert_eq!(names("1x3x4x4"), ["/Abs", "/If/Neg"]);
    let (_, numbers) = output_of(nodes, constants);
    assert_eq!(numbers[..3], [0.5, 1.5, 2.5]);
}

#[test]
fn a_branch_may_hand_on_what_is_around_it_or_a_constant() {
    let then = branch("then_branch", Vec::new(), vec![floats("s", &[1], &[7.0])]);
    let other = proto::AttributeProto {
        g: Some(proto::GraphProto {
            output: vec![declared("x", &[])],
            ..Default::default()
        }),
        ..branch("else_branch", Vec::new(), Vec::new())
    };
    for (truth, expected) in [(1, 10.0), (0, 3.0)] {
        let choice = with(
            with(node("If", &["c"], &["t"]), then.clone()),
            other.clone(),
        );
        let nodes = vec![choice, node("Add", &["t", "three"], &["y"])];
        let constants = vec![whole("c", &[], &[truth]), floats("three", &[1], &[3.0])];
        let bytes = file(nodes, constants);
        let graph = opened(&bytes, Some("1x3x4x4")).unwrap();
        let input = Fill::Count.make(&"1x3x4x4".parse().unwrap()).unwrap();
        let inputs: Vec<_> = graph
            .inputs()
            .iter()
            .map(|&id| (id, input.clone()))
            .collect();
        let values = graph.run(&inputs, Keep::Outputs).unwrap();
        let output = values.get(graph.outputs()[0]).unwrap();
        assert_eq!(output.data()[0], expected);
    }
}

#[test]
fn of_an_if_that_numbers_decide_no_branch_is_shown() {
    let [then, other] = ["then_branch", "else_branch"]
        .map(|name| branch(name, vec![node("Neg", &["x"], &["s"])], Vec::new()));
    let nodes = vec![
        node("ReduceMax", &["x"], &["m"]),
        node("Greater", &["m", "three"], &["c"]),
        with(with(node("If", &["c"], &["y"]), then), other),
    ];
    let graph = opened(&file(nodes, vec![floats("three", &[], &[3.0])]), None).unwrap();
    let why = graph.obstacle(graph.outputs()[0]).unwrap().to_string();
    assert!(why.contains("/If") && why.contains("control flow"), "{why}");
}

#[test]
fn a_slice_of_nothing_is_left_out() {
    // As torchvision's swin3d_t has it: a window that is moved by 0 joins all of the input and nothing of it.
    let slice = node("Slice", &["x", "zero", "zero", "one"], &["nothing"]);
    let join = with(
        node("Concat", &["x", "nothing"], &["y"]),
        integer_attribute("axis", 1),
    );
    let constants = vec![whole("zero", &[1], &[0]), whole("one", &[1], &[1])];
    let (axes, numbers) = output_of(vec![slice.clone(), join], constants.clone());
    assert_eq!((axes, numbers[95]), (vec![2, 3, 4, 4], 95.0));
    // Nothing is put into it.
    let places = proto::TensorProto {
        dims: vec![0, 1],
        ..whole("nowhere", &[], &[])
    };
    let scatter = node("ScatterND", &["x", "nowhere", "nothing"], &["y"]);
    let constants = [constants, vec![places]].concat();
    let (axes, numbers) = output_of(vec![slice, scatter], constants);
    assert_eq!((axes, numbers[95]), (vec![2, 3, 4, 4], 95.0));
}

#[test]
fn an_ellipsis_stands_for_the_axes_that_have_no_letter() {
    let einsum = |equation: &str, dims: &[i64], numbers: &[f32]| {
        let einsum = with(
            node("Einsum", &["x", "m"], &["y"]),
            text_attribute("equation", equation),
        );
        output_of(vec![einsum], vec![floats("m", dims, numbers)])
    };
    // By ONNX Runtime 1.32.0.
    let matrix = [1.0, -1.0, 0.5, 2.0, 0.0, 1.0, 3.0, 1.0];
    let (axes, numbers) = einsum("...w, wd -> d...", &[4, 2], &matrix);
    assert_eq!(axes, [2, 2, 3, 4]);
    assert_eq!(numbers[47], 283.0);
    // Of one value the axis is 1 long, and repeated.
    let rows = [
        1.0, 2.0, -1.0, 0.0, 1.0, 2.0, 3.0, -2.0, 0.5, 0.0, 1.0, -1.0,
    ];
    let (axes, numbers) = einsum("bc...,c...->b...", &[3, 1, 4], &rows);
    assert_eq!(axes, [2, 4, 4]);
    assert_eq!(numbers[16..20], [152.0, 228.0, 230.0, -217.0]);
}

#[test]
fn running_sums_are_those_of_onnx_runtime() {
    let sums = |axis: i64, names: &[&str]| {
        let mut sum = node("CumSum", &["x", "axis"], &["y"]);
        let names = names.iter().map(|name| integer_attribute(name, 1));
        sum.attribute.extend(names);
        output_of(vec![sum], vec![whole("axis", &[], &[axis])]).1
    };
    let column = |numbers: Vec<f32>| [0, 4, 8, 12].map(|row| numbers[80 + row + 3]);
    assert_eq!(column(sums(2, &[])), [83.0, 170.0, 261.0, 356.0]);
    assert_eq!(column(sums(2, &["reverse"])), [356.0, 273.0, 186.0, 95.0]);
    assert_eq!(column(sums(2, &["exclusive"])), [0.0, 83.0, 170.0, 261.0]);
    let both = column(sums(2, &["reverse", "exclusive"]));
    assert_eq!(both, [273.0, 186.0, 95.0, 0.0]);
    assert_eq!(sums(-1, &[])[4..8], [4.0, 9.0, 15.0, 22.0]);
}

#[test]
fn rests_have_the_sign_of_the_divisor_or_of_what_is_divided() {
    let rests = |fmod: i64| {
        let nodes = vec![
            with(node("Cast", &["x"], &["i"]), integer_attribute("to", 7)),
            node("Sub", &["i", "five"], &["d"]),
            with(
                node("Mod", &["d", "three"], &["y"]),
                integer_attribute("fmod", fmod),
            ),
        ];
        let constants = vec![whole("five", &[], &[5]), whole("three", &[], &[3])];
        output_of(nodes, constants).1
    };
    // By ONNX Runtime 1.32.0.
    assert_eq!(rests(0)[..6], [1.0, 2.0, 0.0, 1.0, 2.0, 0.0]);
    assert_eq!(rests(1)[..7], [-2.0, -1.0, 0.0, -2.0, -1.0, 0.0, 1.0]);
    let nodes = vec![
        node("Sub", &["x", "c"], &["d"]),
        with(
            node("Mod", &["d", "m"], &["y"]),
            integer_attribute("fmod", 1),
        ),
    ];
    let constants = vec![floats("c", &[], &[7.5]), floats("m", &[], &[2.2])];
    let (_, numbers) = output_of(nodes, constants);
    for (place, right) in [(0, -0.899_999_86), (3, -0.099_999_905), (20, 1.499_999_8)] {
        assert_eq!(numbers[place], right, "{place}");
    }
}

#[test]
fn a_grid_samples_between_places_and_beyond_the_edge() {
    let grid = [
        -1.0, -1.0, 0.1, 0.2, 1.4, -0.6, 1.0, 1.0, -0.3, 0.7, -2.2, 0.9,
    ];
    // By ONNX Runtime 1.32.0: channel 1 of the first sample, and channel 2 of the second.
    #[rustfmt::skip]
    let cases: [(&str, &str, i64, [f32; 6]); 12] = [
        ("linear", "zeros", 0, [4.0, 25.3, 0.0, 23.75, 92.5, 0.0]),
        ("linear", "zeros", 1, [16.0, 24.85, 8.56, 95.0, 91.25, 0.0]),
        ("linear", "border", 0, [16.0, 25.3, 20.2, 95.0, 92.5, 92.0]),
        ("linear", "border", 1, [16.0, 24.85, 21.4, 95.0, 91.25, 91.4]),
        ("linear", "reflection", 0, [16.0, 25.3, 19.9, 95.0, 92.5, 93.9]),
        ("linear", "reflection", 1, [16.0, 24.85, 20.8, 95.0, 91.25, 93.2]),
        ("nearest", "zeros", 0, [16.0, 26.0, 0.0, 0.0, 93.0, 0.0]),
        ("nearest", "zeros", 1, [16.0, 26.0, 0.0, 95.0, 93.0, 0.0]),
        ("nearest", "border", 0, [16.0, 26.0, 19.0, 95.0, 93.0, 92.0]),
        ("nearest", "border", 1, [16.0, 26.0, 23.0, 95.0, 93.0, 92.0]),
        ("nearest", "reflection", 0, [16.0, 26.0, 19.0, 95.0, 93.0, 94.0]),
        ("nearest", "reflection", 1, [16.0, 26.0, 22.0, 95.0, 93.0, 94.0]),
    ];
    for (mode, beyond, corners, right) in cases {
        let mut sample = node("GridSample", &["x", "grid"], &["y"]);
        sample.attribute = vec![
            text_attribute("mode", mode),
            text_attribute("padding_mode", beyond),
            integer_attribute("align_corners", corners),
        ];
        let (axes, numbers) = output_of(vec![sample], vec![floats("grid", &[2, 1, 3, 2], &grid)]);
        assert_eq!(axes, [2, 3, 1, 3]);
        for (&ours, right) in numbers[3..6].iter().chain(&numbers[15..18]).zip(right) {
            let about = format!("{mode} {beyond} {corners}: {ours}, not {right}");
            assert!((ours - right).abs() < 1e-3, "{about}");
        }
    }
}
