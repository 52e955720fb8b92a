"""What a program's own exceptions say, and when: CPython computes their texts from what is there when somebody asks."""

from __future__ import annotations

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.diagnostics.diagnostic import GuardError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.references.test_classes import Case, agrees, case, is_verified
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS

CASES = (
    case(
        "reprs",
        """
        class Short(Exception):
            def __init__(self, balance, amount):
                super().__init__(f"need {amount - balance} more")
                self.balance = balance
        class Shorter(Short):
            pass
        class Bad(Exception):
            def __init__(self, a, b=2):
                self.a = a
        class Plain(ValueError):
            code = 3
        def f(n):
            try:
                if n == 0:
                    raise Short(10, 12)
                if n == 1:
                    raise Shorter(1, n)
                if n == 2:
                    raise Bad("it's", 2.5)
                if n == 3:
                    raise Bad(n)
                if n == 4:
                    raise Bad((n,))
                raise Plain()
            except Short as error:
                return f"{error!r} {error.args} {error}"
            except Bad as error:
                return repr(error), str(error)
            except Plain as error:
                return "%r" % error
        """,
        *((n,) for n in range(6)),
    ),
    case(
        "arguments_that_change",
        """
        class Bad(Exception):
            def __init__(self, xs):
                self.xs = xs
        class Shown:
            def __init__(self):
                self.n = 1
            def __repr__(self):
                return f"S{self.n}"
        class Of(Exception):
            def __init__(self, shown):
                super().__init__(shown)
                self.shown = shown
        def f(n):
            xs, shown = [n], Shown()
            try:
                if n:
                    raise Bad(xs)
                raise Of(shown)
            except Bad as error:
                xs.append(2)
                return str(error), repr(error)
            except Of as error:
                shown.n = 7
                return str(error), repr(error)
        """,
        (0,),
        (1,),
    ),
    case(
        "one_made_before_it_is_raised",
        """
        class Bad(Exception):
            def __init__(self, xs):
                super().__init__(xs)
        def f(n):
            xs = [n]
            error = Bad(xs)
            xs.append(2)
            raise error
        """,
        (0,),
    ),
    case(
        "one_changed_where_it_is_caught",
        """
        class Bad(Exception):
            def __init__(self, n):
                self.n = n
            def __str__(self):
                return f"n={self.n}"
        def f(n):
            try:
                raise Bad(n)
            except Bad as error:
                error.n += 7
                if n:
                    raise
                raise error
        """,
        (0,),
        (1,),
    ),
    case(
        "classes_of_a_constant",
        """
        class Own(Exception):
            pass
        TAKEN = (ZeroDivisionError, KeyError, Own)
        NUMBERS = (int, float)
        def is_number(x):
            return isinstance(x, NUMBERS)
        def f(n):
            try:
                if n == 2:
                    raise Own("own")
                return {1: 1, 3: 2}[n] // (n - 1)
            except TAKEN as error:
                return type(error).__name__, str(error), isinstance(error, TAKEN), is_number(n), is_number("a")
        """,
        *((n,) for n in range(4)),
    ),
    case(
        "texts_where_any_exception_is_caught",
        """
        class Code(Exception):
            def __init__(self, code):
                self.code = code
            def __str__(self):
                return f"code {self.code}"
        class Plain(Exception):
            pass
        def f(n):
            try:
                if n == 0:
                    raise Code(n)
                if n == 1:
                    raise Plain("p")
                return 1 // (n - 2)
            except Exception as error:
                return str(error), f"{type(error).__name__}: {error}"
        """,
        (0,),
        (1,),
        (2,),
    ),
)


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_exceptions_say_is_cpythons(case: Case, executor: str) -> None:
    agrees(case, executor)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_exceptions_say_is_verified(case: Case) -> None:
    is_verified(case)


BAD = "class Bad(Exception):\n    def __init__(self, xs):\n        super().__init__(xs)\n\n"
LISTED = "class Bad(Exception):\n    def __init__(self, xs):\n        self.xs = xs\n    def __str__(self):\n        return f'{self.xs}'\n\n"
TWO = "class Bad(Exception):\n    def __init__(self, xs):\n        super().__init__(2, 3)\n\n"
# What is told of an object when it is raised may be another text later.
STOPPED = {
    "a text": (BAD, "except Exception as e:\n        xs.append(2)\n        return str(e)"),
    "a text of a field": (LISTED, "except Exception as e:\n        xs.append(2)\n        return str(e)"),
    "one that is raised again": (BAD, "except Bad:\n        xs.append(2)\n        raise"),
    "a repr": (TWO, "except Exception as e:\n        return repr(e)"),
    "arguments": (TWO, "except Exception as e:\n        return e.args"),
    "the first argument": (TWO, "except Exception as e:\n        return e.args[0]"),
}


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("name", STOPPED)
def test_what_may_be_said_otherwise_stops_the_call(name: str, executor: str) -> None:
    classes, handler = STOPPED[name]
    source = f"{classes}def f(n):\n    xs = ['a']\n    try:\n        raise Bad(xs)\n    {handler}\n"
    executable = EXECUTORS[executor](lower_once("case.py", source, ("f(1)",)))
    with pytest.raises(GuardError):
        executable.run((1,))


@pytest.mark.parametrize(
    "body",
    [
        "try:\n        raise Bad(xs)\n    finally:\n        xs.append(2)",
        "try:\n        raise Bad(xs)\n    finally:\n        xs[0] = 2",
        "try:\n        raise Bad(xs)\n    except Bad as e:\n        e.args = (3,)\n        return str(e)",
        "try:\n        raise Bad(xs)\n    except TAKEN:\n        return len(TAKEN)",
    ],
)
def test_what_would_say_something_else_is_refused(body: str) -> None:
    with pytest.raises(TranslationError):
        lower(
            SourceFile("case.py", f"{BAD}TAKEN = (Bad, KeyError)\n\ndef f(n):\n    xs = [1]\n    {body}\n"), "f", ("f(2)",), references=True
        )
