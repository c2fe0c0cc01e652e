//! Layers and chains that are told as lessons: every operation that the stage can show, in both languages;
//! the told lesson passes the checks of shipped ones, and every number that it says is one of the op
//! engine's, or follows from the layer's own numbers.

mod said;

use said::{Said, counts_of_scene, in_digits, large, texts, values_of};
use tensorama::explore::{Setup, Workbench, told};
use tensorama::lesson::{self, Beat, Language, Lesson, StagedLayer};
use tensorama::narration::estimated_speeches;
use tensorama::network::Subject;
use tensorama::op::{Layer, LoopOrder, OperationKind, Parameter, Setting};
use tensorama::tensor::{Fill, Shape};
use tensorama::timeline::{PictureShape, Timeline, WIDTH_SHARE};

/// The told lesson of a setup; `None` where the stage cannot show it.
fn told_of(setup: Setup) -> Option<Lesson> {
    let workbench = Workbench::new(setup);
    let valid = workbench.valid()?;
    let built = told::lesson(valid, None).unwrap_or_else(|problems| panic!("{problems}"));
    let text = told::text(valid, None).unwrap();
    let (read, warnings) =
        lesson::read("told.ron", &text).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert!(warnings.list.is_empty(), "{warnings}");
    assert_eq!(
        format!("{built:?}"),
        format!("{read:?}"),
        "the text says something else"
    );
    Some(built)
}

fn setup(layers: &[Layer], input: &str, fill: Fill) -> Setup {
    let shape: Shape = input.parse().unwrap();
    Setup::new(layers, &shape, fill).unwrap()
}

fn layers(text: &str) -> Vec<Layer> {
    Subject::parse(text).unwrap().layers().unwrap()
}

/// A small layer of every operation that the stage can show, each on an input that suits.
fn shown() -> Vec<(OperationKind, Setup)> {
    let shape: Shape = "4x6x6".parse().unwrap();
    let fill = Fill::Random { seed: 3 };
    let kinds = OperationKind::ALL.iter().copied();
    let setups = kinds.filter_map(|kind| {
        let setup = Setup::new(&[kind.layer()], &shape, fill.clone()).ok()?;
        Workbench::new(setup.clone()).valid()?;
        Some((kind, setup))
    });
    setups.collect()
}

/// The numbers of a layer and of its size formula, from its settings and its shapes alone.
fn own_numbers(staged: &StagedLayer) -> Vec<f64> {
    let plan = &staged.plan;
    let layer = plan.layer();
    let mut facts = Vec::new();
    for setting in Parameter::NUMBERS
        .into_iter()
        .filter_map(|name| layer.number(name))
    {
        facts.extend([setting as f64, (setting * setting) as f64]);
    }
    for shown in layer.settings() {
        if let Setting::Real(value) = shown.value {
            facts.extend([value, (value * 1e3).round() / 1e3]);
        }
    }
    if let (Some(Setting::Real(a)), Some(Setting::Real(b))) = (
        layer.setting(Parameter::Minimum),
        layer.setting(Parameter::Maximum),
    ) {
        // The middle of what training draws.
        facts.push(((a + b) / 2.0 * 1e3).round() / 1e3);
    }
    if layer.name() == "ReLU6" {
        facts.push(6.0);
    }
    let sides = plan.padding();
    let number = |name: Parameter| layer.number(name);
    let axes = [
        (
            1,
            Parameter::KernelRows,
            Parameter::StrideRows,
            Parameter::DilationRows,
            sides.top,
            sides.bottom,
        ),
        (
            2,
            Parameter::KernelColumns,
            Parameter::StrideColumns,
            Parameter::DilationColumns,
            sides.left,
            sides.right,
        ),
    ];
    let (input, output) = (plan.input_shape().as_chw(), plan.output_shape().as_chw());
    facts.extend([plan.filter_count() as f64, plan.bias_count() as f64]);
    facts.push(plan.input_shape().rank() as f64);
    let operands = plan.operand_list().iter();
    facts.extend(operands.map(|operand| operand.shape.count() as f64));
    for (axis, kernel, stride, dilation, before, after) in axes {
        let (before, after) = (before as f64, after as f64);
        let (from, to) = (input[axis] as f64, output[axis] as f64);
        facts.extend([
            from,
            to,
            to - 1.0,
            from - 1.0,
            before,
            after,
            before + after,
        ]);
        facts.extend([to / from, from / to, (to - from) / 2.0]);
        let Some(kernel) = number(kernel) else {
            continue;
        };
        let stride = number(stride).unwrap_or(1) as f64;
        let reach = (number(dilation).unwrap_or(1) * (kernel - 1) + 1) as f64;
        facts.extend([kernel as f64, reach, stride]);
        // A window.
        facts.extend([from + before + after, from + before + after - reach]);
        let covered = (to - 1.0) * stride + reach;
        facts.push(from + before - covered);
        // A stamp of a transposed convolution.
        let moved = (from - 1.0) * stride;
        let full = moved + reach;
        let more = number(Parameter::OutputPaddingRows).unwrap_or(0) as f64;
        facts.extend([moved, full, full + more - to, to - more, more]);
    }
    facts
}

/// What is said on the way to a value: the sums of the channels of a window, the sums before the division
/// of a mean, biases, and how many places lie on padding.
fn on_the_way(staged: &StagedLayer) -> Vec<f64> {
    let plan = &staged.plan;
    let mut facts = Vec::new();
    for step in 0..plan.step_count().min(512) {
        let explained = plan.explain(step, &staged.operands);
        facts.extend(explained.bias.map(f64::from));
        facts.extend(explained.divisor.map(|divisor| divisor as f64));
        facts.extend(explained.terms.last().map(|term| f64::from(term.running)));
        let mut channels = std::collections::BTreeMap::<usize, (f64, f64, f64)>::new();
        for term in &explained.terms {
            let channel = channels.entry(term.term.padded[0]).or_default();
            channel.0 += f64::from(term.product);
            channel.1 += f64::from(u8::from(term.term.source.is_padding()));
            channel.2 += f64::from(u8::from(term.term.source.element().is_some()));
        }
        for (sum, padding, elements) in channels.into_values() {
            facts.extend([sum, padding, elements, elements + padding]);
        }
        let real = explained.terms.iter().filter(|term| term.product != 0.0);
        facts.extend([real.count() as f64, explained.terms.len() as f64]);
        let places = explained.terms.len() / plan.filter_dims()[0].max(1);
        facts.push(places as f64);
    }
    facts
}

/// Every number that a told lesson says must be among the facts.
fn numbers_are_true(what: &str, lesson: &Lesson) {
    let mut wrong = Vec::new();
    let scene = &lesson.scenes[0];
    let staged_layers = &scene.staging.staged_layers;
    let mut facts = counts_of_scene(scene);
    for staged in staged_layers {
        facts.extend(values_of(staged));
        facts.extend(own_numbers(staged));
        facts.extend(on_the_way(staged));
        let positions = staged.plan.output_shape().as_chw();
        facts.push((positions[1] * positions[2]) as f64);
        facts.extend(
            staged
                .plan
                .work()
                .and_then(|work| work.each)
                .map(|each| each as f64),
        );
    }
    // The layers themselves are counted, and so are those that a softer function stays between.
    facts.extend((0..=staged_layers.len()).map(|number| number as f64));
    facts.extend([0.0, 1.0]);
    let chain: Vec<Layer> = staged_layers
        .iter()
        .map(|staged| staged.plan.layer().clone())
        .collect();
    let shape = scene.staging.shape(0);
    let chain = tensorama::network::Chain::plan(&chain, shape).unwrap();
    let cost = chain.cost();
    facts.extend([cost.macs, cost.parameters].map(|count| count as f64));
    if let Some(row) = chain.rows().last() {
        facts.extend([row.receptive_field.0 as f64, row.receptive_field.1 as f64]);
    }
    for scene in &lesson.scenes {
        for text in texts(scene) {
            for said in [&text.en, &text.ja] {
                for number in in_digits(said) {
                    if !facts.iter().any(|fact| is(number, *fact)) {
                        wrong.push(format!("{}: {said}", number.value));
                    }
                }
            }
            let (en, ja) = (large(&text.en), large(&text.ja));
            if en != ja {
                wrong.push(format!("{en:?} and {ja:?}: {}", text.en));
            }
        }
    }
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// A number is said exactly, or with two decimals; from a million on with three digits.
fn is(said: Said, fact: f64) -> bool {
    said.is(fact) || (fact.abs() >= 1e4 && (said.value - fact.abs()).abs() <= fact.abs() * 0.005)
}

/// Nothing that a voice stumbles over, and nothing that is not filled in.
fn reads_well(what: &str, lesson: &Lesson) {
    for scene in &lesson.scenes {
        assert!(!scene.title.en.is_empty() && !scene.title.ja.is_empty());
        for beat in &scene.beats {
            let Beat::Say { text, .. } = beat else {
                continue;
            };
            for (language, said) in [("en", &text.en), ("ja", &text.ja)] {
                let spoken = &said.spoken;
                for sign in ['÷', '√', '^', '−', '·', '{', '}', '[', ']', '|', 'α', '='] {
                    assert!(
                        !spoken.contains(sign),
                        "{what}, {language}: {sign} in {spoken}"
                    );
                }
                assert!(!spoken.contains("  "), "{what}: {spoken}");
            }
            assert!(!text.en.spoken.contains('×'), "{what}: {}", text.en.spoken);
            assert!(text.en.spoken.is_ascii(), "{what}: {}", text.en.spoken);
            let kana = |letter: char| ('ぁ'..='ヿ').contains(&letter);
            assert!(text.ja.spoken.contains(kana), "{what}: {}", text.ja.spoken);
            assert!(text.ja.spoken.ends_with('。'), "{what}: {}", text.ja.spoken);
            assert!(text.en.spoken.ends_with('.'), "{what}: {}", text.en.spoken);
        }
    }
}

/// What `tensorama check` would warn of.
fn is_well_framed(what: &str, lesson: &Lesson) {
    for language in Language::ALL {
        let speeches = estimated_speeches(lesson, language);
        let timeline = Timeline::new(lesson, language, &speeches);
        let remarks = timeline.review(WIDTH_SHARE, PictureShape::Wide.height_share()[0]);
        assert!(remarks.is_empty(), "{what}: {remarks:?}");
        assert!(
            (15.0..600.0).contains(&timeline.duration),
            "{what}: {}",
            timeline.duration
        );
    }
}

fn is_good(what: &str, setup: Setup) -> Lesson {
    let lesson = told_of(setup).unwrap_or_else(|| panic!("{what} cannot be shown"));
    reads_well(what, &lesson);
    numbers_are_true(what, &lesson);
    is_well_framed(what, &lesson);
    lesson
}

#[test]
fn every_operation_of_the_stage_is_told() {
    let shown = shown();
    // All that are there today; more come.
    assert!(shown.len() >= 60, "{}", shown.len());
    let is_shown = |kind: OperationKind| shown.iter().any(|(known, _)| *known == kind);
    let styled =
        OperationKind::offered().filter(|kind| kind.layer().operation().visual_style().is_some());
    for kind in styled {
        assert!(is_shown(kind), "{}", kind.name());
    }
    for (kind, setup) in shown {
        is_good(kind.name(), setup);
    }
}

#[test]
fn layers_with_odd_numbers_are_told() {
    let lines = [
        ("nn.Conv2d(3, 8, 3, padding=1)", "3x8x8"),
        ("nn.Conv2d(3, 8, 3, stride=2, padding=1)", "3x7x7"),
        (
            "nn.Conv2d(2, 4, (3, 5), stride=(1, 2), padding=(1, 2), padding_mode='reflect')",
            "2x6x9",
        ),
        ("nn.Conv2d(1, 2, 3, dilation=2, bias=False)", "1x9x9"),
        ("nn.Conv2d(4, 4, 3, groups=4, padding='same')", "4x6x6"),
        ("nn.Conv2d(6, 4, 3, groups=2)", "6x5x5"),
        ("nn.Conv2d(16, 8, 1)", "16x5x5"),
        ("nn.Conv2d(1, 1, 1, bias=False)", "1x1x1"),
        (
            "nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1)",
            "2x4x4",
        ),
        ("nn.ConvTranspose2d(1, 1, 2, stride=3)", "1x3x3"),
        ("nn.MaxPool2d(3, stride=2, padding=1)", "2x7x7"),
        ("nn.MaxPool2d(2, ceil_mode=True)", "3x5x5"),
        ("nn.MaxPool2d(5)", "1x12x12"),
        (
            "nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)",
            "2x5x5",
        ),
        ("nn.AdaptiveAvgPool2d(1)", "3x4x4"),
        ("nn.AdaptiveMaxPool2d((2, 3))", "2x5x7"),
        ("nn.PixelShuffle(2)", "8x3x3"),
        ("nn.PixelUnshuffle(3)", "1x6x6"),
        ("nn.Upsample(scale_factor=2, mode='bilinear')", "2x4x4"),
        ("nn.Upsample(scale_factor=1.5)", "1x4x4"),
        ("nn.LeakyReLU(0.2)", "2x3x3"),
        ("nn.BatchNorm2d(3)", "3x4x4"),
        ("nn.Dropout(0.3)", "2x3x3"),
    ];
    let fills = [
        Fill::Ramp,
        Fill::Random { seed: 7 },
        Fill::Uniform { seed: 2 },
        Fill::Constant(0.0),
    ];
    for (line, input) in lines {
        for fill in &fills {
            let what = format!("{line} on {input}, {fill:?}");
            is_good(&what, setup(&layers(line), input, fill.clone()));
        }
    }
}

#[test]
fn chains_are_told_layer_by_layer() {
    let chains = [
        (
            "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))",
            "3x10x10",
        ),
        (
            "nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(), nn.PixelShuffle(2))",
            "1x6x6",
        ),
        ("nn.Sequential(nn.ReLU(), nn.Sigmoid())", "2x3x3"),
        (
            "nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), Add())",
            "4x5x5",
        ),
        ("DepthwiseSeparable(8, 3)", "4x6x6"),
    ];
    for (line, input) in chains {
        let layers = layers(line);
        let lesson = is_good(line, setup(&layers, input, Fill::Random { seed: 5 }));
        let count = lesson.scenes[0].staging.staged_layers.len();
        // All of them, each, and what they come to.
        assert_eq!(lesson.scenes.len(), count + 2, "{line}");
    }
}

#[test]
fn every_loop_order_is_told() {
    for order in LoopOrder::ALL {
        let convolution = layers("nn.Conv2d(3, 4, 3, padding=1)");
        let setup = Setup {
            order,
            ..setup(&convolution, "3x5x5", Fill::Ramp)
        };
        let lesson = is_good(&format!("{order:?}"), setup);
        let says = |part: &str| {
            let scenes = lesson.scenes.iter().flat_map(texts);
            scenes.into_iter().any(|text| text.en.contains(part))
        };
        assert_eq!(says("partial sum"), order == LoopOrder::ChannelMajor);
    }
}

/// All that is said in English.
fn said_in_english(line: &str, input: &str) -> String {
    let lesson = told_of(setup(&layers(line), input, Fill::Ramp)).unwrap();
    let texts = lesson.scenes.iter().flat_map(texts);
    texts.map(|text| text.en).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_told_follows_from_what_a_layer_is() {
    let pool = said_in_english("nn.MaxPool2d(2)", "2x6x6");
    assert!(
        pool.contains("No weights are needed") && pool.contains("nothing to learn"),
        "{pool}"
    );
    assert!(!pool.contains("padding of"), "{pool}");
    let depthwise = said_in_english("nn.Conv2d(4, 4, 3, groups=4)", "4x6x6");
    assert!(
        depthwise.contains("keeps the channels apart"),
        "{depthwise}"
    );
    assert!(depthwise.contains("one channel deep"), "{depthwise}");
    let padded = said_in_english("nn.Conv2d(1, 1, 3, padding=1)", "1x5x5");
    // The first window lies on the corner: five of its nine places are padding.
    assert!(
        padded.contains("Of its 9 places, 5 lie on the padding"),
        "{padded}"
    );
    let plain = said_in_english("nn.Conv2d(1, 1, 3, bias=False)", "1x5x5");
    assert!(
        !plain.contains("on the padding") && !plain.contains("bias"),
        "{plain}"
    );
}

#[test]
fn the_size_and_cost_that_are_told_are_those_of_pytorch() {
    // From torch 2.15: Conv2d(3, 8, 3, stride=2, padding=1) on 1 × 3 × 7 × 7 gives 8 × 4 × 4 and has 224
    // parameters; 8 · 4 · 4 · 27 = 3,456 multiply-accumulates.
    let said = said_in_english("nn.Conv2d(3, 8, 3, stride=2, padding=1)", "3x7x7");
    for part in [
        "So the output is 8 by 4 by 4.",
        "make 224 parameters",
        "3,456 multiply-accumulates",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

/// What the golden pictures show, with lines, volumes and rows of numbers between other layers.
#[test]
fn chains_of_every_operation_are_told() {
    let (shown, _) = lesson::read("", include_str!("lessons/all-operations.ron"))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let mut told = 0;
    for scene in &shown.scenes {
        let staging = &scene.staging;
        let layers: Vec<Layer> = staging
            .staged_layers
            .iter()
            .map(|staged| staged.plan.layer().clone())
            .collect();
        // The sides of a comparison are no chain.
        let Ok(setup) = Setup::new(&layers, staging.shape(0), Fill::Random { seed: 3 }) else {
            continue;
        };
        let title = scene.title.en.as_str();
        if title == "compare" {
            continue;
        }
        is_good(title, setup);
        told += 1;
    }
    assert!(told >= 55, "{told}");
}
