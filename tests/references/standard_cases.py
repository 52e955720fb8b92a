"""Programs that use modules of Python's own which are written in ordinary Python, and what makes the arguments of their calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A program whose entry is `f`, and what makes the arguments of a call; `wide`: its ints may have more than 64 bits."""

    text: str
    make: Callable[[random.Random], tuple[Any, ...]]
    wide: bool = False


def ints(source: random.Random) -> list[int]:
    return [source.randint(-9, 9) for _ in range(source.randint(0, 7))]


def floats(source: random.Random) -> list[float]:
    spread = source.choice((1.0, 1e3, 1e-200, 1e150))
    return [source.choice((0.0, -0.0, 0.1, 2.5, source.uniform(-1, 1) * spread)) for _ in range(source.randint(0, 7))]


def text(source: random.Random) -> str:
    return "".join(source.choice("aB c") for _ in range(source.randint(0, 8)))


def wild(source: random.Random) -> list[str]:
    """Floats as texts, among which some are not finite, or add up to more than a float holds."""
    return [source.choice(("1e308", "-1e308", "inf", "-inf", "nan", "1.5", "1e-300")) for _ in range(source.randint(0, 4))]


_TRY = "    try:\n        return {0}\n"
_TRY += "    except (s.StatisticsError, OverflowError, ValueError, AttributeError) as error:\n        return str(error)\n"


def _each(*calls: str, given: str = "xs") -> str:
    """Return a program that makes these calls, each in a function of its own, and lists what they give as text."""
    functions = "".join(f"def g{number}(xs):\n{_TRY.format(call)}" for number, call in enumerate(calls))
    shown = ", ".join(f"repr(g{number}(xs))" for number in range(len(calls)))
    return f"import statistics as s\nfrom statistics import mean as m\n{functions}def f(xs):\n    xs = {given}\n    return [{shown}]\n"


_CENTRES = ("m(xs)", "s.fmean(xs)", "s.median(xs)", "s.median_low(xs)", "s.median_high(xs)", "s.mode(xs)", "s.multimode(xs)")
_SPREADS = ("s.variance(xs)", "s.pvariance(xs)", "s.stdev(xs)", "s.pstdev(xs)")
_QUANTILES = ("s.quantiles(xs)", "s.quantiles(xs, n=10)", "s.quantiles(xs, n=3, method='inclusive')", "s.quantiles(xs, method='x')")

_DEFAULTS = """
from collections import defaultdict, Counter, deque
import collections
K = 3
def g():
    return [K]
def f(xs, n):
    a, b, c = defaultdict(lambda: defaultdict(int)), defaultdict(set), defaultdict(lambda: [0] * 3)
    d, e, h = defaultdict(lambda: float('inf')), defaultdict(list, {1: [2]}), defaultdict(Counter)
    i, j, k = defaultdict(deque), defaultdict(lambda: [[], []]), defaultdict(g)
    m = collections.defaultdict(int, ((x, x) for x in xs))
    for x in xs:
        a[x % 3][x] += 1
        b[x % 2].add(x)
        c[x % 4][x % 3] += x
        d[x % 3] = min(d[x % 3], x * 0.5)
        e[x].append(x)
        h[x % 2][x] += 1
        i[x % 2].append(x)
        j[x % 2][x % 2].append(x)
        k[x].append(n)
        m[x] += 1
    shown = {x: dict(y) for x, y in a.items()}, {x: dict(y) for x, y in h.items()}, {x: list(y) for x, y in i.items()}
    return shown, b, c, d, e, j, dict(k), m, n in a, a[n][n], b.get(n), len(c[n]), sorted(e), m[n]
"""
_DEQUES = """
from collections import deque
def g(q, n):
    try:
        return q.index(n)
    except ValueError as error:
        return str(error)
def h(q, n, x):
    try:
        q.insert(n, x)
    except IndexError as error:
        return str(error)
    return 'done'
def r(q, n):
    try:
        q.remove(n)
    except ValueError as error:
        return str(error)
    return 'gone'
def f(xs, n):
    q, p = deque(xs), deque(xs, 5)
    if xs:
        q.popleft()
        q.append(n)
    found = [g(q, n), h(q, n, 7), h(p, n, 8), r(q, n), r(p, 3)]
    c = q.copy()
    c.append(1)
    d = p.copy()
    d.extend([1, 2, 3])
    q.reverse()
    q.rotate(n)
    return found, q.count(n), list(q), list(p), list(c), list(d), len(deque([1]).copy())
"""
_COUNTERS = """
from collections import Counter
def f(s, t, n):
    a, b = Counter(s), Counter(t)
    c = Counter(a)
    c.subtract(b)
    out = [a <= b, a < b, a >= b, a > b, c <= a, c < c, c >= Counter(), Counter(x=n) > Counter(x=1)]
    return out, +c, -c, list(c.elements()), sorted(a.elements()), ''.join(b.elements()), sum(1 for _ in a.elements())
"""
_PLACES = """
import bisect
from bisect import bisect_left as left
def f(xs, n, m):
    ys, ps = sorted(xs), sorted((x % 3, str(x)) for x in xs)
    zs = sorted(xs, key=lambda x: -x)
    found = [bisect.bisect(ys, n), left(ys, n), bisect.bisect_right(ys, n, 1 if ys else 0), left(ys, n, 0, len(ys) // 2)]
    found += [left(ys, n, 0, -1), bisect.bisect(zs, -n, key=lambda x: -x), left(ps, (1,))]
    found += [left(ps, '2', key=lambda p: p[1]), left(tuple(ys), n), left('abcd', 'c')]
    bisect.insort(ys, n)
    bisect.insort_left(zs, n, key=lambda x: -x)
    bisect.insort_right(ps, (n, ''), key=lambda p: p[0])
    try:
        found.append(left(ys, n, m))
    except ValueError as error:
        return found, str(error), ys, zs, ps
    return found, 'fine', ys, zs, ps
"""
_COPIES = """
import copy
from collections import Counter, defaultdict, deque
def f(xs, n):
    rows, d, s, t = [xs, [n], xs], {n: xs, 1: [2]}, {n, 3}, (n, 'a')
    a, b, c = copy.copy(rows), copy.deepcopy(rows), copy.deepcopy(d)
    e, g = copy.copy(d), copy.deepcopy([[[n], xs], [xs, [1]]])
    h, i, j = copy.deepcopy({'a': {n: 1}, 'b': {2: n}}), copy.copy(s), copy.deepcopy(Counter('abca'))
    k, m = defaultdict(list), copy.deepcopy([{1, n}, {2}])
    k[n].append(1)
    o = copy.deepcopy(k)
    o[n].append(2)
    o[n + 1].append(3)
    xs.append(5)
    b[0].append(6)
    e[1].append(7)
    c[n].append(8)
    g[0][1].append(9)
    i.add(9)
    shown = copy.copy(t), copy.deepcopy(t), list(copy.copy(deque(xs)))
    return a, b, b[0] is b[2], c, d, e, e is d, g, g[0][1] is g[1][0], h, i, j, k, m, o, shown
"""
_OPERATORS = """
import operator as o
from string import capwords
from functools import reduce
def f(xs, n, s):
    ys = list(xs)
    if ys:
        o.setitem(ys, 0, n)
        o.delitem(ys, -1)
    try:
        place = o.indexOf(xs, n)
    except ValueError as error:
        place = len(str(error))
    grown = o.iadd(ys, [1])
    small = o.iadd(n, 2), o.isub(n, 2), o.imul(n, 3), o.ior(n, 1), o.iand(n, 6), o.ixor(n, 5), n.bit_length(), (n / 4).is_integer()
    small = small, reduce(o.iadd, xs, 0), capwords(s), capwords(s, 'a')
    return o.countOf(xs, n), place, o.is_(ys, xs), o.is_not(ys, xs), grown is ys, ys, small
"""
_DATES = """
import datetime as dt
from datetime import date, timedelta, datetime, time
import calendar
def made(y, m, d):
    try:
        return str(date(y, m, d))
    except ValueError as error:
        return str(error)
def moved(a, n):
    try:
        return repr(a + timedelta(n))
    except OverflowError as error:
        return str(error)
def f(ordinal, n, seconds, text):
    a = date.fromordinal(ordinal)
    b = datetime.combine(a, time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60))
    y = a.year
    facts = a.weekday(), a.isoweekday(), a.isocalendar()[0], a.isocalendar()[1], a.toordinal(), str(a), repr(a), a.isoformat(), a.ctime()
    moves = moved(a, n), made(y + n, n, a.day), str(a.replace(day=1)), made(y, a.month, a.day + 20), str(dt.date(y, 3, 1) - timedelta(1))
    other = b + timedelta(hours=n, seconds=seconds)
    span = other - b
    spans = str(span), repr(span), span.days, span.seconds, span.total_seconds(), str(-span), repr(abs(span)), str(span * 3), str(span // 7)
    more = str(span / 7), span / timedelta(minutes=1), span // timedelta(hours=2), str(span % timedelta(hours=5))
    more = more, bool(span), str(span * 1.5)
    order = other > b, other == b, span <= timedelta(0), a < b.date(), b.time() >= time(12), a == b.date(), a != date(2000, 1, 1)
    shown = b.strftime("%d/%m/%y %H:%M:%S %j %A %a %B %b %p %I %U %W %w %u %V %e|%%"), str(b), repr(b), b.isoformat(), b.ctime()
    form = "%m/%d/%y %I:%M %p"
    back = datetime.strptime(b.strftime(form), form), date.fromisoformat(str(a)), datetime.fromisoformat(str(b)), b.time()
    try:
        read = str(datetime.strptime(text, "%Y-%m-%d"))
    except ValueError as error:
        read = str(error)
    month = calendar.monthrange(y, a.month), calendar.isleap(y), calendar.leapdays(1900, y), calendar.weekday(y, a.month, a.day)
    return facts, moves, spans, more, order, shown, [str(one) for one in back], read, month, (a - date(2000, 1, 1)).days
"""


def days(source: random.Random) -> tuple[int, int, int, str]:
    """Return a day's ordinal, a count, seconds, and what may be a date."""
    text = source.choice(("2021-02-28", "2021-02-29", "2020-02-29", "99-1-1", "2021-1-1x", "2021-13-01", "2021-12-1", "2021-012-1"))
    return (
        source.choice((source.randint(364877, 3652059), source.randint(730000, 740000))),
        source.randint(-40, 40),
        source.randint(0, 99999),
        text,
    )


CASES: dict[str, Case] = {
    "dates": Case(_DATES, days),
    "dicts with defaults": Case(_DEFAULTS, lambda source: (ints(source), source.randint(-9, 9))),
    "deques": Case(_DEQUES, lambda source: (ints(source), source.randint(-9, 9))),
    "counters": Case(_COUNTERS, lambda source: (text(source), text(source), source.randint(-2, 3))),
    "places in sorted lists": Case(_PLACES, lambda source: (ints(source), source.randint(-9, 9), source.randint(-1, 3))),
    "copies": Case(_COPIES, lambda source: (ints(source), source.randint(3, 9))),
    "operators": Case(_OPERATORS, lambda source: (ints(source), source.randint(-9, 9), text(source))),
    "centres of ints": Case(_each(*_CENTRES), lambda source: (ints(source),)),
    "spreads of ints": Case(_each(*_SPREADS), lambda source: (ints(source),), wide=True),
    "quantiles": Case(_each(*_QUANTILES), lambda source: (ints(source),)),
    "harmonic means": Case(
        _each("s.harmonic_mean(xs)", "s.harmonic_mean([x * 0.5 for x in xs])"),
        lambda source: ([abs(x) for x in ints(source)] if source.random() < 0.7 else ints(source),),
        wide=True,
    ),
    "centres of floats": Case(_each(*_CENTRES[:4]), lambda source: (floats(source),), wide=True),
    "spreads of floats": Case(_each(*_SPREADS), lambda source: (floats(source),), wide=True),
    "floats that are not finite": Case(
        _each("m(xs)", "s.fmean(xs)", "s.pvariance(xs)", "s.pstdev(xs)", given="[float(x) for x in xs]"),
        lambda source: (wild(source),),
        wide=True,
    ),
    "ints and floats": Case(
        _each("m(xs)", "s.variance(xs)", "s.stdev(xs)", "s.median(xs)"),
        lambda source: ([source.choice((1, 2.5, -3, 0.1)) for _ in range(source.randint(0, 5))],),
        wide=True,
    ),
}
