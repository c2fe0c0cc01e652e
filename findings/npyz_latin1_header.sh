#!/usr/bin/env bash
# npyz reads headers of .npy files in Japanese but not in French, and none of Python 2's.
#
# Versions: npyz 0.9.1 (crates.io); numpy 2.4.6 (PyPI).
# Seen: numpy writes a header that fits into Latin-1 as format 1.0 in Latin-1, and only what does not fit as
#   format 3.0 in UTF-8. npyz decodes every header as UTF-8, so a record array with a field "é" is
#   refused, and one with a field "値" is read. Headers of Python 2, with lengths such as 2L, are refused
#   too; numpy still reads them.
# One would guess otherwise: é is the easier letter, both files are what numpy.save writes today, and the
#   crate knows the three versions of the format.
#
# Output seen:
#   | é: format 1, numpy reads it; npyz: could not parse utf-8
#   | 値: format 3, numpy reads it; npyz: shape [2]
#   | 2L: format 1, numpy reads it; npyz: could not parse Python expression: syntax error
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet numpy==2.4.6
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"

[dependencies]
npyz = "=0.9.1"
TOML
cat > "$work/src/main.rs" <<'RUST'
fn main() {
    let bytes = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    match npyz::NpyFile::new(bytes.as_slice()) {
        Ok(file) => println!("shape {:?}", file.shape()),
        Err(error) => println!("{}", error.to_string().split(": ").take(2).collect::<Vec<_>>().join(": ").lines().next().unwrap().trim_end_matches(':')),
    }
}
RUST
CARGO_TARGET_DIR=$work/target cargo build --quiet --manifest-path "$work/Cargo.toml"
"$work/venv/bin/python" - "$work" <<'PYTHON' | tee "$work/seen"
import subprocess, sys, warnings
import numpy

warnings.simplefilter("ignore")  # numpy warns that a header is not ASCII, or of Python 2
folder = sys.argv[1]
for name in ["é", "値", "2L"]:
    path = f"{folder}/{name}.npy"
    if name == "2L":
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }".ljust(117) + b"\n"
        data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(8)
        open(path, "wb").write(data)
    else:
        numpy.save(path, numpy.zeros(2, dtype=[(name, "<f4")]))
    assert numpy.load(path).shape == (2,)
    told = subprocess.run([f"{folder}/target/debug/finding", path], capture_output=True, text=True, check=True)
    print(f"{name}: format {open(path, 'rb').read()[6]}, numpy reads it; npyz: {told.stdout.strip()}")
PYTHON
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
