//! Text to tokens. White space and comments only separate.

use std::ops::Range;

use super::error::NotationError;
use crate::says;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Integer(i64),
    Real(f64),
    Text(String),
    /// One of `( ) [ ] , = : .`
    Mark(char),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpannedToken {
    pub token: Token,
    pub span: Range<usize>,
}

pub(super) fn tokens(source: &str) -> Result<Vec<SpannedToken>, NotationError> {
    let mut tokens = Vec::new();
    let mut rest = source.char_indices().peekable();
    while let Some((start, character)) = rest.next() {
        let mut take = |keep: &dyn Fn(char) -> bool| {
            let mut end = start + character.len_utf8();
            while let Some((at, next)) = rest.next_if(|&(_, next)| keep(next)) {
                end = at + next.len_utf8();
            }
            end
        };
        let (token, end) = match character {
            character if character.is_whitespace() || character == ';' => continue,
            '#' => {
                take(&|next| next != '\n');
                continue;
            }
            '(' | ')' | '[' | ']' | ',' | '=' | ':' => (Token::Mark(character), start + 1),
            '.' if !source[start + 1..].starts_with(|next: char| next.is_ascii_digit()) => {
                (Token::Mark('.'), start + 1)
            }
            '"' | '\'' => {
                let inner = take(&|next| next != character && next != '\n');
                if rest.next_if(|&(_, next)| next == character).is_none() {
                    let message = says!(
                        en: "this text has no closing {character}",
                        ja: "この文字列を閉じる {character} がありません。"
                    );
                    return Err(NotationError::new(source, start..inner, message));
                }
                (Token::Text(source[start + 1..inner].to_string()), inner + 1)
            }
            character if character.is_alphabetic() || character == '_' => {
                let end = take(&|next| next.is_alphanumeric() || next == '_');
                (Token::Name(source[start..end].to_string()), end)
            }
            '0'..='9' | '-' | '+' | '.' => {
                let mut end = take(&|next| next.is_alphanumeric() || next == '.' || next == '_');
                let exponent = source[start..end].ends_with(['e', 'E']);
                if exponent
                    && rest
                        .next_if(|&(_, next)| next == '-' || next == '+')
                        .is_some()
                {
                    end += 1;
                    while let Some((at, _)) = rest.next_if(|&(_, next)| next.is_ascii_digit()) {
                        end = at + 1;
                    }
                }
                (number(source, start..end)?, end)
            }
            other => {
                let message = says!(
                    en: "{other:?} has no place here; a layer looks like nn.Conv2d(3, 8, 3)",
                    ja: "ここに {other:?} は書けません。層は nn.Conv2d(3, 8, 3) のように書きます。"
                );
                return Err(NotationError::new(
                    source,
                    start..start + other.len_utf8(),
                    message,
                ));
            }
        };
        tokens.push(SpannedToken {
            token,
            span: start..end,
        });
    }
    Ok(tokens)
}

fn number(source: &str, span: Range<usize>) -> Result<Token, NotationError> {
    let text = source[span.clone()].replace('_', "");
    if let Ok(integer) = text.parse() {
        return Ok(Token::Integer(integer));
    }
    match text.parse::<f64>() {
        Ok(real) if real.is_finite() && !text.ends_with(char::is_alphabetic) => {
            Ok(Token::Real(real))
        }
        _ => {
            let message = says!(
                en: "this is not a number that can be read; write for example 3 or 1.5",
                ja: "数として読めません。たとえば 3 や 1.5 のように書いてください。"
            );
            Err(NotationError::new(source, span, message))
        }
    }
}
