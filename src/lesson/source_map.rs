//! Where each value of a RON file stands, so that a mistake in its meaning can be pointed at.
//!
//! serde gives no position for a field. This reads the same text once more, keeps nothing but the
//! spans, and answers for a path such as `scenes[0].beats[3].text.ja`. It is only asked about
//! files that the `ron` crate has read, so it can be brief about what it does not know.

use std::ops::Range;

/// A value of the file, and what is inside it.
#[derive(Debug, Clone)]
struct Node {
    span: Range<usize>,
    children: Vec<(Key, Self)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Field(String),
    Index(usize),
}

/// The spans of all values of a RON file.
#[derive(Debug, Clone)]
pub struct SourceMap {
    root: Node,
}

impl SourceMap {
    /// Reads the spans of a RON file.
    #[must_use]
    pub fn new(source: &str) -> Self {
        let mut reader = Reader {
            source: source.as_bytes(),
            at: 0,
        };
        reader.skip_attributes();
        Self {
            root: reader.value(),
        }
    }

    /// Where the value at a path stands, in bytes; where the path leads out of the file, the
    /// innermost value that is there. Path parts are joined by `.`, indices are numbers in
    /// brackets, and the field of a map is its key.
    #[must_use]
    pub fn span(&self, path: &str) -> Range<usize> {
        let mut node = &self.root;
        for part in path.split(['.', '[']).filter(|part| !part.is_empty()) {
            let key = match part.strip_suffix(']') {
                Some(index) => index
                    .parse()
                    .map_or(Key::Field(index.to_owned()), Key::Index),
                None => Key::Field(part.to_owned()),
            };
            match node
                .children
                .iter()
                .find(|(candidate, _)| *candidate == key)
            {
                Some((_, child)) => node = child,
                None => break,
            }
        }
        node.span.clone()
    }

    /// Where the entries of the file stand, keys included, where the file is a map.
    pub fn entries(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.root
            .children
            .iter()
            .map(|(_, entry)| entry.span.clone())
    }
}

/// What is written for a field of the file's outermost value; nothing is read beyond it.
#[must_use]
pub fn field<'a>(source: &'a str, wanted: &str) -> Option<&'a str> {
    let mut reader = Reader {
        source: source.as_bytes(),
        at: 0,
    };
    reader.skip_attributes();
    reader.skip_space();
    let has_name = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    if reader.peek().is_some_and(has_name) {
        reader.word();
        reader.skip_space();
    }
    if reader.peek() != Some(b'(') {
        return None;
    }
    reader.at += 1;
    loop {
        reader.skip_space();
        match reader.peek()? {
            b')' => return None,
            b',' => reader.at += 1,
            _ => {
                let name = reader.field_name();
                let value = reader.value();
                if name.as_deref() == Some(wanted) {
                    return source.get(value.span);
                }
            }
        }
    }
}

struct Reader<'a> {
    source: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn starts_with(&self, prefix: &[u8]) -> bool {
        self.source[self.at.min(self.source.len())..].starts_with(prefix)
    }

    fn skip_attributes(&mut self) {
        self.skip_space();
        while self.starts_with(b"#!") {
            while self.peek().is_some_and(|byte| byte != b']') {
                self.at += 1;
            }
            self.at += 1;
            self.skip_space();
        }
    }

    fn skip_space(&mut self) {
        loop {
            while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            }
            if self.starts_with(b"//") {
                while self.peek().is_some_and(|byte| byte != b'\n') {
                    self.at += 1;
                }
            } else if self.starts_with(b"/*") {
                let mut depth = 0_usize;
                while self.at < self.source.len() {
                    if self.starts_with(b"/*") {
                        depth += 1;
                        self.at += 2;
                    } else if self.starts_with(b"*/") {
                        depth -= 1;
                        self.at += 2;
                        if depth == 0 {
                            break;
                        }
                    } else {
                        self.at += 1;
                    }
                }
            } else {
                return;
            }
        }
    }

    fn value(&mut self) -> Node {
        self.skip_space();
        let start = self.at;
        let children = match self.peek() {
            Some(b'"') => {
                self.string();
                Vec::new()
            }
            Some(b'r') if self.starts_with(b"r\"") || self.starts_with(b"r#") => {
                self.raw_string();
                Vec::new()
            }
            Some(b'\'') => {
                self.character();
                Vec::new()
            }
            Some(b'[') => self.list(b']'),
            Some(b'{') => self.map(),
            Some(b'(') => self.list(b')'),
            _ => {
                self.word();
                let after_word = self.at;
                self.skip_space();
                if self.peek() == Some(b'(') {
                    self.list(b')')
                } else {
                    self.at = after_word;
                    Vec::new()
                }
            }
        };
        Node {
            span: start..self.at.min(self.source.len()),
            children,
        }
    }

    /// A word, a number, or, so as never to stand still, any one byte.
    fn word(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || b"_+-.#".contains(&byte) || byte >= 0x80
        }) {
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
    }

    fn raw_string(&mut self) {
        self.at += 1;
        let hashes = self.source[self.at..]
            .iter()
            .take_while(|byte| **byte == b'#')
            .count();
        self.at += hashes + 1;
        let mut end = vec![b'"'];
        end.resize(hashes + 1, b'#');
        while self.at < self.source.len() && !self.starts_with(&end) {
            self.at += 1;
        }
        self.at += end.len();
    }

    fn character(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'\'' {
                break;
            }
        }
    }

    /// The inside of `( … )` or `[ … ]`: named fields, or values by their index.
    fn list(&mut self, close: u8) -> Vec<(Key, Node)> {
        self.at += 1;
        let mut children = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => return children,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return children;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let index = children.len();
                    let name = if close == b')' {
                        self.field_name()
                    } else {
                        None
                    };
                    let value = self.value();
                    children.push((name.map_or(Key::Index(index), Key::Field), value));
                }
            }
        }
    }

    /// `name:`, and nothing if what follows is a value.
    fn field_name(&mut self) -> Option<String> {
        let start = self.at;
        if self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        {
            self.word();
            let name = String::from_utf8_lossy(&self.source[start..self.at]).into_owned();
            self.skip_space();
            if self.peek() == Some(b':') {
                self.at += 1;
                return Some(name);
            }
        }
        self.at = start;
        None
    }

    fn map(&mut self) -> Vec<(Key, Node)> {
        self.at += 1;
        let mut children = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => return children,
                Some(b'}') => {
                    self.at += 1;
                    return children;
                }
                Some(b',' | b':') => self.at += 1,
                Some(_) => {
                    let key = self.value();
                    let text = String::from_utf8_lossy(&self.source[key.span.clone()]).into_owned();
                    self.skip_space();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                    }
                    let mut value = self.value();
                    // The key belongs to what is pointed at: it is the name of the entry.
                    value.span.start = key.span.start;
                    children.push((Key::Field(text.trim_matches('"').to_owned()), value));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"#![enable(implicit_some)]
// a comment with "quotes" and (brackets)
Lesson(
    title: (en: "A \"quoted\" title", ja: "題"),
    scenes: [
        Scene(beats: [Hold(1.5), Say(text: (en: "x [m] y"), at: {"m": Show([Input, Filter(2)])})]),
    ],
)"#;

    fn at(path: &str) -> &'static str {
        &SOURCE[SourceMap::new(SOURCE).span(path)]
    }

    #[test]
    fn a_path_leads_to_the_text_of_its_value() {
        assert_eq!(at("title.en"), r#""A \"quoted\" title""#);
        assert_eq!(at("title.ja"), "\"題\"");
        assert_eq!(at("scenes[0].beats[0]"), "Hold(1.5)");
        assert_eq!(at("scenes[0].beats[0][0]"), "1.5");
        assert_eq!(at("scenes[0].beats[1].text.en"), "\"x [m] y\"");
        assert_eq!(
            at("scenes[0].beats[1].at.m"),
            r#""m": Show([Input, Filter(2)])"#
        );
        assert_eq!(at("scenes[0].beats[1].at.m[0][1]"), "Filter(2)");
    }

    #[test]
    fn a_path_out_of_the_file_leads_to_the_innermost_value_that_is_there() {
        assert_eq!(at("scenes[0].beats[0].camera"), "Hold(1.5)");
        assert_eq!(at("title.fr"), at("title"));
    }

    #[test]
    fn a_broken_file_does_not_hang_it() {
        for end in 0..SOURCE.len() {
            if SOURCE.is_char_boundary(end) {
                let _ = SourceMap::new(&SOURCE[..end]).span("scenes[0].beats[1].text.en");
            }
        }
    }

    #[test]
    fn a_field_is_found_without_reading_on() {
        let source = "// first\nLesson( // second\n number: 7, title: (number: 8), next: \"a, (b\", broken: [";
        assert_eq!(field(source, "number"), Some("7"));
        assert_eq!(field(source, "title"), Some("(number: 8)"));
        assert_eq!(field(source, "next"), Some("\"a, (b\""));
        assert_eq!(field(source, "scenes"), None);
        assert_eq!(field("(number: Some(7))", "number"), Some("Some(7)"));
        for text in ["", "7", "Lesson", "Lesson()", "[(number: 7)]", "(number"] {
            assert_eq!(field(text, "number"), None, "{text}");
        }
    }
}
