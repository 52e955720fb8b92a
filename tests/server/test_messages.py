"""What travels: it has a schema, and reading it back gives what was written."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from portalis.translator import TranslationError, translate
from portalis.translator.servers.contract.translation import ANSWER, Answer, Failed, RefusedAnswer, RequestOptions, TranslatedAnswer
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.translating.describing import interface_of
from tests.server.snippets import REFUSED, kind


def translation(source: str) -> TranslatedAnswer:
    made = translate(source)
    return TranslatedAnswer(build=made.build, interface=interface_of(made.lowered, made.build.sites, wide=False))


def refusal() -> RefusedAnswer:
    with pytest.raises(TranslationError) as error:
        translate(REFUSED)
    return RefusedAnswer(diagnostics=error.value.diagnostics)


def test_answers_survive_the_way() -> None:
    answers: list[Answer] = [translation(kind(1)), refusal(), Failed(why="timeout", detail="naïve")]
    for answer in answers:
        assert ANSWER.validate_json(ANSWER.dump_json(answer)) == answer


def test_both_ways_have_a_schema() -> None:
    answer = ANSWER.json_schema()
    assert set(answer["discriminator"]["mapping"]) == {"translated", "refused", "failed"}
    request = RequestOptions.model_json_schema()
    assert {"path", "function", "examples", "options", "patience", "references", "texts"} == set(request["properties"]) and not request[
        "additionalProperties"
    ]


def test_what_is_not_in_the_schema_is_refused() -> None:
    with pytest.raises(ValidationError):
        ANSWER.validate_json('{"kind": "rumoured"}')
    with pytest.raises(ValidationError):
        RequestOptions(patience=0.0)


def test_the_compiler_s_number_names_a_folder_for_triton() -> None:
    assert 0 < compiler_version() < 2**48
