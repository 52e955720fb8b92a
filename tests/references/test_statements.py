"""Statements that choose, bind and unbind: `match`, `del` of names, imports that are tried; on every executor what CPython does."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.references.test_generators import Case, case, outcome, reference
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS, OTHER_LEVELS

CASES = (
    case(
        "literals",
        """
        def f(n):
            match n:
                case 1:
                    return "one"
                case 2 | 3:
                    return "few"
                case _:
                    return "many"
        """,
        (1,),
        (5,),
        (2,),
        (3,),
    ),
    case(
        "sequences",
        """
        def f(xs):
            match xs:
                case []:
                    return 0
                case [x]:
                    return x
                case [x, y]:
                    return x + y
                case [x, *rest]:
                    return x + len(rest)
        """,
        ([1, 2],),
        ([1],),
        ([],),
        ([1, 2, 3],),
    ),
    case(
        "words",
        """
        def f(cmd):
            match cmd.split():
                case ["go", direction]:
                    return "going " + direction
                case ["quit" | "exit"]:
                    return "bye"
                case _:
                    return "?"
        """,
        ("go north",),
        ("quit",),
        ("exit",),
        ("quit now",),
    ),
    case(
        "guards",
        """
        def f(p):
            match p:
                case (0, 0):
                    return "origin"
                case (x, 0) if x > 0:
                    return f"x={x}"
                case (0, y):
                    return f"y={y}"
                case (x, y):
                    return f"{x},{y}"
        """,
        ((1, 0),),
        ((0, 0),),
        ((5, 0),),
        ((0, 7),),
        ((-1, 0),),
        ((2, 3),),
    ),
    case(
        "mappings",
        """
        def f(d):
            match d:
                case {"a": x, "b": y}:
                    return x + y
                case {"a": x, **rest}:
                    return x + len(rest)
                case _:
                    return 0
        """,
        ({"a": 1, "b": 2},),
        ({"a": 1, "c": 2},),
        ({},),
    ),
    case(
        "classes",
        """
        def f(v: int | float | str):
            match v:
                case int():
                    return "int"
                case float(x):
                    return f"float {x}"
                case str() as s:
                    return s
        """,
        (3.5,),
        (3,),
        ("a",),
    ),
    case(
        "negative_numbers",
        """
        def f(n):
            match n:
                case x if x > 3:
                    return x
                case -1 | 0:
                    return 0
                case None:
                    return 5
            return -5
        """,
        (4,),
        (0,),
        (-1,),
        (1,),
    ),
    case(
        "del_of_a_name",
        """
        def f(xs):
            y = xs[0]
            del xs[0]
            del y
            return xs
        """,
        ([1, 2, 3],),
    ),
    case(
        "del_on_one_path",
        """
        def f(n):
            x = 5
            if n > 2:
                del x
            try:
                return x
            except UnboundLocalError:
                return -1
        """,
        (3,),
        (1,),
    ),
    *(
        case(
            f"no_value_where_{name}",
            f"""
        def f(n):
            for v in [x for x in range(n)]:
                pass
            return {text}
        """,
            (0,),
            (3,),
        )
        for name, text in {
            "a_key_reads": "max([1, 2], key=lambda p: v)",
            "a_list_comprehension_reads": "[x + v for x in [1, 2]]",
            "its_first_iterable_reads": "[x for x in [v, 2]]",
            "its_condition_reads": "{x for x in [1, 2] if x > v}",
            "a_dict_comprehension_reads": "{x: v for x in [1, 2]}",
            "a_generator_expression_reads": "sum(x + v for x in [1, 2])",
            "a_first_iterable_inside_reads": "[x for y in [1] for x in [v]]",
        }.items()
    ),
    *(
        case(
            f"what_a_lambda_brings_comes_after_{name}",
            f"""
        def f(xs, s, i):
            return {text}
        """,
            ([[1], [2]], "abcd", 0),
            ([[1]], "abcd", 3),
            ([[1]], "a", 0),
            ([[1]], "a", 3),
        )
        for name, text in {
            "a_receiver": "xs[i].count((lambda p: len(p) - 1)(s[3]))",
            "an_element": "[xs[i], [(lambda p: len(p) - 1)(s[3])]]",
            "an_operand": "xs[i] + [(lambda p: len(p) - 1)(s[3])]",
            "what_is_indexed": "xs[i][(lambda p: len(p) - 1)(s[3])]",
            "an_argument": "max(xs[i][0], (lambda p: len(p) - 1)(s[3]))",
            "a_receiver_though_it_is_constant": "xs[i].count((lambda p: 0)(s[3]))",
            "an_element_though_it_is_constant": "(xs[i], (lambda p: 0)(s[3]))",
        }.items()
    ),
    case(
        "del_of_a_parameter",
        """
        def f(n):
            if n > 2:
                del n
            else:
                n += 1
            return n
        """,
        (3,),
        (1,),
    ),
    case(
        "del_in_a_loop",
        """
        def f(xs):
            total = 0
            for x in xs:
                t = x * 2
                total += t
                del t, x
            return total
        """,
        ([3, 1],),
    ),
    case(
        "nested_classes",
        """
        def f(p):
            match p:
                case (int(a), str(b), c) if a > 0:
                    return b * a
                case (0, *rest):
                    return str(rest)
            return ""
        """,
        ((1, "a", 2.5),),
        ((0, "a", 1.5),),
        ((-1, "b", 1.0),),
    ),
    case(
        "alternatives_with_a_name",
        """
        def f(xs):
            out = []
            for item in xs:
                match item:
                    case ("a" | "b" as key, value):
                        out.append(key + str(value))
                    case (key, 0):
                        continue
                    case _:
                        break
            return out
        """,
        ([("a", 1), ("b", 2)],),
        ([("c", 0), ("a", 1)],),
        ([("c", 1), ("a", 1)],),
    ),
    case(
        "nested_sequences",
        """
        def f(xs):
            match xs:
                case [[a, b], [c]]:
                    return a + b + c
                case [[], *_] | [_, []]:
                    return -1
                case [*_, [x, *ys]]:
                    return x + len(ys)
            return 0
        """,
        ([[1, 2], [3]],),
        ([[], [1]],),
        ([[1], []],),
        ([[7], [5, 6, 7]],),
        ([],),
    ),
    case(
        "values_of_a_dict",
        """
        def f(shape: dict):
            match shape:
                case {"type": "circle", "r": r}:
                    return r * 2
                case {"type": t}:
                    return len(str(t))
            return 0
        """,
        ({"type": "circle", "r": 2},),
        ({"type": "square"},),
        ({},),
    ),
    case(
        "a_tuple_display",
        """
        def f(a: int, b: int | None):
            match (a, b):
                case (x, None):
                    return x
                case (x, y) if x > y:
                    return x - y
                case (x, y):
                    return y - x
        """,
        (3, None),
        (3, 4),
        (5, 2),
        (2, 5),
    ),
    case(
        "singletons",
        """
        def f(v: bool | None):
            match v:
                case True:
                    return "yes"
                case False:
                    return "no"
                case None:
                    return "none"
        """,
        (True,),
        (None,),
        (False,),
    ),
    case(
        "names_bound_in_cases",
        """
        def f(op):
            a, b = 3, 4
            match op:
                case "+": r = a + b
                case "-": r = a - b
                case _: r = 0
            return r, a
        """,
        ("b",),
        ("+",),
        ("-",),
    ),
    case(
        "a_guard_over_a_capture",
        """
        def f(status: int) -> str:
            match status:
                case 200:
                    return "OK"
                case n if 400 <= n < 500:
                    return f"client {n}"
                case 500 | 501 | 502:
                    return "server"
                case _:
                    raise ValueError(f"bad {status}")
        """,
        (200,),
        (404,),
        (501,),
        (1,),
    ),
    case(
        "suppressed",
        """
        from contextlib import nullcontext, suppress

        def f(xs, i):
            total = 0
            for x in xs:
                with suppress(ValueError):
                    total += int(x)
            with suppress(IndexError, ZeroDivisionError), nullcontext(total) as y:
                return xs[i], 10 // y
            return "", total
        """,
        (["1", "x", "2"], 1),
        (["1"], 4),
        (["x"], 0),
    ),
    case(
        "imports_that_are_tried",
        """
        try:
            from math import isqrt
        except ImportError:
            isqrt = None
        try:
            import itertools
        except (ImportError):
            pass
        def f(n):
            return isqrt(n), list(itertools.chain([n]))
        """,
        (16,),
    ),
)


@pytest.mark.parametrize("executor", EXECUTORS | OTHER_LEVELS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_statements_do_what_they_do_in_cpython(case: Case, executor: str) -> None:
    executable = (EXECUTORS | OTHER_LEVELS)[executor](lower_once(f"{case.name}.py", case.source, tuple(case.examples)))

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.error is not None:
            raise found.error
        return found.value

    for call in case.calls:
        assert repr(outcome(ours, call)) == repr(outcome(reference(case), call)), call


@pytest.mark.parametrize("case", CASES[:5], ids=lambda case: case.name)
def test_a_translation_with_match_is_verified(case: Case) -> None:
    found = translate(case.source, "f", case.examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report


REFUSED = {
    "names in alternatives": ("def f(n: int):\n    match n:\n        case (1 as x) | x:\n            return x\n    return 0\n", "P0215"),
    "a sequence of another kind": (
        "from collections import deque\n\ndef f(n: int, s: str = ''):\n"
        "    match deque([n]):\n        case [x]:\n            return x\n    return 0\n",
        "P0215",
    ),
    "a manager that is not known": ("def f(n: int):\n    with n as m:\n        return m\n", "P0203"),
    "a name that has no value any more": ("def f(n: int):\n    del n\n    return n\n", "P0303"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_known_is_refused(name: str) -> None:
    source, code = REFUSED[name]
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("case.py", source), "f", ("f(2)",), references=True)
    assert refused.value.diagnostics[0].code == code
