//! What a lesson names by a number, and how one is told that there is none of it.

use crate::language::{Localized, says};

/// A mistake: what is wrong, and how to fix it.
pub(super) type Mistake = (Localized<String>, Localized<String>);

/// What a lesson names by a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    Choice,
    Filter,
    InputChannel,
    Layer,
    OutputChannel,
    Side,
    Step,
    Tensor,
}

impl Thing {
    /// Its name.
    pub(super) const fn name(self) -> Localized<&'static str> {
        match self {
            Self::Choice => Localized::new("choice", "選択肢"),
            Self::Filter => Localized::new("filter", "フィルタ"),
            Self::InputChannel => Localized::new("input channel", "入力チャネル"),
            Self::Layer => Localized::new("layer", "層"),
            Self::OutputChannel => Localized::new("output channel", "出力チャネル"),
            Self::Side => Localized::new("side", "サイド"),
            Self::Step => Localized::new("step", "ステップ"),
            Self::Tensor => Localized::new("tensor", "テンソル"),
        }
    }

    /// There is none of this number.
    pub(super) fn none(self, index: usize, count: usize) -> Localized<String> {
        let name = self.name();
        let are = if count == 1 { "is" } else { "are" };
        says!(
            with [name];
            en: "there is no {name} {index}: there {are} {count}, counted from 0",
            ja: "{name} {index} はありません。全部で {count} 個あり、0 から数えます"
        )
    }
}
