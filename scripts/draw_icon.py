"""Draw the extensions' icon and previews.

    python scripts/draw_icon.py

A portal: what goes in on the left comes out on the right, the same. The preview is the studio's picture. Needs Pillow, which the extra
`demo` brings.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
SIZE = 256
# Drawn larger and made smaller, which smooths the edges.
SCALE = 4


def draw() -> Image.Image:
    """Return the icon."""
    side = SIZE * SCALE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), side // 6, fill=(27, 29, 33, 255))
    middle, high, wide, thick = side // 2, side // 3, side // 6, side // 22
    pen.ellipse((middle - wide, middle - high, middle + wide, middle + high), outline=(79, 156, 249, 255), width=thick)
    for offset, colour in ((-0.28, (242, 165, 91, 255)), (0.28, (87, 194, 122, 255))):
        x, radius = middle + int(offset * side), side // 13
        pen.ellipse((x - radius, middle - radius, x + radius, middle + radius), fill=colour)
    pen.line((middle - side // 5, middle, middle + side // 5, middle), fill=(214, 217, 222, 255), width=thick // 2)
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def main() -> None:
    """Write icon.png and preview.png of both extensions."""
    for name in ("portalis.translator", "portalis.schema"):
        data = ROOT / "exts" / name / "data"
        data.mkdir(exist_ok=True)
        draw().save(data / "icon.png", optimize=True)
        shutil.copyfile(ROOT / "docs" / "pictures" / "studio.png", data / "preview.png")


if __name__ == "__main__":
    main()
