//! The lessons that the window knows, and the one that is open: loading, languages, and reloading
//! when its file is saved.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bevy::platform::time::Instant;
use bevy::prelude::*;

use super::listed_question::progress_name;
use super::picture::ShownPicture;
use super::rest::Activity;
use super::{Screen, Settings, go_to};
use crate::disk::{self, Reach};
use crate::language::{OtherLanguage, Tongue};
use crate::lesson::{self, AskedQuestion, Diagnostics, Language, Lesson, Localized, Sentences};
use crate::narration::estimated_speeches;
use crate::playback::{ChosenAnswers, Given, Playhead, Show, ShowSystems};
use crate::says;
use crate::timeline::{GivenTime, Motion, PictureShape, Speeches, Start, Timeline};

/// Seconds between two looks at the open lesson's file.
const LOOK_EVERY: f32 = 0.25;

/// A lesson in the list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// Its name on the command line.
    pub name: String,
    /// Its title and goal; what is wrong with it instead.
    ///
    /// Like all texts here, in the language of its sentences instead of English where one is asked for that it has.
    pub about: Result<(Localized<String>, Option<Localized<String>>), Box<Diagnostics>>,
    /// Its place in the curriculum.
    pub number: Option<u32>,
    /// About how many seconds it takes, in each language.
    pub seconds: Localized<f64>,
    /// What it asks.
    pub questions: Vec<AskedQuestion>,
    /// The languages beside the program's own that it has sentences in.
    pub others: Vec<OtherLanguage>,
    /// The one of them that its texts are in.
    told: Option<OtherLanguage>,
    /// Whether its file has been read; until then its name stands for its title.
    is_read: bool,
}

/// The lessons that the window knows.
#[derive(Resource, Debug, Default)]
pub struct Library {
    /// The folder that was looked through.
    pub folder: PathBuf,
    /// The lessons in it.
    pub entries: Vec<Entry>,
    /// Which files a lesson may name.
    reach: Reach,
    /// The language beside the program's own that was asked for.
    asked: Option<OtherLanguage>,
    /// Whether sentences have come that were not here when it was.
    has_new_sentences: bool,
    /// What is wrong with the open lesson's file as it stands now.
    pub problem: Option<Diagnostics>,
    open: Option<OpenFile>,
    editions: u64,
}

#[derive(Debug, Clone)]
struct OpenFile {
    path: PathBuf,
    name: String,
    stamps: Stamps,
    lesson: Arc<Lesson>,
    language: Language,
    /// The language beside the program's own that was asked for, and the one that it is told in.
    asked: Option<OtherLanguage>,
    told: Option<OtherLanguage>,
    /// Those that it has sentences in.
    others: Vec<OtherLanguage>,
    motion: Motion,
    picture: PictureShape,
    /// Counts up with each lesson that is opened or reloaded.
    edition: u64,
    /// How long each beat is spoken, once its voice has spoken: until then, lengths are estimates.
    speeches: Option<Speeches>,
}

/// The frame from which on lessons are looked through.
const FIRST_FRAMES: u32 = 6;
/// By how much a frame may take longer for it. On a page that is mostly behind the poster, where few frames are better than
/// short ones.
const READING: Duration = Duration::from_millis(if cfg!(target_family = "wasm") { 40 } else { 8 });

/// When a lesson's file and that of its sentences were saved, and their lengths.
type Stamps = [Option<(SystemTime, u64)>; 2];

/// Asks for a lesson of the library to be opened.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub struct OpenLesson {
    /// Its place in the library.
    pub index: usize,
    /// Where to begin.
    pub at: Start,
    /// Whether to play at once.
    pub playing: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Library>()
        .init_resource::<ShownPicture>()
        .add_message::<OpenLesson>()
        .add_systems(
            Update,
            (open_lesson, change_language, reload_saved_lesson, read_on)
                .chain()
                .in_set(LibrarySystems)
                .in_set(ShowSystems::Input)
                .after(super::actions::ActionSystems),
        )
        .add_systems(OnExit(Screen::Show), close_lesson);
}

/// The systems that open, reload and translate lessons.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LibrarySystems;

impl Library {
    /// The open lesson, and the number of its edition, which changes with each reload.
    #[must_use]
    pub fn open_lesson(&self) -> Option<(u64, Arc<Lesson>)> {
        self.open
            .as_ref()
            .map(|open| (open.edition, open.lesson.clone()))
    }

    /// The language that the open lesson is told in, where the program speaks one of its own.
    #[must_use]
    pub fn told_in(&self, language: Language) -> Tongue {
        Tongue::of(language, self.open.as_ref().and_then(|open| open.told))
    }

    /// The languages beside the program's own that the open lesson has sentences in.
    #[must_use]
    pub fn others(&self) -> &[OtherLanguage] {
        self.open.as_ref().map_or(&[][..], |open| &open.others)
    }

    /// Those that any of the lessons has sentences in.
    #[must_use]
    pub fn others_of_all(&self) -> Vec<OtherLanguage> {
        let has = |language: &OtherLanguage| {
            let mut entries = self.entries.iter();
            entries.any(|entry| entry.others.contains(language))
        };
        OtherLanguage::ALL.into_iter().filter(has).collect()
    }

    /// Whether a lesson has sentences in a language that are not here to be read.
    #[must_use]
    pub fn lacks(&self, language: OtherLanguage) -> bool {
        self.entries.iter().any(|entry| {
            let here = sentences_here(&entry.path, Some(language));
            entry.others.contains(&language) && here.is_none()
        })
    }

    /// Notes that sentences have come which were not here when they were asked for.
    pub const fn note_new_sentences(&mut self) {
        self.has_new_sentences = true;
    }

    /// Lists the lessons in a language, where they have sentences in it.
    fn list_in(&mut self, asked: Option<OtherLanguage>) {
        self.asked = asked;
        for entry in &mut self.entries {
            if entry.is_read && entry.told != sentences_here(&entry.path, asked) {
                let (name, path) = (entry.name.clone(), entry.path.clone());
                *entry = Entry::read(name, path, self.reach, asked);
            }
        }
    }

    /// Whether the voice of the open lesson has spoken: until then, and where none can, its lengths are
    /// estimates.
    #[must_use]
    pub fn is_spoken(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.speeches.is_some())
    }

    /// Notes how the voice of the open lesson has spoken.
    #[cfg(any(feature = "record", target_family = "wasm"))]
    pub(crate) fn hear(&mut self, speeches: Speeches) {
        if let Some(open) = &mut self.open {
            open.speeches = Some(speeches);
        }
    }

    /// Which files a lesson may name.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.reach
    }

    /// The file of the open lesson.
    #[must_use]
    pub fn open_path(&self) -> Option<&std::path::Path> {
        self.open.as_ref().map(|open| open.path.as_path())
    }

    /// The files that the open lesson is read from: its own, and that of its sentences.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn open_files(&self) -> Vec<PathBuf> {
        let Some(open) = &self.open else {
            return Vec::new();
        };
        let sentences = open
            .asked
            .map(|language| lesson::sentences_path(&open.path, language));
        [Some(open.path.clone()), sentences]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The place of the open lesson in the list.
    #[must_use]
    pub fn open_place(&self) -> Option<usize> {
        let path = self.open_path()?;
        self.entries.iter().position(|entry| entry.path == path)
    }

    /// The name of the open lesson, by which progress is kept.
    #[must_use]
    pub fn open_name(&self) -> Option<String> {
        Some(progress_name(&self.open.as_ref()?.path)?.into_owned())
    }

    /// The place in the list of the lesson that the open one names as the next: one beside it, or
    /// else one that comes with the program.
    #[must_use]
    pub fn next_place(&self) -> Option<usize> {
        let open = self.open.as_ref()?;
        let next = open.lesson.next.as_deref()?;
        let beside = beside(&open.path, next);
        let mut entries = self.entries.iter();
        entries
            .position(|entry| Some(&entry.path) == beside.as_ref())
            .or_else(|| self.entries.iter().position(|entry| entry.name == next))
    }

    /// Takes the lesson that the open one names as the next into the list, if it lies beside it: an
    /// author's own lessons follow on from one another too.
    fn add_next(&mut self) {
        let Some(open) = &self.open else { return };
        let next = open.lesson.next.clone().unwrap_or_default();
        if let Some(path) = beside(&open.path, &next)
            && disk::stamp(&path).is_some()
            && self.entries.iter().all(|entry| entry.path != path)
        {
            let entry = Entry::read(next, path, self.reach, self.asked);
            self.entries.push(entry);
        }
    }

    /// Takes a lesson into the list, if it is not in it; its place there.
    pub fn add(&mut self, path: &std::path::Path) -> usize {
        let known = self.entries.iter().position(|entry| entry.path == path);
        known.unwrap_or_else(|| {
            let name = path.file_stem().unwrap_or_default();
            let name = name.to_string_lossy().into_owned();
            let entry = Entry::read(name, path.to_owned(), self.reach, self.asked);
            self.entries.push(entry);
            self.entries.len() - 1
        })
    }

    /// Looks through lessons, by name and path.
    #[must_use]
    pub fn new(folder: PathBuf, lessons: Vec<(String, PathBuf)>, reach: Reach) -> Self {
        let mut library = Self::unread(folder, lessons, reach);
        while library.read_one() {}
        library
    }

    /// Lessons by name and path, which are to be looked through while something is on show already.
    #[must_use]
    pub fn unread(folder: PathBuf, lessons: Vec<(String, PathBuf)>, reach: Reach) -> Self {
        let entries = lessons.into_iter();
        let entries = entries.map(|(name, path)| Entry::unread(name, path));
        Self {
            folder,
            entries: entries.collect(),
            reach,
            ..Self::default()
        }
    }

    /// Looks through a lesson that is yet to be; whether there was one.
    fn read_one(&mut self) -> bool {
        let Some(entry) = self.entries.iter_mut().find(|entry| !entry.is_read) else {
            return false;
        };
        let (name, path) = (entry.name.clone(), entry.path.clone());
        *entry = Entry::read(name, path, self.reach, self.asked);
        true
    }
}

/// Looks through the lessons: all at once for their list, which stands in the next frame, and otherwise a few in each
/// frame, once the first ones are there.
fn read_on(
    mut library: ResMut<Library>,
    screen: Res<State<Screen>>,
    mut activity: ResMut<Activity>,
    mut frames: Local<u32>,
) {
    if *frames < FIRST_FRAMES {
        *frames += 1;
        activity.moves();
        return;
    }
    // What is not read is looked for without being changed.
    if library.entries.iter().all(|entry| entry.is_read) {
        return;
    }
    let waits = match screen.get() {
        Screen::Lessons | Screen::Review => Duration::MAX,
        Screen::Show | Screen::Explore | Screen::Network => READING,
    };
    let begun = Instant::now();
    while library.read_one() && begun.elapsed() < waits {}
    activity.moves();
}

impl Entry {
    fn unread(name: String, path: PathBuf) -> Self {
        Self {
            about: Ok((Localized::same(name.clone()), None)),
            path,
            name,
            number: None,
            seconds: Localized::default(),
            questions: Vec::new(),
            others: Vec::new(),
            told: None,
            is_read: false,
        }
    }

    fn read(name: String, path: PathBuf, reach: Reach, asked: Option<OtherLanguage>) -> Self {
        let shown = path.display().to_string();
        let about = read_lesson(&path, &shown, reach, asked).map(|(lesson, _)| lesson);
        let seconds = match &about {
            Ok(lesson) => {
                let length = |language| {
                    Timeline::new(lesson, language, &estimated_speeches(lesson, language)).duration
                };
                Localized {
                    en: length(Language::En),
                    ja: length(Language::Ja),
                }
            }
            Err(_) => Localized::default(),
        };
        let number = about.as_ref().ok().and_then(|lesson| lesson.number);
        let questions = about.as_ref().map(Lesson::questions).unwrap_or_default();
        let about = about
            .map(|lesson| (lesson.title, lesson.goal))
            .map_err(Box::new);
        Self {
            others: others(&path),
            told: sentences_here(&path, asked),
            path,
            name,
            about,
            number,
            seconds,
            questions,
            is_read: true,
        }
    }
}

/// The file of a lesson that lies in the same folder as another one; `None` where the name is none of
/// a file.
fn beside(path: &std::path::Path, name: &str) -> Option<PathBuf> {
    let plain = std::path::Path::new(name).file_name()?;
    (plain == name).then(|| path.with_file_name(format!("{name}.ron")))
}

/// A lesson, told in a language where one is asked for and it has sentences in it; and the one that it is
/// told in.
fn read_lesson(
    path: &std::path::Path,
    name: &str,
    reach: Reach,
    asked: Option<OtherLanguage>,
) -> Result<(Lesson, Option<OtherLanguage>), Diagnostics> {
    let text = disk::read_text(path).map_err(|error| {
        let mut diagnostics = Diagnostics::new(name, "");
        let message = says!(
            en: "the file cannot be read: {error}",
            ja: "ファイルを読めません: {error}"
        );
        diagnostics.error(0..0, message, Localized::<String>::default());
        diagnostics
    })?;
    if let Some(language) = asked {
        let file = lesson::sentences_path(path, language);
        if let Ok(written) = disk::read_text(&file) {
            let sentences = Sentences::read(&file.display().to_string(), &written)?;
            let (lesson, _) = lesson::read_translated(name, &text, reach, &sentences)?;
            return Ok((lesson, Some(language)));
        }
    }
    lesson::read_reaching(name, &text, reach).map(|(lesson, _)| (lesson, None))
}

fn stamps(path: &std::path::Path, asked: Option<OtherLanguage>) -> Stamps {
    let sentences = asked.map(|language| lesson::sentences_path(path, language));
    [
        disk::stamp(path),
        sentences.and_then(|file| disk::stamp(&file)),
    ]
}

/// The languages that a lesson has sentences in.
fn others(path: &std::path::Path) -> Vec<OtherLanguage> {
    let all = OtherLanguage::ALL.into_iter();
    all.filter(|language| disk::is_available(&lesson::sentences_path(path, *language)))
        .collect()
}

/// The language that is asked for, if the lesson's sentences in it are here to be read.
fn sentences_here(path: &std::path::Path, asked: Option<OtherLanguage>) -> Option<OtherLanguage> {
    asked.filter(|language| disk::stamp(&lesson::sentences_path(path, *language)).is_some())
}

/// As its voice has spoken it, or else at an estimated pace.
fn timeline(
    lesson: &Lesson,
    speeches: Option<&Speeches>,
    settings: &Settings,
    picture: PictureShape,
) -> Arc<Timeline> {
    let language = settings.language;
    let timeline = match speeches {
        Some(speeches) => Timeline::in_picture(lesson, language, speeches, picture),
        None => {
            let speeches = estimated_speeches(lesson, language);
            Timeline::in_picture(lesson, language, &speeches, picture)
        }
    };
    Arc::new(timeline.with_motion(settings.motion))
}

fn open_lesson(
    mut commands: Commands,
    mut asked: MessageReader<OpenLesson>,
    mut library: ResMut<Library>,
    settings: Res<Settings>,
    picture: Res<ShownPicture>,
    show: Option<ResMut<Show>>,
    (mut playhead, mut given): (ResMut<Playhead>, ResMut<Given>),
    mut chosen: ResMut<ChosenAnswers>,
    mut camera: ResMut<crate::camera::CameraMode>,
    mut screen: ResMut<NextState<Screen>>,
) {
    let Some(wanted) = asked.read().last() else {
        return;
    };
    let Some((path, name)) = library
        .entries
        .get(wanted.index)
        .map(|entry| (entry.path.clone(), entry.path.display().to_string()))
    else {
        return;
    };
    let asked = settings.tongue().other();
    let stamps = stamps(&path, asked);
    match read_lesson(&path, &name, library.reach, asked) {
        Ok((lesson, told)) => {
            let lesson = Arc::new(lesson);
            let timeline = timeline(&lesson, None, &settings, picture.0);
            playhead.time = wanted.at.on(&timeline);
            given.0 = GivenTime::of(wanted.at, &timeline);
            playhead.playing = wanted.playing;
            *camera = crate::camera::CameraMode::Guided;
            chosen.clear();
            library.problem = None;
            library.editions += 1;
            let edition = library.editions;
            let language = settings.language;
            library.open = Some(OpenFile {
                others: others(&path),
                path,
                name,
                stamps,
                lesson: lesson.clone(),
                language,
                asked,
                told,
                motion: settings.motion,
                picture: picture.0,
                edition,
                speeches: None,
            });
            library.add_next();
            match show {
                Some(mut show) => show.replace(lesson, timeline),
                None => commands.insert_resource(Show::new(lesson, timeline)),
            }
            go_to(&mut screen, Screen::Show);
        }
        Err(diagnostics) => {
            if let Some(entry) = library.entries.get_mut(wanted.index) {
                entry.about = Err(Box::new(diagnostics));
                entry.told = sentences_here(&path, asked);
            }
        }
    }
}

/// Looks whether the open lesson was saved; a mistake in it is shown and the last good one stays.
fn reload_saved_lesson(
    time: Res<Time<Real>>,
    mut since: Local<f32>,
    mut library: ResMut<Library>,
    settings: Res<Settings>,
    show: Option<ResMut<Show>>,
    mut at: (ResMut<Playhead>, ResMut<Given>),
) {
    *since += time.delta_secs();
    let (Some(mut show), true) = (show, *since >= LOOK_EVERY) else {
        return;
    };
    *since = 0.0;
    let Some(open) = &library.open else {
        return;
    };
    // A file that is missing is about to be replaced by an editor.
    let now = stamps(&open.path, open.asked);
    if now[0].is_none() || now == open.stamps {
        return;
    }
    let read = read_lesson(&open.path, &open.name, library.reach, open.asked);
    let library = &mut *library;
    if let Some(open) = &mut library.open {
        open.stamps = now;
        match read {
            Ok((lesson, told)) => {
                open.lesson = Arc::new(lesson);
                open.told = told;
                open.others = others(&open.path);
                library.editions += 1;
                open.edition = library.editions;
                open.speeches = None;
                replace(&mut show, &mut at, open, &settings);
                library.problem = None;
                library.add_next();
            }
            Err(diagnostics) => library.problem = Some(diagnostics),
        }
    }
}

/// Lists the lessons and shows the open one in another language, or shows it with other movement or in a picture of
/// another shape, at the same place.
fn change_language(
    mut library: ResMut<Library>,
    settings: Res<Settings>,
    picture: Res<ShownPicture>,
    show: Option<ResMut<Show>>,
    mut at: (ResMut<Playhead>, ResMut<Given>),
) {
    let asked = settings.tongue().other();
    let has_new_sentences = library.has_new_sentences;
    if library.asked != asked || has_new_sentences {
        // Other files are watched then, too.
        library.has_new_sentences = false;
        library.list_in(asked);
    }
    let library = library.bypass_change_detection();
    let (Some(open), Some(mut show)) = (&mut library.open, show) else {
        return;
    };
    let comes_late = has_new_sentences && open.told != sentences_here(&open.path, asked);
    let is_other = open.asked != asked || comes_late;
    if is_other {
        open.asked = asked;
        open.stamps = stamps(&open.path, asked);
        match read_lesson(&open.path, &open.name, library.reach, asked) {
            Ok((lesson, told)) => {
                open.lesson = Arc::new(lesson);
                open.told = told;
                library.editions += 1;
                open.edition = library.editions;
                library.problem = None;
            }
            Err(diagnostics) => library.problem = Some(diagnostics),
        }
    }
    let is_other = is_other || open.language != settings.language;
    if is_other || open.motion != settings.motion || open.picture != picture.0 {
        open.language = settings.language;
        open.motion = settings.motion;
        open.picture = picture.0;
        if is_other {
            open.speeches = None;
        }
        let (given, now) = (at.1.0.filter(|_| comes_late || !is_other), at.0.time);
        replace(&mut show, &mut at, open, &settings);
        // A time that was given was meant for the language that is here only now, or stays meant.
        if let Some(given) = given {
            let time = given.on(&show.timeline, now);
            at.0.time = time;
            at.1.0 = GivenTime::of(Start::Time(time), &show.timeline);
        }
    }
}

/// Puts a new timeline in the place of the old one, at the same part of the same beat.
fn replace(
    show: &mut Show,
    (playhead, given): &mut (ResMut<Playhead>, ResMut<Given>),
    open: &mut OpenFile,
    settings: &Settings,
) {
    let new = timeline(&open.lesson, open.speeches.as_ref(), settings, open.picture);
    playhead.time = show.timeline.same_place_in(&new, playhead.time);
    given.0 = None;
    show.replace(open.lesson.clone(), new);
}

fn close_lesson(
    mut commands: Commands,
    mut library: ResMut<Library>,
    (mut playhead, mut given): (ResMut<Playhead>, ResMut<Given>),
) {
    commands.remove_resource::<Show>();
    library.open = None;
    library.problem = None;
    given.0 = None;
    *playhead = Playhead {
        speed: playhead.speed,
        ..Playhead::default()
    };
}

#[cfg(test)]
impl Library {
    /// Opens a lesson without a window to show it.
    pub(super) fn open_alone(&mut self, path: &std::path::Path) -> Arc<Lesson> {
        let name = path.display().to_string();
        let (lesson, _) = read_lesson(path, &name, self.reach, None).unwrap();
        let lesson = Arc::new(lesson);
        self.open = Some(OpenFile {
            path: path.to_owned(),
            name,
            stamps: [None, None],
            lesson: lesson.clone(),
            language: Language::En,
            asked: None,
            told: None,
            others: Vec::new(),
            motion: Motion::Full,
            picture: PictureShape::Wide,
            edition: 1,
            speeches: None,
        });
        lesson
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(next: &str) -> String {
        format!(
            r#"Lesson(title: (en: "T", ja: "題"), next: "{next}", scenes: [Scene(
                title: (en: "S", ja: "場"), input: (shape: (1, 2, 2)), layers: [ReLU],
                beats: [Run(to: End, over: 3.0)],
            )])"#
        )
    }

    #[test]
    fn the_next_lesson_is_one_beside_or_one_that_comes_with_the_program() {
        let shipped = tempfile::tempdir().unwrap();
        let mine = tempfile::tempdir().unwrap();
        let write = |folder: &tempfile::TempDir, name: &str, next: &str| {
            let path = folder.path().join(format!("{name}.ron"));
            std::fs::write(&path, lesson(next)).unwrap();
            path
        };
        let known = ["padding", "stride"].map(|name| (name.to_owned(), write(&shipped, name, "")));
        let offered = |first: &std::path::Path| {
            let mut lessons = vec![("first.ron".to_owned(), first.to_owned())];
            lessons.extend(known.clone());
            let mut library = Library::new(shipped.path().to_owned(), lessons, Reach::default());
            library.open_alone(first);
            library.add_next();
            let count = library.entries.len();
            library.add_next();
            assert_eq!(library.entries.len(), count, "it is met once");
            let next = library.next_place()?;
            Some(library.entries[next].path.clone())
        };
        let second = write(&mine, "second", "");
        let own = write(&mine, "stride", "");
        assert_eq!(offered(&write(&mine, "first", "second")), Some(second));
        // Of two with the same name, the author's own.
        assert_eq!(offered(&write(&mine, "first", "stride")), Some(own));
        let padding = Some(known[0].1.clone());
        assert_eq!(offered(&write(&mine, "first", "padding")), padding);
        assert_eq!(offered(&write(&mine, "first", "quaternions")), None);
        let outside = format!("../{}/padding", shipped.path().display());
        assert_eq!(offered(&write(&mine, "first", &outside)), None);
    }

    #[test]
    fn lessons_are_listed_and_asked_of_in_a_language_that_they_have_sentences_in() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            path
        };
        let text = r#"Lesson(
            title: (en: "Tiny", ja: "小さい"),
            goal: (en: "Count.", ja: "数える。"),
            scenes: [Scene(
                title: (en: "S", ja: "場"), input: (shape: (1, 2, 2)), layers: [ReLU],
                beats: [
                    Predict(
                        ask: (en: "How many?", ja: "いくつ?"),
                        choices: [(en: "two", ja: "2つ"), (en: "four", ja: "4つ")],
                        answer: Choice(1),
                    ),
                    Run(to: End, over: 3.0),
                ],
            )],
        )"#;
        let lessons = ["a", "b"].map(|name| (name.to_owned(), write(&format!("{name}.ron"), text)));
        let file = "sentences/de/a.ron";
        write(
            file,
            r#"{"Tiny": "Winzig", "How many?": "Wie viele?", "two": "zwei"}"#,
        );
        let reach = Reach::default();
        let mut library = Library::new(folder.path().to_owned(), lessons.into(), reach);
        let words = |library: &Library| {
            let words = library.entries.iter().map(|entry| {
                let (title, goal) = entry.about.as_ref().unwrap();
                let question = &entry.questions[0].question;
                let [first, second] = &question.choices[..] else {
                    panic!("{question:?}");
                };
                let goal = goal.as_ref().unwrap();
                [title, goal, &question.ask, first, second].map(|text| text.en.clone())
            });
            words.collect::<Vec<_>>()
        };
        let english = ["Tiny", "Count.", "How many?", "two", "four"];
        assert_eq!(words(&library), [english, english]);
        let tongue = |code: &str| code.parse::<Tongue>().unwrap().other();
        assert_eq!(library.others_of_all(), [tongue("de").unwrap()]);
        library.list_in(tongue("de"));
        let german = ["Winzig", "Count.", "Wie viele?", "zwei", "four"];
        assert_eq!(words(&library), [german, english]);
        // The Japanese stays, and so does the place of each question.
        let question = &library.entries[0].questions[0];
        assert_eq!(
            (&*question.question.ask.ja, question.asked.beat),
            ("いくつ?", 0)
        );
        // One that no lesson has sentences in.
        library.list_in(tongue("fr"));
        assert_eq!(words(&library), [english, english]);
        // A mistake in the sentences is told where they are asked for.
        write(file, "{");
        library.list_in(tongue("de"));
        assert!(library.entries[0].about.is_err() && library.entries[1].about.is_ok());
        library.list_in(None);
        assert_eq!(words(&library), [english, english]);
    }
}
