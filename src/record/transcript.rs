//! What a lesson says, as Markdown: to read, to search, to stand under a video.

use super::part::FrameRange;
use super::sidecar::stamp;
use crate::lesson::{Beat, Language, Lesson};
use crate::timeline::Timeline;

/// The words of a part of a lesson: a heading for each scene, a paragraph for each beat with words,
/// a list for each question.
pub(super) fn transcript(lesson: &Lesson, timeline: &Timeline, frame_range: &FrameRange) -> String {
    let language = timeline.language;
    let mut text = format!("# {}\n", escaped(&timeline.title));
    if let Some(goal) = &lesson.goal {
        text += &format!("\n*{}*\n", escaped(goal.get(language)));
    }
    for (scene, span) in lesson.scenes.iter().zip(&timeline.scenes) {
        let Some((start, _)) = frame_range.inside(span.start, span.end) else {
            continue;
        };
        text += &format!("\n## {} {}\n", stamp(start), escaped(&span.title));
        for (beat, span) in scene.beats.iter().zip(&span.beats) {
            if frame_range.inside(span.start, span.end).is_some() {
                text += &paragraph(beat, language);
            }
        }
    }
    if frame_range
        .inside(timeline.duration - 0.1, timeline.duration)
        .is_some()
    {
        text += &read_on(lesson, language);
    }
    text
}

/// The papers and pages that a lesson names; nothing, where it names none.
fn read_on(lesson: &Lesson, language: Language) -> String {
    if lesson.sources.is_empty() {
        return String::new();
    }
    let mut text = match language {
        Language::En => "\n## Read on\n\n".to_owned(),
        Language::Ja => "\n## 参考文献\n\n".to_owned(),
    };
    for source in &lesson.sources {
        text += &format!("- [{}]({})\n", escaped(&source.title), source.url);
    }
    text
}

/// What a beat says; nothing, where it says nothing.
fn paragraph(beat: &Beat, language: Language) -> String {
    match beat {
        Beat::Say { text, .. } => format!("\n{}\n", escaped(&text.get(language).display)),
        Beat::Predict { question, .. } => {
            let mut text = format!("\n**{}**\n\n", escaped(question.ask.get(language)));
            for (index, choice) in question.choices.iter().enumerate() {
                let right = if index == question.answer { " ✓" } else { "" };
                let why = question.whys.get(index);
                let why = why.map(|why| format!(": {}", escaped(why.get(language))));
                let why = why.unwrap_or_default();
                text += &format!("- {}{right}{why}\n", escaped(choice.get(language)));
            }
            text
        }
        Beat::Run { .. } | Beat::Hold(_) => String::new(),
    }
}

/// A text in which Markdown sees no signs of its own, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        for character in word.chars() {
            if matches!(
                character,
                '\\' | '*' | '_' | '`' | '<' | '[' | ']' | '#' | '|'
            ) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_stands_with_what_is_said_of_it() {
        let ask =
            r#"Predict(ask: (en: "How wide?", ja: "幅は?"), choices: [2, 4], answer: OutputWidth"#;
        let told = |why: &str| {
            let text = format!(
                r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(title: (en: "A", ja: "甲"),
                input: (shape: (1, 6, 6)), layers: [Conv2d(filters: 1, kernel: (3, 3))], beats: [{ask}{why})])])"#
            );
            let (lesson, _) = crate::lesson::read("t.ron", &text).unwrap();
            paragraph(&lesson.scenes[0].beats[0], Language::En)
        };
        assert_eq!(told(""), "\n**How wide?**\n\n- 2\n- 4 ✓\n");
        let why =
            r#", why: [(en: "Half of it.", ja: "半分です。"), (en: "6 - 3 + 1", ja: "6 - 3 + 1")]"#;
        assert_eq!(
            told(why),
            "\n**How wide?**\n\n- 2: Half of it.\n- 4 ✓: 6 - 3 + 1\n"
        );
    }

    #[test]
    fn the_signs_of_markdown_are_words() {
        assert_eq!(escaped("a * b_c [x]\n `y`"), r"a \* b\_c \[x\] \`y\`");
    }
}
