//! Rows of parameters: a name, and the controls that change it. The workbench and the panel of a whole
//! network have them.

use bevy_egui::egui;

use super::action::{Actions, SetupAction};
use super::focus::noted;
use super::words::Word;
use crate::explore::parameters::{groups_of, number};
use crate::explore::{Edit, Parameter, Setup};
use crate::lesson::Language;
use crate::op::{Padding, Setting, Shown};
use crate::tensor::Fill;

/// The width of the names, in points.
const NAMES: f32 = 98.0;

/// The length of a slider, in points.
const SLIDER: f32 = 88.0;

/// What the rows show: the selected layer of a setup.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Rows<'a> {
    /// What the layer stands in.
    pub setup: &'a Setup,
    /// The language of everything.
    pub language: Language,
}

/// A name with what belongs to it.
pub(in crate::ui) fn row(ui: &mut egui::Ui, name: &str, add: impl FnOnce(&mut egui::Ui)) {
    ui.horizontal(|ui| {
        // Everything in the row stands on one middle line.
        ui.set_min_height(super::ROW);
        let size = egui::vec2(NAMES, super::ROW);
        let (place, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        let label = egui::Label::new(egui::RichText::new(name).size(14.0))
            .truncate()
            .halign(egui::Align::LEFT);
        let mut child = ui.new_child(
            egui::UiBuilder::new()
                .max_rect(place)
                .layout(egui::Layout::left_to_right(egui::Align::Center)),
        );
        child.add(label);
        add(ui);
    });
}

/// Whether a number is that of a further axis, and stands in the row of that of the axis before.
fn is_beside(setup: &Setup, parameter: Parameter) -> bool {
    Parameter::NUMBERS
        .into_iter()
        .any(|before| before.across() == Some(parameter) && number(setup, before).is_some())
}

/// The numbers of the axes behind that of a number, as far as the selected layer has them.
fn behind(setup: &Setup, parameter: Parameter) -> Vec<(Parameter, usize)> {
    let axes = std::iter::successors(parameter.across(), |axis| axis.across());
    axes.map_while(|axis| Some((axis, number(setup, axis)?)))
        .collect()
}

/// A number, with those of the axes behind it.
pub(in crate::ui) fn number_ui(
    ui: &mut egui::Ui,
    rows: Rows<'_>,
    parameter: Parameter,
    actions: &mut Actions,
) {
    let setup = rows.setup;
    let Some(value) = number(setup, parameter) else {
        return;
    };
    let mut axes = vec![(parameter, value)];
    axes.extend(behind(setup, parameter));
    row(ui, parameter.label().get(rows.language), |ui| {
        axes_ui(ui, &axes, actions);
    });
}

/// A slider for all axes at once, and a field for each. Three fields leave no room for a slider.
fn axes_ui(ui: &mut egui::Ui, axes: &[(Parameter, usize)], actions: &mut Actions) {
    let Some(&(first, value)) = axes.first() else {
        return;
    };
    if axes.len() < 3 {
        let usual = first.usual();
        let most = axes.iter().map(|(_, value)| *value).max().unwrap_or(0);
        ui.spacing_mut().slider_width = SLIDER;
        let mut slid = value;
        let range = *usual.start()..=(*usual.end()).max(most);
        let response = ui.add(egui::Slider::new(&mut slid, range).show_value(false));
        noted(ui, &response, &format!("{first:?}"));
        if response.changed() {
            actions.push(if axes.len() > 1 {
                Edit::Both(first, slid)
            } else {
                Edit::Number(first, slid)
            });
        }
        if response.drag_stopped() {
            actions.push(SetupAction::Settle);
        }
    }
    for (place, &(axis, value)) in axes.iter().enumerate() {
        if place > 0 {
            ui.label("×");
        }
        field_ui(ui, axis, value, actions);
    }
}

/// A field for one number.
fn field_ui(ui: &mut egui::Ui, parameter: Parameter, value: usize, actions: &mut Actions) {
    let mut typed = value;
    let field = egui::DragValue::new(&mut typed)
        .range(*parameter.usual().start()..=parameter.most())
        .speed(0.08);
    let response = ui.push_id(parameter, |ui| ui.add(field)).inner;
    noted(ui, &response, &format!("{parameter:?} field"));
    if response.changed() && typed != value {
        actions.push(Edit::Number(parameter, typed));
    }
    if response.drag_stopped() || response.lost_focus() {
        actions.push(SetupAction::Settle);
    }
}

/// One setting of the selected layer.
pub(in crate::ui) fn setting_ui(
    ui: &mut egui::Ui,
    rows: Rows<'_>,
    shown: &Shown,
    actions: &mut Actions,
) {
    let (language, name) = (rows.language, shown.name);
    let label = name.label();
    let label = label.get(language);
    match &shown.value {
        Setting::Number(_) | Setting::Optional(_) => match name {
            Parameter::Groups => groups_ui(ui, rows, actions),
            name if is_beside(rows.setup, name) => {}
            Parameter::PaddingFront | Parameter::PaddingTop | Parameter::PaddingLeft => {
                sides_ui(ui, rows, actions);
            }
            // Shown with the side across.
            Parameter::PaddingBack | Parameter::PaddingBottom | Parameter::PaddingRight => {}
            name => number_ui(ui, rows, name, actions),
        },
        Setting::Real(value) => row(ui, label, |ui| {
            let mut typed = *value;
            let field = egui::DragValue::new(&mut typed)
                .speed(0.002)
                .max_decimals(6);
            let response = ui.push_id(name, |ui| ui.add(field)).inner;
            noted(ui, &response, &format!("{name:?} field"));
            if response.changed() && typed != *value {
                actions.push(Edit::set(name, typed));
            }
            if response.drag_stopped() || response.lost_focus() {
                actions.push(SetupAction::Settle);
            }
        }),
        Setting::Switch(on) if name == Parameter::Bias => row(ui, label, |ui| {
            check_ui(ui, "", *on, |on| actions.push(Edit::set(name, on)));
        }),
        Setting::Switch(on) => check_ui(ui, label, *on, |on| {
            actions.push(Edit::set(name, on));
        }),
        Setting::Choice(chosen) => row(ui, label, |ui| {
            let words = shown.words.iter().enumerate();
            let words: Vec<_> = words
                .map(|(place, word)| (place, *word.get(language)))
                .collect();
            choice_ui(ui, &format!("{name:?}"), *chosen, &words, |place| {
                actions.push(Edit::Set(name, Setting::Choice(place)));
            });
        }),
        Setting::Padding(padding) => padding_ui(ui, rows, *padding, actions),
        // Biases are left as they are: the switch says whether there are any.
        Setting::Fill(_) if name == Parameter::Biases => {}
        Setting::Fill(fill) => row(ui, label, |ui| {
            let kernels = name == Parameter::Weights;
            let id = format!("{name:?}").to_lowercase();
            if let Some(fill) = fill_ui(ui, &id, fill, kernels, [1, 1, 1]) {
                actions.push(Edit::set(name, fill));
            }
        }),
    }
}

fn check_ui(ui: &mut egui::Ui, name: &str, on: bool, changed: impl FnOnce(bool)) {
    let mut now = on;
    if ui.checkbox(&mut now, name).changed() {
        changed(now);
    }
}

/// One of several words.
pub(in crate::ui) fn choice_ui<T: Copy + PartialEq>(
    ui: &mut egui::Ui,
    id: &str,
    now: T,
    choices: &[(T, &str)],
    mut chosen: impl FnMut(T),
) {
    let name = choices
        .iter()
        .find(|(choice, _)| *choice == now)
        .map_or("", |(_, name)| *name);
    let shown = egui::ComboBox::from_id_salt(id)
        .selected_text(name)
        .width(150.0)
        .show_ui(ui, |ui| {
            for (choice, name) in choices {
                let response = ui.selectable_label(*choice == now, *name);
                noted(ui, &response, &format!("{id} {name}"));
                if response.clicked() && *choice != now {
                    chosen(*choice);
                }
            }
        });
    noted(ui, &shown.response, id);
}

/// One slider from standard through grouped to depthwise, which only stops where groups divide.
fn groups_ui(ui: &mut egui::Ui, rows: Rows<'_>, actions: &mut Actions) {
    let setup = rows.setup;
    let (Some(groups), Some(allowed)) = (number(setup, Parameter::Groups), groups_of(setup)) else {
        return;
    };
    let channels = setup.selected_input().map_or(0, |shape| shape.channels());
    row(ui, Parameter::Groups.label().get(rows.language), |ui| {
        let place = allowed.iter().position(|allowed| *allowed == groups);
        ui.spacing_mut().slider_width = SLIDER;
        let mut slid = place.unwrap_or(0);
        let last = allowed.len().saturating_sub(1);
        let slider = egui::Slider::new(&mut slid, 0..=last.max(1)).show_value(false);
        let response = ui.add_enabled(last > 0, slider);
        noted(ui, &response, "Groups");
        if response.changed()
            && let Some(groups) = allowed.get(slid.min(last))
        {
            actions.push(Edit::Number(Parameter::Groups, *groups));
        }
        if response.drag_stopped() {
            actions.push(SetupAction::Settle);
        }
        field_ui(ui, Parameter::Groups, groups, actions);
        let word = match groups {
            1 => Word::Standard,
            all if all == channels => Word::Depthwise,
            _ => Word::Grouped,
        };
        ui.label(egui::RichText::new(word.text(rows.language)).weak().small());
    });
}

/// How much padding: in a word, in a number for each axis, or for each side.
fn padding_ui(ui: &mut egui::Ui, rows: Rows<'_>, padding: Padding, actions: &mut Actions) {
    let language = rows.language;
    #[derive(Clone, Copy, PartialEq)]
    enum How {
        None,
        Same,
        Full,
        Numbers,
        Sides,
    }
    let how = match padding {
        Padding::Valid => How::None,
        Padding::Same => How::Same,
        Padding::Full => How::Full,
        Padding::Size(..) => How::Numbers,
        Padding::Sides { .. } => How::Sides,
    };
    let [top, bottom, left, right] = padding.sides().unwrap_or([1; 4]);
    row(ui, Word::Padding.text(language), |ui| {
        choice_ui(
            ui,
            "padding",
            how,
            &[
                (How::None, Word::None.text(language)),
                (How::Same, Word::Same.text(language)),
                (How::Full, Word::Full.text(language)),
                (How::Numbers, Word::Numbers.text(language)),
                (How::Sides, Word::EachSide.text(language)),
            ],
            |how| {
                let padding = match how {
                    How::None => Padding::Valid,
                    How::Same => Padding::Same,
                    How::Full => Padding::Full,
                    How::Numbers => Padding::Size(top.max(1), left.max(1)),
                    How::Sides => Padding::Sides {
                        top,
                        bottom,
                        left,
                        right,
                    },
                };
                actions.push(Edit::set(Parameter::Padding, padding));
            },
        );
    });
    match how {
        How::Numbers => row(ui, "", |ui| paddings_ui(ui, rows, actions)),
        How::Sides => each_side_ui(ui, rows, "", actions),
        How::None | How::Same | How::Full => {}
    }
}

/// Padding of layers that have no word for it: for each side where they are layers that pad, else a number for each
/// axis.
fn sides_ui(ui: &mut egui::Ui, rows: Rows<'_>, actions: &mut Actions) {
    let setup = rows.setup;
    let layer = setup.layer();
    if layer.is_none_or(|layer| layer.setting(Parameter::Padding).is_some()) {
        return;
    }
    let name = Word::Padding.text(rows.language);
    if number(setup, Parameter::PaddingRight).is_some() {
        each_side_ui(ui, rows, name, actions);
    } else {
        row(ui, name, |ui| paddings_ui(ui, rows, actions));
    }
}

/// Padding of each side, an axis in a row: four fields in one would be wider than the panel.
fn each_side_ui(ui: &mut egui::Ui, rows: Rows<'_>, mut name: &str, actions: &mut Actions) {
    let [front, back] = [Parameter::PaddingFront, Parameter::PaddingBack]
        .map(|side| (side, *side.label().get(rows.language)));
    let axes = [
        [front, back],
        [
            (Parameter::PaddingTop, "↑"),
            (Parameter::PaddingBottom, "↓"),
        ],
        [
            (Parameter::PaddingLeft, "←"),
            (Parameter::PaddingRight, "→"),
        ],
    ];
    for axis in axes {
        let sides: Vec<_> = axis
            .into_iter()
            .filter_map(|(side, face)| Some((side, face, number(rows.setup, side)?)))
            .collect();
        if sides.is_empty() {
            continue;
        }
        row(ui, std::mem::take(&mut name), |ui| {
            for (side, face, value) in sides {
                ui.label(face)
                    .on_hover_text(*side.label().get(rows.language));
                field_ui(ui, side, value, actions);
            }
        });
    }
}

/// Padding along each axis.
fn paddings_ui(ui: &mut egui::Ui, rows: Rows<'_>, actions: &mut Actions) {
    let axes = [
        Parameter::PaddingFront,
        Parameter::PaddingTop,
        Parameter::PaddingLeft,
    ];
    let axes: Vec<_> = axes
        .into_iter()
        .filter_map(|axis| Some((axis, number(rows.setup, axis)?)))
        .collect();
    axes_ui(ui, &axes, actions);
}

/// A fill, chosen from those that suit.
pub(in crate::ui) fn fill_ui(
    ui: &mut egui::Ui,
    id: &str,
    now: &Fill,
    weights: bool,
    size: [usize; 3],
) -> Option<Fill> {
    fill_or_ui(ui, id, (Some(now), ""), weights, size)
}

/// As [`fill_ui`], where there may be none, and what is said then.
pub(in crate::ui) fn fill_or_ui(
    ui: &mut egui::Ui,
    id: &str,
    (now, none): (Option<&Fill>, &str),
    weights: bool,
    [_, rows, columns]: [usize; 3],
) -> Option<Fill> {
    let seed = match now {
        Some(Fill::Random { seed } | Fill::Uniform { seed }) => *seed,
        _ => 1,
    };
    let mut choices = vec![
        Fill::Ramp,
        Fill::Count,
        Fill::Random { seed },
        Fill::Uniform { seed },
        Fill::Checkerboard,
        Fill::Constant(1.0),
    ];
    if weights {
        choices.extend([
            Fill::Identity,
            Fill::BoxBlur,
            Fill::Gaussian,
            Fill::SobelX,
            Fill::SobelY,
            Fill::Laplacian,
            Fill::Sharpen,
            Fill::Emboss,
        ]);
    } else {
        choices.push(Fill::Impulse {
            at: Some([0, rows / 2, columns / 2]),
        });
    }
    let name = |fill: &Fill| match fill {
        Fill::Values(_) => "…".to_owned(),
        Fill::Impulse { .. } => "impulse".to_owned(),
        Fill::Random { .. } => "random".to_owned(),
        Fill::Uniform { .. } => "uniform".to_owned(),
        other => crate::explore::command::fill_word(other),
    };
    let mut chosen = None;
    egui::ComboBox::from_id_salt(id)
        .selected_text(now.map_or_else(|| none.to_owned(), |now| shortened(&name(now))))
        .width(110.0)
        .show_ui(ui, |ui| {
            for choice in choices {
                let kind = std::mem::discriminant(&choice);
                let same = now.is_some_and(|now| kind == std::mem::discriminant(now));
                if ui.selectable_label(same, name(&choice)).clicked() && !same {
                    chosen = Some(choice);
                }
            }
        });
    // Other numbers of the same kind.
    if let Some(Fill::Random { seed } | Fill::Uniform { seed }) = now {
        let mut next = *seed;
        let field = egui::DragValue::new(&mut next).range(0..=9_999).speed(0.05);
        if ui.push_id((id, "seed"), |ui| ui.add(field)).inner.changed() {
            chosen = Some(match now {
                Some(Fill::Random { .. }) => Fill::Random { seed: next },
                _ => Fill::Uniform { seed: next },
            });
        }
    }
    chosen
}

/// The end of a long name.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= 16 {
        return name.to_owned();
    }
    let end: String = name.chars().skip(count - 15).collect();
    format!("…{end}")
}
