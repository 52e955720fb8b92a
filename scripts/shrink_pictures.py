"""Make screenshots small: PNGs of at most 256 colours, by the median cut, which keeps what is large as it is.

    python scripts/shrink_pictures.py docs/pictures

Needs Pillow, which the extra `demo` brings.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image


def main() -> None:
    """Rewrite every PNG of the folder named on the command line."""
    for path in sorted(Path(sys.argv[1]).glob("*.png")):
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
        print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
