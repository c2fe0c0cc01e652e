//! The address of the page: what is on show stands behind its `#`, and what is put there is shown.

use std::cell::RefCell;
use std::path::Path;

use bevy::prelude::*;

use super::calls::Call;
use super::host;
use crate::disk::{page, read_file};
use crate::explore::Way;
use crate::explore::network_view::network_title;
use crate::language::{Message as _, Tongue, as_sentence};
use crate::lesson::Localized;
use crate::link::{Link, LinkSubject, decoded, encoded};
use crate::says;
use crate::ui::links::{LinkNote, OnShow, OpenLink, Seen};
use crate::ui::rest::Activity;
use crate::ui::{Library, Settings};

/// Seconds for which a state must stand before it is in the address: a turning camera is not.
const STANDS: f32 = 0.4;
/// Seconds between two states of a lesson that plays: some browsers take no more than a hundred in thirty
/// seconds.
const PLAYS: f32 = 2.0;

/// What the address says.
#[derive(Resource, Debug, Default)]
pub(super) struct Address {
    written: String,
    title: String,
    /// What one goes back from, of what is written.
    scene: Option<String>,
    /// A state that is about to be written, and for how long it has stood.
    next: String,
    link: Option<Link>,
    /// What was seen when it was made.
    seen: Option<Seen>,
    stands: f32,
    /// Whether what comes next was brought by the address itself.
    brought: bool,
}

impl Address {
    /// Gives the page the title of what it shows.
    fn tell_title(&mut self, library: &Library, language: crate::language::Language) {
        let Some(link) = &self.link else {
            return;
        };
        let title = title(link, library, language);
        if title != self.title {
            host::title(&title);
            self.title = title;
        }
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Address>()
        .add_systems(First, read_address.after(super::calls::deliver))
        .add_systems(Last, write_address.run_if(super::curtain::is_up));
}

thread_local! {
    /// A link that waits for a file of another host: the file's name, and the link with that name in it.
    static WAITS: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Opens the link in a text, and tells what is wrong with it. A link to a file of another host waits for it.
pub(super) fn open(text: &str, settings: &Settings, note: &mut LinkNote) -> Link {
    if let Some((url, name, text)) = with_file(text) {
        if !page::exists(Path::new(&name)) {
            let language = settings.language;
            let told = says!(en: "Fetching {url} …", ja: "{url} を取得しています…");
            note.tell(told.get(language).clone());
            host::fetch_file(&url, &name);
            WAITS.set(Some((name, text)));
            return Link::default();
        }
        return open(&text, settings, note);
    }
    let (link, problems) = Link::read(text, &read_file);
    if problems.is_empty() {
        note.succeed();
    } else {
        let language = link.language.map_or(settings.language, Tongue::words);
        let head = Localized::new("The link has a mistake.", "リンクに間違いがあります。");
        let lines = problems.iter().map(|why| as_sentence(&why.say(language)));
        let lines: Vec<String> = std::iter::once((*head.get(language)).to_owned())
            .chain(lines)
            .collect();
        let told = lines.join("\n");
        match link.subject {
            LinkSubject::Lessons => note.fail(told, settings.embedded),
            LinkSubject::Lesson { .. }
            | LinkSubject::Workbench { .. }
            | LinkSubject::Network { .. } => note.tell(told),
        }
    }
    link
}

/// The address of another host's file in a link, the file's name here, and the link with that name.
fn with_file(text: &str) -> Option<(String, String, String)> {
    let mut words: Vec<String> = text.split('+').map(decoded).collect();
    let (place, url) = words
        .iter()
        .enumerate()
        .find_map(|(place, word)| Some((place, address_in(word)?.to_owned())))?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let word = words.get_mut(place)?;
    *word = word.replace(&url, &name);
    let words: Vec<String> = words.iter().map(|word| encoded(word)).collect();
    Some((url, name, words.join("+")))
}

/// The address in a word: all of it, or what is behind the name of an operand, as in `running_mean=https://…`.
fn address_in(word: &str) -> Option<&str> {
    if is_address(word) {
        return Some(word);
    }
    let (_, value) = word.split_once('=')?;
    is_address(value).then_some(value)
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Whether a link waits for a file.
pub(super) fn waits_for(name: &str) -> bool {
    WAITS.with_borrow(|waits| waits.as_ref().is_some_and(|(file, _)| file == name))
}

pub(super) fn read_address(
    mut calls: MessageReader<Call>,
    settings: Res<Settings>,
    mut address: ResMut<Address>,
    mut note: ResMut<LinkNote>,
    mut links: MessageWriter<OpenLink>,
) {
    for call in calls.read() {
        if let Call::Link(text, back) = call {
            address.brought = true;
            links.write(OpenLink {
                link: open(text, &settings, &mut note),
                way: if *back { Way::Back } else { Way::Forward },
            });
        }
        if let Call::File(name) = call
            && waits_for(name)
            && let Some((_, text)) = WAITS.take()
        {
            address.brought = true;
            links.write(OpenLink {
                link: open(&text, &settings, &mut note),
                way: Way::Forward,
            });
        }
    }
}

/// What of a link one goes back from: not where the camera stands, nor how far a lesson is.
fn scene_of(link: &Link) -> String {
    let mut scene = Link {
        subject: link.subject.clone(),
        ..Link::default()
    };
    match &mut scene.subject {
        LinkSubject::Lessons => {}
        LinkSubject::Lesson { at, paused, .. } => {
            *at = None;
            *paused = false;
        }
        LinkSubject::Workbench { view, pins, .. } => {
            *view = crate::explore::command::ViewWords::default();
            pins.clear();
        }
        LinkSubject::Network { .. } => {}
    }
    scene.text()
}

fn write_address(
    time: Res<Time<Real>>,
    on_show: OnShow,
    library: Res<Library>,
    mut address: ResMut<Address>,
    mut activity: ResMut<Activity>,
) {
    // A link is made only of what has changed: that of a workbench plans its layers.
    let mut moved = false;
    if on_show.has_changed(&mut address.seen) {
        let Some(link) = on_show.link() else {
            return;
        };
        let text = link.text();
        moved = text != address.next;
        address.next = text;
        address.link = Some(link);
    }
    if address.next == address.written {
        address.stands = 0.0;
        // The sentences of a lesson come after its link.
        if library.is_changed() {
            address.tell_title(&library, on_show.language());
        }
        return;
    }
    let Some(link) = address.link.clone() else {
        return;
    };
    let plays = on_show.plays();
    if plays || !moved {
        address.stands += time.delta_secs();
    } else {
        address.stands = 0.0;
    }
    activity.waits();
    let scene = scene_of(&link);
    let changed = address.scene.as_ref() != Some(&scene);
    let wait = if plays && !changed { PLAYS } else { STANDS };
    if address.stands < wait {
        return;
    }
    let push = changed && address.scene.is_some() && !address.brought;
    host::link(&address.next, push);
    address.tell_title(&library, on_show.language());
    address.brought = false;
    address.written = address.next.clone();
    address.scene = Some(scene);
    address.stands = 0.0;
}

/// The page's title.
fn title(link: &Link, library: &Library, language: crate::language::Language) -> String {
    let name = match &link.subject {
        LinkSubject::Lessons => None,
        LinkSubject::Lesson { name, .. } => {
            let mut entries = library.entries.iter();
            let entry = entries.find(|entry| entry.name == *name);
            let about = entry.and_then(|entry| entry.about.as_ref().ok());
            about.map(|(title, _)| title.get(language).clone())
        }
        LinkSubject::Workbench { setup, .. } => {
            let names = setup.layers.iter().take(3).map(|layer| layer.name());
            Some(names.collect::<Vec<_>>().join(" → "))
        }
        LinkSubject::Network { name, .. } => Some(network_title(name)),
    };
    name.map_or_else(
        || "Tensorama".to_owned(),
        |name| format!("{name} · Tensorama"),
    )
}
