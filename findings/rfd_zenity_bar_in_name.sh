#!/usr/bin/env bash
# A file whose name has a bar comes out of rfd's dialogue for several files as two files that do not exist.
#
# Version: rfd 0.17.2 (crates.io) without a session bus, zenity 3.44.0 (Debian 12).
# Seen: one file is chosen, `a|b.png`; `pick_files` gives `a` and `b.png`. `pick_file` gives it whole.
# One would guess otherwise: what a dialogue gives are paths of files that were chosen, and on the desktop's portal, which
#   rfd asks first, they are. Without one it starts zenity, whose list of names is parted at bars unless another
#   separator is asked for, and names may hold one.
# Remedy: put pieces that are no files together again, or ask for one file.
#
# Output seen:
#   | pick_files: 2 paths, of which 0 are files
#   | pick_file: 1 path, of which 1 is a file
set -euo pipefail
for tool in cargo zenity xdotool xvfb-run; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed: apt-get install zenity xdotool xvfb" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src" "$work/files"
cat >"$work/Cargo.toml" <<'TOML'
[package]
name = "chooses"
version = "0.0.0"
edition = "2021"

[dependencies]
rfd = { version = "=0.17.2", default-features = false, features = ["xdg-portal"] }
TOML
cat >"$work/src/main.rs" <<'RUST'
use std::path::PathBuf;

fn say(name: &str, paths: &[PathBuf]) {
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let files = paths.iter().filter(|path| path.is_file()).count();
    let (are, a) = if files == 1 { ("is", "a ") } else { ("are", "") };
    let count = paths.len();
    println!("{name}: {count} path{}, of which {files} {are} {a}file{}", s(count), s(files));
}

fn main() {
    let dialog = rfd::FileDialog::new();
    match std::env::args().nth(1).as_deref() {
        Some("pick_file") => say("pick_file", &Vec::from_iter(dialog.pick_file())),
        _ => say("pick_files", &dialog.pick_files().unwrap_or_default()),
    }
}
RUST
(cd "$work" && cargo build --quiet)
touch "$work/files/a|b.png"
cat >"$work/choose" <<'BASH'
set -euo pipefail
for way in pick_files pick_file; do
    "$WORK/target/debug/chooses" "$way" >>"$WORK/seen" &
    xdotool search --sync --onlyvisible --class zenity >/dev/null
    sleep 3
    # A tilde opens the field for a path.
    xdotool type --delay 100 '~/a|b.png'
    sleep 1
    xdotool key Return
    for _ in 1 2 3 4 5; do
        sleep 1
        kill -0 $! 2>/dev/null || break
        xdotool key Return || true
    done
    wait
done
BASH
# No session bus, and so no portal.
env -u DBUS_SESSION_BUS_ADDRESS HOME="$work/files" WORK="$work" \
    timeout 120 xvfb-run -a -s "-screen 0 1024x768x24" bash "$work/choose" 2>"$work/noise"
cat "$work/seen"
diff "$work/seen" - <<'SEEN'
pick_files: 2 paths, of which 0 are files
pick_file: 1 path, of which 1 is a file
SEEN
