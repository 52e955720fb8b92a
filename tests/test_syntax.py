"""A tree that travels as text comes back the same, and a text that says anything else builds nothing."""

from __future__ import annotations

import ast
import json
import math
from typing import Any

import pytest

from portalis.translator.syntax import FIELDS, TRAP, AcceptedCall, AcceptedModule, NotAccepted, read, write

SOURCE = """\
import math as m, pxr.Gf
from pxr import Gf
from math import pi as p

A, B = 1, (2.5, -3.0, True, None, "é\\ud800", b"\\x00", 2j, ..., 10**3)
SCALE = {"a": 1, 2: {3, 4}}

class C:
    x = [0.0] * 4

    def on_update(self, a, /, b=1.5, *, c, d=Gf.Vec3d(1.0)):
        self.x[a] += b if c and not d else ~a
        for i, (j, *k) in enumerate(zip(a, b), start=1):
            while i < j <= 3 or i is None or j not in k:
                break
            else:
                continue
        if (n := a @ b) % 2:
            pass
        elif n >> 1:
            raise ValueError("no") from None
        assert a, "message"
        try:
            a = b
        except (ValueError, KeyError) as error:
            raise
        except IndexError:
            pass
        else:
            b = a
        finally:
            c = a
        return m.sqrt(a), c[b, 0]

    def given(self, a, *rest, k=1, **named):
        b = yield a(*rest, k=k, **named)
        with a, b(c) as (d, e):
            pass
        yield from b
        match a, b:
            case ([1 | -2, *rest], {"k": int(x), **others}) if x > 1:
                yield
            case ([None, _, *_] as c, p.q):
                pass
"""


def written(text: str, *examples: AcceptedCall) -> str:
    return write(AcceptedModule(ast.parse(text), examples))


def test_what_is_read_is_what_was_written_with_every_position() -> None:
    call = AcceptedCall((ast.parse("[1.0]", mode="eval").body,), (("dt", ast.parse("-inf", mode="eval").body),))
    found = read(written(SOURCE, call))
    assert ast.dump(found.module, include_attributes=True) == ast.dump(ast.parse(SOURCE), include_attributes=True)
    (example,) = found.examples
    assert ast.dump(example.args[0]) == ast.dump(call.args[0]) and example.kwargs[0][0] == "dt"
    compile(found.module, "case.py", "exec", dont_inherit=True)


def test_constants_come_back_to_the_bit() -> None:
    for value in (-0.0, math.inf, 5e-324, 1 << 70, -(1 << 70), complex(-0.0, 1e400), "\udc80", b"\xff", 0.1):
        node = ast.Constant(value, lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)
        module = ast.Module([ast.Expr(node, lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)], [])
        (statement,) = read(write(AcceptedModule(module))).module.body
        assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        found = statement.value.value
        assert type(found) is type(value) and repr(found) == repr(value)


REFUSED = [
    "[await x for x in y]", "f(*x).__class__", "lambda x=0, *__y: 0", "__import__", "x.__dict__",
    "await_ = (await x)", "[x async for x in y]", "lambda __x: 0",
]  # fmt: skip
REFUSED_STATEMENTS = [
    "import os", "from os import path", "from . import a", "from math import *", "try:\n    pass\nexcept:\n    pass",
    "global __a", "x: int = 1", "@d\ndef f(): pass", "def f() -> int: pass", "def f(a: int): pass", "def f(*a: int): pass",
    "def f(**a: int): pass", "def f(**__a): pass", "class A(B, type): pass",
    "class A(type): pass", "class A(b.C): pass", "class A(metaclass=B): pass", "@d\nclass A: pass", "match a:\n case B(__x=1): pass",
    "async def f(): pass", "async with a: pass", "def __getattr__(a): pass", "f(__a=1)", "def f(__a): pass", "a, b = __b",
]  # fmt: skip


@pytest.mark.parametrize("text", [*REFUSED, *REFUSED_STATEMENTS])
def test_what_is_not_in_the_table_is_not_written(text: str) -> None:
    with pytest.raises(NotAccepted):
        written(text if text in REFUSED_STATEMENTS else f"a = {text}" if "=" not in text else f"def f():\n    {text}")


def test_only_nodes_without_a_power_to_reach_out_are_in_the_table() -> None:
    known = {name for name in dir(ast) if isinstance(getattr(ast, name), type) and issubclass(getattr(ast, name), ast.AST)}
    reaching = {
        "AsyncFor",
        "Await",
    }
    reaching |= {
        "TryStar",
        "AsyncWith",
        "AsyncFor",
        "AsyncFunctionDef",
        "AnnAssign",
    }
    assert reaching <= known and not reaching & set(FIELDS)


def spoiled() -> list[tuple[str, Any]]:
    """Texts that are nearly right."""

    def text(change: Any) -> str:
        found = json.loads(written("x = f(1) < 2 < 3\n"))
        change(found)
        return json.dumps(found)

    def handling(kind: str) -> str:
        return written("try:\n    x\nexcept Exception:\n    x\n").replace('"Exception"', f'"{kind}"')

    def shown(conversion: object) -> str:
        found = written("x = f'{y!r}'\n")
        return found.replace("114", json.dumps(conversion))

    def assign(found: Any) -> Any:
        return found["module"][2][0]

    def compared(found: Any) -> Any:
        return assign(found)[3]

    return [
        ("no json", "{"),
        ("no object", "[]"),
        ("another key", text(lambda found: found.update(more=1))),
        ("no module", text(lambda found: found.update(module=["Pass", [1, 0, 1, 1]]))),
        ("unknown class", text(lambda found: assign(found).__setitem__(0, "Lambda"))),
        ("a class of ast that is no node", text(lambda found: assign(found).__setitem__(0, "NodeVisitor"))),
        ("a field too many", text(lambda found: assign(found).append(None))),
        ("a field too few", text(lambda found: assign(found).pop())),
        ("a statement as an expression", text(lambda found: assign(found).__setitem__(3, ["Pass", [1, 0, 1, 1]]))),
        ("an operator as an expression", text(lambda found: assign(found).__setitem__(3, "Add"))),
        ("an unknown conversion", shown(120)),
        ("a conversion that is no number", shown("r")),
        ("no position", text(lambda found: assign(found).__setitem__(1, None))),
        ("a position that is no number", text(lambda found: assign(found).__setitem__(1, [1, 0, True, 1]))),
        ("a negative position", text(lambda found: assign(found).__setitem__(1, [-1, 0, 1, 1]))),
        ("a huge position", text(lambda found: assign(found).__setitem__(1, [2**40, 0, 1, 1]))),
        ("fewer operators than operands", text(lambda found: compared(found)[3].pop())),
        ("a name with underscores", text(lambda found: compared(found)[2].__setitem__(2, ["Name", [1, 4, 1, 5], "__import__", "Load"]))),
        ("no name", text(lambda found: compared(found)[2].__setitem__(2, ["Name", [1, 4, 1, 5], "a.b", "Load"]))),
        ("a keyword as a name", text(lambda found: compared(found)[2].__setitem__(2, ["Name", [1, 4, 1, 5], "None", "Load"]))),
        ("a constant of an unknown kind", text(lambda found: assign(found).__setitem__(3, ["Constant", [1, 0, 1, 1], ["set", "1"]]))),
        ("an int that is none", text(lambda found: assign(found).__setitem__(3, ["Constant", [1, 0, 1, 1], ["int", "x"]]))),
        ("a list as a constant", text(lambda found: assign(found).__setitem__(3, ["Constant", [1, 0, 1, 1], [1]]))),
        ("a handler of everything", handling("BaseException")),
        (
            "a handler that computes",
            handling("Exception").replace('["Name",[3,7,3,16],"Exception","Load"]', '["List",[3,7,3,16],[],"Load"]'),
        ),
        (
            "a try of nothing",
            handling("Exception").replace('[["ExceptHandler"', '[],[],[["ExceptHandler"').replace("]]]]],[],[]]", "]]]]]]"),
        ),
        ("deep", '{"module":' + "[" * 100_000 + "]" * 100_000 + ',"examples":[]}'),
    ]


@pytest.mark.parametrize(("name", "text"), spoiled(), ids=[name for name, _ in spoiled()])
def test_a_text_that_says_anything_else_builds_nothing(name: str, text: str) -> None:
    with pytest.raises(NotAccepted):
        read(text)


def test_a_tree_of_too_many_nodes_is_not_built() -> None:
    deep: Any = ["Constant", [1, 0, 1, 1], 1]
    for _ in range(400):
        deep = ["UnaryOp", [1, 0, 1, 1], "USub", deep]
    with pytest.raises(NotAccepted):
        read(json.dumps({"module": ["Module", None, [["Expr", [1, 0, 1, 1], deep]]], "examples": []}))


def test_the_trap_is_the_one_name_with_underscores() -> None:
    assert TRAP in ast.unparse(read(written(f"{TRAP}()\n")).module)
