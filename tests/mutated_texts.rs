//! Texts with mistakes of every kind: read, or refused with a message; never a panic, a long wait, or much
//! memory.

mod fuzz;

use tensorama::lesson;
use tensorama::network::Subject;
use tensorama::tensor::{Fill, Preprocess, Random, Shape};

/// What reading a text may take: 256 MiB.
const MOST_BYTES: usize = 256 << 20;

const NOTATION: &[&str] = &[
    "nn.Conv2d(3, 8, kernel_size=3, stride=2, padding=1, bias=False)",
    "Conv2d(4, 4, (3, 5), padding='same', dilation=(2, 3), groups=2, padding_mode='reflect')",
    "nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True))",
    "nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1, output_padding=1)",
    "nn.AdaptiveAvgPool2d((None, 4))",
    "nn.Upsample(scale_factor=2.5, mode='bilinear', align_corners=True)",
    "nn.Sequential(nn.PixelShuffle(2), nn.Flatten(), nn.Linear(144, 10), nn.Softmax(dim=1))",
    "nn.MultiheadAttention(16, 4, batch_first=True)",
    "nn.Unfold(3, padding=1), nn.LayerNorm([27, 16])",
    "nn.ReLU(), Add(0), Concat(1, dim=-3), Permute(2, 0, 1)",
];

const PRINTED: &[&str] = &[
    "Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n  (1): ReLU(inplace=True)\n  (2): Sequential(\n    (0): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)\n  )\n)",
    "Net(\n  (features): ModuleList(\n    (0-2): 3 x Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1))\n  )\n  (pool): AdaptiveAvgPool2d(output_size=(1, 1))\n)",
];

const SOURCE: &[&str] = &[
    "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\nclass Block(nn.Module):\n    def __init__(self, width, *, groups: int = 1):\n        super().__init__()\n        self.convs = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1, groups=groups) for _ in range(3)])\n        self.scale = nn.Parameter(torch.ones(width, 1, 1))\n\n    def forward(self, x):\n        y = x\n        for i, conv in enumerate(self.convs):\n            y = F.relu(conv(y)) if i % 2 == 0 else conv(y)\n        return torch.cat([x, y * self.scale], dim=1)\n\nclass Net(nn.Module):\n    def __init__(self, width=8, classes=10):\n        super().__init__()\n        self.stem = nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width), nn.ReLU())\n        self.block = Block(width, groups=2)\n        self.head = nn.Linear(2 * width, classes)\n\n    def forward(self, x):\n        x = self.block(self.stem(x))\n        x = x.mean([2, 3])\n        return self.head(x)\n",
    "conv1 = nn.Conv2d(3, 8, 3)\npool = nn.MaxPool2d(2, 2)\nx = pool(F.relu(conv1(x)))\nx = x.view(-1, 8 * 2 * 2)\n",
    "def widths(n):\n    while n > 1:\n        n = n // 2\n        yield n\nsizes = {k: [v] * 3 for k, v in zip('abc', (1, 2, 3))}\nnet = nn.Sequential(*[nn.Conv2d(3, 3, s[0]) for s in sizes.values()])\n",
];

const WORDS: &[&str] = &[
    "nn.",
    "torch.",
    "F.",
    "self.",
    "Conv2d(",
    "Linear(",
    "Sequential(",
    "ModuleList(",
    "kernel_size=",
    "dilation=",
    "groups=",
    "padding='same'",
    "stride=",
    "None",
    "True",
    "lambda x: ",
    "for i in range(",
    " if ",
    " else ",
    "while True:\n",
    "def f(x):\n    return ",
    "class A(nn.Module):\n",
    "return ",
    "yield ",
    "*",
    "**",
    "[0]",
    "[::-1]",
    "[..., None]",
    ".view(",
    ".reshape(-1, ",
    ".permute(",
    ".flatten(",
    "torch.cat([",
    "torch.split(",
    "range(10**9)",
    "[0] * 10**9",
    "'a' * 10**9",
    "1 << 10**6",
    "10 ** 10 ** 10",
    "f(f(f(",
    "((((((((((((((((((((((((((((((((",
    "[[[[[[[[[[[[[[[[[[[[[[[[[",
    "\\u2212",
    "ｎｎ",
    "\u{a0}",
    "“",
    "(0-2): 3 x ",
    "(0-999999999): 1000000000 x ",
    "\"\"\"",
    "'",
    "#",
    "\r\n",
    "\0",
];

const LESSON_WORDS: &[&str] = &[
    "Scene(",
    "Run(to: End, over: 3.0)",
    "Conv2d(filters: 2, kernel: (3, 3))",
    "shape: (3, 6, 6)",
    "fill: Ramp",
    "Image(\"x.png\")",
    "Values([1, 2])",
    "say: (en: \"a\", ja: \"あ\")",
    "Some(",
    "None",
    "()",
    "[]",
    "\"\"",
    "r#\"",
    "/*",
    "//",
    "Filter(0)",
    "Start",
    "End",
    "((((((((((((((((",
    "[[[[[[[[[[[[[[[[",
    "layers:",
    "beats:",
    "title:",
    "NaN",
    "inf",
    "-inf",
    "'a'",
    "\\u{0}",
    "b\"",
];

/// Reads a text as layers or as a network, and for some inputs plans it.
fn read_subject(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    // Names of files are another matter.
    if text.contains(".onnx") || text.contains(".py") {
        return false;
    }
    let subject = match Subject::parse(&text) {
        Ok(subject) => subject,
        Err(why) => {
            let _ = why.to_string();
            return false;
        }
    };
    let _ = subject.layers();
    for axes in [&[3, 9, 8][..], &[8, 6, 6], &[1, 3, 9, 8], &[4]] {
        let shape = Shape::new(axes).unwrap();
        let _ = subject.network(&shape).map_err(|why| why.to_string());
        let _ = subject.graph(&shape).map_err(|why| why.to_string());
    }
    true
}

#[test]
fn notation() {
    let texts = [NOTATION, PRINTED].concat();
    fuzz::run(
        "notation and prints",
        MOST_BYTES,
        |random| mutated(&texts, WORDS, random).into_bytes(),
        read_subject,
    );
}

#[test]
fn python_source() {
    let texts = [SOURCE, SOURCE, NOTATION].concat();
    fuzz::run(
        "source of Python",
        MOST_BYTES,
        |random| mutated(&texts, WORDS, random).into_bytes(),
        read_subject,
    );
}

#[test]
fn lessons() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons");
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|end| end == "ron"));
    let texts: Vec<String> = files
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    // Scenes alone are read faster, and more of them are.
    let small = "Lesson(title: (en: \"T\", ja: \"題\"), scenes: [Scene(title: (en: \"S\", ja: \"場\"), \
                 input: (shape: (1, 5, 5), fill: Count), layers: [Conv2d(filters: 2, kernel: (3, 3), weights: SobelX), ReLU], \
                 beats: [Run(to: Filter(1), over: 3.0, say: (en: \"One {stop} two\", ja: \"一\")), Hold(1.0)])])";
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    texts.extend([small; 40]);
    fuzz::run(
        "lessons",
        MOST_BYTES,
        |random| mutated(&texts, LESSON_WORDS, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            lesson::read("l.ron", &text)
                .map_err(|why| why.to_string())
                .is_ok()
        },
    );
}

#[test]
fn words_of_a_command_line() {
    let texts = [
        "3x6x6",
        "(3, 224, 224)",
        "torch.Size([1, 3, 8, 8])",
        "random:7",
        "sobel_x",
        "-0.5",
        "x.npy",
        "m.safetensors:conv/kernel:0",
        "C:\\a\\b.npz:x",
        "imagenet",
        "size=256,crop=224x320,mean=0.485/0.456/0.406,std=0.5,range=255,order=bgr,background=#0080ff",
        "Impulse(at: (0, 1, 2))",
        "Values([1, 2, 3])",
    ];
    fuzz::run(
        "words",
        MOST_BYTES,
        |random| {
            mutated(
                &texts,
                &["x", ":", "=", ",", "/", "×", "#", ".npz", "crop=", "１"],
                random,
            )
            .into_bytes()
        },
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            if let Ok(shape) = text.parse::<Shape>() {
                assert_eq!(shape.to_string().replace(" × ", "x").parse(), Ok(shape));
            }
            let fill = text.parse::<Fill>().map_err(|why| why.to_string());
            if let Ok(chosen) = text.parse::<Preprocess>() {
                assert!(chosen.to_string().parse::<Preprocess>().is_ok(), "{chosen}");
            }
            fill.is_ok()
        },
    );
}

/// A text with some of it changed: characters, words that mean something, numbers at their limits, parts left
/// out, doubled, or taken from another text.
fn mutated(texts: &[&str], words: &[&str], random: &mut Random) -> String {
    let any = |random: &mut Random, count: usize| random.below(count.max(1) as u64) as usize;
    let mut text: Vec<char> = texts[any(random, texts.len())].chars().collect();
    // Now and then, one as it is.
    for _ in 0..random.below(5) {
        let at = any(random, text.len() + 1);
        let end = (at + any(random, 24)).min(text.len());
        match random.below(8) {
            0 => {
                text.drain(at..end);
            }
            1 => {
                let part = text[at..end].to_vec();
                let times = [1, 1, 2, 200][any(random, 4)];
                let to = any(random, text.len() + 1);
                let many: Vec<char> = part
                    .iter()
                    .copied()
                    .cycle()
                    .take(part.len() * times)
                    .collect();
                text.splice(to..to, many);
            }
            2 => {
                let other: Vec<char> = texts[any(random, texts.len())].chars().collect();
                let from = any(random, other.len() + 1);
                let to = (from + any(random, 60)).min(other.len());
                text.splice(at..at, other[from..to].iter().copied());
            }
            3 | 4 => {
                let word = words[any(random, words.len())];
                text.splice(at..end, word.chars());
            }
            5 => {
                let sign = SIGNS[any(random, SIGNS.len())];
                text.insert(at, char::from(sign));
            }
            6 => {
                // A number becomes another one.
                let digit = text.iter().skip(at).position(char::is_ascii_digit);
                if let Some(digit) = digit {
                    let from = at + digit;
                    let count = text[from..]
                        .iter()
                        .take_while(|sign| sign.is_ascii_digit())
                        .count();
                    let number = NUMBERS[any(random, NUMBERS.len())];
                    text.splice(from..from + count, number.chars());
                }
            }
            _ => {
                if let Some(sign) = text.get_mut(at) {
                    *sign = char::from_u32(random.below(0x3100) as u32).unwrap_or('\u{fffd}');
                }
            }
        }
        text.truncate(20_000);
    }
    text.into_iter().collect()
}

const SIGNS: &[u8] = b"()[]{}<>,:=.'\"#\\ \n\t-+*/_0123456789xXeE@%^&|~!?;";

const NUMBERS: [&str; 18] = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "16",
    "255",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
    "1e400",
    "0.5",
    "1e-400",
    "NaN",
];
