//! The languages that a lesson can be told in: those of the program, and others that a lesson has
//! sentences for.

use serde::{Deserialize, Serialize};

use super::{Language, Told};
use crate::says;

/// A language that a lesson is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Tongue {
    /// One of the program's, in which every lesson is written.
    Own(Language),
    /// Another, by a lesson's sentences.
    Other(OtherLanguage),
}

/// A language that the program has no words in, but a lesson may have sentences in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "Tongue")]
pub struct OtherLanguage {
    code: &'static str,
    track_code: &'static str,
    own_name: &'static str,
}

const fn other(
    code: &'static str,
    track_code: &'static str,
    own_name: &'static str,
) -> OtherLanguage {
    OtherLanguage {
        code,
        track_code,
        own_name,
    }
}

impl OtherLanguage {
    /// Every language whose letters the program's fonts have, by code.
    pub const ALL: [Self; 35] = [
        other("bg", "bul", "български"),
        other("ca", "cat", "català"),
        other("cs", "ces", "čeština"),
        other("cy", "cym", "Cymraeg"),
        other("da", "dan", "dansk"),
        other("de", "deu", "Deutsch"),
        other("el", "ell", "Ελληνικά"),
        other("eo", "epo", "Esperanto"),
        other("es", "spa", "español"),
        other("et", "est", "eesti"),
        other("eu", "eus", "euskara"),
        other("fi", "fin", "suomi"),
        other("fr", "fra", "français"),
        other("ga", "gle", "Gaeilge"),
        other("gl", "glg", "galego"),
        other("hr", "hrv", "hrvatski"),
        other("hu", "hun", "magyar"),
        other("id", "ind", "Bahasa Indonesia"),
        other("is", "isl", "íslenska"),
        other("it", "ita", "italiano"),
        other("lt", "lit", "lietuvių"),
        other("lv", "lav", "latviešu"),
        other("ms", "msa", "Bahasa Melayu"),
        other("mt", "mlt", "Malti"),
        other("nb", "nob", "norsk bokmål"),
        other("nl", "nld", "Nederlands"),
        other("pl", "pol", "polski"),
        other("pt", "por", "português"),
        other("ru", "rus", "русский"),
        other("sk", "slk", "slovenčina"),
        other("sl", "slv", "slovenščina"),
        other("sq", "sqi", "shqip"),
        other("sv", "swe", "svenska"),
        other("sw", "swa", "Kiswahili"),
        other("tr", "tur", "Türkçe"),
    ];

    /// The ISO 639-1 code, which is its BCP 47 tag: `de`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        self.own_name
    }
}

impl Tongue {
    /// The language that a lesson is told in, by that of the program's words and that of its sentences, if it has any:
    /// they take the place of the English.
    #[must_use]
    pub const fn of(words: Language, sentences: Option<OtherLanguage>) -> Self {
        match (words, sentences) {
            (Language::En, Some(other)) => Self::Other(other),
            (words, _) => Self::Own(words),
        }
    }

    /// The language of the program's words beside it, and the one whose texts of a lesson its sentences
    /// take the place of: English, where it is none of the program's own.
    #[must_use]
    pub const fn words(self) -> Language {
        match self {
            Self::Own(language) => language,
            Self::Other(_) => Language::En,
        }
    }

    /// The language that needs sentences; `None` for one of the program's own.
    #[must_use]
    pub const fn other(self) -> Option<OtherLanguage> {
        match self {
            Self::Own(_) => None,
            Self::Other(other) => Some(other),
        }
    }

    /// The ISO 639-1 code, which is its BCP 47 tag: `en`, `de`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own(language) => language.code(),
            Self::Other(other) => other.code,
        }
    }

    /// The terminological ISO 639-2 code, which MP4 and WebM carry for a track: `eng`, `deu`.
    #[must_use]
    pub const fn track_code(self) -> &'static str {
        match self {
            Self::Own(language) => language.track_code(),
            Self::Other(other) => other.track_code,
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Own(language) => language.own_name(),
            Self::Other(other) => other.own_name,
        }
    }
}

impl From<Language> for Tongue {
    fn from(language: Language) -> Self {
        Self::Own(language)
    }
}

impl From<OtherLanguage> for Tongue {
    fn from(other: OtherLanguage) -> Self {
        Self::Other(other)
    }
}

impl TryFrom<Tongue> for OtherLanguage {
    type Error = Told;

    fn try_from(tongue: Tongue) -> Result<Self, Self::Error> {
        tongue.other().ok_or_else(|| {
            Told(says!(
                en: "lessons are written in `{tongue}`, which needs no sentences",
                ja: "`{tongue}` はレッスンそのものに書かれているので、訳文は要りません"
            ))
        })
    }
}

// Derived, it would take the texts of its fields for borrowed from what is read.
impl<'de> Deserialize<'de> for OtherLanguage {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Tongue::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl std::fmt::Display for Tongue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Tongue {
    type Err = Told;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        if let Ok(language) = code.parse::<Language>() {
            return Ok(Self::Own(language));
        }
        OtherLanguage::ALL
            .into_iter()
            .find(|other| other.code == code)
            .map(Self::Other)
            .ok_or_else(|| {
                let others = OtherLanguage::ALL.map(OtherLanguage::code).join(", ");
                Told(says!(
                    en: "unknown language `{code}`; the languages are `en` and `ja`, and for lessons that have sentences in them {others}",
                    ja: "`{code}` という言語はありません。使えるのは `en` と `ja` と、レッスンに訳文があれば {others} です"
                ))
            })
    }
}

impl TryFrom<String> for Tongue {
    type Error = Told;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

impl From<Tongue> for String {
    fn from(tongue: Tongue) -> Self {
        tongue.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_known_by_its_own_code_alone() {
        let all: Vec<Tongue> = Language::ALL
            .map(Tongue::Own)
            .into_iter()
            .chain(OtherLanguage::ALL.map(Tongue::Other))
            .collect();
        for (index, tongue) in all.iter().enumerate() {
            assert_eq!(tongue.code().parse::<Tongue>(), Ok(*tongue));
            assert_eq!((tongue.code().len(), tongue.track_code().len()), (2, 3));
            for other in &all[..index] {
                assert_ne!(tongue.track_code(), other.track_code());
                assert_ne!(tongue.own_name(), other.own_name());
            }
        }
        let error = "xx".parse::<Tongue>().unwrap_err().to_string();
        assert!(error.contains("`xx`") && error.contains("de"), "{error}");
    }

    #[test]
    fn beside_another_language_the_program_speaks_english() {
        let german: Tongue = "de".parse().unwrap();
        assert_eq!(german.words(), Language::En);
        assert_eq!(Tongue::from(Language::Ja).words(), Language::Ja);
        assert_eq!(Tongue::from(Language::Ja).other(), None);
    }
}
