"""Draw the demos' stages: `portalis demo --all`, then `python scripts/draw_demos.py [OUT]`, where OUT is the folder of its results.

Writes `stage.png` beside each demo's README, and docs/pictures/demos.webp: the common stage, moving.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
# Each demo's stage in the folder of results, and the frame that is shown.
STAGES = {
    "projectile": ("projectile/metres_z_up/out.usda", 90),
    "robot_arm": ("robot_arm/robots/out.usdc", 400),
    "sensor_fusion": ("sensor_fusion/out.usdc", 120),
    "digital_twin": ("digital_twin/shift/out.usdc", 200),
    "fluid": ("fluid/out.usda", 41),
    "together": ("together/out.usdc", 150),
}
FILM = REPOSITORY / "docs" / "pictures" / "demos.webp"
# Every fifth of the common stage's frames, which are sixty a second.
FILM_FRAMES, FILM_SIZE, FILM_BYTES = "0:359x5", "640x360", 2_000_000


def main() -> int:
    """Draw all pictures; 1 where one fails, or the film is larger than a page should load."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    for name, (stage, frame) in STAGES.items():
        picture = REPOSITORY / "demos" / name / "stage.png"
        if _render(out / stage, picture, "--frame", str(frame), "--size", "960x540"):
            return 1
    if _render(out / STAGES["together"][0], FILM, "--frames", FILM_FRAMES, "--size", FILM_SIZE):
        return 1
    size = FILM.stat().st_size
    print(f"{FILM.relative_to(REPOSITORY)}: {size:,} of at most {FILM_BYTES:,} bytes")
    return 0 if size <= FILM_BYTES else 1


def _render(stage: Path, picture: Path, *options: str) -> int:
    command = [sys.executable, "-m", "portalis.translator.cli", "render", str(stage), "--camera", "/World/Camera"]
    return subprocess.run([*command, *options, "-o", str(picture)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
