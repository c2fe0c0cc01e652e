//! Sentences of further languages as they are needed: fetched once one of them is chosen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bevy::prelude::*;

use super::calls::Call;
use super::host;
use crate::disk::page;
use crate::language::{OtherLanguage, Tongue};
use crate::lesson;
use crate::ui::rest::Activity;
use crate::ui::{Library, Settings};

/// The names of the lessons that have sentences, by the code of the language.
pub(super) type Offered = BTreeMap<String, Vec<String>>;

/// Says which sentences the page can fetch.
pub(super) fn offer(offered: &Offered) {
    for (code, lessons) in offered {
        if let Ok(Tongue::Other(language)) = code.parse() {
            page::offer(lessons.iter().map(|lesson| path(lesson, language)));
        }
    }
}

/// Where the page puts the sentences of a lesson.
fn path(lesson: &str, language: OtherLanguage) -> PathBuf {
    let file = Path::new(super::LESSONS).join(format!("{lesson}.ron"));
    lesson::sentences_path(&file, language)
}

pub(super) fn plugin(app: &mut App) {
    // What a link asks for is chosen by the end of its frame.
    app.add_systems(PreUpdate, take).add_systems(Last, want);
}

/// Fetches the sentences of the language that is chosen, where they have not come with the page.
fn want(settings: Res<Settings>, library: Res<Library>, mut asked: Local<Option<OtherLanguage>>) {
    let chosen = settings.tongue().other();
    if *asked == chosen {
        return;
    }
    *asked = chosen;
    if let Some(language) = chosen
        && library.lacks(language)
    {
        host::wants_sentences(language.code());
    }
}

/// Tells lessons by the sentences that have come.
fn take(
    mut calls: MessageReader<Call>,
    mut library: ResMut<Library>,
    mut activity: ResMut<Activity>,
) {
    if calls.read().any(|call| *call == Call::Sentences) {
        library.note_new_sentences();
        activity.moves();
    }
}
