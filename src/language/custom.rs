//! Messages in errors of serde, which hold one text only.

use serde::de::Error;

use super::{Localized, Message};

/// Stands between the languages: a character that no text has.
const BETWEEN: char = '\u{1f}';

/// An error of serde with a message in every language, for [`custom_message`] to find again.
pub fn custom<E: Error>(message: impl Message) -> E {
    let Localized { en, ja } = message.message();
    if en == ja {
        E::custom(en)
    } else {
        E::custom(format_args!("{en}{BETWEEN}{ja}"))
    }
}

/// The message in every language of an error of serde; the same in each where the error is serde's own.
#[must_use]
pub fn custom_message(text: &str) -> Localized<String> {
    match text.split_once(BETWEEN) {
        Some((en, ja)) => Localized::new(en, ja).message(),
        None => Localized::same(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::ShapeError;

    #[test]
    fn a_message_goes_through_serde_in_every_language() {
        let why = ShapeError::Empty { axis: 1 };
        let error: serde::de::value::Error = custom(&why);
        assert_eq!(custom_message(&error.to_string()), why.message());
        assert_eq!(custom_message("eof"), Localized::same("eof"));
    }
}
