//! A line of a PyTorch model pastes straight in, and a mistake in it is found and explained.

use proptest::prelude::*;
use tensorama::network::Chain;
use tensorama::network::notation::Model;
use tensorama::op::Layer;
use tensorama::tensor::Shape;

fn shape(text: &str) -> Shape {
    text.parse().unwrap()
}

fn planned(text: &str, input: &str) -> Chain {
    Model::parse(text).unwrap().plan(&shape(input)).unwrap()
}

fn mistake(text: &str, input: &str) -> String {
    match Model::parse(text) {
        Err(error) => error.to_string(),
        Ok(model) => model.plan(&shape(input)).unwrap_err().to_string(),
    }
}

#[test]
fn a_layer_reads_bare_with_nn_and_with_torch_nn() {
    let outputs = [
        "Conv2d",
        "nn.Conv2d",
        "torch.nn.Conv2d",
        "self.conv = nn.Conv2d",
    ]
    .map(|name| *planned(&format!("{name}(3, 8, 3, stride=2, padding=1)"), "3x9x9").output_shape());
    assert_eq!(outputs, [shape("8x5x5"); 4]);
}

#[test]
fn positional_and_keyword_arguments_mean_the_same() {
    let texts = [
        "nn.Conv2d(4, 8, 3, 2, 1, 1, 2, False, 'reflect')",
        "nn.Conv2d(out_channels=8, in_channels=4, kernel_size=[3, 3], stride=(2, 2), padding=1,
                   groups=2, bias=False, padding_mode=\"reflect\", device=None)",
        "(conv): Conv2d(4, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), groups=2, bias=False, padding_mode=reflect)",
    ];
    let layers = texts.map(|text| Model::parse(text).unwrap().layer());
    assert_eq!(layers[0], layers[1]);
    assert_eq!(layers[0], layers[2]);
}

#[test]
fn bias_is_on_unless_it_is_turned_off() {
    assert_eq!(
        planned("nn.Conv2d(3, 8, 3)", "3x5x5").plans()[0].bias_count(),
        8
    );
    assert_eq!(
        planned("nn.Conv2d(3, 8, 3, bias=False)", "3x5x5").plans()[0].bias_count(),
        0
    );
}

#[test]
fn a_sequence_reads_over_several_lines() {
    let chain = planned(
        "nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),  # the stem
            nn.ReLU(inplace=True),
            nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(16, 4, 1)),
        )",
        "3x8x8",
    );
    let names: Vec<&str> = chain
        .plans()
        .iter()
        .map(|plan| plan.layer().name())
        .collect();
    assert_eq!(names, ["Conv2d", "ReLU", "MaxPool2d", "Conv2d"]);
    assert_eq!(chain.output_shape(), &shape("4x4x4"));
}

#[test]
fn the_printed_form_of_a_model_reads() {
    let chain = planned(
        "Net(
  (conv): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=same)
  (body): Sequential(
    (0): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
    (1): ReLU6()
  )
  (up): Upsample(scale_factor=2.0, mode='nearest')
  (pool): AdaptiveAvgPool2d(output_size=(1, 1))
)",
        "3x8x8",
    );
    assert_eq!(chain.output_shape(), &shape("8x1x1"));
    assert_eq!(chain.plans().len(), 5);
}

#[test]
fn an_ordered_dict_of_layers_reads() {
    let text = "nn.Sequential(OrderedDict([('conv', nn.Conv2d(1, 2, 3)), ('relu', nn.ReLU())]))";
    assert_eq!(planned(text, "1x5x5").output_shape(), &shape("2x3x3"));
}

#[test]
fn our_own_forms_read() {
    let sides = planned("Conv2d(1, 1, 3, padding=(1, 0, 2, 0))", "1x5x5");
    assert_eq!(sides.output_shape(), &shape("1x5x4"));
    assert_eq!(
        planned("Conv2d(1, 1, 3, padding='full')", "1x5x5").output_shape(),
        &shape("1x7x7")
    );
    let separable = planned("DepthwiseSeparable(16, 3, padding=1)", "8x6x6");
    assert_eq!(separable.plans().len(), 2);
    assert_eq!(separable.output_shape(), &shape("16x6x6"));
    let residual = "nn.Conv2d(2, 2, 3, padding=1), nn.ReLU(), Add(0)";
    assert_eq!(planned(residual, "2x5x5").output_shape(), &shape("2x5x5"));
    // Not PyTorch's, but often met: what it means there is what is written.
    for name in ["GlobalAvgPool2d()", "nn.GlobalAvgPool2d()"] {
        let global = planned(name, "2x5x5");
        assert_eq!(global.output_shape(), &shape("2x1x1"));
        assert_eq!(global.printed(), "AdaptiveAvgPool2d(output_size=(1, 1))");
    }
}

#[test]
fn a_mistake_is_located_and_says_what_would_be_right() {
    let cases = [
        (
            "nn.Conv2d(3, 8, 3, strid=2)",
            "column 20",
            "did you mean \"stride\"?",
        ),
        ("nn.Conv2D(3, 8, 3)", "column 1", "did you mean \"Conv2d\"?"),
        (
            "nn.Conv2d(3, 8, 3, groups=2)",
            "column 20",
            "in_channels = 3 is not divisible by groups = 2",
        ),
        ("nn.Conv2d(3, 8, 9)", "column 17", "spans 9 rows"),
        ("nn.Conv2d(3, 8, 3, stride=0)", "column 20", "at least 1"),
        (
            "nn.Conv2d(3, 8, 3, padding=-1)",
            "column 20",
            "cannot be negative",
        ),
        ("nn.Conv2d(3, 8)", "column 1", "needs kernel_size"),
        (
            "nn.Conv2d(3, 8, 3, kernel_size=3)",
            "column 20",
            "given twice",
        ),
        (
            "nn.Conv2d(3, 8, 3, padding_mode='reflct')",
            "column 20",
            "did you mean 'reflect'?",
        ),
        (
            "nn.Conv2d(3, 8, 3, padding='half')",
            "column 20",
            "'valid', 'same', 'full'",
        ),
        (
            "nn.Conv2d(3, 8, (3, 3, 3))",
            "column 17",
            "one number or 2 numbers",
        ),
        ("nn.Conv2d(3, 8, 3.5)", "column 17", "needs a whole number"),
        ("nn.Conv2d(4, 8, 3)", "column 11", "expects 4 channels"),
        ("nn.Conv2d(3, 8, 3", "column 1", "no closing parenthesis"),
        (
            "nn.Conv2d(3 8, 3)",
            "column 13",
            "a comma or a closing parenthesis",
        ),
        (
            "nn.Conv2d(3, 8, 3, padding='same', stride=2)",
            "column 20",
            "requires stride 1",
        ),
        ("nn.Conv2d", "column 1", "needs parentheses"),
        ("", "column 1", "no layer here"),
        (
            "nn.MaxPool2d(3, padding=2)",
            "column 17",
            "more than half of the kernel",
        ),
        (
            "nn.LSTM(3, 4)",
            "column 1",
            "LSTM is a layer of PyTorch that is not shown here",
        ),
        ("nn.Pyramid(3, 4)", "column 1", "known are"),
        ("nn.Sequential(3)", "column 15", "takes layers"),
        ("nn.Conv2d(3, 8, 3) & 1", "column 20", "has no place here"),
        ("Add(3)", "column 5", "does not exist yet"),
        (
            "nn.GlobalAvgPool2d(1)",
            "column 20",
            "write GlobalAvgPool2d(), or nn.AdaptiveAvgPool2d(output_size=(1, 1))",
        ),
        (
            "GlobalMaxPool2d(keepdim=True)",
            "column 17",
            "write GlobalMaxPool2d(), or nn.AdaptiveMaxPool2d(output_size=(1, 1))",
        ),
    ];
    for (text, place, part) in cases {
        let message = mistake(text, "3x6x6");
        assert!(
            message.contains(place) && message.contains(part),
            "{text}\n{message}"
        );
    }
}

#[test]
fn shapes_that_do_not_follow_on_are_found_at_their_layer() {
    let message = mistake(
        "nn.Sequential(\n  nn.Conv2d(3, 4, 3),\n  nn.Conv2d(5, 2, 3),\n)",
        "3x9x9",
    );
    assert!(message.contains("line 3, column 13"), "{message}");
    assert!(message.contains("Conv2d gives 4 × 7 × 7"), "{message}");
    assert!(message.contains("  nn.Conv2d(5, 2, 3),"), "{message}");
    assert!(message.ends_with("            ^"), "{message:?}");
}

#[test]
fn a_plan_is_written_as_pytorch_writes_it() {
    let chain = planned(
        "nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)",
        "3x9x9",
    );
    assert_eq!(
        chain.source(),
        "nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)"
    );
    assert_eq!(
        chain.printed(),
        "Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)"
    );
    let lesson: Layer = ron::from_str("Depthwise(kernel: (3, 3), padding: Same)").unwrap();
    assert_eq!(
        lesson.plan(&shape("8x6x6")).unwrap().source(),
        "nn.Conv2d(8, 8, 3, padding='same', groups=8, bias=False)"
    );
}

#[test]
fn what_is_written_reads_back() {
    let texts = [
        "nn.Conv2d(4, 8, (3, 2), stride=(2, 1), padding='same', groups=2)",
        "nn.Conv2d(4, 8, (3, 2), padding=(1, 2, 0, 1), dilation=2, padding_mode='circular')",
        "nn.Conv1d(4, 8, 3, padding=(2, 0))",
        "nn.Conv3d(4, 8, (1, 2, 3), padding=1)",
        "nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1, output_padding=1, dilation=2)",
        "nn.MaxPool2d(3, 2, 1, 1, True, True)",
        "nn.AvgPool2d(3, ceil_mode=True, count_include_pad=False, divisor_override=2)",
        "nn.AdaptiveMaxPool2d((None, 3), return_indices=True)",
        "nn.Upsample(scale_factor=(1.5, 2), mode='bilinear', align_corners=True)",
        "nn.Upsample(size=(9, 7))",
        "nn.Sequential(nn.PixelShuffle(2), nn.PixelUnshuffle(2), nn.ReLU(), Add(1))",
    ];
    for text in texts {
        let input = if text.contains("1d") {
            "4x12"
        } else if text.contains("3d") {
            "4x6x6x6"
        } else {
            "4x12x12"
        };
        let model = Model::parse(text).unwrap();
        let Ok(chain) = model.plan(&shape(input)) else {
            continue;
        };
        for written in [chain.source(), chain.printed()] {
            let again = Model::parse(&written).unwrap().plan(&shape(input)).unwrap();
            assert_eq!(again.output_shape(), chain.output_shape(), "{written}");
            assert_eq!(again.cost(), chain.cost(), "{written}");
            assert_eq!(again.source(), chain.source());
        }
    }
}

/// How many inputs the hostile tests try: `PROPTEST_CASES`, or proptest's default.
fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "nn.",
        "torch.nn.",
        "Conv2d",
        "Conv1d",
        "Conv3d",
        "ConvTranspose2d",
        "MaxPool2d",
        "AvgPool2d",
        "AdaptiveAvgPool2d",
        "PixelShuffle",
        "Upsample",
        "Sequential",
        "Add",
        "Depthwise",
        "ReLU",
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        ":",
        ".",
        "'same'",
        "\"full\"",
        "'",
        "\"",
        "#",
        "\n",
        " ",
        "-",
        "1",
        "0",
        "3",
        "8",
        "99999999999999999999",
        "9223372036854775807",
        "1e400",
        "1.5",
        "None",
        "True",
        "kernel_size",
        "stride=",
        "padding=",
        "groups=",
        "scale_factor=",
        "(conv):",
        "OrderedDict",
        "é",
        "×",
        "\u{0}",
        "e5",
        "_",
        "size=",
        "dilation=",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}") {
        if let Ok(model) = Model::parse(&text) {
            let _ = model.plan(&shape("3x6x6"));
        }
    }

    #[test]
    fn no_pieces_of_notation_make_the_parser_panic(text in pieces()) {
        match Model::parse(&text) {
            Ok(model) => match model.plan(&shape("8x6x6")) {
                Ok(chain) => prop_assert!(Model::parse(&chain.source()).is_ok(), "{}", chain.source()),
                Err(error) => prop_assert!(error.line >= 1),
            },
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn deep_nesting_is_refused(depth in 30usize..2000) {
        let text = format!("{}{}", "nn.Sequential(".repeat(depth), ")".repeat(depth));
        prop_assert!(Model::parse(&text).is_err());
        let text = format!("nn.Conv2d({}3{})", "(".repeat(depth), ")".repeat(depth));
        prop_assert!(Model::parse(&text).is_err());
    }
}
