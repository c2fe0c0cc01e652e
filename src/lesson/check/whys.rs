//! What is said of each choice of a question.

use super::Checker;
use crate::language::{Language, Localized, half_widths, says, unfolded};
use crate::lesson::WHY_WIDTH;
use crate::lesson::schema::RawText;

impl Checker {
    /// What is said of each choice of a question; nothing where the author says nothing of any.
    pub(super) fn whys(
        &mut self,
        path: &str,
        raw: &[RawText],
        choices: usize,
    ) -> Option<Vec<Localized<String>>> {
        let here = format!("{path}.why");
        let count = raw.len();
        if count > 0 && count != choices {
            self.error(
                &here,
                says!(
                    en: "`why` must have {choices} texts, one for each choice, and not {count}",
                    ja: "`why` には、選択肢と同じ {choices} 個の文が必要です。今は {count} 個です"
                ),
                Localized::new(
                    "write one for each choice, right or wrong, in their order; or leave `why` out",
                    "正解にも不正解にも 1 つずつ、選択肢の順に書くか、`why` を省いてください",
                ),
            );
        }
        let whys: Vec<Option<Localized<String>>> = raw
            .iter()
            .enumerate()
            .map(|(index, raw)| self.why(&format!("{here}[{index}]"), raw))
            .collect();
        whys.into_iter().collect()
    }

    /// What is said of one choice: no more than the card has room for.
    fn why(&mut self, path: &str, raw: &RawText) -> Option<Localized<String>> {
        let text = self.text(path, raw)?;
        let text = Localized::new(unfolded(&text.en), unfolded(&text.ja));
        for language in Language::ALL {
            let width = half_widths(text.get(language));
            if width > WHY_WIDTH {
                self.error(
                    &format!("{path}.{language}"),
                    says!(
                        en: "this is as wide as {width} English characters, but the two lines that the card has for it hold {WHY_WIDTH}",
                        ja: "この文は半角 {width} 文字分の長さですが、カードの 2 行に入るのは {WHY_WIDTH} 文字分です"
                    ),
                    Localized::new(
                        "say it in fewer words: at most 90 English or 45 Japanese characters",
                        "言葉を減らしてください。英語は 90 文字、日本語は 45 文字までです",
                    ),
                );
            }
        }
        Some(text)
    }
}
