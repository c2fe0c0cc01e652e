# shellcheck shell=bash disable=SC2034  # `root` and `cargo` are for the scripts that source this
# Sourced by scripts/run, scripts/test and .ci/run: what cargo and the program need around them.
# Sets `root` and `cargo`.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# rustup's folder, for a shell that has not read its profile since Rust was installed.
if ! command -v cargo >/dev/null && [[ -x $HOME/.cargo/bin/cargo ]]; then
    PATH=$HOME/.cargo/bin:$PATH
fi

# A relative folder means one below where the caller is.
if [[ -n ${CARGO_TARGET_DIR:-} && $CARGO_TARGET_DIR != /* ]]; then
    export CARGO_TARGET_DIR=$PWD/$CARGO_TARGET_DIR
fi

# Linking by mold where it is installed. It changes no flags, so plain `cargo` shares what is built.
cargo=(cargo)
if command -v mold >/dev/null; then cargo=(mold -run cargo); fi

# The Vulkan loader and Wayland want a private folder, which a login over SSH or a container may lack.
if [[ -z ${XDG_RUNTIME_DIR:-} ]]; then
    XDG_RUNTIME_DIR=${TMPDIR:-/tmp}/tensorama-runtime-$UID
    mkdir -m 700 "$XDG_RUNTIME_DIR" 2>/dev/null || true
    # Somebody else's folder of that name is not ours to use.
    if [[ ! -d $XDG_RUNTIME_DIR || ! -O $XDG_RUNTIME_DIR ]]; then XDG_RUNTIME_DIR=$(mktemp -d); fi
    export XDG_RUNTIME_DIR
fi
