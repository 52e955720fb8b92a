"""The invariants of ARCHITECTURE.md that the import graph can show, and that their checks see what breaks them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .arrows import ARROWS, HEAVY

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from draw_rooms import PACKAGE, find_cycle, imported, imported_modules, modules, read_arrows  # noqa: E402


def forbidden_arrows(package: Path) -> list[str]:
    """List the arrows that the map does not allow, and those that it allows and nobody goes."""
    found = read_arrows(package)
    rooms = [f"{room} is no room of the map" for room in found if room not in ARROWS]
    wrong = [f"{room} imports {target}" for room in found for target in sorted(found[room] - ARROWS.get(room, frozenset()))]
    unused = [f"{room} no longer imports {target}" for room in ARROWS for target in sorted(ARROWS[room] - found.get(room, set()))]
    return rooms + wrong + unused


def module_cycle(package: Path) -> list[str] | None:
    """Return a cycle of modules that import one another, wherever in them."""
    found = modules(package)
    return find_cycle({module: imported_modules(path, found) - {module} for module, path in found.items()})


def misplaced_packages(package: Path) -> list[str]:
    """List imports of heavy packages outside the rooms that own them."""
    wrong = []
    for path in modules(package).values():
        place = path.relative_to(package).as_posix()
        for name in imported(path):
            owners = HEAVY.get(name.split(".")[0])
            if owners is not None and not place.startswith(owners):
                wrong.append(f"{place} imports {name}")
    return wrong


def test_rooms_import_what_the_map_allows() -> None:
    assert forbidden_arrows(PACKAGE) == []


def test_the_map_has_no_cycle() -> None:
    assert find_cycle(ARROWS) is None


def test_no_modules_import_one_another() -> None:
    assert module_cycle(PACKAGE) is None


def test_heavy_packages_stay_in_their_rooms() -> None:
    assert misplaced_packages(PACKAGE) == []


# What would break the map, as a line at the end of a module.
PLANTED = [
    ("passes/__init__.py", "from portalis.translator.frontend import lower", "passes imports frontend"),
    ("backends/llvm/__init__.py", "from portalis.translator.frontend import lower", "backends/llvm imports frontend"),
    ("backends/rust/__init__.py", "import portalis.translator.frontend.lowered", "backends/rust imports frontend"),
    ("library/__init__.py", "from portalis.translator.frontend import lower", "library imports frontend"),
    ("ir/types.py", "def late():\n    from portalis.translator.passes import pipeline", "ir imports passes"),
    ("verify/report.py", "from portalis.translator.translating.options import Options", "verify imports translating"),
    ("stage/run/report.py", "import portalis.translator.ui", "stage imports ui"),
    ("attic.py", "import portalis.translator.ir", "attic is no room of the map"),
]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package in which something can be broken."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "translator", ignore=shutil.ignore_patterns("__pycache__")))


def plant(package: Path, place: str, line: str) -> None:
    with (package / place).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")


@pytest.mark.parametrize(("place", "line", "told"), PLANTED, ids=[told for _, _, told in PLANTED])
def test_a_planted_arrow_is_seen(copied: Path, place: str, line: str, told: str) -> None:
    plant(copied, place, line)
    assert told in forbidden_arrows(copied)


def test_a_planted_cycle_is_seen(copied: Path) -> None:
    plant(copied, "ir/types.py", "if False:\n    import portalis.translator.ir.nodes")
    cycle = module_cycle(copied)
    assert cycle is not None and {"ir.types", "ir.nodes"} <= set(cycle)


def test_a_room_that_nobody_enters_any_more_is_seen(copied: Path) -> None:
    (copied / "extension.py").write_text("")
    assert "extension no longer imports ui" in forbidden_arrows(copied)


def test_a_planted_package_is_seen(copied: Path) -> None:
    plant(copied, "passes/__init__.py", "def late():\n    import llvmlite.binding")
    assert misplaced_packages(copied) == ["passes/__init__.py imports llvmlite.binding"]


def test_the_picture_is_what_the_imports_say() -> None:
    checked = subprocess.run([sys.executable, "scripts/draw_rooms.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


def test_importing_the_package_needs_none_of_the_hosts() -> None:
    script = (
        "import sys\n"
        "for name in ('omni', 'carb', 'usdrt', 'pxr', 'cupy', 'tritonclient'): sys.modules[name] = None\n"
        "import portalis.translator as package\n"
        "assert package.translate and package.Translation and package.TranslationError\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
