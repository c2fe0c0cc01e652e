//! Errors and notices in every language.

use super::{Language, Localized};

/// What can be told to a person: what is wrong, where, and how to fix it, in every language.
pub trait Message {
    /// The message in every language.
    fn message(&self) -> Localized<String>;

    /// The message in one language.
    fn say(&self, language: Language) -> String {
        self.message().into(language)
    }
}

impl Message for Localized<String> {
    fn message(&self) -> Localized<String> {
        self.clone()
    }
}

impl<M: Message + ?Sized> Message for Box<M> {
    fn message(&self) -> Localized<String> {
        (**self).message()
    }
}

/// A text in every language, each written as for [`format!`]:
/// `says!(en: "{count} layers", ja: "層が {count} 個")`.
///
/// A value that differs between the languages is itself [`Localized`] and is named in front:
/// `says!(with [what]; en: "the {what} is empty", ja: "{what}が空です")`.
#[macro_export]
macro_rules! says {
    (with [$($part:ident),+ $(,)?]; en: $en:literal, ja: $ja:literal $(,)?) => {{
        let en = {
            $(let $part = &$part.en;)+
            ::std::format!($en)
        };
        let ja = {
            $(let $part = &$part.ja;)+
            ::std::format!($ja)
        };
        $crate::language::Localized { en, ja }
    }};
    (en: $en:literal, ja: $ja:literal $(,)?) => {
        $crate::language::Localized {
            en: ::std::format!($en),
            ja: ::std::format!($ja),
        }
    };
}

/// Makes types that implement [`Message`] errors of the standard library, which print in English.
#[macro_export]
macro_rules! message_error {
    ($($error:ty),+ $(,)?) => {$(
        impl ::std::fmt::Display for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::language::Message::message(self).en)
            }
        }

        impl ::std::error::Error for $error {}
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_filled_in_in_its_own_language() {
        let what = Localized::new("bias", "バイアス");
        let count = 3;
        let text =
            says!(with [what]; en: "{count} values of the {what}", ja: "{what}の値 {count} 個");
        assert_eq!(text.say(Language::En), "3 values of the bias");
        assert_eq!(text.say(Language::Ja), "バイアスの値 3 個");
    }
}
