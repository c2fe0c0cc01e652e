#!/usr/bin/env bash
# npyz's feature "npz" compiles two C libraries and AES, which no .npz of numpy needs.
#
# Version: npyz 0.9.1 (crates.io), which asks for zip 0.6 with all its defaults, except on wasm32.
# Seen: with "npz" alone, and default-features = false, the build has bzip2-sys and zstd-sys (each compiles
#   C sources), aes, hmac and pbkdf2. So it wants a C compiler, and one for the target when one crosses
#   to another system; nothing can turn these off from outside, since features only add up.
# One would guess otherwise: npyz itself has no dependency in C, numpy.savez stores and numpy.savez_compressed
#   deflates, nothing of numpy encrypts, and on wasm32 the crate is content with zip's "deflate".
# Remedy: leave the feature off and open the archive with a zip of one's own (default-features = false,
#   features = ["deflate"]), then give the entry to NpyFile::new, which takes any reader.
#
# Output seen:
#   | without npz: no C, no cipher
#   | with npz: aes bzip2 bzip2-sys hmac pbkdf2 zstd zstd-safe zstd-sys
#   | zip with deflate alone: no C, no cipher
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
touch "$work/src/lib.rs"
told() {
  cat > "$work/Cargo.toml" <<TOML
[package]
name = "finding"
version = "0.1.0"
edition = "2024"

[dependencies]
$2
TOML
  local heavy
  heavy=$(cargo tree --quiet --manifest-path "$work/Cargo.toml" --edges normal --prefix none --format '{p}' |
    sed 's/ .*//' | grep -xE 'bzip2.*|zstd.*|aes|hmac|pbkdf2|.*-sys' | sort -u | paste -sd ' ' || true)
  echo "$1: ${heavy:-no C, no cipher}"
}
{
  told "without npz" 'npyz = { version = "=0.9.1", default-features = false }'
  told "with npz" 'npyz = { version = "=0.9.1", default-features = false, features = ["npz"] }'
  told "zip with deflate alone" 'zip = { version = "=0.6.6", default-features = false, features = ["deflate"] }'
} | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
