#!/bin/sh
# Make .venv hold what one goal needs, once: `scripts/setup.sh demo` or `scripts/setup.sh test`.
# A stamp over the project's own requirements makes later runs work without a network.
set -eu
cd "$(dirname "$0")/.."
goal=${1:?usage: scripts/setup.sh demo|test}
stamp=".venv/.portalis-$goal"
wanted=$(cat pyproject.toml requirements.lock | cksum)

log() { printf 'setup: %s\n' "$*" >&2; }
as_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    log 'no Python 3.11, 3.12 or 3.13 was found; install one or name it with PYTHON=…'
    exit 1
}

make_environment() {
    python=$(find_python)
    # Debian ships ensurepip apart from python3.
    if ! "$python" -c 'import ensurepip' 2>/dev/null && as_root; then
        log 'installing python3-venv'
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    fi
    log "creating .venv with $python"
    "$python" -m venv .venv
}

install_rust() {
    command -v /usr/bin/rustc >/dev/null 2>&1 && [ -d /usr/lib/rustlib/wasm32-unknown-unknown ] && return
    if as_root; then
        log "installing Debian's rustc with the wasm32 target"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends rustc libstd-rust-dev-wasm32 lld >/dev/null ||
            log 'rustc could not be installed: the tests of Rust will be skipped'
    else
        log 'not root, or no apt: without a rustc that has wasm32-unknown-unknown the tests of Rust are skipped'
    fi
}

[ -x .venv/bin/python ] || make_environment
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    extras=demo
    [ "$goal" = test ] && extras=demo,test,bench && install_rust
    log "installing portalis[$extras] into .venv (some hundred megabytes the first time)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e ".[$extras]"
    printf '%s' "$wanted" >"$stamp"
fi
