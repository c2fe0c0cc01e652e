//! The stage without a renderer, on one core, and the clock that counts what it takes of the processor.

use std::time::Duration;

use bevy::app::TaskPoolThreadAssignmentPolicy;
use bevy::prelude::*;

/// An app with a stage and its camera, on one thread.
pub fn bare_stage() -> App {
    let one = TaskPoolThreadAssignmentPolicy {
        min_threads: 1,
        max_threads: 1,
        percent: 1.0,
        on_thread_spawn: None,
        on_thread_destroy: None,
    };
    let pools = TaskPoolOptions {
        min_total_threads: 1,
        max_total_threads: 1,
        io: one.clone(),
        async_compute: one.clone(),
        compute: one,
    };
    let mut app = App::new();
    app.add_plugins(MinimalPlugins.set(TaskPoolPlugin {
        task_pool_options: pools,
    }))
    .add_plugins(TransformPlugin)
    .add_plugins((
        tensorama::playback::plugin,
        tensorama::stage::plugin,
        tensorama::camera::plugin,
    ));
    app.world_mut().spawn(tensorama::camera::stage_camera());
    app
}

/// Processor time that all threads of this process have taken.
pub fn processor_time() -> Duration {
    /// `CLOCK_PROCESS_CPUTIME_ID` of Linux.
    const PROCESS: i32 = 2;
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32;
    }
    let mut time = [0; 2];
    // SAFETY: on 64-bit Linux a `timespec` is two 64-bit numbers, and `time` has room for them.
    let status = unsafe { clock_gettime(PROCESS, &raw mut time) };
    assert_eq!(status, 0, "the processor's clock cannot be read");
    let [seconds, nanoseconds] = time;
    Duration::new(seconds as u64, nanoseconds as u32)
}
