//! A window that rests is closed at once by what ends any program, and tells a shell what it was.

use std::process::{Child, Command};
use std::time::Duration;

use super::{missing, open_layer, wait_for};

/// How much time of the processor a process has taken, in ticks of a hundredth of a second.
fn ticks(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    // The second field is a name in parentheses; the 14th and 15th are the times.
    let (_, after) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = after.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Whether what started the tests has made them, and so the program, deaf to Ctrl-C: a shell does that to
/// what it runs in the background.
fn is_deaf_to_ctrl_c(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
    // A bit for each signal, from the first, which is 1; this one is 2.
    ignored & 0b10 != 0
}

/// Ends a window that rests, and gives its exit status; `None` where there is no window, or it cannot hear.
#[track_caller]
fn ended_by(signal: &str) -> Option<Option<i32>> {
    let mut bench = open_layer()?;
    let id = bench.program.as_ref().map(Child::id).unwrap();
    if signal == "-INT" && is_deaf_to_ctrl_c(id) {
        let how = "run the tests in the foreground";
        missing::left_out_by_choice("Ctrl-C is ignored by what runs in the background", how);
        return None;
    }
    wait_for("a window that rests", || {
        let before = ticks(id);
        std::thread::sleep(Duration::from_secs(1));
        (ticks(id) - before <= 2).then_some(())
    });
    let sent = Command::new("kill")
        .args([signal, &id.to_string()])
        .status();
    assert!(sent.unwrap().success());
    let program = bench.program.as_mut().unwrap();
    let ended = wait_for("the end of the program", || program.try_wait().unwrap());
    Some(ended.code())
}

#[test]
fn a_window_that_rests_closes_on_a_request_to_end() {
    let Some(status) = ended_by("-TERM") else {
        return;
    };
    assert_eq!(status, Some(143));
}

#[test]
fn a_window_that_rests_closes_on_ctrl_c() {
    let Some(status) = ended_by("-INT") else {
        return;
    };
    assert_eq!(status, Some(130));
}
