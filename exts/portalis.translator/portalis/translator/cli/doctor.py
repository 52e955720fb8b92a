"""`portalis doctor`: what this machine has, what it lacks, and what to do about it."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Annotated

import typer

from portalis.translator.cli.output import out, print_json


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for; `needed` tells whether Portalis works without it."""

    name: str
    found: bool
    detail: str
    needed: bool
    remedy: str = ""


_PACKAGES = (
    ("llvmlite", "llvmlite", True, "compiles behaviours to WASM"),
    ("wasmtime", "wasmtime", True, "runs them in a sandbox"),
    ("numpy", "numpy", True, "columns of prims"),
    ("usd-core", "pxr", True, "USD stages and Gf types"),
    ("matplotlib", "matplotlib", False, "the demo's picture"),
    ("numba", "numba", False, "a peer in `portalis bench`"),
    ("warp-lang", "warp", False, "a peer in `portalis bench`"),
)


def _packages() -> Iterator[Finding]:
    for distribution, module, needed, purpose in _PACKAGES:
        if importlib.util.find_spec(module) is None:
            yield Finding(distribution, False, f"missing: {purpose}", needed, f"pip install {distribution}")
        else:
            yield Finding(distribution, True, f"{metadata.version(distribution)}: {purpose}", needed)


def _rust() -> Iterator[Finding]:
    from portalis.translator.backends.rust import find_rustc

    rustc = find_rustc()
    if rustc is None:
        remedy = "Debian: apt-get install rustc libstd-rust-dev-wasm32 lld; rustup: rustup target add wasm32-unknown-unknown"
        yield Finding("rustc", False, "no rustc with wasm32-unknown-unknown: Rust is emitted but not verified", False, remedy)
    else:
        yield Finding("rustc", True, f"{'.'.join(map(str, rustc.version))} at {rustc.path}: verifies the emitted Rust", False)


def _server() -> Iterator[Finding]:
    if importlib.util.find_spec("tritonclient") is None:
        remedy = "pip install 'portalis-translator[server]'"
        yield Finding("tritonserver", False, "tritonclient is missing: neither `portalis serve` nor --backend triton", False, remedy)
        return
    from portalis.translator.servers.triton.installation import ServerError, find_installation

    try:
        yield Finding("tritonserver", True, f"{find_installation().environment}: `portalis serve`", False)
    except ServerError as error:
        yield Finding("tritonserver", False, str(error), False)


def _compiler() -> Iterator[Finding]:
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.translating.translate import translate

    source = "def half(x: float) -> float:\n    return x / 2.0\n"
    try:
        report = translate(source).report
    except TranslationError as error:
        yield Finding("translation", False, str(error), True, "this installation is broken: reinstall, or report this output")
    else:
        assert report is not None
        yield Finding("translation", True, f"a function was translated and agreed with CPython on {report.cases} cases", True)


def _schemas() -> Iterator[Finding]:
    from portalis.translator.stage.registry import schema_path

    folder = schema_path()
    if folder is None:
        yield Finding("schemas", False, "missing: nothing can be bound to a stage", True, "reinstall portalis-translator")
    else:
        yield Finding("schemas", True, f"{folder}: bindings on prims", True)


def _folders() -> Iterator[Finding]:
    from portalis.translator.bridge.cache import cache_folder
    from portalis.translator.private.host_key import UnsafeFile, require_own_folder
    from portalis.translator.stage.author.trust import SETTINGS_VARIABLE, settings_folder

    for name, folder, purpose, lost, remedy in (
        ("settings", settings_folder(), "the code you trust", "nothing can be bound", f"set {SETTINGS_VARIABLE} to a folder of yours"),
        ("cache", cache_folder(), "compiled behaviours", "every start compiles anew", "give yourself the folder"),
    ):
        existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        writable = existing.is_dir() and os.access(existing, os.W_OK)
        try:
            require_own_folder(folder)
        except UnsafeFile as error:
            yield Finding(name, False, f"{error}: {lost}", False, f"make it yours alone: chmod 700 {folder}")
            continue
        yield Finding(name, writable, f"{folder}: {purpose if writable else f'cannot be written to: {lost}'}", False, remedy)


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_packages, _rust, _server, _schemas, _folders, _compiler)


def doctor_command(as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False) -> None:
    """Say what this machine has and lacks.

    Looks at everything Portalis uses, and tells how to get what is missing. Status 1 where something needed is missing.
    """
    version = sys.version_info
    supported = (3, 11) <= version[:2] < (3, 14)
    findings = [
        Finding("python", supported, f"{platform.python_version()} on {platform.platform()}", True, "use Python 3.11, 3.12 or 3.13")
    ]
    for look in _LOOKS:
        try:
            findings += look()
        except ImportError as error:
            findings.append(Finding(look.__name__.strip("_"), False, f"cannot be tried: {error}", True, "install what is missing above"))
    healthy = all(item.found for item in findings if item.needed)
    if as_json:
        print_json({"ok": healthy, "findings": [asdict(item) for item in findings]})
    else:
        _show(findings)
    raise typer.Exit(0 if healthy else 1)


def _show(findings: list[Finding]) -> None:
    width = max(len(item.name) for item in findings)
    for item in findings:
        mark, style = ("ok     ", "green") if item.found else ("MISSING", "red") if item.needed else ("absent ", "yellow")
        out.print(f"{mark} {item.name:<{width}}  {item.detail}", style=style, markup=False)
        if not item.found and item.remedy:
            out.print(f"{'':<8}{'':<{width}}  -> {item.remedy}", markup=False)
