//! A setup as the text of a lesson: what the workbench shows, what it saves and what it records are
//! the same data.

use std::fmt::Write as _;

use super::setup::Setup;
use crate::lesson::Localized;
use crate::op::{Layer, LoopOrder};
use crate::tensor::Fill;

/// What a lesson holds besides the setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The lesson's name.
    pub title: Localized<String>,
    /// The direction from which the camera looks: degrees to the right and up.
    pub shot: Option<(f32, f32)>,
    /// Seconds of the run.
    pub seconds: f64,
    /// Whether the cards with the arithmetic are shown, as in a lesson that is kept.
    pub cards: bool,
}

/// The text of a one-scene lesson, which `tensorama check` accepts wherever the setup can be shown.
#[must_use]
pub fn lesson(setup: &Setup, written: &Written) -> String {
    let title = format!(
        "(en: {}, ja: {})",
        quoted(&written.title.en),
        quoted(&written.title.ja)
    );
    let [channels, rows, columns] = setup.input;
    let layers = setup
        .layers
        .iter()
        .map(|each| format!("                {},\n", layer(each)))
        .collect::<String>();
    let order = match setup.order {
        LoopOrder::FilterMajor => String::new(),
        other => format!("            order: {other:?},\n"),
    };
    let camera = written.shot.map_or_else(String::new, |(yaw, pitch)| {
        format!(
            "            camera: Shot(yaw: {}, pitch: {}),\n",
            decimal(yaw),
            decimal(pitch)
        )
    });
    let run = format!("Run(to: End, over: {})", decimal(written.seconds as f32));
    let beats = if written.cards {
        format!(
            "                Hold(1.0),\n                Run(to: Step(1), over: 6.0, do: [Formula(Value)]),\n                {run},\n                Run(to: End, over: 1.0, do: [Formula(Shape)]),\n                Hold(3.0),\n"
        )
    } else {
        format!("                {run},\n")
    };
    format!(
        "// Made by `tensorama explore`. docs/lessons.md says what else a lesson can hold.\n\
         Lesson(\n    title: {title},\n    scenes: [\n        Scene(\n            title: {title},\n            \
         input: (shape: ({channels}, {rows}, {columns}), fill: {}),\n            layers: [\n{layers}            ],\n\
         {order}{camera}            beats: [\n{beats}            ],\n        ),\n    ],\n)\n",
        fill(&setup.fill)
    )
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

/// A text in RON.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A number in RON: whole ones keep a decimal, so that they read as real numbers.
fn decimal(value: f32) -> String {
    format!("{value:?}")
}

/// A fill in RON.
#[must_use]
pub fn fill(fill: &Fill) -> String {
    match fill {
        Fill::Random { seed } => format!("Random(seed: {seed})"),
        Fill::Uniform { seed } => format!("Uniform(seed: {seed})"),
        Fill::Impulse { at: None } => "Impulse()".to_owned(),
        Fill::Impulse {
            at: Some([a, b, c]),
        } => format!("Impulse(at: ({a}, {b}, {c}))"),
        Fill::Constant(value) => format!("Constant({})", decimal(*value)),
        Fill::Values(values) => {
            let numbers: Vec<String> = values.iter().copied().map(decimal).collect();
            format!("Values([{}])", numbers.join(", "))
        }
        Fill::Image(path) => format!("Image({})", quoted(path)),
        Fill::File(path) => format!("File({})", quoted(path)),
        Fill::Named { file, tensor } => {
            format!("Named(file: {}, tensor: {})", quoted(file), quoted(tensor))
        }
        word => format!("{word:?}"),
    }
}

/// A layer in RON; what is as usual is left out.
#[must_use]
pub fn layer(layer: &Layer) -> String {
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let line = ron::ser::PrettyConfig::new()
        .compact_arrays(true)
        .compact_structs(true);
    // Writing to memory fails for no layer.
    options.to_string_pretty(layer, line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Kind, Parameter, parameters};

    fn written() -> Written {
        Written {
            title: Localized {
                en: "A \"quoted\" \\ title".to_owned(),
                ja: "題名".to_owned(),
            },
            shot: Some((-12.5, 30.0)),
            seconds: 12.0,
            cards: true,
        }
    }

    #[test]
    fn every_kind_of_layer_reads_back_as_it_was() {
        for kind in Kind::offered() {
            let mut setup = Setup::default();
            setup.layers[0] = kind.layer();
            // Nothing is at its usual value.
            for parameter in Parameter::NUMBERS {
                if let Some(value) = parameters::number(&setup, parameter) {
                    parameters::set_number(&mut setup, parameter, value + 1);
                }
            }
            let text = layer(&setup.layers[0]);
            let options = ron::Options::default()
                .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
            let back: Layer = options.from_str(&text).unwrap();
            assert_eq!(back, setup.layers[0], "{text}");
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
            let back: Fill = ron::from_str(&fill(&each)).unwrap();
            assert_eq!(back, each);
        }
    }

    #[test]
    fn a_written_lesson_passes_the_check_without_a_warning() {
        let text = lesson(&Setup::default(), &written());
        let (read, diagnostics) = crate::lesson::read("kept.ron", &text).unwrap();
        assert!(diagnostics.list.is_empty(), "{diagnostics}");
        assert_eq!(read.title, written().title);
        assert!((read.scenes[0].camera.yaw + 12.5).abs() < 1e-6);
    }
}
