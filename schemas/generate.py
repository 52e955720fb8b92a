"""Derive generatedSchema.usda and plugInfo.json from schema.usda with OpenUSD's own usdGenSchema.

    python schemas/generate.py            # rewrite both files beside schema.usda
    python schemas/generate.py --check    # exit status 1 where one of them is not what schema.usda gives

Needs usd-core and jinja2. A host that only uses the schemas needs neither this script nor jinja2.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GENERATED = ("generatedSchema.usda", "plugInfo.json")
# A build with CMake fills these in; here both files simply lie beside each other and there is no library.
INSTALLED = {"@PLUG_INFO_LIBRARY_PATH@": "", "@PLUG_INFO_RESOURCE_PATH@": ".", "@PLUG_INFO_ROOT@": "."}


class GenerationError(Exception):
    """usdGenSchema failed; the text is what it printed."""


def generate(source: Path) -> dict[str, str]:
    """Return the text of each generated file by its name, for the schema file `source`."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pxr.Usd.usdGenSchema", str(source), folder]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            raise GenerationError(result.stdout + result.stderr)
        return {name: _installed((Path(folder) / name).read_text(encoding="utf-8")) for name in GENERATED}


def _installed(text: str) -> str:
    for variable, value in INSTALLED.items():
        text = text.replace(variable, value)
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(lines).rstrip("\n") + "\n"


def main() -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Derive generatedSchema.usda and plugInfo.json from schema.usda.")
    parser.add_argument("--check", action="store_true", help="compare with the files there are and write nothing")
    check = parser.parse_args().check
    try:
        generated = generate(HERE / "schema.usda")
    except GenerationError as error:
        print(f"generate.py: usdGenSchema refused schema.usda\n{error}", file=sys.stderr)
        return 1
    stale = []
    for name, text in generated.items():
        path = HERE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    print(f"{'stale' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
