//! What a key says where it is a shortcut: what is printed on it. On layouts without Latin letters, and where the top
//! row gives digits only with Shift (AZERTY), its place says it: what a US keyboard has there.

use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::prelude::KeyCode;

/// What is held down with a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct HeldKeys {
    /// Control, or Command.
    pub(super) control: bool,
    /// Shift.
    pub(super) shift: bool,
}

impl HeldKeys {
    /// Takes note of a key that is held down with others.
    pub(super) fn note(&mut self, press: &KeyboardInput) {
        let down = press.state.is_pressed();
        match press.key_code {
            KeyCode::ControlLeft
            | KeyCode::ControlRight
            | KeyCode::SuperLeft
            | KeyCode::SuperRight => self.control = down,
            KeyCode::ShiftLeft | KeyCode::ShiftRight => self.shift = down,
            _ => {}
        }
    }
}

/// The key of a press as a shortcut has it.
pub(super) fn shortcut_key(press: &KeyboardInput, held: HeldKeys) -> Key {
    let at_place = match &press.logical_key {
        // The key of I on a Turkish keyboard.
        Key::Character(text) if text.as_str() == "ı" => Some("i"),
        Key::Character(text) if text.chars().all(is_foreign) => {
            letter_at(press.key_code).or_else(|| sign_at(press.key_code, held.shift))
        }
        // An input method keeps to itself what the key says.
        Key::Process => letter_at(press.key_code).or_else(|| sign_at(press.key_code, held.shift)),
        Key::Character(text) if is_digit(text) => None,
        // With Control, the signs of that row are shortcuts.
        Key::Character(_) if !held.control && !held.shift => digit_at(press.key_code),
        _ => None,
    };
    at_place.map_or_else(
        || press.logical_key.clone(),
        |text| Key::Character(text.into()),
    )
}

/// Whether a key asks for files to be chosen.
pub(super) fn opens_file(key: &Key, held: HeldKeys) -> bool {
    let is_letter = matches!(key, Key::Character(text) if text.eq_ignore_ascii_case("o"));
    is_letter && held.control && !held.shift
}

fn is_digit(text: &str) -> bool {
    text.len() == 1 && text.starts_with(|sign: char| sign.is_ascii_digit())
}

/// Whether a sign belongs to another script than the Latin one. What many layouts have besides, such as currencies
/// and dashes, belongs to none.
fn is_foreign(sign: char) -> bool {
    sign >= '\u{300}' && !matches!(sign, '\u{1e00}'..='\u{1eff}' | '\u{2000}'..='\u{2bff}')
}

fn letter_at(place: KeyCode) -> Option<&'static str> {
    Some(match place {
        KeyCode::KeyA => "a",
        KeyCode::KeyB => "b",
        KeyCode::KeyC => "c",
        KeyCode::KeyD => "d",
        KeyCode::KeyE => "e",
        KeyCode::KeyF => "f",
        KeyCode::KeyG => "g",
        KeyCode::KeyH => "h",
        KeyCode::KeyI => "i",
        KeyCode::KeyJ => "j",
        KeyCode::KeyK => "k",
        KeyCode::KeyL => "l",
        KeyCode::KeyM => "m",
        KeyCode::KeyN => "n",
        KeyCode::KeyO => "o",
        KeyCode::KeyP => "p",
        KeyCode::KeyQ => "q",
        KeyCode::KeyR => "r",
        KeyCode::KeyS => "s",
        KeyCode::KeyT => "t",
        KeyCode::KeyU => "u",
        KeyCode::KeyV => "v",
        KeyCode::KeyW => "w",
        KeyCode::KeyX => "x",
        KeyCode::KeyY => "y",
        KeyCode::KeyZ => "z",
        _ => return None,
    })
}

fn digit_at(place: KeyCode) -> Option<&'static str> {
    Some(match place {
        KeyCode::Digit0 => "0",
        KeyCode::Digit1 => "1",
        KeyCode::Digit2 => "2",
        KeyCode::Digit3 => "3",
        KeyCode::Digit4 => "4",
        KeyCode::Digit5 => "5",
        KeyCode::Digit6 => "6",
        KeyCode::Digit7 => "7",
        KeyCode::Digit8 => "8",
        KeyCode::Digit9 => "9",
        _ => return None,
    })
}

/// A digit, or another sign that is a shortcut.
fn sign_at(place: KeyCode, shift: bool) -> Option<&'static str> {
    Some(match (place, shift) {
        (KeyCode::BracketLeft, false) => "[",
        (KeyCode::BracketRight, false) => "]",
        (KeyCode::Comma, false) => ",",
        (KeyCode::Comma, true) => "<",
        (KeyCode::Period, false) => ".",
        (KeyCode::Period, true) => ">",
        (KeyCode::Slash, true) => "?",
        (_, false) => return digit_at(place),
        (_, true) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::input::ButtonState;
    use bevy::prelude::Entity;

    const PLAIN: HeldKeys = HeldKeys {
        control: false,
        shift: false,
    };
    const SHIFT: HeldKeys = HeldKeys {
        control: false,
        shift: true,
    };
    const CONTROL: HeldKeys = HeldKeys {
        control: true,
        shift: false,
    };

    fn press(place: KeyCode, key: Key) -> KeyboardInput {
        KeyboardInput {
            key_code: place,
            logical_key: key,
            state: ButtonState::Pressed,
            text: None,
            repeat: false,
            window: Entity::PLACEHOLDER,
        }
    }

    /// What a key at a place says that writes a text.
    fn says(place: KeyCode, text: &str, held: HeldKeys) -> String {
        match shortcut_key(&press(place, Key::Character(text.into())), held) {
            Key::Character(text) => text.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_latin_letter_counts_wherever_it_is() {
        assert_eq!(says(KeyCode::KeyI, "i", PLAIN), "i");
        // French and German keyboards.
        assert_eq!(says(KeyCode::KeyQ, "a", PLAIN), "a");
        assert_eq!(says(KeyCode::KeyY, "z", CONTROL), "z");
        assert_eq!(says(KeyCode::BracketLeft, "ü", PLAIN), "ü");
        // Dvorak: signs where letters are.
        assert_eq!(says(KeyCode::KeyW, ",", PLAIN), ",");
        assert_eq!(says(KeyCode::KeyE, "€", PLAIN), "€");
        assert_eq!(says(KeyCode::KeyI, "ı", PLAIN), "i");
    }

    #[test]
    fn without_latin_letters_the_place_counts() {
        // Russian, Greek, Arabic, Hebrew, and Japanese letters.
        for (text, place, letter) in [
            ("ш", KeyCode::KeyI, "i"),
            ("Ш", KeyCode::KeyI, "i"),
            ("φ", KeyCode::KeyF, "f"),
            ("ه", KeyCode::KeyI, "i"),
            ("לא", KeyCode::KeyB, "b"),
            ("に", KeyCode::KeyI, "i"),
            ("х", KeyCode::BracketLeft, "["),
            ("٢", KeyCode::Digit2, "2"),
        ] {
            assert_eq!(says(place, text, PLAIN), letter, "{text}");
        }
        assert_eq!(says(KeyCode::KeyZ, "я", CONTROL), "z");
        assert_eq!(says(KeyCode::Comma, "Б", SHIFT), "<");
        // What is printed there is still found.
        assert_eq!(says(KeyCode::Slash, ".", PLAIN), ".");
        assert_eq!(says(KeyCode::Digit7, "?", SHIFT), "?");
    }

    #[test]
    fn digits_need_no_shift_on_azerty() {
        let signs = ["à", "&", "é", "\"", "'", "(", "-", "è", "_", "ç"];
        let places = [
            KeyCode::Digit0,
            KeyCode::Digit1,
            KeyCode::Digit2,
            KeyCode::Digit3,
            KeyCode::Digit4,
            KeyCode::Digit5,
            KeyCode::Digit6,
            KeyCode::Digit7,
            KeyCode::Digit8,
            KeyCode::Digit9,
        ];
        for (digit, (sign, place)) in signs.into_iter().zip(places).enumerate() {
            assert_eq!(says(place, sign, PLAIN), digit.to_string());
            // With Shift it says so itself.
            assert_eq!(says(place, &digit.to_string(), SHIFT), digit.to_string());
        }
        // Control and minus make the controls smaller, there as elsewhere.
        assert_eq!(says(KeyCode::Digit6, "-", CONTROL), "-");
        // A US keyboard has other signs with Shift, which are no digits.
        assert_eq!(says(KeyCode::Digit2, "@", SHIFT), "@");
    }

    #[test]
    fn what_an_input_method_keeps_is_known_by_its_place() {
        let key = shortcut_key(&press(KeyCode::KeyF, Key::Process), PLAIN);
        assert_eq!(key, Key::Character("f".into()));
        let key = shortcut_key(&press(KeyCode::Enter, Key::Process), PLAIN);
        assert_eq!(key, Key::Process);
    }
}
