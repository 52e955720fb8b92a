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


ISO = ("20240229", "2024-02-29", "2024022", "20230229", "20241301", "65554200", "2024-02-3")


def ints(source: random.Random) -> list[int]:
    return [source.randint(-9, 9) for _ in range(source.randint(0, 7))]


def floats(source: random.Random) -> list[float]:
    if source.random() < 0.3:
        # Sums that lie half-way between floats, but for what is small.
        return [source.choice((1.0, 2.0**-53, 2.0**-106, -(2.0**-106))) for _ in range(source.randint(0, 5))]
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
    left = a.copy()
    del left[s[:1]], left['none']
    return out, left, +c, -c, list(c.elements()), sorted(a.elements()), ''.join(b.elements()), sum(1 for _ in a.elements())
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
    facts = a.weekday(), a.isoweekday(), a.toordinal(), str(a), repr(a), a.isoformat(), a.ctime()
    week = a.isocalendar()
    weeks = str(week), week.week, week[0], week == (y, 1, 1), week[:2], week < b.isocalendar()
    moves = moved(a, n), made(y + n, n, a.day), str(a.replace(day=1)), made(y, a.month, a.day + 20), str(dt.date(y, 3, 1) - timedelta(1))
    other = b + timedelta(hours=n, seconds=seconds)
    span = other - b
    spans = str(span), repr(span), span.days, span.seconds, span.total_seconds(), str(-span), repr(abs(span)), str(span * 3), str(span // 7)
    more = str(span / 7), span / timedelta(minutes=1), span // timedelta(hours=2), str(span % timedelta(hours=5))
    more = more, bool(span), str(span * 1.5), str(timedelta(microseconds=seconds) / 2), str(timedelta(0, 0, n) / -4)
    order = other > b, other == b, span <= timedelta(0), a < b.date(), b.time() >= time(12), a == b.date(), a != date(2000, 1, 1)
    shown = b.strftime("%d/%m/%y %H:%M:%S %j %A %a %B %b %p %I %U %W %w %u %V %e|%%"), str(b), repr(b), b.isoformat(), b.ctime()
    form = "%m/%d/%y %I:%M %p"
    back = datetime.strptime(b.strftime(form), form), date.fromisoformat(str(a)), datetime.fromisoformat(str(b)), b.time()
    try:
        read = str(datetime.strptime(text, "%Y-%m-%d"))
    except ValueError as error:
        read = str(error)
    day, (first, days) = calendar.weekday(y, a.month, a.day), calendar.monthrange(y, a.month)
    month = int(first), days, calendar.isleap(y), calendar.leapdays(1900, y), int(day), day == calendar.FRIDAY
    return facts, weeks, moves, spans, more, order, shown, [str(one) for one in back], read, month, (a - date(2000, 1, 1)).days
"""
_LONG_SPANS = """
from datetime import timedelta
def f(days, times):
    try:
        return str(timedelta(days) * times)
    except OverflowError as error:
        return str(error)
"""
_DATES_AS_TEXT = """
from datetime import date
def f(text):
    try:
        return str(date.fromisoformat(text))
    except ValueError as error:
        return str(error)
"""
_FRACTIONS = """
from fractions import Fraction
import fractions
def made(a, b):
    try:
        return str(Fraction(a, b))
    except ZeroDivisionError as error:
        return str(error)
def read(s):
    try:
        return repr(fractions.Fraction(s))
    except ValueError as error:
        return str(error)
def divided(x, y):
    try:
        return str(x / y)
    except ZeroDivisionError as error:
        return str(error)
def f(a, b, x, s):
    p, q = Fraction(a, 7), Fraction(b * 3, 12)
    shown = str(p), repr(q), str(p + q), str(p - q), str(p * q), str(-p), str(abs(q)), str(+p)
    shown = shown, divided(p, q), divided(p, a), made(a, b), read(s)
    mixed = str(p + 1), str(1 - p), str(2 * q), p + x, x * q, p - 0.5, str(p ** 3), p ** 2 == p * p
    order = p < q, p <= q, p > 0, q >= 1, p == a, q == x, p != q, p < x, q > x, bool(p), 1 < q, x == p, x < p
    numbers = int(q), float(p), round(q), str(round(p, 1)), p.numerator, q.denominator, p.as_integer_ratio()
    near = str(Fraction(x).limit_denominator(20)), str(Fraction(a * 1001, 997).limit_denominator(50)), str(Fraction(Fraction(1, 2), 3))
    whole = Fraction(5, 3)
    return shown, mixed, order, numbers, near, p // whole, str(q % whole), str(Fraction(a)), str(Fraction.from_float(x))
"""
_DECIMALS = """
import decimal
from decimal import Decimal, ROUND_HALF_UP
def f(s, t, n, k):
    a, b = Decimal(s), Decimal(t)
    shown = str(a), repr(b), str(a + b), str(a - b), str(a * b), str(-a), str(abs(b)), str(+a)
    shown = shown, str(a + n), str(n - a), str(2 * b), str(a.normalize())
    parts = [str(a / b), str(a // b), str(a % b), str(1 / b)] if b else []
    if not a.is_signed():
        parts.append(str(a.sqrt()))
    order = a < b, a == b, a >= n, b != n, a > 0.5, bool(a), n < a, a.is_zero(), a.adjusted()
    rounded = str(a.quantize(Decimal("0.01"))), str(b.quantize(Decimal("1"), rounding=ROUND_HALF_UP)), str(round(a, 1))
    modes = [decimal.ROUND_UP, decimal.ROUND_DOWN, decimal.ROUND_CEILING, decimal.ROUND_FLOOR, decimal.ROUND_HALF_DOWN]
    modes.append(decimal.ROUND_HALF_EVEN)
    numbers = round(b), int(a), float(b), str(Decimal(n)), str(Decimal(0.1))
    return shown, parts, order, rounded, numbers, [str(a.quantize(Decimal(k), rounding=mode)) for mode in modes]
"""

_RANDOM = """
import random
from random import Random
def f(seed, n, xs, s):
    r = random.Random(seed)
    q = Random(n)
    drawn = [r.random() for _ in range(3)], r.randint(1, 6), r.randrange(10), r.randrange(5, 50, 7), r.uniform(-1.0, n), r.getrandbits(40)
    ys = list(xs)
    r.shuffle(ys)
    try:
        one = str(r.choice(ys)) + r.choice("abc")
    except IndexError as error:
        one = str(error)
    many = r.sample(range(100), 8), q.choice(range(n * n + 1)), r.sample(list(range(60)), 7)
    many = many, r.sample(s, min(3, len(s))), q.choices("xyz", k=4)
    many = many, q.choices([1, 2, 3], weights=[5, 1, n * n + 1], k=3)
    q.seed(seed)
    more = [q.randint(-5, 5) for _ in range(700)][-3:], q.choices("ab", cum_weights=[1.5, 4], k=2), q.getrandbits(8), q.randint(1, 10 ** 12)
    try:
        r.sample(xs, len(xs) + 1)
    except ValueError as error:
        return drawn, ys, one, many, more, str(error)
    return drawn, ys, one, many, more, ''
"""
_JSON = """
import json
def f(s, n, x, xs, d):
    rows = [{'a': xs, 'b': []}, {'a': [n], 'b': [1]}]
    plain = json.dumps(s), json.dumps([s, s], ensure_ascii=False), json.dumps(n), json.dumps(x), json.dumps(n > 0)
    plain = plain, json.dumps(None), json.dumps(xs), json.dumps(d), json.dumps(d, sort_keys=True)
    dicts = json.dumps(d, indent=2), json.dumps(rows, indent=4, sort_keys=True), json.dumps({n: x})
    mixed = json.dumps({'n': n, 's': s, 'x': None}), json.dumps((n, s, x)), json.dumps({}, indent=1), json.dumps([[]], indent=0)
    forms = json.dumps(rows, separators=(',', ':')), json.dumps(xs, indent='--'), json.dumps({True: 1}), json.dumps([x, None, n])
    return plain, dicts, mixed, forms
"""
_TEXTS = """
import textwrap
from textwrap import dedent, wrap
def f(text, width, prefix):
    try:
        lines = wrap(text, width)
        other = wrap(text, width, break_long_words=False), textwrap.wrap(text, width, initial_indent='* ', subsequent_indent=prefix)
        more = textwrap.fill(text, width), wrap(text, width, drop_whitespace=False), wrap("abc def", 2, initial_indent="  ")
        return lines, other, more, textwrap.indent(text, prefix), dedent(text)
    except ValueError as error:
        return [str(error)], ([], []), (textwrap.fill(text), [], []), textwrap.indent(text, prefix), dedent(text)
"""
_SHORTENED = """
import textwrap
def f(text, width):
    try:
        return textwrap.shorten(text, width)
    except ValueError as error:
        return str(error)
"""


_TEXT_FILES = """
import io
from io import StringIO
class Parts:
    def __init__(self):
        self.parts = []
    def write(self, text):
        self.parts.append(text)
def number_of(values):
    return len(values)
def step(out, number):
    try:
        if number == 0:
            return str(out.write("ab\\ncd\\n"))
        if number == 1:
            return repr((out.read(2), out.readline(), out.tell()))
        if number == 2:
            return str(out.seek(3))
        if number == 3:
            return str(out.seek(9) + out.truncate())
        if number == 4:
            return repr([line for line in out])
        if number == 5:
            out.writelines(["x\\n", "yy"])
            return repr(out.readlines())
        if number == 6:
            return str(out.seek(0, 2) + out.truncate(4))
        if number == 7:
            print("p", number, [1.5, "q"], sep="-", end=";", file=out)
            return repr((out.readline(1), out.read(None)))
        if number == 8:
            with out as same:
                return str(same.write(""))
        if number == 9:
            return str(out.seek(-1))
        if number == 10:
            return str(out.seek(0, 5))
        if number == 11:
            return str(out.truncate(-3))
        if number == 13:
            return repr((out.seek(True), out.tell(), out.truncate(False)))
        out.flush()
        return str(out.write(number))
    except (ValueError, TypeError) as error:
        return str(error)
def f(start, numbers):
    out, parts, lines = StringIO(start), Parts(), StringIO()
    shown = [step(out, number) for number in numbers]
    print(*shown[:2], file=lines)
    print(*shown[2:], sep=",", end=".", file=lines)
    print(*(1, number_of(shown)), file=parts)
    print("", len(shown), sep="", file=parts, flush=False)
    print(file=parts)
    print("seen", file=None)
    return shown, out.closed, "" if out.closed else out.getvalue(), io.StringIO().getvalue(), parts.parts, lines.getvalue()
"""

_ROWS = """
import csv
import io
from csv import DictReader, writer, QUOTE_ALL
def read(lines, k):
    rows = []
    try:
        if k == 0:
            for row in csv.reader(lines):
                rows.append(row)
        elif k == 1:
            rows.extend(csv.reader(lines, delimiter=';', quotechar="'", skipinitialspace=True))
        elif k == 2:
            rows.extend(csv.reader(lines, strict=True))
        elif k == 3:
            rows.extend(csv.reader(lines, 'excel', doublequote=False, delimiter=' '))
        else:
            rows.extend(csv.reader(lines, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        rows.append([str(error), repr(error)])
    return rows
def written(rows, k):
    out = io.StringIO()
    if k == 0:
        w = writer(out)
    elif k == 1:
        w = writer(out, delimiter=';', quotechar="'", lineterminator='#', quoting=csv.QUOTE_NONNUMERIC)
    elif k == 2:
        w = csv.writer(out, quoting=QUOTE_ALL, lineterminator='')
    else:
        w = csv.writer(out, doublequote=False)
    try:
        count = w.writerow(rows[0]) if rows else -1
        w.writerows(rows[1:])
    except csv.Error as error:
        return str(error), out.getvalue()
    return str(count), out.getvalue()
def dicts(text):
    found = []
    source = csv.DictReader(io.StringIO(text), restval='?')
    for row in source:
        found.append((source.line_num, row))
    return found
def f(lines, rows, x, n):
    text = "".join(lines)
    r = csv.reader(io.StringIO(text))
    first = next(r) if lines else []
    shown = [read(lines, k) for k in range(5)], first, r.line_num, list(r), r.line_num
    out, other = io.StringIO(), io.StringIO()
    mixed = csv.writer(out)
    mixed.writerow([n, x, text])
    mixed.writerow([None, n > 0, (n,)])
    mixed.writerow((x, n, None))
    mixed.writerow(text)
    w = csv.DictWriter(other, fieldnames=['a', 'b'], restval='-', extrasaction='ignore' if n > 0 else 'raise')
    w.writeheader()
    w.writerow({'b': text, 'a': str(n)})
    try:
        w.writerows([{'a': 'x'}, {'c': text}])
    except ValueError as error:
        return shown, [written(rows, k) for k in range(4)], out.getvalue(), other.getvalue(), [], str(error)
    return shown, [written(rows, k) for k in range(4)], out.getvalue(), other.getvalue(), dicts('a,b,c,d,e\\n\\n1\\n' + text), ''
"""
_TEMPLATES = """
import string
from string import Template
def tried(k, text, d, n):
    t = Template(text)
    try:
        if k == 0:
            return t.substitute(d, name=n)
        if k == 1:
            return t.substitute(a=n, b=text, mapping=text)
        if k == 2:
            return string.Template(text).substitute(d)
        if k == 3:
            return t.safe_substitute(d)
        if k == 4:
            return t.safe_substitute(d, a=n)
        if k == 5:
            return t.substitute()
        if k == 6:
            return repr(t.get_identifiers())
        if k == 7:
            return t.safe_substitute(**d)
        return repr((t.is_valid(), t.template))
    except KeyError as error:
        return repr(error)
    except ValueError as error:
        return str(error)
def f(text, d, n):
    return [tried(k, text, d, n) for k in range(9)]
"""

_QUEUES = """
import queue
from queue import Queue
def f(xs, n):
    q, s, p, out = Queue(maxsize=n), queue.LifoQueue(), queue.PriorityQueue(), []
    for x in xs:
        s.put(x)
        p.put((x % 3, str(x)))
        try:
            q.put(x, block=False)
        except queue.Full:
            out.append('full')
    shown = (q.qsize(), q.full(), s.empty(), isinstance(p, Queue), p.queue)
    try:
        while True:
            out.append(str(q.get_nowait()))
            q.task_done()
    except queue.Empty:
        q.join()
    try:
        q.task_done()
    except ValueError as error:
        out.append(str(error))
    return out, shown, [s.get() for x in xs], [p.get()[1] for x in xs], s.empty(), p.full()
"""
_COMPARED = """
from functools import cmp_to_key
from operator import attrgetter, methodcaller
import functools
class P:
    def __init__(self, a):
        self.a, self.b = a, [a, -a]
        self.q = self if a == 0 else P(0)
    def g(self, k, j=1):
        return self.a * k + j
def c(a, b):
    if a[1] > b[1]:
        return -1
    elif a[1] < b[1]:
        return 1
    return a[0] - b[0]
def f(xs, s):
    ps = [P(x) for x in xs]
    ps.sort(key=attrgetter('a'), reverse=True)
    pairs = [(x, x * x) for x in xs]
    key = cmp_to_key(lambda x, y: y - x)
    texts = sorted(s.split(), key=functools.cmp_to_key(lambda a, b: -1 if a + b > b + a else 1))
    asked = []
    def watched(a, b):
        asked.append((a, b))
        return a // 2 - b // 2
    asked.append((len(sorted(xs, key=cmp_to_key(watched))), sorted(xs, key=cmp_to_key(watched), reverse=True)[0] if xs else 0))
    found = asked, [p.a for p in ps], [p.a for p in sorted(ps, key=attrgetter('q.a', 'a'))], list(map(methodcaller('g', 3, j=2), ps))
    return found, sorted(pairs, key=cmp_to_key(c)), texts, min(xs, key=key, default=5), key(3) < key(4), key(3) == key(3), key(1).obj
"""
_COLOURS = """
import colorsys
from colorsys import hsv_to_rgb
def f(a, b, c):
    found = colorsys.rgb_to_hsv(a, b, c), colorsys.rgb_to_yiq(a, b, c), colorsys.yiq_to_rgb(a, b, c)
    return found, hsv_to_rgb(a, b, c), hsv_to_rgb(a, 1, 1), colorsys.hls_to_rgb(a, b, c), tuple(round(x * 255) for x in hsv_to_rgb(a, 1, 1))
"""
_CODED = """
import base64, binascii
import functools
import hashlib
import math
from hashlib import sha256
from math import gcd
def told(k, s):
    try:
        if k == 0:
            return base64.b64decode(s)
        if k == 1:
            return base64.b32decode(s, casefold=True)
        if k == 2:
            return base64.b16decode(s)
        return base64.urlsafe_b64decode(s) if k == 3 else binascii.unhexlify(s)
    except (binascii.Error, ValueError) as error:
        return str(error).encode()
def f(b, s, xs):
    h = hashlib.md5(b)
    c = h.copy()
    c.update(s.encode())
    found = base64.b64encode(b), base64.b32encode(b), base64.b16encode(b), base64.urlsafe_b64encode(b), base64.b64encode(b, b'.-')
    digests = h.hexdigest(), c.digest(), c.name, hashlib.sha1(s.encode()).hexdigest(), sha256(b).hexdigest(), hashlib.sha224(b).digest()
    n = [abs(x) for x in xs]
    try:
        note = str(math.perm(xs[0] if xs else 2))
    except ValueError as error:
        note = str(error)
    counted = functools.reduce(gcd, xs, 0), list(map(gcd, xs, n)), gcd(*xs), math.lcm(*n), math.gcd(8, 12), math.perm(5, 2)
    back = base64.b64decode(found[0]) == b, base64.b32decode(found[1]), base64.urlsafe_b64decode(found[3] + b'AB')
    return found, digests, note, back, binascii.hexlify(b), [told(k, s) for k in range(5)], counted
"""
_CLOSED = """
import string
from contextlib import closing
from string import ascii_lowercase as low
class R:
    def __init__(self, log):
        self.log = log
    def close(self):
        self.log.append('closed')
def f(s):
    log = []
    try:
        with closing(R(log)) as r:
            r.log.append(str(int(s, 16)))
    except ValueError as error:
        log.append(str(error))
    return log, [low.find(x) for x in s], string.digits.index('3'), low.upper()[:2], string.hexdigits.count('a')
"""


def lines(source: random.Random) -> list[str]:
    """Return lines of fields, with quotes, blanks and line ends in places where they mean something."""

    def line() -> str:
        parts = ('"', "'", ",", ";", " ", "a", "bc", '""', '"a"', "\\", "é")
        return "".join(source.choice(parts) for _ in range(source.randint(0, 6)))

    return [line() + source.choice(("\n", "\r\n", "\n", "")) for _ in range(source.randint(0, 4))]


def rows(source: random.Random) -> list[list[str]]:
    """Return rows of what is written between quotes, or need not be."""
    parts = ("", "a", ",", ";", '"', "'", "a b", "#", "é")
    return [[source.choice(parts) + source.choice(parts) for _ in range(source.randint(0, 3))] for _ in range(source.randint(0, 3))]


def template(source: random.Random) -> str:
    """Return a text with placeholders, some of which are none."""
    parts = ("$", "$$", "${", "}", "$a", "${b}", "${name}", "$name", "_1", "$é", "$A", "\n", " ", "x", "${a b}", "$_c9", "\u017f")
    return "".join(source.choice(parts) for _ in range(source.randint(0, 4)))


def words(source: random.Random) -> str:
    """Return a text of words, blanks and line ends."""
    parts = ["a", "bb", "ccc", "dddddddd", "extraordinarily", " ", "  ", "\n", "\t", "\n\n    ", "é", "\xa0"]
    return "".join(source.choice(parts) + source.choice(("", " ")) for _ in range(source.randint(0, 25)))


def ratios(source: random.Random) -> tuple[int, int, float, str]:
    """Return two ints, a float, and what may be a fraction."""
    text = source.choice(("3/4", "-3/4", " 7 ", "1.25", "-.5", "1e3", "1.5e-2", "3/", "x", "1/2/3", "", "+5", "2.", "1 /2", "4/-2"))
    return source.randint(-30, 30), source.randint(-9, 9), source.choice((0.5, -1.25, 0.1, 3.0, 1e10)), text


def numbers(source: random.Random) -> tuple[str, str, int, str]:
    """Return two decimals as texts, an int, and the form of what is rounded."""

    def one() -> str:
        digits = str(source.randint(0, 10 ** source.choice((1, 3, 9, 26))))
        return source.choice(("", "-")) + source.choice(
            (digits, digits + "." + digits[:4], "0.000" + digits, digits[:5] + "e-3", digits[:3] + "E4")
        )

    return one()[:18], one()[:12], source.randint(-9, 99), source.choice(("1", "0.1", "0.001"))


def days(source: random.Random) -> tuple[int, int, int, str]:
    """Return a day's ordinal, a count, seconds, and what may be a date."""
    text = source.choice(("2021-02-28", "2021-02-29", "2020-02-29", "99-1-1", "2021-1-1x", "2021-13-01", "2021-12-1", "2021-012-1"))
    return (
        # The last days of February in 2000 and 1600, which are leap years.
        source.choice((source.randint(364877, 3652059), source.randint(730000, 740000), 730179, 584082)),
        source.randint(-40, 40),
        source.randint(0, 99999),
        text,
    )


CASES: dict[str, Case] = {
    "dates": Case(_DATES, days),
    "long spans": Case(_LONG_SPANS, lambda source: (source.choice((999999999, 10**9, 2**31 - 1, 2**31)), source.randint(-3, 3)), wide=True),
    "dates as text": Case(_DATES_AS_TEXT, lambda source: (source.choice(ISO) + "x" * source.randint(0, 2) + "-" * source.randint(0, 2),)),
    "random": Case(
        _RANDOM,
        lambda source: (
            source.choice((source.randint(-5, 5), source.randint(0, 2**40))),
            source.randint(-4, 9),
            ints(source),
            text(source),
        ),
    ),
    "json": Case(
        _JSON,
        lambda source: (
            "".join(source.choice('aé"\\\n\x7f😀\x01\x1f/\u2028') for _ in range(source.randint(0, 6))),
            source.randint(-9, 9),
            source.choice((0.5, 1e22, -0.0, 3.0)),
            ints(source),
            {key: source.randint(0, 9) for key in source.sample("zyxabc", source.randint(0, 4))},
        ),
    ),
    "paragraphs": Case(
        _TEXTS, lambda source: (words(source), source.choice((0, source.randint(5, 30))), source.choice(("> ", "", "    ")))
    ),
    "texts as files": Case(
        _TEXT_FILES,
        lambda source: (
            "".join(source.choice("a\n\ré\0😀") for _ in range(source.randint(0, 6))),
            [source.choice((*range(8), *range(8), *range(14))) for _ in range(source.randint(2, 9))],
        ),
    ),
    "rows of texts": Case(_ROWS, lambda source: (lines(source), rows(source), source.choice((0.5, 1e22, -0.0)), source.randint(-9, 9))),
    "templates": Case(
        _TEMPLATES,
        lambda source: (
            template(source),
            {key: source.choice("xyz$") for key in source.sample(("a", "b", "name", "A"), source.randint(0, 4))},
            source.randint(-9, 9),
        ),
    ),
    "queues": Case(_QUEUES, lambda source: (ints(source), source.randint(0, 3))),
    "what a function compares": Case(_COMPARED, lambda source: (ints(source), words(source))),
    "colours": Case(_COLOURS, lambda source: tuple(source.choice((0.0, 1.0, 0.5, source.uniform(-0.5, 1.5))) for _ in range(3))),
    "bytes as text": Case(
        _CODED,
        lambda source: (
            bytes(source.randrange(256) for _ in range(source.choice((1, 4, source.randint(0, 70))))),
            "".join(source.choice("aZ9/+-_=27AF\n") for _ in range(source.choice((4, 8, source.randint(0, 9))))),
            ints(source),
        ),
    ),
    "what is closed": Case(_CLOSED, lambda source: ("".join(source.choice("1af-z") for _ in range(source.randint(1, 3))),)),
    "shortened texts": Case(_SHORTENED, lambda source: (words(source), source.randint(0, 40))),
    "fractions": Case(_FRACTIONS, ratios, wide=True),
    "decimals": Case(_DECIMALS, numbers, wide=True),
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
