//! The command line that brings a setup and a view back.

use super::setup::Setup;
use crate::network::Chain;
use crate::op::{Layer, LoopOrder};
use crate::tensor::Fill;

/// What of the view a command line carries besides the setup.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ViewWords {
    /// Yaw and pitch in degrees, height of the picture, and its middle.
    pub camera: Option<[f32; 6]>,
    /// How far channels are pulled apart, in cubes.
    pub spread: f32,
    /// The only channels that are shown, from the first to the last.
    pub slice: Option<(usize, usize)>,
    /// Steps that are done, with the part of the next one.
    pub position: f64,
    /// Perspective instead of a parallel view.
    pub perspective: bool,
}

/// The command line; `None` while the layers do not follow on from one another.
#[must_use]
pub fn line(setup: &Setup, view: &ViewWords) -> Option<String> {
    let words = words(setup, view)?;
    let words: Vec<String> = words.iter().map(|word| shell(word)).collect();
    Some(format!("tensorama {}", words.join(" ")))
}

/// The words of the command line after the program's name; `None` while the layers do not follow
/// on from one another.
#[must_use]
pub fn words(setup: &Setup, view: &ViewWords) -> Option<Vec<String>> {
    let chain = Chain::plan(&setup.layers, &setup.shape().ok()?).ok()?;
    let source = chain.source().replace("\n    ", "").replace('\n', "");
    let source = source.replace(",)", ")");
    let [channels, rows, columns] = setup.input;
    let mut words = vec![
        "explore".to_owned(),
        source,
        "--input".to_owned(),
        format!("{channels}x{rows}x{columns}"),
    ];
    let mut option = |name: &str, value: String| {
        if value.starts_with('-') {
            // A number below zero, or a file: it would be taken for an option.
            words.push(format!("--{name}={value}"));
        } else {
            words.extend([format!("--{name}"), value]);
        }
    };
    if setup.fill != Fill::Ramp {
        option("fill", fill_word(&setup.fill));
    }
    for (place, layer) in setup.layers.iter().enumerate() {
        let at = if setup.layers.len() > 1 {
            format!("{place}=")
        } else {
            String::new()
        };
        let plan = &chain.plans()[place];
        let usual = plan.source().parse::<Layer>().ok();
        for operand in plan.operand_list() {
            // What the source alone stands for.
            let usual = usual.as_ref().and_then(|layer| layer.fill(operand.name));
            match layer.fill(operand.name) {
                Some(fill) if Some(fill) != usual => match operand.name {
                    "weight" | "bias" => option(operand.name, format!("{at}{}", fill_word(fill))),
                    name => option("operand", format!("{at}{name}={}", fill_word(fill))),
                },
                Some(_) | None => {}
            }
        }
    }
    match setup.order {
        LoopOrder::FilterMajor => {}
        LoopOrder::PositionMajor => option("order", "position".to_owned()),
        LoopOrder::ChannelMajor => option("order", "channel".to_owned()),
    }
    if view.spread > 0.0 {
        option("spread", short(view.spread));
    }
    if let Some((first, last)) = view.slice {
        option("slice", format!("{first}..{last}"));
    }
    if view.position > 0.0 {
        option(
            "position",
            format!("{}", (view.position * 1e4).round() / 1e4),
        );
    }
    if let Some(camera) = view.camera {
        let numbers: Vec<String> = camera.iter().map(|number| short(*number)).collect();
        // In one word, since the first number may be negative.
        words.push(format!("--camera={}", numbers.join(",")));
    }
    if view.perspective {
        words.push("--perspective".to_owned());
    }
    Some(words)
}

/// A number with three decimals at most.
fn short(number: f32) -> String {
    let text = format!("{number:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// A fill as the word that [`Fill`] parses.
#[must_use]
pub fn fill_word(fill: &Fill) -> String {
    match fill {
        Fill::Ramp => "ramp".to_owned(),
        Fill::Count => "count".to_owned(),
        Fill::Random { seed } => format!("random:{seed}"),
        Fill::Uniform { seed } => format!("uniform:{seed}"),
        Fill::Checkerboard => "checkerboard".to_owned(),
        Fill::Impulse { at: None } => "impulse".to_owned(),
        Fill::Constant(value) => format!("{value}"),
        Fill::Identity => "identity".to_owned(),
        Fill::BoxBlur => "box_blur".to_owned(),
        Fill::Gaussian => "gaussian".to_owned(),
        Fill::SobelX => "sobel_x".to_owned(),
        Fill::SobelY => "sobel_y".to_owned(),
        Fill::Laplacian => "laplacian".to_owned(),
        Fill::Sharpen => "sharpen".to_owned(),
        Fill::Emboss => "emboss".to_owned(),
        Fill::Image(path) | Fill::File(path) => path.clone(),
        Fill::Named { file, tensor } => format!("{file}:{tensor}"),
        // What has no word of its own is written as in a lesson.
        Fill::Impulse { .. } | Fill::Values(_) => ron::to_string(fill).unwrap_or_default(),
    }
}

/// A fill from its word, or as a lesson writes it.
///
/// # Errors
/// When it is neither.
pub fn read_fill(word: &str) -> Result<Fill, crate::tensor::FillWordError> {
    word.parse::<Fill>()
        .or_else(|error| ron::from_str(word).map_err(|_| error))
}

/// A word as a shell reads it back.
fn shell(word: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "._-+/:=,".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if !word.contains(['"', '$', '`', '\\', '!']) {
        return format!("\"{word}\"");
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Subject;
    use crate::op::{Conv2d, Padding};
    use crate::tensor::Shape;

    #[test]
    fn a_command_line_brings_the_setup_back() {
        let mut layer = Conv2d::new(8, (3, 3));
        layer.stride = (2, 2);
        layer.padding = Padding::Size(1, 1);
        layer.weights = Fill::SobelX;
        let setup = Setup {
            input: [3, 7, 7],
            fill: Fill::Random { seed: 4 },
            layers: vec![layer.into()],
            order: LoopOrder::PositionMajor,
            ..Setup::default()
        };
        let view = ViewWords {
            spread: 1.5,
            slice: Some((0, 1)),
            ..ViewWords::default()
        };
        let line = line(&setup, &view).unwrap();
        assert_eq!(
            line,
            "tensorama explore \"nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)\" \
             --input 3x7x7 --fill random:4 --weight sobel_x --order position --spread 1.5 \
             --slice 0..1"
        );
    }

    #[test]
    fn a_chain_is_one_line_that_reads_back() {
        let setup = Setup {
            layers: vec![
                Conv2d::new(4, (3, 3)).into(),
                crate::explore::Kind::MaxPool2d.layer(),
            ],
            ..Setup::default()
        };
        let line = line(&setup, &ViewWords::default()).unwrap();
        assert!(!line.contains('\n'), "{line}");
        let source = line.split('"').nth(1).unwrap();
        let shape = Shape::new(&setup.input).unwrap();
        let layers = Subject::parse(source).unwrap().layers().unwrap();
        let back = Setup::new(&layers, &shape, Fill::Ramp).unwrap();
        let sources = |layers: &[Layer]| Chain::plan(layers, &shape).unwrap().source();
        assert_eq!(sources(&back.layers), sources(&setup.layers));
    }

    #[test]
    fn fills_read_back_from_their_words() {
        let fills = [
            Fill::Ramp,
            Fill::Constant(0.25),
            Fill::Values(vec![1.0, 2.5]),
            Fill::Impulse {
                at: Some([0, 1, 2]),
            },
            Fill::BoxBlur,
            Fill::Uniform { seed: 3 },
        ];
        for fill in fills {
            assert_eq!(read_fill(&fill_word(&fill)), Ok(fill));
        }
        assert!(read_fill("nothing").is_err());
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(shell("a.png"), "a.png");
        assert_eq!(shell("my cat.png"), "\"my cat.png\"");
        assert_eq!(shell("it's $5"), "'it'\\''s $5'");
    }
}
