//! Texts, numbers, lists and tables as JSON and Python both write them.

use std::iter::Peekable;
use std::str::Chars;

/// How deep lists and tables may lie in one another.
const DEEPEST: usize = 8;

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A list, or a tuple of Python.
    List(Vec<Literal>),
    /// A table: keys with their values, in order.
    Table(Vec<(Literal, Literal)>),
    /// A word or another number: `null`, `True`, `0.5`.
    Other,
}

/// Reads a text that is one literal.
///
/// # Errors
/// The line, from 1, where it does not go on as it should.
pub(super) fn parse(text: &str) -> Result<Literal, usize> {
    let mut reader = Reader {
        rest: text.chars().peekable(),
        line: 1,
    };
    let literal = reader.literal(0).ok_or(reader.line)?;
    match reader.next_inked() {
        None => Ok(literal),
        Some(_) => Err(reader.line),
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn take(&mut self) -> Option<char> {
        let taken = self.rest.next();
        self.line += usize::from(taken == Some('\n'));
        taken
    }

    /// The next character that is no space, which is not taken.
    fn next_inked(&mut self) -> Option<char> {
        while self.rest.peek().is_some_and(|next| next.is_whitespace()) {
            self.take();
        }
        self.rest.peek().copied()
    }

    fn literal(&mut self, depth: usize) -> Option<Literal> {
        if depth > DEEPEST {
            return None;
        }
        match self.next_inked()? {
            quote @ ('"' | '\'') => self.text(quote).map(Literal::Text),
            '[' => self.list(']', depth).map(Literal::List),
            '(' => self.list(')', depth).map(Literal::List),
            '{' => self.table(depth).map(Literal::Table),
            _ => self.word(),
        }
    }

    fn list(&mut self, close: char, depth: usize) -> Option<Vec<Literal>> {
        self.take();
        let mut all = Vec::new();
        while !self.ends(close)? {
            all.push(self.literal(depth + 1)?);
            self.goes_on(close)?;
        }
        Some(all)
    }

    fn table(&mut self, depth: usize) -> Option<Vec<(Literal, Literal)>> {
        self.take();
        let mut all = Vec::new();
        while !self.ends('}')? {
            let key = self.literal(depth + 1)?;
            if self.next_inked()? != ':' {
                return None;
            }
            self.take();
            all.push((key, self.literal(depth + 1)?));
            self.goes_on('}')?;
        }
        Some(all)
    }

    /// Takes what closes a list, if it is there.
    fn ends(&mut self, close: char) -> Option<bool> {
        let ends = self.next_inked()? == close;
        if ends {
            self.take();
        }
        Some(ends)
    }

    /// Takes a comma, or sees that the list is closed.
    fn goes_on(&mut self, close: char) -> Option<()> {
        match self.next_inked()? {
            ',' => self.take().map(|_| ()),
            next => (next == close).then_some(()),
        }
    }

    fn text(&mut self, quote: char) -> Option<String> {
        self.take();
        let mut text = String::new();
        // The first half of a character that JSON writes in two.
        let mut half: Option<u32> = None;
        loop {
            let next = self.take()?;
            if next == quote {
                return Some(text);
            }
            if next != '\\' {
                text.push(next);
                continue;
            }
            let code = match self.take()? {
                'n' => u32::from('\n'),
                't' => u32::from('\t'),
                'r' => u32::from('\r'),
                'u' => self.code(4)?,
                'x' => self.code(2)?,
                'U' => self.code(8)?,
                other => u32::from(other),
            };
            match (half.take(), code) {
                (None, 0xd800..=0xdbff) => half = Some(code),
                (Some(high), 0xdc00..=0xdfff) => {
                    text.push(char::from_u32(
                        0x1_0000 + ((high - 0xd800) << 10) + (code - 0xdc00),
                    )?);
                }
                (None | Some(_), code) => text.push(char::from_u32(code)?),
            }
        }
    }

    /// A number in so many digits of sixteen.
    fn code(&mut self, digits: usize) -> Option<u32> {
        let mut code: u32 = 0;
        for _ in 0..digits {
            code = code.checked_mul(16)? + self.take()?.to_digit(16)?;
        }
        Some(code)
    }

    fn word(&mut self) -> Option<Literal> {
        let mut word = String::new();
        let belongs = |next: &char| next.is_alphanumeric() || matches!(next, '+' | '-' | '.' | '_');
        while let Some(next) = self.rest.next_if(belongs) {
            word.push(next);
        }
        if word.is_empty() {
            return None;
        }
        Some(word.parse().map_or(Literal::Other, Literal::Number))
    }
}
