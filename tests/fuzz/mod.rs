//! Runs mutated inputs through what reads them, for a while: none may panic, take longer than a second, or
//! more memory than a bound. An input that failed once stays in `corpus/TARGET` and is run first, every time.
//!
//! Each target runs for `TENSORAMA_FUZZ_SECONDS` seconds (1, unless told), or until it has run
//! `TENSORAMA_FUZZ_COUNT` inputs, from the seed `TENSORAMA_FUZZ_SEED` (1). `scripts/fuzz` runs all of them for long.
//!
//! - `TENSORAMA_FUZZ_KEEP=FILE`: each input is written to that file before it is run, so that one that kills the
//!   process is found there.
//! - `TENSORAMA_FUZZ_FAILURES=FOLDER`: of each kind of failure an input is put there, to be moved to the corpus.
//! - `TENSORAMA_FUZZ_REPORT=FILE`: what came of a target is added there as a line of JSON.

pub mod bytes;
pub mod texts;

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use tensorama::tensor::Random;

/// Counts what is allocated, and the most that was at once.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: what is asked for is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// One target at a time: memory is counted for the whole process.
static TURN: Mutex<()> = Mutex::new(());

/// The longest that one input may take. Without optimisation, everything takes several times as long.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 4 } else { 1 });

/// What an environment variable says.
fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Where the last panic was: its place is its kind.
static AT: Mutex<String> = Mutex::new(String::new());

/// What became of an input.
struct Outcome {
    readable: bool,
    took: Duration,
    bytes: usize,
    failure: Option<String>,
}

/// How long this thread has worked; where that is not told, how long it is since this was asked first.
fn worked() -> Duration {
    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    let read = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let first = read.and_then(|text| text.split_whitespace().next()?.parse().ok());
    first.map_or_else(|| STARTED.elapsed(), Duration::from_nanos)
}

fn outcome(input: &[u8], most_bytes: usize, read: &impl Fn(&[u8]) -> bool) -> Outcome {
    let held = NOW.load(Ordering::Relaxed);
    MOST.store(held, Ordering::Relaxed);
    let began = Instant::now();
    let done = panic::catch_unwind(AssertUnwindSafe(|| read(input)));
    let mut took = began.elapsed();
    if took > LONGEST && done.is_ok() {
        // Something else may have had the core: what counts is the work.
        let began = worked();
        let _ = panic::catch_unwind(AssertUnwindSafe(|| read(input)));
        took = took.min(worked().saturating_sub(began));
    }
    let bytes = MOST.load(Ordering::Relaxed).saturating_sub(held);
    let failure = if done.is_err() {
        let at = AT.lock().unwrap().clone();
        Some(at.lines().next().unwrap_or_default().to_owned())
    } else if took > LONGEST {
        Some(format!("took {took:?}"))
    } else {
        (bytes > most_bytes).then(|| format!("took {bytes} bytes"))
    };
    Outcome {
        readable: matches!(done, Ok(true)),
        took,
        bytes,
        failure,
    }
}

/// The inputs of a target that failed once, by their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    // Most targets have none.
    let Ok(files) = std::fs::read_dir(corpus.join(target)) else {
        return Vec::new();
    };
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<(String, Vec<u8>)> = files
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(&file).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// The kinds of failure of a target, each with an input.
#[derive(Default)]
struct Failures(Vec<(String, Vec<u8>)>);

impl Failures {
    /// Adds one, unless its kind is known.
    fn add(&mut self, failure: String, input: Vec<u8>) {
        let kind = |text: &str| text.chars().take(20).collect::<String>();
        let known = self.0.iter().any(|(known, _)| {
            known == &failure || failure.starts_with("took") && kind(known) == kind(&failure)
        });
        if !known {
            self.0.push((failure, input));
        }
    }

    /// Puts the inputs into the folder that is asked for, if one is.
    fn put(&self, target: &str, seed: u64) {
        let Some(folder) = std::env::var_os("TENSORAMA_FUZZ_FAILURES") else {
            return;
        };
        for (number, (_, input)) in self.0.iter().enumerate() {
            let name = format!("{target}-{seed}-{number}");
            std::fs::write(Path::new(&folder).join(name), input).unwrap();
        }
    }
}

/// Makes inputs and runs them until the time is over, or so many are run; then tells every kind of failure with an
/// input. What reads them says whether there was anything to read: of some there must be, or the changes would not
/// get past what is looked at first.
pub fn run(
    target: &str,
    most_bytes: usize,
    mut make: impl FnMut(&mut Random) -> Vec<u8>,
    read: impl Fn(&[u8]) -> bool,
) {
    let _turn = TURN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let seconds = Duration::from_secs(told("TENSORAMA_FUZZ_SECONDS").unwrap_or(1));
    let count = told("TENSORAMA_FUZZ_COUNT");
    let seed = told("TENSORAMA_FUZZ_SEED").unwrap_or(1);
    let keep = std::env::var_os("TENSORAMA_FUZZ_KEEP");
    let mut random = Random::new(seed);
    let before = panic::take_hook();
    panic::set_hook(Box::new(|about| {
        *AT.lock().unwrap() = about.to_string();
    }));
    let mut failures = Failures::default();
    for (name, input) in corpus(target) {
        if let Some(failure) = outcome(&input, most_bytes, &read).failure {
            failures.add(format!("corpus/{target}/{name}: {failure}"), input);
        }
    }
    let (start, mut runs, mut readable) = (Instant::now(), 0_u64, 0_u64);
    let (mut longest, mut most) = (Duration::ZERO, 0);
    while count.map_or_else(|| start.elapsed() < seconds, |count| runs < count) {
        let input = make(&mut random);
        if let Some(file) = &keep {
            std::fs::write(file, &input).unwrap();
        }
        let outcome = outcome(&input, most_bytes, &read);
        runs += 1;
        readable += u64::from(outcome.readable);
        longest = longest.max(outcome.took);
        most = most.max(outcome.bytes);
        if let Some(failure) = outcome.failure {
            failures.add(failure, input);
        }
    }
    panic::set_hook(before);
    eprintln!("{target}: {runs} inputs, of which {readable} are readable");
    failures.put(target, seed);
    let report = serde_json::json!({
        "target": target, "seed": seed, "runs": runs, "readable": readable, "failures": failures.0.len(),
        "seconds": start.elapsed().as_secs_f64(), "longest": longest.as_secs_f64(), "bytes": most,
    });
    if let Some(file) = std::env::var_os("TENSORAMA_FUZZ_REPORT") {
        // At once: other targets write there too.
        let line = format!("{report}\n");
        let file = std::fs::File::options()
            .append(true)
            .create(true)
            .open(file);
        file.unwrap().write_all(line.as_bytes()).unwrap();
    }
    let told: Vec<String> = failures
        .0
        .iter()
        .map(|(failure, input)| format!("{failure}\n{}", input.escape_ascii()))
        .collect();
    assert!(told.is_empty(), "{target}:\n{}", told.join("\n\n"));
    assert!(
        runs < 1000 || readable * 100 >= runs && readable < runs,
        "{target}: {readable} of {runs}"
    );
}
