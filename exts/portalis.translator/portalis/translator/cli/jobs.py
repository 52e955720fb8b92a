"""`portalis jobs`: whole folders, translated by a gateway as one job that outlives the connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portalis.translator.cli.answers import python_files, told
from portalis.translator.cli.output import fail, os_error, out, print_json, print_table
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.servers.clients.gateway import GatewayTranslator
    from portalis.translator.servers.contract.jobs import Job, JobResult

jobs = typer.Typer(help="Have a gateway translate many files as a job.", no_args_is_help=True)
Url = Annotated[str, typer.Option("--url", metavar="URL", help="Where the gateway is.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id.")]
_DEFAULT = "http://127.0.0.1:8000"


@jobs.command("submit")
def submit_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Python files, or folders of them.")],
    cases: Annotated[int, typer.Option("--cases", min=1, help="Cases to verify on.")] = 256,
    url: Url = _DEFAULT,
    as_json: Json = False,
) -> None:
    """Ask for all files; each has one function or behaviour class."""
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.frontend import read_source

    items = []
    try:
        for path in python_files(files):
            source = read_source(path)
            items.append({"source": source.text, "path": str(path), "options": {"cases": cases}})
    except TranslationError as error:
        fail(f"{error}", as_json)
    except OSError as error:
        fail(os_error(error), as_json)
    if not items:
        fail("there is no Python file among these", as_json, status=2)
    with _Asking(url, as_json) as gateway:
        job = _job(gateway.call("POST", "/v1/jobs", _body(items, as_json)))
    if as_json:
        print_json({"ok": True, **job.model_dump()})
        return
    out.print(f"{job.id}: {counted(job.items, 'file')}; `portalis jobs results {job.id}` shows what came of them", markup=False)


@jobs.command("list")
def list_command(url: Url = _DEFAULT, as_json: Json = False) -> None:
    """List your jobs, the newest first."""
    from portalis.translator.servers.contract.jobs import JobList

    with _Asking(url, as_json) as gateway:
        found = JobList.model_validate_json(gateway.call("GET", "/v1/jobs")).data
    if as_json:
        print_json({"ok": True, "jobs": [job.model_dump() for job in found]})
        return
    rows = [(job.id, *(f"{number:,}" for number in (job.items, job.queued, job.running, job.done, job.cancelled))) for job in found]
    print_table("jobs", ("id", "files", "queued", "running", "done", "cancelled"), rows) if rows else out.print("no jobs", markup=False)


@jobs.command("results")
def results_command(
    id_: JobId,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="Write the modules there.")] = None,
    after: Annotated[int, typer.Option("--after", min=0, metavar="N", help="Go on behind the first N answers.")] = 0,
    url: Url = _DEFAULT,
    as_json: Json = False,
) -> None:
    """Show the answers that are there; status 1 where a file was refused or failed."""
    with _Asking(url, as_json) as gateway:
        found = list(_results(gateway, id_, after))
    items = [_told(result, output) for result in found]
    good = all(item["kind"] in ("translated", "cancelled") for item in items)
    if as_json:
        print_json({"ok": good, "next": after + len(found), "results": items})
    else:
        for item in items:
            out.print(f"{item['number']}: {item['kind']}{': ' if item['why'] else ''}{item['why']}", markup=False)
        out.print(f"{counted(len(found), 'answer')}; --after {after + len(found)} shows what comes next", markup=False)
    raise typer.Exit(0 if good else 1)


@jobs.command("cancel")
def cancel_command(id_: JobId, url: Url = _DEFAULT, as_json: Json = False) -> None:
    """Cancel what is left of a job."""
    with _Asking(url, as_json) as gateway:
        job = _job(gateway.call("POST", f"/v1/jobs/{_checked(id_, as_json)}/cancel"))
    print_json({"ok": True, **job.model_dump()}) if as_json else out.print(
        f"{job.id}: {job.done} done, {job.cancelled} cancelled", markup=False
    )


def _body(items: list[dict[str, Any]], as_json: bool) -> bytes:
    from pydantic import ValidationError

    from portalis.translator.servers.contract.jobs import JobRequest

    try:
        return JobRequest.model_validate({"items": items}).model_dump_json().encode()
    except ValidationError as error:
        fail(f"no gateway takes this: {error.errors(include_input=False)[0]['msg']}", as_json)


def _job(text: bytes) -> Job:
    from portalis.translator.servers.contract.jobs import Job

    return Job.model_validate_json(text)


def _results(gateway: GatewayTranslator, id_: str, after: int) -> Iterator[JobResult]:
    from portalis.translator.servers.contract.jobs import JobResults

    while True:
        page = JobResults.model_validate_json(gateway.call("GET", f"/v1/jobs/{_checked(id_, False)}/results?after={after}&most=50"))
        yield from page.results
        after = page.next
        if not page.results:
            return


def _checked(id_: str, as_json: bool) -> str:
    if not id_.isascii() or not id_.isalnum():
        fail(f"`{id_}` is no job's id", as_json, ["`portalis jobs list` shows them"], status=2)
    return id_


def _told(result: JobResult, folder: Path | None) -> dict[str, Any]:
    """Say what came of an item, and write its module."""
    from portalis.translator.servers.contract.translation import ANSWER

    if result.answer is None:
        return {"number": result.number, "kind": "cancelled", "why": ""}
    module = None if folder is None else folder / f"{result.number}.wasm"
    return {"number": result.number, **told(ANSWER.validate_python(result.answer), module)}


class _Asking:
    """A gateway within a block; what it does not do is said, and ends this."""

    def __init__(self, url: str, as_json: bool) -> None:
        self._url, self._as_json = url, as_json
        self._gateway: GatewayTranslator | None = None

    def __enter__(self) -> GatewayTranslator:
        try:
            from portalis.translator.servers.clients.gateway import GatewayTranslator
            from portalis.translator.servers.contract.asking import RemoteError
        except ModuleNotFoundError as error:
            fail(f"{error.name} is missing", self._as_json, ["pip install 'portalis-translator[server]'"])
        try:
            self._gateway = GatewayTranslator(self._url)
        except RemoteError as error:
            fail(str(error), self._as_json, status=2)
        return self._gateway

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable

        if self._gateway is not None:
            self._gateway.close()
        if isinstance(error, RemoteError | ServerUnavailable | ValueError):
            # An answer that is none is a ValueError of who reads it.
            fail(str(error), self._as_json)
