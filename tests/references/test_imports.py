"""What programs import of Python's own library: on generated values, in the interpreter and in wasm, what CPython gives."""

from __future__ import annotations

import copy
import random
import types
from collections.abc import Callable
from typing import Any

import pytest

from portalis.translator import syntax
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.library.import_time import ABSTRACT_CLASSES, IMPORTABLE, NEVER_EXECUTED
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from portalis.translator.verify.oracle.namespace import narrowed
from portalis.translator.verify.plan import recursive_functions
from tests.calling.messages import picture
from tests.executed import execute
from tests.semantics.executors import lower_once
from tests.semantics.objects import EXECUTORS

Make = Callable[[random.Random], tuple[Any, ...]]
ROUNDS = 12


def ints(source: random.Random) -> list[int]:
    return [source.randint(-3, 6) for _ in range(source.randint(0, 9))]


def floats(source: random.Random) -> list[float]:
    return [source.choice((0.0, -0.0, 1.5, -2.25, 1e300, 0.1)) for _ in range(source.randint(0, 7))]


def words(source: random.Random) -> list[str]:
    return ["".join(source.choice("abéß") for _ in range(source.randint(0, 3))) for _ in range(source.randint(0, 7))]


def pairs(source: random.Random) -> list[tuple[int, str]]:
    return list(zip(ints(source), words(source), strict=False))


# A name, a program whose entry is `f`, and what makes the arguments of a call.
CASES: dict[str, tuple[str, Make]] = {
    "sys": (
        "import sys\ndef f(xs):\n    best = sys.maxsize\n    for x in xs:\n        best = min(best, x)\n"
        "    return best, -sys.maxsize - 1\n",
        lambda source: (ints(source),),
    ),
    "string": (
        "from string import digits, ascii_letters as letters\nimport string as s\nPLAIN = letters + digits\ndef f(t):\n"
        "    return [c in s.punctuation for c in t], [c for c in t if c in PLAIN], s.whitespace, s.printable, s.hexdigits, s.octdigits\n",
        lambda source: ("".join(source.choice("aZ5! \t\x0bé") for _ in range(6)),),
    ),
    "operators on ints": (
        "import operator as o\ndef f(a: int, b: int, c: int):\n"
        "    return (o.add(a, b), o.sub(a, b), o.mul(a, b), o.and_(a, b), o.or_(a, b), o.xor(a, b), o.neg(a), o.pos(a), o.invert(a),\n"
        "            o.inv(b), o.abs(a), o.lt(a, b), o.le(a, b), o.gt(a, b), o.ge(a, b), o.eq(a, b), o.ne(a, b), o.not_(a), o.truth(b),\n"
        "            o.lshift(a, c), o.rshift(a, c), o.pow(a, c), o.truediv(a, b), o.floordiv(a, b), o.mod(a, b))\n",
        lambda source: (source.randint(-9, 9), source.randint(-9, 9), source.randint(-1, 5)),
    ),
    "operators on objects": (
        "from operator import add, concat, contains, getitem, lt\ndef f(xs, ys, n):\n"
        "    return add(xs, ys), concat(ys, xs), contains(xs, n), lt(xs, ys), getitem(xs, n), contains('abc', 'b')\n",
        lambda source: (ints(source), ints(source), source.randint(-5, 5)),
    ),
    "operators as keys": (
        "import operator\nfrom operator import itemgetter\ndef f(ps):\n"
        "    return (sorted(ps, key=itemgetter(1)), sorted(ps, key=itemgetter(1, 0), reverse=True), list(map(itemgetter(0), ps)),\n"
        "            sorted(map(operator.neg, [p[0] for p in ps])))\n",
        lambda source: (pairs(source),),
    ),
    "reduce": (
        "from functools import reduce\nimport operator\ndef f(xs):\n"
        "    a = reduce(lambda one, other: one * 2 - other, xs, 1)\n    b = reduce(operator.add, (x * x for x in xs if x > 0), 0)\n"
        "    return a, b, reduce(max, range(len(xs)), len(xs)), reduce(lambda one, other: one * 10 + other, xs)\n",
        lambda source: (ints(source),),
    ),
    "reduce to lists and texts": (
        "import functools\ndef join(a, b):\n    return a + b\ndef f(xs):\n"
        "    return functools.reduce(join, xs, ''), functools.reduce(lambda a, b: a + [b], xs, [])\n",
        lambda source: (words(source),),
    ),
    "prod": (
        "import math\nfrom math import prod\ndef f(xs):\n    return math.prod(xs), prod(x + 1 for x in xs), prod(xs, start=3)\n",
        lambda source: (ints(source),),
    ),
    "prod of floats": (
        "import math\ndef f(xs):\n    return math.prod(xs, start=1.0), math.prod(xs)\n",
        lambda source: ([*floats(source), 2.5],),
    ),
    "imports in functions": (
        "def g(x: int):\n    'About g.'\n    from math import isqrt as root, gcd\n    return root(x * x + 1) + gcd(x, 4)\n"
        "def f(xs):\n    import functools, math\n    from operator import mul\n    import string as s\n"
        "    return functools.reduce(mul, xs, 1), [g(x) for x in xs], math.floor(2.5), s.digits\n",
        lambda source: (ints(source),),
    ),
    "classes imported by functions": (
        "def f(x: int):\n    from fractions import Fraction, Fraction as F\n    from datetime import date, timedelta\n    if x > 2:\n"
        "        day = date.fromisoformat('2024-02-27') + timedelta(days=x)\n        return str(day), str(Fraction(x, 4) + F(1, 2))\n"
        "    def g(n):\n        from queue import LifoQueue\n        made = LifoQueue()\n        made.put(n)\n        return made.get()\n"
        "    return str(g(x)), repr(Fraction(1, 3))\n",
        lambda source: (source.randint(-1, 9),),
    ),
    "heaps": (
        "import heapq\nfrom heapq import heappush as push\ndef f(xs, n: int):\n    made = []\n    for x in xs:\n        push(made, x)\n"
        "    other = xs[:]\n    heapq.heapify(other)\n    seen = other[:]\n    a = heapq.heappushpop(other, n)\n"
        "    b = heapq.heapreplace(made, n) if made else n\n    popped = [heapq.heappop(other) for _ in range(len(other))]\n"
        "    if n == 3:\n        heapq.heappop(other)\n    return made, seen, a, b, popped\n",
        lambda source: (ints(source) + ints(source), source.randint(-3, 6)),
    ),
    "heaps of pairs": (
        "from heapq import heappush, heappop\ndef f(ps):\n    heap = []\n    for number, text in ps:\n"
        "        heappush(heap, (number, text))\n    kept = heap[:]\n    out = []\n    while heap:\n        number, text = heappop(heap)\n"
        "        out.append(text)\n    return kept, out\n",
        lambda source: (pairs(source),),
    ),
    "the largest and smallest": (
        "import heapq\nfrom operator import itemgetter\ndef f(xs, ps, n: int):\n"
        "    a = heapq.nlargest(n, xs), heapq.nsmallest(n, xs)\n    n = max(n, 1)\n"
        "    b = heapq.nlargest(n, ps, key=lambda p: p[0]), heapq.nsmallest(n, ps, itemgetter(0)), heapq.nlargest(n, (-x for x in xs))\n"
        "    return a, b[0], b[1], b[2]\n",
        lambda source: (ints(source), pairs(source), source.randint(-1, 5)),
    ),
    "bisection": (
        "import bisect\nfrom bisect import bisect_left as left, insort\ndef f(xs, x: int, low: int, high: int):\n"
        "    xs = sorted(xs)\n    a = bisect.bisect(xs, x), left(xs, x), bisect.bisect_right(xs, x), left(xs, x, lo=1)\n"
        "    insort(xs, x)\n    bisect.insort_left(xs, x)\n    b = left(xs, x, low, high), bisect.bisect(xs, x, low, hi=high)\n"
        "    bisect.insort(xs, x + 1, low, high)\n    return xs, a, b, bisect.bisect_left(tuple(xs), x, low, high)\n",
        lambda source: (ints(source), source.randint(-4, 7), source.randint(-1, 3), source.randint(-2, 12)),
    ),
    "chains": (
        "from itertools import chain\nimport itertools as it\ndef f(xs, ys, rows, s: str):\n"
        "    a = list(chain(xs, range(3), ys, (x * x for x in xs)))\n    b = sum(chain.from_iterable(rows)), list(it.chain(*rows))\n"
        "    c = []\n    for x in chain(xs, ys):\n        c.append(x)\n        if len(c) < 5:\n            xs.append(9)\n"
        "    return a, b, c, ''.join(chain(s, 'ab', s)), sorted(chain(map(abs, xs), [1])), [x for x in chain.from_iterable([s, s])]\n",
        lambda source: (ints(source), ints(source), [ints(source) for _ in range(source.randint(0, 3))], "xyz"[: source.randint(0, 3)]),
    ),
    "choices": (
        "from itertools import combinations, combinations_with_replacement as again, permutations, product\ndef f(xs, n: int):\n"
        "    a = list(combinations(xs, 2)), list(combinations(xs, n)), [x + y + z for x, y, z in combinations(xs, 3)]\n"
        "    b = list(again(xs, 2)), list(again(xs, n)), list(permutations(xs)), list(permutations(xs, 2)), list(permutations(xs, n))\n"
        "    c = list(product(xs, 'ab')), list(product(xs, repeat=2)), list(product(xs, repeat=n)), list(product([1, 2], xs, repeat=2))\n"
        "    return a, b, c, sum(1 for _ in product(*[xs, xs, [n]])), list(product(*[xs, [n], xs]))\n",
        lambda source: (ints(source)[:4], source.randint(-1, 4)),
    ),
    "sifting": (
        "import itertools\nfrom itertools import takewhile, dropwhile, filterfalse, compress, starmap\ndef f(xs, ps, n: int):\n"
        "    a = list(takewhile(lambda x: 6 // x < n, xs)), list(zip(takewhile(lambda x: x > 0, xs), xs))\n"
        "    b = list(dropwhile(lambda x: x < 2, xs)), list(filterfalse(lambda x: x % 2, xs)), list(filterfalse(None, xs))\n"
        "    c = list(compress(xs, [x > 1 for x in xs])), list(compress('abcd', xs)), list(starmap(lambda x, s: x * s, ps))\n"
        "    return a, b, c, list(starmap(pow, [(x, 2) for x in xs])), list(zip(filter(None, xs), (x + 1 for x in xs if x)))\n",
        lambda source: (ints(source), pairs(source), source.randint(0, 9)),
    ),
    "slices and counts": (
        "from itertools import count, cycle, islice, repeat, pairwise\ndef f(xs, a: int, b: int, c: int):\n"
        "    d = list(islice(xs, a)), list(islice(count(a), 3)), list(zip(count(1, b), xs)), list(repeat(a, b)), list(zip(xs, repeat(a)))\n"
        "    e = list(islice(cycle(xs), 7)), list(pairwise(xs)), list(pairwise(x * x for x in xs)), list(islice(xs, None)), xs[:]\n"
        "    total = 0\n    for x in cycle(xs):\n        total += x + 4\n        if total > 20:\n            break\n"
        "    g = list(islice(map(lambda x: x + 1, xs), a, None, c))\n"
        "    return d, e, g, total, list(islice(xs, a, b, c)), list(islice(xs, a, b))\n",
        lambda source: (ints(source), source.randint(-1, 3), source.randint(-2, 7), source.randint(0, 3)),
    ),
    "accumulated": (
        "import itertools, operator\nfrom itertools import accumulate as acc, zip_longest\ndef f(xs, ys, s):\n"
        "    a = list(acc(xs)), list(acc(xs, max)), list(acc(xs, lambda a, b: a * 2 - b, initial=3)), list(acc(xs, operator.mul))\n"
        "    b = list(zip_longest(xs, ys, fillvalue=0)), [x for x, y, z in zip_longest(xs, ys, xs, fillvalue=-1) if x > y]\n"
        "    return a, b, list(acc(s)), list(acc(xs, initial=None)), list(acc(xs, initial=100)), max(acc(xs, func=min), default=0)\n",
        lambda source: (ints(source), ints(source), words(source)),
    ),
    "merged": (
        "from heapq import merge\ndef f(xs, ys, ps):\n"
        "    return list(merge(xs, ys, [2])), list(merge(sorted(xs), sorted(ys))), list(merge(sorted(ps), sorted(ps)[1:]))\n",
        lambda source: (ints(source), ints(source), pairs(source)),
    ),
    "the order of effects": (
        "from itertools import accumulate, chain, islice, takewhile\ndef note(log, x):\n    log.append(x)\n    return 12 // x\n"
        "def f(xs, ys, log, n: int):\n"
        "    for a, b in zip(map(lambda x: note(log, x), xs), (note(log, y + 100) for y in ys if note(log, y + 50))):\n"
        "        log.append(a)\n    for x in islice(chain((note(log, x) for x in xs), ys), n):\n        log.append(x + 1000)\n"
        "    for x in takewhile(lambda x: note(log, x) > 2, accumulate(xs, lambda a, b: note(log, a) + b)):\n        log.append(x)\n"
        "    return [x for x in map(lambda x, y: note(log, x - y), xs, ys)]\n",
        lambda source: (ints(source), ints(source), [], source.randint(0, 5)),
    ),
    "counters": (
        "from collections import Counter\nimport collections\ndef f(xs, s, n: int):\n    c = Counter(xs)\n    d = collections.Counter(s)\n"
        "    e = Counter()\n    for x in xs:\n        e[x] += n\n    c[n] -= 2\n"
        "    a = c.most_common(), d.most_common(n), c[100], 100 in c\n"
        "    both = c + e, c - e, c | e, c & e, c == e, c != Counter(xs), Counter(xs) == Counter(sorted(xs)), Counter(c) == c\n"
        "    d.update(s)\n    d.update(['z'])\n    c.subtract(x * 2 for x in xs)\n    e.update(c)\n    c += e\n"
        "    g = Counter({1: 2, 5: -1})\n"
        "    g -= c\n    e |= c\n    e &= g\n"
        "    return a, both, c, d, e, g, sum(list(d.values())), c.total(), [k for k, v in d.items() if v > 1]\n",
        lambda source: (ints(source), "".join(words(source)), source.randint(-1, 4)),
    ),
    "counters that are compared": (
        "from collections import Counter\ndef f(s, t):\n    a = dict(Counter(s))\n    return Counter(s) == Counter(t), a, a == Counter(t),"
        " max(a, key=lambda k: a[k]) if s else '', isinstance(Counter(s), dict), len(Counter(t)), sorted(Counter(s).items())\n",
        lambda source: ("".join(words(source)[:2]), "".join(words(source)[:2])),
    ),
    "defaults": (
        "from collections import defaultdict\ndef f(ps, xs):\n    groups = defaultdict(list)\n    for number, text in ps:\n"
        "        groups[number].append(text)\n    counts = defaultdict(int)\n    for x in xs:\n        counts[x % 3] += x\n"
        "    seen = counts[7], 8 in counts, counts.get(9, -1), len(counts)\n    names = defaultdict(str)\n    for n, t in ps:\n"
        "        names[t] += str(n)\n    sums = defaultdict(float)\n    tens = defaultdict(lambda: 10)\n"
        "    for x in xs:\n        tens[x] -= x\n"
        "        sums[x] += x / 2\n    nested = defaultdict(dict)\n    for n, t in ps:\n        nested[n][t] = n\n"
        "    return groups, dict(counts), seen, names, sums, tens, nested, sorted(groups.items()), counts == defaultdict(int)\n",
        lambda source: (pairs(source), ints(source)),
    ),
    "in order": (
        "from collections import OrderedDict\ndef f(ps, xs):\n    d = OrderedDict()\n    for number, text in ps:\n"
        "        d[number] = text\n"
        "    e = OrderedDict(sorted(ps))\n    same = d == e, dict(d) == e, len(d), d == OrderedDict(ps)\n"
        "    for x in xs:\n        if x in d:\n"
        "            d.move_to_end(x)\n        elif xs[0] in d:\n            d.move_to_end(xs[0], last=False)\n    order = list(d)\n"
        "    if len(e) > 1:\n        order.append(e.popitem(last=False)[0])\n    order.append(e.popitem()[0])\n"
        "    return d, e, same, order\n",
        lambda source: (pairs(source), ints(source)),
    ),
    "kinds of dicts as texts": (
        "from collections import Counter, OrderedDict, defaultdict\ndef f(s, ps):\n    d = defaultdict(list)\n    e = defaultdict(int)\n"
        "    for n, t in ps:\n        d[t].append(n)\n        e[n] += 1\n"
        "    return str(Counter(s)), repr(OrderedDict(ps)), str(d), str(e), repr([Counter(s)]), str(Counter()), str(OrderedDict(ps[:0]))\n",
        lambda source: ("".join(words(source)), pairs(source)),
    ),
    "groups": (
        "from itertools import groupby\nimport itertools\ndef f(xs, ps, s: str):\n"
        "    a = [(k, len(list(g))) for k, g in groupby(xs)], [k for k, _ in groupby(s)]\n"
        "    b = [list(g) for k, g in itertools.groupby(sorted(xs), lambda x: 6 // x)]\n    c = []\n"
        "    for key, group in groupby(sorted(ps), key=lambda p: p[0] % 2 == 0):\n        if key:\n"
        "            c.append([t for _, t in group])\n"
        "    d = [x + k for k, g in groupby(xs) for x in g if x > 0], sum(max(g) for k, g in groupby(xs) if k != 0)\n"
        "    return a, b, c, d, {k: sum(g) for k, g in groupby(xs)}\n",
        lambda source: (ints(source), pairs(source), "".join(words(source))),
    ),
    "copies": (
        "import copy\nfrom copy import deepcopy\ndef f(xs, rows, t):\n    rows = rows + rows[:1]\n"
        "    a, b, c = copy.copy(xs), deepcopy(xs), copy.copy(rows)\n"
        "    d = deepcopy(rows)\n    if rows:\n        rows[0].append(77)\n        d[0].append(88)\n    xs.append(9)\n"
        "    return a, b, c, d, rows, copy.deepcopy(t), deepcopy(5), copy.copy('a'), a is xs, d == rows\n",
        lambda source: (ints(source), [ints(source) for _ in range(source.randint(0, 3))], (1, "a")),
    ),
    "functions as keys": (
        "from collections import Counter\nfrom operator import itemgetter\ndef f(xs, ps, n: int):\n"
        "    d = Counter(xs)\n    k = abs(n) % 2\n"
        "    a = sorted(d, key=d.get), max(d, key=d.get) if d else 0, sorted(ps, key=itemgetter(0))\n    rows = [xs, [n], xs[1:]]\n"
        "    b = list(map(sorted, rows)), list(map(sum, rows)), [list(t) for t in map(tuple, rows)], list(map(max, [[1], [n, 2]]))\n"
        "    return a, b, Counter(a=n, b=2)\n",
        lambda source: (ints(source), pairs(source), source.randint(-2, 4)),
    ),
    "deques": (
        "from collections import deque\nimport collections\ndef f(xs, n: int):\n    q = deque()\n    out = []\n    for x in xs:\n"
        "        if x % 2:\n            q.append(x)\n        else:\n            q.appendleft(x)\n"
        "    r = collections.deque(xs)\n    r.rotate(n)\n"
        "    out.append(list(q))\n    out.append(list(r))\n    while q:\n        x = q.popleft()\n        out.append([x, len(q)])\n"
        "        if x > 3 and len(out) < 30:\n            q.extend([x - 1, x - 2])\n    r.extendleft(x * x for x in xs)\n    r.rotate(-1)\n"
        "    if r:\n        r[0] = 50\n        out.append([r[0], r[-1], r.pop()])\n    if n == 2:\n"
        "        for x in r:\n            r.append(x)\n"
        "    found = 50 in r, sum(list(r)), max(r) if r else 0, [x + 1 for x in r], sorted(r)\n    if n == 3:\n        r.clear()\n"
        "    return out, found, len(r), r[n], deque([(1, 'a')])[0][1]\n",
        lambda source: (ints(source), source.randint(-4, 4)),
    ),
    "a search in breadth": (
        "from collections import deque, defaultdict\ndef push(queue, x):\n    queue.append(x)\ndef f(ps, n: int):\n"
        "    graph = defaultdict(list)\n"
        "    for a, b in ps:\n        graph[a].append(b)\n        graph[b].append(a)\n    seen = {n: 0}\n    queue = deque([(n, 0)])\n"
        "    while queue:\n        at, far = queue.popleft()\n        for other in graph[at]:\n            if other not in seen:\n"
        "                seen[other] = far + 1\n                push(queue, (other, far + 1))\n    return seen, graph\n",
        lambda source: (list(zip(ints(source), ints(source), strict=False)), source.randint(-3, 6)),
    ),
    "tuples in order": (
        "def f(ps):\n    return sorted(ps), max(ps), [p < (0, 'a') for p in ps], [p >= (0,) for p in ps], sorted(ps, reverse=True)\n",
        lambda source: ([*pairs(source), (0, "a")],),
    ),
}


def examples_of(make: Make) -> tuple[str, ...]:
    """Return calls that tell the types of the arguments, and that lists have any length."""
    calls = [make(random.Random(number)) for number in range(6)]
    return tuple(f"f({', '.join(map(repr, call))})" for call in calls)


@pytest.mark.parametrize("executor", ["interpreter", "llvm small"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_imported_does_what_it_does_in_cpython(name: str, executor: str) -> None:
    text, make = CASES[name]
    lowered = lower_once("case.py", text, examples_of(make))
    executable = EXECUTORS[executor](lowered)
    oracle = execute(lowered.source, "f", executable.types, "exact", recursive_functions(lowered))
    source, values = random.Random(name), 0
    for _ in range(ROUNDS):
        given = make(source)
        ours, theirs = copy.deepcopy(given), copy.deepcopy(given)
        expected = oracle.call(theirs)
        try:
            found = executable.run(ours)
        except GuardError as guard:
            pytest.fail(f"f{given} was guarded: {guard}")
        assert found.exception == expected.exception, given
        values += not found.exception
        types_ = (*(() if found.exception else (executable.function.result,)), *executable.types)
        mine, wanted = ([*(() if one.exception else (one.value,)), *one.arguments] for one in (found, expected))
        assert picture(mine, types_) == picture(wanted, types_), given
    assert values >= ROUNDS // 4, "hardly any call gave a value"


@pytest.mark.parametrize("name", ["reduce", "operators as keys", "imports in functions"])
def test_what_is_imported_is_verified(name: str) -> None:
    text, make = CASES[name]
    report = translate(text, "f", examples_of(make)).report
    assert report is not None and report.artefact("wasm").status == "verified"


REFUSED = {
    "import os\ndef f(x: int):\n    return os.getpid()\n": ("P0201", 1),
    "import operators\ndef f(x: int):\n    return operators.add(x, x)\n": ("P0201", 1),
    "from functools import sys\ndef f(x: int):\n    return sys.maxsize\n": ("P0201", 1),
    "from sys import modules\ndef f(x: int):\n    return modules\n": ("P0201", 1),
    "from string import *\ndef f(x: int):\n    return digits\n": ("P0201", 1),
    "import functools\ndef f(x: int):\n    return functools.sys.maxsize\n": ("P0317", 3),
    "import sys\ndef f(x: int):\n    return sys.maxunicode\n": ("P0317", 3),
    "import operator\ndef f(x: int):\n    g = operator\n    return g.add(x, x)\n": ("P0309", 3),
    "import operator\ndef f(x: int):\n    return [operator]\n": ("P0309", 3),
    "import operator\ndef f(x: int):\n    return operator.length_hint(x)\n": ("P0317", 3),
    "from itertools import groupby\ndef f(x: str):\n    return [g for k, g in groupby(x)]\n": ("P0312", 3),
    "from itertools import groupby\ndef f(x: str):\n    return [len(list(g) + list(g)) for k, g in groupby(x)]\n": ("P0312", 3),
    "from itertools import groupby\ndef f(x: str):\n    return [[list(g) for _ in 'ab'] for k, g in groupby(x)]\n": ("P0312", 3),
    "from itertools import groupby\ndef f(x: str):\n    return list(groupby(x))\n": ("P0312", 3),
    "def f(x: int):\n    y = sys.maxsize\n    import sys\n    return y\n": ("P0303", 2),
    "def f(x: int):\n    if x:\n        import sys\n    return sys.maxsize\n": ("P0201", 3),
    "def f(x: int):\n    import sys\n    sys = x\n    return sys\n": ("P0201", 2),
    "def g():\n    import sys\ndef f(x: int):\n    return sys.maxsize\n": ("P0301", 4),
    "def g():\n    from datetime import date\n    return date(1, 1, 1)\ndef f(x: int):\n    return str(g()) + str(date(1, 1, x))\n": (
        "P0301",
        5,
    ),
    "from datetime import date as d\ndef f(x: int):\n    return str(d(1, 1, x)) + str(date(1, 1, x))\n": ("P0301", 3),
    "def g():\n    class A:\n        pass\n    return A()\ndef f(x: int):\n    return g() is A()\n": ("P0208", 2),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(TranslationError) as caught:
        lower(SourceFile("case.py", text), "f", references=True)
    assert (caught.value.diagnostics[0].code, caught.value.diagnostics[0].span.line) == REFUSED[text]


def test_a_name_that_was_meant_is_told() -> None:
    for text in ("import opertor\n", "from operator import ad\n"):
        with pytest.raises(TranslationError) as caught:
            lower(SourceFile("case.py", text + "def f(x: int):\n    return opertor.ad(x, x) if x else ad(x, x)\n"))
        assert "did you mean" in caught.value.diagnostics[0].help


def test_an_oracle_finds_the_names_of_the_table_and_no_others() -> None:
    """A module that a program imports holds no other module but such a one, and nothing of its own that leads to one."""
    executed = {module: names for module, names in (IMPORTABLE | ABSTRACT_CLASSES).items() if module not in NEVER_EXECUTED}
    assert set(syntax.MODULES) == {"math", "pxr", "pxr.Gf", *executed}
    for module, names in executed.items():
        found = vars(narrowed(module, "exact"))
        inner = {name: value for name, value in found.items() if isinstance(value, types.ModuleType)}
        assert inner == ({"abc": narrowed("collections.abc", "exact")} if module == "collections" else {})
        assert {name for name in found if not name.startswith("__")} - inner.keys() == names
        assert all(found[name] is None for name in ("__loader__", "__spec__", "__package__"))
