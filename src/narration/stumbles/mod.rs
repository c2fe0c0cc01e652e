//! What a voice stumbles over in a text: found in the text alone, or by asking a voice how it would say it.
//!
//! Both look at what is left once [`reading`](super::pronunciation) has put signs and names into words.

mod counters;
mod heard;
mod written;

pub use heard::{Probe, Sounds, probes};
pub use written::stumbles;

use crate::language::{Localized, Message, says};

/// Something that is not said as it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stumble {
    /// Digits with a space between them, which are read as one number or as two.
    Apart(String),
    /// A number of two kinds of digits, or a word in which letters and digits take turns.
    Mixed(String),
    /// A sign that voices leave out or name.
    Unread(char),
    /// A Latin word in a Japanese text, which voices spell.
    Latin(String),
    /// A word that the voice spells.
    Spelled(String),
    /// A sign that the voice leaves out.
    Silent(char),
    /// A number that the voice reads digit by digit.
    DigitByDigit(String),
    /// A number with a counter that the voice reads otherwise than people do.
    Counted {
        /// The number and its counter.
        text: String,
        /// How the voice reads them.
        heard: String,
        /// How the counter's end is read.
        wanted: String,
    },
}

impl Stumble {
    /// The words that are stumbled over, as they stand in the text.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Apart(text)
            | Self::Mixed(text)
            | Self::Latin(text)
            | Self::Spelled(text)
            | Self::DigitByDigit(text)
            | Self::Counted { text, .. } => text.clone(),
            Self::Unread(sign) | Self::Silent(sign) => sign.to_string(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Localized<String> {
        let text = self.text();
        match self {
            Self::Apart(_) => says!(
                en: "write the number without a space, or a comma between two numbers",
                ja: "1 つの数なら空白なしで、2 つの数なら間に読点を書いてください"
            ),
            Self::Counted { wanted, .. } => says!(
                en: "write `{{{text}|…{wanted}}}`, with the whole reading in kana",
                ja: "`{{{text}|…{wanted}}}` のように、読み全体をかなで書いてください"
            ),
            // macOS writes が as two characters in some places.
            Self::Unread('\u{3099}' | '\u{309a}') => says!(
                en: "this mark is a character of its own; type the kana anew, with its mark",
                ja: "濁点・半濁点がかなと別の文字になっています。かなを打ち直してください"
            ),
            Self::Mixed(_)
            | Self::Unread(_)
            | Self::Latin(_)
            | Self::Spelled(_)
            | Self::Silent(_)
            | Self::DigitByDigit(_) => says!(
                en: "write `{{{text}|…}}`, with the words to be said behind the line",
                ja: "`{{{text}|…}}` と書き、線の後ろに読みを書いてください"
            ),
        }
    }
}

impl Message for Stumble {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Apart(text) => says!(
                en: "`{text}`: voices read digits with a space between them as one number or as two",
                ja: "「{text}」: 空白を挟んだ数字は、1 つの数に読まれたり、2 つに読まれたりします"
            ),
            Self::Mixed(text) => says!(
                en: "`{text}`: voices part mixed letters and digits where they like",
                ja: "「{text}」: 文字と数字が混ざっていて、どこで区切って読まれるか分かりません"
            ),
            Self::Unread(sign) => says!(
                en: "`{sign}`: voices leave this sign out, or say its name",
                ja: "「{sign}」: この記号は読まれないか、記号の名前で読まれます"
            ),
            Self::Latin(text) => says!(
                en: "`{text}`: Japanese voices spell this word letter by letter",
                ja: "「{text}」: 日本語の声はこの語を 1 文字ずつ読みます"
            ),
            Self::Spelled(text) => says!(
                en: "`{text}`: the voice spells this word letter by letter",
                ja: "「{text}」: 声はこの語を 1 文字ずつ読みます"
            ),
            Self::Silent(sign) => says!(
                en: "`{sign}`: the voice leaves this sign out",
                ja: "「{sign}」: 声はこの記号を読みません"
            ),
            Self::DigitByDigit(text) => says!(
                en: "`{text}`: the voice reads this number digit by digit",
                ja: "「{text}」: 声はこの数を 1 桁ずつ読みます"
            ),
            Self::Counted {
                text,
                heard,
                wanted,
            } => says!(
                en: "`{text}`: the voice reads {heard}, where …{wanted} is right",
                ja: "「{text}」: 声は「{heard}」と読みます。正しくは「…{wanted}」です"
            ),
        }
    }
}
