"""`portalis translate`: one snippet to Rust, WASM, WAT, LLVM IR, PTX or its report."""

from __future__ import annotations

import base64
import enum
import gc
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from portalis.translator.cli.asking import Asked, Server, ask_server
from portalis.translator.cli.folder import translate_folder
from portalis.translator.cli.output import err, fail, out, print_json, refuse, write_file
from portalis.translator.cli.survey import survey_command
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.translating.translation import Translation
    from portalis.translator.verify.report import Report

_UNCOLLECTED = 100_000


class Emit(enum.StrEnum):
    """What `--emit` can print."""

    RUST = "rust"
    WASM = "wasm"
    WAT = "wat"
    LLVM = "llvm"
    PTX = "ptx"
    REPORT = "report"


class Backend(enum.StrEnum):
    """Who makes the module."""

    EMBEDDED = "embedded"
    RUSTC = "rustc"
    TRITON = "triton"
    GATEWAY = "gateway"


_SERVERS: dict[Backend, Server] = {Backend.TRITON: "triton", Backend.GATEWAY: "gateway"}


def translate_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A Python file; `-` reads standard input; with --check or --backend triton also a folder.")
    ],
    function: Annotated[str | None, typer.Option("-f", "--function", metavar="NAME", help="The function or class to translate.")] = None,
    example: Annotated[list[str] | None, typer.Option("--example", metavar="EXPR", help="A call, to give types: 'f([1.0], 2)'.")] = None,
    emit: Annotated[Emit | None, typer.Option("--emit", help="What to print or write.")] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="PATH", help="Where to; a folder for a Rust crate.")] = None,
    backend: Annotated[
        Backend, typer.Option("--backend", help="Who makes the module; rustc compiles the Rust crate, triton and gateway are servers.")
    ] = Backend.EMBEDDED,
    server: Annotated[str, typer.Option("--server", metavar="HOST:PORT", help="Where the Triton server is.")] = "127.0.0.1:8001",
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where the gateway is.")] = "http://127.0.0.1:8000",
    fallback: Annotated[bool, typer.Option("--fallback", help="Where a server gives no translation, translate here.")] = False,
    cases: Annotated[int, typer.Option("--cases", min=1, help="Cases to verify on.")] = 256,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the random cases.")] = 0,
    check: Annotated[
        bool, typer.Option("--check", help="Say what of a whole file or folder is translated, and why the rest is not.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document; a module in it is base64.")] = False,
) -> None:
    """Translate Python and verify it against CPython.

    FILE holds a function or a behaviour class. Without --emit and -o, says what was verified.
    """
    if check:
        _check(file, cases, as_json, others=(function, example, emit, output) != (None,) * 4 or backend is not Backend.EMBEDDED)
    if Path(file).is_dir():
        _folder(file, backend, server, cases, seed, output, as_json, others=(function, example, emit) != (None,) * 3 or fallback)
        return
    if backend not in _SERVERS:
        from portalis.translator.translating.jobs import start_ahead

        start_ahead()
    # This process ends soon, and what it imports is there to its end: it is not gone through for cycles again and again.
    gc.set_threshold(_UNCOLLECTED)
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.frontend import read_source
    from portalis.translator.source import MOST_BYTES
    from portalis.translator.translating.options import Options
    from portalis.translator.translating.translate import translate

    try:
        source = read_source(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>") if file == "-" else read_source(Path(file))
        rust = emit is Emit.RUST or backend is Backend.RUSTC
        options = Options(cases=cases, seed=seed, rust=rust, typed=True)
        # Only values have kernels.
        references = emit is not Emit.PTX
        if backend in _SERVERS:
            asked = Asked(source, function, tuple(example or ()), options, references)
            translation = ask_server(_SERVERS[backend], server if backend is Backend.TRITON else url, fallback, asked, as_json)
        else:
            translation = translate(source, function, tuple(example or ()), options=options, references=references)
        if emit is Emit.PTX:
            # Made here, so that what has no kernel is refused like anything else.
            _ = translation.ptx
    except TranslationError as error:
        refuse(error, as_json)
    except OSError as error:
        fail(f"cannot read {file}: {error.strerror}", as_json)
    wasm = _rustc_module(translation, as_json) if backend is Backend.RUSTC else translation.wasm
    if emit is None and output is None:
        _summarise(translation, as_json)
        return
    if output is not None and file != "-" and Path(output).resolve() == Path(file).resolve():
        fail(f"{output} is the source itself", as_json, ["name another file with -o"], status=2)
    _write(translation, wasm, emit or Emit.WASM, output, as_json)


def _folder(place: str, backend: Backend, server: str, cases: int, seed: int, output: str | None, as_json: bool, others: bool) -> None:
    if backend is not Backend.TRITON:
        remedies = [
            "--check says what of it is translated",
            "--backend triton translates it on a server, `portalis jobs submit` on a gateway",
        ]
        fail(f"{place} is a folder", as_json, remedies, status=2)
    if others:
        fail("a folder is translated whole: -f, --example, --emit and --fallback do not go with it", as_json, status=2)
    translate_folder(place, server, cases, seed, output, as_json)


def _check(place: str, cases: int, as_json: bool, others: bool) -> NoReturn:
    if others:
        fail("--check takes all of a folder: -f, --example, --emit, -o and --backend do not go with it", as_json, status=2)
    survey_command(place, cases, as_json)


def _rustc_module(translation: Translation, as_json: bool) -> bytes:
    from portalis.translator.backends.rust import compile_crate, find_rustc

    assert translation.report is not None
    artefact = translation.report.artefact("rust")
    rustc = find_rustc()
    if not artefact.usable or rustc is None:
        fail(f"--backend rustc: {artefact.why or artefact.status}", as_json, ["`portalis doctor` says what is missing"])
    return compile_crate(translation.crate, rustc)


def _write(translation: Translation, wasm: bytes, emit: Emit, output: str | None, as_json: bool) -> None:
    assert translation.report is not None
    path = None if output == "-" else output
    if emit is Emit.RUST and (reason := _not_in_rust(translation)):
        fail(f"--emit rust: {reason}", as_json, ["--emit wasm has a translation"])
    if emit is Emit.RUST and path is not None:
        _write_crate(translation, Path(path))
    elif as_json and path is None:
        content = _content(translation, wasm, emit)
        text = base64.b64encode(content).decode() if isinstance(content, bytes) else content
        print_json({"ok": True, "emit": emit, "content": text, "report": translation.report.document()})
        return
    elif emit is Emit.WASM and output is None and sys.stdout.isatty():
        fail("a WASM module is binary: name a file with -o, or `-o -` to write it to the terminal all the same", as_json, status=2)
    else:
        write_file(path or "-", _content(translation, wasm, emit))
    if as_json:
        print_json({"ok": True, "emit": emit, "output": path, "report": translation.report.document()})
        return
    err.print(verdict(translation.report), markup=False)
    if emit is Emit.PTX:
        err.print("ptx: not verified: only a GPU runs it, and holds it to the module before it is used", markup=False)
    if path is not None:
        err.print(f"wrote {'the crate ' if emit is Emit.RUST else ''}{path}", markup=False)


def _not_in_rust(translation: Translation) -> str:
    """Return why a program has no crate, nothing where it has one."""
    from portalis.translator.backends.rust import NotInRust

    try:
        assert translation.crate.files
    except NotInRust as error:
        return str(error)
    return ""


def _content(translation: Translation, wasm: bytes, emit: Emit) -> bytes | str:
    match emit:
        case Emit.RUST:
            return translation.rust
        case Emit.WASM:
            return wasm
        case Emit.WAT:
            return translation.wat
        case Emit.LLVM:
            return translation.llvm
        case Emit.PTX:
            return translation.ptx
        case Emit.REPORT:
            assert translation.report is not None
            # As `--json` prints it: pydantic would leave characters as they are that a terminal obeys.
            return json.dumps(translation.report.document(), indent=2) + "\n"


def _write_crate(translation: Translation, folder: Path) -> None:
    for name, text in translation.crate.files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fail(f"cannot write {folder}: {error.strerror}")
        write_file(str(path), text)


def _summarise(translation: Translation, as_json: bool) -> None:
    report = translation.report
    assert report is not None
    if as_json:
        seconds = translation.build.seconds
        print_json(
            {
                "ok": True,
                "signature": translation.signature,
                "signatures": list(translation.signatures),
                "wasm_bytes": len(translation.wasm),
                "report": report.document(),
                "seconds": seconds,
            }
        )
        return
    for signature in translation.signatures if translation.lowered.kind == "function" else (translation.signature,):
        out.print(signature, style="bold", markup=False)
    out.print(verdict(report), markup=False)
    out.print(report.confinement, markup=False)
    if report.unexercised:
        out.print(f"branches no case took ({len(report.unexercised)} of {report.branches.total}):", markup=False)
        for branch in report.unexercised:
            out.print(f"  {branch}", markup=False)
    out.print(f"module: {len(translation.wasm):,} bytes, no imports; --emit rust|wasm|wat|llvm|ptx|report shows more", markup=False)


def verdict(report: Report) -> str:
    """Say in a line or two what was verified, on what, and how."""
    lines = []
    for artefact in report.artefacts:
        if artefact.status == "not verified":
            lines.append(f"{artefact.name}: not verified: {artefact.why}")
            continue
        extras = [f"{artefact.raised} of them exceptions"] if artefact.raised else []
        extras += [f"{artefact.guarded} guarded"] if artefact.guarded else []
        extras += [f"{artefact.over_budget} over budget"] if artefact.over_budget else []
        extras += [f"{artefact.dropped} dropped"] if artefact.dropped else []
        detail = f" ({', '.join(extras)})" if extras else ""
        lines.append(
            f"{artefact.name}: {artefact.status}: {artefact.agreed} of {counted(artefact.cases, 'case')} agree with CPython "
            f"{report.versions['cpython']}, 0 wrong{detail}{f'; {artefact.why}' if artefact.why else ''}"
        )
    if report.drift.cases:
        lines.append(
            f"drift from this platform's libm: at most {report.drift.largest_ulp:g} ULP in {counted(report.drift.cases, 'case')}, "
            f"{report.drift.flipped} flipped"
        )
    lines += [f"not translated: {refused}; a call with such arguments is stopped" for refused in report.refused]
    lines += [
        f"not used: {item.signature}: none of its {item.cases} cases ended in an answer to compare"
        for item in report.signatures
        if not item.agreed
    ]
    return "\n".join(lines)
