"""What servers answered on many files, told and written file by file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portalis.translator.cli.output import write_file

if TYPE_CHECKING:
    from portalis.translator.servers.contract.translation import Answer


def python_files(places: list[Path]) -> Iterator[Path]:
    """Yield files, and the Python files of folders in order."""
    for place in places:
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def told(answer: Answer, module: Path | None) -> dict[str, Any]:
    """Say what came of one source, and write its module where one is asked for; a translation without its proof is a failure."""
    from portalis.translator.servers.contract.asking import RemoteError
    from portalis.translator.servers.contract.proof import require_proof
    from portalis.translator.servers.contract.translation import Failed, RefusedAnswer

    if isinstance(answer, RefusedAnswer):
        reasons = [f"{item.span}: {item.code}: {item.message}" for item in answer.diagnostics]
        return {"kind": "refused", "why": "; ".join(reasons)}
    if isinstance(answer, Failed):
        return {"kind": "failed", "why": f"{answer.why}: {answer.detail}"}
    try:
        require_proof(answer.build)
    except RemoteError as error:
        return {"kind": "failed", "why": str(error)}
    if module is not None:
        module.parent.mkdir(parents=True, exist_ok=True)
        write_file(str(module), answer.build.wasm)
    return {"kind": "translated", "why": answer.interface.entries[0].signature}
