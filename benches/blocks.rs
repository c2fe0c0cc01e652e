//! Whole networks as blocks, against what they may cost: `cargo bench --bench blocks`, or, without building
//! everything anew, `cargo bench --profile dev --bench blocks`.
//!
//! Chains of convolutions of 10^5, 10^6 and 10^7 elements in all are opened on a stage without a renderer, on one core.
//! Then frames of 10^4 and of 10^6 elements that cover the same area are drawn by the driver at hand. Prints what each
//! costs as a Markdown table, and fails where that is more than it may be.

mod bare_stage;

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bare_stage::{bare_stage, processor_time};
use bevy::prelude::*;
use tensorama::explore::network_view::NetworkView;
use tensorama::lesson::Language;
use tensorama::network::map::{RunNetwork, Unit};
use tensorama::network::{Subject, ValueId};
use tensorama::playback::Show;
use tensorama::record::renderer::{RenderSettings, Renderer};
use tensorama::stage::draw::Boxes;
use tensorama::stage::palette::Studio;
use tensorama::tensor::{Fill, Shape, Tensor};
use tensorama::timeline::{Motion, Speeches, Timeline};

/// Layers of the chains; with the input, they have one tensor more, all of one shape.
const LAYERS: usize = 9;

/// The shape of each tensor, of how many elements the whole is, and the seconds that it may open in.
const OPENED: [([usize; 3], usize, f64); 3] = [
    ([10, 25, 40], 100_000, 0.5),
    ([10, 100, 100], 1_000_000, 1.0),
    ([10, 250, 400], 10_000_000, 4.0),
];

/// Milliseconds of the processor that a frame at rest may take.
const AT_REST: f64 = 1.0;

/// Bytes that an element may take beyond its value.
const BEYOND_VALUE: f64 = 12.0;

/// The shapes of each tensor of which frames are drawn: blocks of one size, of 10^4 and of 10^6 elements.
const DRAWN: [[usize; 3]; 2] = [[10, 10, 10], [10, 100, 100]];

/// How much longer than a frame of few elements one of many may take.
const MANY_TO_FEW: f64 = 1.3;

/// Frames at rest that are measured.
const RESTING: usize = 300;

/// Frames of a size that are drawn one after another, and how often each size has its turn.
const IN_TURN: usize = 40;
const TURNS: usize = 3;

/// Counts what is allocated: exact, where the memory of a process is not.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: what is asked for is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATED.fetch_add(size, Ordering::Relaxed);
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// A number that is measured, and what it may be.
struct Line {
    what: String,
    elements: usize,
    measured: f64,
    at_most: f64,
    unit: &'static str,
}

impl Line {
    fn holds(&self) -> bool {
        self.measured <= self.at_most
    }
}

/// The units that have something in them, however deep.
fn opening(units: &[Unit], names: &mut Vec<String>) {
    for unit in units.iter().filter(|unit| !unit.parts.is_empty()) {
        names.push(unit.name.clone());
        opening(&unit.parts, names);
    }
}

/// A chain whose tensors all have a shape, run, with everything in it open.
fn chain(axes: [usize; 3]) -> NetworkView {
    let [channels, ..] = axes;
    let layer = format!("nn.Conv2d({channels}, {channels}, 1)");
    let text = format!("nn.Sequential({})", vec![layer; LAYERS].join(", "));
    let shape = Shape::new(&axes).unwrap_or_else(|why| panic!("{why}"));
    let subject = Subject::parse(&text).unwrap_or_else(|why| panic!("{why}"));
    let graph = subject.graph(&shape).unwrap_or_else(|why| panic!("{why}"));
    let input = |id: ValueId| {
        let shape = graph.value(id).shape.unwrap_or(shape);
        let tensor = Fill::Ramp.make(&shape);
        (id, tensor.unwrap_or_else(|why| panic!("{why}")))
    };
    let inputs: Vec<(ValueId, Tensor)> = graph.inputs().iter().map(|&id| input(id)).collect();
    let run = RunNetwork::new(graph, &inputs).unwrap_or_else(|why| panic!("{why}"));
    let mut names = Vec::new();
    opening(&run.map.units, &mut names);
    let view = NetworkView::new("chain".to_owned(), run, inputs);
    view.with_open(names.iter().map(String::as_str))
}

/// How many elements all blocks of a network have.
fn elements(view: &NetworkView) -> usize {
    let tensors = view.staged().tensors.iter().flatten();
    tensors.map(|tensor| tensor.data().len()).sum()
}

fn show(view: &NetworkView) -> Show {
    let lesson = Arc::new(view.lesson());
    let timeline = Timeline::new(&lesson, Language::En, &Speeches::new());
    Show::new(lesson, Arc::new(timeline))
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Opens a network on the stage, rests there, and clears the stage.
fn open(app: &mut App, axes: [usize; 3], seconds: f64) -> Vec<Line> {
    let before = ALLOCATED.load(Ordering::Relaxed);
    let start = Instant::now();
    let view = chain(axes);
    app.insert_resource(show(&view));
    app.update();
    let opened = start.elapsed().as_secs_f64();
    // What was asked for in that frame is done in the next.
    app.update();
    let allocated = ALLOCATED.load(Ordering::Relaxed).saturating_sub(before);
    let elements = elements(&view);
    let each = allocated as f64 / elements as f64 - size_of::<f32>() as f64;
    let boxes = app.world().resource::<Boxes>().list.len();
    assert!(boxes > LAYERS, "only {boxes} boxes stand on the stage");
    let resting = (0..RESTING).map(|_| {
        let before = processor_time();
        app.update();
        processor_time().saturating_sub(before).as_secs_f64() * 1e3
    });
    let resting = median(resting.collect());
    app.world_mut().remove_resource::<Show>();
    app.update();
    app.update();
    let line = |what: &str, measured, at_most, unit| Line {
        what: what.to_owned(),
        elements,
        measured,
        at_most,
        unit,
    };
    vec![
        line("a frame at rest, of the processor", resting, AT_REST, "ms"),
        line(
            "memory beyond its value, an element",
            each,
            BEYOND_VALUE,
            "bytes",
        ),
        line("opening, up to the first frame", opened, seconds, "s"),
    ]
}

/// Frames of few and of many elements that cover the same area, against each other.
fn draw() -> Line {
    let views = DRAWN.map(chain);
    let places = |view: &NetworkView| -> Vec<(Vec3, Vec3)> {
        let blocks = view.staged().map.blocks.iter();
        blocks.map(|block| (block.middle, block.half)).collect()
    };
    let [few, many] = &views;
    assert_eq!(places(few), places(many), "they cover different areas");
    let render_settings = RenderSettings {
        size: UVec2::new(1280, 720),
        studio: Studio::Light,
        captions: false,
        motion: Motion::Full,
    };
    let mut renderer =
        Renderer::new(show(few), render_settings).unwrap_or_else(|why| panic!("{why}"));
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..TURNS {
        for (view, times) in views.iter().zip(&mut times) {
            let shown = show(view);
            let mut standing = renderer.world().resource_mut::<Show>();
            standing.replace(shown.lesson, shown.timeline);
            for frame in 0..IN_TURN + 10 {
                // As if all of it had changed.
                renderer.forget();
                let start = Instant::now();
                match renderer.draw(0.0) {
                    Ok(frame_pixels) => renderer.recycle(frame_pixels),
                    Err(why) => panic!("{why}"),
                }
                if frame >= 10 {
                    times.push(start.elapsed().as_secs_f64() * 1e3);
                }
            }
        }
    }
    let [few_times, many_times] = times.map(median);
    Line {
        what: format!(
            "a frame ({many_times:.1} ms) against one of {} elements ({few_times:.1} ms)",
            elements(few)
        ),
        elements: elements(many),
        measured: many_times / few_times,
        at_most: MANY_TO_FEW,
        unit: "times",
    }
}

fn main() -> ExitCode {
    let mut app = bare_stage();
    // What is made once is not counted: for products of this size, the library that multiplies takes as much
    // as a processor's second cache holds, two megabytes and more, and keeps it.
    let [(axes, ..), ..] = OPENED;
    open(&mut app, axes, f64::INFINITY);
    let mut lines = Vec::new();
    for (axes, count, seconds) in OPENED {
        let of_one = open(&mut app, axes, seconds);
        assert!(of_one.iter().all(|line| line.elements == count));
        lines.extend(of_one);
    }
    drop(app);
    lines.push(draw());
    println!("| elements | what | measured | at most | |\n|---:|---|---:|---:|---|");
    for line in &lines {
        let Line {
            what,
            elements,
            measured,
            at_most,
            unit,
        } = line;
        let mark = if line.holds() { "" } else { "too much" };
        println!("| {elements} | {what} | {measured:.3} {unit} | {at_most} {unit} | {mark} |");
    }
    if lines.iter().all(Line::holds) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
