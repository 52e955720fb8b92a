"""What every script does that writes a page: write it, or say whether the page there is the one that it would write."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def write_or_check(page: Path, text: str, about: str) -> int:
    """Write `text` to `page`, or compare the two where the command line says --check; returns the exit status."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with the page there is and write nothing")
    if parser.parse_args().check:
        same = page.is_file() and page.read_text(encoding="utf-8") == text
        print(f"{page.name}: {'up to date' if same else f'stale: run scripts/{Path(sys.argv[0]).name}'}")
        return 0 if same else 1
    page.write_text(text, encoding="utf-8")
    return 0
