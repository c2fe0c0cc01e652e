//! `tensorama explore`: any layer on a workbench in a window.

use clap::Args;

use super::play::{WindowArgs, open_window};
use super::subject::SubjectArgs;
use super::{Failure, lesson_library};
use crate::camera::CameraPose;
use crate::disk::Reach;
use crate::explore::network_view::NetworkView;
use crate::explore::{ElementRef, Setup, Workbench, options};
#[cfg(feature = "record")]
use crate::language::Message;
use crate::language::{Told, Tongue, says};
use crate::ui::explore::saved_workbenches::{read_saved, read_setup, saved_path};
use crate::ui::explore::{FirstView, OpenWorkbench, SavedView};
use crate::ui::network::OpenNetwork;
use crate::ui::window_app::Opening;

/// Explore any layer interactively in a window.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExploreArgs {
    /// A layer in PyTorch's notation, nn.Sequential(...) of several, a preset's name, a network
    /// (NET.onnx, MODEL.py, PRINTED.txt), or a lesson file that was saved (FILE.ron).
    #[arg(default_value = "nn.Conv2d(3, 4, 3, bias=False)")]
    layer: String,
    /// Continue with the workbench of the last window.
    #[arg(long, conflicts_with_all = ["layer", "input", "fill", "weight", "bias", "operand", "classes", "order"])]
    last: bool,
    #[command(flatten)]
    subject: SubjectArgs,
    /// The camera: yaw and pitch in degrees, the height of the view, and its centre.
    #[arg(long, value_name = "YAW,PITCH,HEIGHT,X,Y,Z", value_parser = pose, allow_hyphen_values = true)]
    camera: Option<CameraPose>,
    /// How far channels are pulled apart, in cubes.
    #[arg(long, default_value_t = 0.0, value_parser = options::spread)]
    spread: f32,
    /// Show only these channels, first and last.
    #[arg(long, value_name = "A..B", value_parser = options::slice)]
    slice: Option<(usize, usize)>,
    /// How many steps are done, with the part of the next one; "end" for all of them.
    #[arg(long, default_value_t = 0.0, value_parser = options::position)]
    position: f64,
    /// Pin an element: 1:0,2,3 is channel 0, row 2, column 3 of tensor 1; w0:1,0,2,2 a weight of layer 0;
    /// p0:0,-1,3 a place of its padding.
    #[arg(long, value_name = "ELEMENT", value_parser = options::pin)]
    pin: Vec<ElementRef>,
    /// Of a whole network, open the unit of this name: a stage shows its blocks, a block its layers.
    #[arg(long, value_name = "UNIT")]
    open: Vec<String>,
    /// Perspective instead of a parallel view.
    #[arg(long)]
    perspective: bool,
    /// Draw this view into a PNG file and open no window.
    #[cfg(feature = "record")]
    #[arg(long, value_name = "FILE")]
    picture: Option<std::path::PathBuf>,
    /// How large the picture is: width and height, or 720p, 1080p, 1440p, 4k.
    #[cfg(feature = "record")]
    #[arg(long, value_parser = super::picture_size::size, requires = "picture")]
    size: Option<glam::UVec2>,
    #[command(flatten)]
    window: WindowArgs,
}

const EXAMPLES: &str = "\
Examples:
  tensorama explore \"nn.Conv2d(3, 8, 3, stride=2, padding=1)\" --input 3x7x7
  tensorama explore \"nn.Conv2d(1, 1, 3)\" --input cat.png --weight sobel_x
  tensorama explore \"nn.Conv2d(3, 8, 3)\" --input x.npy --weight model.safetensors:features.0.weight
  tensorama explore net.onnx --input cat.png --part /layer1/layer1.0/conv1/Conv
  tensorama explore net.onnx --input cat.png --classes imagenet_class_index.json
  tensorama explore conv2d-3x6x6.ron
  tensorama explore --last
  tensorama explore depthwise-separable-convolution-animation-3x3-kernel
  tensorama explore \"nn.MaxPool2d(2)\" --picture pool.png --size 4k";

fn pose(word: &str) -> Result<CameraPose, Told> {
    options::camera(word).map(CameraPose::from_degrees)
}

/// The workbench of the last window, and how it was seen.
fn last() -> Result<(Setup, Option<SavedView>), Failure> {
    let path = saved_path().filter(|path| path.exists());
    let path = path.ok_or_else(|| {
        Failure::from(says!(
            en: "there is no workbench to resume; name a layer instead",
            ja: "続きから始められるワークベンチがありません。層を指定してください"
        ))
        .of_usage()
    })?;
    Ok(read_saved(&path, Reach::Anywhere)?)
}

/// The setup that a command line asks for.
fn setup(args: &ExploreArgs) -> Result<Setup, Failure> {
    if std::path::Path::new(&args.layer)
        .extension()
        .is_some_and(|end| end == "ron")
    {
        let path = std::path::Path::new(&args.layer);
        // Of a lesson that is not there, this says more.
        lesson_library::find(&args.layer).map_err(|why| Failure::from(why).of_usage())?;
        return read_setup(path, args.window.reach()).map_err(|why| Failure::from(why).of_usage());
    }
    args.subject.setup(&args.layer)
}

/// How the workbench is seen at first: as the command line says, else as it was seen last.
fn view(args: &ExploreArgs, seen: Option<&SavedView>) -> FirstView {
    let asked = FirstView {
        pose: args.camera,
        window: None,
        spread: args.spread,
        slice: args.slice,
        position: args.position,
        perspective: args.perspective,
    };
    let Some(seen) = seen else {
        return asked;
    };
    let interaction = seen.interaction();
    FirstView {
        pose: asked.pose.or(Some(seen.pose())),
        // What was asked for is meant as it is.
        window: seen.window().filter(|_| asked.pose.is_none()),
        spread: if asked.spread > 0.0 {
            asked.spread
        } else {
            interaction.spread
        },
        slice: asked.slice.or(interaction.slice),
        position: if asked.position > 0.0 {
            asked.position
        } else {
            seen.position
        },
        perspective: asked.perspective
            || seen.projection_mode() == crate::camera::ProjectionMode::Perspective,
    }
}

/// Opens the workbench.
///
/// # Errors
/// Layers or an input that cannot be; no screen, or no graphics driver.
pub fn run(args: &ExploreArgs, lang: Option<Tongue>) -> Result<(), Failure> {
    if !args.last
        && !draws_picture(args)
        && let Some(whole) = args.subject.whole(&args.layer)?
    {
        let mut view = NetworkView::new(args.layer.clone(), whole.run, whole.inputs)
            .with_classes(whole.classes)
            .with_open(args.open.iter().map(String::as_str));
        if let Some(preprocess) = whole.preprocess {
            view = view.with_picture(args.subject.only_input(), preprocess);
        }
        let opening = Opening::Network(OpenNetwork(Box::new(view)));
        return open_window(
            &args.window,
            lang,
            lesson_library::shipped_lessons(),
            opening,
        );
    }
    let (setup, seen) = if args.last {
        last()?
    } else {
        (setup(args)?, None)
    };
    let workbench = Workbench::new(setup.clone());
    // What is too large is offered a crop in the window; everything else is a mistake.
    if let (None, Some(problem), true) = (
        workbench.valid(),
        workbench.problem(),
        workbench.offers().is_empty(),
    ) {
        return Err(Failure::from(problem).of_usage());
    }
    check_position(args.position, &workbench)?;
    let mut view = view(args, seen.as_ref());
    if let Some(valid) = workbench.valid() {
        view.position = view.position.min(valid.stops.end());
    }
    let pins = match (&*args.pin, seen) {
        ([], Some(seen)) => seen.pins,
        (pins, _) => pins.to_vec(),
    };
    #[cfg(feature = "record")]
    if let Some(path) = &args.picture {
        return picture(args, lang, &workbench, &view, path);
    }
    open_window(
        &args.window,
        lang,
        lesson_library::shipped_lessons(),
        Opening::Workbench(Box::new(OpenWorkbench {
            setup,
            view,
            pins,
            lesson: None,
            part_field: None,
            history: None,
        })),
    )
}

/// Refuses a place that the run does not come to.
fn check_position(position: f64, workbench: &Workbench) -> Result<(), Failure> {
    let Some(valid) = workbench.valid() else {
        return Ok(());
    };
    let end = valid.stops.end();
    // A command that is copied has its place rounded.
    if position == options::END || position <= end + 1e-3 {
        return Ok(());
    }
    Err(Failure::from(says!(
        en: "--position {position} is past the end: the run has {end} steps",
        ja: "--position {position} は終わりを越えています。全部で {end} ステップです"
    ))
    .of_usage())
}

/// Whether a picture is asked for, and no window.
const fn draws_picture(args: &ExploreArgs) -> bool {
    #[cfg(feature = "record")]
    return args.picture.is_some();
    #[cfg(not(feature = "record"))]
    {
        let _ = args;
        false
    }
}

/// Draws the view into a file.
#[cfg(feature = "record")]
fn picture(
    args: &ExploreArgs,
    lang: Option<Tongue>,
    workbench: &Workbench,
    view: &FirstView,
    path: &std::path::Path,
) -> Result<(), Failure> {
    use crate::record::renderer::RenderSettings;
    use crate::record::still::{Still, save_still};
    let Some(valid) = workbench.valid() else {
        let problem = workbench.problem().map(Message::message);
        return Err(Failure::from(problem.unwrap_or_default()).of_usage());
    };
    let render_settings = RenderSettings {
        size: args.size.unwrap_or(glam::UVec2::new(1920, 1080)),
        studio: args.window.studio(),
        captions: false,
        motion: crate::timeline::Motion::Full,
    };
    let still = Still {
        lesson: valid.timed(1.0),
        language: lang.map(Tongue::words).unwrap_or_default(),
        spread: view.spread,
        slice: view.slice,
        position: view.position,
        pose: view.pose,
        perspective: view.perspective,
    };
    Ok(save_still(&still, render_settings, path)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::command::{self, ViewWords};
    use crate::language::Language;
    use crate::op::LoopOrder;
    use crate::tensor::Fill;
    use clap::Parser;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        args: ExploreArgs,
    }

    #[test]
    fn a_place_past_the_end_of_the_run_is_refused_with_its_steps() {
        let workbench = Workbench::new(Setup::default());
        let end = workbench.valid().unwrap().stops.end();
        assert!(check_position(0.0, &workbench).is_ok());
        assert!(check_position(end, &workbench).is_ok());
        let all = options::position("end").unwrap();
        assert!(check_position(all, &workbench).is_ok());
        let refused = check_position(99_999.0, &workbench).unwrap_err();
        let said = refused.say(Language::En);
        assert!(said.contains("--position 99999"), "{said}");
        assert!(said.contains(&format!("{end} steps")), "{said}");
        assert!(Program::try_parse_from(["explore", "--position", "nan"]).is_err());
    }

    #[test]
    fn the_command_that_is_copied_brings_setup_and_view_back() {
        use crate::explore::{Edit, Kind, Parameter};
        let mut workbench = Workbench::new(Setup::default());
        for edit in [
            Edit::Both(Parameter::StrideRows, 2),
            Edit::set(
                Parameter::Padding,
                crate::op::Padding::Sides {
                    top: 1,
                    bottom: 0,
                    left: 2,
                    right: 0,
                },
            ),
            Edit::set(Parameter::Weights, Fill::SobelX),
            Edit::Fill(Fill::Impulse {
                at: Some([0, 3, 3]),
            }),
            Edit::Order(LoopOrder::ChannelMajor),
            Edit::AddLayer(Kind::ReLU),
            Edit::AddLayer(Kind::ConvTranspose2d),
        ] {
            workbench.apply(edit);
        }
        assert!(workbench.problem().is_none(), "{:?}", workbench.problem());
        let view = ViewWords {
            camera: Some([-20.0, 30.0, 18.5, -1.0, 2.0, 3.0]),
            spread: 1.5,
            slice: Some((1, 2)),
            position: 3.25,
            perspective: true,
        };
        let words = command::words(workbench.setup(), &view).unwrap();
        let program = Program::try_parse_from(words).unwrap();
        let back = setup(&program.args).unwrap();
        let mut expected = workbench.setup().clone();
        expected.selected = 0;
        assert_eq!(back, expected);
        let pose = program.args.camera.unwrap();
        assert!((pose.yaw.to_degrees() + 20.0).abs() < 1e-3);
        assert_eq!(program.args.slice, Some((1, 2)));
        assert!((program.args.position - 3.25).abs() < 1e-9);
    }

    #[test]
    fn a_wrong_line_is_a_wrong_command_line() {
        let program = Program::try_parse_from(["explore", "nn.Conv2d(3, 8, 3, strid=2)"]).unwrap();
        let failure = run(&program.args, None).unwrap_err();
        assert_eq!(failure.status, 2);
        assert!(failure.say(Language::En).contains("stride"));
        assert!(Program::try_parse_from(["explore", "--slice", "3..1"]).is_err());
        assert!(Program::try_parse_from(["explore", "--camera", "1,2"]).is_err());
    }
}
