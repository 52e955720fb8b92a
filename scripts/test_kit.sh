#!/bin/sh
# Run the suite that ships in the extension inside a real Kit: KIT names its executable, or the folder that holds it.
#   make test-kit KIT=/path/to/kit
# Nothing is installed or accepted on anybody's behalf: whoever has Kit has accepted its licence.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
kit=${KIT:-}
if [ -z "$kit" ]; then
    kit=$(command -v kit || true)
fi
if [ -d "$kit" ]; then
    for candidate in "$kit/kit" "$kit/kit/kit" "$kit/kit.exe" "$kit/kit/kit.exe"; do
        if [ -f "$candidate" ]; then kit=$candidate; break; fi
    done
fi
if [ -z "$kit" ] || [ ! -f "$kit" ] || [ ! -x "$kit" ]; then
    echo "there is no Kit here${KIT:+ ($KIT)}: name its executable, make test-kit KIT=/path/to/kit" >&2
    echo "without one, tests/kit runs the same suite on stand-ins for Kit's API: make test" >&2
    exit 2
fi
exts=${PORTALIS_EXTS:-}
if [ -z "$exts" ]; then
    # The release for this Python, unpacked: Kit's Python has to be of the same version.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    "$root/.venv/bin/python" "$root/scripts/package.py" -o "$work"
    (cd "$work" && "$root/.venv/bin/python" -m zipfile -e portalis-*.zip release)
    exts=$work/release/exts
fi
folder=$(dirname "$kit")
set -- --empty --enable omni.kit.test --ext-folder "$exts"
for beside in "$folder/../exts" "$folder/../extscache" "$folder/exts" "$folder/extscore"; do
    if [ -d "$beside" ]; then set -- "$@" --ext-folder "$beside"; fi
done
# Not exec: what was unpacked goes when Kit has ended.
"$kit" "$@" --/exts/omni.kit.test/testExts/0=portalis.translator --/exts/omni.kit.test/runTestsAndQuit=true --no-window
