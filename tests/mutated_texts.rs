//! Texts with mistakes of every kind: read, or refused with a message; never a panic, a long wait, or much
//! memory.

mod fuzz;

use fuzz::texts::mutated;
use tensorama::disk::Reach;
use tensorama::lesson;
use tensorama::network::{ClassNames, Subject};
use tensorama::tensor::Shape;

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

const SENTENCE_WORDS: &[&str] = &[
    "\": \"",
    "\",\n\"",
    "[m]",
    "{stop}",
    "{a|b}",
    "\\\\[",
    "\\\\{",
    "\\u{1f600}",
    "r#\"",
    "//",
    "/*",
    "\n",
    "{",
    "}",
    "(",
    "1.5",
    "42",
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
    for axes in [&[3, 9, 8][..], &[8, 6, 6], &[4]] {
        let shape = Shape::new(axes).unwrap();
        let _ = subject.network(&shape).map_err(|why| why.to_string());
    }
    let batch = Shape::new(&[1, 3, 9, 8]).unwrap();
    let _ = subject.graph(&batch).map_err(|why| why.to_string());
    true
}

#[test]
fn notation() {
    let texts = [NOTATION, PRINTED].concat();
    fuzz::run(
        "notation",
        MOST_BYTES,
        |random| mutated(&texts, WORDS, random).into_bytes(),
        read_subject,
    );
}

#[test]
fn python_source() {
    let texts = [SOURCE, SOURCE, NOTATION].concat();
    fuzz::run(
        "python_source",
        MOST_BYTES,
        |random| mutated(&texts, WORDS, random).into_bytes(),
        read_subject,
    );
}

/// A lesson that is read fast.
const SMALL: &str = "Lesson(title: (en: \"T\", ja: \"題\"), scenes: [Scene(title: (en: \"S\", ja: \"場\"), \
    input: (shape: (1, 5, 5), fill: Count), layers: [Conv2d(filters: 2, kernel: (3, 3), weights: SobelX), ReLU], \
    beats: [Say(text: (en: \"One {stop|halt} [m]two\", ja: \"一[m]二\"), \
    at: {\"m\": Run(to: Filter(1), over: 3.0)}), Hold(1.0)])])";

/// The lessons that come with the program, and many times more often a small one.
fn lesson_texts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/lessons");
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|end| end == "ron"))
        .collect();
    // The same inputs on each machine.
    files.sort();
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap());
    texts
        .chain(std::iter::repeat_n(SMALL.to_owned(), 40))
        .collect()
}

#[test]
fn lessons() {
    let texts = lesson_texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
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

#[cfg(feature = "worksheet")]
#[test]
fn worksheets() {
    use tensorama::lesson::Language;
    use tensorama::worksheet::Worksheet;

    let texts = lesson_texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    fuzz::run(
        "worksheets",
        MOST_BYTES,
        |random| mutated(&texts, LESSON_WORDS, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let Ok((lesson, _)) = lesson::read("l.ron", &text) else {
                return false;
            };
            for seed in [1, u64::MAX] {
                let sheet = Worksheet::new(&lesson, seed);
                for language in [Language::En, Language::Ja] {
                    let _ = sheet.items(language, true);
                }
            }
            true
        },
    );
}

#[test]
fn sentences() {
    let of_small = "{\n// The lesson:\n\"T\": \"Titel\",\n// Scene 1:\n\"S\": \"Szene\",\n\
                    \"One {stop|halt} [m]two\": \"Eins {Halt|halt} [m]zwei\",\n\"gone\": \"\",\n}";
    let german = include_str!("../lessons/sentences/de/convolution.ron");
    let mut texts = vec![of_small; 40];
    texts.push(german);
    fuzz::run(
        "sentences",
        MOST_BYTES,
        |random| mutated(&texts, SENTENCE_WORDS, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            let sentences = match lesson::Sentences::read("de.ron", &text) {
                Ok(sentences) => sentences,
                Err(why) => {
                    let _ = why.to_string();
                    return false;
                }
            };
            let remarks = sentences.check("l.ron", SMALL);
            let _ = remarks.map(|remarks| remarks.to_string());
            let told = lesson::read_translated("l.ron", SMALL, Reach::Folder, &sentences);
            let _ = told.map_err(|why| why.to_string());
            // What is filled in can be read again.
            let filled = sentences.filled_in("l.ron", SMALL);
            let filled = filled.map_err(|why| why.to_string()).unwrap();
            assert!(
                lesson::Sentences::read("de.ron", &filled).is_ok(),
                "{filled}"
            );
            true
        },
    );
}

#[test]
fn class_names() {
    let texts = [
        "tench\ngoldfish\ngreat white shark, white shark\n",
        "[\"tench\", \"goldfish\", null, \"cock\"]",
        "{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}",
        "{0: 'tench, Tinca tinca', 1: 'goldfish'}",
        "{\"tench\": 0, \"gold\\u0066ish\": 1}",
        "\u{feff}猫\n犬\r\n",
    ];
    let words = [
        "\"",
        "'",
        "\\u00",
        "\\",
        "{",
        "[",
        "null",
        "None",
        "0:",
        "\n",
        "],",
        "//",
        "#",
        "\u{feff}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"a\":{\"a\":{\"a\":{\"a\":",
    ];
    fuzz::run(
        "class_names",
        MOST_BYTES,
        |random| mutated(&texts, &words, random).into_bytes(),
        |bytes| {
            let text = String::from_utf8_lossy(bytes);
            ClassNames::parse(&text)
                .map_err(|why| why.to_string())
                .is_ok()
        },
    );
}
