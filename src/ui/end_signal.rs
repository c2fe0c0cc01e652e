//! Closes the window on Ctrl-C, and where the system asks the program to end. While it rests it looks at
//! nothing, so it is woken.

use std::ffi::c_int;
use std::io::{PipeWriter, Read, Write};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bevy::prelude::*;
use bevy::winit::{EventLoopProxyWrapper, WinitUserEvent};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

/// Ctrl-C, a request to end, and a terminal that has gone.
const ENDING: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// How long the window may take to write down what it remembers. One that is never drawn, as behind
/// others on Wayland, is not asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where a signal is told: to write is what may be done while one is handled.
static TOLD: OnceLock<PipeWriter> = OnceLock::new();

/// The number of the signal that has come, or 0.
#[derive(Resource, Clone, Default)]
struct Heard(Arc<AtomicU8>);

/// The exit status of a program that a signal has ended, as shells count it.
const fn status(signal: u8) -> u8 {
    signal.saturating_add(128)
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Heard>()
        .add_systems(Startup, listen)
        // Before all that writes down what is remembered at the end.
        .add_systems(First, close);
}

fn close(heard: Res<Heard>, mut exits: MessageWriter<AppExit>) {
    let signal = heard.0.load(Ordering::Relaxed);
    if signal != 0 {
        exits.write(AppExit::from_code(status(signal)));
    }
}

/// Begins to listen. Until then, and where there is nothing to wake, a signal ends the program as it ends
/// any other.
fn listen(heard: Res<Heard>, proxy: Option<Res<EventLoopProxyWrapper>>) {
    let Some(proxy) = proxy else {
        return;
    };
    let proxy = (**proxy).clone();
    let heard = heard.0.clone();
    let wake = move |signal| {
        heard.store(signal, Ordering::Relaxed);
        // Where the window has gone already, so will the program.
        let _ = proxy.send_event(WinitUserEvent::WakeUp);
    };
    if let Err(why) = handle(wake) {
        warn!("Ctrl-C ends the program without a word: {why}");
    }
}

/// Has the window woken at the first signal that comes, and the program ended where that is not enough.
#[expect(unsafe_code, reason = "a handler is called at any moment")]
fn handle(wake: impl FnOnce(u8) + Send + 'static) -> std::io::Result<()> {
    let (mut told, tells) = std::io::pipe()?;
    if TOLD.set(tells).is_err() {
        return Ok(());
    }
    let listening = move || {
        let mut byte = [0];
        if told.read_exact(&mut byte).is_ok() {
            let [signal] = byte;
            wake(signal);
            std::thread::sleep(PATIENCE);
            std::process::exit(i32::from(status(signal)));
        }
    };
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(listening)?;
    let action = SigAction::new(
        SigHandler::Handler(tell),
        SaFlags::SA_RESTART,
        SigSet::empty(),
    );
    for signal in ENDING {
        // SAFETY: `tell` reads what never changes again, and writes to a pipe, as a handler may.
        let before = unsafe { sigaction(signal, &action) }?;
        // What the program was told not to hear, as by `nohup`, it does not.
        if matches!(before.handler(), SigHandler::SigIgn) {
            // SAFETY: to ignore is no function of anybody's.
            unsafe { sigaction(signal, &before) }?;
        }
    }
    Ok(())
}

extern "C" fn tell(signal: c_int) {
    if let (Some(mut pipe), Ok(signal)) = (TOLD.get(), u8::try_from(signal)) {
        // A handler has nobody to tell that it could not.
        let _ = pipe.write_all(&[signal]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_the_one_that_a_shell_tells() {
        for (signal, told) in [(1, 129), (2, 130), (15, 143)] {
            assert_eq!(status(signal), told);
        }
    }

    #[test]
    fn a_signal_that_is_heard_closes_the_window_with_its_status() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, plugin));
        app.update();
        assert_eq!(app.should_exit(), None);
        app.world()
            .resource::<Heard>()
            .0
            .store(15, Ordering::Relaxed);
        app.update();
        assert_eq!(app.should_exit(), Some(AppExit::from_code(143)));
    }
}
