"""The invariants of ARCHITECTURE.md that the import graph can show."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "exts" / "portalis.translator" / "portalis" / "translator"

# Rooms from left to right: a room imports from itself, from its own level's left, never from its right.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("source", "diagnostics"),
    ("ir",),
    ("frontend", "passes", "library", "backends"),
    ("bridge",),
    ("calling",),
    ("verify",),
    ("translating",),
    ("remote", "stage"),
    ("cli", "ui", "extension"),
)
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
# Third-party module -> the rooms that may import it.
EXCLUSIVE = {
    "llvmlite": {"backends/llvm"},
    "wasmtime": {"bridge"},
    "pxr": {"calling", "stage", "verify"},
    "omni": {"extension", "ui"},
    "carb": {"extension", "ui"},
    "cupy": {"bridge/gpu.py"},
    "tritonclient": {"remote"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path, *, run_time_only: bool = False) -> Iterator[str]:
    """Yield the dotted names that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    assert room in LEVEL_OF, f"{room} is no room of ARCHITECTURE.md"
    prefix = "portalis.translator."
    for name in imports(path):
        if not name.startswith(prefix):
            continue
        target = name.removeprefix(prefix).split(".")[0]
        if target in LEVEL_OF:
            assert LEVEL_OF[target] <= LEVEL_OF[room], f"{path}: {room} imports {name}, which lies to its right"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_packages_stay_in_their_rooms(path: Path) -> None:
    place = str(path.relative_to(PACKAGE).as_posix())
    for name in imports(path):
        rooms = EXCLUSIVE.get(name.split(".")[0])
        assert rooms is None or any(place.startswith(room) for room in rooms), f"{place} imports {name}"


def test_no_room_but_the_back_ends_knows_the_front_end() -> None:
    for path in modules():
        if room_of(path) in ("passes", "backends", "ir"):
            assert not any(name.startswith("portalis.translator.frontend.l") for name in imports(path) if "lowered" not in name), path


def test_importing_the_package_needs_none_of_the_hosts() -> None:
    script = (
        "import sys\n"
        "for name in ('omni', 'carb', 'pxr', 'cupy', 'tritonclient'): sys.modules[name] = None\n"
        "import portalis.translator as package\n"
        "assert package.translate and package.Translation and package.TranslationError\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
