"""What a user's module finds when CPython runs it: the language, and no way out of it."""

from __future__ import annotations

import builtins
import math

import pytest

from portalis.translator.library.import_time import HARMLESS_BUILTINS
from portalis.translator.verify.oracle.namespace import BeyondReach, Library, bounded_round, exact_power, make_builtins

LIBRARIES: tuple[Library, ...] = ("exact", "drift")
REACHING_OUT = (
    *("open", "eval", "exec", "compile", "input", "breakpoint", "help", "exit", "quit", "globals", "locals", "vars", "dir"),
    *("delattr", "memoryview", "print", "__loader__", "__spec__"),
)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_module_finds_the_language_and_exceptions_alone(library: Library) -> None:
    found = make_builtins(library)
    exceptions = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
    assert set(found) == HARMLESS_BUILTINS | exceptions | {"__build_class__", "__import__", "getattr", "hasattr", "setattr"}
    assert not set(REACHING_OUT) & set(found)


def test_special_attributes_are_reached_by_no_name() -> None:
    class Disguised(str):
        def startswith(self, *_: object) -> bool:  # type: ignore[override]
            return False

    found = make_builtins("exact")
    for name in ("__class__", Disguised("__class__")):
        for call in (lambda name: found["getattr"](1, name, None), lambda name: found["setattr"](LIBRARIES, name, None)):
            with pytest.raises(AttributeError, match="__class__"):
                call(name)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", ["os", "posix", "builtins", "importlib", "socket", "pxr.Usd", "portalis.translator", "math.x", "ctypes"])
def test_no_module_but_the_languages_is_imported(library: Library, name: str) -> None:
    importer = make_builtins(library)["__import__"]
    for fromlist in ((), ("x",)):
        with pytest.raises(ImportError, match="cannot import"):
            importer(name, None, None, fromlist)
    with pytest.raises(ImportError):
        importer("math", None, None, (), 1)


def test_math_is_ours_where_bits_count_and_the_platforms_where_drift_is_measured() -> None:
    exact, drift = (make_builtins(library)["__import__"]("math") for library in LIBRARIES)
    assert exact is not math and exact.sin is not math.sin and drift is math
    assert make_builtins("exact")["pow"] is exact_power and make_builtins("drift")["pow"] is pow


def test_what_cpython_would_not_finish_is_not_begun() -> None:
    assert exact_power(3, 40) == 3**40 and exact_power(1, 10**18) == 1
    with pytest.raises(BeyondReach):
        exact_power(7, 10**9)
    assert bounded_round(123456, -2) == 123500 and bounded_round(5, -(10**9)) == 0 and bounded_round(2.5, 0) == 2.0
    with pytest.raises(BeyondReach):
        bounded_round(1 << (1 << 16), -(10**9))
