# shellcheck shell=bash
# Sourced by scripts/web-test, scripts/web-speed and scripts/web-firefox: what a page is tested with.
# Sets `root`, and for tests/web/*.mjs TENSORAMA_PAGE, TENSORAMA_SERVER and TENSORAMA_PYTHON.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
kept=${XDG_CACHE_HOME:-$HOME/.cache}/tensorama/web
say() { printf 'tensorama: %s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

export TENSORAMA_ROOT=$root
export TENSORAMA_PAGE=${TENSORAMA_PAGE:-$root/target/web}
export TENSORAMA_SERVER=$root/scripts/web_server.py
# The environment that scripts/web makes can compress; any Python can serve.
TENSORAMA_PYTHON=$kept/python/bin/python
if [[ ! -x $TENSORAMA_PYTHON ]]; then TENSORAMA_PYTHON=python3; fi
export TENSORAMA_PYTHON

# need COMMAND PACKAGE [COMMAND PACKAGE…]: has Debian's packages installed whose commands are missing.
need() {
    local missing=() as_root=()
    while (($# > 0)); do
        have "$1" || missing+=("$2")
        shift 2
    done
    if ((${#missing[@]} == 0)); then return; fi
    have apt-get || stop "install ${missing[*]}, then start again"
    if ((EUID != 0)); then as_root=(sudo); fi
    say "installing ${missing[*]}"
    "${as_root[@]}" apt-get update --quiet >&2 </dev/null || say "the package lists could not be refreshed"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}" >&2 </dev/null
}

need_page() {
    [[ -e $TENSORAMA_PAGE/tensorama_bg.wasm ]] || stop "there is no page in $TENSORAMA_PAGE: scripts/web makes it (scripts/web --quick is quicker)"
}

# fetch_driver NAME: npm's package of the version in tests/web/package.json, which brings no browser of its own.
# Sets `driver`, the folder that it lies in.
fetch_driver() {
    local version
    version=$(sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" "$root/tests/web/package.json")
    driver=$kept/$1-$version
    if [[ -e $driver/node_modules/$1/package.json ]]; then return; fi
    say "fetching $1 $version from npm"
    mkdir -p "$driver"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$driver" "$1@$version" >&2
}
