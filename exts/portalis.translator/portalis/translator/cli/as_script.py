"""`python -m portalis.translator.cli.as_script FILE …` is `python FILE …` that ends without a traceback where it is interrupted."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from portalis.translator.cli import interrupt


def main() -> None:
    """Run the program that the first argument names."""
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except KeyboardInterrupt:
        sys.exit(interrupt.STATUS)


if __name__ == "__main__":
    main()
