"""Exceptions of programs with objects: on every executor CPython's class, arguments and text, and the arguments as CPython leaves them."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and calls of it; `guarded` are calls that may only be guarded."""

    name: str
    source: str
    calls: tuple[tuple[Any, ...], ...]
    guarded: tuple[tuple[Any, ...], ...] = ()


def case(name: str, source: str, *calls: tuple[Any, ...], guarded: tuple[tuple[Any, ...], ...] = ()) -> Case:
    return Case(name, dedent(source).lstrip(), calls, guarded)


TEXTS = ("", "a", "it's", 'say "it\'s"', "tab\tline\n\r\\", "\x00\x1f\x7f", "x" * 250)
MESSAGES = (
    case(
        "a_text_that_is_computed",
        """
        def f(n: int) -> int:
            if n < 0:
                raise ValueError("bad " + str(n))
            return n
        """,
        (3,),
        (-4,),
    ),
    case(
        "a_text_of_the_caller_s",
        """
        def f(s: str, xs: list[int]):
            xs.append(len(s))
            raise RuntimeError(s)
        """,
        *((s, [1]) for s in TEXTS),
    ),
    case(
        "one_argument_that_is_no_text",
        """
        def f(n: int):
            if n == 0:
                raise ValueError(n)
            if n == 1:
                raise KeyError(n > 3)
            if n == 2:
                raise IndexError((n, "it's", n > 3))
            if n == 3:
                raise TypeError(None)
            raise KeyError((n,))
        """,
        *((n,) for n in range(5)),
    ),
    case(
        "several_arguments",
        """
        def f(s: str, n: int):
            if n > 1:
                raise ValueError(s, n)
            raise KeyError("a", s, (n,))
        """,
        ("x'", 2),
        ("", 1),
    ),
    case(
        "arguments_of_more_types",
        """
        def f(x: float, t: list[float], d: dict[int | str, int], k: int | str, n: int):
            if n == 0:
                raise ValueError(x)
            if n == 1:
                raise ValueError(tuple(t), -x)
            if n == 2:
                return d[k]
            if n == 3:
                raise KeyError(k)
            try:
                return d[k]
            except KeyError as e:
                return str(e)
        """,
        *((x, [1.5, x], {}, k, n) for x in (0.1, -0.0, float("inf"), -1e300) for k in ("it's", 3) for n in range(5)),
    ),
    case(
        "assertions",
        """
        def f(n: int):
            assert n != 1, "n was " + str(n)
            assert n != 2, n
            assert n != 3
            assert n != 4, ("n", n)
            return n
        """,
        *((n,) for n in range(6)),
    ),
    case(
        "a_message_whose_making_raises",
        """
        def f(xs: list[int], n: int):
            assert n > 0, str(xs[n])
            raise ValueError(str(xs[n]))
        """,
        ([7], 0),
        ([7], -2),
        ([7], 3),
        ([7, 8], 1),
    ),
    case("a_missing_text", "def f(d: dict[str, int], k: str):\n    return d[k]\n", *(({"q": 1}, s) for s in TEXTS), ({"q": 1}, "q")),
    case(
        "missing_keys_of_other_types",
        """
        def f(d: dict[int, int], e: dict[tuple[int, str], int], n: int, s: str):
            if n > 0:
                e[n, s] += 1
                return e[n, s]
            if n < -1:
                del d[n]
            return d.pop(n)
        """,
        ({}, {}, 1, "it's"),
        ({}, {(1, "a"): 1}, 1, "a"),
        ({0: 2}, {}, -7, ""),
        ({0: 2}, {}, -1, ""),
        ({0: 2}, {}, 0, ""),
    ),
    case(
        "elements_that_are_not_there",
        """
        def f(xs: list[int], words: list[str], n: int, s: str):
            if n > 0:
                return xs.index(n)
            return words.index(s, 1)
        """,
        ([1, 2], ["a"], 7, ""),
        ([1, 2], ["a"], 2, ""),
        ([1, 2], ["a"], 0, "a"),
        ([1, 2], ["a", 'b"'], 0, 'b"'),
        ([1, 2], [], 0, "it's"),
    ),
    case(
        "no_numbers",
        "def f(s: str, base: int):\n    return int(s, base)\n",
        *((s, 10) for s in (*TEXTS, " 12 3", "1__2", "_1", "1_", "0x", "+", "-", "--1", "1.5")),
        *((s, base) for s in ("2", "0x", "012", "z") for base in (0, 2, 16, 36)),
    ),
    case("ord_of_no_character", "def f(s: str):\n    return ord(s)\n", *((s,) for s in TEXTS)),
    case(
        "beyond_ascii",
        """
        def f(d: dict[str, int], xs: list[float], s: str):
            if s == "index":
                return xs.index(2.5)
            raise ValueError(s, 1)
        """,
        ({}, [1.0], "a"),
        ({}, [1.0], "é"),
        ({}, [1.0], "index"),
        ({}, [1.0], "Ł"),
        # Of another version of Unicode than the tables are.
        guarded=(({}, [1.0], "\U0001fae8"),),
    ),
)
HANDLERS = (
    case(
        "one_class",
        """
        def f(a: int, b: int):
            try:
                x = a // b
            except ZeroDivisionError as e:
                return str(e)
            return str(x)
        """,
        (7, 2),
        (1, 0),
    ),
    case(
        "what_names_hold_where_it_was_left",
        """
        def f(d: dict[str, int], k: str, n: int):
            r = 0
            try:
                r = 1
                r = d[k]
                late = r + n
                r = 100 // n
            except KeyError as e:
                return str(e), r
            except (ValueError, ZeroDivisionError):
                return "zero", r + late
            else:
                r += 10
            return "", r
        """,
        ({"a": 7}, "a", 3),
        ({"a": 7}, "a", 0),
        *(({"a": 5}, s, 1) for s in TEXTS if s != "a"),
    ),
    case(
        "what_is_not_assigned_there",
        """
        def f(xs: list[int], i: int):
            try:
                y = xs[i]
                z = xs[y]
            except IndexError:
                pass
            return y + z
        """,
        ([0], 0),
        ([5], 0),
        ([], 0),
    ),
    case(
        "objects_changed_in_part",
        """
        def f(xs: list[int], words: list[str]):
            try:
                for word in words:
                    xs.append(int(word))
                xs.sort()
                xs[0] = 100 // xs[0]
            except ValueError:
                xs.append(-1)
            except ArithmeticError:
                xs.append(-2)
            return len(xs)
        """,
        ([], ["3", "1"]),
        ([], ["3", "x", "1"]),
        ([1], ["3", "0"]),
        ([2], []),
    ),
    case(
        "in_a_loop",
        """
        def f(xs: list[int], n: int):
            total = 0
            for i in range(n):
                try:
                    if i == 3:
                        continue
                    if i == 6:
                        break
                    total += xs[i]
                    xs.append(i)
                except IndexError:
                    total += 100
                finally:
                    total += 1000
            else:
                total += 7
            return total
        """,
        *(([*range(size)], n) for size in (0, 2, 9) for n in (0, 1, 5, 9)),
    ),
    case(
        "nested",
        """
        def f(n: int):
            z = 0
            try:
                try:
                    assert n != 1, "one"
                    if n == 2:
                        raise KeyError("k")
                    if n == 3:
                        raise KeyError(n)
                    if n == 4:
                        raise ValueError
                    y = n
                except AssertionError:
                    y = 5
                    raise
                except KeyError as e:
                    raise e
                finally:
                    z = 3
            except Exception as e:
                return str(e), z
            return str(y), z
        """,
        *((n,) for n in range(6)),
    ),
    case(
        "raised_from_another",
        """
        def f(n: int):
            try:
                if n == 0:
                    raise ValueError("v" + str(n))
                return 10 // (n - 1)
            except ValueError as e:
                raise RuntimeError("inner " + str(e)) from e
            except ZeroDivisionError:
                raise LookupError("none", n) from None
        """,
        *((n,) for n in range(4)),
    ),
    case(
        "ways_through_what_cleans_up",
        """
        def f(n: int, seen: list[str]):
            while True:
                try:
                    seen.append("body")
                    if n == 0:
                        return "returned"
                    if n == 1:
                        raise ValueError("v" + str(n))
                    if n == 2:
                        raise KeyError(n)
                    if n == 3:
                        break
                    if n == 4:
                        n = 9
                        continue
                    if n == 5:
                        return "lost"
                    if n == 6:
                        raise IndexError("lost")
                    if n == 7:
                        return str(10 // (n - 7))
                except ValueError as e:
                    seen.append(str(e))
                    n += 20
                except ZeroDivisionError:
                    seen.append("zero")
                else:
                    seen.append("else")
                finally:
                    seen.append("finally")
                    if n == 5:
                        return "kept"
                    if n == 6:
                        break
                    if n == 8:
                        raise OverflowError("over " + str(n))
                if n > 8:
                    break
                n += 10
            return "end" + str(n)
        """,
        *((n, []) for n in range(10)),
    ),
    case(
        "nested_cleaning_up",
        """
        def f(n: int, seen: list[int]):
            for i in range(3):
                try:
                    try:
                        seen.append(i)
                        if n == 1:
                            return i
                        if n == 2:
                            break
                        if n == 3:
                            continue
                        if n == 4:
                            raise ValueError
                        seen.append(10 // n)
                    finally:
                        seen.append(-1)
                        if n == 5:
                            seen.append(seen[77])
                        if n == 6:
                            continue
                finally:
                    seen.append(-2)
                seen.append(-3)
            else:
                seen.append(-4)
            return n
        """,
        *((n, []) for n in range(8)),
    ),
    case(
        "a_value_that_is_returned_is_computed_before",
        """
        def f(n: int):
            x = n
            pair = (x, 1.5)
            try:
                if n > 3:
                    return pair, x
                return (x, 2.5), x
            finally:
                x = 100
                pair = (x, 7.5)
        """,
        (1,),
        (5,),
    ),
    case(
        "through_calls_and_recursion",
        """
        def depth(n: int, stop: int) -> int:
            if n == stop:
                raise KeyError(n)
            if n == 0:
                return 0
            return 1 + depth(n - 1, stop)

        def safe(n: int, stop: int) -> int:
            try:
                return depth(n, stop)
            except LookupError:
                return -n

        def f(n: int, stop: int):
            return [safe(n + i, stop) for i in range(3)], depth(n, stop)
        """,
        (5, 9),
        (5, 6),
        (5, 2),
        (900, 890),
    ),
    case(
        "many_in_turn_do_not_use_up_what_recursion_may",
        """
        def down(n: int) -> int:
            if n == 0:
                raise ValueError("bottom")
            return down(n - 1)

        def f(n: int):
            count = 0
            for i in range(n):
                try:
                    down(100)
                except ValueError:
                    count += 1
                try:
                    down(100)
                except TypeError:
                    count += 1000
                except Exception:
                    count += 1
                finally:
                    count += 0
            return count
        """,
        (30,),
    ),
    case(
        "what_is_asked_of_an_exception",
        """
        def f(n: int, s: str):
            try:
                if n == 0:
                    raise ValueError("constant")
                if n == 1:
                    raise ValueError(s)
                if n == 2:
                    raise KeyError(s)
                if n == 3:
                    raise KeyError("it's")
                if n == 4:
                    raise IndexError
                if n == 5:
                    s[n]
                return "none", False, False
            except (ValueError, LookupError) as e:
                first = e.args[0] if n != 4 else str(e)
                return str(e) + first, isinstance(e, LookupError), isinstance(e, (KeyError, ValueError))
        """,
        *((n, s) for n in range(7) for s in ("a", "it's", "")),
    ),
    case(
        "an_argument_that_is_not_there",
        """
        def f(n: int):
            try:
                raise ValueError
            except ValueError as e:
                return e.args[0]
        """,
        (1,),
    ),
    case(
        "an_argument_that_is_no_text",
        """
        def f(n: int):
            try:
                raise ValueError(n)
            except ValueError as e:
                if n == 0:
                    return str(e)
                return e.args[0]
        """,
        (0,),
        guarded=((1,),),
    ),
    case(
        "what_no_handler_takes",
        """
        def product(a: int, b: int) -> int:
            return a * b

        def f(xs: list[int], n: int):
            try:
                if n > 1:
                    return n * 2**62
                return product(xs[n], 2**62)
            except IndexError:
                return -1
            except:
                return -2
            finally:
                xs.append(1)
                if len(xs) > 3:
                    return -5
        """,
        ([1], 0),
        ([1], 1),
        ([1, 1, 1], 1),
        guarded=(([2], 0), ([1], 2), ([2, 2, 2], 0)),
    ),
    case(
        "what_cleans_up_after_the_end",
        """
        def f(n: int):
            seen = []
            try:
                y = n
            finally:
                seen.append(y)
            for i in range(n):
                try:
                    z = i
                finally:
                    seen.append(z)
            return seen
        """,
        (0,),
        (2,),
    ),
    case(
        "names_that_hold_values_of_several_types",
        """
        def f(s: str):
            best = None
            seen = 0
            for c in s:
                try:
                    best = int(c)
                    if best > 5:
                        best = "big"
                        seen = seen + 10 // (int(c) - 7)
                    elif best == 2:
                        best = None
                        continue
                    seen += 1
                except ValueError:
                    seen += 100
                except ZeroDivisionError:
                    if best == "big":
                        seen += 1000
                    best = 2
            return best, seen
        """,
        *((s,) for s in ("", "123", "7a", "92", "69", "x2", "7x", "a")),
    ),
    case(
        "what_is_returned_after_an_assignment_that_did_not_happen",
        """
        def f(s: str, n: int):
            x = None
            y = 1
            try:
                x = int(s)
                y = "late"
                x = x // n
            except ValueError:
                return x, y
            except ZeroDivisionError:
                return x, y
            finally:
                if n == 7:
                    return None, y
            return x, y
        """,
        *((s, n) for s in ("8", "q") for n in (2, 0, 7)),
    ),
    case(
        "what_is_raised_again_after_another",
        """
        def f(n: int):
            try:
                raise ValueError("first " + str(n))
            except ValueError as e:
                try:
                    raise KeyError("second " + str(n))
                except KeyError:
                    n += 1
                raise
        """,
        (1,),
    ),
    case(
        "what_is_proven_of_a_body_that_was_left",
        """
        def f(xs: list[int], n: int):
            small = 1
            try:
                small = n
                xs[n]
                small = 2
            except IndexError:
                pass
            return small * 4
        """,
        ([1], 0),
        ([1], 1),
        guarded=(([1], 2**62),),
    ),
    case(
        "recursion_as_deep_as_it_may_be",
        """
        def down(n: int) -> int:
            return 0 if n == 0 else 1 + down(n - 1)

        def f(n: int):
            try:
                return down(n)
            except Exception:
                return -1
        """,
        (10,),
        guarded=((5000,),),
    ),
)
OWN = (
    case(
        "classes_of_one_s_own",
        """
        class Problem(Exception):
            '''What is wrong.'''

        class Deeper(Problem):
            pass

        class Empty(KeyError): ...

        def g(n):
            if n == 0:
                raise Problem
            if n == 1:
                raise Deeper("deep")
            if n == 2:
                raise Empty("it's")
            if n == 3:
                raise Empty("n" + str(n))
            if n == 4:
                raise Deeper(n, "x")
            if n == 5:
                raise KeyError(n)
            return n

        def f(n: int):
            try:
                return str(g(n))
            except Deeper as e:
                if n == 4:
                    raise
                return "deeper " + str(e)
            except (Problem, Empty) as e:
                if n > 2:
                    raise Empty("n" + str(n)) from e
                return "problem " + str(e) + str(isinstance(e, KeyError))
        """,
        *((n,) for n in range(7)),
    ),
    case(
        "a_class_of_one_s_own_and_a_constant",
        """
        class Negative(ValueError):
            pass

        def f(n: int) -> int:
            if n < 0:
                raise Negative("negative")
            return n
        """,
        (1,),
        (-1,),
    ),
)
MORE = (
    case(
        "exceptions_of_the_system_and_of_syntax",
        """
        class Missing(FileNotFoundError):
            pass

        def f(n: int, name: str):
            try:
                if n == 0:
                    raise PermissionError(f"not for {name}")
                if n == 1:
                    raise Missing(name)
                if n == 2:
                    raise IOError
                if n == 3:
                    raise SyntaxError(f"unexpected {name!r}")
                if n == 4:
                    raise UserWarning(name, n)
                if n == 5:
                    raise ConnectionRefusedError("refused")
            except FileNotFoundError as e:
                return type(e).__name__, str(e), isinstance(e, OSError)
            except ConnectionError as e:
                return repr(e), str(e), isinstance(e, TimeoutError)
            raise TimeoutError(n)
        """,
        *((n, name) for n in range(7) for name in ("a", "it's")),
    ),
    case(
        "raised_from_what_was_kept",
        """
        def f(xs: list[int], times: int):
            last = None
            for _ in range(times):
                try:
                    return 10 // xs.pop()
                except (ZeroDivisionError, IndexError) as e:
                    last = e
            raise RuntimeError(f"gave up: {last}") from last
        """,
        *(([*xs], times) for xs in ([], [0, 5], [5], [0, 0]) for times in (0, 1, 2)),
    ),
)
BEHIND_OTHERS = (
    case(
        "what_says_yes_or_no_is_an_int_of_32_bits_before_3_12",
        """
        def f(kind: int, n: int):
            xs = ["b", "a", "c"]
            if kind == 0:
                return sorted(xs, reverse=n)
            if kind == 1:
                xs.sort(key=str.upper, reverse=n)
                return xs
            if kind == 2:
                return "a\\nb".splitlines(n)
            return b"a\\nb".splitlines(keepends=n), bytearray(b"a\\nb").splitlines(True), sorted(xs, reverse=n > 0)
        """,
        *((kind, n) for kind in range(4) for n in (0, 1, -1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**32, 2**62)),
    ),
    case(
        "what_has_no_order_behind_what_has",
        """
        import heapq

        class Task:
            def __init__(self, name: str):
                self.name = name

        def f(times: list[int], twice: bool, kind: int):
            heap = []
            for number, time in enumerate(times):
                heapq.heappush(heap, (time, Task(str(number)), None if number % 2 else {number: time}))
            same = Task("same")
            pairs = [(time, same, None if kind == 0 else [time] if kind == 1 else {time}) for time in times]
            order = [(one[0], one[1].name) for one in (heapq.heappop(heap) for _ in range(len(heap)))]
            return order, max(pairs)[0], sorted(pairs)[0][0], min([(1, None), (2 - twice, None)]), (1, same) <= (1 + twice, same)
        """,
        *((times, twice, kind) for times in ([3, 1, 2], [2, 1, 2], [1], []) for twice in (False, True) for kind in (0, 1, 2)),
    ),
    case(
        "left_while_cleaning",
        """
        def f(n: int):
            for i in range(3):
                try:
                    n = 7 // (n + 1)
                finally:
                    n += 1
                    break
            return n
        """,
        *((n,) for n in (0, -1, 3)),
    ),
    case(
        "functions_behind_what_has_an_order",
        """
        import heapq

        def f(times: list[int]):
            heap, log = [], []

            def note(number):
                log.append(number)

            def end():
                log.append(-1)

            for number, time in enumerate(times):
                heapq.heappush(heap, (time, note, (number,)))
            heapq.heappush(heap, (9, end, ()))
            while heap:
                _, action, given = heapq.heappop(heap)
                action(*given)
            return log
        """,
        *((times,) for times in ([3, 1, 2], [], [10, 5])),
        guarded=(([1, 1],), ([9],)),
    ),
)
CASES = (*MESSAGES, *HANDLERS, *OWN, *MORE, *BEHIND_OTHERS)


@pytest.mark.parametrize("raised", ('OSError(2, "no")', 'Own(2, "no")', "SyntaxError", 'SyntaxError("a", ("b", 1, 2, "c"))'))
def test_what_shows_its_arguments_in_its_own_way_is_refused(raised: str) -> None:
    source = f"class Own(PermissionError):\n    pass\n\ndef f(n: int):\n    if n:\n        raise {raised}\n    return n\n"
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", source), "f", (), references=True)
    assert caught.value.diagnostics[0].code == "P0321"


def reference(case: Case) -> Any:
    namespace: dict[str, Any] = {"__name__": "case"}
    exec(case.source, namespace)
    return namespace["f"]


def outcome(function: Any, call: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a call gives or raises, and its arguments afterwards."""
    given = copy.deepcopy(call)
    try:
        return "value", function(*given), given
    except GuardError:
        raise
    except Exception as error:
        return type(error).__name__, error.args, str(error), given


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_raised_is_what_cpython_raises(case: Case, executor: str) -> None:
    executable = EXECUTORS[executor](lower_once(f"{case.name}.py", case.source, ()))
    theirs = reference(case)

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.error is not None:
            raise found.error
        return found.value

    for call in case.calls:
        try:
            assert repr(outcome(ours, call)) == repr(outcome(theirs, call)), call
        except GuardError as guard:
            pytest.fail(f"f{call} was guarded: {guard}")
    for call in case.guarded:
        with pytest.raises(GuardError):
            outcome(ours, call)


@pytest.mark.parametrize("case", [item for item in CASES if not item.guarded], ids=lambda case: case.name)
def test_a_translation_is_verified_and_raises_it(case: Case) -> None:
    found = translate(case.source, "f", ())
    assert found.report is not None and found.report.artefact("wasm").status == "verified", found.report
    for call in case.calls:
        assert repr(outcome(found, call)) == repr(outcome(reference(case), call)), call
