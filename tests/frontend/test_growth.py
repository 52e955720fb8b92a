"""A few lines that would grow without end are refused where they pass the bound: counted, so that none of these tests ends late."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.beside import same

LINES = 26


def chain(first: str, step: str, indent: str = "") -> str:
    """Return lines each of which builds a value from the one before."""
    lines = [f"{indent}a0 = {first}\n", *(f"{indent}a{i + 1} = {step.replace('a', f'a{i}')}\n" for i in range(LINES))]
    return "".join(lines)


def refused(text: str, function: str | None = None, examples: tuple[str, ...] = ()) -> Diagnostic:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", text), function, examples)
    return caught.value.diagnostics[0]


GROWING = {
    "pairs": ("(x, x)", "(a, a)", 15),
    "pairs of nothing": ("(None, None)", "(a, a)", 15),
    "pairs of empty tuples": ("((), ())", "(a, a)", 15),
    "lists": ("[x, x]", "[a, a]", 15),
    "repeated lists": ("[x] * 100", "[a] * 100", 4),
    "repeated tuples": ("(x,) * 100", "(a,) * 100", 4),
    "joined": ("(x,)", "a + a", 13),
    "joined lists": ("[x]", "a + a", 13),
    "pairs that differ": ("(x, 1)", "(a, 1, a)", 14),
    "unrolled": ("(x, x)", "tuple((a, a))", 15),
}


@pytest.mark.parametrize("name", GROWING)
def test_values_that_double_in_a_function(name: str) -> None:
    first, step, line = GROWING[name]
    found = refused(f"def f(x: float):\n{chain(first, step, '    ')}    return x\n")
    assert (found.code, found.span.line) == ("P0005", line)


def test_values_that_double_in_a_module() -> None:
    found = refused(f"{chain('(1.0, 2.0)', '(a, a)')}def f(x: float):\n    return a{LINES}[0]\n")
    assert (found.code, found.span.line) == ("P0005", 14)


def test_values_that_double_where_nobody_reads_them() -> None:
    program = lower(SourceFile("case.py", f"{chain('(1.0, 2.0)', '(a, a)')}def f(x: float):\n    return a1[0]\n"))
    assert program.result.parts == 3


def test_values_that_double_from_call_to_call() -> None:
    calls = "".join(f"def g{i}(a):\n    return g{i + 1}((a, a))\n" for i in range(LINES))
    found = refused(f"{calls}def g{LINES}(a):\n    return 1.0\ndef f(x: float):\n    return g0(x)\n", "f")
    assert found.code == "P0005" and found.span.line == 28


def test_values_that_double_in_an_example() -> None:
    found = refused(f"{chain('(1.0, 2.0)', '(a, a)')}def f(x):\n    return x\n", examples=(f"f(a{LINES})",))
    assert found.code == "P0005"


def test_the_attributes_of_a_class_together() -> None:
    fields = "".join(f"    a{i}: list[float] = [0.0] * 1000\n" for i in range(20))
    found = refused(f"class M:\n{fields}    def on_update(self):\n        pass\n")
    assert (found.code, found.span.line) == ("P0005", 1)


def test_what_a_message_shows_of_a_large_type_is_short() -> None:
    found = refused("def f(x: float):\n    a = ((x,) * 100,) * 100\n    return a + x\n")
    assert len(found.message) < 400


def test_constants_that_name_one_another_twice() -> None:
    text = "import math\na0 = math.sqrt(2.0)\n" + "".join(f"a{i + 1} = a{i} * a{i}\n" for i in range(LINES))
    found = refused(f"{text}def f(x: float):\n    return x * a{LINES}\n")
    assert found.code == "P0005"


def test_what_a_generator_yields_does_not_grow_without_end() -> None:
    """A list that holds what the generator yields of it, from one look at the function to the next."""
    text = (
        "def t(v):\n"
        "    return v\n"
        "\n"
        "def after(xs):\n"
        "    yield xs[0]\n"
        "\n"
        "def f(ok, xs):\n"
        "    ys = xs[:]\n"
        "    rows = [xs] * 2\n"
        "    stream = after(xs)\n"
        "    rows[0] = t(xs if ok else ys)\n"
        "    if ys in rows:\n"
        "        return (xs, ys, ys, rows)\n"
        "    zs = [next(stream, -1)]\n"
        "    return (zs, 1, list(stream), xs)\n"
    )
    same(text, ("f(True, [3])", "f(False, [])"))
