//! The languages that every lesson, caption, voice and UI string exists in.

use serde::{Deserialize, Serialize};

use super::Told;
use crate::says;

/// A language of the product, named by its ISO 639-1 code.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// Every language, in the order in which menus show them.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The ISO 639-1 code: `en`, `ja`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The ISO 639-2 code, which MP4 and WebM carry for a track: `eng`, `jpn`.
    #[must_use]
    pub const fn track_code(self) -> &'static str {
        match self {
            Self::En => "eng",
            Self::Ja => "jpn",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ja => "日本語",
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Language {
    type Err = Told;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
            .ok_or_else(|| {
                Told(says!(
                    en: "unknown language `{code}`; the languages are `en` and `ja`",
                    ja: "`{code}` という言語はありません。使えるのは `en` と `ja` です"
                ))
            })
    }
}
