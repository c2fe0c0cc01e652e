//! The element in the hand: its number, and the whole arithmetic with its running sum.

use bevy_egui::egui;

use super::WorkbenchView;
use super::action::{Actions, HandAction};
use super::words::Word;
use crate::explore::element_ref::{Computation, Inspection};
use crate::explore::{ElementRef, ValidSetup};
use crate::lesson::Language;
use crate::op::TermSource;

/// The height of a term's line, in points.
const LINE: f32 = 19.0;

/// The panel.
pub(super) fn inspector_ui(
    ui: &mut egui::Ui,
    view: &WorkbenchView<'_>,
    height: f32,
    actions: &mut Actions,
) {
    let language = view.language;
    let Some(valid) = view.workbench.valid() else {
        return;
    };
    let pinned: Vec<Inspection> = view
        .interaction
        .pins
        .iter()
        .filter_map(|element_ref| valid.inspect(*element_ref))
        .collect();
    let hovered = view
        .interaction
        .hovered
        .filter(|element_ref| !view.interaction.pins.contains(element_ref))
        .and_then(|element_ref| valid.inspect(element_ref));
    if pinned.is_empty() && hovered.is_none() {
        ui.label(egui::RichText::new(Word::NothingHeld.text(language)).weak());
        return;
    }
    if let [first, second] = pinned.as_slice() {
        let difference = second.value - first.value;
        ui.label(
            egui::RichText::new(format!(
                "{}: {}",
                Word::Difference.text(language),
                number(difference)
            ))
            .strong(),
        );
    }
    let shown = pinned.len() + usize::from(hovered.is_some());
    let height = (height / shown.max(1) as f32 - 110.0).max(80.0);
    for inspection in &pinned {
        ui.horizontal(|ui| {
            ui.label(egui::RichText::new(Word::Pinned.text(language)).weak());
            if ui
                .small_button("×")
                .on_hover_text(Word::Unpin.text(language))
                .clicked()
            {
                actions.push(HandAction::Pin(inspection.element_ref));
            }
        });
        inspection_ui(ui, view, inspection, height);
        ui.separator();
    }
    if let Some(inspection) = &hovered {
        ui.label(egui::RichText::new(Word::Hovered.text(language)).weak());
        inspection_ui(ui, view, inspection, height);
    }
}

/// A number as it is, without digits that say nothing.
pub(super) fn number(value: f32) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let text = if value == value.round() && value.abs() < 1e7 {
        format!("{value:.0}")
    } else {
        format!("{value:.4}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    };
    let text = if text == "-0" { "0".to_owned() } else { text };
    text.replace('-', "−")
}

/// An element's name: what it is and where.
pub(super) fn name(valid: &ValidSetup, element_ref: ElementRef, language: Language) -> String {
    let tensors = valid.chain.plans().len();
    let list = |at: &[usize]| {
        let numbers: Vec<String> = at.iter().map(usize::to_string).collect();
        numbers.join(", ")
    };
    match element_ref {
        ElementRef::Tensor { tensor, at } => {
            let name = match (tensor, language) {
                (0, Language::En) => "input".to_owned(),
                (0, Language::Ja) => "入力".to_owned(),
                (last, Language::En) if last == tensors => "output".to_owned(),
                (last, Language::Ja) if last == tensors => "出力".to_owned(),
                (other, Language::En) => format!("output of layer {other}"),
                (other, Language::Ja) => format!("{other} 番目の層の出力"),
            };
            format!("{name}[{}]", list(&at))
        }
        ElementRef::Weight { layer, at } => {
            let name = match (tensors, language) {
                (1, Language::En) => "weight".to_owned(),
                (1, Language::Ja) => "重み".to_owned(),
                (_, Language::En) => format!("weight of layer {}", layer + 1),
                (_, Language::Ja) => format!("{} 番目の層の重み", layer + 1),
            };
            format!("{name}[{}]", list(&at))
        }
        ElementRef::Padding { at, .. } => {
            let [channel, row, column] = at;
            let word = if valid.is_inserted(element_ref) {
                Word::InsertedSpot
            } else {
                Word::PaddingSpot
            };
            format!("{}[{channel}, {row}, {column}]", word.text(language))
        }
    }
}

fn inspection_ui(
    ui: &mut egui::Ui,
    view: &WorkbenchView<'_>,
    inspection: &Inspection,
    height: f32,
) {
    let language = view.language;
    let Some(valid) = view.workbench.valid() else {
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(egui::RichText::new(name(valid, inspection.element_ref, language)).strong());
        ui.label("=");
        ui.label(
            egui::RichText::new(number(inspection.value))
                .strong()
                .size(20.0),
        );
    });
    match inspection.element_ref {
        ElementRef::Weight { .. } => {
            ui.label(format!(
                "{} {}, {} {}",
                inspection.meets,
                Word::Meets.text(language),
                inspection.feeds,
                Word::Makes.text(language)
            ));
        }
        _ if inspection.feeds > 0 => {
            ui.label(format!(
                "{} {}",
                inspection.feeds,
                Word::Feeds.text(language)
            ));
        }
        _ => {}
    }
    if let Some(made) = &inspection.made {
        made_ui(ui, view, made, height);
    }
}

/// How many terms of a step are in its sum at the present place of the run.
fn done(view: &WorkbenchView<'_>, made: &Computation) -> usize {
    let Some(valid) = view.workbench.valid() else {
        return 0;
    };
    let (layer, step, terms) = valid.stops.product(view.position);
    let Some((_, schedule)) = valid.stops.layer(made.layer) else {
        return 0;
    };
    if layer > made.layer {
        return usize::MAX;
    }
    if layer < made.layer {
        return 0;
    }
    if step == made.step {
        return terms;
    }
    let (_, visit, _) = valid.stops.at(view.position);
    let parts = schedule.parts_done(made.step, visit);
    schedule
        .terms_in(parts)
        .min(if parts == 0 { 0 } else { usize::MAX })
}

/// Every term of an output element, with the running sum.
fn made_ui(ui: &mut egui::Ui, view: &WorkbenchView<'_>, made: &Computation, height: f32) {
    let language = view.language;
    let explanation = &made.explanation;
    let weighted = explanation
        .terms
        .iter()
        .any(|term| term.term.weight.is_some() || term.term.coefficient.is_some());
    let done = done(view, made).min(explanation.terms.len());
    ui.label(
        egui::RichText::new(format!(
            "{done} / {}  {}",
            explanation.terms.len(),
            Word::InSum.text(language)
        ))
        .small()
        .weak(),
    );
    let width = ui.available_width();
    let columns: &[(f32, Word)] = if weighted {
        &[
            (0.10, Word::Term),
            (0.36, Word::InputColumn),
            (0.17, Word::WeightColumn),
            (0.18, Word::ProductColumn),
            (0.17, Word::SumColumn),
        ]
    } else {
        &[
            (0.12, Word::Term),
            (0.48, Word::InputColumn),
            (0.30, Word::SumColumn),
        ]
    };
    let line = |ui: &mut egui::Ui, cells: &[String], strong: bool, lit: bool| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(width, LINE), egui::Sense::hover());
        if lit {
            let fill = ui.visuals().selection.bg_fill.gamma_multiply(0.25);
            ui.painter().rect_filled(rect, 3.0, fill);
        }
        let color = if strong {
            ui.visuals().text_color()
        } else {
            ui.visuals().weak_text_color()
        };
        let font = egui::FontId::proportional(super::super::theme::letters(ui.ctx(), 13.0));
        let mut right = rect.left();
        for ((share, _), cell) in columns.iter().zip(cells) {
            right += share * width;
            ui.painter().text(
                egui::pos2(right - 3.0, rect.center().y),
                egui::Align2::RIGHT_CENTER,
                cell,
                font.clone(),
                color,
            );
        }
    };
    let heads: Vec<String> = columns
        .iter()
        .map(|(_, word)| word.text(language).to_owned())
        .collect();
    line(ui, &heads, false, false);
    let divides = explanation.divisor.is_some();
    let extra = usize::from(explanation.bias.is_some()) + usize::from(divides);
    let count = explanation.terms.len() + extra;
    ui.spacing_mut().item_spacing.y = 0.0;
    let id = (made.layer, made.step);
    egui::ScrollArea::vertical()
        .id_salt(id)
        .max_height(height)
        .show_rows(ui, LINE, count, |ui, range| {
            for place in range {
                let Some(term) = explanation.terms.get(place) else {
                    let (word, value) = match (explanation.bias, explanation.divisor) {
                        (Some(bias), _) => (Word::BiasRow, number(bias)),
                        (_, Some(divisor)) => (Word::DividedBy, divisor.to_string()),
                        _ => continue,
                    };
                    let mut cells = vec![String::new(); columns.len()];
                    cells[1] = word.text(language).to_owned();
                    let last = columns.len() - 1;
                    cells[last] = number(explanation.value);
                    cells[last - 1] = if last > 2 {
                        value
                    } else {
                        format!("{} {value}", cells[1])
                    };
                    line(ui, &cells, true, false);
                    continue;
                };
                let from = match term.term.source {
                    TermSource::Element([channel, row, column])
                    | TermSource::Other {
                        at: [channel, row, column],
                        ..
                    } => {
                        format!("[{channel},{row},{column}] {}", number(term.input))
                    }
                    TermSource::Padding {
                        from: Some([channel, row, column]),
                    } => format!("⟲[{channel},{row},{column}] {}", number(term.input)),
                    TermSource::Padding { from: None } => format!(
                        "{} {}",
                        Word::PaddingSpot.text(language),
                        number(term.input)
                    ),
                    TermSource::Inserted => Word::InsertedSpot.text(language).to_owned(),
                    TermSource::Beyond => "—".to_owned(),
                };
                let cells = if weighted {
                    vec![
                        (place + 1).to_string(),
                        from,
                        format!("× {}", number(term.weight)),
                        number(term.product),
                        number(term.running),
                    ]
                } else {
                    vec![(place + 1).to_string(), from, number(term.running)]
                };
                let lit = explanation.winner == Some(place) || place < done;
                line(ui, &cells, true, lit);
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_no_more_than_they_know() {
        assert_eq!(number(3.0), "3");
        assert_eq!(number(-0.5), "−0.5");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(f32::NEG_INFINITY), "−∞");
        assert_eq!(number(f32::INFINITY), "∞");
        assert_eq!(number(f32::NAN), "NaN");
        assert_eq!(number(0.123_456), "0.1235");
    }
}
