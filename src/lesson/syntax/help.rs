//! What would be right where a lesson's notation is wrong.

use ron::Error;

use crate::language::{Localized, nearest, says};

/// So many names are listed; of more, the guide does it.
const LISTED: usize = 16;

/// What PyTorch calls a field.
const PYTORCH: [(&str, &str); 4] = [
    ("kernel_size", "kernel"),
    ("out_channels", "filters"),
    ("scale_factor", "scale"),
    ("output_size", "output"),
];

/// What would be right where the parser stopped.
pub(super) fn help(code: &Error, source: &str, at: usize) -> Localized<String> {
    let place = Place {
        before: without_comments(&source[..at]),
        next: source[at..].trim_start(),
    };
    match code {
        Error::NoSuchStructField {
            expected, found, ..
        } => no_field(found, expected),
        Error::NoSuchEnumVariant {
            expected, found, ..
        } => no_variant(found, expected),
        Error::MissingStructField { field, .. } => says!(
            en: "add `{field}: …`",
            ja: "`{field}: …` を書き足してください"
        ),
        Error::DuplicateStructField { .. } => says!(
            en: "keep one of the two",
            ja: "どちらか 1 つだけにしてください"
        ),
        Error::ExpectedDifferentStructName { expected, .. } => says!(
            en: "write `{expected}(…)`",
            ja: "`{expected}(…)` と書いてください"
        ),
        Error::ExpectedDifferentLength { expected, .. } if expected.ends_with('2') => says!(
            en: "two numbers stand here, rows and columns: `(3, 3)`",
            ja: "ここには `(3, 3)` のように、行と列の 2 つの数を書きます"
        ),
        Error::ExpectedDifferentLength { expected, .. } if expected.ends_with('3') => says!(
            en: "three numbers stand here; a shape is channels, rows and columns: `(1, 5, 5)`",
            ja: "ここには 3 つの数を書きます。形状なら `(1, 5, 5)` のように、チャネル、行、列です"
        ),
        Error::ExpectedComma => place.comma(),
        Error::ExpectedArrayEnd => MISSING.into(),
        Error::ExpectedStructLikeEnd => says!(
            en: "a comma or a closing parenthesis may be missing just before this, or this is one value too many",
            ja: "この直前のコンマか閉じかっこが抜けているか、値が 1 つ多いようです"
        ),
        Error::ExpectedStringEnd => says!(
            en: "the text's closing `\"` is missing",
            ja: "文字列を閉じる `\"` を書いてください"
        ),
        Error::ExpectedNamedStructLike("Text") => says!(
            en: "every text exists in both languages: `(en: \"…\", ja: \"…\")`",
            ja: "どの文も `(en: \"…\", ja: \"…\")` のように、両方の言語で書きます"
        ),
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => place.parentheses(),
        Error::ExpectedArray => says!(
            en: "a list is expected here, in square brackets: `[ … ]`",
            ja: "ここには `[ … ]` のようにリストを書きます"
        ),
        Error::ExpectedMap => says!(
            en: "names with what belongs to them stand in braces: `{{\"name\": …}}`",
            ja: "ここには `{{\"名前\": …}}` のように、波かっこで書きます"
        ),
        Error::ExpectedMapColon => place.colon(),
        Error::ExpectedBoolean => says!(
            en: "write `true` or `false`, in small letters and without quotation marks",
            ja: "`true` か `false` を、小文字で、引用符なしで書いてください"
        ),
        Error::ExpectedFloat | Error::ExpectedInteger if place.next.starts_with('"') => says!(
            en: "write the number without quotation marks",
            ja: "数は引用符なしで書いてください"
        ),
        Error::ExpectedFloat => says!(
            en: "write a number, with a point before its decimals: `2.5`",
            ja: "`2.5` のように数を書いてください"
        ),
        Error::ExpectedInteger | Error::IntegerOutOfBounds => says!(
            en: "write a whole number that is not negative",
            ja: "0 以上の整数を書いてください"
        ),
        Error::ExpectedString => says!(
            en: "a text stands in straight double quotation marks: `\"…\"`",
            ja: "文字列は `\"…\"` のように、半角の二重引用符で囲んでください"
        ),
        Error::InvalidEscape(_) => says!(
            en: "write a backslash twice, `\\\\`; folders in the path of a file are parted by `/`",
            ja: "バックスラッシュは `\\\\` と 2 つ書いてください。ファイルのパスの区切りは `/` です"
        ),
        Error::UnclosedBlockComment => says!(
            en: "write `*/` where the comment ends",
            ja: "コメントの終わりに `*/` を書いてください"
        ),
        Error::ExpectedIdentifier => place.identifier(),
        Error::InvalidIdentifier(word) | Error::SuggestRawIdentifier(word) if is_number(word) => {
            place.name_for_number(word)
        }
        Error::InvalidIdentifier(word) | Error::SuggestRawIdentifier(word) => {
            match word.rsplit_once('.') {
                Some((module, name)) => says!(
                    en: "write `{name}`, without `{module}.`",
                    ja: "`{module}.` を付けずに `{name}` と書いてください"
                ),
                None => guide(),
            }
        }
        _ => guide(),
    }
}

/// What may be missing before a place.
const MISSING: Localized<&str> = Localized::new(
    "a comma or a closing parenthesis or bracket may be missing just before this",
    "この直前のコンマか閉じかっこが抜けているかもしれません",
);

fn guide() -> Localized<String> {
    says!(
        en: "docs/lessons.md lists what a lesson may contain",
        ja: "レッスンに書けるものは docs/ja/lessons.md にあります"
    )
}

fn no_field(found: &str, expected: &[&str]) -> Localized<String> {
    let fields = expected.join(", ");
    if found.starts_with(|first: char| first.is_ascii_uppercase()) {
        return says!(
            en: "a closing parenthesis may be missing before this; the fields here are {fields}",
            ja: "この前の閉じかっこが抜けているかもしれません。ここに書けるフィールドは {fields} です"
        );
    }
    let pytorch = PYTORCH.iter().find(|(name, _)| *name == found);
    let meant = pytorch
        .map(|(_, field)| *field)
        .filter(|field| expected.contains(field));
    match meant.or_else(|| nearest(found, expected.iter().copied())) {
        Some(meant) => says!(
            en: "did you mean `{meant}`? The fields here are {fields}",
            ja: "`{meant}` のことですか? ここに書けるフィールドは {fields} です"
        ),
        None => says!(
            en: "the fields here are {fields}",
            ja: "ここに書けるフィールドは {fields} です"
        ),
    }
}

fn no_variant(found: &str, expected: &[&str]) -> Localized<String> {
    let names = expected.join(", ");
    match nearest(found, expected.iter().copied()) {
        Some(meant) if expected.len() > LISTED => says!(
            en: "did you mean `{meant}`?",
            ja: "`{meant}` のことですか?"
        ),
        Some(meant) => says!(
            en: "did you mean `{meant}`? What may stand here is {names}",
            ja: "`{meant}` のことですか? ここに書けるのは {names} です"
        ),
        None if expected.len() > LISTED => guide(),
        None => says!(
            en: "what may stand here is {names}",
            ja: "ここに書けるのは {names} です"
        ),
    }
}

/// What stands around the place where the parser stopped.
struct Place<'a> {
    /// Up to it, without the comments and spaces that end it.
    before: &'a str,
    /// From it on.
    next: &'a str,
}

impl<'a> Place<'a> {
    /// The field whose value stands here.
    fn field(&self) -> Option<&'a str> {
        last_word(self.before.strip_suffix(':')?)
    }

    /// The name whose parentheses have just been opened.
    fn called(&self) -> Option<&'a str> {
        last_word(self.before.strip_suffix('(')?)
    }

    /// The digits that stand here.
    fn digits(&self) -> Option<&'a str> {
        let rest = self.next.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = self.next.strip_suffix(rest)?;
        (!digits.is_empty()).then_some(digits)
    }

    fn comma(&self) -> Localized<String> {
        let next = self.next.chars().next().unwrap_or(' ');
        let after_digit = self.before.ends_with(|c: char| c.is_ascii_digit());
        if after_digit && (next.is_ascii_alphabetic() || next == ':') {
            return says!(
                en: "a comma may be missing just before this; a time is a number of seconds, without a unit: `over: 90`",
                ja: "この直前のコンマが抜けているかもしれません。時間は `over: 90` のように、単位なしの秒数で書きます"
            );
        }
        if self.before.ends_with('"') {
            return says!(
                en: "a comma may be missing just before this, or the `\"` that ends the text before; within a text, `\"` is written `\\\"`",
                ja: "この直前のコンマか、前の文字列を閉じる `\"` が抜けているかもしれません。文字列の中の `\"` は `\\\"` と書きます"
            );
        }
        if next == ';' {
            return says!(
                en: "write a comma in place of the semicolon",
                ja: "セミコロンの代わりにコンマを書いてください"
            );
        }
        MISSING.into()
    }

    fn colon(&self) -> Localized<String> {
        let name = last_word(self.before).unwrap_or("over");
        says!(
            en: "a colon stands between a name and its value: `{name}: …`",
            ja: "名前と値の間にコロンを書いてください: `{name}: …`"
        )
    }

    fn parentheses(&self) -> Localized<String> {
        if self.field() == Some("shape") {
            return says!(
                en: "a shape is channels, rows and columns: `shape: (1, 5, 5)`",
                ja: "形状は `shape: (1, 5, 5)` のように、チャネル、行、列を書きます"
            );
        }
        if let (Some(field), Some(number)) = (self.field(), self.digits()) {
            return says!(
                en: "two numbers in parentheses are expected here, rows and columns: `{field}: ({number}, {number})`",
                ja: "ここには行と列の 2 つの数を、かっこで囲んで書きます: `{field}: ({number}, {number})`"
            );
        }
        says!(
            en: "a value in parentheses is expected here: a kernel of three by three is `kernel: (3, 3)`",
            ja: "ここにはかっこで囲んだ値を書きます。たとえば 3 × 3 のカーネルは `kernel: (3, 3)` です"
        )
    }

    fn identifier(&self) -> Localized<String> {
        if self.next.starts_with('#') {
            return says!(
                en: "a comment begins with `//`",
                ja: "コメントは `//` で始めてください"
            );
        }
        let quoted = self.next.strip_prefix('"');
        let Some((word, behind)) = quoted.and_then(|text| text.split_once('"')) else {
            return guide();
        };
        if behind.trim_start().starts_with(':') {
            return says!(
                en: "the name of a field stands without quotation marks: `{word}: …`",
                ja: "フィールドの名前は引用符なしで書いてください: `{word}: …`"
            );
        }
        if let Some(name) = self.called() {
            return says!(
                en: "what stands here has a name, as in `{name}(name: …)`; docs/lessons.md lists the fields of {name}",
                ja: "ここには `{name}(名前: …)` のように名前を付けて書きます。{name} のフィールドは docs/ja/lessons.md にあります"
            );
        }
        // Most names begin with a capital letter.
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let name: String = first.into_iter().chain(letters).collect();
        says!(
            en: "write the name without quotation marks: `{name}`",
            ja: "名前は引用符なしで書いてください: `{name}`"
        )
    }

    /// A number stands where a name is due.
    fn name_for_number(&self, number: &str) -> Localized<String> {
        let whole = self.before.strip_suffix(',').and_then(last_word);
        match (self.field(), self.called(), whole) {
            (Some("padding"), ..) => says!(
                en: "a name is expected here; a padding of {number} on all sides is `padding: Size({number}, {number})`",
                ja: "ここには名前を書きます。四方に {number} のパディングは `padding: Size({number}, {number})` です"
            ),
            (Some("answer"), ..) => says!(
                en: "a choice is named by its place, from 0: `Choice(0)`; or name what is worked out, as `OutputWidth`",
                ja: "選択肢は 0 からの番号で `Choice(0)` と書くか、`OutputWidth` のように計算するものの名前を書いてください"
            ),
            (_, Some("Phase"), _) => says!(
                en: "write `Phase(step: {number}, phase: Travel)`",
                ja: "`Phase(step: {number}, phase: Travel)` と書いてください"
            ),
            (_, Some(name @ ("Random" | "Uniform")), _) => says!(
                en: "write `{name}(seed: {number})`",
                ja: "`{name}(seed: {number})` と書いてください"
            ),
            (_, Some(name), _) => says!(
                en: "what stands here has a name, as in `{name}(name: {number})`; docs/lessons.md lists the fields of {name}",
                ja: "ここには `{name}(名前: {number})` のように名前を付けて書きます。{name} のフィールドは docs/ja/lessons.md にあります"
            ),
            (_, _, Some(whole)) if is_number(whole) => says!(
                en: "decimals stand behind a point: `{whole}.{number}`",
                ja: "小数点はピリオドです: `{whole}.{number}`"
            ),
            _ => guide(),
        }
    }
}

/// The word that ends a text.
fn last_word(text: &str) -> Option<&str> {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let word = text.trim_end().rsplit(is_other).next()?;
    (!word.is_empty()).then_some(word)
}

pub(super) fn is_number(word: &str) -> bool {
    word.parse::<u32>().is_ok()
}

/// A text up to the comments and spaces that end it.
pub(super) fn without_comments(text: &str) -> &str {
    let text = text.trim_end();
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let comment = if text.ends_with("*/") {
        text.rfind("/*")
    } else {
        text[line..].find("//").map(|at| line + at)
    };
    comment.map_or(text, |at| without_comments(&text[..at]))
}

#[cfg(test)]
mod tests {
    use crate::lesson::parse;

    /// What is told of a lesson with these beats, in English and Japanese: what is wrong, and what would be right.
    fn told(beats: &str) -> [(String, String); 2] {
        let lesson = format!(
            r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "S", ja: "場"), beats: [{beats}])])"#
        );
        let wrong = parse(&lesson).unwrap_err();
        let (message, help) = (wrong.message, wrong.help);
        [(message.en, help.en), (message.ja, help.ja)]
    }

    #[test]
    fn slips_are_told_with_what_would_be_right() {
        for (beats, message, help) in [
            (r#"Sayy(text: (en: "a", ja: "b"))"#, "`Sayy`", "`Say`"),
            ("Hold(1), Wait(1)", "`Wait`", "Say, Run, Hold, Predict"),
            ("Run(to: End, ovr: 2)", "`ovr`", "`over`"),
            ("Run(to: End, over: 2, Hold(1)", "`Hold`", "to, over"),
            (r#"Run(to: End, over: "2")"#, "", ""),
            ("Run(to: End, over: 2,5)", "`5`", "`2.5`"),
            ("Run(to: End, over: 2s)", "", "`over: 90`"),
            ("Run(to: End, over: 1:30)", "", "`over: 90`"),
            ("Run(to: End, over = 2)", "", "`over: …`"),
            (r#"Run(to: End, "over": 2)"#, "", "`over: …`"),
            (
                "Run(to: Phase(0, Travel), over: 2)",
                "`0`",
                "`Phase(step: 0, phase: Travel)`",
            ),
            ("Run(to: End, over: 2, over: 3)", "`over`", ""),
            ("Hold（1）", "`（`", "`(`"),
            ("Hold(1)、 Hold(2)", "`、`", "`,`"),
            ("Hold(1); Hold(2)", "", ""),
            (r#"Say("a")"#, "", "`Say("),
            (r#"Say(text: "a")"#, "", "`(en: \"…\", ja: \"…\")`"),
            (r#"Say(text: (en: 'a', ja: "b"))"#, "", "`\"…\"`"),
            (r#"Say(text: (en: “a”, ja: "b"))"#, "`“`", "`\"`"),
            (r#"Say(text: (en: "a, ja: "b"))"#, "", "`\"`"),
            (r#"Say(text: (en: "a\p", ja: "b"))"#, "", "`/`"),
            (
                r#"Say(text: (en: "a", ja: "b"), do: [Focus(["Input"])])"#,
                "",
                "`Input`",
            ),
            (
                r#"Say(text: (en: "a", ja: "b"), at: {m: Formula(Value)})"#,
                "",
                "`\"…\"`",
            ),
            ("# a comment\n Hold(1)", "", "`//`"),
            ("/* a comment", "", "`*/`"),
        ] {
            for (is_message, is_help) in told(beats) {
                assert!(is_message.contains(message), "{beats}: {is_message}");
                assert!(is_help.contains(help), "{beats}: {is_help}");
                let is_vague = is_help.contains("docs/lessons.md") && !is_help.contains('(');
                assert!(!is_vague, "{beats}: {is_help}");
            }
        }
    }

    #[test]
    fn shapes_and_layers_are_told_as_they_are_written_here() {
        let layer = |layer: &str| {
            let lesson =
                format!(r#"Lesson(title: (en: "T", ja: "題"), layers: [{layer}], scenes: [])"#);
            let wrong = parse(&lesson).unwrap_err();
            [wrong.help.en, wrong.help.ja]
        };
        for (written, right) in [
            ("Conv2d(filters: 1, kernel: 3)", "`kernel: (3, 3)`"),
            ("Conv2d(filters: 1, kernel: (3))", "`(3, 3)`"),
            (
                "Conv2d(filters: 1, kernel: (3, 3), stride: 2)",
                "`stride: (2, 2)`",
            ),
            ("Conv2d(filters: 1, kernel_size: (3, 3))", "`kernel`"),
            ("Conv2d(out_channels: 1)", "`filters`"),
            (
                "Conv2d(filters: 1, kernel: (3, 3), padding: \"same\")",
                "`Same`",
            ),
            ("Conv2d(filters: 1, kernel: (3, 3), bias: True)", "`true`"),
            (
                "Conv2d(filters: 1, kernel: (3, 3), weights: Random(7))",
                "`Random(seed: 7)`",
            ),
            ("Conv2D(filters: 1, kernel: (3, 3))", "`Conv2d`"),
            ("nn.Conv2d(filters: 1, kernel: (3, 3))", "`Conv2d`"),
        ] {
            for help in layer(written) {
                assert!(help.contains(right), "{written}: {help}");
            }
        }
    }
}
