"""Draw the strips of frames on the pages of docs/, and look at them.

    python scripts/draw_pages.py [PAGE …]

Each page is typed in as it stands there, and what it bakes is drawn by `portalis render`. Needs the extra `pictures`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.pages.snippets import read_page, run_command, run_commands  # noqa: E402

FOLDER = ROOT / "docs" / "pictures" / "pages"
# The page, the file that it bakes, and which frames are shown.
STRIPS = {
    "tutorial": ("shot.usda", "0:105x21"),
    "cookbook/wheel": ("rolling.usda", "0:45x9"),
    "cookbook/conveyor": ("riding.usda", "0:60x12"),
    "cookbook/pid": ("hovering.usda", "0:220x44"),
    "cookbook/camera_orbit": ("orbiting.usda", "0:95x19"),
    "cookbook/inverse_kinematics": ("reaching.usda", "0:80x16"),
    "cookbook/state_machine": ("opening.usda", "40:180x28"),
}
# Pixels between the frames of a strip.
GAP = 6


def draw(page: str) -> Path:
    """Type a page in, draw its strip, and return the picture."""
    baked, frames = STRIPS[page]
    target = FOLDER / f"{Path(page).name}.webp"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        read = read_page(ROOT / "docs" / f"{page}.md")
        read.write_files(folder)
        run_commands(read, folder)
        status, output = run_command("portalis", ["render", baked, "--frames", frames, "--film-strip", "-o", "strip.png"], folder)
        if status:
            raise SystemExit(output)
        _two_rows(Image.open(folder / "strip.png").convert("RGB")).save(target, quality=85, method=6)
    return target


def _two_rows(strip: Image.Image) -> Image.Image:
    """Return a strip of six frames as two rows of three, which a narrow page shows larger."""
    half, high = (strip.width - GAP) // 2, strip.height
    rows = Image.new("RGB", (half, 2 * high + GAP), "white")
    rows.paste(strip.crop((0, 0, half, high)), (0, 0))
    rows.paste(strip.crop((strip.width - half, 0, strip.width, high)), (0, high + GAP))
    return rows


def main() -> None:
    """Draw what is asked for, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="such as cookbook/wheel; all without one")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page in parser.parse_args().pages or STRIPS:
        print(draw(page).relative_to(ROOT))


if __name__ == "__main__":
    main()
