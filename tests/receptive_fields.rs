//! Receptive fields through whole networks, compared with the gradients that PyTorch finds over many
//! random inputs (`tests/reference/fields.py`).

use std::path::Path;

use tensorama::network::onnx::Model;
use tensorama::network::{Chain, FieldStatus, Graph, ReceptiveField};
use tensorama::tensor::{Fill, read_file};

#[derive(serde::Deserialize)]
struct Case {
    network: String,
    input: u64,
    /// The first and the last row that the element in the middle depends on.
    rows: (u64, u64),
    columns: (u64, u64),
    /// How many places of these rows and columns matter.
    places: u64,
}

fn folder() -> &'static Path {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/fields"
    ))
}

fn graph(network: &str) -> Graph {
    let bytes = std::fs::read(folder().join(format!("{network}.onnx"))).unwrap();
    let model = Model::read(&bytes, &read_file).unwrap_or_else(|why| panic!("{network}: {why}"));
    model
        .graph(&[])
        .unwrap_or_else(|why| panic!("{network}: {why}"))
}

/// Layers that stand by themselves go on from what reaches them, and come to what they have within the network.
#[test]
fn layers_taken_out_of_a_network_see_as_much_of_its_input_as_in_it() {
    let cases = std::fs::read_to_string(folder().join("fields.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&cases).unwrap();
    let mut compared = 0;
    for case in cases {
        let graph = graph(&case.network);
        let fields = graph.fields(graph.inputs()[0]);
        for chain in graph.shown_chains() {
            let layers = graph.chain_layers(&chain, |_| Fill::Ramp);
            let shape = graph.chain_input(&chain).unwrap();
            let Ok(alone) = Chain::plan(&layers, &shape) else {
                continue;
            };
            let through = fields.before(chain.input).through(&alone, 0);
            let nodes = chain.nodes.iter().map(|&node| &graph.nodes()[node]);
            let within = nodes.map(|node| fields.of(node.outputs[0]));
            for (alone, within) in through.into_iter().zip(within) {
                let seen = |field: ReceptiveField| (field.size, field.status);
                assert_eq!(alone.map(seen), within.map(seen), "{}", case.network);
                compared += 1;
            }
        }
    }
    assert!(compared > 14, "{compared}");
}

#[test]
fn a_receptive_field_is_what_the_gradient_reaches() {
    let cases = std::fs::read_to_string(folder().join("fields.json")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&cases).unwrap();
    assert!(cases.len() >= 13);
    for case in cases {
        let graph = graph(&case.network);
        let (input, output) = (graph.inputs()[0], graph.outputs()[0]);
        let field = graph.receptive_field(output, input).unwrap();
        let name = &case.network;
        let reached = (
            case.rows.1 - case.rows.0 + 1,
            case.columns.1 - case.columns.0 + 1,
        );
        let whole = reached == (case.input, case.input);
        if whole {
            assert_eq!(field.status, FieldStatus::WholeInput, "{name}: {field:?}");
            assert_eq!(field.size, reached, "{name}");
            continue;
        }
        match field.status {
            FieldStatus::Exact => {
                // Elements of a shuffled or enlarged map differ by where they lie: the field is that of
                // the one that sees most.
                let near = |size: u64, reached: u64| size == reached || size == reached + 1;
                let enlarged = field.stride.0 < 1.0;
                let same = field.size == reached;
                let about = near(field.size.0, reached.0) && near(field.size.1, reached.1);
                assert!(
                    same || enlarged && about,
                    "{name}: {field:?}, reached {reached:?}"
                );
            }
            FieldStatus::UpperBound => {
                let covers = field.size.0 >= reached.0 && field.size.1 >= reached.1;
                assert!(covers, "{name}: {field:?}, reached {reached:?}");
                let all = field.size.0 * field.size.1;
                assert!(
                    case.places < all,
                    "{name} could be exact: {field:?}, reached {reached:?}"
                );
            }
            FieldStatus::WholeInput | FieldStatus::DependsOnData | FieldStatus::Unknown => {
                panic!("{name}: {field:?}, reached {reached:?}");
            }
        }
    }
}
