//! The stage at its limit of elements, without a GPU: `cargo bench --profile dev --bench stage`.
//!
//! Opens scenes of about 262,144 element entities, lets a window move over them, and prints how long
//! opening took, how long a frame takes (the whole of `App::update`, on one core), and how much
//! memory an element has. Beside the time by the clock it prints that of the processor, which does
//! not count what the machine does meanwhile for others.

mod bare_stage;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bare_stage::{bare_stage, processor_time};
use tensorama::lesson::{self, Language};
use tensorama::narration::estimated_speeches;
use tensorama::playback::{Playhead, Show};
use tensorama::stage::elements::Stage;
use tensorama::timeline::Timeline;

/// Frames that are measured.
const FRAMES: u32 = 300;

const LESSON: &str = r#"Lesson(
    title: (en: "T", ja: "題"),
    scenes: [
        Scene(
            title: (en: "Small", ja: "小"),
            input: (shape: (1, 3, 3)),
            layers: [Conv2d(filters: 1, kernel: (2, 2))],
            beats: [Hold(1.0)],
        ),
        Scene(
            title: (en: "Large", ja: "大"),
            input: (shape: (32, 65, 64), fill: Ramp),
            layers: [Depthwise(kernel: (3, 3))],
            from: Step(50000),
            beats: [Hold(1.0), Run(to: Step(50400), over: 400.0), Run(to: Step(54000), over: 60.0)],
        ),
        Scene(
            title: (en: "A block", ja: "塊"),
            input: (shape: (60, 64, 64), fill: Ramp),
            layers: [Conv2d(filters: 1, kernel: (3, 3))],
            from: Step(1000),
            beats: [Hold(1.0), Run(to: Step(1400), over: 400.0), Run(to: Step(3000), over: 60.0)],
        ),
    ],
)"#;

/// Resident memory, in bytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    number.unwrap_or(f64::NAN) * 1024.0
}

/// How long something took: by the clock, and of the processor.
#[derive(Clone, Copy)]
struct Taken {
    clock: Duration,
    processor: Duration,
}

impl Taken {
    fn by(work: impl FnOnce()) -> Self {
        let (clock, processor) = (Instant::now(), processor_time());
        work();
        Self {
            clock: clock.elapsed(),
            processor: processor_time().saturating_sub(processor),
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn main() {
    let lesson = match lesson::read("bench.ron", LESSON) {
        Ok((lesson, _)) => Arc::new(lesson),
        Err(problems) => panic!("{problems}"),
    };
    let speeches = estimated_speeches(&lesson, Language::En);
    let timeline = Arc::new(Timeline::new(&lesson, Language::En, &speeches));
    let mut app = bare_stage();
    app.insert_resource(Show::new(lesson, timeline.clone()));
    let mut go = |time: f64| {
        app.world_mut().resource_mut::<Playhead>().time = time;
        let taken = Taken::by(|| app.update());
        let elements = app.world().resource::<Stage>().element_count();
        (taken, elements)
    };
    go(0.5);
    let before = resident();
    for (number, name) in ["channels apart", "one solid block"].iter().enumerate() {
        let scene = timeline.scenes[number + 1].start;
        let (opened, elements) = go(scene + 0.7);
        go(scene + 0.71);
        println!("{name}: {elements} elements");
        println!(
            "opening  {:.0} ms, {:.0} ms of the processor",
            milliseconds(opened.clock),
            milliseconds(opened.processor),
        );
        if number == 0 {
            let each = (resident() - before) / elements as f64;
            println!("memory   {each:.0} bytes an element");
        }
        for (what, start, step) in [
            ("a window at work", scene + 4.0, 1.0 / 30.0),
            ("a quick sweep   ", scene + 410.0, 1.0 / 30.0),
            ("nothing moves   ", scene + 410.0, 0.0),
        ] {
            for warm in 0..20 {
                go(start + step * f64::from(warm));
            }
            let frames: Vec<Taken> = (0..FRAMES)
                .map(|frame| go(start + step * f64::from(20 + frame)).0)
                .collect();
            println!("{what}  clock      {}", told(&frames, |taken| taken.clock));
            println!(
                "{what}  processor  {}",
                told(&frames, |taken| taken.processor)
            );
        }
    }
}

/// Mean, median and almost the longest of times.
fn told(frames: &[Taken], of: fn(&Taken) -> Duration) -> String {
    let mut times: Vec<Duration> = frames.iter().map(of).collect();
    times.sort();
    let mean = times.iter().sum::<Duration>() / FRAMES;
    format!(
        "mean {:.2} ms, median {:.2} ms, 99th of a hundred {:.2} ms",
        milliseconds(mean),
        milliseconds(times[times.len() / 2]),
        milliseconds(times[times.len() * 99 / 100]),
    )
}
