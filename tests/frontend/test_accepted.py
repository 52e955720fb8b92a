"""What is executed of a user's file: the definitions that the entry reaches, and nothing that translating did not look at."""

from __future__ import annotations

import ast
import pickle
from textwrap import dedent

import pytest

from portalis.translator import syntax
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate

from .agreement import Trapped, executed, lowered

TRAP = f"{syntax.TRAP}()"


def rebuilt(text: str, function: str | None = None) -> str:
    """Return the rebuilt tree of a source as text."""
    return ast.unparse(syntax.read(lowered(dedent(text), function).accepted.text).module)


def code_of(text: str) -> str:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", dedent(text)))
    return caught.value.diagnostics[0].code


NEVER_REACHED = [
    ("after a return", "return x\n    return payload()"),
    ("after a raise", "if x > 1.0:\n        return x\n    raise ValueError('no')\n    payload()"),
    ("a branch that is never taken", "if False:\n        payload()\n    return x"),
    ("the other branch", "if True:\n        return x\n    else:\n        payload()"),
    ("a type that is another", "if isinstance(x, str):\n        payload()\n    return x"),
    ("is None", "if x is None:\n        payload()\n    return x"),
    ("elif", "if True:\n        y = x\n    elif payload():\n        y = payload()\n    return y"),
    ("a conditional expression", "return x if True else payload()"),
    ("or", "return True or payload()"),
    ("and", "if False and payload():\n        return 1.0\n    return x"),
    ("not and", "if not (True or payload()):\n        return 1.0\n    return x"),
    ("a length that is known", "y = (x, x)\n    return x if len(y) == 2 else payload()"),
    ("a loop that never runs", "for i in range(3):\n        break\n        payload()\n    return x"),
    ("after continue", "for i in range(3):\n        continue\n        payload()\n    return x"),
]


@pytest.mark.parametrize(("name", "body"), NEVER_REACHED, ids=[name for name, _ in NEVER_REACHED])
def test_what_is_never_reached_is_a_trap(name: str, body: str) -> None:
    text = rebuilt(f"def f(x: float):\n    {body}\n")
    assert TRAP in text and "payload" not in text


def test_a_trap_that_is_reached_is_no_exception_that_anybody_catches() -> None:
    program = lowered("def f(x: float):\n    return x if True else payload()\n")
    namespace = executed(program)
    code = compile(f"1 if False else {TRAP}", "case.py", "eval")
    with pytest.raises(Trapped):
        eval(code, namespace)
    assert not issubclass(Trapped, Exception)


def test_names_that_only_dead_code_assigns_stay_local() -> None:
    text = rebuilt(
        """
        def f(x: float):
            if x is None:
                import os as a, b.c
                for d in ():
                    with e as (g, h):
                        del i
                try:
                    pass
                except ValueError as j:
                    pass
                match x:
                    case {"k": k, **l} | [k, *l]:
                        pass
                def m(): pass
                class n: pass
            return x if True else (o := 1)
        """
    )
    code = compile(text, "case.py", "exec")
    (function,) = (item for item in code.co_consts if hasattr(item, "co_varnames"))
    assert set(function.co_varnames) == set("xabdghijklmno")


def test_a_name_that_dead_code_makes_local_is_not_the_modules() -> None:
    for binding in ("match x:\n            case K: pass", "try: pass\n        except ValueError as K: pass", "K = 2.0", "import K"):
        assert code_of(f"K = 1.0\ndef f(x: float):\n    if x is None:\n        {binding}\n    return K\n") == "P0303"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("global K", "P0209"),
        ("nonlocal K", "P0001"),
        ("yield x", "P0206"),
        ("y = yield", "P0206"),
        ("yield from ()", "P0206"),
        ("return (yield)", "P0206"),
        ("K = [(yield)]", "P0206"),
    ],
)
def test_dead_code_does_not_change_what_the_function_is(statement: str, code: str) -> None:
    """CPython reads these when it compiles a function, whether they are ever reached or not."""
    assert code_of(f"K = 1.0\ndef f(x: float):\n    if x is None:\n        {statement}\n    return x\n") == code


def test_only_what_the_entry_reaches_is_executed() -> None:
    text = rebuilt(
        """
        from __future__ import annotations
        import math
        from typing import Final
        from pxr import Gf

        LIMIT: Final = 2.0
        UNUSED = LIMIT + 1.0

        def helper(x: float, by=LIMIT) -> float:
            '''A docstring.'''
            y: float
            y: float = x * by
            return math.sqrt(y)

        def unused(x, y=3.0, *, z=4.0):
            return payload(x)

        class Other:
            a: float = 1.0

            def method(self, b=5.0):
                payload()

        if __name__ == "__main__":
            payload()
        else:
            ELSE = 6.0

        def f(x: float) -> float:
            return helper(x)
        """,
        "f",
    )
    assert text.splitlines() == [
        "import math",
        "from pxr import Gf",
        "LIMIT = 2.0",
        "UNUSED = LIMIT + 1.0",
        "",
        "def helper(x, by=LIMIT):",
        "    pass",
        "    pass",
        "    y = x * by",
        "    return math.sqrt(y)",
        "3.0",
        "4.0",
        "",
        "class Other:",
        "    a = 1.0",
        "    5.0",
        "ELSE = 6.0",
        "",
        "def f(x):",
        "    return helper(x)",
    ]


def test_a_function_that_is_held_and_never_reached_is_a_trap() -> None:
    text = """
        def other(x: float, by=2.0):
            y = payload(x)
            return y

        def f(x: float) -> float:
            return x

        ALL = (f, other)
        """
    lines = rebuilt(text, "f").splitlines()
    assert lines == [
        "def other(x, by=2.0):",
        f"    {TRAP}",
        "    y = None",
        "",
        "def f(x):",
        "    return x",
        "ALL = (f, other)",
    ]
    translated = translate(dedent(text), "f")
    assert translated(1.5) == 1.5


def test_a_class_keeps_its_fields_in_order_and_the_methods_that_are_reached() -> None:
    text = rebuilt(
        """
        class Mover:
            speed: float = 1.0
            on: bool = True

            def on_update(self, by: float = 2.0):
                self.step(by)

            def step(self, by: float):
                self.speed += by if self.on else 0.0

            def unused(self):
                payload()
        """
    )
    assert text.splitlines() == [
        "class Mover:",
        "    speed = 1.0",
        "    on = True",
        "",
        "    def on_update(self, by=2.0):",
        "        self.step(by)",
        "",
        "    def step(self, by):",
        "        self.speed += by if self.on else 0.0",
    ]


def test_every_node_keeps_its_place() -> None:
    source = dedent(
        """
        def f(x: float, y: float = 1.0) -> float:
            # comment
            if x is None:
                return payload()

            return (x +
                    y)
        """
    )
    module = syntax.read(lowered(source).accepted.text).module
    (definition,) = module.body
    assert isinstance(definition, ast.FunctionDef) and (definition.lineno, definition.args.args[1].col_offset) == (2, 16)
    branch, result = definition.body
    assert isinstance(branch, ast.If) and branch.body[0].lineno == 5
    assert (result.lineno, result.col_offset, result.end_lineno, result.end_col_offset) == (7, 4, 8, 14)


def test_examples_travel_as_expressions() -> None:
    program = lowered("def f(x, y):\n    return x\n", examples=["f([1.0, 2.0], y=-1)"])
    (call,) = syntax.read(program.accepted.text).examples
    assert [ast.unparse(item) for item in call.args] == ["[1.0, 2.0]"] and ast.unparse(dict(call.kwargs)["y"]) == "-1"


def test_it_travels_to_another_process_as_text() -> None:
    program = lowered("def f(x: float):\n    return x\n")
    assert pickle.loads(pickle.dumps(program.accepted)).text == program.accepted.text


def test_a_generator_without_a_yield_that_is_reached_is_refused() -> None:
    """What is rebuilt would be no generator."""
    source = "def g(x):\n    if x is None:\n        yield x\n\ndef f(x: float):\n    return list(g(x))\n"
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", source), "f", references=True)
    assert [item.code for item in refused.value.diagnostics] == ["P0206"]
