"""Twelve crates of the sources in `docs/rust/sources`, built and tested natively by every Rust that is installed.

For each: what `rustc` and `rustdoc` of each toolchain say with warnings denied, the crate's own tests, and where they are there
`cargo build`, `test`, `clippy`, `fmt --check` and `doc`. Two crates are linked into one WebAssembly program that runs. What is missing is
said.

    python scripts/make_crates.py [--into FOLDER] [--keep]

With `--keep` the crates that the repository shows are written to `docs/rust`, and nothing else is done.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from portalis.translator.backends.rust import Crate, Rustc, all_rustc, find_rustc
from portalis.translator.source import SourceFile
from portalis.translator.translating.options import Options
from portalis.translator.translating.translate import translate

SHOWN = Path(__file__).resolve().parent.parent / "docs" / "rust"
# What each source is a crate of; those of the first are shown.
ENTRIES = {
    "calendar_days": "weekday",
    "word_count": "most_common",
    "accounts": "settle",
    "caesar": "shift",
    "closures": "running",
    "grids": "product",
    "lookups": "best",
    "networks": "reachable",
    "primes": "first_primes",
    "readings": "parse_all",
    "spring": "Spring",
    "tokens": "evaluate",
}
# The version of CPython whose crates the repository shows.
MADE_WITH = (3, 11)
COMMITTED = ("calendar_days", "word_count", "accounts")
PROGRAM = """\
use {first}::weekday;
use {second}::{{most_common, Text}};

#[no_mangle]
pub extern "C" fn both(day: i64) -> i64 {{
    let words = most_common(&Text::from("the cat and the dog"), 2).map_or(-1, |found| found.len());
    100 * words + weekday(2024, 2, day).unwrap_or(-1)
}}
"""


def make(name: str) -> Crate:
    """Return the crate of one of the sources, verified."""
    path = SHOWN / "sources" / f"{name}.py"
    source = SourceFile(path.name, path.read_text("utf-8"))
    return translate(source, ENTRIES[name], options=Options(cases=64)).crate


def write(crate: Crate, folder: Path) -> Path:
    """Write a crate's files."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in crate.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    """Run a command; return what it said where it failed, nothing where it did not."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=None if environment is None else os.environ | environment
    )
    return "" if done.returncode == 0 else (done.stderr or done.stdout or f"exit {done.returncode}")


def run_for(*command: str) -> str:
    """Return what a command says, nothing where there is none."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout if shutil.which(command[0]) else ""


def by_rustc(rustc: Rustc, folder: Path, name: str, out: Path) -> dict[str, str]:
    """Build, document and test a crate with rustc alone, which is all that some systems have."""
    edition = ["--edition=2021", "-Dwarnings"]
    library = out / f"lib{name}.rlib"
    found = {"build": run([rustc.path, *edition, "--crate-type=rlib", f"--crate-name={name}", "src/lib.rs", "-o", str(library)], folder)}
    rustdoc = Path(rustc.path).with_name("rustdoc")
    if rustdoc.exists():
        pages = str(out / f"doc-{rustc.version[1]}")
        found["doc"] = run([str(rustdoc), "--edition=2021", "-Dwarnings", f"--crate-name={name}", "src/lib.rs", "-o", pages], folder)
    if (folder / "tests/cpython.rs").exists() and not found["build"]:
        tests = out / "cpython"
        linked = [rustc.path, *edition, "--test", "tests/cpython.rs", f"--extern={name}={library}", "-o", str(tests)]
        found["test"] = run(linked, folder) or run([str(tests), "-q"], folder)
    return found


def by_cargo(folder: Path, target: Path) -> dict[str, str]:
    """Do what a Rust project's own checks do, as far as cargo has it."""
    commands = {
        "build": ["build"],
        "test": ["test"],
        "clippy": ["clippy", "--all-targets", "--", "-Dwarnings"],
        "fmt": ["fmt", "--check"],
        "doc": ["doc", "--no-deps"],
    }
    found = {}
    for name, words in commands.items():
        own = {"CARGO_TARGET_DIR": str(target), "RUSTDOCFLAGS": "-Dwarnings", "CARGO_NET_OFFLINE": "true"}
        found[name] = run(["cargo", *words], folder, own)
    return found


def both_in_one(rustc: Rustc, crates: dict[str, Path], out: Path) -> int:
    """Link two crates into one WebAssembly program; return what it answers for the 29th of February 2024."""
    from wasmtime import Engine, Instance, Module, Store

    first, second = COMMITTED[:2]
    wasm = ["--edition=2021", "--target=wasm32-unknown-unknown", "-Copt-level=1", "-Cpanic=abort"]
    for name in (first, second):
        library = str(out / f"lib{name}.rlib")
        problem = run([rustc.path, *wasm, "--crate-type=rlib", f"--crate-name={name}", "src/lib.rs", "-o", library], crates[name])
        assert not problem, problem
    program = out / "program.rs"
    program.write_text(PROGRAM.format(first=first, second=second), encoding="utf-8")
    externs = [f"--extern={name}={out / f'lib{name}.rlib'}" for name in (first, second)]
    linker = [f"-Clinker={rustc.linker}"] if rustc.linker is not None and Path(rustc.linker).name == "wasm-ld" else []
    module = out / "program.wasm"
    problem = run([rustc.path, *wasm, *linker, "--crate-type=cdylib", *externs, str(program), "-o", str(module)], out)
    assert not problem, problem
    store = Store(Engine())
    exports = Instance(store, Module(store.engine, module.read_bytes()), []).exports(store)
    return int(exports["both"](store, 29))  # type: ignore[operator]


def main() -> int:
    """Make the crates and check them; return how many checks failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--into", type=Path, help="where the crates are written")
    parser.add_argument("--keep", action="store_true", help="write the crates that the repository shows, and nothing else")
    options = parser.parse_args()
    if options.keep and sys.version_info[:2] != MADE_WITH:
        parser.error(f"the crates that are shown are made with Python {MADE_WITH[0]}.{MADE_WITH[1]}")
    if options.keep:
        for name in COMMITTED:
            write(make(name), SHOWN / name)
        return 0
    failed = 0
    with tempfile.TemporaryDirectory(prefix="portalis-crates-") as temporary:
        out = Path(temporary)
        into = options.into or out
        crates = {name: write(make(name), into / name) for name in ENTRIES}
        cargo = run_for("cargo", "--version").partition(" ")[2].partition(" ")[0]
        # What cargo runs itself is checked below.
        compilers = {rustc.version: rustc for rustc in reversed(all_rustc()) if ".".join(map(str, rustc.version)) != cargo}
        for rustc in compilers.values():
            for name, folder in crates.items():
                failed += told(f"{rustc}: {name}", by_rustc(rustc, folder, name, out))
        if not cargo:
            print("missing: cargo, and with it clippy and rustfmt")
        else:
            for name, folder in crates.items():
                failed += told(f"cargo: {name}", by_cargo(folder, out / "target"))
        wasm = find_rustc()
        if wasm is None:
            print("missing: a rustc with wasm32-unknown-unknown, for two crates in one program")
        else:
            answer = both_in_one(wasm, crates, out)
            print(f"two crates in one WebAssembly program answer {answer}, which should be 105")
            failed += answer != 105
    print(f"{failed} checks failed")
    return failed


def told(what: str, checks: dict[str, str]) -> int:
    """Print what checks found; return how many failed."""
    wrong = {name: text for name, text in checks.items() if text}
    print(f"{what}: {', '.join(name for name in checks if name not in wrong)}" + "".join(f"; {name} FAILED" for name in wrong), flush=True)
    for text in wrong.values():
        print(text)
    return len(wrong)


if __name__ == "__main__":
    sys.exit(min(main(), 100))
