//! From a file's text to a checked lesson, or to everything that is wrong with it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::diagnostic::Diagnostics;
use super::schema::{
    Action as RawAction, Answer, Part, RawBeat, RawLesson, RawScene, RawShot, RawText, Target,
};
use super::source_map::SourceMap;
use super::text::Narration;
use super::{Action, Beat, ELEMENT_LIMIT, Language, Lesson, Localized, Question, Scene, Shot};
use crate::op::{Layer, Operands, Plan};
use crate::tensor::read_file;

/// Seconds that a beat may last at most; longer ones are slips of the pen.
const LONGEST: f64 = 600.0;

/// Reads and checks a lesson. The list that comes with a lesson holds warnings only.
///
/// # Errors
/// Everything that keeps the lesson from being played: one syntax error, or all errors of meaning.
pub fn read(file: &str, source: &str) -> Result<(Lesson, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::new(file, source);
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let raw: RawLesson = match options.from_str(source) {
        Ok(raw) => raw,
        Err(error) => {
            let span = syntax_span(source, &error.span);
            diagnostics.error(
                span,
                sentence(&error.code.to_string()),
                syntax_help(&error.code),
            );
            return Err(diagnostics);
        }
    };
    let mut checker = Checker {
        map: SourceMap::new(source),
        diagnostics,
    };
    let lesson = checker.lesson(&raw);
    let mut diagnostics = checker.diagnostics;
    diagnostics
        .list
        .sort_by_key(|diagnostic| diagnostic.span.start);
    match lesson {
        Some(lesson) if !diagnostics.has_errors() => Ok((lesson, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// Where the parser stopped, in bytes.
fn syntax_span(source: &str, span: &ron::error::Span) -> Range<usize> {
    let offset = |position: &ron::error::Position| {
        let line_start: usize = source
            .split_inclusive('\n')
            .take(position.line.saturating_sub(1))
            .map(str::len)
            .sum();
        let line = &source[line_start.min(source.len())..];
        let column = line.char_indices().nth(position.col.saturating_sub(1));
        line_start + column.map_or(line.len(), |(index, _)| index)
    };
    let start = offset(&span.start).min(source.len());
    let end = offset(&span.end).clamp(start, source.len());
    if start == end {
        // An empty span shows nothing: take the character there, or the last one of the file.
        let start = if start == source.len() {
            source.trim_end().len().saturating_sub(1)
        } else {
            start
        };
        let start = (0..=start)
            .rev()
            .find(|at| source.is_char_boundary(*at))
            .unwrap_or(0);
        let length = source[start..].chars().next().map_or(0, char::len_utf8);
        return start..start + length;
    }
    start..end
}

fn sentence(message: &str) -> String {
    message.trim_end_matches('.').to_owned()
}

fn syntax_help(code: &ron::Error) -> String {
    use ron::Error;
    match code {
        Error::NoSuchStructField { expected, .. } => {
            format!("the fields here are {}", expected.join(", "))
        }
        Error::NoSuchEnumVariant { expected, .. } => {
            format!("what may stand here: {}", expected.join(", "))
        }
        Error::MissingStructField { field, .. } => format!("add `{field}: …`"),
        Error::ExpectedComma | Error::ExpectedArrayEnd | Error::ExpectedStructLikeEnd => {
            "a comma or a closing bracket may be missing just before this".to_owned()
        }
        Error::ExpectedStringEnd => "the text's closing `\"` is missing".to_owned(),
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => {
            "a value in brackets belongs here: a kernel of three by three is `kernel: (3, 3)`"
                .to_owned()
        }
        Error::ExpectedArray => "a list belongs here, in square brackets: `[ … ]`".to_owned(),
        Error::InvalidIdentifier(word) if word.parse::<u32>().is_ok() => {
            format!(
                "a name belongs here; a padding of {word} on all sides is `padding: Size({word}, {word})`"
            )
        }
        _ => "docs/lessons.md lists what a lesson may hold".to_owned(),
    }
}

struct Checker {
    map: SourceMap,
    diagnostics: Diagnostics,
}

impl Checker {
    fn error(&mut self, path: &str, message: impl Into<String>, help: impl Into<String>) {
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

    /// Reads the files that fills name: from the lesson's own folder.
    fn reader(&self) -> impl Fn(&str) -> Result<Vec<u8>, String> + use<> {
        let folder = Path::new(&self.diagnostics.file)
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default();
        move |name| read_file(&folder.join(name).to_string_lossy())
    }

    fn lesson(&mut self, raw: &RawLesson) -> Option<Lesson> {
        let title = self.text("title", &raw.title);
        let goal = raw.goal.as_ref().map(|goal| self.text("goal", goal));
        if raw.scenes.is_empty() {
            self.error(
                "scenes",
                "a lesson needs at least one scene",
                "add `Scene(…)`",
            );
        }
        let scenes: Vec<Option<Scene>> = raw
            .scenes
            .iter()
            .enumerate()
            .map(|(index, scene)| self.scene(&format!("scenes[{index}]"), scene, raw))
            .collect();
        Some(Lesson {
            title: title?,
            goal: match goal {
                Some(goal) => Some(goal?),
                None => None,
            },
            scenes: scenes.into_iter().collect::<Option<_>>()?,
        })
    }

    /// A text in each language, as it stands.
    fn text(&mut self, path: &str, raw: &RawText) -> Option<Localized<String>> {
        let mut in_language = |language: Language, text: &Option<String>| match text {
            Some(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.error(
                    path,
                    format!("the text in {} is missing", english_name(language)),
                    format!("add `{language}: \"…\"`; every text exists in English and Japanese"),
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
                    self.diagnostics.error(span, error.to_string(), "");
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
                "a scene needs at least one beat",
                "add `Say(…)`, `Run(…)`, `Predict(…)` or `Hold(…)`",
            );
        }
        let operation = self.operation(path, raw, lesson);
        // Beats are checked even where the operation cannot be: all mistakes in one run.
        let plan = operation.as_ref().map(|(plan, ..)| plan);
        let show = match &raw.show {
            Some(parts) => self.parts(&format!("{path}.show"), parts, plan),
            None => plan.map_or_else(Vec::new, all_parts),
        };
        let camera = match &raw.camera {
            Some(shot) => self.shot(&format!("{path}.camera"), shot, plan),
            None => checked_shot(&RawShot::default(), Vec::new()),
        };
        let from = match &raw.from {
            Some(target) => self.target(&format!("{path}.from"), *target, plan),
            None => 0.0,
        };
        let beats: Vec<Option<Beat>> = raw
            .beats
            .iter()
            .enumerate()
            .map(|(index, beat)| self.beat(&format!("{path}.beats[{index}]"), beat, plan))
            .collect();
        let (plan, operands, output) = operation?;
        Some(Scene {
            title: title?,
            plan,
            operands,
            output,
            show,
            camera,
            from,
            beats: beats.into_iter().collect::<Option<_>>()?,
        })
    }

    fn operation(
        &mut self,
        scene: &str,
        raw: &RawScene,
        lesson: &RawLesson,
    ) -> Option<(Plan, Operands, crate::tensor::Tensor)> {
        // What a scene does not have it takes from the lesson, and there its mistakes are shown.
        let own = |own: bool, field: &str| {
            if own {
                format!("{scene}.{field}")
            } else {
                field.to_owned()
            }
        };
        let input_path = own(raw.input.is_some(), "input");
        let layers = own(raw.layers.is_some(), "layers");
        let Some(raw_input) = raw.input.as_ref().or(lesson.input.as_ref()) else {
            self.error(
                scene,
                "the scene has no input",
                "add `input: (shape: (3, 6, 6), fill: Ramp)` to it or to the lesson",
            );
            return None;
        };
        let Some(raw_layers) = raw.layers.as_ref().or(lesson.layers.as_ref()) else {
            self.error(
                scene,
                "the scene has no layers",
                "add `layers: [Conv2d(filters: 4, kernel: (3, 3))]` to it or to the lesson",
            );
            return None;
        };
        let [layer] = raw_layers.as_slice() else {
            self.error(
                &layers,
                format!(
                    "a scene shows one layer, and this one has {}",
                    raw_layers.len()
                ),
                "give each layer a scene of its own",
            );
            return None;
        };
        let (channels, height, width) = raw_input.shape;
        let shape = match crate::tensor::Shape::new(&[channels, height, width]) {
            Ok(shape) => shape,
            Err(error) => {
                self.error(&format!("{input_path}.shape"), error.to_string(), "");
                return None;
            }
        };
        if shape.count() > ELEMENT_LIMIT {
            self.error(
                &format!("{input_path}.shape"),
                format!(
                    "the input has {} elements, and a scene holds {ELEMENT_LIMIT}",
                    shape.count()
                ),
                "make its height or width smaller, or show fewer of its channels",
            );
            return None;
        }
        let input = match raw_input.fill.make_with(&shape, &self.reader()) {
            Ok(input) => input,
            Err(error) => {
                self.error(&format!("{input_path}.fill"), error.to_string(), "");
                return None;
            }
        };
        let plan = match layer.plan(&shape) {
            Ok(plan) => plan,
            Err(error) => {
                self.error(&format!("{layers}[0]"), error.to_string(), "");
                return None;
            }
        };
        if !can_be_staged(&plan) {
            self.error(
                &format!("{layers}[0]"),
                format!("the stage cannot show {} yet", plan.layer().name()),
                "what it can show: Conv2d, Depthwise, Pointwise, MaxPool2d, AvgPool2d, PixelShuffle, PixelUnshuffle",
            );
            return None;
        }
        let elements = shape.count()
            + plan.output_shape().count()
            + plan.padded_shape().count()
            + 3 * plan.weight_shape().map_or(0, |shape| shape.count());
        if elements > ELEMENT_LIMIT {
            self.error(
                &format!("{layers}[0]"),
                format!("the scene needs {elements} cubes, and the limit is {ELEMENT_LIMIT}"),
                "make the input smaller or take fewer filters",
            );
            return None;
        }
        let operands = match plan.filled_with(input, &self.reader()) {
            Ok(operands) => operands,
            Err(error) => {
                self.error(&format!("{layers}[0]"), error.to_string(), "");
                return None;
            }
        };
        match plan.evaluate(&operands) {
            Ok(output) => Some((plan, operands, output)),
            Err(error) => {
                self.error(&format!("{layers}[0]"), error.to_string(), "");
                None
            }
        }
    }

    fn beat(&mut self, path: &str, raw: &RawBeat, plan: Option<&Plan>) -> Option<Beat> {
        match raw {
            RawBeat::Say {
                text,
                at,
                camera,
                actions,
            } => {
                let text = self.narration(&format!("{path}.text"), text);
                let actions = self.actions(path, camera.as_ref(), actions, plan);
                let at = self.marked(path, text.as_ref(), at, plan);
                Some(Beat::Say {
                    text: text?,
                    at,
                    actions,
                })
            }
            RawBeat::Run {
                to,
                over,
                camera,
                actions,
            } => {
                self.seconds(&format!("{path}.over"), *over);
                let to = self.target(&format!("{path}.to"), *to, plan);
                let actions = self.actions(path, camera.as_ref(), actions, plan);
                Some(Beat::Run {
                    to,
                    over: *over,
                    actions,
                })
            }
            RawBeat::Predict {
                ask,
                choices,
                answer,
                over,
            } => {
                self.seconds(&format!("{path}.over"), *over);
                let ask = self.text(&format!("{path}.ask"), ask);
                let choices: Vec<Option<Localized<String>>> = choices
                    .iter()
                    .enumerate()
                    .map(|(index, choice)| {
                        self.text(&format!("{path}.choices[{index}]"), &choice.0)
                    })
                    .collect();
                let choices: Option<Vec<Localized<String>>> = choices.into_iter().collect();
                let answer = self.answer(path, choices.as_deref(), *answer, plan);
                let question = Question {
                    ask: ask?,
                    choices: choices?,
                    answer: answer?,
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
        plan: Option<&Plan>,
    ) -> Option<usize> {
        let (choices, plan) = (choices?, plan?);
        if choices.len() < 2 {
            self.error(
                &format!("{path}.choices"),
                "a prediction needs at least two choices",
                "",
            );
        }
        let here = format!("{path}.answer");
        let output = plan.output_shape();
        let right = match answer {
            Answer::Choice(index) if index < choices.len() => return Some(index),
            Answer::Choice(index) => {
                self.error(&here, no_such("choice", index, choices.len()), "");
                return None;
            }
            Answer::OutputWidth => output.width() as u64,
            Answer::OutputHeight => output.height() as u64,
            Answer::OutputChannels => output.channels() as u64,
            Answer::Parameters => plan.cost().parameters,
            Answer::Macs => plan.cost().macs,
        };
        // A choice may group its digits, as in 1,024, and name its unit.
        let number = |text: &str| {
            let text = text.replace(',', "");
            let mut words = text.split(|character: char| {
                !character.is_ascii_digit() && character != '.' && character != '-'
            });
            words
                .find(|word| !word.is_empty())
                .and_then(|word| word.parse::<f64>().ok())
        };
        let says = |text: &str| number(text) == Some(right as f64);
        let found = choices
            .iter()
            .position(|choice| says(&choice.en) && says(&choice.ja));
        if found.is_none() {
            self.error(
                &here,
                format!("the answer is {right}, and no choice says so"),
                format!("add {right} to `choices`"),
            );
        }
        found
    }

    fn marked(
        &mut self,
        path: &str,
        text: Option<&Localized<Narration>>,
        at: &BTreeMap<String, RawAction>,
        plan: Option<&Plan>,
    ) -> Vec<(String, Vec<Action>)> {
        let mut checked = Vec::new();
        for (name, action) in at {
            let entry = format!("{path}.at.{name}");
            for language in Language::ALL {
                if text.is_some_and(|text| text.get(language).mark(name).is_none()) {
                    self.error(
                        &entry,
                        format!("the {} text has no mark `[{name}]`", english_name(language)),
                        format!("put `[{name}]` where this is to happen, in every language"),
                    );
                }
            }
            let mut actions = Vec::new();
            self.action(&entry, action, plan, &mut actions);
            checked.push((name.clone(), actions));
        }
        for language in Language::ALL {
            for mark in text.map_or(&[][..], |text| &text.get(language).marks) {
                if !at.contains_key(&mark.name) {
                    let span = self.map.span(&format!("{path}.text.{language}"));
                    self.diagnostics.warning(
                        span,
                        format!("nothing happens at the mark `[{}]`", mark.name),
                        format!("add `at: {{\"{}\": …}}`, or take the mark out", mark.name),
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
        plan: Option<&Plan>,
    ) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(shot) = camera {
            actions.push(Action::Camera(self.shot(
                &format!("{path}.camera"),
                shot,
                plan,
            )));
        }
        for (index, action) in raw.iter().enumerate() {
            self.action(&format!("{path}.do[{index}]"), action, plan, &mut actions);
        }
        actions
    }

    fn action(&mut self, path: &str, raw: &RawAction, plan: Option<&Plan>, into: &mut Vec<Action>) {
        let first = format!("{path}[0]");
        into.push(match raw {
            RawAction::Run { to, over } => {
                if let Some(over) = over {
                    self.seconds(&format!("{path}.over"), *over);
                }
                let to = self.target(&format!("{path}.to"), *to, plan);
                Action::Run { to, over: *over }
            }
            RawAction::Show(parts) => Action::Show(self.parts(&first, parts, plan)),
            RawAction::Hide(parts) => Action::Hide(self.parts(&first, parts, plan)),
            RawAction::Focus(parts) => Action::Focus(self.parts(&first, parts, plan)),
            RawAction::Formula(formula) => Action::Formula(*formula),
            RawAction::Camera(shot) => Action::Camera(self.shot(&first, shot, plan)),
            RawAction::Together(list) => {
                for (index, action) in list.iter().enumerate() {
                    self.action(&format!("{first}[{index}]"), action, plan, into);
                }
                return;
            }
        });
    }

    fn shot(&mut self, path: &str, raw: &RawShot, plan: Option<&Plan>) -> Shot {
        if !(raw.yaw.is_finite() && raw.yaw.abs() <= 360.0) {
            self.error(
                &format!("{path}.yaw"),
                "a yaw is from -360 to 360 degrees",
                "",
            );
        }
        if !(raw.pitch.is_finite() && raw.pitch.abs() <= 90.0) {
            self.error(
                &format!("{path}.pitch"),
                "a pitch is from -90 to 90 degrees",
                "",
            );
        }
        if !(raw.room.is_finite() && (0.2..=10.0).contains(&raw.room)) {
            self.error(
                &format!("{path}.room"),
                "room is from 0.2 to 10; 1 fits, 2 leaves it half as large",
                "",
            );
        }
        let frame = self.parts(&format!("{path}.frame"), &raw.frame, plan);
        checked_shot(raw, frame)
    }

    fn parts(&mut self, path: &str, parts: &[Part], plan: Option<&Plan>) -> Vec<Part> {
        let Some(plan) = plan else {
            return parts.to_vec();
        };
        let filters = plan.weight_shape().map_or(0, |shape| shape.axes()[0]);
        for (index, part) in parts.iter().enumerate() {
            let here = format!("{path}[{index}]");
            match part {
                Part::Filter(filter) if *filter >= filters => {
                    self.error(&here, no_such("filter", *filter, filters), "");
                }
                Part::OutputChannel(channel) if *channel >= plan.output_shape().axes()[0] => {
                    let count = plan.output_shape().axes()[0];
                    self.error(&here, no_such("output channel", *channel, count), "");
                }
                Part::Padding if plan.padded_shape() == *plan.input_shape() => self.error(
                    &here,
                    "this layer has no padding",
                    "give the layer a padding, or leave this part out",
                ),
                _ => {}
            }
        }
        parts.to_vec()
    }

    fn target(&mut self, path: &str, target: Target, plan: Option<&Plan>) -> f64 {
        let Some(plan) = plan else {
            return 0.0;
        };
        let steps = plan.step_count();
        let step_exists = |step: u64| step < steps;
        match target {
            Target::Start => 0.0,
            Target::End => steps as f64,
            Target::Step(done) => {
                if done > steps {
                    self.error(
                        path,
                        format!("the operation has {steps} steps, not {done}"),
                        "",
                    );
                }
                done as f64
            }
            Target::Phase { step, phase } => {
                if !step_exists(step) {
                    let message = format!("there is no step {step}: the last one is {}", steps - 1);
                    self.error(path, message, "steps count from 0");
                }
                match plan
                    .phases()
                    .iter()
                    .position(|candidate| *candidate == phase)
                {
                    Some(index) => step as f64 + (index + 1) as f64 / plan.phases().len() as f64,
                    None => {
                        let phases: Vec<String> = plan
                            .phases()
                            .iter()
                            .map(|phase| format!("{phase:?}"))
                            .collect();
                        self.error(
                            path,
                            format!("this operation has no phase {phase:?}"),
                            format!("its phases are {}", phases.join(", ")),
                        );
                        0.0
                    }
                }
            }
            Target::Filter(filter) => {
                let output = plan.output_shape();
                let (filters, positions) =
                    (output.axes()[0], output.count() / output.axes()[0].max(1));
                if filter >= filters {
                    self.error(path, no_such("filter", filter, filters), "");
                }
                ((filter + 1) * positions) as f64
            }
        }
    }

    fn seconds(&mut self, path: &str, seconds: f64) {
        if !(seconds.is_finite() && seconds > 0.0 && seconds <= LONGEST) {
            self.error(
                path,
                format!("a duration is more than 0 and at most {LONGEST} seconds"),
                "",
            );
        }
    }
}

/// Whether the stage knows how to show a plan.
fn can_be_staged(plan: &Plan) -> bool {
    matches!(
        plan.layer(),
        Layer::Conv2d(_)
            | Layer::Depthwise(_)
            | Layer::Pointwise(_)
            | Layer::MaxPool2d(_)
            | Layer::AvgPool2d(_)
            | Layer::PixelShuffle(_)
            | Layer::PixelUnshuffle(_)
    )
}

fn english_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::Ja => "Japanese",
    }
}

fn no_such(what: &str, index: usize, count: usize) -> String {
    format!("there is no {what} {index}: there are {count}, counted from 0")
}

/// Everything that a scene of this plan can show, but the travelling kernel, which shows itself.
fn all_parts(plan: &Plan) -> Vec<Part> {
    let mut parts = vec![Part::Input, Part::Filters, Part::Output];
    if plan.padded_shape() != *plan.input_shape() {
        parts.push(Part::Padding);
    }
    parts
}

fn checked_shot(raw: &RawShot, frame: Vec<Part>) -> Shot {
    Shot {
        yaw: raw.yaw,
        pitch: raw.pitch,
        frame,
        room: raw.room,
    }
}
