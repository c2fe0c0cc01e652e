//! How Japanese counters are read behind numbers: 一本 is いっぽん, 三本 さんぼん.

/// How a counter changes with the number before it.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// 個: いっこ, ろっこ, はっこ, じゅっこ, ひゃっこ.
    K,
    /// 本: いっぽん, さんぼん, ろっぽん, はっぽん, じゅっぽん, ひゃっぽん, せんぼん.
    H,
    /// 層: いっそう, はっそう, じゅっそう.
    S,
    /// 枚: it stays as it is, and so does the number.
    None,
    /// つ: the number has another name.
    Tsu,
    /// 人: ひとり, ふたり, よにん.
    People,
}

/// Counters, the longer ones first where one begins with another, and how each is pronounced.
const COUNTERS: [(&str, &str, Change); 21] = [
    ("種類", "シュルイ", Change::S),
    ("次元", "ジゲン", Change::None),
    ("画素", "ガソ", Change::None),
    ("番目", "バンメ", Change::None),
    ("段階", "ダンカイ", Change::None),
    ("個", "コ", Change::K),
    ("回", "カイ", Change::K),
    ("本", "ホン", Change::H),
    ("匹", "ヒキ", Change::H),
    ("杯", "ハイ", Change::H),
    ("歩", "ホ", Change::H),
    ("層", "ソー", Change::S),
    ("点", "テン", Change::S),
    ("枚", "マイ", Change::None),
    ("行", "ギョー", Change::None),
    ("列", "レツ", Change::None),
    ("倍", "バイ", Change::None),
    ("段", "ダン", Change::None),
    ("つ", "ツ", Change::Tsu),
    ("人", "ニン", Change::People),
    ("ほん", "ホン", Change::H),
];

/// How one digit is read before つ, with it.
const TSU: [&str; 9] = [
    "ヒトツ",
    "フタツ",
    "ミッツ",
    "ヨッツ",
    "イツツ",
    "ムッツ",
    "ナナツ",
    "ヤッツ",
    "ココノツ",
];

/// What a number ends with, which is what its counter depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Digit(usize),
    Ten,
    Hundred,
    Thousand,
    TenThousand,
}

/// A number with its counter at the start of a text: its length in bytes, and the ways in which its end may be read.
/// `None` where there is none, or none whose reading is known.
pub(super) fn counted(text: &str) -> Option<(usize, Vec<String>)> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.') || is_kanji_number(c);
    let behind = text.trim_start_matches(is_number);
    let number = text.get(..text.len() - behind.len())?;
    let ending = ending(number)?;
    let (counter, sound, change) = COUNTERS
        .into_iter()
        .find(|(counter, ..)| behind.starts_with(counter))?;
    let is_single = number.chars().count() == 1;
    let wanted = wanted(ending, sound, change, is_single)?;
    Some((number.len() + counter.len(), wanted))
}

fn is_kanji_number(character: char) -> bool {
    "一二三四五六七八九十百千万".contains(character)
}

fn ending(number: &str) -> Option<Ending> {
    let last = number.chars().next_back()?;
    let kanji = "一二三四五六七八九".chars().position(|c| c == last);
    if let Some(place) = kanji {
        return Some(Ending::Digit(place + 1));
    }
    match last {
        '十' => return Some(Ending::Ten),
        '百' => return Some(Ending::Hundred),
        '千' => return Some(Ending::Thousand),
        '万' => return Some(Ending::TenThousand),
        _ => {}
    }
    // Digits behind a point are read one by one.
    if number.contains('.') {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let bare = digits.trim_end_matches('0');
    let zeros = digits.len() - bare.len();
    match (bare.chars().next_back(), zeros) {
        (None, _) => None,
        (Some(digit), 0) => Some(Ending::Digit(usize::try_from(digit.to_digit(10)?).ok()?)),
        (Some(_), 1) => Some(Ending::Ten),
        (Some(_), 2) => Some(Ending::Hundred),
        (Some(_), 3) => Some(Ending::Thousand),
        (Some(_), 4..=7) => Some(Ending::TenThousand),
        (Some(_), _) => None,
    }
}

/// How the end of a number is read by itself.
fn plain(ending: Ending) -> &'static [&'static str] {
    match ending {
        Ending::Digit(1) => &["イチ"],
        Ending::Digit(2) => &["ニ"],
        Ending::Digit(3) => &["サン"],
        Ending::Digit(4) => &["ヨン"],
        Ending::Digit(5) => &["ゴ"],
        Ending::Digit(6) => &["ロク"],
        Ending::Digit(7) => &["ナナ", "シチ"],
        Ending::Digit(8) => &["ハチ"],
        Ending::Digit(9) => &["キュー"],
        Ending::Digit(_) => &[],
        Ending::Ten => &["ジュー"],
        Ending::Hundred => &["ヒャク", "ビャク", "ピャク"],
        Ending::Thousand => &["セン", "ゼン"],
        Ending::TenThousand => &["マン"],
    }
}

/// How the end of a number is read where it is cut short before a counter.
fn short(ending: Ending) -> &'static [&'static str] {
    match ending {
        Ending::Digit(1) => &["イッ"],
        Ending::Digit(6) => &["ロッ"],
        Ending::Digit(8) => &["ハッ"],
        Ending::Ten => &["ジュッ", "ジッ"],
        Ending::Hundred => &["ヒャッ", "ビャッ", "ピャッ"],
        Ending::Digit(_) | Ending::Thousand | Ending::TenThousand => &[],
    }
}

fn wanted(ending: Ending, sound: &str, change: Change, is_single: bool) -> Option<Vec<String>> {
    let with = |ends: &[&str], sound: &str| -> Vec<String> {
        ends.iter().map(|end| format!("{end}{sound}")).collect()
    };
    let voiced = |first: &str, plain: &str| {
        let rest = sound.strip_prefix(plain).unwrap_or_default();
        format!("{first}{rest}")
    };
    let unchanged = with(plain(ending), sound);
    let wanted = match change {
        Change::None => unchanged,
        Change::K => match short(ending) {
            [] => unchanged,
            // はちかい is as good as はっかい.
            ends if ending == Ending::Digit(8) && sound == "カイ" => {
                [with(ends, sound), unchanged].concat()
            }
            ends => with(ends, sound),
        },
        Change::S => match (short(ending), ending) {
            ([], _) | (_, Ending::Digit(6) | Ending::Hundred) => unchanged,
            (ends, _) => with(ends, sound),
        },
        Change::H => {
            let first = sound.get(..'ハ'.len_utf8())?;
            let (p, b) = match first {
                "ハ" => ("パ", "バ"),
                "ヒ" => ("ピ", "ビ"),
                "ホ" => ("ポ", "ボ"),
                _ => return None,
            };
            match ending {
                // 三歩 is さんぽ, 千歩 both.
                Ending::Digit(3) | Ending::Thousand | Ending::TenThousand => {
                    let both = [voiced(b, first), voiced(p, first)];
                    let both = both.iter().flat_map(|sound| with(plain(ending), sound));
                    both.filter(|way| sound == "ホ" || !way.contains(p))
                        .collect()
                }
                Ending::Digit(_) | Ending::Ten | Ending::Hundred => match short(ending) {
                    [] => unchanged,
                    ends => with(ends, &voiced(p, first)),
                },
            }
        }
        Change::Tsu => match ending {
            Ending::Digit(digit) if is_single => {
                vec![(*TSU.get(digit.checked_sub(1)?)?).to_owned()]
            }
            _ => return None,
        },
        Change::People => match ending {
            Ending::Digit(1) if is_single => vec!["ヒトリ".to_owned()],
            Ending::Digit(2) if is_single => vec!["フタリ".to_owned()],
            Ending::Digit(4) => vec!["ヨニン".to_owned()],
            Ending::Digit(9) => vec!["キューニン".to_owned(), "クニン".to_owned()],
            _ => unchanged,
        },
    };
    (!wanted.is_empty()).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_read_as_people_read_them() {
        let cases: [(&str, usize, &[&str]); 14] = [
            ("1本の", 4, &["イッポン"]),
            ("三匹が", 6, &["サンビキ"]),
            ("3歩", 4, &["サンボ", "サンポ"]),
            ("5杯", 4, &["ゴハイ"]),
            ("8個です", 4, &["ハッコ"]),
            ("18回", 5, &["ハッカイ", "ハチカイ"]),
            ("10層", 5, &["ジュッソー", "ジッソー"]),
            ("6層", 4, &["ロクソー"]),
            ("4列", 4, &["ヨンレツ"]),
            ("7つ", 4, &["ナナツ"]),
            ("2人", 4, &["フタリ"]),
            ("1,200回", 8, &["ヒャッカイ", "ビャッカイ", "ピャッカイ"]),
            ("一ほん", 9, &["イッポン"]),
            ("2種類", 7, &["ニシュルイ"]),
        ];
        for (text, length, wanted) in cases {
            let (found, ways) = counted(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found, length, "{text}");
            assert_eq!(ways, wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_with_a_counter_is_left_alone() {
        for text in ["本が", "3と", "1.5本", "12つ", "", "0個", "百"] {
            assert_eq!(counted(text), None, "{text}");
        }
    }
}
