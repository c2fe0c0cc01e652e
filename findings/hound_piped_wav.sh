#!/usr/bin/env bash
# hound cannot read the WAV that ffmpeg writes to a pipe.
#
# Versions: hound 3.5.1 (crates.io); ffmpeg 9.0.2 as in imageio-ffmpeg 0.8.1 (PyPI).
# Seen: ffmpeg cannot go back to write the length into a pipe, so it leaves 0xFFFFFFFF there, as is the
#   custom for streams. hound takes that for a length, finds that it is no multiple of two bytes, and
#   refuses the file. With one byte a sample it opens, and says that it holds 4,294,967,295 samples;
#   reading ends with an error in place of the end. From a file all is well.
# One would guess otherwise: WavReader::new takes any reader, also one that cannot seek, so a pipe is what
#   it seems to be made for; and "-f wav -" is how one asks ffmpeg for samples.
#   (espeak-ng --stdout leaves 0x7FFFF000: hound opens that and reports 1,073,739,776 samples.)
# Remedy: have ffmpeg write a file, or -f s16le and no header.
#
# Output seen:
#   | pipe, 16 bits: Ill-formed WAVE file: data chunk length is not a multiple of sample size
#   | pipe, 8 bits: says 4294967295 samples, gives 2205, then Failed to read enough bytes.
#   | file, 16 bits: says 2205 samples, gives 2205, then the end
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet imageio-ffmpeg==0.8.1
ffmpeg=$("$work/venv/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
tone=(-v error -f lavfi -i "sine=duration=0.1:sample_rate=22050")
"$ffmpeg" "${tone[@]}" -f wav - | cat > "$work/pipe-16.wav"
"$ffmpeg" "${tone[@]}" -c:a pcm_u8 -f wav - | cat > "$work/pipe-8.wav"
"$ffmpeg" "${tone[@]}" "$work/file-16.wav"
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
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    for name in ["pipe-16", "pipe-8", "file-16"] {
        let wav = std::fs::read(format!("{folder}/{name}.wav")).unwrap();
        let told = match hound::WavReader::new(wav.as_slice()) {
            Err(error) => error.to_string(),
            Ok(reader) => {
                let says = reader.duration();
                let mut samples = reader.into_samples::<i16>();
                let mut count = 0;
                let end = loop {
                    match samples.next() {
                        Some(Ok(_)) => count += 1,
                        Some(Err(error)) => break error.to_string(),
                        None => break "the end".to_owned(),
                    }
                };
                format!("says {says} samples, gives {count}, then {end}")
            }
        };
        println!("{} bits: {told}", name.replace('-', ", "));
    }
}
RUST
CARGO_TARGET_DIR=$work/target cargo run --quiet --manifest-path "$work/Cargo.toml" "$work" | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
