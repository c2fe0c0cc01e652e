//! Runs mutated inputs through what reads them, for a while: none may panic, take longer than a second, or
//! more memory than a bound.
//!
//! Each target runs for `TENSORAMA_FUZZ_SECONDS` seconds (1, unless told), from the seed
//! `TENSORAMA_FUZZ_SEED` (1). With `TENSORAMA_FUZZ_KEEP=FILE`, each input is written to that file before it is
//! run, so that one that kills the process is found there.

use std::alloc::{GlobalAlloc, Layout, System};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// What an environment variable says, or else a usual value.
fn told(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(usual)
}

/// Makes inputs and runs them until the time is over; then tells every kind of failure with an input. What
/// reads them says whether there was anything to read: of some there must be, or the changes would not get
/// past what is looked at first.
pub fn run(
    target: &str,
    most_bytes: usize,
    mut make: impl FnMut(&mut Random) -> Vec<u8>,
    read: impl Fn(&[u8]) -> bool,
) {
    static AT: Mutex<String> = Mutex::new(String::new());
    let _turn = TURN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let seconds = Duration::from_secs(told("TENSORAMA_FUZZ_SECONDS", 1));
    let mut random = Random::new(told("TENSORAMA_FUZZ_SEED", 1));
    let keep = std::env::var_os("TENSORAMA_FUZZ_KEEP");
    let before = panic::take_hook();
    panic::set_hook(Box::new(|about| {
        *AT.lock().unwrap() = about.to_string();
    }));
    let mut failures: Vec<(String, Vec<u8>)> = Vec::new();
    let (start, mut runs, mut readable) = (Instant::now(), 0_u64, 0_u64);
    while start.elapsed() < seconds {
        let input = make(&mut random);
        if let Some(file) = &keep {
            std::fs::write(file, &input).unwrap();
        }
        MOST.store(NOW.load(Ordering::Relaxed), Ordering::Relaxed);
        let (held, began) = (NOW.load(Ordering::Relaxed), Instant::now());
        let done = panic::catch_unwind(AssertUnwindSafe(|| read(&input)));
        let took = began.elapsed();
        let bytes = MOST.load(Ordering::Relaxed).saturating_sub(held);
        runs += 1;
        readable += u64::from(matches!(done, Ok(true)));
        let failure = if done.is_err() {
            // The place of a panic is its kind.
            let at = AT.lock().unwrap().clone();
            Some(at.lines().next().unwrap_or_default().to_owned())
        } else if took > LONGEST {
            Some(format!("took {took:?}"))
        } else {
            (bytes > most_bytes).then(|| format!("took {bytes} bytes"))
        };
        if let Some(failure) = failure {
            let kind = |text: &str| text.chars().take(20).collect::<String>();
            let known = failures.iter().any(|(known, _)| {
                known == &failure || failure.starts_with("took") && kind(known) == kind(&failure)
            });
            if !known {
                failures.push((failure, input));
            }
        }
    }
    panic::set_hook(before);
    eprintln!("{target}: {runs} inputs, of which {readable} are readable");
    let told: Vec<String> = failures
        .iter()
        .map(|(failure, input)| format!("{failure}\n{}", input.escape_ascii()))
        .collect();
    assert!(told.is_empty(), "{target}:\n{}", told.join("\n\n"));
    assert!(
        readable * 100 >= runs && readable < runs,
        "{target}: {readable} of {runs}"
    );
}
