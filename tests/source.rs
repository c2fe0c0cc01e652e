//! PyTorch's source and printed models: what is pasted or named opens with the shapes that PyTorch
//! gives, and what cannot be followed is named with its line.

use tensorama::network::{Graph, Network, Subject};
use tensorama::tensor::Shape;

fn shape(text: &str) -> Shape {
    text.parse().unwrap()
}

fn opened(text: &str, input: &str) -> Result<Network, String> {
    let subject = Subject::parse(text).map_err(|error| error.to_string())?;
    subject
        .network(&shape(input))
        .map_err(|error| error.to_string())
}

fn graph(text: &str, input: &str) -> Graph {
    match opened(text, input).unwrap_or_else(|error| panic!("{error}")) {
        Network::Graph(graph) => graph,
        Network::Chain(_) => panic!("a chain"),
    }
}

fn output(text: &str, input: &str) -> String {
    match opened(text, input) {
        Ok(Network::Chain(chain)) => chain.output_shape().to_string(),
        Ok(Network::Graph(graph)) => {
            let value = graph.value(graph.outputs()[0]);
            value
                .shape
                .map_or("?".to_owned(), |shape| shape.to_string())
        }
        Err(error) => error,
    }
}

/// Names of the nodes' outputs.
fn names(graph: &Graph) -> Vec<String> {
    let outputs = graph.nodes().iter().map(|node| node.outputs[0]);
    outputs.map(|id| graph.value(id).name.clone()).collect()
}

const RESIDUAL: &str = "
import torch
from torch import nn, Tensor
import torch.nn.functional as F


def conv3x3(inside: int, outside: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False)


class Block(nn.Module):
    expansion: int = 2

    def __init__(self, width, *, downsample=None, norm=nn.BatchNorm2d):
        super().__init__()
        self.conv = conv3x3(width, width)
        self.norm = norm(width)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.norm(self.conv(x)), inplace=True)
        if self.downsample is not None:
            x = self.downsample(x)
        out += x
        return out


class Net(nn.Module):
    def __init__(self, widths=(8, 8), depth=2):
        super(Net, self).__init__()
        self.stem = conv3x3(3, widths[0], stride=2)
        layers = []
        for number in range(depth):
            last = number == depth - 1
            layers.append(Block(widths[0], downsample=nn.Identity() if last else None))
        self.blocks = nn.Sequential(*layers)
        self.heads = nn.ModuleList([nn.Conv2d(8, 4 * Block.expansion, k, padding=k // 2) for k in (1, 3)])

    def forward(self, x):
        x = self.blocks(self.stem(x))
        total = 0
        for number, head in enumerate(self.heads):
            total = head(x) if number == 0 else total * head(x)
        return total
";

#[test]
fn a_file_runs_its_forward_with_the_names_of_the_state_dict() {
    let graph = graph(RESIDUAL, "3x16x16");
    assert_eq!(
        names(&graph),
        [
            "stem",
            "blocks.0.conv",
            "blocks.0.norm",
            "blocks.0.relu",
            "blocks.0.add",
            "blocks.1.conv",
            "blocks.1.norm",
            "blocks.1.relu",
            "blocks.1.downsample",
            "blocks.1.add",
            "heads.0",
            "heads.1",
            "mul",
        ]
    );
    let output = graph.value(graph.outputs()[0]);
    assert_eq!(output.shape, Some(shape("1x8x8x8")));
    let weights: Vec<&str> = graph
        .parameters()
        .map(|(_, value)| value.name.as_str())
        .collect();
    assert!(
        weights.contains(&"blocks.1.norm.running_var"),
        "{weights:?}"
    );
    // conv3x3 without bias: 216; two blocks of 576 and 16; heads of 72 and 584.
    assert_eq!(graph.cost().parameters, 216 + 2 * (576 + 16) + 72 + 584);
}

#[test]
fn lines_are_read_as_people_paste_them() {
    let cases = [
        (
            ">>> m = nn.Conv2d(4, 6, 3, stride=2)\n>>> x = torch.randn(20, 4, 50, 100)\n>>> y = m(x)\n>>> y.shape\ntorch.Size([20, 6, 24, 49])",
            "4x50x100",
            "6 × 24 × 49",
        ),
        (
            "nn.Sequential(\n  nn.Conv2d(8, 8 * 4, 3, 1, 1),\n  nn.PixelShuffle(2),\n  nn.Conv2d(8, 3, kernel_size=5, padding=5//2),\n).to(device).eval()",
            "8x6x6",
            "3 × 12 × 12",
        ),
        (
            "self.conv1: nn.Conv2d = nn.Conv2d(1, 8, kernel_size=3, padding=1)",
            "1x6x6",
            "8 × 6 × 6",
        ),
        (
            "layers = []\nfor i in range(2):\n    layers.append(nn.Conv2d(3 if i == 0 else 8, 8, 3))\n    layers += [nn.ReLU(inplace=True)]\nnet = nn.Sequential(*layers)",
            "3x9x9",
            "8 × 5 × 5",
        ),
        (
            "nn.Conv2d（3，8，kernel_size＝3，padding=‘same’）",
            "3x6x6",
            "8 × 6 × 6",
        ),
        (
            "nn.Conv2d(3,\u{a0}8,\u{a0}3, padding=\u{2212}1 + 2)",
            "3x6x6",
            "8 × 6 × 6",
        ),
        (
            "nn.LazyConv2d(16, kernel_size=5, padding=2)",
            "3x8x8",
            "1 × 16 × 8 × 8",
        ),
        (
            "    nn.Conv2d(3, 8, 3),\n        nn.ReLU(),\n    nn.MaxPool2d(2),",
            "3x6x6",
            "8 × 2 × 2",
        ),
    ];
    for (text, input, wanted) in cases {
        assert_eq!(output(text, input), wanted, "{text}");
    }
}

#[test]
fn an_attention_is_several_nodes() {
    let text = r#"
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(8, 6)
        self.k = nn.Linear(8, 6)
        self.v = nn.Linear(8, 4)

    def forward(self, x):
        return F.scaled_dot_product_attention(self.q(x), self.k(x), self.v(x), is_causal=True)
"#;
    assert_eq!(output(text, "2x5x8"), "1 × 2 × 5 × 4");
    let graph = graph(text, "2x5x8");
    let nodes: Vec<&str> = graph
        .nodes()
        .iter()
        .map(|node| node.name.as_str())
        .collect();
    let attention = "scaled_dot_product_attention";
    for part in [".scores", ".scaled", ".masked", ".shares", ""] {
        assert!(
            nodes.contains(&format!("{attention}{part}").as_str()),
            "{nodes:?}"
        );
    }
    let shares = graph
        .nodes()
        .iter()
        .find(|node| node.name.ends_with(".shares"));
    assert_eq!(shares.unwrap().plan().unwrap().layer().name(), "Softmax");
}

#[test]
fn what_cannot_be_followed_is_named_with_its_line() {
    let class = |init: &str, forward: &str| {
        format!(
            "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {init}\n    def forward(self, x):\n        {forward}\n"
        )
    };
    let cases = [
        (class("self.a = nn.Conv2d(3, 8, 3)", "return self.b(x)"), "line 6", "Net has no b"),
        (class("self.a = nn.Conv2d(3, width, 3)", "return self.a(x)"), "line 4", "width is a name that stands for nothing"),
        (class("self.a = nn.Conv2d(4, 8, 3)", "return self.a(x)"), "line 4, column 28", "expects 4 channels"),
        (class("self.a = nn.ReLU()", "return torch.einsum('nchw->nc', x)"), "line 6", "torch.einsum is not followed"),
        (class("self.a = nn.ReLU()", "return x if x.sum() > 0 else -x"), "line 6", "depends on the numbers of a tensor"),
        (class("self.a = nn.LSTM(3, 4)", "return self.a(x)"), "line 6", "LSTM is a layer of PyTorch that is not shown here"),
        (class("self.a = Magic(3)", "return self.a(x)"), "line 4", "Magic is a name"),
        (class("raise ValueError(f'no {3}')", "return x"), "line 4", "ValueError: no 3"),
        ("x = F.max_pool2d(F.relu(self.conv1(x)), 2)".to_owned(), "column 25", "self.conv1 is not defined"),
        ("nn.Conv2d(3, 8, 3, bias=not use_bn)".to_owned(), "column 29", "use_bn is a name"),
        ("while True:\n    pass\nclass A(nn.Module):\n    pass".to_owned(), "line 1", "no layer here"),
        ("def f():\n    return f()\nclass A(nn.Module):\n    def forward(self, x):\n        return f()".to_owned(), "line 2", "nested deeper"),
    ];
    for (text, place, part) in cases {
        let message = output(&text, "3x8x8");
        assert!(
            message.contains(place) && message.contains(part),
            "{text}\n{message}"
        );
    }
}

#[test]
fn keras_and_well_known_strangers_are_recognised() {
    let cases = [
        (
            "Conv2D(32, (3, 3), strides=2, padding='same', activation='relu')",
            "this is Keras; in PyTorch it is nn.Conv2d(in_channels, filters, kernel_size)",
        ),
        (
            "layers.Dense(10)",
            "this is Keras; in PyTorch it is nn.Linear",
        ),
        ("tf.keras.layers.MaxPooling2D(2)", "nn.MaxPool2d(pool_size)"),
        (
            "nn.Conv2d(3, 8, 3, strides=2)",
            "strides is an argument of Keras; in PyTorch write stride",
        ),
        (
            "(conv): Conv2dSame(1, 1, kernel_size=(3, 3), stride=(2, 2), bias=False)",
            "pads as TensorFlow does",
        ),
        (
            "nn.AdaptiveLogSoftmaxWithLoss(3, 4, [2])",
            "is a layer of PyTorch that is not shown here",
        ),
    ];
    for (text, part) in cases {
        let message = output(text, "3x8x8");
        assert!(message.contains(part), "{text}\n{message}");
    }
}

#[test]
fn every_layer_of_pytorch_is_known_by_its_name() {
    for name in [
        "EmbeddingBag",
        "GRUCell",
        "CrossMapLRN2d",
        "TransformerEncoderLayer",
        "FractionalMaxPool3d",
        "HuberLoss",
    ] {
        let message = output(&format!("nn.{name}(3)"), "3x8x8");
        assert!(!message.contains("did you mean"), "{message}");
    }
}

#[test]
fn a_print_opens_as_far_as_it_tells() {
    let graph = graph(
        "Net(
  (stem): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
  (blocks): Sequential(
    (0-1): 2 x BasicBlock(
      (conv1): Conv2d(8, 16, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)
      (bn1): BatchNorm2d(16, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
      (downsample): Sequential(
        (0): Conv2d(8, 16, kernel_size=(1, 1), stride=(2, 2), bias=False)
      )
    )
  )
  (head): Conv2d(16, 4, kernel_size=(1, 1), stride=(1, 1))
)",
        "3x16x16",
    );
    let value = |name: &str| graph.value(graph.find(name).unwrap()).shape.unwrap();
    assert_eq!(value("blocks.0.downsample.0"), shape("1x16x8x8"));
    assert_eq!(value("blocks.1.conv1"), shape("1x16x4x4"));
    assert_eq!(value("head"), shape("1x4x4x4"));
    assert!(
        graph.obstacle(graph.outputs()[0]).is_some(),
        "a sum that is not printed has no numbers"
    );
    let notes: Vec<String> = graph.notes.iter().map(|note| note.en.clone()).collect();
    assert!(
        notes[0].contains("torch.onnx.export(model, torch.randn(1, 3, 16, 16), \"model.onnx\")"),
        "{notes:?}"
    );
}

#[test]
fn channels_last_and_batches_are_named() {
    assert!(output("nn.Conv2d(3, 8, 3)", "224x224x3").contains("channels come first"));
    assert!(output("nn.Conv2d(3, 8, 3)", "16x3x8x8").contains("a batch of 16"));
    assert_eq!(
        output("nn.Conv2d(3, 8, 3)", "torch.Size([1, 3, 8, 8])"),
        "8 × 6 × 6"
    );
}

#[test]
fn weights_are_found_by_their_names() {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let bytes = |entries: &[(&str, &[usize])]| {
        let zeros = vec![0u8; 4096];
        let views = entries.iter().map(|(name, axes)| {
            let count: usize = axes.iter().product();
            (
                *name,
                TensorView::new(Dtype::F16, axes.to_vec(), &zeros[..count * 2]).unwrap(),
            )
        });
        serialize(views, None).unwrap()
    };
    let text = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = nn.Conv2d(1, 2, 3)\n    def forward(self, x):\n        return self.conv(self.conv.to('cpu')(x)[:, :1]) if False else self.conv(x)\n";
    let mut other = graph(text, "1x5x5");
    let mut graph = other.clone();
    let whole = bytes(&[
        ("module.conv.weight", &[2, 1, 3, 3]),
        ("module.conv.bias", &[2]),
        ("module.fc.weight", &[4]),
        ("module.bn.num_batches_tracked", &[1]),
    ]);
    let report = graph.load_state(&whole).unwrap();
    assert_eq!((report.loaded, report.prefix.as_str()), (2, "module."));
    assert_eq!(report.surplus, ["module.fc.weight"]);
    let wrong = bytes(&[("conv.weight", &[2, 1, 5, 5])]);
    let message = other.load_state(&wrong).unwrap_err().to_string();
    for part in [
        "missing in the file (1): conv.bias",
        "conv.weight (2 × 1 × 5 × 5 → 2 × 1 × 3 × 3)",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_holds_itself_or_grows_without_end_is_refused() {
    let texts = [
        "a = []\na.append(a)\nm = nn.Conv2d(3, a, 3)",
        "a = []\na.append(a)\nm = nn.Conv2d(3, len(str(a)), 3)",
        "a = []\na.append(a)\nb = [a]\nc = a == b\nm = nn.Conv2d(3, 8, 3, bias=c)",
        "s = nn.Sequential()\ns.add_module('s', s)",
        "s = nn.Sequential(nn.ReLU())\ns.add_module('s', s)\nclass A(nn.Module):\n    def forward(self, x):\n        return s(x)",
        "t = 'ab'\nfor i in range(99):\n    t = t + t\nm = nn.Conv2d(3, len(t), 3)",
        "a = [1]\nfor i in range(99):\n    a = a + a\nm = nn.Conv2d(3, len(a), 3)",
        "n = 9\nwhile n > 0:\n    n += 1\nm = nn.Conv2d(3, n, 3)",
        "a = [[1]]\nfor i in range(50):\n    a = [a, a]\nm = nn.Conv2d(3, len(str(a)), 3)",
    ];
    for text in texts {
        let message = output(text, "3x8x8");
        assert!(message.contains("line "), "{text}\n{message}");
    }
}
