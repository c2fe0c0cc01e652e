//! The languages of the product, and messages that exist in each of them. Pure; every layer may
//! use it.
//!
//! What a person reads is a [`Localized`] value or an error that implements [`Message`]; [`says!`]
//! writes one with its values filled in. A message in one language only does not compile.

mod code;
mod custom;
mod localized;
mod message;
mod nearest;
mod quantity;
mod sentence;
mod system;
mod tongue;
mod width;

pub use crate::{message_error, says};
pub use code::Language;
pub use custom::{custom, custom_message};
pub use localized::Localized;
pub use message::{Message, Told};
pub use nearest::nearest;
pub use quantity::{bytes, grouped, rounded};
pub use sentence::as_sentence;
pub use system::SystemError;
pub use tongue::{OtherLanguage, Tongue};
pub use width::{half_widths, is_wide, narrow, unfolded};
