//! A setup as a lesson in notation: what the workbench saves, and what it records.

use std::collections::BTreeMap;

use super::setup::Setup;
use crate::lesson::Localized;
use crate::lesson::schema::{
    Action, Formula, Pace, RawBeat, RawInput, RawLesson, RawScene, RawShot, RawText, Target,
};
use crate::op::Layer;

/// What stands above the lesson.
const HEAD: &str =
    "// Made by `tensorama explore`. docs/lessons.md says what else a lesson can hold.\n";

/// What a lesson holds besides the setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The lesson's name.
    pub title: Localized<String>,
    /// The direction from which the camera looks: degrees to the right and up.
    pub shot: Option<(f32, f32)>,
    /// Seconds of the run.
    pub seconds: f64,
}

/// The text of a one-scene lesson, which `tensorama check` accepts wherever the setup can be shown.
///
/// # Errors
/// When it cannot be written; no setup is known for which that is so.
pub fn text(setup: &Setup, saved: &Saved) -> Result<String, ron::Error> {
    let lesson = crate::lesson::write(&lesson(setup, saved))?;
    Ok(format!("{HEAD}{lesson}\n"))
}

/// The lesson: a first step with its arithmetic, the run, the output's shape.
fn lesson(setup: &Setup, saved: &Saved) -> RawLesson {
    let title = RawText {
        en: Some(saved.title.en.clone()),
        ja: Some(saved.title.ja.clone()),
    };
    let run = |to, over, card: Option<Formula>| RawBeat::Run {
        to,
        over,
        pace: Pace::default(),
        camera: None,
        actions: card.into_iter().map(Action::Formula).collect(),
    };
    let [channels, rows, columns] = setup.input;
    RawLesson {
        title: title.clone(),
        goal: None,
        input: None,
        layers: None,
        number: None,
        next: None,
        sources: Vec::new(),
        facts: Vec::new(),
        scenes: vec![RawScene {
            title,
            input: Some(RawInput {
                shape: (channels, rows, columns),
                fill: setup.fill.clone(),
            }),
            layers: Some(setup.layers.clone()),
            compare: None,
            network: None,
            names: BTreeMap::new(),
            order: setup.order,
            show: None,
            camera: saved.shot.map(|(yaw, pitch)| RawShot {
                yaw,
                pitch,
                ..RawShot::default()
            }),
            from: None,
            beats: vec![
                RawBeat::Hold(1.0),
                run(Target::Step(1), 6.0, Some(Formula::Value)),
                run(Target::End, tenths(saved.seconds), None),
                run(Target::End, 1.0, Some(Formula::Shape)),
                RawBeat::Hold(3.0),
            ],
        }],
    }
}

/// Seconds as a person would write them.
fn tenths(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

/// A name for the lesson of a setup.
#[must_use]
pub fn title(setup: &Setup) -> Localized<String> {
    let names: Vec<&str> = setup.layers.iter().map(Layer::name).collect();
    let what = names.join(" + ");
    let [channels, rows, columns] = setup.input;
    Localized {
        en: format!("{what} on {channels} × {rows} × {columns}"),
        ja: format!("{channels} × {rows} × {columns} への {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Kind, Parameter, parameters};
    use crate::op::{Conv2d, LoopOrder, Padding, Sequential};
    use crate::tensor::Fill;

    fn saved() -> Saved {
        Saved {
            title: Localized {
                en: "A \"quoted\" \\ title".to_owned(),
                ja: "題名".to_owned(),
            },
            shot: Some((-12.5, 30.0)),
            seconds: 12.34,
        }
    }

    #[test]
    fn every_kind_of_layer_reads_back_as_it_was() {
        for kind in Kind::ALL.iter().copied() {
            let mut setup = Setup::default();
            setup.layers[0] = kind.layer();
            // Nothing is at its usual value.
            for parameter in Parameter::NUMBERS {
                if let Some(value) = parameters::number(&setup, parameter) {
                    parameters::set_number(&mut setup, parameter, value + 1);
                }
            }
            let text = text(&setup, &saved()).unwrap();
            let back = crate::lesson::parse(&text).unwrap();
            assert_eq!(back, lesson(&setup, &saved()), "{text}");
        }
    }

    #[test]
    fn every_fill_reads_back_as_it_was() {
        let fills = [
            Fill::Ramp,
            Fill::Count,
            Fill::Checkerboard,
            Fill::SobelX,
            Fill::Random { seed: 9 },
            Fill::Uniform { seed: 3 },
            Fill::Impulse { at: None },
            Fill::Impulse {
                at: Some([0, 1, 2]),
            },
            Fill::Constant(-0.5),
            Fill::Constant(3.0),
            Fill::Values(vec![1.0, -2.25, 0.1]),
            Fill::Image("a \"b\"\\c.png".to_owned()),
            Fill::File("x.npy".to_owned()),
            Fill::Named {
                file: "m.safetensors".to_owned(),
                tensor: "conv.weight".to_owned(),
            },
        ];
        for each in fills {
            let back: Fill = ron::from_str(&ron::to_string(&each).unwrap()).unwrap();
            assert_eq!(back, each);
            let setup = Setup {
                fill: each.clone(),
                ..Setup::default()
            };
            let text = text(&setup, &saved()).unwrap();
            let back = crate::lesson::parse(&text).unwrap();
            assert_eq!(back.scenes[0].input.as_ref().unwrap().fill, each, "{text}");
        }
    }

    #[test]
    fn a_saved_lesson_is_as_an_author_would_write_it() {
        let setup = Setup {
            layers: vec![
                Layer::from(Conv2d {
                    padding: Padding::Size(1, 1),
                    weights: Fill::SobelX,
                    ..Conv2d::new(4, (3, 3))
                }),
                Kind::ReLU.layer(),
            ],
            order: LoopOrder::PositionMajor,
            ..Setup::default()
        };
        let expected = r#"// Made by `tensorama explore`. docs/lessons.md says what else a lesson can hold.
Lesson(
    title: Text(
        en: "A \"quoted\" \\ title",
        ja: "題名",
    ),
    scenes: [
        Scene(
            title: Text(
                en: "A \"quoted\" \\ title",
                ja: "題名",
            ),
            input: Input(
                shape: (3, 6, 6),
                fill: Ramp,
            ),
            layers: [
                Conv2d(filters: 4, kernel: (3, 3), padding: Size(1, 1), weights: SobelX),
                ReLU,
            ],
            order: PositionMajor,
            camera: Shot(
                yaw: -12.5,
                pitch: 30.0,
            ),
            beats: [
                Hold(1.0),
                Run(to: Step(1), over: 6.0, do: [Formula(Value)]),
                Run(to: End, over: 12.3),
                Run(to: End, over: 1.0, do: [Formula(Shape)]),
                Hold(3.0),
            ],
        ),
    ],
)
"#;
        assert_eq!(text(&setup, &saved()).unwrap(), expected);
    }

    #[test]
    fn what_was_saved_before_is_still_read() {
        let before = r#"// Made by `tensorama explore`. docs/lessons.md says what else a lesson can hold.
Lesson(
    title: (en: "A \"quoted\" \\ title", ja: "題名"),
    scenes: [
        Scene(
            title: (en: "A \"quoted\" \\ title", ja: "題名"),
            input: (shape: (3, 6, 6), fill: Impulse(at: (0, 3, 3))),
            layers: [
                Conv2d(filters: 4, kernel: (3, 3), padding: Sides(top: 1, left: 2)),
                Sequential([ReLU]),
            ],
            order: ChannelMajor,
            camera: Shot(yaw: -12.5, pitch: 30.0),
            beats: [
                Hold(1.0),
                Run(to: Step(1), over: 6.0, do: [Formula(Value)]),
                Run(to: End, over: 12.3),
                Run(to: End, over: 1.0, do: [Formula(Shape)]),
                Hold(3.0),
            ],
        ),
    ],
)
"#;
        let padding = Padding::Sides {
            top: 1,
            bottom: 0,
            left: 2,
            right: 0,
        };
        let convolution = Layer::from(Conv2d {
            padding,
            ..Conv2d::new(4, (3, 3))
        });
        let setup = Setup {
            fill: Fill::Impulse {
                at: Some([0, 3, 3]),
            },
            layers: vec![convolution, Sequential(vec![Kind::ReLU.layer()]).into()],
            order: LoopOrder::ChannelMajor,
            ..Setup::default()
        };
        assert_eq!(
            crate::lesson::parse(before).unwrap(),
            lesson(&setup, &saved())
        );
        // What is as usual is left out, as it was.
        let after = text(&setup, &saved()).unwrap();
        let of_layers = |text: &str| {
            let lines = text.lines().skip_while(|line| !line.contains("layers"));
            let lines = lines.skip(1).take_while(|line| line.trim() != "],");
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of_layers(&after), of_layers(before));
    }

    #[test]
    fn a_written_lesson_passes_the_check_without_a_warning() {
        let text = text(&Setup::default(), &saved()).unwrap();
        let (read, diagnostics) = crate::lesson::read("kept.ron", &text).unwrap();
        assert!(diagnostics.list.is_empty(), "{diagnostics}");
        assert_eq!(read.title, saved().title);
        assert!((read.scenes[0].camera.yaw + 12.5).abs() < 1e-6);
    }
}
