//! Work shared out among the cores, where there are threads.

/// Multiply-accumulates below which a second thread costs more than it saves.
#[cfg(not(target_family = "wasm"))]
const WORTH_A_THREAD: usize = 1 << 20;

/// How many threads so many tasks of so many multiply-accumulates in all are worth.
#[cfg(not(target_family = "wasm"))]
pub(super) fn threads(tasks: usize, work: usize) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores.min(tasks).min(work / WORTH_A_THREAD).max(1)
}

/// Runs the same on so many threads at once.
#[cfg(not(target_family = "wasm"))]
pub(super) fn on_threads(threads: usize, run: &(impl Fn() + Sync)) {
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
}

#[cfg(target_family = "wasm")]
pub(super) fn threads(_tasks: usize, _work: usize) -> usize {
    1
}

#[cfg(target_family = "wasm")]
pub(super) fn on_threads(_threads: usize, run: &(impl Fn() + Sync)) {
    run();
}

/// Gives each chunk of an output, with its number, to whichever thread is free. `work` is what all
/// chunks cost, in multiply-accumulates.
pub(in crate::op) fn for_each_chunk(
    out: &mut [f32],
    length: usize,
    work: usize,
    run: impl Fn(usize, &mut [f32]) + Sync,
) {
    let chunks = out.len().div_ceil(length.max(1));
    let threads = threads(chunks, work);
    if threads == 1 {
        for (number, chunk) in out.chunks_mut(length.max(1)).enumerate() {
            run(number, chunk);
        }
        return;
    }
    let queue = std::sync::Mutex::new(out.chunks_mut(length.max(1)).enumerate());
    on_threads(threads, &|| {
        loop {
            // Nothing panics while the lock is held, so it cannot be poisoned.
            let next = queue.lock().ok().and_then(|mut queue| queue.next());
            let Some((number, chunk)) = next else { return };
            run(number, chunk);
        }
    });
}
