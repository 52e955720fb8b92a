"""Translations that a server makes, for `portalis translate --backend triton` and `--backend gateway`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from portalis.translator.cli.output import err, fail

if TYPE_CHECKING:
    from portalis.translator.source import SourceFile
    from portalis.translator.translating.options import Options
    from portalis.translator.translating.translation import Translation

Server: TypeAlias = Literal["triton", "gateway"]
_REMEDIES = {
    "triton": "`portalis serve` starts a server; --fallback translates here where one fails",
    "gateway": "`portalis serve --gateway` starts one; --fallback translates here where one fails",
}


@dataclass(frozen=True)
class Asked:
    """What is to be translated."""

    source: SourceFile
    function: str | None
    examples: tuple[str, ...]
    options: Options
    references: bool


def ask_server(server: Server, address: str, fallback: bool, asked: Asked, as_json: bool) -> Translation:
    """Translate on a server; with `fallback` here, said on stderr, whenever that fails. TranslationError where the source is refused."""
    from portalis.translator.translating.translate import translate

    try:
        from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", as_json, ["pip install 'portalis-translator[server]'"])
    try:
        return _translated(server, address, asked)
    except ModuleNotFoundError as error:
        failure, remedy = f"{error.name} is missing", "pip install 'portalis-translator[server]'"
    except (RemoteError, ServerUnavailable) as error:
        failure, remedy = str(error), _REMEDIES[server]
    if not fallback:
        fail(f"--backend {server}: {failure}", as_json, [remedy])
    err.print(f"portalis: {failure}; translating here instead (--fallback)", style="yellow", markup=False)
    return translate(asked.source, asked.function, asked.examples, options=asked.options, references=asked.references)


def _translated(server: Server, address: str, asked: Asked) -> Translation:
    source, function, examples = asked.source, asked.function, asked.examples
    if server == "triton":
        from portalis.translator.servers.clients.triton import TritonTranslator

        with TritonTranslator(address) as translator:
            return translator.translate(source, function, examples, options=asked.options, references=asked.references)
    from portalis.translator.servers.clients.gateway import GatewayTranslator

    with GatewayTranslator(address) as gateway:
        return gateway.translate(source, function, examples, options=asked.options, references=asked.references)
