//! The list of lessons: the window's first screen.

use bevy_egui::egui;

use super::actions::{ExploreLayer, ExploreNetwork, LessonAction, SettingsAction, UiActions};
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

/// The first screen.
pub(super) fn lesson_list_ui(
    context: &egui::Context,
    (library, progress): (&Library, &LearningProgress),
    (workbench, offer): (Option<&str>, &Offer),
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
            ui.label(egui::RichText::new("Tensorama").size(54.0).strong());
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
            if let Some(line) = workbench {
                last_workbench_ui(ui, line, language);
                ui.add_space(10.0);
            }
            ui.horizontal(|ui| {
                let mut others = library.others_of_all();
                others.extend(tongue.other().filter(|other| !others.contains(other)));
                language_ui(ui, tongue, &others, actions);
                right_group_ui(ui, "ways in", |ui| {
                    ways_in_ui(ui, workbench.is_some(), language, actions);
                });
            });
            ui.add_space(10.0);
            egui::ScrollArea::vertical().show(ui, |ui| {
                review_offer_ui(ui, offer, library, language, actions);
                for (index, entry) in library.entries.iter().enumerate() {
                    entry_ui(ui, (index, entry), progress, language, actions);
                    ui.add_space(10.0);
                }
            });
        });
    });
}

/// What stands on the workbench that was left last.
fn last_workbench_ui(ui: &mut egui::Ui, line: &str, language: Language) {
    use super::explore::words::Word;
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new(Word::Yours.text(language)).strong());
        let line = egui::RichText::new(line).monospace().size(13.0);
        ui.add(egui::Label::new(line).truncate());
    });
}

/// Ways to the workbench: to what was left there or to a layer to begin with, and, where nothing can be dropped
/// as on a phone, to a file.
fn ways_in_ui(ui: &mut egui::Ui, left: bool, language: Language, actions: &mut UiActions) {
    let word = if left {
        super::explore::words::Word::TakeUp.text(language)
    } else {
        Word::ExploreLayer.text(language)
    };
    if ui.button(word).clicked() {
        actions.push(ExploreLayer);
    }
    if ui.button(Word::OpenNetwork.text(language)).clicked() {
        actions.push(ExploreNetwork);
    }
    #[cfg(target_family = "wasm")]
    if ui.button(Word::OpenFile.text(language)).clicked() {
        crate::web::choose();
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
