"""The table of callables and the binder of arguments."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Sequence

import pytest

from portalis.translator.frontend.calls.binder import Bound, Misfit, bind, parameters_of, positional_only
from portalis.translator.frontend.calls.builtins import BUILTINS
from portalis.translator.frontend.calls.table import callables, describe_callable
from portalis.translator.frontend.read.at_import.builtin_names import FORBIDDEN_BUILTINS, HARMLESS_BUILTINS

SIGNATURES = ("a, b", "a, b=1", "a, /, b", "a, b=1, /, c=2", "a, *, k", "a, b=1, *, k=2, m", "*, k=1", "")
CALLS: tuple[tuple[int, Sequence[str]], ...] = tuple(
    (count, names) for count in range(4) for names in ((), ("a",), ("b",), ("k",), ("b", "a"), ("k", "m"), ("m", "k", "c"), ("z",))
)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_arguments_go_where_cpython_puts_them(signature: str) -> None:
    text = f"def f({signature}): pass"
    definition = ast.parse(text).body[0]
    assert isinstance(definition, ast.FunctionDef)
    names: dict[str, object] = {}
    exec(text, names)
    function = inspect.signature(names["f"])  # type: ignore[arg-type]
    for count, keywords in CALLS:
        found = bind(parameters_of(definition), count, keywords)
        given = [*range(count), *range(count, count + len(keywords))]
        try:
            bound = function.bind(*given[:count], **dict(zip(keywords, given[count:], strict=True)))
        except TypeError:
            assert isinstance(found, Misfit), (signature, count, keywords)
            continue
        assert isinstance(found, Bound), (signature, count, keywords)
        assert dict(found.arguments) == dict(bound.arguments)
        assert [index for _, index in found.arguments] == given
        assert set(found.defaulted) == set(function.parameters) - set(bound.arguments)


def test_built_ins_that_take_any_number() -> None:
    parameters = positional_only("first", variadic=True)
    assert isinstance(bind(parameters, 3, ()), Bound)
    assert bind(parameters, 0, ()) == Misfit("missing", ("first",))
    assert bind(parameters, 1, ("first",)) == Misfit("keyword", ("first",))


def test_every_row_is_translated_or_says_why_not() -> None:
    rows = callables()
    assert len(rows) >= 345
    for name, row in rows.items():
        assert (row.meaning is None) == (row.refused is not None), name
        assert (row.meaning is None) == (row.refuse is None), name
        assert describe_callable(name), name


def test_built_ins_are_rows() -> None:
    # Python puts the last there where a data class is made in no module.
    assert set(dir(builtins)) <= {*BUILTINS, "__builtins__"}
    assert {name for name, row in BUILTINS.items() if row.harmless} == HARMLESS_BUILTINS
    assert {name: row.refused.code for name, row in BUILTINS.items() if name in FORBIDDEN_BUILTINS and row.refused is not None} == {
        name: forbidden.code for name, forbidden in FORBIDDEN_BUILTINS.items()
    }


def test_a_callable_is_explained() -> None:
    assert describe_callable("round") == "`round(number, ndigits=…)` is translated"
    assert describe_callable("math.hypot") is not None and describe_callable("Gf.Vec3d.GetLength") is not None
    told = describe_callable("eval")
    assert told is not None and "P0211" in told
    assert describe_callable("nothing.like.it") is None
