//! How Japanese voices are given signs and names.

use super::Said;
use super::sight::{Sight, SizeSign, greek, is_latin, is_of_word};

/// Names that the voices spell letter by letter, and words that they read wrongly.
const NAMES: &[(&str, &str)] = &[
    ("MAC", "マック"),
    ("MACs", "マック"),
    ("FLOP", "フロップ"),
    ("FLOPs", "フロップス"),
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
    ("int8", "イントエイト"),
    ("im2col", "イムツーコル"),
    ("ms", "ミリ秒"),
    ("U-Net", "ユーネット"),
];

/// What stands behind 何 that makes it なん: counters, and で, の, と, だ.
const COUNTERS: &str = "個本回番枚層行列倍乗通度人次分秒点画段桁種チビバ台箇カヶかでのとだ";

/// What stands here, if a voice would not say it rightly.
pub(super) fn said(here: &Sight) -> Option<Said> {
    named(here)
        .or_else(|| counted(here))
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
    here.is_ratio().then(|| Said::new(1, "対"))
}

/// `k²`, `10⁻³`, `2^3`.
fn powered(here: &Sight) -> Option<Said> {
    let (power, end) = here.power()?;
    let minus = if power < 0 { "マイナス" } else { "" };
    Some(Said::new(
        end,
        format!("の{minus}{}乗", power.unsigned_abs()),
    ))
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
        '〜' | '～' | '–' if digit(left) && digit(right) => Some(Said::new(1, "から")),
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

/// A single sign.
fn sign(here: &Sight) -> Option<Said> {
    let words = match here.peek(0)? {
        '⌊' | '⌋' | '⌈' | '⌉' => "",
        '×' | '·' | '⋅' | '*' => "かける",
        '÷' => "わる",
        '+' | '＋' => "たす",
        '=' | '＝' => "イコール",
        '→' | '⇒' => "から",
        '≈' => "やく",
        '<' | '＜' => "小なり",
        '>' | '＞' => "大なり",
        '≤' => "小なりイコール",
        '≥' => "大なりイコール",
        '≠' => "ノットイコール",
        '±' => "プラスマイナス",
        '√' => "ルート",
        '∞' => "無限大",
        '%' | '％' => "パーセント",
        '&' | '＆' => "アンド",
        '°' => "度",
        '½' => "2分の1",
        '¼' => "4分の1",
        '¾' => "4分の3",
        '⅓' => "3分の1",
        character => {
            let (_, japanese) = greek(character)?;
            return Some(Said::new(1, japanese));
        }
    };
    Some(Said::new(1, words))
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
            ("a < b、16:9、0:40", "a小なりb、16対9、0:40"),
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
                "一行ずつ、8個、18個、1,728個、0.8個、1D、50%",
                "いちぎょうずつ、はっこ、10はっこ、1,720はっこ、0.8個、ワンディー、50パーセント",
            ),
        ] {
            assert_eq!(reading(written, Language::Ja).text, said, "{written}");
        }
    }
}
