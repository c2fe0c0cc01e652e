//! A value for each language.

use super::Language;

/// A value for each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Localized<T> {
    /// In English.
    pub en: T,
    /// In Japanese.
    pub ja: T,
}

impl<T> Localized<T> {
    /// A value for each language.
    pub const fn new(en: T, ja: T) -> Self {
        Self { en, ja }
    }

    /// The value in a language.
    pub const fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }

    /// The value in a language, without the others.
    pub fn choose(self, language: Language) -> T {
        match language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
    }
}

impl Localized<String> {
    /// The same text in each language: a name, a number, a path, a line of code.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            en: text.clone(),
            ja: text,
        }
    }
}

impl Localized<String> {
    /// Texts one after another, with something between them.
    pub fn join(texts: impl IntoIterator<Item = Self>, between: Localized<&str>) -> Self {
        let texts = texts.into_iter().map(|text| (text.en, text.ja));
        let (en, ja): (Vec<String>, Vec<String>) = texts.unzip();
        Self {
            en: en.join(between.en),
            ja: ja.join(between.ja),
        }
    }
}

impl From<Localized<&str>> for Localized<String> {
    fn from(text: Localized<&str>) -> Self {
        Self {
            en: text.en.to_owned(),
            ja: text.ja.to_owned(),
        }
    }
}
