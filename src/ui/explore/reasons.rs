//! Why something cannot be, in each language. English is what the checks themselves say.

use super::japanese::said;
use crate::explore::Problem;
use crate::explore::opened::OpenError;
use crate::explore::workbench::Largest;
use crate::lesson::{ELEMENT_LIMIT, Language};
use crate::op::{ChainError, LayerError, SubjectError};

/// A problem as a sentence.
pub(super) fn problem(problem: &Problem, language: Language) -> String {
    if language == Language::En {
        return problem.to_string();
    }
    match problem {
        Problem::Chain(ChainError::Layer { position, why, .. }) => {
            match layer(why) {
                // One layer needs no number.
                Some(text) if *position == 0 => text,
                Some(text) => format!("{} 番目の層: {text}", position + 1),
                None => said(&problem.to_string(), language),
            }
        }
        Problem::TooLarge {
            cubes,
            largest,
            count,
        } => {
            let what = match largest {
                Largest::Input => "入力の要素".to_owned(),
                Largest::Output(layer) => format!("{} 番目の層の出力の要素", layer + 1),
                Largest::Padded(layer) => {
                    format!("{} 番目の層のパディングした入力の要素", layer + 1)
                }
                Largest::Weights(layer) => format!("{} 番目の層の重みの3倍", layer + 1),
            };
            format!(
                "立方体が {cubes} 個必要ですが、舞台に置けるのは {ELEMENT_LIMIT} 個までです。いちばん多いのは{what}で、{count} 個あります。"
            )
        }
        other => said(&other.to_string(), language),
    }
}

/// Why what was pasted or dropped cannot be put on the workbench.
pub(super) fn open_error(error: &OpenError, language: Language) -> String {
    let text = error.to_string();
    match error {
        OpenError::Subject(SubjectError::Notation(mistake)) if language == Language::Ja => {
            // The line with its mark stays.
            let marked = text.split_once('\n').map_or("", |(_, marked)| marked);
            let place = format!("{} 行 {} 文字目", mistake.line, mistake.column);
            format!("{place}: {}\n{marked}", said(&mistake.message, language))
        }
        OpenError::Text { path, why } => format!("{path}: {}", open_error(why, language)),
        _ => said(&text, language),
    }
}

fn axis(name: &str) -> &str {
    match name {
        "rows" => "行",
        "columns" => "列",
        "channels" => "チャンネル",
        other => other,
    }
}

/// A layer's mistake in Japanese; `None` of those that the workbench cannot cause.
fn layer(why: &LayerError) -> Option<String> {
    Some(match why {
        LayerError::Zero { layer, argument } => {
            format!("{layer}: {argument} が 0 です。1 以上が必要です。")
        }
        LayerError::Groups {
            layer,
            what,
            count,
            groups,
            ..
        } => {
            let what = if what.contains("filter") {
                "フィルタの数"
            } else {
                "チャンネル数"
            };
            format!("{layer}: {what} {count} は、グループ数 {groups} で割り切れません。")
        }
        LayerError::KernelTooLarge {
            layer,
            axis: name,
            kernel,
            dilation,
            reach,
            padded,
            missing,
        } => format!(
            "{layer}: カーネルは{}方向に {reach} に渡りますが (大きさ {kernel}、ダイレーション {dilation})、パディングした入力は {padded} しかありません。カーネルかダイレーションを小さくするか、パディングを合計 {missing} 以上増やしてください。",
            axis(name)
        ),
        LayerError::SameWithStride {
            layer,
            stride,
            instead,
        } => format!(
            "{layer}: パディング same はストライド 1 のときだけ使えます (今は {stride})。padding={instead} のように数で指定してください。"
        ),
        LayerError::PaddingTooLarge {
            layer,
            mode,
            axis: name,
            padding,
            needed,
            length,
        } => format!(
            "{layer}: {mode} で{}を {padding} パディングするには、入力が {needed} 以上必要ですが、{length} しかありません。",
            axis(name)
        ),
        LayerError::PoolPadding {
            layer,
            axis: name,
            padding,
            kernel,
        } => format!(
            "{layer}: {}のパディング {padding} が、窓の大きさ {kernel} の半分を超えています。{} 以下にしてください。",
            axis(name),
            kernel / 2
        ),
        LayerError::OutputPadding {
            layer,
            axis: name,
            output_padding,
            stride,
            dilation,
        } => format!(
            "{layer}: {}の出力パディング {output_padding} は、ストライド {stride} かダイレーション {dilation} より小さくなければなりません。",
            axis(name)
        ),
        LayerError::NoOutput {
            layer,
            axis: name,
            length,
            ..
        } => format!(
            "{layer}: 出力の{}が {length} になり、何も残りません。",
            axis(name)
        ),
        LayerError::Shuffle {
            layer,
            what,
            count,
            divisor,
            ..
        } => format!(
            "{layer}: {}の数 {count} は {divisor} で割り切れません。",
            axis(what)
        ),
        LayerError::TooLarge {
            layer,
            argument,
            value,
            limit,
        } => format!("{layer}: {argument} = {value} は上限 {limit} を超えています。"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Edit, Kind, Parameter, Setup, Workbench};
    use crate::op::Padding;

    #[test]
    fn what_sliders_can_cause_is_told_in_japanese() {
        let mut bench = Workbench::new(Setup::default());
        let mut told = |edits: &[Edit]| {
            bench = Workbench::new(Setup::default());
            for edit in edits {
                bench.apply(edit.clone());
            }
            let text = problem(bench.problem().unwrap(), Language::Ja);
            let kana = text.chars().any(|letter| ('ぁ'..='ヿ').contains(&letter));
            assert!(kana, "{text}");
        };
        told(&[Edit::Both(Parameter::KernelRows, 9)]);
        told(&[Edit::Number(Parameter::Groups, 2)]);
        told(&[Edit::Number(Parameter::Filters, 0)]);
        told(&[
            Edit::Both(Parameter::StrideRows, 2),
            Edit::Padding(Padding::Same),
        ]);
        told(&[Edit::Input([9, 300, 300])]);
        told(&[Edit::Kind(Kind::PixelShuffle)]);
        told(&[
            Edit::Kind(Kind::ConvTranspose2d),
            Edit::Number(Parameter::OutputPaddingRows, 3),
        ]);
        told(&[
            Edit::Kind(Kind::MaxPool2d),
            Edit::Both(Parameter::PaddingTop, 3),
        ]);
    }
}
