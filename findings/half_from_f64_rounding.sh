#!/usr/bin/env bash
# half's from_f64 does not give the nearest half.
#
# Version: half 2.7.1 (crates.io).
# Seen: 1 + 2^-11 + 2^-40 lies above the middle between 1 and the next half, 1 + 2^-10, and becomes 1. With
#   the CPU's instructions (f16c) the number goes through an f32, which rounds it onto the middle, and
#   the tie then goes to the even neighbour; without them the lower half of the f64's bits is dropped
#   first, to the same effect. from_f64_const does the same. bf16 likewise, at 2^-8.
# One would guess otherwise: the documentation says "rounded to the nearest representable 16-bit value".
#   numpy 2.4.6 makes 1.001 of the same number; a difference between the two is no error of either file.
#
# Output seen:
#   | f16: 1.00048828125090949 becomes 1; off by 0.00048828125090949, the next one by 0.00048828124909051
#   | from_f64_const: 1
#   | bf16: 1.00390625000090949 becomes 1; off by 0.00390625000090949, the next one by 0.00390624999909051
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"

[dependencies]
half = "=2.7.1"
TOML
cat > "$work/src/main.rs" <<'RUST'
use half::{bf16, f16};

fn main() {
    let tell = |name: &str, x: f64, made: f64, next: f64| {
        println!("{name}: {x:.17} becomes {made}; off by {:.17}, the next one by {:.17}", x - made, next - x);
    };
    let x = 1.0 + 2_f64.powi(-11) + 2_f64.powi(-40);
    tell("f16", x, f16::from_f64(x).to_f64(), 1.0 + f16::EPSILON.to_f64());
    println!("from_f64_const: {}", f16::from_f64_const(x));
    let x = 1.0 + 2_f64.powi(-8) + 2_f64.powi(-40);
    tell("bf16", x, bf16::from_f64(x).to_f64(), 1.0 + bf16::EPSILON.to_f64());
}
RUST
CARGO_TARGET_DIR=$work/target cargo run --quiet --manifest-path "$work/Cargo.toml" | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
