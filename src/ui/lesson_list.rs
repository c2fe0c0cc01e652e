//! The list of lessons: the window's first screen.

use bevy_egui::egui;

use super::actions::{
    ExploreLayer, ExploreNetwork, LessonAction, SettingsAction, UiAction, UiActions, ViewAction,
};
use super::explore::noted;
use super::library::{Entry, Library};
use super::progress::LearningProgress;
use super::review_offer::{Offer, review_offer_ui};
use super::right_group::right_group_ui;
use super::strings::Word;
use super::thumbnails::thumbnail_ui;
use crate::language::{OtherLanguage, Tongue};
use crate::lesson::Language;

/// Points of a lesson's frame below which its parts stand one below the other.
const NARROW: f32 = 560.0;
/// Points of a window's height below which its name is small.
const LOW: f32 = 700.0;
/// How high a large button is, in points.
const WAY_HEIGHT: f32 = 84.0;
/// How far an arrow moves the list, and what is farther than any end of it, in points.
const LINE: f32 = 80.0;
const ALL: f32 = 1e6;

/// The first screen.
pub(super) fn lesson_list_ui(
    context: &egui::Context,
    (library, progress): (&Library, &LearningProgress),
    (left, offer): ((Option<&str>, Option<&str>), &Offer),
    tongue: Tongue,
    actions: &mut UiActions,
) {
    let language = tongue.words();
    let screen = context.content_rect();
    let margin = if screen.width() < NARROW { 24.0 } else { 80.0 };
    let width = (screen.width() - margin).clamp(240.0, 820.0);
    let list = egui::Area::new(egui::Id::new("lessons")).fixed_pos(egui::pos2(
        screen.center().x - width * 0.5,
        screen.top() + screen.height() * 0.07,
    ));
    list.show(context, |ui| {
        ui.set_width(width);
        ui.set_max_height(screen.height() * 0.9);
        ui.vertical_centered(|ui| {
            let size = if screen.height() < LOW { 34.0 } else { 54.0 };
            ui.label(egui::RichText::new("Tensorama").size(size).strong());
            ui.label(
                egui::RichText::new(Word::Tagline.text(language))
                    .size(20.0)
                    .weak(),
            );
            ui.add_space(8.0);
            ui.add_space(10.0);
            if library.entries.is_empty() {
                ui.label(format!(
                    "{} {}",
                    Word::NoLessons.text(language),
                    library.folder.display()
                ));
            }
            ui.horizontal(|ui| {
                let mut others = library.others_of_all();
                others.extend(tongue.other().filter(|other| !others.contains(other)));
                language_ui(ui, tongue, &others, actions);
                right_group_ui(ui, "window", |ui| window_ui(ui, language, actions));
            });
            ui.add_space(6.0);
            ways_in_ui(ui, left, language, actions);
            ui.add_space(10.0);
            egui::ScrollArea::vertical().show(ui, |ui| {
                scroll_by_keys(ui);
                review_offer_ui(ui, offer, library, language, actions);
                for (index, entry) in library.entries.iter().enumerate() {
                    entry_ui(ui, (index, entry), progress, language, actions);
                    ui.add_space(10.0);
                }
            });
        });
    });
}

/// Light or dark, and the list of keys.
fn window_ui(ui: &mut egui::Ui, language: Language, actions: &mut UiActions) {
    if ui
        .button("☀")
        .on_hover_text(Word::Theme.text(language))
        .clicked()
    {
        actions.push(ViewAction::ToggleStudio);
    }
    if ui
        .button("?")
        .on_hover_text(Word::Keys.text(language))
        .clicked()
    {
        actions.push(SettingsAction::ToggleKeys);
    }
}

/// A way into the program besides the lessons.
struct WayIn<'a> {
    title: &'static str,
    about: &'a str,
    action: UiAction,
}

/// Ways to the workbench and to a network, to what was left there or to something to begin with, and to a file.
fn ways_in_ui(
    ui: &mut egui::Ui,
    (workbench, network): (Option<&str>, Option<&str>),
    language: Language,
    actions: &mut UiActions,
) {
    use super::explore::words::Word as BenchWord;
    let mut ways = vec![match workbench {
        Some(line) => WayIn {
            title: BenchWord::TakeUp.text(language),
            about: line,
            action: ExploreLayer.into(),
        },
        None => WayIn {
            title: Word::ExploreLayer.text(language),
            about: Word::AboutLayer.text(language),
            action: ExploreLayer.into(),
        },
    }];
    ways.extend(network.map(|title| WayIn {
        title: Word::TakeUpNetwork.text(language),
        about: title,
        action: ExploreNetwork::Left.into(),
    }));
    ways.push(WayIn {
        title: Word::OpenNetwork.text(language),
        about: Word::AboutNetwork.text(language),
        action: ExploreNetwork::Digits.into(),
    });
    ways.push(WayIn {
        title: Word::OpenFile.text(language),
        about: Word::AboutFile.text(language),
        action: ViewAction::ChooseFiles.into(),
    });
    let room = ui.available_width();
    if room < NARROW {
        for way in ways {
            way_in_ui(ui, room, way, actions);
        }
        return;
    }
    let gaps = ui.spacing().item_spacing.x * (ways.len() - 1) as f32;
    let width = (room - gaps) / ways.len() as f32;
    ui.horizontal(|ui| {
        for way in ways {
            way_in_ui(ui, width, way, actions);
        }
    });
}

/// A large button with a title and a line about what is behind it.
fn way_in_ui(ui: &mut egui::Ui, width: f32, way: WayIn<'_>, actions: &mut UiActions) {
    let ink = ui.visuals().text_color();
    let mut text = egui::text::LayoutJob::default();
    for (line, size) in [(way.title, 20.0), ("\n", 14.0), (way.about, 14.0)] {
        let font = egui::FontId::proportional(size);
        text.append(line, 0.0, egui::TextFormat::simple(font, ink));
    }
    // What grows behind the text keeps it at the left edge: the button is broader than it needs.
    let button = egui::Button::new((text, egui::Atom::grow()));
    let button = button.gap(0.0).wrap().corner_radius(14.0);
    let response = ui.add_sized([width, WAY_HEIGHT], button);
    if way.action == UiAction::View(ViewAction::ChooseFiles) {
        noted(ui, &response, "open file");
    }
    if response.clicked() {
        actions.push(way.action);
    }
}

/// Moves the list by the keys that no control has.
fn scroll_by_keys(ui: &egui::Ui) {
    use egui::Key;
    if super::wants_keys(ui.ctx()) {
        return;
    }
    let page = ui.clip_rect().height() * 0.9;
    let by: f32 = ui.input(|input| {
        [
            (Key::ArrowDown, -LINE),
            (Key::ArrowUp, LINE),
            (Key::PageDown, -page),
            (Key::PageUp, page),
            (Key::End, -ALL),
            (Key::Home, ALL),
        ]
        .into_iter()
        .map(|(key, by)| by * input.num_presses(key) as f32)
        .sum()
    });
    if by != 0.0 {
        ui.scroll_with_delta_animation(egui::vec2(0.0, by), egui::style::ScrollAnimation::none());
    }
}

/// The choice of languages: the program's own, and others that there are sentences in.
pub(super) fn language_ui(
    ui: &mut egui::Ui,
    tongue: Tongue,
    others: &[OtherLanguage],
    actions: &mut UiActions,
) {
    let others = others.iter().copied().map(Tongue::Other);
    egui::ComboBox::from_id_salt("language")
        .selected_text(tongue.own_name())
        .width(104.0)
        .show_ui(ui, |ui| {
            for choice in Language::ALL.into_iter().map(Tongue::Own).chain(others) {
                if ui
                    .selectable_label(choice == tongue, choice.own_name())
                    .clicked()
                {
                    actions.push(SettingsAction::Language(choice));
                }
            }
        });
}

fn entry_ui(
    ui: &mut egui::Ui,
    (index, entry): (usize, &Entry),
    progress: &LearningProgress,
    language: Language,
    actions: &mut UiActions,
) {
    let frame = egui::Frame::group(ui.style())
        .fill(ui.visuals().window_fill)
        .corner_radius(14.0)
        .inner_margin(egui::Margin::symmetric(22, 16));
    // On a phone the words have all of the width, and what is done with them stands below.
    let narrow = ui.available_width() < NARROW;
    frame.show(ui, |ui| {
        if narrow {
            ui.set_width(ui.available_width());
            thumbnail_ui(ui, &entry.path, ui.visuals().dark_mode);
            about_ui(ui, entry, language);
            ui.horizontal(|ui| watch_ui(ui, (index, entry), progress, language, actions));
            return;
        }
        ui.horizontal(|ui| {
            thumbnail_ui(ui, &entry.path, ui.visuals().dark_mode);
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - 210.0).max(200.0));
                about_ui(ui, entry, language);
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                watch_ui(ui, (index, entry), progress, language, actions);
            });
        });
    });
}

/// What a lesson is about, or what is wrong with it.
fn about_ui(ui: &mut egui::Ui, entry: &Entry, language: Language) {
    match &entry.about {
        Ok((title, goal)) => {
            let title = title.get(language);
            let title = match entry.number {
                Some(number) => format!("{number}  {title}"),
                None => title.clone(),
            };
            ui.label(egui::RichText::new(title).size(24.0).strong());
            if let Some(goal) = goal {
                ui.label(egui::RichText::new(goal.get(language)).weak());
            }
        }
        Err(problem) => {
            ui.label(egui::RichText::new(&entry.name).size(24.0).strong());
            ui.colored_label(ui.visuals().error_fg_color, Word::Broken.text(language));
            ui.label(problem.headline().get(language));
        }
    }
}

/// How long a lesson is, what was done of it, and the way to it.
fn watch_ui(
    ui: &mut egui::Ui,
    (index, entry): (usize, &Entry),
    progress: &LearningProgress,
    language: Language,
    actions: &mut UiActions,
) {
    if entry.about.is_ok() {
        let watch = egui::RichText::new(format!("▶ {}", Word::Watch.text(language))).size(18.0);
        let response = ui.button(watch);
        // Where one goes by keys is in sight.
        if response.gained_focus() {
            response.scroll_to_me(Some(egui::Align::Center));
        }
        if response.clicked() {
            actions.push(LessonAction::Open(index));
        }
        let seconds = *entry.seconds.get(language);
        ui.label(egui::RichText::new(super::transport::clock(seconds)).weak());
        let answers = progress.answers(&entry.name);
        let mut done = String::new();
        if progress.watched(&entry.name) {
            done.push('✔');
        }
        if let Some((right, all)) = answers {
            done += &format!(" {right}/{all}");
        }
        if !done.is_empty() {
            ui.label(egui::RichText::new(done).strong())
                .on_hover_text(Word::Done.text(language));
        }
    }
}
