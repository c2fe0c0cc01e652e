//! What an operator is that is not shown, in a few words.

use crate::language::{Localized, says};

/// Operators that are not shown, by what they are.
const FAMILIES: &[(&[&str], Localized<&str>)] = &[
    (
        &["If", "Loop", "Scan"],
        Localized::new(
            "it is control flow, whose course depends on data; export the network for one course of it",
            "制御構文で、進み方がデータで決まります。進み方を 1 つに決めて書き出してください。",
        ),
    ),
    (
        &[
            "SequenceAt",
            "SequenceConstruct",
            "SequenceEmpty",
            "SequenceErase",
            "SequenceInsert",
            "SequenceLength",
            "SequenceMap",
            "SplitToSequence",
            "ConcatFromSequence",
            "Optional",
            "OptionalGetElement",
            "OptionalHasElement",
        ],
        Localized::new(
            "it works on sequences or optional values, which are no tensors",
            "テンソルではない、シーケンスなどの値を扱います。",
        ),
    ),
    (
        &[
            "StringConcat",
            "StringNormalizer",
            "StringSplit",
            "RegexFullMatch",
            "TfIdfVectorizer",
        ],
        Localized::new("it works on texts", "文字列を扱います。"),
    ),
    (
        &[
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "QLinearConv",
            "QLinearMatMul",
            "ConvInteger",
            "MatMulInteger",
        ],
        Localized::new(
            "it is quantised to whole numbers of few bits; open the network before it was quantised",
            "少ないビット数の整数に量子化されています。量子化する前のネットワークを開いてください。",
        ),
    ),
    (
        &["Einsum"],
        Localized::new(
            "its equation has a letter twice within one input, more than two inputs, or an ellipsis that its output leaves out; write it as products of two",
            "式で、ひとつの入力に同じ文字が 2 回出てくるか、入力が 3 つ以上あるか、省略記号が出力にありません。2 つずつの積に分けてください。",
        ),
    ),
    (
        &["GridSample"],
        Localized::new(
            "it interpolates by cubics, or its grid does not go with its input",
            "3 次の補間を使うか、グリッドが入力と合っていません。",
        ),
    ),
    (
        &["CumSum"],
        Localized::new(
            "its axis is not constant, or longer than 2048",
            "axis が定数でないか、軸の長さが 2048 を超えています。",
        ),
    ),
    (
        &["RNN", "LSTM", "GRU"],
        Localized::new(
            "it is a recurrent layer, which runs over a sequence step by step",
            "系列を 1 つずつ処理する再帰型の層です。",
        ),
    ),
    (
        &[
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike",
            "Bernoulli",
            "Multinomial",
        ],
        Localized::new(
            "it draws random numbers, which differ from run to run",
            "乱数を使うので、結果が毎回変わります。",
        ),
    ),
    (
        &[
            "TopK",
            "NonMaxSuppression",
            "NonZero",
            "Unique",
            "ArgMax",
            "ArgMin",
            "OneHot",
            "Compress",
            "RoiAlign",
            "MaxRoiPool",
        ],
        Localized::new(
            "which elements it takes depends on the numbers themselves",
            "どの要素を使うかが値そのもので決まります。",
        ),
    ),
    (
        &[
            "SoftmaxCrossEntropyLoss",
            "NegativeLogLikelihoodLoss",
            "Gradient",
            "Momentum",
            "Adam",
            "Adagrad",
        ],
        Localized::new("it belongs to training", "学習のための演算です。"),
    ),
    (
        &[
            "DFT",
            "STFT",
            "MelWeightMatrix",
            "BlackmanWindow",
            "HannWindow",
            "HammingWindow",
        ],
        Localized::new("it is signal processing", "信号処理の演算です。"),
    ),
    (
        &["Cast", "CastLike", "BitCast"],
        Localized::new(
            "it makes whole numbers or truths of numbers that are only known when the network runs",
            "実行時に決まる数を整数や真偽値に変えます。",
        ),
    ),
    (
        &[
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "Not",
            "And",
            "Or",
            "Xor",
            "IsNaN",
            "IsInf",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "BitwiseNot",
            "BitShift",
        ],
        Localized::new(
            "it compares, or works on truths or bits, which are worked out only for constants",
            "比較や真偽値・ビットの演算は、定数に対してだけ計算できます。",
        ),
    ),
];

/// What an operator is, where that is known.
pub(super) fn of_family(op_type: &str) -> Option<Localized<String>> {
    let family = FAMILIES.iter().find(|(names, _)| names.contains(&op_type));
    family.map(|(_, what)| (*what).into())
}

/// What an operator is, as far as it is known.
pub(super) fn of_operator(op_type: &str) -> Localized<String> {
    of_family(op_type).unwrap_or_else(|| {
        says!(
            en: "the operator {op_type} is not known here",
            ja: "演算子 {op_type} には対応していません。"
        )
    })
}

/// An operator that is none of ONNX' own.
pub(super) fn of_domain(domain: &str) -> Localized<String> {
    match domain {
        "com.microsoft" | "com.microsoft.nchwc" => says!(
            en: "it is an operator of ONNX Runtime alone ({domain}); save the network before it was optimised",
            ja: "ONNX Runtime だけの演算子 ({domain}) です。最適化する前のネットワークを保存してください。"
        ),
        "ai.onnx.ml" => says!(
            en: "it is classical machine learning, such as trees and vectorisers (ai.onnx.ml), and no layer of a network",
            ja: "決定木などの古典的な機械学習の演算子 (ai.onnx.ml) で、ネットワークの層ではありません。"
        ),
        "ai.onnx.preview.training" | "ai.onnx.training" => of_operator("Gradient"),
        domain => says!(
            en: "its operator is of the domain {domain}, whose definition the file does not bring along",
            ja: "ドメイン {domain} の演算子で、定義がファイルにありません。"
        ),
    }
}
