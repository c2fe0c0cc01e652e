//! Sentences of checks and files in Japanese. What checks say is English text; here each has its
//! pattern, with a hole for each part that varies.

use crate::lesson::Language;

/// A sentence in a language; as it is where there is no other wording for it.
pub(super) fn said(english: &str, language: Language) -> String {
    match language {
        Language::En => english.to_owned(),
        Language::Ja => translated(english).unwrap_or_else(|| english.to_owned()),
    }
}

/// A sentence in Japanese; `None` of one that is not known.
pub(super) fn translated(english: &str) -> Option<String> {
    // A layer's or a file's name before what is wrong with it.
    let named = |spaces: bool| {
        let (name, rest) = english.split_once(": ")?;
        (spaces || !name.contains(' ')).then_some(())?;
        Some(format!("{name}: {}", translated(rest)?))
    };
    if let Some(text) = named(false) {
        return Some(text);
    }
    for (pattern, japanese) in SENTENCES {
        let Some(holes) = holes(pattern, english) else {
            continue;
        };
        let mut text = (*japanese).to_owned();
        for (number, hole) in holes.iter().enumerate() {
            let hole = translated(hole).unwrap_or_else(|| (*hole).to_owned());
            text = text.replace(&format!("{{{number}}}"), &hole);
        }
        return Some(text);
    }
    named(true)
}

/// What stands in the holes of a pattern; `None` of a text that is not of this pattern.
fn holes<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let parts: Vec<&str> = parts.collect();
    for (number, part) in parts.iter().enumerate() {
        let end = if number + 1 == parts.len() {
            rest.ends_with(part)
                .then(|| rest.len() - part.len())
                .filter(|end| *end > 0)?
        } else {
            rest.find(part)?
        };
        found.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(found)
}

/// Patterns in English, and the same in Japanese; those that say more come first.
const SENTENCES: &[(&str, &str)] = &[
    // Notation.
    (
        "there is no layer in this; write for example {}",
        "層がありません。たとえば {0} のように書いてください。",
    ),
    (
        "there is no layer here; write for example {}",
        "ここに層がありません。たとえば {0} のように書いてください。",
    ),
    (
        "there is no layer {}; did you mean {}?",
        "{0} という層はありません。{1} のことですか?",
    ),
    (
        "there is no layer {}; known are {}",
        "{0} という層はありません。使えるのは {1} です。",
    ),
    (
        "a layer's name is missing here; a layer looks like {}",
        "ここに層の名前がありません。層は {0} のように書きます。",
    ),
    (
        "{} has no place here; a layer looks like {}",
        "ここに {0} は書けません。層は {1} のように書きます。",
    ),
    ("{} needs parentheses: {}", "{0} にはかっこが必要です: {1}"),
    (
        "{} has no closing parenthesis",
        "{0} の閉じかっこがありません。",
    ),
    (
        "a comma or a closing parenthesis is missing before this",
        "この前にコンマか閉じかっこがありません。",
    ),
    (
        "a comma or a closing {} is missing before this",
        "この前にコンマか閉じる {0} がありません。",
    ),
    ("a value is missing here", "ここに値がありません。"),
    (
        "this text has no closing {}",
        "この文字列を閉じる {0} がありません。",
    ),
    (
        "this is not a number that can be read; write for example {}",
        "数として読めません。たとえば {0} のように書いてください。",
    ),
    (
        "layers are nested deeper than {} here",
        "層の入れ子が {0} 段より深くなっています。",
    ),
    (
        "values are nested deeper than {} here",
        "値の入れ子が {0} 段より深くなっています。",
    ),
    (
        "the text has {} bytes and the limit is {}",
        "文字列が {0} バイトあります。上限は {1} バイトです。",
    ),
    (
        "an argument without a name cannot follow one with a name",
        "名前のない引数は、名前のある引数の後には置けません。",
    ),
    (
        "{} takes at most {} arguments: {}",
        "{0} の引数は {1} 個までです: {2}",
    ),
    (
        "{} is given twice; leave one of them out",
        "{0} が2回指定されています。片方を取り除いてください。",
    ),
    (
        "{} needs {}; write {}",
        "{0} には {1} が必要です。{2} のように書いてください。",
    ),
    (
        "{} has no argument {}; did you mean {}?",
        "{0} に引数 {1} はありません。{2} のことですか?",
    ),
    (
        "{} has no argument {}; it has {}",
        "{0} に引数 {1} はありません。使えるのは {2} です。",
    ),
    ("{} takes no arguments", "{0} に引数はありません。"),
    (
        "{} is {}; it cannot be negative",
        "{0} が {1} です。負の数にはできません。",
    ),
    (
        "{} is {}; it must be at least {}",
        "{0} が {1} です。{2} 以上が必要です。",
    ),
    (
        "{} needs a whole number, this is {}",
        "{0} は整数で指定します。これは {1} です。",
    ),
    (
        "{} needs sizes of at least 1 or None, this is {}",
        "{0} は 1 以上の数か None で指定します。これは {1} です。",
    ),
    (
        "{} needs numbers, this is {}",
        "{0} は数で指定します。これは {1} です。",
    ),
    (
        "{} needs a name, this is {}",
        "{0} は名前で指定します。これは {1} です。",
    ),
    (
        "{} needs {}, these are {}",
        "{0} は {1} で指定します。これは {2} です。",
    ),
    ("one number or {} numbers", "数1つか数 {0} 個"),
    (
        "{} is True or False, this is {}",
        "{0} は True か False です。これは {1} です。",
    ),
    ("{} is missing", "{0} がありません。"),
    ("a list of {}", "{0} 個のリスト"),
    ("the layer {}", "層 {0}"),
    ("{} has no layers inside", "{0} の中に層がありません。"),
    (
        "Sequential takes layers, this is {}",
        "Sequential に入るのは層です。これは {0} です。",
    ),
    (
        "{} = {} is not divisible by groups = {}; {}",
        "{0} = {1} は groups = {2} で割り切れません。割り切れる数にしてください。",
    ),
    (
        "there is no padding mode {}; did you mean {}?",
        "パディングモード {0} はありません。{1} のことですか?",
    ),
    (
        "there is no padding mode {}; it is one of {}",
        "パディングモード {0} はありません。使えるのは {1} です。",
    ),
    (
        "there is no padding {}; it is 'valid', 'same', 'full' or a number",
        "パディング {0} はありません。'valid'、'same'、'full' か数で指定します。",
    ),
    (
        "the modes are 'nearest' and 'bilinear', this is {}",
        "mode は 'nearest' か 'bilinear' です。これは {0} です。",
    ),
    (
        "align_corners works with mode='bilinear' only; leave it out",
        "align_corners は mode='bilinear' でだけ使えます。取り除いてください。",
    ),
    (
        "recompute_scale_factor=True is not supported; give size instead",
        "recompute_scale_factor=True には対応していません。size を指定してください。",
    ),
    (
        "there is no preset {}; did you mean {}; {}",
        "{0} という名前の例はありません。{1} のことですか?",
    ),
    (
        "there is no preset {}; `{}` shows them all",
        "{0} という名前の例はありません。`{1}` で一覧が見られます。",
    ),
    // Layers and chains.
    (
        "layer {} of the chain, after {}: {}",
        "{0} 番目の層 ({1} の後): {2}",
    ),
    ("layer {} of the chain: {}", "{0} 番目の層: {1}"),
    ("the input of {}", "入力 {0}"),
    (
        "the chain has no layers; give at least one",
        "層がありません。1つ以上必要です。",
    ),
    (
        "the chain has {} layers and the limit is {}",
        "層が {0} 個あります。上限は {1} 個です。",
    ),
    (
        "{} is written for {} channels and the input {} has {}; {}",
        "{0} は {1} チャンネル用に書かれていますが、入力 {2} は {3} チャンネルです。in_channels か前の層を変えてください。",
    ),
    (
        "{} takes an input of {}, this one is {}",
        "{0} の入力は {1} でなければなりませんが、{2} です。",
    ),
    (
        "{} is 0; it must be at least 1",
        "{0} が 0 です。1 以上が必要です。",
    ),
    (
        "the kernel reaches over {} {} (size {}, dilation {}) but the padded input has {}; use a smaller kernel or dilation, or add padding of at least {} in total",
        "カーネルは{1}方向に {0} に渡りますが (大きさ {2}、ダイレーション {3})、パディングした入力は {4} しかありません。カーネルかダイレーションを小さくするか、パディングを合計 {5} 以上増やしてください。",
    ),
    (
        "padding 'same' needs stride 1, this one has {}; give the padding as a number, for example padding={}",
        "パディング same はストライド 1 のときだけ使えます (今は {0})。padding={1} のように数で指定してください。",
    ),
    (
        "{} padding of {} {} needs an input of at least {}, this one has {}; {}",
        "{0} で{2}を {1} パディングするには、入力が {3} 以上必要ですが、{4} しかありません。",
    ),
    (
        "padding of {} {} is more than half of the kernel ({}), so that a window could hold nothing but padding; use padding of at most {}",
        "{1}のパディング {0} が、窓の大きさ {2} の半分を超えています。{3} 以下にしてください。",
    ),
    (
        "output padding of {} {} must be smaller than the stride ({}) or the dilation ({})",
        "{1}の出力パディング {0} は、ストライド {2} かダイレーション {3} より小さくなければなりません。",
    ),
    (
        "the output would have {} {}; {}",
        "出力の{1}が {0} になり、何も残りません。",
    ),
    (
        "{} {} are not divisible by {}; {}",
        "{1}の数 {0} は {2} で割り切れません。",
    ),
    (
        "{} = {} is over the limit of {}",
        "{0} = {1} は上限 {2} を超えています。",
    ),
    (
        "the {} has no possible shape: {}",
        "{0} の形がありえません: {1}",
    ),
    (
        "Add takes tensor {} of {}, but the layer before gives {}; both need one shape",
        "Add が足すテンソル {0} は {1} ですが、前の層の出力は {2} です。同じ形でなければなりません。",
    ),
    (
        "Add takes tensor {}, which does not exist yet; 0 is the chain's input, {}",
        "Add が足すテンソル {0} はまだありません。0 は最初の入力です。",
    ),
    ("rows", "行"),
    ("columns", "列"),
    ("channels", "チャンネル"),
    // Inputs and files.
    (
        "{} is no input; give a shape such as {}",
        "{0} は入力になりません。3x7x7 のような形、.png や .jpg の画像、または .npy、.npz、.safetensors のファイルを指定してください。",
    ),
    (
        "{} holds {}, and an input has channels, rows and columns",
        "{0} の中身は {1} です。入力にはチャンネル、行、列が必要です。",
    ),
    (
        "layer {} has no weights to be filled; layers count from 0",
        "{0} 番目の層に重みはありません (0 から数えます)。",
    ),
    (
        "its name ends in none of {}",
        "読めるファイルの拡張子は {0} です。",
    ),
    (
        "it is not a readable {} file: {}",
        "{0} ファイルとして読めません ({1})。",
    ),
    ("picture", "画像"),
    (
        "its numbers are of type {}; save them as float32",
        "数の型が {0} です。float32 で保存してください。",
    ),
    (
        "it has no tensor {}; it has {}",
        "{0} というテンソルはありません。あるのは {1} です。",
    ),
    (
        "it has several tensors; name one of {}",
        "テンソルが複数あります。次のどれかを指定してください: {0}",
    ),
    (
        "it has {} bytes and the limit is {}",
        "{0} バイトあります。上限は {1} バイトです。",
    ),
    (
        "a picture fills {}, not {}",
        "画像は 1 (白黒)、3 (カラー)、4 (カラーと透明度) チャンネルになります。{1} にはなりません。",
    ),
    (
        "{} numbers do not fill a tensor of {}, which takes {}",
        "数が {0} 個では {1} のテンソルになりません。{2} 個必要です。",
    ),
    (
        "a tensor of {} has {} elements and the limit is {}; {}",
        "{0} のテンソルには要素が {1} 個あります。上限は {2} 個です。切り取るか、チャンネルを減らしてください。",
    ),
    (
        "a shape has 1 to {} axes, this one has {}; write for example {}",
        "形の軸は 1 から {0} 個までですが、{1} 個あります。たとえば {2} と書いてください。",
    ),
    (
        "axis {} of the shape is 0; every axis needs at least one element",
        "軸 {0} の長さが 0 です。どの軸にも要素が1つ以上必要です。",
    ),
    (
        "the shape {} has too many elements; at most {} can be planned",
        "形 {0} は要素が多すぎます。上限は {1} 個です。",
    ),
    (
        "{} is not a shape; write its axes with an x between them, for example {}",
        "{0} は形ではありません。たとえば {1} のように、軸を x でつないで書いてください。",
    ),
    (
        "nothing can be made of a file of this kind; {}",
        "この種類のファイルは使えません。画像 (.png, .jpg)、数値 (.npy, .npz, .safetensors)、PyTorch の層を書いたテキスト (.py, .txt)、レッスン (.ron) のどれかをドロップしてください。",
    ),
    (
        "there is no folder {}; {}",
        "フォルダ {0} がありません。プログラムを始めたフォルダからの、またはルートからのパスを書いてください。",
    ),
    (
        "there is no such file in {}, nor any {}file; {}",
        "{0} にこのファイルはなく、同じ種類のファイルもありません。名前の前にフォルダを書いてください。",
    ),
    (
        "there is no such file in {}; the files of this kind there are {} and {} more",
        "{0} にこのファイルはありません。同じ種類のファイルには {1} など (ほか {2} 個) があります。",
    ),
    (
        "there is no such file in {}; the files of this kind there are {}",
        "{0} にこのファイルはありません。同じ種類のファイルは {1} です。",
    ),
    (
        "Permission denied (os error {})",
        "読み書きする権限がありません。",
    ),
    (
        "Is a directory (os error {})",
        "フォルダです。ファイルを指定してください。",
    ),
    (
        "No space left on device (os error {})",
        "ディスクの空きがありません。",
    ),
    (
        "Read-only file system (os error {})",
        "書き込めないディスクです。",
    ),
    (
        "stream did not contain valid UTF-8",
        "文字のファイルではありません。",
    ),
    ("there is nothing to save", "保存するものがありません。"),
    ("there is nothing to draw", "描くものがありません。"),
    (
        "it has no scene that can be put on the workbench",
        "作業台に載せられるシーンがありません。",
    ),
    ("the input: {}", "入力: {0}"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Setup, opened};

    fn is_japanese(text: &str) -> bool {
        text.chars().any(|letter| ('ぁ'..='ヿ').contains(&letter))
    }

    #[test]
    fn holes_take_what_varies() {
        assert_eq!(holes("a {} b {}", "a 1 b 2 3"), Some(vec!["1", "2 3"]));
        assert_eq!(holes("{} = {};", "x = 3;"), Some(vec!["x", "3"]));
        assert_eq!(holes("rows", "rows"), Some(vec![]));
        assert_eq!(holes("rows", "rows and"), None);
        assert_eq!(holes("{} is missing", " is missing b"), None);
    }

    #[test]
    fn mistakes_in_what_is_pasted_are_told_in_japanese() {
        let mut wrong: Vec<String> = Vec::new();
        for text in [
            "nn.Conv2d(3, 8, 3, strid=2)",
            "nn.Conv2d(3, 8)",
            "nn.Conv2d(3, 8, 3, 1, padding=1, 4)",
            "nn.Conv2d(3, 8, 3",
            "nn.Conv2d(3, 8, 3, 1, 1, 1, 1, True, 'zeros', None, None, 5)",
            "nn.Conv2d(3, 8, 3, stride=1, stride=2)",
            "nn.Conv2d(3, 8, 'x')",
            "nn.Conv2d(3, 8, (1, 2, 3))",
            "nn.Conv2d(3, 8, 3, stride=0)",
            "nn.Conv2d(3, 8, 3, padding=-1)",
            "nn.Conv2d(3, 8, 3, bias=3)",
            "nn.Conv2d(3, 8, 3, padding_mode='reflec')",
            "nn.Conv2d(3, 8, 3, padding_mode='nonsense')",
            "nn.Conv2d(3, 8, 3, padding='samme')",
            "nn.Conv2d(3, 8, 3, groups=2)",
            "nn.Conv2d(3, 8, 3, stride=2, padding='same')",
            "nn.Conv2d(3, 8, 3, padding=300, padding_mode='reflect')",
            "nn.Conv2d(3, 8, 99)",
            "nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(4, 8, 3))",
            "nn.Sequential()",
            "nn.Sequential(3)",
            "nn.MaxPool2d(2, padding=2)",
            "nn.PixelUnshuffle(99)",
            "nn.Upsample(scale_factor=2, mode='cubic')",
            "nn.Linear(3, 4)",
            "nn.Conv3",
            "Conv2d",
            "",
            "nonsense(",
            "nn.Conv2d(3 8, 3)",
            "nn.Conv2d(3, 'open",
            "nn.Conv2d(3, ?, 3)",
            "no_such_preset",
            "padding_stride_odd",
        ] {
            let Err(error) = opened::paste(text, &Setup::default()) else {
                wrong.push(format!("{text}: no mistake"));
                continue;
            };
            let told = super::super::reasons::open_error(&error, Language::Ja);
            if !is_japanese(told.lines().next().unwrap_or_default()) {
                wrong.push(format!("{text}: {told}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn mistakes_of_files_are_told_in_japanese() {
        let told = |path: &str, bytes: Result<Vec<u8>, crate::tensor::ReadError>| {
            let read = move |_: &str| bytes.clone();
            let error = opened::drop(path, &Setup::default(), &read).unwrap_err();
            let told = super::super::reasons::open_error(&error, Language::Ja);
            assert!(is_japanese(&told), "{path}: {told}");
        };
        told("x.txt", Ok(Vec::new()));
        told("x.npy", Ok(vec![1, 2, 3]));
        told("x.png", Ok(vec![1, 2, 3]));
        told("x.safetensors", Ok(vec![1, 2, 3]));
        told("x.npz", Ok(vec![1, 2, 3]));
        let folder = tempfile::tempdir().unwrap();
        let missing = |name: &str| {
            let path = folder.path().join(name).to_string_lossy().into_owned();
            told("x.npy", crate::tensor::read_file(&path));
        };
        missing("none/x.npy");
        missing("x.npy");
        for number in 0..8 {
            std::fs::write(folder.path().join(format!("{number}.npy")), "").unwrap();
            missing("x.npy");
        }
        assert_eq!(said("anything else", Language::Ja), "anything else");
        assert_eq!(said("rows", Language::En), "rows");
    }
}
