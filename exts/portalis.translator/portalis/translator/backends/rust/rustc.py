"""rustc: finding one that makes wasm, and having it compile a crate."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portalis.translator.backends.rust.abi import print_abi
from portalis.translator.backends.rust.crate import Crate, memory_of, modules
from portalis.translator.backends.rust.heap import HEAP
from portalis.translator.backends.rust.lints import NON_ASCII_NAMES
from portalis.translator.backends.rust.names import words_of
from portalis.translator.backends.rust.packages import link_arguments
from portalis.translator.backends.rust.world import World
from portalis.translator.ir.nodes import Program

TARGET = "wasm32-unknown-unknown"
OLDEST = (1, 63)
_ENVIRONMENT = "PORTALIS_RUSTC"
# What reads and writes messages among a program's entries.
_MESSAGE = re.compile(r"^/// What crosses: .*?^struct Message .*?(?=^#\[export_name|^/// )", re.MULTILINE | re.DOTALL)
_IMPORTED = re.compile(r"^use super::\{?([^};]*)\}?;\n", re.MULTILINE)
_VERSION = re.compile(r"rustc (\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Rustc:
    """A rustc on this machine; `missing` says in words what it lacks to make wasm, and is empty where it lacks nothing."""

    path: str
    version: tuple[int, int, int]
    has_wasm32: bool
    linker: str | None
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"rustc {'.'.join(map(str, self.version))} ({self.path})"


class RustcError(Exception):
    """rustc refused a crate, or took too long; `stderr` is what it said."""

    def __init__(self, message: str, stderr: str) -> None:
        self.stderr = stderr
        super().__init__(f"{message}\n{stderr}".rstrip())


# ----------------------------------------------------------------------------------------------------------------- finding
@functools.cache
def all_rustc() -> tuple[Rustc, ...]:
    """Return every rustc that this machine offers, in the order in which they are preferred; for a report of what is there."""
    found: dict[str, Rustc] = {}
    for path in _candidates():
        inspected = _inspect(path) if path not in found else None
        if inspected is not None:
            found[path] = inspected
    return tuple(found.values())


def find_rustc() -> Rustc | None:
    """Return the first rustc that can make wasm: $PORTALIS_RUSTC's if that is set, else Debian's, the one on PATH, rustup's."""
    return next((rustc for rustc in all_rustc() if not rustc.missing), None)


def _candidates() -> Iterator[str]:
    if os.environ.get(_ENVIRONMENT):
        yield os.environ[_ENVIRONMENT]
        return
    yield from (path for path in ("/usr/bin/rustc", shutil.which("rustc")) if path and Path(path).exists())
    home = Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup")
    yield from sorted((str(path) for path in home.glob("toolchains/*/bin/rustc")), reverse=True)


def _inspect(path: str) -> Rustc | None:
    version = _ask(path, "--version")
    match = _VERSION.match(version or "")
    if match is None:
        return None
    number = (int(match[1]), int(match[2]), int(match[3]))
    target = Path((_ask(path, "--print", "target-libdir", "--target", TARGET) or "").strip() or "/nonexistent")
    has_wasm32 = any(target.glob("libstd-*.rlib")) if target.is_dir() else False
    linker = _linker(path)
    missing = []
    if number[:2] < OLDEST:
        missing.append(f"rustc is older than {OLDEST[0]}.{OLDEST[1]}")
    if not has_wasm32:
        missing.append(f"the standard library for {TARGET} (Debian: libstd-rust-dev-wasm32; rustup: rustup target add {TARGET})")
    if linker is None:
        missing.append("rust-lld, the linker for wasm (Debian: lld)")
    return Rustc(path, number, has_wasm32, linker, tuple(missing))


def _linker(path: str) -> str | None:
    host = re.search(r"^host: (\S+)$", _ask(path, "-vV") or "", re.MULTILINE)
    sysroot = (_ask(path, "--print", "sysroot") or "").strip()
    bundled = Path(sysroot, "lib", "rustlib", host[1] if host else "", "bin", "rust-lld")
    return str(bundled) if bundled.exists() else shutil.which("rust-lld") or shutil.which("wasm-ld")


def _ask(path: str, *arguments: str) -> str | None:
    try:
        answer = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout


# --------------------------------------------------------------------------------------------------------------- compiling
def compile_crate(
    crate: Crate, rustc: Rustc, *, opt_level: int = 3, memory_bytes: int | None = None, deny_warnings: bool = False, timeout: float = 120.0
) -> bytes:
    """Compile a crate to a wasm module without imports; RustcError where rustc refuses it or takes longer than `timeout` seconds.

    The module's memory has `memory_bytes` and cannot grow; by default what the crate itself asks for.
    """
    memory = memory_bytes or crate.memory_bytes
    return compile_files(
        crate.files, crate.name, rustc, opt_level=opt_level, memory_bytes=memory, deny_warnings=deny_warnings, timeout=timeout
    )


def compile_files(
    files: dict[str, str], name: str, rustc: Rustc, *, opt_level: int, memory_bytes: int, deny_warnings: bool, timeout: float
) -> bytes:
    """Compile a crate given as its files, the library first where the module is a package of its own; see `compile_crate`."""
    with tempfile.TemporaryDirectory(prefix="portalis-rustc-") as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        output = root / "module.wasm"
        command = [rustc.path, "--edition=2021", f"--target={TARGET}", f"-Copt-level={opt_level}", "-Cpanic=abort", "-Ccodegen-units=1"]
        command += ["-Dwarnings"] if deny_warnings else []
        linked = ["--crate-type=cdylib", "-Cstrip=symbols", *(f"-Clink-arg={argument}" for argument in link_arguments(memory_bytes))]
        if rustc.linker is not None and Path(rustc.linker).name == "wasm-ld":
            linked.append(f"-Clinker={rustc.linker}")
        linked += ["-o", str(output)]
        if "wasm/src/lib.rs" in files:
            library = root / f"lib{name}.rlib"
            _run([*command, f"--crate-name={name}", "--crate-type=rlib", "src/lib.rs", "-o", str(library)], root, timeout)
            _run([*command, f"--crate-name={name}_wasm", f"--extern={name}={library}", "wasm/src/lib.rs", *linked], root, timeout)
        else:
            _run([*command, f"--crate-name={name}", "src/lib.rs", *linked], root, timeout)
        return output.read_bytes()


def _run(command: Sequence[str], folder: Path, timeout: float) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise RustcError(f"rustc took longer than {timeout:g} seconds", str(error.stderr or "")) from None
    except OSError as error:
        raise RustcError(f"rustc could not be run: {error}", "") from None
    if done.returncode != 0:
        raise RustcError("rustc refused the crate", done.stderr)


def compile_programs(
    programs: Sequence[Program],
    rustc: Rustc,
    *,
    opt_level: int = 0,
    deny_warnings: bool = False,
    timeout: float = 300.0,
    numbered: Sequence[Program] = (),
) -> bytes:
    """Compile many programs to one module, each under the names that `export_of` gives; `numbered` as in `emit_program`."""
    members = [member(number, *both) for number, both in enumerate(zip(programs, numbered or programs, strict=True))]
    return compile_members(members, rustc, opt_level=opt_level, deny_warnings=deny_warnings, timeout=timeout)


@dataclass(frozen=True)
class Member:
    """One program of a module of several: the number it is known by, and its files."""

    number: int
    files: dict[str, str]
    memory_bytes: int

    @property
    def folder(self) -> str:
        """Where its files are."""
        return f"src/p{self.number}/"


def member(number: int, program: Program, numbered: Program) -> Member:
    """Return a program as a part of a module of several; NotInRust where it cannot be one."""
    world, files = World(program, numbered), {}
    for path, text in modules(world).items():
        # These attributes belong to a crate, and a program is a module here.
        text = re.sub(r"^#!\[(?:cfg_attr|deny|forbid).*\n", "", text.replace(NON_ASCII_NAMES, ""), flags=re.MULTILINE)
        files[f"src/p{number}/{'mod.rs' if path == 'lib.rs' else path}"] = text
    files[f"src/p{number}/mod.rs"] += "\nmod abi;\n"
    files[f"src/p{number}/abi.rs"] = print_abi(world, "super", functools.partial(export_of, number))
    return Member(number, files, memory_of(program))


def compile_members(members: Sequence[Member], rustc: Rustc, *, opt_level: int, deny_warnings: bool, timeout: float) -> bytes:
    """Compile programs to one module, each under the names that `export_of` gives for its number."""
    mods = "".join(f"pub mod p{part.number};\n" for part in members)
    files = {"src/heap.rs": HEAP, "src/lib.rs": f"{NON_ASCII_NAMES}mod heap;\n{mods}", **with_types_once(members)}
    memory = max(part.memory_bytes for part in members)
    return compile_files(files, "programs", rustc, opt_level=opt_level, memory_bytes=memory, deny_warnings=deny_warnings, timeout=timeout)


def with_types_once(members: Sequence[Member]) -> dict[str, str]:
    """Return the files of all, with the same module of types once, and what reads messages of them: most of what rustc has to read."""
    files: dict[str, str] = {}
    homes: dict[str, str] = {}
    readers: dict[tuple[str, str], str] = {}
    for part in members:
        own = dict(part.files)
        types, index, root = (part.folder + name for name in ("py/types.rs", "py/mod.rs", "mod.rs"))
        inside = [text for path, text in own.items() if path.startswith(f"{part.folder}py/") and path != types]
        # What has operators or methods of its own for such types needs them for itself; arithmetic that is checked is for Rust's own ints.
        if types in own and not any(re.search("^impl (?!Checked for i64)", text, re.MULTILINE) for text in inside):
            home = homes.setdefault(own[types], f"p{part.number}")
            message = _MESSAGE.search(own[part.folder + "abi.rs"])
            if message is not None and _IMPORTED.search(own[part.folder + "abi.rs"]) is not None:
                reader = readers.setdefault((home, message[0]), f"p{part.number}")
                own |= _with_message_of(reader, part, own[part.folder + "abi.rs"], message[0])
                own[root] = own[root].replace("\nmod abi;\n", "\npub(crate) mod abi;\n")
            if home == f"p{part.number}":
                own[root] = own[root].replace("\nmod py;\n", "\npub(crate) mod py;\n")
            else:
                del own[types]
                own[index] = own[index].replace("pub(crate) mod types;\n", f"pub(crate) use crate::{home}::py::types;\n")
        files |= own
    return files


def _with_message_of(reader: str, part: Member, abi: str, message: str) -> dict[str, str]:
    """Return the entries of a program in which what reads a message is that of the program `reader`."""
    path = f"{part.folder}abi.rs"
    if reader == f"p{part.number}":
        shown = re.sub(r"^(    )(?=(?:unsafe )?fn )", r"\1pub(crate) ", message, flags=re.MULTILINE)
        return {path: abi.replace(message, shown.replace("\nstruct Message", "\npub(crate) struct Message"))}
    # What only the reader of messages names is not imported any more.
    before, imported, rest = _IMPORTED.split(abi.replace(message, ""), maxsplit=1)
    kept = sorted(set(imported.split(", ")) & words_of(rest))
    return {path: before + "".join(f"use super::{name};\n" for name in kept) + f"use crate::{reader}::abi::Message;\n" + rest}


def export_of(number: int, export: str) -> str:
    """Return the name of an entry (`call` or `call.NAME`) of program `number` in a module of several: `call.p0`, `call.p0_NAME`."""
    return f"call.p{number}{export.removeprefix('call').replace('.', '_')}"
