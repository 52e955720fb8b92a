"""`portalis translate FOLDER --backend triton`: a code base in one request, told and written file by file as the answers come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from portalis.translator.cli.answers import python_files, told
from portalis.translator.cli.output import fail, os_error, out, print_json
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.servers.contract.translation import Answer, TranslationRequest


def translate_folder(place: str, server: str, cases: int, seed: int, output: str | None, as_json: bool) -> None:
    """Translate every Python file of a folder, each with one function or behaviour class; status 1 where one was refused or failed."""
    folder = Path(place)
    paths = list(python_files([folder]))
    if not paths:
        fail(f"there is no Python file in {place}", as_json, status=2)
    if output is not None and Path(output).is_file():
        fail(f"{output} is a file: modules are written to a folder", as_json, status=2)
    try:
        from portalis.translator.servers.clients.triton import RemoteError, ServerUnavailable, TritonTranslator
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", as_json, ["pip install 'portalis-translator[server]'"])
    found: dict[int, dict[str, Any]] = {}

    def take(number: int, answer: Answer) -> None:
        path = paths[number]
        module = None if output is None else Path(output) / path.relative_to(folder).with_suffix(".wasm")
        found[number] = item = {"file": str(path), **told(answer, module)}
        if not as_json:
            out.print(f"{path}: {item['kind']}: {item['why']}", markup=False)

    try:
        with TritonTranslator(server) as translator:
            translator.answer_all(_requests(paths, cases, seed, as_json), take)
    except (RemoteError, ServerUnavailable) as error:
        rest = f"; {counted(len(found), 'file')} of {len(paths)} answered before" if found else ""
        fail(f"--backend triton: {error}{rest}", as_json, ["`portalis serve` starts a server"])
    good = all(item["kind"] == "translated" for item in found.values())
    if as_json:
        print_json({"ok": good, "files": [found[number] for number in sorted(found)]})
    else:
        out.print(
            f"{sum(item['kind'] == 'translated' for item in found.values())} of {counted(len(paths), 'file')} translated", markup=False
        )
    raise typer.Exit(0 if good else 1)


def _requests(paths: list[Path], cases: int, seed: int, as_json: bool) -> list[TranslationRequest]:
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.frontend import read_source
    from portalis.translator.servers.contract.translation import TranslationRequest
    from portalis.translator.translating.options import Options

    options = Options(cases=cases, seed=seed)
    try:
        return [TranslationRequest(source=read_source(path).text, path=str(path), options=options) for path in paths]
    except TranslationError as error:
        fail(str(error), as_json)
    except OSError as error:
        fail(os_error(error), as_json)
