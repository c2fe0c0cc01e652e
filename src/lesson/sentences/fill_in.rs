//! The file of sentences of a lesson, to be filled in.

use std::fmt::Write;

use super::{Sentences, Text, texts};
use crate::lesson::schema::RawLesson;

const HEAD: &str = "\
// The sentences of a lesson in another language: the English one, and under it its translation. What is left
// empty stays English. Keep marks such as [drop] at the words where they belong, and the numbers.
{
";

/// The file anew: all texts of a lesson, with the translations that there are.
pub(super) fn fill_in(sentences: &Sentences, lesson: &RawLesson) -> String {
    let texts = texts(lesson);
    let mut file = HEAD.to_owned();
    let mut scene = None;
    for (number, text) in texts.iter().enumerate() {
        if number == 0 || text.scene != scene {
            scene = text.scene;
            head(&mut file, number == 0, scene);
        }
        entry(
            &mut file,
            &text.en,
            sentences.of(&text.en).unwrap_or_default(),
        );
    }
    let is_left_over = |en: &str| !texts.iter().any(|text: &Text| text.en == en);
    let mut left_over = sentences
        .list
        .iter()
        .filter(|sentence| is_left_over(&sentence.en) && !sentence.translation.trim().is_empty())
        .peekable();
    if left_over.peek().is_some() {
        file += "\n    // No longer in the lesson:\n";
    }
    for sentence in left_over {
        entry(&mut file, &sentence.en, &sentence.translation);
    }
    file += "}\n";
    file
}

/// A line that says where the texts under it stand.
fn head(file: &mut String, is_first: bool, scene: Option<usize>) {
    if !is_first {
        file.push('\n');
    }
    // A String takes whatever is written to it.
    let _ = match scene {
        Some(scene) => writeln!(file, "    // Scene {}:", scene + 1),
        None => writeln!(file, "    // The lesson:"),
    };
}

fn entry(file: &mut String, en: &str, translation: &str) {
    let (en, translation) = (literal(en), literal(translation));
    let _ = writeln!(file, "    {en}:\n        {translation},");
}

/// A text as RON reads it, with its line breaks as they are.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            literal.push('\\');
        }
        literal.push(character);
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = r#"Lesson(
    title: (en: "A \"slope\"", ja: "傾き"),
    scenes: [Scene(
        title: (en: "One value", ja: "値をひとつ"),
        input: (shape: (1, 2, 2)),
        layers: [ReLU],
        beats: [Say(text: (en: "See \\[1\\]
            here.", ja: "見ましょう。"))],
    )],
)"#;

    fn filled_in(sentences: &Sentences) -> String {
        sentences.filled_in("a.ron", LESSON).unwrap()
    }

    #[test]
    fn a_new_file_has_every_text_and_can_be_read() {
        let file = filled_in(&Sentences::default());
        let read = Sentences::read("de.ron", &file).unwrap();
        let texts: Vec<&str> = read
            .list
            .iter()
            .map(|sentence| sentence.en.as_str())
            .collect();
        assert_eq!(texts, ["A \"slope\"", "One value", r"See \[1\] here."]);
        assert!(
            read.list
                .iter()
                .all(|sentence| sentence.translation.is_empty())
        );
        assert_eq!(filled_in(&read), file);
    }

    #[test]
    fn translations_are_kept_also_those_that_the_lesson_has_no_more() {
        let before = r#"{
            "Two values": "Zwei
                Werte",
            "Gone": "",
            "See \\[1\\] here.": "Siehe \\[1\\].",
        }"#;
        let before = Sentences::read("de.ron", before).unwrap();
        let file = filled_in(&before);
        let read = Sentences::read("de.ron", &file).unwrap();
        assert_eq!(read.of(r"See \[1\] here."), Some(r"Siehe \[1\]."));
        assert_eq!(read.of("Two values"), before.of("Two values"));
        assert!(file.contains("// No longer in the lesson:"), "{file}");
        assert!(!file.contains("Gone"), "{file}");
        assert_eq!(filled_in(&read), file);
    }
}
