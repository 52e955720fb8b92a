"""Crates as their readers see them: snapshots, and what rustfmt and clippy have to say where they are installed.

Run with PORTALIS_BLESS=1 to write the snapshots anew, then review the difference.
"""

from __future__ import annotations

import doctest
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portalis.translator.backends.rust import Crate, compile_crate, emit_crate
from portalis.translator.bridge import validate_module
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from scripts.make_crates import ENTRIES, SHOWN
from tests.backends.rust.guest import needs_rustc, rustc
from tests.backends.rust.samples import BEHAVIOURS, CONTROL, NAMES, Sample
from tests.backends.rust.test_language import SAMPLES as LANGUAGE

GOLDENS = Path(__file__).parent / "goldens"
BY_NAME = {sample.name: sample for sample in CONTROL + NAMES + BEHAVIOURS}
SNAPSHOTS = ("is_prime", "nested_loops", "projectile", "orbit", "low_pass")
SOURCES = SHOWN / "sources"


def crate_of(sample: Sample) -> Crate:
    return emit_crate(lower(SourceFile(f"{sample.name}.py", sample.source)))


def write(crate: Crate, folder: Path) -> Path:
    for path, text in crate.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_snapshot(name: str) -> None:
    lib = crate_of(BY_NAME[name]).lib
    golden = GOLDENS / f"{name}.rs"
    if os.environ.get("PORTALIS_BLESS"):
        GOLDENS.mkdir(exist_ok=True)
        golden.write_text(lib, encoding="utf-8")
    assert lib == golden.read_text(encoding="utf-8")


def test_a_crate_has_its_files() -> None:
    crate = crate_of(BY_NAME["low_pass"])
    assert crate.name == "low_pass"
    library = {"Cargo.toml", "src/lib.rs", "src/py/mod.rs", "src/py/types.rs", "src/py/ops.rs", "src/py/sites.rs"}
    module = {"wasm/Cargo.toml", "wasm/build.rs", "wasm/src/lib.rs", "wasm/src/heap.rs"}
    assert library | module <= set(crate.files)
    unsafe = [path for path, text in crate.files.items() if "unsafe fn" in text]
    assert unsafe == ["wasm/src/lib.rs", "wasm/src/heap.rs"]


def test_an_entry_may_ask_for_a_message_that_passes_found_is_never_told() -> None:
    source = (
        "from collections import defaultdict\n\ndef f(s: str, n: int) -> int:\n    found = defaultdict(lambda: 0)\n    total = count = 0\n"
        "    for i in range(n):\n        total += ord(s[i])\n        count += found[total - i]\n"
        "        found[total - i] += 1\n    return count\n"
    )
    files = emit_crate(lower(SourceFile("f.py", source), "f", (), references=True)).files
    assert "error.told()" not in files["wasm/src/lib.rs"] or "fn told(" in files["src/py/types.rs"]
    assert "error.told()" in files["wasm/src/lib.rs"]


def test_a_crate_is_called_as_its_file_and_never_as_one_that_everybody_has() -> None:
    names = {path: emit_crate(lower(SourceFile(path, "def std(x: float) -> float:\n    return x\n"))).name for path in ("a/b.py", "<text>")}
    assert names == {"a/b.py": "b", "<text>": "std_py"}


@needs_rustc
def test_a_module_is_self_contained_and_cannot_grow() -> None:
    wasm = compile_crate(crate_of(BY_NAME["projectile"]), rustc(), deny_warnings=True, memory_bytes=3 * 2**20)
    info = validate_module(wasm)
    assert set(info.entries) == {"call"}
    assert info.memory_bytes == 3 * 2**20
    assert info.heap_base >= 2**20


def shown() -> Iterator[tuple[str, Lowered]]:
    """Yield the twelve sources of which `scripts/make_crates.py` makes crates."""
    for path in sorted(SOURCES.glob("*.py")):
        text = path.read_text("utf-8")
        examples = [example.source.strip() for example in doctest.DocTestParser().get_examples(text)]
        yield path.stem, lower(SourceFile(path.name, text), ENTRIES[path.stem], examples, references=True)


def all_lowered() -> Iterator[tuple[str, Lowered]]:
    """Yield everything that is formatted below by a name of its own."""
    for sample in BY_NAME.values():
        yield sample.name, lower(SourceFile(f"{sample.name}.py", sample.source))
    for number, written in enumerate([*itertools.chain(*LANGUAGE.values())][::10]):
        yield f"language_{number}", written.lowered()
    yield from shown()


@pytest.mark.skipif(shutil.which("rustfmt") is None, reason="no rustfmt")
def test_rustfmt_would_change_nothing(tmp_path: Path) -> None:
    # The library's modules are the same text in many crates.
    found: dict[str, Path] = {}
    for name, lowered in all_lowered():
        for path, text in emit_crate(lowered).files.items():
            # In the modules of the language's programs, an entry with deep types is one long line.
            if path.endswith(".rs") and (path.startswith("src/") or name in ENTRIES):
                assert not text.endswith("\n\n"), path
                # Each file is looked at by itself; of some nothing is left but what they say.
                alone = re.sub(r"(?m)(^(pub(\(crate\))? )?mod \w+;\n)+\n?", "", text).rstrip() + "\n"
                found.setdefault(alone, tmp_path / f"{name}_{path.replace('/', '_')}")
    for text, file in found.items():
        file.write_text(text, encoding="utf-8")
    command = ["rustfmt", "--check", "--edition=2021", *map(str, found.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "error:" in done.stderr and "rustfmt" in done.stderr:
        pytest.skip(f"rustfmt does not run: {done.stderr.strip()}")
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("cargo") is None or shutil.which("cargo-clippy") is None, reason="no cargo clippy")
def test_clippy_finds_nothing(tmp_path: Path) -> None:
    crates = {name: crate_of(sample) for name, sample in BY_NAME.items()}
    # Some that the repository shows, or might: of texts, dicts, values that are not there, exceptions.
    crates |= {name: emit_crate(lowered) for name, lowered in shown() if name in ("word_count", "lookups", "readings", "tokens")}
    names = list(crates)
    for name, crate in crates.items():
        write(crate, tmp_path / name)
        manifest = tmp_path / name / "Cargo.toml"
        manifest.write_text(manifest.read_text().replace('name = "', f'name = "{name}_', 1))
    (tmp_path / "Cargo.toml").write_text(f"[workspace]\nresolver = '2'\nmembers = {names!r}\n")
    command = ["cargo", "clippy", "--offline", "--quiet", "--workspace", "--", "-Dwarnings"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


FIELDS_ALONE = """from pxr import Gf

class Follows:
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)
    orientation: Gf.Quatd = Gf.Quatd(1.0, 0.0, 0.0, 0.0)

    def on_update(self, hero: Gf.Vec3d):
        self.position = hero
"""


def test_a_type_that_a_field_alone_has_is_in_the_crate() -> None:
    crate = emit_crate(lower(SourceFile("follows.py", FIELDS_ALONE)))
    assert "orientation: Quatd" in "".join(crate.files.values())
