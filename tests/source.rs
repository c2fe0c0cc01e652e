//! PyTorch's source and printed models: what is pasted or named opens with the shapes that PyTorch
//! gives, and what cannot be followed is named with its line.

use serde::Deserialize;
use tensorama::network::{Graph, Keep, Network, Subject};
use tensorama::tensor::{Fill, Shape};

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
            "In [3]: m = nn.Conv2d(3, 8, 3)\n   ...: m2 = nn.ReLU()\n\nIn [4]: m\nOut[4]: Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))",
            "3x9x9",
            "8 × 7 × 7",
        ),
        (
            "Out[4]: Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1))",
            "3x9x9",
            "8 × 7 × 7",
        ),
        (
            "Use this (it is small):\n\n```python\nnn.Conv2d(3, 8, 3)\n```\nand try it.",
            "3x9x9",
            "8 × 7 × 7",
        ),
        ("`nn.Conv2d(3, 8, 3)`", "3x9x9", "8 × 7 × 7"),
        ("Ｃｏｎｖ２ｄ（３，８，３）", "3x9x9", "8 × 7 × 7"),
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
        (class("self.a = nn.ReLU()", "return torch.fft.fft2(x)"), "line 6", "torch.fft.fft2 is not followed"),
        (class("self.a = nn.ReLU()", "return x if x.sum() > 0 else -x"), "line 6", "depends on the numbers of a tensor"),
        (class("self.a = nn.LSTM(3, 4)", "return self.a(x)"), "line 6", "LSTM is a layer of PyTorch that is not shown here"),
        (class("self.a = Magic(3)", "return self.a(x)"), "line 4", "Magic is a name"),
        (class("self.a = nn.ReLU()", "return x + torch.zeros(1 << 40, 1 << 40)"), "line 6", "(1099511627776, 1099511627776)"),
        (class("raise ValueError(f'no {3}')", "return x"), "line 4", "ValueError: no 3"),
        ("x = F.max_pool2d(F.relu(self.conv1(x)), 2)".to_owned(), "column 25", "self.conv1 is not defined"),
        ("nn.Conv2d(3, 8, 3, bias=not use_bn)".to_owned(), "column 29", "use_bn is a name"),
        ("while True:\n    pass\nclass A(nn.Module):\n    pass".to_owned(), "line 1", "no class that opens by itself"),
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

/// torchvision's `MLPBlock`, as `print` writes it; blanks do not matter.
fn printed_mlp(class: &str, width: usize) -> String {
    let hidden = 4 * width;
    format!(
        "(mlp): {class}(
           (0): Linear(in_features={width}, out_features={hidden}, bias=True)
           (1): GELU(approximate='none')
           (2): Dropout(p=0.0, inplace=False)
           (3): Linear(in_features={hidden}, out_features={width}, bias=True)
           (4): Dropout(p=0.0, inplace=False)
         )"
    )
}

/// The prints of torchvision, whose parameters that are no module's (a class token, embeddings and
/// biases of positions) are not in them.
#[test]
fn printed_transformers_open_with_the_parameters_of_their_modules() {
    let blocks: String = (0..12)
        .map(|block| {
            let mlp = printed_mlp("MLPBlock", 768);
            format!(
                "(encoder_layer_{block}): EncoderBlock(
                   (ln_1): LayerNorm((768,), eps=1e-06, elementwise_affine=True)
                   (self_attention): MultiheadAttention(
                     (out_proj): NonDynamicallyQuantizableLinear(in_features=768, out_features=768, bias=True)
                   )
                   (dropout): Dropout(p=0.0, inplace=False)
                   (ln_2): LayerNorm((768,), eps=1e-06, elementwise_affine=True)
                   {mlp}
                 )\n"
            )
        })
        .collect();
    let vit_b_16 = graph(
        &format!(
            "VisionTransformer(
               (conv_proj): Conv2d(3, 768, kernel_size=(16, 16), stride=(16, 16))
               (encoder): Encoder(
                 (dropout): Dropout(p=0.0, inplace=False)
                 (layers): Sequential(
                   {blocks}
                 )
                 (ln): LayerNorm((768,), eps=1e-06, elementwise_affine=True)
               )
               (heads): Sequential(
                 (head): Linear(in_features=768, out_features=1000, bias=True)
               )
             )"
        ),
        "3x224x224",
    );
    // 86,567,656, without the class token and 197 embeddings of positions.
    assert_eq!(vit_b_16.cost().parameters, 86_567_656 - 198 * 768);

    let stage = |stage: usize, width: usize, depth: usize| {
        let blocks: String = (0..depth)
            .map(|block| {
                let (mlp, three) = (printed_mlp("MLP", width), 3 * width);
                format!(
                    "({block}): SwinTransformerBlock(
                       (norm1): LayerNorm(({width},), eps=1e-05, elementwise_affine=True)
                       (attn): ShiftedWindowAttention(
                         (qkv): Linear(in_features={width}, out_features={three}, bias=True)
                         (proj): Linear(in_features={width}, out_features={width}, bias=True)
                       )
                       (stochastic_depth): StochasticDepth(p=0.1, mode=row)
                       (norm2): LayerNorm(({width},), eps=1e-05, elementwise_affine=True)
                       {mlp}
                     )\n"
                )
            })
            .collect();
        format!("({stage}): Sequential(\n{blocks})\n")
    };
    let merging = |stage: usize, width: usize| {
        let (four, two) = (4 * width, 2 * width);
        format!(
            "({stage}): PatchMerging(
               (reduction): Linear(in_features={four}, out_features={two}, bias=False)
               (norm): LayerNorm(({four},), eps=1e-05, elementwise_affine=True)
             )\n"
        )
    };
    let features = [
        stage(1, 96, 2),
        merging(2, 96),
        stage(3, 192, 2),
        merging(4, 192),
        stage(5, 384, 6),
        merging(6, 384),
        stage(7, 768, 2),
    ]
    .concat();
    let swin_t = graph(
        &format!(
            "SwinTransformer(
               (features): Sequential(
                 (0): Sequential(
                   (0): Conv2d(3, 96, kernel_size=(4, 4), stride=(4, 4))
                   (1): Permute()
                   (2): LayerNorm((96,), eps=1e-05, elementwise_affine=True)
                 )
                 {features}
               )
               (norm): LayerNorm((768,), eps=1e-05, elementwise_affine=True)
               (permute): Permute()
               (avgpool): AdaptiveAvgPool2d(output_size=1)
               (flatten): Flatten(start_dim=1, end_dim=-1)
               (head): Linear(in_features=768, out_features=1000, bias=True)
             )"
        ),
        "3x224x224",
    );
    // 28,288,354, without the biases of 13 × 13 places for each head: 3, 6, 12 and 24 of them.
    let heads = 2 * 3 + 2 * 6 + 6 * 12 + 2 * 24;
    assert_eq!(swin_t.cost().parameters, 28_288_354 - 169 * heads);

    let shapes = [
        (
            &vit_b_16,
            "encoder.layers.encoder_layer_11.mlp.3",
            "1x196x768",
        ),
        (&vit_b_16, "heads.head", "1x1000"),
        (&swin_t, "features.1.0.mlp.3", "1x56x56x96"),
        (&swin_t, "features.6.reduction", "1x7x7x768"),
        (&swin_t, "avgpool", "1x768x1x1"),
        (&swin_t, "head", "1x1000"),
    ];
    for (graph, name, expected) in shapes {
        let found = graph.find(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(graph.value(found).shape, Some(shape(expected)), "{name}");
    }
    for (graph, told) in [
        (
            &vit_b_16,
            &["how many heads", "196 tokens", "torch.onnx.export"][..],
        ),
        (&swin_t, &["torch.onnx.export"][..]),
    ] {
        assert!(graph.obstacle(graph.outputs()[0]).is_some());
        let notes: Vec<&str> = graph.notes.iter().map(|note| note.en.as_str()).collect();
        for words in told {
            let is_told = notes.iter().any(|note| note.contains(words));
            assert!(is_told, "{words} in {notes:?}");
        }
        let unfit = notes.iter().find(|note| note.contains("do not fit"));
        assert_eq!(unfit, None);
    }
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

/// What PyTorch gives for a network of tests/networks.
#[derive(Deserialize)]
struct Expected {
    file: String,
    input: Vec<usize>,
    outputs: Vec<Vec<usize>>,
    parameters: u64,
}

#[test]
fn networks_as_people_write_them_have_the_shapes_and_parameters_of_pytorch() {
    let folder = format!("{}/tests/networks", env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for line in include_str!("networks/expected.jsonl").lines() {
        let expected: Expected = serde_json::from_str(line).unwrap();
        let input = Shape::new(&expected.input).unwrap();
        let subject = Subject::parse(&format!("{folder}/{}", expected.file)).unwrap();
        let graph = match subject.network(&input) {
            Ok(Network::Graph(graph)) => graph,
            Ok(Network::Chain(_)) => panic!("{}: a chain", expected.file),
            Err(error) => {
                wrong.push(format!("{}: {error}", expected.file));
                continue;
            }
        };
        let outputs: Vec<Vec<usize>> = graph
            .outputs()
            .iter()
            .map(|&id| graph.value(id).shape.unwrap().axes().to_vec())
            .collect();
        if outputs != expected.outputs || graph.cost().parameters != expected.parameters {
            let parameters = graph.cost().parameters;
            wrong.push(format!("{}: {outputs:?}, {parameters}", expected.file));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A class with lines of `__init__` and of `forward`.
fn class(init: &str, forward: &str) -> String {
    let indented = |lines: &str| lines.replace('\n', "\n        ");
    let (init, forward) = (indented(init), indented(forward));
    format!(
        "import math\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {init}\n\n    def forward(self, x):\n        {forward}\n"
    )
}

/// What a network computes of zeros, or of what counts from 0.
fn numbers(text: &str, input: &str, fill: Fill) -> Vec<f32> {
    let graph = graph(text, input);
    let inputs: Vec<_> = graph
        .inputs()
        .iter()
        .map(|&id| (id, fill.make(&graph.value(id).shape.unwrap()).unwrap()))
        .collect();
    let values = graph.run(&inputs, Keep::Outputs).unwrap();
    values.get(graph.outputs()[0]).unwrap().data().to_vec()
}

#[test]
fn functions_on_tensors_have_the_shapes_of_pytorch() {
    let cases = [
        ("torch.einsum('bchw,bdhw->bcd', x, x)", "1 × 6 × 6"),
        ("torch.einsum('bchw->bwc', x)", "1 × 5 × 6"),
        (
            "torch.einsum('b...w,wk->b...k', x, torch.ones(5, 2))",
            "1 × 6 × 4 × 2",
        ),
        ("x.repeat(1, 2, 1, 3)", "1 × 12 × 4 × 15"),
        ("x.tile((2, 1))", "1 × 6 × 8 × 5"),
        ("x.tile(dims=(2, 1))", "1 × 6 × 8 × 5"),
        ("x.repeat(repeats=(1, 2, 1, 3))", "1 × 12 × 4 × 15"),
        ("x.view(size=(1, 3, 8, 5))", "1 × 3 × 8 × 5"),
        ("x.reshape(shape=(1, 30, -1))", "1 × 30 × 4"),
        ("torch.reshape(x, shape=(1, -1))", "1 × 120"),
        ("x.view_as(other=torch.ones(1, 2, 60))", "1 × 2 × 60"),
        ("x.permute(dims=(0, 2, 3, 1))", "1 × 4 × 5 × 6"),
        ("x[:, :1].expand(size=(-1, 9, -1, -1))", "1 × 9 × 4 × 5"),
        ("x.repeat_interleave(3, dim=-1)", "1 × 6 × 4 × 15"),
        ("x.unfold(3, 2, 2)", "1 × 6 × 4 × 2 × 2"),
        ("x.movedim(1, -1)", "1 × 4 × 5 × 6"),
        ("x.narrow(1, 2, 3)", "1 × 3 × 4 × 5"),
        ("x[:, [5, 0]]", "1 × 2 × 4 × 5"),
        ("x[:, torch.arange(3) * 2]", "1 × 3 × 4 × 5"),
        ("x.var(dim=(2, 3), unbiased=False)", "1 × 6"),
        ("x.std(1, keepdim=True)", "1 × 1 × 4 × 5"),
        ("F.layer_norm(x, x.shape[2:])", "1 × 6 × 4 × 5"),
        (
            "F.conv2d(x, torch.ones(3, 2, 3, 3), padding=1, groups=3)",
            "1 × 3 × 4 × 5",
        ),
        ("F.linear(x, torch.ones(7, 5))", "1 × 6 × 4 × 7"),
        ("x.masked_fill(torch.eye(4, 5) == 1, 0.)", "1 × 6 × 4 × 5"),
        (
            "torch.where(torch.tril(torch.ones(4, 5)).bool(), x, -1e9)",
            "1 × 6 × 4 × 5",
        ),
        (
            "einops.rearrange(x, 'b (g c) h w -> b g h (w c)', g=2)",
            "1 × 2 × 4 × 15",
        ),
        ("einops.reduce(x, 'b c h w -> b c', 'max')", "1 × 6"),
        (
            "einops.repeat(x, 'b c h w -> b c (h 2) w')",
            "has no length",
        ),
        (
            "einops.repeat(x, 'b c h w -> b c (h k) w', k=2)",
            "1 × 6 × 8 × 5",
        ),
        (
            "torch.stack(torch.meshgrid(torch.arange(4), torch.arange(5), indexing='xy')) + x[:, :2].mT",
            "1 × 2 × 5 × 4",
        ),
        ("x // 2 % 3", "1 × 6 × 4 × 5"),
    ];
    for (forward, wanted) in cases {
        let text = class("pass", &format!("return {forward}"));
        let made = output(&text, "6x4x5");
        assert!(made.contains(wanted), "{forward}\n{made}");
    }
}

#[test]
fn what_the_source_computes_beforehand_has_its_numbers() {
    let text = class(
        "position = torch.arange(3).unsqueeze(1)\nrate = torch.exp(torch.arange(0, 4, 2) * (-math.log(10000.0) / 4))\npe = torch.zeros(3, 4)\npe[:, 0::2] = torch.sin(position * rate)\npe[:, 1::2] = torch.cos(position * rate)\nself.register_buffer('pe', pe.unsqueeze(0))",
        "return x + self.pe[:, :x.size(1)]",
    );
    let made = numbers(&text, "2x4", Fill::Constant(0.0));
    let wanted = [
        0.0,
        1.0,
        0.0,
        1.0,
        1f32.sin(),
        1f32.cos(),
        0.01f32.sin(),
        0.01f32.cos(),
    ];
    for (one, two) in made.iter().zip(wanted) {
        assert!((one - two).abs() < 1e-6, "{made:?}");
    }
    // Each place may look at itself and what comes before it: shares of equal scores.
    let text = class(
        "self.register_buffer('mask', torch.tril(torch.ones(4, 4)).view(1, 4, 4))",
        "return F.softmax((x @ x.transpose(-2, -1)).masked_fill(self.mask[:, :3, :3] == 0, float('-inf')), dim=-1)",
    );
    let made = numbers(&text, "3x2", Fill::Constant(0.0));
    let third = 1.0 / 3.0;
    assert_eq!(made, [1.0, 0.0, 0.0, 0.5, 0.5, 0.0, third, third, third]);
}

#[test]
fn what_is_changed_in_place_is_changed_under_every_name() {
    let cases = [
        ("y = x\nx += 1\nreturn y", 3.0),
        ("y = x\nx = x + 1\nreturn y", 2.0),
        ("y = x\nx.mul_(3)\nreturn y", 6.0),
        (
            "y = x\nF.leaky_relu(x.sub_(4), 0.5, inplace=True)\nreturn y",
            -1.0,
        ),
        ("y = x.sub(4)\nz = F.relu(y)\nreturn y", -2.0),
        (
            "y = [x]\ny.extend(z + y[-1] for z in (1, 1))\nreturn y[-1]",
            4.0,
        ),
    ];
    for (forward, wanted) in cases {
        let made = numbers(&class("pass", forward), "1x1x1", Fill::Constant(2.0));
        assert_eq!(made, [wanted], "{forward}");
    }
}

#[test]
fn an_attention_has_the_parameters_of_pytorch_in_source_and_print() {
    let text = class(
        "self.attn = nn.MultiheadAttention(8, 2, batch_first=True)",
        "y, _ = self.attn(x, x, x, need_weights=False)\nreturn y",
    );
    let source = graph(&text, "5x8");
    let weights: Vec<&str> = source
        .parameters()
        .map(|(_, value)| value.name.as_str())
        .filter(|name| name.starts_with("attn.") && !name.contains("scale"))
        .collect();
    assert_eq!(
        weights,
        [
            "attn.in_proj_weight",
            "attn.in_proj_bias",
            "attn.out_proj.weight",
            "attn.out_proj.bias"
        ]
    );
    let print = graph(
        "Net(\n  (norm): LayerNorm((8,), eps=1e-05, elementwise_affine=True)\n  (attn): MultiheadAttention(\n    (out_proj): NonDynamicallyQuantizableLinear(in_features=8, out_features=8, bias=True)\n  )\n)",
        "5x8",
    );
    // 3 × 8 × 8 + 3 × 8 + 8 × 8 + 8, and 16 of the norm.
    assert_eq!(
        (source.cost().parameters, print.cost().parameters),
        (288, 304)
    );
    let notes: Vec<String> = print.notes.iter().map(|note| note.en.clone()).collect();
    assert!(
        notes.iter().any(|note| note.contains("how many heads")),
        "{notes:?}"
    );
    assert!(print.obstacle(print.outputs()[0]).is_some());
    let text = class(
        "self.attn = nn.MultiheadAttention(9, 2)",
        "return self.attn(x, x, x)",
    );
    let message = output(&text, "5x9");
    assert!(
        message.contains("line 10") && message.contains("2 heads"),
        "{message}"
    );
}

#[test]
fn numbers_drawn_at_random_are_no_numbers() {
    let text = class(
        "self.fc = nn.Linear(4, 3)",
        "return self.fc(x + 0.1 * torch.randn_like(x))",
    );
    let graph = graph(&text, "4");
    assert_eq!(graph.value(graph.outputs()[0]).shape, Some(shape("1x3")));
    let why = graph.obstacle(graph.outputs()[0]).unwrap().to_string();
    assert!(why.contains("drawn at random"), "{why}");
}

#[test]
fn a_buffer_that_is_worked_in_must_be_the_one_of_the_file() {
    use safetensors::tensor::{Dtype, TensorView, serialize};
    let text = class(
        "self.scale = nn.Parameter(torch.ones(2))\nself.register_buffer('mask', torch.ones(2, 2).tril())",
        "return x.masked_fill(self.mask == 0, 0.) * self.scale",
    );
    let load = |mask: [f32; 4]| {
        let mut graph = graph(&text, "2x2");
        let mask: Vec<u8> = mask
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        let scale = [2f32, 3.0].map(f32::to_le_bytes).concat();
        let views = [
            (
                "mask",
                TensorView::new(Dtype::F32, vec![2, 2], &mask).unwrap(),
            ),
            (
                "scale",
                TensorView::new(Dtype::F32, vec![2], &scale).unwrap(),
            ),
        ];
        graph.load_state(&serialize(views, None).unwrap())
    };
    let report = load([1.0, 0.0, 1.0, 1.0]).unwrap();
    assert_eq!((report.loaded, report.surplus.len()), (1, 0));
    let message = load([1.0, 1.0, 0.0, 1.0]).unwrap_err().to_string();
    assert!(
        message.contains("other numbers") && message.contains("mask"),
        "{message}"
    );
}

#[test]
fn a_training_script_opens_its_network_and_says_what_it_passed_over() {
    let text = format!(
        "{}\n\ndef train(model, loader):\n    for epoch in range(10 ** 9):\n        for x, y in loader:\n            model(x)\n\n\nif __name__ == '__main__':\n    net = Net().cuda()\n    for step in range(10 ** 6):\n        pass\n    train(net, range(3, 'x'))\n    criterion = nn.CrossEntropyLoss()\n",
        class("self.fc = nn.Linear(4, 3)", "return self.fc(x)")
    );
    let graph = graph(&text, "4");
    assert_eq!(names(&graph), ["fc"]);
    let notes: Vec<String> = graph.notes.iter().map(|note| note.en.clone()).collect();
    assert!(notes[0].contains("passed over"), "{notes:?}");
}
