"""An oracle at work: what is the program's outcome, and what is a failure of the process that runs it."""

from __future__ import annotations

import ast
import operator
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.ir.types import FLOAT
from portalis.translator.source import SourceFile
from portalis.translator.syntax import TRAP, AcceptedModule, write
from portalis.translator.verify.oracle.answers import SlotShape, Told
from portalis.translator.verify.oracle.compiling import compile_accepted, compile_tree
from portalis.translator.verify.oracle.messages import EntryRequest, ImportFailure, LoadAnswer, LoadRequest, Place, pack_slots
from portalis.translator.verify.oracle.names import POWER
from portalis.translator.verify.oracle.namespace import Library, exact_power
from portalis.translator.verify.oracle.program import ModuleFailure, Oracle
from portalis.translator.verify.oracle.rewriting import PowerCalls
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.codec import decode, encode
from portalis.translator.work.link import OracleFailure, Run
from tests.executed import execute, load_request

SHAPE = SlotShape(FLOAT, (), 0, 1)


def request(text: str) -> bytes:
    """Ask for a module of which `f` is called with 2.0: not what a front-end makes, since it holds what no front-end accepts."""
    entry = EntryRequest("", (FLOAT,), FLOAT, (0, 0), pack_slots(("f64",), (2.0,)), 1, None, 0)
    return load_request(dedent(text), "case.py", "f", entry)


def told(text: str, steps: int = 1000) -> Told:
    witness = Witness()
    witness.load(request(text))
    return SHAPE.read(next(witness.run([Run(0, 0, steps)])), 0).told


def body(text: str) -> str:
    return f"def f(x):\n    {text}\n"


def test_outcomes_of_the_program() -> None:
    assert told(body("return x * 1.5")) == Told("value", (3.0,))
    assert told(body("raise ValueError('no')")) == Told("raised", texts=("ValueError", "no"))
    assert told(body("raise MemoryError('no')")) == Told("raised", texts=("MemoryError", "no"))
    assert told(body("return 3")).kind == "misfit"


@pytest.mark.parametrize("text", ["return f(x)", "while True:\n        pass", "for i in range(10 ** 8):\n        pass"])
def test_loops_and_calls_both_count_as_steps(text: str) -> None:
    assert told(body(text), steps=100).kind == "steps"


def test_what_is_written_into_a_tree_has_the_users_line() -> None:
    text = "pass\n\nfor i in range(10 ** 9):\n    pass\n\ndef f(x):\n    return x\n"
    with pytest.raises(ModuleFailure) as failure:
        execute(SourceFile("case.py", text), "f", (FLOAT,), "exact")
    assert failure.value.line == 3


LIBRARIES: tuple[Library, ...] = ("exact", "drift")
DECISIONS = """
def f(x):
    t = 0.0
    while t < x:
        t += 1.0
        for i in range(2):
            if t > 1.0:
                if x > 1.0:
                    t += (1.0 if t > 2.0 else 2.0) if x > 1.5 else 3.0
                t += 1.0 if (t > 0.0 and (x > 0.0 or x < -1.0)) else 2.0
    return t
"""


def places(text: str) -> list[Place]:
    """List the decisions of a text, in no order."""
    kinds = {ast.While: "while", ast.For: "for", ast.If: "if", ast.IfExp: "if expression"}
    found: list[tuple[ast.stmt | ast.expr, str]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.BoolOp):
            found.append((node, "and" if isinstance(node.op, ast.And) else "or"))
        elif isinstance(node, ast.While | ast.For | ast.If | ast.IfExp):
            found.append((node.test if isinstance(node, ast.If) else node, kinds[type(node)]))
    return [(item.lineno, item.col_offset, item.end_lineno or 0, item.end_col_offset or 0, kind) for item, kind in found]


def test_decisions_inside_decisions_are_noted() -> None:
    wanted = places(DECISIONS)
    code, decisions = compile_tree(ast.parse(DECISIONS), "case.py", (), wanted)
    oracle = Oracle.execute(code, "case.py", "f", (FLOAT,), "exact")
    assert decisions == tuple(range(len(wanted))) and len(wanted) == 9
    expected = oracle.call([2.0]).value
    assert {2 * number for number, place in enumerate(wanted) if place[4] != "if expression"} <= oracle.taken.keys()
    plain: dict[str, Any] = {}
    exec(DECISIONS, plain)
    assert expected == plain["f"](2.0)


def test_powers_inside_powers_and_decisions_are_the_librarys() -> None:
    text = "def f(x):\n    y = (x ** 0.5 if x > 1.0 else 0.0) ** 0.3\n    y **= x ** 0.7\n    y += x ** 0.2\n    return y\n"
    tree = PowerCalls().visit(ast.parse(text))
    assert not any(isinstance(node, ast.Pow) for node in ast.walk(tree))


def test_powers_are_the_librarys_or_the_platforms() -> None:
    source = SourceFile("case.py", "def f(x, y):\n    z = x ** y\n    z **= y\n    return z\n")
    base, exponent = 1.5491352999859105, -5.00955000708537
    oracles = {library: execute(source, "f", (FLOAT, FLOAT), library) for library in LIBRARIES}
    found = {library: oracle.call([base, exponent]).value for library, oracle in oracles.items()}
    assert found == {"exact": exact_power(exact_power(base, exponent), exponent), "drift": (base**exponent) ** exponent}
    # Where the two agree on these numbers, too.
    assert [oracle.namespace[POWER] for oracle in oracles.values()] == [exact_power, operator.pow]


def test_calls_that_double_end_with_their_steps() -> None:
    assert told(body("return f(x + 1.0) + f(x + 1.0) if x < 60.0 else x")).kind == "steps"


def test_what_memory_would_not_hold_is_unknown() -> None:
    assert told(body("return float(len([0.0] * 10 ** 18))")).kind == "unknown"
    assert told(body("return float(7 ** 10 ** 9)")).kind == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "raise OSError(13, 'denied')",
        "raise PermissionError(13, 'denied')",
        "raise ImportError('denied')",
        "from math import nothing",
        "raise SystemError('own')",
        f"{TRAP}()",
    ],
)
def test_what_no_program_can_raise_is_a_failure_of_the_process(text: str) -> None:
    witness = Witness()
    witness.load(request(body(text)))
    with pytest.raises(OracleFailure):
        list(witness.run([Run(0, 0, 1000)]))
    with pytest.raises(OracleFailure):
        Witness().load(request(f"{text}\n{body('return x')}"))


def test_an_error_of_the_system_that_the_program_made_is_the_program_s() -> None:
    assert told(body("raise PermissionError('denied')")).texts == ("PermissionError", "denied")


def test_what_the_module_raises_is_told_with_its_line() -> None:
    answer = decode(LoadAnswer, Witness().load(request(f"y = 1\nz = y // 0\n{body('return x')}")))
    assert answer.loaded == ImportFailure(2, "ZeroDivisionError: integer division or modulo by zero")


def test_a_module_that_takes_for_ever_is_not_loaded() -> None:
    answer = decode(LoadAnswer, Witness().load(request(f"while True:\n    pass\n{body('return x')}")))
    assert isinstance(answer.loaded, ImportFailure)


def test_nothing_is_run_before_something_is_loaded() -> None:
    with pytest.raises(OracleFailure, match="nothing is loaded"):
        list(Witness().run([Run(0, 0, 1000)]))


def test_what_cpython_cannot_compile_is_told_with_its_line() -> None:
    nested = "".join(f"{'    ' * depth}for i{depth} in range(2):\n" for depth in range(21)) + "    " * 21 + "pass\n"
    found = compile_accepted(write(AcceptedModule(ast.parse(f"x = 1\n{nested}"))), "case.py")
    assert found == ImportFailure(22, "SyntaxError: too many statically nested blocks (case.py, line 22)")
    entry = EntryRequest("", (), FLOAT, (0, 0), b"", 1, None, 0)
    answer = Witness().load(encode(LoadRequest, LoadRequest(found, "case.py", "f", (), (), (entry,), ())))
    assert decode(LoadAnswer, answer).loaded == found


def test_a_text_that_is_no_accepted_module_is_a_failure_of_the_process() -> None:
    with pytest.raises(OracleFailure, match="cannot be read"):
        compile_accepted('{"module":["Import",null,[["os",null,[1,0,1,9]]]],"examples":[]}', "case.py")
