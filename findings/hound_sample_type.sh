#!/usr/bin/env bash
# hound takes integers for a file of floats, and floats for one of integers, and writes their bits.
#
# Version: hound 3.5.1 (crates.io).
# Seen: a WavWriter for 32-bit floats answers Ok to write_sample(8192_i32), and the file then holds
#   1.148e-41. One for 32-bit integers answers Ok to write_sample(0.5_f32) and holds 1056964608, half of
#   full scale by the exponent's bits. At 16 bits the same f32 is refused.
# One would guess otherwise: write_sample is generic over the sample, checks the range of what it is given
#   (a 100000 in a file of 16 bits is refused), and reading through the wrong type is an error.
#   So one expects a conversion or an error.
#
# Output seen:
#   | float, 32 bits: i32 8192 is Ok(()); read back [Ok(1.148e-41)]
#   | int, 32 bits: f32 0.5 is Ok(()); read back [Ok(1056964608)]
#   | int, 16 bits: f32 0.5 is Err(Unsupported)
#   | int, 16 bits: i32 100000 is Err(TooWide)
#   | float, 32 bits, read as i32: Err(InvalidSampleFormat)
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
hound = "=3.5.1"
TOML
cat > "$work/src/main.rs" <<'RUST'
use hound::{Result, Sample, SampleFormat, WavReader, WavSpec, WavWriter};
use std::io::Cursor;

fn write(format: SampleFormat, bits: u16, sample: impl Sample) -> (Result<()>, Vec<u8>) {
    let spec = WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: bits,
        sample_format: format,
    };
    let mut file = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut file, spec).unwrap();
    let answer = writer.write_sample(sample);
    writer.finalize().unwrap();
    (answer, file.into_inner())
}

fn read<S: Sample>(wav: &[u8]) -> Vec<Result<S>> {
    WavReader::new(wav).unwrap().into_samples().collect()
}

fn main() {
    let (answer, wav) = write(SampleFormat::Float, 32, 8192_i32);
    println!("float, 32 bits: i32 8192 is {answer:?}; read back {:?}", read::<f32>(&wav));
    let (answer, wav) = write(SampleFormat::Int, 32, 0.5_f32);
    println!("int, 32 bits: f32 0.5 is {answer:?}; read back {:?}", read::<i32>(&wav));
    println!("int, 16 bits: f32 0.5 is {:?}", write(SampleFormat::Int, 16, 0.5_f32).0);
    println!("int, 16 bits: i32 100000 is {:?}", write(SampleFormat::Int, 16, 100_000_i32).0);
    let (_, wav) = write(SampleFormat::Float, 32, 0.5_f32);
    println!("float, 32 bits, read as i32: {:?}", read::<i32>(&wav)[0]);
}
RUST
CARGO_TARGET_DIR=$work/target cargo run --quiet --manifest-path "$work/Cargo.toml" | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
