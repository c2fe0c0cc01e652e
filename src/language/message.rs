//! Errors and notices in every language.

use super::{Language, Localized};

/// What can be told to a person: what is wrong, where, and how to fix it, in every language.
pub trait Message {
    /// The message in every language.
    fn message(&self) -> Localized<String>;

    /// The message in one language.
    fn say(&self, language: Language) -> String {
        self.message().choose(language)
    }
}

impl Message for Localized<String> {
    fn message(&self) -> Localized<String> {
        self.clone()
    }
}

impl Message for Localized<&str> {
    fn message(&self) -> Localized<String> {
        (*self).into()
    }
}

impl<M: Message + ?Sized> Message for &M {
    fn message(&self) -> Localized<String> {
        (**self).message()
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
/// Variants that hold another error are named in braces, for the `?` operator:
/// `message_error!(OpenError { Shape(ShapeError), Chain(ChainError) })`.
#[macro_export]
macro_rules! message_error {
    ($($error:ty $({ $($variant:ident($source:ty)),+ $(,)? })?),+ $(,)?) => {$(
        impl ::std::fmt::Display for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::language::Message::message(self).en)
            }
        }

        impl ::std::error::Error for $error {}

        $($(
            impl From<$source> for $error {
                fn from(source: $source) -> Self {
                    Self::$variant(source)
                }
            }
        )+)?
    )+};
}

/// An error that is told in words and nothing else: a wrong word on the command line, say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told(pub Localized<String>);

impl Message for Told {
    fn message(&self) -> Localized<String> {
        self.0.clone()
    }
}

message_error!(Told);

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
