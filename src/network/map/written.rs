//! How names are written on the stage, those of the blocks of a map above all: in one line or in several, and how much
//! room they take.

/// The height of the name of a block, in 1080ths of the picture.
pub(crate) const NAME_HEIGHT: f32 = 24.0;
/// The height of its shape.
pub(crate) const SHAPE_HEIGHT: f32 = 23.0;

/// The most breadth of the name of a block that stands in one line, in parts of its height.
pub(crate) const ONE_LINE: f32 = 6.65;
/// With what Japanese names end, which have no spaces to be parted at.
const ENDINGS: [&str; 4] = ["ブロック", "モジュール", "ボトルネック", "畳み込み"];

/// A name in two lines, where it is broader than one line may be (in parts of its height) and can be parted. What is
/// said of it in parentheses has one of its own.
pub(crate) fn in_lines(name: &str, one_line: f32) -> String {
    if breadth(name) <= one_line {
        return name.to_owned();
    }
    if name.ends_with(')')
        && let Some((head, besides)) = name.rsplit_once(" (")
    {
        return format!("{}\n({besides}", in_lines(head, one_line));
    }
    let parted = places(name).map(|at| (name[..at].trim_end(), name[at..].trim_start()));
    let broader = |(first, second): &(&str, &str)| breadth(first).max(breadth(second));
    match parted.min_by(|one, other| broader(one).total_cmp(&broader(other))) {
        Some((first, second)) => format!("{first}\n{second}"),
        None => name.to_owned(),
    }
}

/// Where a name can be parted. What counts stays with what is counted.
fn places(name: &str) -> impl Iterator<Item = usize> {
    let spaces = name.match_indices(' ').map(|(at, _)| at);
    let spaces = spaces.filter(move |&at| {
        let (before, after) = (&name[..at], &name[at + 1..]);
        let word = before.rsplit([' ', '(']).next().unwrap_or_default();
        let counts = !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit());
        let counted = (counts || before.ends_with('×')) && !after.starts_with('(');
        !counted && !after.starts_with('×')
    });
    let endings = ENDINGS.into_iter().flat_map(move |ending| {
        let found = name.match_indices(ending).map(|(at, _)| at);
        found.filter(move |&at| name[..at].ends_with(char::is_alphanumeric))
    });
    spaces.chain(endings)
}

/// About how broad the broadest line of a text is, in parts of its height.
pub(crate) fn breadth(text: &str) -> f32 {
    let letter = |letter: char| match letter {
        ' ' | '.' | ',' => 0.28,
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | 'I' | '(' | ')' => 0.38,
        'm' | 'w' | 'M' | 'W' => 0.9,
        letter if letter.is_ascii() || letter == '×' => 0.6,
        _ => 1.0,
    };
    let line = |line: &str| line.chars().map(letter).sum::<f32>();
    text.lines().map(line).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_have_two_lines_and_what_counts_stays_with_what_is_counted() {
        for (name, lines) in [
            ("MaxPool2d", "MaxPool2d"),
            ("畳み込み 3 × 3", "畳み込み 3 × 3"),
            ("2 × Conv 3 × 3", "2 × Conv\n3 × 3"),
            ("2 × 残差ブロック", "2 × 残差\nブロック"),
            ("2 × ファイアモジュール", "2 × ファイア\nモジュール"),
            (
                "4 × トランスフォーマーブロック",
                "4 × トランスフォーマー\nブロック",
            ),
            ("4 × (2 branches)", "4 ×\n(2 branches)"),
            ("Linear 512 → 10", "Linear\n512 → 10"),
            ("Conv 3 × 3 (as before)", "Conv 3 × 3\n(as before)"),
            ("Mean (as before)", "Mean\n(as before)"),
            (
                "2 × residual block (as before)",
                "2 × residual\nblock\n(as before)",
            ),
            (
                "畳み込みだけの名前では切らない",
                "畳み込みだけの名前では切らない",
            ),
        ] {
            assert_eq!(in_lines(name, ONE_LINE), lines);
        }
    }

    #[test]
    fn a_name_is_as_broad_as_its_broadest_line() {
        assert_eq!(
            breadth("2 × 残差\nブロック"),
            breadth("ブロック").max(breadth("2 × 残差"))
        );
        // Measured in a picture: 132 of 24 high letters.
        let measured = 132.0 / NAME_HEIGHT;
        let estimated = breadth("2 × residual");
        assert!(
            (measured..measured * 1.15).contains(&estimated),
            "{estimated}"
        );
    }
}
