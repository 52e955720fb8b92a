"""A module's variables outlive a call: sequences of calls give what CPython gives, and the objects that they share are the same ones."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.diagnostics import GuardError, TranslationError

# The module; an example; then what is done in turn with the function `f` and `r`, what it gave so far. What begins with "!" is executed.
CASES = {
    "a counter": ("n = 0\ndef f(x: int) -> int:\n    global n\n    n += x\n    return n\n", "f(1)", ["f(1)", "f(2)", "f(-5)"]),
    "a memo": (
        "memo = {0: 0, 1: 1}\ndef f(n: int) -> int:\n    if n in memo:\n        return memo[n]\n    memo[n] = f(n - 1) + f(n - 2)\n"
        "    return memo[n]\n",
        "f(5)", ["f(50)", "f(80)", "f(10)"],
    ),
    "what was passed is kept": (
        "items = []\ndef f(x: list[int]) -> int:\n    items.append(x)\n    return sum(map(len, items))\n",
        "f([1])", ["!a = [1]", "f(a)", "!a.append(2)", "f(a)", "f([1, 2, 3])", "!a.append(3)", "f([])"],
    ),
    "what is given is the state": (
        "items = []\ndef f(x: int):\n    items.append(x)\n    return items\n",
        "f(1)", ["f(1)", "f(2)", "r[0] is r[1]", "!r[0].append(9)", "f(3)", "!r[0].clear()", "f(4)"],
    ),
    "a constant that is given": ("D = [1, 2]\ndef f():\n    return D\n", "f()", ["f()", "!r[0].append(3)", "f()", "r[0] is r[1]"]),
    "a dict of what was passed": (
        "memo = {}\ndef f(x: list[int]):\n    memo[len(x)] = x\n    return memo\n",
        "f([1])", ["!a = [1]", "f(a)", "r[0][1] is a", "!a.append(2)", "f([3])", "r[0] is r[2]"],
    ),
    "rows that are one": (
        "row = [0]\ngrid = [row, row]\ndef f(i: int):\n    grid[i][0] += 1\n    return grid, row\n",
        "f(1)", ["f(1)", "f(0)", "r[0][0][0] is r[0][0][1]", "r[0][1] is r[1][0][0]"],
    ),
    "a bytearray that is kept, given and changed outside": (
        "log = bytearray(b'ab')\nalso = {'log': log}\ndef f(n: int):\n    log.append(n)\n"
        "    if n > 100:\n        also['log'] = bytearray(n)\n    return log, also['log'] is log\n",
        "f(1)", ["f(1)", "f(2)", "r[0][0] is r[1][0]", "!r[0][0].clear()", "f(101)", "f(256)", "f(3)"],
    ),
    "bound anew": (
        "c = {}\ndef f(x: int):\n    global c\n    old = c\n    c = {x: x}\n    return old\n",
        "f(1)", ["f(1)", "f(2)", "!r[1][5] = 5", "f(3)", "f(4)"],
    ),
    "left by an exception": (
        "n = 0\ndef f(x: int) -> int:\n    global n\n    n += 1\n    if x < 0:\n        raise ValueError(n)\n    return n\n",
        "f(1)", ["f(1)", "f(-1)", "f(1)", "f(-1)"],
    ),
    "never bound": (
        "def f(x: int) -> int:\n    global n\n    if x:\n        n = x\n    return n\n", "f(1)", ["f(0)", "f(3)", "f(0)"],
    ),
    "of two types": ("total = 0\ndef f(x: float):\n    global total\n    total += x\n    return total\n", "f(1.5)", ["f(1.5)", "f(2.0)"]),
    "none at first": (
        "best = None\ndef f(x: int):\n    global best\n    if best is None or x > best:\n        best = x\n    return best\n",
        "f(1)", ["f(1)", "f(3)", "f(2)"],
    ),
    "beyond 64 bits": (
        "acc = 1\ndef f(n: int) -> int:\n    global acc\n    acc *= n\n    return acc\n",
        "f(3)", ["f(10 ** 10)", "f(10 ** 10)", "f(10 ** 10)", "f(2)", "f(0)", "f(5)"],
    ),
    "functions inside": (
        "n = 0\ndef f(x: int) -> int:\n    def g():\n        global n\n        n += x\n        return n\n    h = lambda: n * 2\n    g()\n"
        "    return h() + sum(n for _ in range(2))\n",
        "f(1)", ["f(1)", "f(2)"],
    ),
    "a generator": (
        "n = 0\ndef g(k):\n    global n\n    for i in range(k):\n        n += 1\n        yield n\ndef f(x: int) -> list[int]:\n"
        "    return list(g(x))\n",
        "f(1)", ["f(1)", "f(2)", "f(3)"],
    ),
    "a method": (
        "count = 0\nclass P:\n    def __init__(self, x):\n        global count\n        count += 1\n        self.x = x\ndef f(x: int):\n"
        "    P(x)\n    P(x)\n    return count\n",
        "f(1)", ["f(4)", "f(0)"],
    ),
    "in order": (
        "n = 0\ndef g() -> int:\n    global n\n    n += 1\n    return n\ndef f(x: int):\n    return n + g() * 10 + n * 100 + g() * 1000\n",
        "f(1)", ["f(1)", "f(1)"],
    ),
    "a loop's variable": (
        "n = 0\ndef f(x: int):\n    global n\n    for n in range(x):\n        pass\n    return n\n", "f(1)", ["f(4)", "f(0)", "f(2)"],
    ),
    "try and finally": (
        "state = {'n': 0}\ndef f(x: int):\n    try:\n        state['n'] += 1\n        return 10 // x\n    except ZeroDivisionError:\n"
        "        state['n'] += 100\n        return -1\n    finally:\n        state['n'] += 1000\n",
        "f(1)", ["f(1)", "f(0)", "f(2)"],
    ),
    "a set": (
        "seen = set()\ndef f(x: int) -> bool:\n    if x in seen:\n        return True\n    seen.add(x)\n    return False\n",
        "f(7)", ["f(8)", "f(0)", "f(8)", "f(16)", "f(0)", "f(16)"],
    ),
    "a dict that makes values": (
        "from collections import defaultdict\nd = defaultdict(list)\ndef f(x: int):\n    d[x % 3].append(x)\n    return d[x % 3]\n",
        "f(1)", ["f(1)", "f(1)", "f(4)", "r[0] is r[2]"],
    ),
    "computed by statements": (
        "T = [0] * 5\nfor i in range(5):\n    T[i] = i * i\nwhile len(T) < 8:\n    T.append(-1)\ntry:\n    K = T[99]\nexcept IndexError:\n"
        "    K = 7\nif K > 5:\n    Z = 'big'\nelse:\n    Z = 'small'\ndef f(x: int):\n    return T[x], K, Z, i\n",
        "f(1)", ["f(1)", "f(6)", "f(9)"],
    ),
    "computed by functions": (
        "def sieve(n):\n    return [i for i in range(2, n) if all(i % j for j in range(2, i))]\nPRIMES = sieve(50)\n"
        "WORDS = 'a bc d'.split()\nAT = {word: place for place, word in enumerate(WORDS)}\ndef f(n: int):\n"
        "    return n in PRIMES, AT[WORDS[n % 3]], ''.join(sorted(WORDS))\n",
        "f(7)", ["f(7)", "f(8)"],
    ),
    "changed at import": (
        "T = [1]\nU = T\nU.append(2)\nK = 1\ndef g():\n    global K\n    K += len(T)\n    T.append(K)\ng()\ndef f(n: int):\n"
        "    return T[n], K, U\n",
        "f(1)", ["f(1)", "f(2)"],
    ),
    "a default, called without it": (
        "def f(n: int, memo={}) -> int:\n    if n < 2:\n        return n\n    if n not in memo:\n        memo[n] = f(n - 1) + f(n - 2)\n"
        "    return memo[n]\n",
        "f(7)", ["f(30)", "f(60)", "f(5, {5: 99})", "f(6)"],
    ),
    "a default of two": (
        "def g(x, acc=[]):\n    acc.append(x)\n    return acc\ndef f(n: int):\n    a = g(n)\n    b = g(n + 1)\n    return a, b, a is b\n",
        "f(7)", ["f(30)", "f(60)", "r[0][0] is r[1][0]"],
    ),
    "a default that is given": (
        "def f(x: int, acc=[]):\n    acc.append(x)\n    if x > 0:\n        f(x - 1)\n    return acc\n",
        "f(2)", ["f(1)", "f(2)", "f(1, [5])", "r[0] is r[1]", "!r[0].append(77)", "f(0)"],
    ),
    "a default by name": (
        "def g(x, *, seen=set()):\n    if x in seen:\n        return True\n    seen.add(x)\n    return False\ndef f(x: int):\n"
        "    return g(x), g(x)\n",
        "f(2)", ["f(1)", "f(2)", "f(1)"],
    ),
    "a default and a counter": (
        "n = 0\ndef g(x, acc=[]):\n    global n\n    n += 1\n    acc.append(n)\n    return acc\ndef f(x: int):\n    return g(x)\n",
        "f(2)", ["f(1)", "f(2)", "r[0] is r[1]"],
    ),
    "a large table": (
        "MAX = 20000\nsieve = [True] * (MAX + 1)\nsieve[0] = sieve[1] = False\nfor i in range(2, int(MAX ** 0.5) + 1):\n    if sieve[i]:\n"
        "        for j in range(i * i, MAX + 1, i):\n            sieve[j] = False\ndef f(n: int) -> bool:\n    return sieve[n]\n",
        "f(7)", ["f(7)", "f(9)", "f(19997)", "f(20001)"],
    ),
    "lambdas with a name": (
        "add = lambda x, y=2: x + y\nkey = lambda t: -t\ndef f(a: int):\n    return add(a), add(a, 5), sorted([1, 2, a], key=key)\n",
        "f(1)", ["f(3)"],
    ),
    "a table beyond 64 bits": (
        "FACT = [1]\nfor i in range(1, 30):\n    FACT.append(FACT[-1] * i)\ndef f(n: int) -> int:\n    return FACT[n]\n",
        "f(5)", ["f(5)", "f(29)", "f(30)"],
    ),
    "what is printed": (
        "print('hello')\nn = 0\nprint(n)\ndef f(x: int) -> int:\n    global n\n    n += x\n    print(n)\n    return n\n",
        "f(1)", ["f(1)", "f(2)"],
    ),
}  # fmt: skip


def done(f: Callable[..., Any], script: list[str]) -> list[str]:
    """Do what a script says; return what each line gave, raised and printed."""
    given: list[Any] = []
    told = []
    names = {"f": f, "r": given}
    for line in script:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                if line.startswith("!"):
                    exec(line.removeprefix("!"), names)
                    continue
                given.append(eval(line, names))
            except GuardError:
                raise
            except Exception as error:
                given.append(f"{type(error).__name__}: {error}")
        told.append(f"{given[-1]!r} {printed.getvalue()!r}")
    return told


def in_cpython(source: str) -> Callable[..., Any]:
    names: dict[str, Any] = {"__name__": "case"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(source, names)
    found: Callable[..., Any] = names["f"]
    return found


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_sequence_of_calls_is_cpythons(case: tuple[str, str, list[str]]) -> None:
    source, example, script = case
    translation = translate(source, function="f", examples=[example])
    expected = done(in_cpython(source), script)
    assert done(translation, script) == expected
    translation.reset()
    assert done(translation, script) == expected


def test_signatures_share_the_state() -> None:
    source = "log = []\ndef f(x):\n    log.append(str(x))\n    return len(log)\n"
    translation = translate(source, function="f", examples=["f(1)", "f('a')"])
    script = ["f(1)", "f('a')", "f(2)"]
    assert len(translation.signatures) == 2
    assert done(translation, script) == done(in_cpython(source), script)


def test_who_was_stopped_has_to_begin_anew() -> None:
    """CPython would have gone on and changed something: nobody knows the state after a guard."""
    source = "n = 0\ndef f(x: int) -> int:\n    global n\n    n += 1\n    return n // x\n"
    translation = translate(source, function="f", examples=["f(1)"])
    assert [translation(1), translation(1)] == [1, 2]
    with pytest.raises(GuardError):
        translation("a")
    with pytest.raises(GuardError, match="reset"):
        translation(1)
    translation.reset()
    assert translation(1) == 1
    with pytest.raises(ZeroDivisionError):
        translation(0)
    assert translation(1) == 3


def test_budgets_do_not_part_from_the_state() -> None:
    translation = translate("n = 0\ndef f():\n    global n\n    n += 1\n    return n\n", function="f", examples=["f()"])
    assert [translation(), translation.with_budget(seconds=5.0)(), translation()] == [1, 2, 3]


REFUSED = {
    "an instance": "class N:\n    def __init__(self):\n        self.v = 0\nroot = N()\ndef f(x: int):\n    root.v += x\n    return x\n",
    "an iterator": "import itertools\nids = itertools.count()\ndef f(x: int):\n    return next(ids)\n",
    "a default": "memo = {}\ndef g(n, m=memo):\n    m[n] = 1\n    return len(m)\ndef f(x: int):\n    memo[x + 1] = 2\n    return g(x)\n",
    "an order": "seen = set()\ndef f(x: int):\n    seen.add(x)\n    for y in seen:\n        return y\n",
    "a set that is given": "seen = set()\ndef f(x: int):\n    seen.add(x)\n    return seen\n",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused(source: str) -> None:
    with pytest.raises(TranslationError) as caught:
        translate(source, function="f", examples=["f(1)"])
    assert caught.value.diagnostics[0].code in ("P0314", "P0230")


def test_a_state_that_differs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an artefact makes of the module is compared before any call is."""
    from portalis.translator.verify import verification

    genuine = verification.made_state

    def forged(*given: Any) -> bytes | str:
        made = genuine(*given)
        assert isinstance(made, bytes)
        return made.replace((41).to_bytes(8, "little"), (42).to_bytes(8, "little"))

    from portalis.translator.translating.options import Options

    source = "n = 41\ndef f(x: int):\n    global n\n    n += x\n    return n\n"
    assert translate(source, function="f", examples=["f(1)"], options=Options(typed=True, in_process=True))(1) == 42
    monkeypatch.setattr(verification, "made_state", forged)
    with pytest.raises(TranslationError) as caught:
        translate(source, function="f", examples=["f(1)"], options=Options(typed=True, in_process=True))
    assert caught.value.diagnostics[0].code == "PV901"
