//! Names as TensorFlow gives them, which end in `:0` and hold slashes (`conv1/weight:0`), on the command line:
//! tf2onnx and Keras keep them in `.onnx`, `.npz` and `.safetensors`.

use std::cell::RefCell;
use std::path::Path;
use std::process::Command;

use rten_onnx::onnx as proto;

fn node(op_type: &str, name: &str, inputs: &[&str], output: &str) -> proto::NodeProto {
    proto::NodeProto {
        name: Some(name.to_owned()),
        op_type: Some(op_type.to_owned()),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..Default::default()
    }
}

fn declared(name: &str) -> proto::ValueInfoProto {
    let dim = [1, 1, 2, 2].map(|length| proto::Dimension {
        dim_value: Some(length),
        ..Default::default()
    });
    proto::ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(proto::TypeProto {
            tensor_type: Some(proto::TypeProtoTensor {
                elem_type: Some(proto::DataType::FLOAT),
                shape: Some(proto::TensorShapeProto { dim: dim.into() }),
            }),
            ..Default::default()
        }),
    }
}

/// A network of `block/Relu(in/x:0 + in/y:0 + bias:0)`.
fn network() -> Vec<u8> {
    let bias = proto::TensorProto {
        name: Some("bias:0".to_owned()),
        dims: vec![1],
        data_type: Some(proto::DataType::FLOAT),
        raw_data: Some(RefCell::new(1_f32.to_le_bytes().to_vec())),
        ..Default::default()
    };
    let nodes = vec![
        node("Add", "sum:0", &["in/x:0", "in/y:0"], "sum:0"),
        node("Add", "biased:0", &["sum:0", "bias:0"], "biased:0"),
        node("Relu", "block/Relu:0", &["biased:0"], "Identity:0"),
    ];
    proto::ModelProto {
        ir_version: Some(9),
        graph: Some(proto::GraphProto {
            node: nodes,
            initializer: vec![bias],
            input: vec![declared("in/x:0"), declared("in/y:0")],
            output: vec![declared("Identity:0")],
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

/// Whether the program is content, and what it says.
fn tensorama(arguments: &[&str], folder: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tensorama"))
        .args(arguments)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.success(), said)
}

#[test]
fn names_with_colons_and_slashes_are_taken_whole() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("net.onnx"), network()).unwrap();
    let run = |arguments: &[&str]| tensorama(arguments, folder.path());

    let shapes = ["in/x:0=1x1x2x2", "in/y:0=1x1x2x2"];
    let inputs = ["--input", shapes[0], "--input", shapes[1]];
    let (good, said) = run(&[&["shape", "net.onnx"][..], &inputs].concat());
    assert!(good && said.contains("block/Relu:0"), "{said}");

    // 3 + 3 + 1, and every tensor under its name.
    let filled = ["--fill", "3", "--values", "all.npz"];
    let (good, said) = run(&[&["eval", "net.onnx"][..], &inputs, &filled].concat());
    assert!(good && said.contains("7  7"), "{said}");
    let named = ["--input", "all.npz:Identity:0"];
    let (good, said) = run(&[&["eval", "nn.MaxPool2d(2)"][..], &named].concat());
    assert!(good && said.contains("\n  7\n"), "{said}");

    // Inputs and weights from it: 3 + 6 + 1, and 3 times 3, four times.
    let from_file = ["in/x:0=all.npz:in/x:0", "in/y:0=all.npz:sum:0"];
    let from_file = ["--input", from_file[0], "--input", from_file[1]];
    let (good, said) = run(&[&["eval", "net.onnx"][..], &from_file].concat());
    assert!(good && said.contains("10  10"), "{said}");
    let conv = "nn.Conv2d(1, 1, 2, bias=False)";
    let weight = ["--input", "1x2x2", "--fill", "3", "--weight"];
    let (good, said) = run(&[&["eval", conv][..], &weight, &["all.npz:in/x:0"]].concat());
    assert!(good && said.contains("\n  36\n"), "{said}");

    // A part by the name of its node, told in a lesson.
    let part = ["--part", "block/Relu:0", "-o", "part.ron"];
    let (good, said) = run(&[&["record", "net.onnx"][..], &from_file, &part].concat());
    assert!(good, "{said}");
    let lesson = std::fs::read_to_string(folder.path().join("part.ron")).unwrap();
    assert!(lesson.contains("block/Relu:0"), "{lesson}");
}

#[test]
fn a_name_with_a_colon_that_no_input_has_is_told_with_those_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("net.onnx"), network()).unwrap();
    let wrong = ["--input", "in/z:0=1x1x2x2"];
    for command in ["eval", "shape"] {
        let (good, said) = tensorama(
            &[&[command, "net.onnx"][..], &wrong].concat(),
            folder.path(),
        );
        assert!(!good, "{said}");
        assert!(said.contains("no input in/z:0"), "{said}");
        assert!(said.contains("in/x:0, in/y:0"), "{said}");
    }
    // A file that is not there is still a file.
    let missing = ["eval", "net.onnx", "--input", "in/x:0=gone.npy"];
    let (good, said) = tensorama(&missing, folder.path());
    assert!(!good && said.contains("gone.npy"), "{said}");
}
