//! The beats of a scene, and what happens in them.

use std::collections::BTreeMap;

use super::Checker;
use crate::language::{Language, Localized, says};
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::{Action as RawAction, RawBeat, RawShot};
use crate::lesson::text::Narration;
use crate::lesson::{Action, Beat, Question, Staging};

/// Seconds that a beat may last at most; longer ones are slips of the pen.
const LONGEST: f64 = 600.0;

impl Checker {
    pub(super) fn beat(
        &mut self,
        path: &str,
        raw: &RawBeat,
        staging: Option<&Staging>,
    ) -> Option<Beat> {
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
                    let wide = format!("［{name}］");
                    let is_wide =
                        text.is_some_and(|text| text.get(language).display.contains(&wide));
                    let help = if is_wide {
                        says!(
                            en: "write `[{name}]`, with half-width brackets",
                            ja: "半角のかっこで `[{name}]` と書いてください"
                        )
                    } else {
                        says!(
                            en: "put `[{name}]` where this should happen, in every language",
                            ja: "どの言語の文にも、これが起こる所に `[{name}]` を書いてください"
                        )
                    };
                    self.error(
                        &entry,
                        says!(
                            with [in_language];
                            en: "the {in_language} text has no mark `[{name}]`",
                            ja: "{in_language}の文に印 `[{name}]` がありません"
                        ),
                        help,
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
                    let help = if name == "pause" {
                        says!(
                            en: "a pause has its seconds: `[pause 0.5]`",
                            ja: "間には秒数を書いてください: `[pause 0.5]`"
                        )
                    } else {
                        says!(
                            en: "add `at: {{\"{name}\": …}}`, or remove the mark",
                            ja: "`at: {{\"{name}\": …}}` を書くか、印を取り除いてください"
                        )
                    };
                    self.diagnostics.warning(
                        span,
                        says!(
                            en: "nothing happens at the mark `[{name}]`",
                            ja: "印 `[{name}]` で起こることがありません"
                        ),
                        help,
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

/// The name of a language in each language.
pub(super) const fn name_of(language: Language) -> Localized<&'static str> {
    match language {
        Language::En => Localized::new("English", "英語"),
        Language::Ja => Localized::new("Japanese", "日本語"),
    }
}
