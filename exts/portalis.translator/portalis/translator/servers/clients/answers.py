"""What a client makes of an answer: a translation that runs here, once it carries the proof for the very bytes that it carries."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable, Superseded, TextLost
from portalis.translator.servers.contract.proof import require_proof
from portalis.translator.servers.contract.translation import ANSWER, Answer, Failed, RefusedAnswer, TranslatedAnswer, TranslationRequest
from portalis.translator.source import SourceFile
from portalis.translator.translating.describing import interface_of
from portalis.translator.translating.options import Options
from portalis.translator.translating.translation import Translation


def request_of(
    file: SourceFile, function: str | None, examples: Sequence[str], options: Options, *, references: bool, patience: float
) -> TranslationRequest:
    """Return a request; RemoteError where it asks for what no server gives."""
    try:
        request = TranslationRequest(
            source=file.text,
            path=file.path,
            function=function,
            examples=tuple(examples),
            options=options,
            references=references,
            patience=max(1.0, patience),
        )
        request.require_servable()
    except (ValidationError, ValueError) as error:
        raise RemoteError(f"no server translates this: {error}") from error
    return request


def checked(answer: Answer) -> Answer:
    """Return an answer, or that it failed where it carries no proof."""
    try:
        if isinstance(answer, TranslatedAnswer):
            require_proof(answer.build)
    except RemoteError as error:
        return Failed(why="error", detail=str(error))
    return answer


def read_answer(text: bytes) -> Answer:
    """Read an answer, or raise RemoteError where it is none."""
    try:
        return ANSWER.validate_json(text)
    except ValidationError as error:
        raise RemoteError(f"the server's answer cannot be read: {error}") from error


def translated(answer: Answer, file: SourceFile, server: str) -> TranslatedAnswer:
    """Return an answer that holds a translation with its proof.

    Raises TranslationError where the source is refused, RemoteError where the request failed or the proof is missing, ServerUnavailable
    where the server was too busy.
    """
    match answer:
        case TranslatedAnswer():
            require_proof(answer.build)
            return answer
        case RefusedAnswer(diagnostics=diagnostics):
            raise TranslationError(diagnostics, file)
        case Failed(why="expired", detail=detail):
            raise ServerUnavailable(f"{server} is too busy: {detail}")
        case Failed(why="superseded", detail=detail):
            raise Superseded(f"{server} has no translation of this text: {detail}")
        case Failed(why="lost", detail=detail):
            raise TextLost(f"{server} does not know the text: {detail}")
        case Failed(why=why, detail=detail):
            raise RemoteError(f"{server} could not translate it: {why}: {detail}")


def make_translation(
    answer: TranslatedAnswer, file: SourceFile, function: str | None, examples: Sequence[str], options: Options, *, references: bool
) -> Translation:
    """Return the translation that an answer holds: lowering is quick and gives what a host needs to call the module.

    RemoteError where the program that is lowered here is not the one that the answer speaks of.
    """
    wide = answer.interface.wide
    lowered = lower(file, function, examples, references=references and not wide, wide=wide)
    if interface_of(lowered, answer.build.sites, wide=wide) != answer.interface:
        raise RemoteError("the server's answer is for another program")
    return Translation(lowered, options, answer.build)
