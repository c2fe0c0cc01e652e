//! How Japanese voices are given signs and names.

use super::Said;
use super::sight::{Power, Sight, SizeSign, greek, is_latin, is_of_word};

/// Names that the voices spell letter by letter, and words that they read wrongly.
const NAMES: &[(&str, &str)] = &[
    ("MAC", "マック"),
    ("MACs", "マック"),
    ("FLOP", "フロップ"),
    ("FLOPs", "フロップス"),
    ("GFLOPs", "ギガフロップス"),
    ("GFLOPS", "ギガフロップス"),
    ("TFLOPs", "テラフロップス"),
    ("TFLOPS", "テラフロップス"),
    ("ReLU", "レルー"),
    ("ReLU6", "レルーシックス"),
    ("PReLU", "ピーレルー"),
    ("LeakyReLU", "リーキーレルー"),
    ("ONNX", "オニキス"),
    ("PyTorch", "パイトーチ"),
    ("NumPy", "ナムパイ"),
    ("Conv", "コンブ"),
    ("Conv1d", "コンブワンディー"),
    ("Conv2d", "コンブツーディー"),
    ("conv2d", "コンブツーディー"),
    ("Conv3d", "コンブスリーディー"),
    ("ConvTranspose2d", "コンブトランスポーズツーディー"),
    ("MaxPool2d", "マックスプールツーディー"),
    ("AvgPool2d", "アベレージプールツーディー"),
    ("BatchNorm2d", "バッチノルムツーディー"),
    ("BatchNorm", "バッチノルム"),
    ("LayerNorm", "レイヤーノルム"),
    ("Linear", "リニア"),
    ("Softmax", "ソフトマックス"),
    ("softmax", "ソフトマックス"),
    ("Add", "アド"),
    ("ResNet", "レズネット"),
    ("MobileNet", "モバイルネット"),
    ("MobileNetV2", "モバイルネットブイツー"),
    ("MobileNetV3", "モバイルネットブイスリー"),
    ("EfficientNet", "エフィシェントネット"),
    ("ConvNeXt", "コンブネクスト"),
    ("ResNeXt", "レズネクスト"),
    ("YOLO", "ヨーロー"),
    ("YOLOv8", "ヨーローブイエイト"),
    ("DenseNet", "デンスネット"),
    ("AlexNet", "アレックスネット"),
    ("ImageNet", "イメージネット"),
    ("Inception", "インセプション"),
    ("stride", "ストライド"),
    ("padding", "パディング"),
    ("dilation", "ダイレーション"),
    ("groups", "グループス"),
    ("kernel", "カーネル"),
    ("bias", "バイアス"),
    ("1D", "ワンディー"),
    ("int4", "イントフォー"),
    ("int8", "イントエイト"),
    ("INT4", "イントフォー"),
    ("INT8", "イントエイト"),
    ("uint8", "ユーイントエイト"),
    ("sigmoid", "シグモイド"),
    ("Sigmoid", "シグモイド"),
    ("dropout", "ドロップアウト"),
    ("Dropout", "ドロップアウト"),
    ("Adam", "アダム"),
    ("CUDA", "クーダ"),
    ("max", "マックス"),
    ("argmax", "アーグマックス"),
    ("top", "トップ"),
    ("Hz", "ヘルツ"),
    ("dB", "デシベル"),
    ("im2col", "イムツーコル"),
    ("ms", "ミリ秒"),
    ("U-Net", "ユーネット"),
];

/// Units that stand behind a number.
const UNITS: &[(&str, &str)] = &[
    ("ns", "ナノ秒"),
    ("µs", "マイクロ秒"),
    ("μs", "マイクロ秒"),
    ("ms", "ミリ秒"),
    ("kB", "キロバイト"),
    ("KB", "キロバイト"),
    ("MB", "メガバイト"),
    ("GB", "ギガバイト"),
    ("TB", "テラバイト"),
    ("KiB", "キビバイト"),
    ("MiB", "メビバイト"),
    ("GiB", "ギビバイト"),
    ("Hz", "ヘルツ"),
    ("kHz", "キロヘルツ"),
    ("MHz", "メガヘルツ"),
    ("GHz", "ギガヘルツ"),
    ("dB", "デシベル"),
];

/// What stands behind 何 that makes it なん: counters, and で, の, と, だ.
const COUNTERS: &str = "個本回番枚層行列倍乗通度人次分秒点画段桁種チビバ台箇カヶかでのとだ";

/// What stands here, if a voice would not say it rightly.
pub(super) fn said(here: &Sight) -> Option<Said> {
    measured(here)
        .or_else(|| named(here))
        .or_else(|| counted(here))
        .or_else(|| scientific(here))
        .or_else(|| sized(here))
        .or_else(|| fraction(here))
        .or_else(|| ratio(here))
        .or_else(|| powered(here))
        .or_else(|| apart(here))
        .or_else(|| minus(here))
        .or_else(|| sign(here))
}

/// A name of the field.
fn named(here: &Sight) -> Option<Said> {
    if here.back(1).is_some_and(is_latin) {
        return None;
    }
    let mut end = here.word(0);
    if here.peek(end) == Some('-') && here.stands("U-Net") {
        end = here.word(end + 1);
    }
    if end == 0 || here.peek(end).is_some_and(is_latin) {
        return None;
    }
    let word = here.text(0, end);
    let (_, said) = NAMES.iter().find(|(name, _)| *name == word)?;
    Some(Said::new(end, *said))
}

/// Words that the voices read wrongly: 一行 as a name, 受容野 as じゅようの, 高すぎ as こうすぎ.
const WORDS: [(&str, &str); 3] = [
    ("一行", "いちぎょう"),
    ("受容野", "じゅようや"),
    ("高すぎ", "たかすぎ"),
];

/// 何 before a counter, numbers that end with 8 before 個, and words that are read wrongly.
fn counted(here: &Sight) -> Option<Said> {
    if here.peek(0) == Some('何') && here.peek(1).is_some_and(|c| COUNTERS.contains(c)) {
        return Some(Said::new(1, "なん"));
    }
    if let Some(eights) = eights(here) {
        return Some(eights);
    }
    let (written, said) = WORDS.iter().find(|(written, _)| here.stands(written))?;
    Some(Said::new(written.chars().count(), *said))
}

/// `8個` and `1,728個`, whose ends are はっこ.
fn eights(here: &Sight) -> Option<Said> {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    if here.back(1).is_some_and(is_of_number) {
        return None;
    }
    let mut end = 0;
    while here.peek(end).is_some_and(is_of_number) {
        end += 1;
    }
    let number = here.text(0, end);
    let tens = number
        .strip_suffix('8')
        .filter(|tens| !tens.contains('.'))?;
    let is_counted = here.peek(end) == Some('個');
    let said = match tens {
        "" => "はっこ".to_owned(),
        tens => format!("{tens}0はっこ"),
    };
    is_counted.then(|| Said::new(end + 1, said))
}

/// `5 ms` and `3.5 GB/s`.
fn measured(here: &Sight) -> Option<Said> {
    let (unit, end) = here.unit(UNITS)?;
    Some(if here.by_second(end) {
        Said::new(end + 2, format!("{unit}毎秒"))
    } else {
        Said::new(end, unit)
    })
}

/// `1.5e-3`.
fn scientific(here: &Sight) -> Option<Said> {
    let (factor, power, end) = here.scientific()?;
    let times = match factor.as_str() {
        "1" => String::new(),
        factor => format!("{factor}かける"),
    };
    Some(Said::new(end, format!("{times}10{}", raised(&power))))
}

/// `3x3` and `2x`.
fn sized(here: &Sight) -> Option<Said> {
    Some(Said::new(
        1,
        match here.size_sign()? {
            SizeSign::Between => "かける",
            SizeSign::Behind => "倍",
        },
    ))
}

/// `1/16`.
fn fraction(here: &Sight) -> Option<Said> {
    let (over, under, end) = here.fraction()?;
    Some(Said::new(end, format!("{under}分の{over}")))
}

/// `16:9`.
fn ratio(here: &Sight) -> Option<Said> {
    // Behind another one, 対 is read つい.
    here.is_ratio().then(|| Said::new(1, "たい"))
}

/// `k²`, `10⁻³`, `2^n`.
fn powered(here: &Sight) -> Option<Said> {
    let (power, end) = here.power()?;
    Some(Said::new(end, raised(&power)))
}

/// An exponent. Behind a letter, 乗 is read の.
fn raised(power: &Power) -> String {
    let minus = if power.negative { "マイナス" } else { "" };
    let of = &power.of;
    if of.starts_with(|c: char| c.is_ascii_digit()) {
        format!("の{minus}{of}乗")
    } else {
        format!("の{minus}{of}じょう")
    }
}

/// The space between two numbers, which are not one.
fn apart(here: &Sight) -> Option<Said> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let (end, next) = here.behind_spaces(0);
    (end > 0 && digit(here.back(1)) && digit(next)).then(|| Said::new(end, "、"))
}

/// A sign of negative numbers, of subtraction, of a range.
fn minus(here: &Sight) -> Option<Said> {
    let dash = here.peek(0)?;
    let (_, left) = here.before_spaces(1);
    let (offset, right) = here.behind_spaces(1);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match dash {
        '〜' | '～' | '~' | '–' if digit(left) && digit(right) => Some(Said::new(1, "から")),
        '-' if here.typed_sign().is_some() => None,
        '-' if here.takes_away() => Some(Said::new(1, "ひく")),
        // Else the number of ResNet-50 would be read digit by digit.
        '-' if here.parts_name() => Some(Said::new(1, "")),
        '−' | '-' | '－' => {
            let touches = offset == 1;
            let starts = !here
                .back(1)
                .is_some_and(|c| is_of_word(c) || matches!(c, ')' | '）'))
                || here
                    .back(1)
                    .is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
            if touches
                && digit(right)
                && starts
                && left.is_none_or(|c| here.back(1) != Some(' ') || !is_value(c))
            {
                return Some(Said::new(1, "マイナス"));
            }
            let spaced = here.back(1) == Some(' ') && here.peek(1) == Some(' ');
            let both = left.is_some_and(is_value) && right.is_some_and(is_value);
            if dash != '-' || spaced && both {
                return Some(Said::new(1, if both { "ひく" } else { "マイナス" }));
            }
            None
        }
        _ => None,
    }
}

/// Whether a character ends or begins a number or a name of one.
fn is_value(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '(' | ')' | '（' | '）')
}

/// A single sign, or what is typed for it.
fn sign(here: &Sight) -> Option<Said> {
    if let Some((written, length)) = here.subscript() {
        return Some(Said::new(length, written));
    }
    let (character, length) = match here.typed_sign() {
        Some(typed) => typed,
        None => (here.peek(0)?, 1),
    };
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let words = match character {
        '⌊' | '⌋' | '⌈' | '⌉' => "",
        '×' if digit(here.back(1)) && ends_phrase(here.peek(1)) => "倍",
        '×' | '·' | '⋅' | '*' | '∗' => "かける",
        '÷' => "わる",
        '+' | '＋' => "たす",
        '=' | '＝' => "イコール",
        '→' | '⇒' => "から",
        '≈' => "やく",
        '/' if here.divides() => "わる",
        '~' if digit(here.peek(1)) => "やく",
        // 小なり is also read コナリ.
        '＜' => "しょうなり",
        '＞' => "だいなり",
        '<' if here.compares() => "しょうなり",
        '>' if here.compares() => "だいなり",
        '≤' => "しょうなりイコール",
        '≥' => "だいなりイコール",
        '≠' => "ノットイコール",
        '±' => "プラスマイナス",
        '√' => "ルート",
        '∞' => "無限大",
        '∑' => "シグマ",
        '∇' => "ナブラ",
        '%' | '％' => "パーセント",
        '&' | '＆' => "アンド",
        '°' => "度",
        '½' if digit(here.back(1)) => "と2分の1",
        '½' => "2分の1",
        '¼' => "4分の1",
        '¾' => "4分の3",
        '⅓' => "3分の1",
        '⅔' => "3分の2",
        '⅛' => "8分の1",
        '′' if here.marks_variable() => "ダッシュ",
        '\u{302}' if here.marks_variable() => "ハット",
        '\u{304}' if here.marks_variable() => "バー",
        '\u{303}' if here.marks_variable() => "チルダ",
        character => {
            let (_, japanese) = greek(character)?;
            return Some(Said::new(1, japanese));
        }
    };
    Some(Said::new(length, words))
}

/// Whether a phrase ends before a character: with a particle, a mark or the text.
fn ends_phrase(character: Option<char>) -> bool {
    character.is_none_or(|c| matches!(c, 'ぁ'..='ゖ' | '、' | '。' | '」' | '）' | ')'))
}

#[cfg(test)]
mod tests {
    use super::super::reading;
    use crate::lesson::Language;

    #[test]
    fn signs_and_names_are_said_as_one_says_them() {
        for (written, said) in [
            ("出力は 4 × 4 です。", "出力は4かける4です。"),
            ("1 − 2 = −1", "1ひく2イコールマイナス1"),
            ("5 - 3 は 2、-5 は負", "5ひく3は2、マイナス5は負"),
            ("値は-3です", "値はマイナス3です"),
            ("3x3のカーネル、2xで", "3かける3のカーネル、2倍で"),
            ("1/16になる", "16分の1になる"),
            ("k²と10⁻³", "kの2乗と10のマイナス3乗"),
            ("a < b、16:9、0:40", "aしょうなりb、16たい9、0:40"),
            ("1 2 3 の順", "1、2、3の順"),
            (
                "MACとReLU、U-Net、ESPCN",
                "マックとレルー、ユーネット、ESPCN",
            ),
            ("何個、何番目、何が", "なん個、なん番目、何が"),
            ("3〜5、±1、√2", "3から5、プラスマイナス1、ルート2"),
            ("γとσ²", "ガンマとシグマの2乗"),
            ("広い受容野は高すぎる", "広いじゅようやはたかすぎる"),
            (
                "1e-5と1.5e-3、10^-3、2^nです",
                "10のマイナス5乗と1.5かける10のマイナス3乗、10のマイナス3乗、2のnじょうです",
            ),
            ("HxWの出力、2.5×の速さ", "HかけるWの出力、2.5倍の速さ"),
            (
                "p<0.05、x>=0、a->b、Vec<f32>",
                "pしょうなり0.05、xだいなりイコール0、aからb、Vec<f32>",
            ),
            ("n-1、(k-1)/2、H-K+1", "nひく1、(kひく1)わる2、HひくKたす1"),
            (
                "ResNet-50、VGG-19、16-bit、2~4層",
                "レズネット50、VGG19、16bit、2から4層",
            ),
            (
                "5ms、20 µs、3.5 GB/s、512 MB",
                "5ミリ秒、20マイクロ秒、3.5ギガバイト毎秒、512メガバイト",
            ),
            ("x₀と８個、１/１６、1½", "x0とはっこ、16分の1、1と2分の1"),
            (
                "一行ずつ、8個、18個、1,728個、0.8個、1D、50%",
                "いちぎょうずつ、はっこ、10はっこ、1,720はっこ、0.8個、ワンディー、50パーセント",
            ),
        ] {
            assert_eq!(reading(written, Language::Ja).text, said, "{written}");
        }
    }
}
