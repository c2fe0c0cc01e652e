#!/usr/bin/env bash
# naga_oil: before it has seen a line of a shader, it has spent more time than the compiler of shaders takes for dozens.
#
# Version: naga_oil 0.22.0 with naga 29 and regex 1 (crates.io).
# Seen: `Composer::non_validating()`, and apart from it the first call of `get_preprocessor_data`, even on an empty
#   source, build the automata of some twenty regular expressions each. Together that takes longer than `naga` takes to
#   parse the shader below thirty times. The second call takes next to nothing. A renderer that uses it (Bevy does, for
#   each shader, whether or not it imports anything) pays that once at each start.
# One would guess otherwise: composing is to join texts, and cheap beside parsing them. In WebAssembly it was 120 ms of
#   wait before the first frame, and as long again on another core, where V8 optimised what builds automata.
# Remedy: under `[patch.crates-io]` a package named `regex` that hands on `regex-lite`, whose interface is the same and
#   which builds no automata; and shaders without directives straight to wgpu.
#
# Output seen:
#   | longer than to parse thirty shaders, at first: yes
#   | longer than to parse thirty shaders, the second time: no
#   | with regex-lite, longer than to parse thirty shaders, at first: no
set -euo pipefail
script=$(readlink -f "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src" "$work/lite"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"

[dependencies]
naga = { version = "29", features = ["wgsl-in"] }
naga_oil = "=0.22.0"
TOML
cat > "$work/lite/Cargo.toml" <<'TOML'
[package]
name = "regex"
version = "1.999.0"
edition = "2024"

[lib]
path = "lib.rs"

[dependencies]
regex-lite = "0.1.9"
TOML
echo 'pub use regex_lite::*;' > "$work/lite/lib.rs"
cat > "$work/src/main.rs" <<'RUST'
use std::hint::black_box;
use std::time::{Duration, Instant};

use naga_oil::compose::{Composer, get_preprocessor_data};

const SHADER: &str = "
struct View { clip: mat4x4<f32>, light: vec4<f32> }
@group(0) @binding(0) var<uniform> view: View;
struct Corner { @builtin(position) place: vec4<f32>, @location(0) color: vec3<f32> }
@vertex fn vertex(@builtin(vertex_index) index: u32, @location(0) at: vec3<f32>) -> Corner {
    let corner = vec3(f32(index & 1u), f32((index >> 1u) & 1u), f32(index >> 2u));
    var out: Corner;
    out.place = view.clip * vec4(at + corner, 1.0);
    out.color = mix(corner, view.light.rgb, 0.5);
    return out;
}
@fragment fn fragment(in: Corner) -> @location(0) vec4<f32> {
    var sum = vec3(0.0);
    for (var step = 0u; step < 4u; step++) { sum += in.color * f32(step); }
    return vec4(clamp(sum, vec3(0.0), vec3(1.0)), 1.0);
}";

fn composing() -> Duration {
    let begun = Instant::now();
    black_box(get_preprocessor_data(""));
    black_box(Composer::non_validating());
    begun.elapsed()
}

fn told(composing: Duration, parsing: Duration) -> &'static str {
    eprintln!("({composing:?} and {parsing:?})");
    if composing > parsing { "yes" } else { "no" }
}

fn main() {
    let _ = naga::front::wgsl::parse_str(SHADER).unwrap();
    let begun = Instant::now();
    for _ in 0..30 {
        let _ = black_box(naga::front::wgsl::parse_str(SHADER).unwrap());
    }
    let parsing = begun.elapsed();
    println!("longer than to parse thirty shaders, at first: {}", told(composing(), parsing));
    let begun = Instant::now();
    black_box(get_preprocessor_data(""));
    println!("longer than to parse thirty shaders, the second time: {}", told(begun.elapsed(), parsing));
}
RUST
export CARGO_TARGET_DIR=$work/target
cd "$work"
{
    cargo run --quiet --release
    printf '\n[patch.crates-io]\nregex = { path = "lite" }\n' >> Cargo.toml
    cargo update --quiet --package regex
    cargo run --quiet --release | sed -n '1s/^/with regex-lite, /p'
} | tee seen
diff <(sed -n 's/^#   | //p' "$script") seen
