"""`*` and `**`, in parameters and in calls, verified and called, against CPython."""

from __future__ import annotations

import ast
import itertools
import sys
from pathlib import Path
from typing import Any

import pytest

from portalis.translator import Options, TranslationError
from portalis.translator.frontend.calls.binder import parameters_of
from portalis.translator.frontend.infer.expressions.functions.stars.misfits import misfit_message
from portalis.translator.translating.translate import translate

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from language_fuzz.compare import Fate, fate_of
from language_fuzz.writer import Module

PROGRAMS = {
    "any number": (
        "def total(*args):\n    s = 0\n    for a in args:\n        s += a\n    return s, len(args), args\n\n"
        "def f(n):\n    return total(1, 2, n), total(), total(n)\n",
        ("3", "0"),
    ),
    "any keywords": (
        "def area(**dims):\n    t = 1\n    for k, v in dims.items():\n        t *= v\n"
        "    return t, sorted(dims), len(dims), dims.get('w', -1)\n\n"
        "def f(n):\n    return area(w=n, h=2), area(), area(x=n)\n",
        ("3",),
    ),
    "every kind of parameter": (
        "def g(a, b=2, *rest, k=10, **more):\n    return a, b, rest, k, more\n\n"
        "def f(n):\n    return g(1), g(1, n), g(1, 2, 3, 4, k=n), g(n, z=3, y=4), g(1, 2, 3, q=5)\n",
        ("3",),
    ),
    "a list for parameters": (
        "def g(a, b, c=7):\n    return a + b * c\n\ndef f(xs):\n    try:\n        return g(*xs)\n    except TypeError as error:\n"
        "        return str(error)\n",
        ("[1, 2, 3]", "[1, 2]", "[1]", "[]", "[1, 2, 3, 4]", "[1, 2, 3, 4, 5]"),
    ),
    "names of a dict that come twice": (
        "def f(k, n):\n    made = {'a': 1, k: 2}\n    told = []\n\n    def said(x):\n        told.append(x)\n        return x\n\n"
        "    def one(way):\n        try:\n            if way == 0:\n                return dict(**made, q=said(n), r=said(1 // n))\n"
        "            if way == 1:\n                return dict(q=n, **made)\n"
        "            return dict([('q', 5), ('z', 4)], **made, **{'q': said(n)}, b=n)\n"
        "        except (TypeError, ZeroDivisionError) as error:\n            return {str(error): 0}\n\n"
        "    return [one(way) for way in range(3)], told, dict(made, **made), dict(made, q=n)\n",
        ("'c', 3", "'q', 1", "'b', 4", "'r', 2", "'q', 0"),
    ),
    "a list for a named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'x y z', defaults=[7])\n\ndef f(xs):\n    try:\n"
        "        return P(*xs), P(0, *xs[1:]), P(*xs[1:], z=1)\n    except TypeError as error:\n        return str(error)\n",
        ("[1, 2]", "[1, 2, 3]", "[]", "[1]", "[1, 2, 3, 4]"),
    ),
    "a list for none": (
        "def g():\n    return 1\n\ndef f(xs):\n    try:\n        return g(*xs)\n    except TypeError as error:\n"
        "        return str(error)\n",
        ("[]", "[1]", "[1, 2]"),
    ),
    "a list and a keyword": (
        "def g(a, b, *, k=3):\n    return a * 100 + b * 10 + k\n\ndef f(xs, n):\n    try:\n        return g(*xs, b=n), g(n, *xs, k=n)\n"
        "    except TypeError as error:\n        return str(error)\n",
        ("[1], 4", "[1, 2], 4", "[], 4"),
    ),
    "what is too much beside keywords": (
        "def g(a, *, k):\n    return a + k\n\ndef f(xs):\n    try:\n        return g(*xs, k=1)\n    except TypeError as error:\n"
        "        return str(error)\n",
        ("[1]", "[1, 2]", "[]"),
    ),
    "a tuple": (
        "def g(a, b, c=4):\n    return a + b * c\n\ndef f(t):\n    return g(*t) + g(1, *t) + g(*t, c=8) + g(*t, *[5])\n",
        ("(1, 2)",),
    ),
    "a list for any number": (
        "def total(*args):\n    return sum(args), len(args), args\n\ndef f(xs):\n    kept = total(*xs)\n    xs.append(9)\n"
        "    return kept, total(1, *xs), total(*xs, *xs), total(*xs[1:], 5)\n",
        ("[1, 2, 3]", "[]"),
    ),
    "what is evaluated when": (
        "def g(*xs, k=0):\n    return xs, k\n\ndef f(xs):\n    def last():\n        xs.append(1)\n        return len(xs)\n"
        "    return last() + g(*xs, k=last())[1], g(last(), *xs, last(), k=xs.pop()), xs\n",
        ("[5]",),
    ),
    "a dict of known keys": (
        "def g(a, b=1, c=2):\n    return a * 100 + b * 10 + c\n\ndef f(n):\n    return g(n, **{'b': 3}), g(**{'c': n, 'a': 4})\n",
        ("4",),
    ),
    "a dict of any keys": (
        "def g(a, b=1, c=2):\n    return a * 100 + b * 10 + c\n\ndef h(a, **kw):\n    return a, kw\n\n"
        "def f(d):\n    kept = h(**d)\n    d['zz'] = 5\n    return g(**{'a': d['a']}), kept, h(1, b=3, **{'x': 4})\n",
        ("{'a': 1}", "{'a': 1, 'b': 2}"),
    ),
    "what is passed on": (
        "def g(a, b=1, *c, d=0):\n    return (a, b, c, d)\n\ndef h(*args, **kwargs):\n    return g(*args, **kwargs)\n\n"
        "def f(n):\n    return h(n), h(n, 2), h(1, 2, 3, n), h(n, d=4), h(1, 2, 3, 4, d=n)\n",
        ("3",),
    ),
    "built-ins": (
        "def f(xs):\n    print(*xs)\n    print(*xs, sep=', ', end='.')\n    print(0, *xs, sep='')\n"
        "    return max(*xs), min(*xs, 3), max(0, *xs)\n",
        ("[4, 2, 8]", "[1]", "[]"),
    ),
    "first, and then the rest": (
        "def g(*args):\n    if not args:\n        return 0\n    return args[0] + g(*args[1:])\n\ndef f(a, b):\n"
        "    return g(a, b, 3), g()\n",
        ("1, 2",),
    ),
    "what does not fit": (
        "def g(a, b, *, c):\n    return a + b\n\ndef f(n):\n    out = []\n    for i in range(5):\n        try:\n"
        "            if i == 0:\n                g(n)\n            elif i == 1:\n                g(n, 1)\n"
        "            elif i == 2:\n                g(n, 1, c=2, d=3)\n            elif i == 3:\n                g(n, 1, a=2, c=1)\n"
        "            else:\n                g(1, 2, 3)\n        except TypeError as error:\n            out.append(str(error))\n"
        "    return out\n",
        ("1",),
    ),
    "methods": (
        "class Acc:\n    def __init__(self, *xs):\n        self.xs = list(xs)\n    def add(self, *more, times=1):\n        for m in more:\n"
        "            self.xs.append(m * times)\n        return self\n\n"
        "def f(n, ys):\n    a = Acc(1, n)\n    a.add(2, 3).add(n, times=4)\n    a.add(*[7, 8])\n    a.add(*ys, times=2)\n"
        "    return a.xs, Acc(*ys).xs\n",
        ("9, [1, 2]", "9, []"),
    ),
    "functions inside functions": (
        "def f(n):\n    def g(*xs, scale=1):\n        return sum(xs) * scale + n\n    add = lambda *xs: sum(xs)\n"
        "    count = lambda **k: len(k)\n"
        "    try:\n        return g(1, 2), g(1, scale=n), g(), add(1, n), add(), count(a=1, b=2), g(zoom=1)\n"
        "    except TypeError as error:\n        return str(error)\n",
        ("4",),
    ),
    "generators": (
        "def chain(*its):\n    for it in its:\n        for x in it:\n            yield x\n\ndef f(a, b):\n"
        "    return list(chain(a, b, [9])), list(chain()), [x for x in chain(*[a, b])]\n",
        ("[1], [2, 3]", "[], []"),
    ),
    "values of several classes": (
        "def show(*args, **kw):\n    return ' '.join(str(a) for a in args) + '|' + ', '.join(f'{k}={v}' for k, v in kw.items())\n\n"
        "def f(n):\n    return show(n, 'a', 2.5), show(), show(a=n, b='x'), show(1, z=None)\n",
        ("3",),
    ),
    "by position alone": (
        "def g(a, b, /, c):\n    return a - b * c\n\ndef f(n):\n    try:\n        return g(1, 2, n), g(1, 2, c=n), g(1, b=2, c=3)\n"
        "    except TypeError as error:\n        return str(error)\n",
        ("3",),
    ),
    "a tuple for a method of Python's": (
        "def f(n):\n    t = (n, 'b')\n    return '{}-{}'.format(*t), 'a,b,c'.split(*(',', n))\n",
        ("1", "2"),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_stars_are_cpythons(name: str) -> None:
    text, calls = PROGRAMS[name]
    assert fate_of(Module(text, calls), Options(typed=True)) == Fate("same")


SIGNATURES = (
    "", "a", "a, b", "a, b=1", "a, /, b", "a, /, b=2, *, k", "*, k", "a, *, k, m=1", "*xs", "a, *xs, k", "**kw", "a, /, **kw",
    "a, b, c=1, *, k, **kw", "a=1, b=2", "a, b, c, d",
)  # fmt: skip


@pytest.mark.parametrize("signature", SIGNATURES)
def test_what_does_not_fit_is_told_in_cpythons_words(signature: str) -> None:
    definition = ast.parse(f"def f({signature}): pass").body[0]
    assert isinstance(definition, ast.FunctionDef)
    namespace: dict[str, Any] = {}
    exec(f"def f({signature}): pass", namespace)
    keywords = [names for count in range(4) for names in itertools.permutations(("a", "b", "k", "m", "z"), count)]
    for positional, names in itertools.product(range(6), keywords):
        wanted = None
        try:
            namespace["f"](*[0] * positional, **dict.fromkeys(names))
        except TypeError as error:
            wanted = str(error)
        assert misfit_message(parameters_of(definition), "f", positional, names) == wanted


ENTRIES = {
    "any number of one type": (
        "def f(*xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s, xs\n",
        (("1, 2, 3",), (), ("1",), ("4, 5, 6, 7",)),
    ),
    "beside others": ("def f(a, *xs, k=2):\n    return a, xs, k\n", (("1, 2, 3",), ("2",), ("1, 4, k=3",), ("a=5",))),
    "annotated": ("def f(sep: str, *parts: str) -> str:\n    return sep.join(parts)\n", (("'-', 'a', 'b'",), ("'-'",))),
    "of several types": ("def f(*args):\n    return [str(a) for a in args]\n", (("1, 'a', 2.5",), ())),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_takes_any_number_of_arguments(name: str) -> None:
    text, calls = ENTRIES[name]
    translation = translate(text, "f", [f"f({''.join(call)})" for call in calls])
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    for call in calls:
        wanted = eval(f"f({''.join(call)})", {"f": namespace["f"]})
        assert repr(eval(f"f({''.join(call)})", {"f": translation})) == repr(wanted)


def test_names_of_a_dict_that_are_no_texts_are_refused() -> None:
    with pytest.raises(TranslationError) as caught:
        translate("def f(n):\n    made = {n: 1}\n    return dict(**made)\n", "f", ["f(3)"])
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["P0216"]


def test_an_entry_of_any_keywords_is_refused() -> None:
    with pytest.raises(TranslationError) as caught:
        translate("def f(**options):\n    return len(options)\n", "f", ["f(a=1)"])
    assert {item.code for item in caught.value.diagnostics} == {"P0216"}
