//! From a file's text to a checked lesson, or to everything that is wrong with it.

mod numbered;
mod parts;
mod target;
mod whys;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::diagnostic::{Diagnostics, NO_HELP};
use super::schema::{
    Action as RawAction, Answer, LayerTarget, Part, RawBeat, RawInput, RawLesson, RawNetwork,
    RawScene, RawShot, RawSide, RawText, Target,
};
use super::source_map::SourceMap;
use super::syntax::parse;
use super::text::Narration;
use super::{
    Action, Beat, Input, InputError, LESSON_ELEMENT_LIMIT, Language, Lesson, Localized, Question,
    Reference, SCENE_LIMIT, Scene, Shot, StagedNetwork, Staging, StagingError,
};
use crate::disk::{Reach, ReadError, reader};
use crate::language::{Message, says};
use crate::network::map::RunNetwork;
use crate::network::{ChainError, Subject};
use crate::op::{Cost, Layer};
use crate::tensor::{ReadFile, Shape};

pub(super) use parts::all_parts;

use numbered::{Mistake, Thing};
use parts::{numbering, part_exists};
use target::reach;

/// Seconds that a beat may last at most; longer ones are slips of the pen.
const LONGEST: f64 = 600.0;

/// The help for a lesson that is too large.
const SPLIT_LESSON: Localized<&str> = Localized::new(
    "split it into several lessons; `next` leads from one to the next",
    "複数のレッスンに分けてください。`next` で次のレッスンにつなげられます",
);

/// Reads and checks a lesson, which may name the files of its own folder. The list that comes with a
/// lesson holds warnings only.
///
/// # Errors
/// Everything that keeps the lesson from being played: one syntax error, or all errors of meaning.
pub fn read(file: &str, source: &str) -> Result<(Lesson, Diagnostics), Diagnostics> {
    read_reaching(file, source, Reach::Folder)
}

/// As [`read`], of a lesson that may name other files too.
///
/// # Errors
/// As [`read`].
pub fn read_reaching(
    file: &str,
    source: &str,
    reach: Reach,
) -> Result<(Lesson, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::new(file, source);
    let raw = match parse(source) {
        Ok(raw) => raw,
        Err(mistake) => {
            diagnostics.list.push(mistake);
            return Err(diagnostics);
        }
    };
    checked(&raw, reach, diagnostics)
}

/// Checks a lesson that was built and not read, as [`read_reaching`] does after reading. Files that it
/// names are looked for from the folder of `file`.
///
/// # Errors
/// As [`read`], without places in a text.
pub fn check(
    file: &str,
    raw: &RawLesson,
    reach: Reach,
) -> Result<(Lesson, Diagnostics), Diagnostics> {
    checked(raw, reach, Diagnostics::new(file, ""))
}

fn checked(
    raw: &RawLesson,
    reach: Reach,
    diagnostics: Diagnostics,
) -> Result<(Lesson, Diagnostics), Diagnostics> {
    let mut checker = Checker {
        networks: Vec::new(),
        map: SourceMap::new(&diagnostics.source),
        reach,
        diagnostics,
    };
    let lesson = checker.lesson(raw);
    let mut diagnostics = checker.diagnostics;
    diagnostics
        .list
        .sort_by_key(|diagnostic| diagnostic.span.start);
    match lesson {
        Some(lesson) if !diagnostics.has_errors() => Ok((lesson, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// A lesson's place in the curriculum, where it has one and can be parsed; nothing is checked.
#[must_use]
pub fn number_of(source: &str) -> Option<u32> {
    parse(source).ok()?.number
}

/// The lesson that comes next, where one is named and this one can be parsed; nothing is checked.
#[must_use]
pub fn next_of(source: &str) -> Option<String> {
    parse(source).ok()?.next
}

/// Where something stands in a lesson's text, by its path, such as `scenes[0].beats[2]`, in bytes.
#[must_use]
pub fn span_of(source: &str, path: &str) -> Range<usize> {
    SourceMap::new(source).span(path)
}

struct Checker {
    /// The networks that scenes have run, with the input that each was run on.
    networks: Vec<(String, RawInput, RunNetwork)>,
    map: SourceMap,
    reach: Reach,
    diagnostics: Diagnostics,
}

impl Checker {
    fn error(
        &mut self,
        path: &str,
        message: impl Into<Localized<String>>,
        help: impl Into<Localized<String>>,
    ) {
        let (span, message) = (self.map.span(path), message.into());
        // A mistake in what scenes share would otherwise be told once for each of them.
        let told = self
            .diagnostics
            .list
            .iter()
            .any(|known| known.span == span && known.message == message);
        if !told {
            self.diagnostics.error(span, message, help);
        }
    }

    /// Reads the files that fills name, from the lesson's folder.
    fn reader(&self) -> impl Fn(&str) -> Result<Vec<u8>, ReadError> + use<> {
        let folder = Path::new(&self.diagnostics.file).parent();
        reader(folder.unwrap_or(Path::new("")), self.reach)
    }

    fn lesson(&mut self, raw: &RawLesson) -> Option<Lesson> {
        let title = self.text("title", &raw.title);
        let goal = raw.goal.as_ref().map(|goal| self.text("goal", goal));
        if raw.scenes.is_empty() {
            self.error(
                "scenes",
                Localized::new(
                    "a lesson needs at least one scene",
                    "レッスンにはシーンが 1 つ以上必要です",
                ),
                Localized::new("add `Scene(…)`", "`Scene(…)` を書いてください"),
            );
        }
        if raw.scenes.len() > SCENE_LIMIT {
            let count = raw.scenes.len();
            self.error(
                "scenes",
                says!(
                    en: "the lesson has {count} scenes, but the limit is {SCENE_LIMIT}",
                    ja: "シーンが {count} 個あります。上限は {SCENE_LIMIT} 個です"
                ),
                SPLIT_LESSON,
            );
            return None;
        }
        let mut scenes = Vec::new();
        let mut cubes = 0_usize;
        for (index, scene) in raw.scenes.iter().enumerate() {
            let path = format!("scenes[{index}]");
            let scene = self.scene(&path, scene, raw);
            let own = scene
                .as_ref()
                .map_or(0, |scene| scene.staging.element_count());
            scenes.push(scene);
            cubes = cubes.saturating_add(own);
            if cubes > LESSON_ELEMENT_LIMIT {
                self.error(
                    &path,
                    says!(
                        en: "up to this scene the lesson needs {cubes} cubes, but the limit for all its scenes is {LESSON_ELEMENT_LIMIT}",
                        ja: "ここまでのシーンで立方体が {cubes} 個必要です。レッスン全体の上限は {LESSON_ELEMENT_LIMIT} 個です"
                    ),
                    SPLIT_LESSON,
                );
                // What follows would only take more memory.
                return None;
            }
        }
        Some(Lesson {
            title: title?,
            goal: match goal {
                Some(goal) => Some(goal?),
                None => None,
            },
            number: raw.number,
            next: raw.next.clone(),
            sources: raw
                .sources
                .iter()
                .map(|source| Reference {
                    title: source.title.clone(),
                    url: source.url.clone(),
                })
                .collect(),
            facts: raw.facts.clone(),
            scenes: scenes.into_iter().collect::<Option<_>>()?,
        })
    }

    /// A text in each language, as it stands.
    fn text(&mut self, path: &str, raw: &RawText) -> Option<Localized<String>> {
        let mut in_language = |language: Language, text: &Option<String>| match text {
            Some(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                let name = name_of(language);
                self.error(
                    path,
                    says!(
                        with [name];
                        en: "the text in {name} is missing",
                        ja: "{name}の文がありません"
                    ),
                    says!(
                        en: "add `{language}: \"…\"`; every text exists in English and Japanese",
                        ja: "`{language}: \"…\"` を書いてください。どの文にも英語と日本語が必要です"
                    ),
                );
                None
            }
        };
        let en = in_language(Language::En, &raw.en);
        let ja = in_language(Language::Ja, &raw.ja);
        Some(Localized { en: en?, ja: ja? })
    }

    /// A narration in each language, taken apart.
    fn narration(&mut self, path: &str, raw: &RawText) -> Option<Localized<Narration>> {
        let text = self.text(path, raw)?;
        let mut in_language = |language: Language| {
            let source = text.get(language);
            match Narration::parse(source) {
                Ok(narration) => Some(narration),
                Err(error) => {
                    let whole = self.map.span(&format!("{path}.{language}"));
                    let literal = &self.diagnostics.source[whole.clone()];
                    // A literal without escapes maps byte for byte, after its quotation mark.
                    let span = match literal.find(source.as_str()) {
                        Some(at) => whole.start + at + error.offset()..whole.end - 1,
                        None => whole,
                    };
                    self.diagnostics.error(span, error.message(), NO_HELP);
                    None
                }
            }
        };
        let en = in_language(Language::En);
        let ja = in_language(Language::Ja);
        Some(Localized { en: en?, ja: ja? })
    }

    fn scene(&mut self, path: &str, raw: &RawScene, lesson: &RawLesson) -> Option<Scene> {
        let title = self.text(&format!("{path}.title"), &raw.title);
        if raw.beats.is_empty() {
            self.error(
                &format!("{path}.beats"),
                Localized::new(
                    "a scene needs at least one beat",
                    "シーンにはビートが 1 つ以上必要です",
                ),
                Localized::new(
                    "add `Say(…)`, `Run(…)`, `Predict(…)` or `Hold(…)`",
                    "`Say(…)`、`Run(…)`、`Predict(…)`、`Hold(…)` のどれかを書いてください",
                ),
            );
        }
        let mut staging = self.staging(path, raw, lesson);
        if let Some(staging) = &mut staging {
            self.tensor_names(path, raw, staging);
        }
        // Beats are checked even where the operation cannot be: all mistakes in one run.
        let staged = staging.as_ref();
        let show = match &raw.show {
            Some(parts) => self.parts(&format!("{path}.show"), parts, staged),
            None => staged.map_or_else(Vec::new, all_parts),
        };
        let camera = match &raw.camera {
            Some(shot) => self.shot(&format!("{path}.camera"), shot, staged),
            None => checked_shot(&RawShot::default(), Vec::new()),
        };
        let from = match &raw.from {
            Some(target) => self.target(&format!("{path}.from"), *target, staged),
            None => Vec::new(),
        };
        let beats: Vec<Option<Beat>> = raw
            .beats
            .iter()
            .enumerate()
            .map(|(index, beat)| self.beat(&format!("{path}.beats[{index}]"), beat, staged))
            .collect();
        let staging = staging?;
        let from = (0..staging.sides.len())
            .map(|side| from.get(side).copied().flatten().unwrap_or(0.0))
            .collect();
        Some(Scene {
            title: title?,
            staging: Arc::new(staging),
            show,
            camera,
            from,
            beats: beats.into_iter().collect::<Option<_>>()?,
        })
    }

    /// What a scene calls its tensors.
    fn tensor_names(&mut self, scene: &str, raw: &RawScene, staging: &mut Staging) {
        let path = format!("{scene}.names");
        for (number, name) in &raw.names {
            let count = staging.tensors.len();
            if *number >= count {
                self.error(
                    &path,
                    says!(
                        en: "there is no tensor {number}; the scene has {count}, counted from 0",
                        ja: "テンソル {number} はありません。シーンのテンソルは {count} 個で、0 から数えます"
                    ),
                    Localized::new(
                        "tensor 0 is the input; of a network, blocks have titles of their own",
                        "テンソル 0 は入力です。ネットワークのブロックには、初めから名前があります",
                    ),
                );
                continue;
            }
            if let Some(name) = self.text(&path, name) {
                staging.tensor_names.insert(*number, name);
            }
        }
    }

    /// The sides of a scene, planned and computed.
    fn staging(&mut self, scene: &str, raw: &RawScene, lesson: &RawLesson) -> Option<Staging> {
        // What a scene does not have it takes from the lesson, and there its mistakes are shown.
        let own = |own: bool, field: &str| {
            if own {
                format!("{scene}.{field}")
            } else {
                field.to_owned()
            }
        };
        if let Some(network) = &raw.network {
            if raw.layers.is_some() || raw.compare.is_some() {
                self.error(
                    &format!("{scene}.network"),
                    Localized::new(
                        "a scene has `layers`, `compare` or `network`, only one of them",
                        "シーンに書けるのは `layers`、`compare`、`network` のどれかひとつです",
                    ),
                    Localized::new("remove the others", "ほかを取り除いてください"),
                );
                return None;
            }
            let Some(input) = raw.input.as_ref().or(lesson.input.as_ref()) else {
                self.no_input(scene);
                return None;
            };
            return self.network(&format!("{scene}.network"), network, input);
        }
        let input = self.input(scene, &own(raw.input.is_some(), "input"), raw, lesson);
        let mut staging = Staging::default();
        if let Some(sides) = &raw.compare {
            if raw.layers.is_some() {
                self.error(
                    &format!("{scene}.layers"),
                    Localized::new(
                        "a scene has either `layers` or `compare`, not both",
                        "シーンに書けるのは `layers` か `compare` のどちらか一方です",
                    ),
                    Localized::new(
                        "move these layers into a `Side(…)` of `compare`, or remove one of the two",
                        "この層を `compare` の `Side(…)` に移すか、どちらかを取り除いてください",
                    ),
                );
            }
            if sides.len() < 2 {
                self.error(
                    &format!("{scene}.compare"),
                    Localized::new(
                        "a comparison needs at least two sides",
                        "比較にはサイドが 2 つ以上必要です",
                    ),
                    Localized::new(
                        "add `Side(name: (en: \"…\", ja: \"…\"), layers: [ … ])`",
                        "`Side(name: (en: \"…\", ja: \"…\"), layers: [ … ])` を書き足してください",
                    ),
                );
                return None;
            }
            let mut whole = Some(());
            for (index, side) in sides.iter().enumerate() {
                let path = format!("{scene}.compare[{index}]");
                let named = self.text(&format!("{path}.name"), &side.name);
                let RawSide { layers, .. } = side;
                let layers_path = format!("{path}.layers");
                let added = input.clone().and_then(|input| {
                    self.side(&mut staging, &layers_path, named, layers, input, raw)
                });
                whole = whole.and(added);
            }
            whole?;
            return Some(staging);
        }
        let layers_path = own(raw.layers.is_some(), "layers");
        let Some(layers) = raw.layers.as_ref().or(lesson.layers.as_ref()) else {
            self.error(
                scene,
                Localized::new("the scene has no layers", "シーンに層がありません"),
                Localized::new(
                    "add `layers: [Conv2d(filters: 4, kernel: (3, 3))]` to it or to the lesson",
                    "シーンかレッスンに `layers: [Conv2d(filters: 4, kernel: (3, 3))]` のように書いてください",
                ),
            );
            return None;
        };
        self.side(&mut staging, &layers_path, None, layers, input?, raw)?;
        Some(staging)
    }

    fn side(
        &mut self,
        staging: &mut Staging,
        path: &str,
        name: Option<Localized<String>>,
        layers: &[Layer],
        input: Input,
        raw: &RawScene,
    ) -> Option<()> {
        let read = self.reader();
        let error = match staging.add_side(name, layers, input, raw.order, &read) {
            Ok(()) => return Some(()),
            Err(error) => error,
        };
        // Composite layers are taken apart: the one that is at fault may hold several.
        let position = match &error {
            StagingError::Chain(
                ChainError::Layer { position, .. }
                | ChainError::Skip { position, .. }
                | ChainError::Operands { position, .. },
            ) => {
                let mut parts = layers.iter().scan(0, |before, layer| {
                    *before += layer.flattened().len();
                    Some(*before)
                });
                parts.position(|end| *position < end)
            }
            StagingError::Unshown { .. } | StagingError::Operands(_) | StagingError::Tensor(_)
                if layers.len() == 1 =>
            {
                Some(0)
            }
            _ => None,
        };
        let path = match position {
            Some(position) => format!("{path}[{position}]"),
            None if layers.len() == 1 => format!("{path}[0]"),
            None => path.to_owned(),
        };
        // Of a single layer its own reason is enough.
        let message = match &error {
            StagingError::Chain(ChainError::Layer { why, .. }) if layers.len() == 1 => {
                why.message()
            }
            error => error.message(),
        };
        self.error(&path, message, error.help());
        None
    }

    fn no_input(&mut self, scene: &str) {
        self.error(
            scene,
            Localized::new("the scene has no input", "シーンに入力がありません"),
            Localized::new(
                "add `input: (shape: (3, 6, 6), fill: Ramp)` to it or to the lesson",
                "シーンかレッスンに `input: (shape: (3, 6, 6), fill: Ramp)` のように書いてください",
            ),
        );
    }

    /// A network on an input, run once for all scenes that show it.
    fn network(&mut self, path: &str, raw: &RawNetwork, input: &RawInput) -> Option<Staging> {
        let known = self
            .networks
            .iter()
            .find(|(file, on, _)| *file == raw.file && on == input);
        let run = match known {
            Some((_, _, run)) => run.clone(),
            None => match run_network(&raw.file, input, &self.reader()) {
                Ok(run) => {
                    self.networks
                        .push((raw.file.clone(), input.clone(), run.clone()));
                    run
                }
                Err(why) => {
                    self.error(&format!("{path}.file"), why, NO_HELP);
                    return None;
                }
            },
        };
        for (index, name) in raw.open.iter().enumerate() {
            let known = run.map.find(name);
            if known.is_none_or(|unit| unit.parts.is_empty()) {
                let names = run.map.units.iter().filter(|unit| !unit.parts.is_empty());
                let names: Vec<String> = names.map(|unit| format!("\"{}\"", unit.name)).collect();
                let names = names.join(", ");
                self.error(
                    &format!("{path}.open[{index}]"),
                    says!(en: "nothing that opens is called \"{name}\"", ja: "「{name}」という開ける部分はありません"),
                    says!(en: "these open: {names}", ja: "開けるのは {names} です"),
                );
                return None;
            }
        }
        let open = raw.open.iter().cloned().collect();
        Some(Staging {
            network: Some(Arc::new(StagedNetwork::new(run, &open))),
            ..Staging::default()
        })
    }

    fn input(
        &mut self,
        scene: &str,
        path: &str,
        raw: &RawScene,
        lesson: &RawLesson,
    ) -> Option<Input> {
        let Some(raw_input) = raw.input.as_ref().or(lesson.input.as_ref()) else {
            self.no_input(scene);
            return None;
        };
        let (channels, height, width) = raw_input.shape;
        let fill = raw_input.fill.clone();
        match Input::new([channels, height, width], fill, &self.reader()) {
            Ok(input) => Some(input),
            Err(error) => {
                let field = match error {
                    InputError::Shape(_) | InputError::TooLarge { .. } => "shape",
                    InputError::Fill(_) => "fill",
                };
                self.error(&format!("{path}.{field}"), error.message(), error.help());
                None
            }
        }
    }

    fn beat(&mut self, path: &str, raw: &RawBeat, staging: Option<&Staging>) -> Option<Beat> {
        match raw {
            RawBeat::Say {
                text,
                at,
                camera,
                actions,
            } => {
                let text = self.narration(&format!("{path}.text"), text);
                let actions = self.actions(path, camera.as_ref(), actions, staging);
                let at = self.marked(path, text.as_ref(), at, staging);
                Some(Beat::Say {
                    text: text?,
                    at,
                    actions,
                })
            }
            RawBeat::Run {
                to,
                over,
                pace,
                camera,
                actions,
            } => {
                self.seconds(&format!("{path}.over"), *over);
                let to = self.target(&format!("{path}.to"), *to, staging);
                let actions = self.actions(path, camera.as_ref(), actions, staging);
                Some(Beat::Run {
                    to,
                    over: *over,
                    pace: *pace,
                    actions,
                })
            }
            RawBeat::Predict {
                ask,
                choices,
                answer,
                why,
                over,
            } => {
                self.seconds(&format!("{path}.over"), *over);
                let ask = self.text(&format!("{path}.ask"), ask);
                let whys = self.whys(path, why, choices.len());
                let choices: Vec<Option<Localized<String>>> = choices
                    .iter()
                    .enumerate()
                    .map(|(index, choice)| {
                        self.text(&format!("{path}.choices[{index}]"), &choice.0)
                    })
                    .collect();
                let choices: Option<Vec<Localized<String>>> = choices.into_iter().collect();
                let answer = self.answer(path, choices.as_deref(), *answer, staging);
                let question = Question {
                    ask: ask?,
                    choices: choices?,
                    answer: answer?,
                    whys: whys?,
                };
                Some(Beat::Predict {
                    question,
                    over: *over,
                })
            }
            RawBeat::Hold(seconds) => {
                self.seconds(&format!("{path}[0]"), *seconds);
                Some(Beat::Hold(*seconds))
            }
        }
    }

    /// The place of the right choice.
    fn answer(
        &mut self,
        path: &str,
        choices: Option<&[Localized<String>]>,
        answer: Answer,
        staging: Option<&Staging>,
    ) -> Option<usize> {
        let (choices, staging) = (choices?, staging?);
        if choices.len() < 2 {
            self.error(
                &format!("{path}.choices"),
                Localized::new(
                    "a prediction needs at least two choices",
                    "予想には選択肢が 2 つ以上必要です",
                ),
                NO_HELP,
            );
        }
        let here = format!("{path}.answer");
        let whole = |number: u64| number as f64;
        let (output, cost) = match &staging.network {
            Some(network) => {
                let graph = &network.run.graph;
                let output = graph.outputs().first();
                (
                    output.and_then(|id| graph.sample_shape(*id))?,
                    network.run.cost(),
                )
            }
            None => {
                let side = staging.sides.first()?;
                let layers = &staging.staged_layers[side.staged_layers.clone()];
                let costs = layers.iter().map(|staged_layer| staged_layer.plan.cost());
                let cost = costs.fold(Cost::default(), |sum, cost| sum + cost);
                (*staging.shape(side.tensors.end - 1), cost)
            }
        };
        let right = match answer {
            Answer::Choice(index) if index < choices.len() => return Some(index),
            Answer::Choice(index) => {
                self.error(&here, Thing::Choice.none(index, choices.len()), NO_HELP);
                return None;
            }
            Answer::OutputWidth => whole(output.width() as u64),
            Answer::OutputHeight => whole(output.height() as u64),
            Answer::OutputChannels => whole(output.channels() as u64),
            Answer::Parameters => whole(cost.parameters),
            Answer::Macs => whole(cost.macs),
            Answer::Value(step) => {
                let Some(staged_layer) = staging.staged_layers.first() else {
                    self.error(
                        &here,
                        Localized::new(
                            "a network has no steps to ask for",
                            "ネットワークのシーンにステップはありません",
                        ),
                        NO_HELP,
                    );
                    return None;
                };
                if step >= staged_layer.plan.step_count() {
                    let count = staged_layer.plan.step_count() as usize;
                    self.error(&here, Thing::Step.none(step as usize, count), NO_HELP);
                    return None;
                }
                let value = staged_layer
                    .plan
                    .explain(step, &staged_layer.operands)
                    .value;
                f64::from((value * 1e4).round()) / 1e4
            }
        };
        // A choice may group its digits, as in 1,024, and name its unit.
        let number = |text: &str| {
            let text = text.replace(',', "").replace('−', "-");
            let mut words = text.split(|character: char| {
                !character.is_ascii_digit() && character != '.' && character != '-'
            });
            words
                .find(|word| !word.is_empty())
                .and_then(|word| word.parse::<f64>().ok())
        };
        let says = |text: &str| number(text).is_some_and(|number| (number - right).abs() < 1e-6);
        let found = choices
            .iter()
            .position(|choice| says(&choice.en) && says(&choice.ja));
        if found.is_none() {
            self.error(
                &here,
                says!(
                    en: "the answer is {right}, but no choice says so",
                    ja: "正解は {right} ですが、そう書いた選択肢がありません"
                ),
                says!(
                    en: "add {right} to `choices`",
                    ja: "`choices` に {right} を加えてください"
                ),
            );
        }
        found
    }

    fn marked(
        &mut self,
        path: &str,
        text: Option<&Localized<Narration>>,
        at: &BTreeMap<String, RawAction>,
        staging: Option<&Staging>,
    ) -> Vec<(String, Vec<Action>)> {
        let mut checked = Vec::new();
        for (name, action) in at {
            let entry = format!("{path}.at.{name}");
            for language in Language::ALL {
                if text.is_some_and(|text| text.get(language).mark(name).is_none()) {
                    let in_language = name_of(language);
                    self.error(
                        &entry,
                        says!(
                            with [in_language];
                            en: "the {in_language} text has no mark `[{name}]`",
                            ja: "{in_language}の文に印 `[{name}]` がありません"
                        ),
                        says!(
                            en: "put `[{name}]` where this should happen, in every language",
                            ja: "どの言語の文にも、これが起こる所に `[{name}]` を書いてください"
                        ),
                    );
                }
            }
            let mut actions = Vec::new();
            self.action(&entry, action, staging, &mut actions);
            checked.push((name.clone(), actions));
        }
        for language in Language::ALL {
            for mark in text.map_or(&[][..], |text| &text.get(language).marks) {
                if !at.contains_key(&mark.name) {
                    let span = self.map.span(&format!("{path}.text.{language}"));
                    let name = &mark.name;
                    self.diagnostics.warning(
                        span,
                        says!(
                            en: "nothing happens at the mark `[{name}]`",
                            ja: "印 `[{name}]` で起こることがありません"
                        ),
                        says!(
                            en: "add `at: {{\"{name}\": …}}`, or remove the mark",
                            ja: "`at: {{\"{name}\": …}}` を書くか、印を取り除いてください"
                        ),
                    );
                }
            }
        }
        checked
    }

    fn actions(
        &mut self,
        path: &str,
        camera: Option<&RawShot>,
        raw: &[RawAction],
        staging: Option<&Staging>,
    ) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(shot) = camera {
            actions.push(Action::Camera(self.shot(
                &format!("{path}.camera"),
                shot,
                staging,
            )));
        }
        for (index, action) in raw.iter().enumerate() {
            self.action(
                &format!("{path}.do[{index}]"),
                action,
                staging,
                &mut actions,
            );
        }
        actions
    }

    fn action(
        &mut self,
        path: &str,
        raw: &RawAction,
        staging: Option<&Staging>,
        into: &mut Vec<Action>,
    ) {
        let first = format!("{path}[0]");
        into.push(match raw {
            RawAction::Run { to, over, pace } => {
                if let Some(over) = over {
                    self.seconds(&format!("{path}.over"), *over);
                }
                let to = self.target(&format!("{path}.to"), *to, staging);
                Action::Run {
                    to,
                    over: *over,
                    pace: *pace,
                }
            }
            RawAction::Show(parts) => Action::Show(self.parts(&first, parts, staging)),
            RawAction::Hide(parts) => Action::Hide(self.parts(&first, parts, staging)),
            RawAction::Focus(parts) => Action::Focus(self.parts(&first, parts, staging)),
            RawAction::Formula(formula) => Action::Formula(*formula),
            RawAction::Camera(shot) => Action::Camera(self.shot(&first, shot, staging)),
            RawAction::Together(list) => {
                for (index, action) in list.iter().enumerate() {
                    self.action(&format!("{first}[{index}]"), action, staging, into);
                }
                return;
            }
        });
    }

    fn shot(&mut self, path: &str, raw: &RawShot, staging: Option<&Staging>) -> Shot {
        if !(raw.yaw.is_finite() && raw.yaw.abs() <= 360.0) {
            self.error(
                &format!("{path}.yaw"),
                Localized::new(
                    "yaw must be from -360 to 360 degrees",
                    "yaw は -360 度から 360 度までです",
                ),
                NO_HELP,
            );
        }
        if !(raw.pitch.is_finite() && raw.pitch.abs() <= 90.0) {
            self.error(
                &format!("{path}.pitch"),
                Localized::new(
                    "pitch must be from -90 to 90 degrees",
                    "pitch は -90 度から 90 度までです",
                ),
                NO_HELP,
            );
        }
        if !(raw.room.is_finite() && (0.2..=10.0).contains(&raw.room)) {
            self.error(
                &format!("{path}.room"),
                Localized::new(
                    "room must be from 0.2 to 10; 1 fits, 2 makes it half as large",
                    "room は 0.2 から 10 までです。1 でちょうど収まり、2 で半分の大きさになります",
                ),
                NO_HELP,
            );
        }
        let frame = self.parts(&format!("{path}.frame"), &raw.frame, staging);
        checked_shot(raw, frame)
    }

    fn parts(&mut self, path: &str, parts: &[Part], staging: Option<&Staging>) -> Vec<Part> {
        if let Some(staging) = staging {
            for (index, part) in parts.iter().enumerate() {
                if let Err((message, help)) = part_exists(*part, staging) {
                    self.error(&format!("{path}[{index}]"), message, help);
                }
            }
        }
        parts.to_vec()
    }

    /// How far each side goes to reach a target; `None` where it stays.
    fn target(
        &mut self,
        path: &str,
        target: Target,
        staging: Option<&Staging>,
    ) -> Vec<Option<f64>> {
        let Some(staging) = staging else {
            return Vec::new();
        };
        let sides = 0..staging.sides.len();
        let whole = |side: usize| staging.visit_count(side) as f64;
        let local = match target {
            Target::Start => return sides.map(|_| Some(0.0)).collect(),
            Target::End => return sides.map(|side| Some(whole(side))).collect(),
            Target::Share(share) => {
                if !(0.0..=1.0).contains(&share) {
                    self.error(
                        path,
                        Localized::new("a share must be from 0 to 1", "割合は 0 から 1 までです"),
                        NO_HELP,
                    );
                }
                return sides.map(|side| Some(share * whole(side))).collect();
            }
            Target::Step(done) => LayerTarget::Step(done),
            Target::Phase { step, phase } => LayerTarget::Phase { step, phase },
            Target::Filter(filter) => LayerTarget::Filter(filter),
            Target::Layer(layer) => return self.in_layer(path, layer, LayerTarget::End, staging),
            Target::In(layer, local) => return self.in_layer(path, layer, local, staging),
        };
        if sides.len() == 1 {
            return self.in_layer(path, 0, local, staging);
        }
        // In a comparison each side goes as far as it has steps, filters and phases; one must.
        let reached: Vec<Result<f64, Mistake>> = sides
            .map(|side| {
                reach(
                    &staging.staged_layers[staging.sides[side].staged_layers.start],
                    local,
                )
            })
            .collect();
        if reached.iter().all(Result::is_err) {
            let whys = reached.iter().enumerate();
            let whys = whys.filter_map(|(side, reached)| {
                let (why, _) = reached.as_ref().err()?;
                Some(says!(with [why]; en: "in side {side} {why}", ja: "サイド {side} では、{why}"))
            });
            let help = Localized::join(whys, Localized::new("; ", "。"));
            let message = Localized::new(
                "no side of the comparison gets there",
                "比較のどのサイドもそこに達しません",
            );
            self.error(path, message, help);
        }
        reached
            .into_iter()
            .enumerate()
            .map(|(side, reached)| {
                Some(reached.map_or(whole(side), |local| local.min(whole(side))))
            })
            .collect()
    }

    fn in_layer(
        &mut self,
        path: &str,
        layer: usize,
        target: LayerTarget,
        staging: &Staging,
    ) -> Vec<Option<f64>> {
        let mut sides = vec![None; staging.sides.len()];
        let Some(staged_layer) = staging.staged_layers.get(layer) else {
            let message = Thing::Layer.none(layer, staging.staged_layers.len());
            self.error(path, message, numbering(Thing::Layer, staging));
            return sides;
        };
        match reach(staged_layer, target) {
            Ok(local) => {
                let before = staging.before(staged_layer.side, layer) as f64;
                sides[staged_layer.side] = Some(before + local);
            }
            Err((message, help)) => self.error(path, message, help),
        }
        sides
    }

    fn seconds(&mut self, path: &str, seconds: f64) {
        if !(seconds.is_finite() && seconds > 0.0 && seconds <= LONGEST) {
            self.error(
                path,
                says!(
                    en: "a duration must be more than 0 and at most {LONGEST} seconds",
                    ja: "長さは 0 秒より長く、{LONGEST} 秒以下でなければなりません"
                ),
                NO_HELP,
            );
        }
    }
}

/// Reads a network and runs it on an input.
fn run_network(
    file: &str,
    input: &RawInput,
    read: &ReadFile,
) -> Result<RunNetwork, Localized<String>> {
    let subject = Subject::network_named(file, read).map_err(|why| why.message())?;
    let (channels, rows, columns) = input.shape;
    let shape = Shape::new(&[channels, rows, columns]).map_err(|why| why.message())?;
    let graph = subject.graph(&shape).map_err(|why| why.message())?;
    let mut inputs = Vec::new();
    for &id in graph.inputs() {
        let Some(whole) = graph.value(id).shape else {
            continue;
        };
        // One sample, in the shape that the network asks for.
        let tensor = match graph
            .sample_shape(id)
            .filter(|sample| sample.count() == shape.count())
        {
            Some(_) => input
                .fill
                .make_with(&shape, read)
                .map_err(|why| why.message())?,
            None => input
                .fill
                .make_with(&whole, read)
                .map_err(|why| why.message())?,
        };
        let tensor = tensor.reshaped(whole).map_err(|why| why.message())?;
        inputs.push((id, tensor));
    }
    RunNetwork::new(graph, &inputs).map_err(|why| why.message())
}

/// The name of a language in each language.
const fn name_of(language: Language) -> Localized<&'static str> {
    match language {
        Language::En => Localized::new("English", "英語"),
        Language::Ja => Localized::new("Japanese", "日本語"),
    }
}

pub(super) fn checked_shot(raw: &RawShot, frame: Vec<Part>) -> Shot {
    Shot {
        yaw: raw.yaw,
        pitch: raw.pitch,
        frame,
        room: raw.room,
    }
}
