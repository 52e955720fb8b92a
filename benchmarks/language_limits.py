"""What large inputs come to: an answer or a diagnostic, within seconds and in bounded memory.

    python benchmarks/language_limits.py [NAME…] [--json]

It stands for what nobody means to try: a module of thousands of lines, parentheses and blocks without end, lists of millions, types that
never settle, calls by the hundred thousand. Each runs in a process of its own, which is killed after four minutes. The status is 1 where
anything crashes, takes more than a minute or 4 GB, or gives another answer than CPython. Memory is the largest of the process itself, from
its start on, and of each that it started. Left out: speed in between (`translation_latency.py`).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from common import Result, arguments, show

from portalis.translator import translate
from portalis.translator.bridge import GuestStop
from portalis.translator.diagnostics import GuardError, TranslationError

SECONDS, BYTES, KILLED_AFTER = 60, 4 << 30, 240
CALLS = 100_000


def _lines(count: int) -> str:
    functions = [
        f"def f{n}(x: int) -> int:\n    y = x + {n}\n    if y > 10:\n        y -= f{n // 2}(3)\n    return y\n"
        for n in range(1, count // 5)
    ]
    return "def f0(x: int) -> int:\n    return x\n" + "".join(functions)


def _growing(body: str) -> str:
    return f"def f(n: int):\n{body}"


# The source, the function, and the arguments of its call.
Case = tuple[str, str, tuple[int, ...]]
CASES: Mapping[str, Callable[[], Case]] = MappingProxyType(
    {
        "a module of 5,000 lines": lambda: (_lines(5000), "f998", (5,)),
        "one function of 2,000 lines": lambda: ("def f(x: int) -> int:\n" + "    x += x % 7\n" * 1999 + "    return x\n", "f", (5,)),
        "200 nested parentheses": lambda: (f"def f(x: int) -> int:\n    return {'(' * 199}x{' + 1)' * 199}\n", "f", (5,)),
        "90 nested blocks": lambda: (
            "def f(x: int) -> int:\n" + "".join(f"{' ' * (n + 1)}if x > {n}:\n" for n in range(90)) + " " * 91 + "x += 1\n return x\n",
            "f",
            (95,),
        ),
        "a sum of 5,000 terms": lambda: ("def f(x: int) -> int:\n    return " + " + ".join(["x"] * 5000) + "\n", "f", (5,)),
        "a list of ten million": lambda: (_growing("    xs = [0] * n\n    xs[-1] = 7\n    return len(xs), sum(xs)\n"), "f", (10**7,)),
        "ten million appends": lambda: (
            _growing("    xs = []\n    for i in range(n):\n        xs.append(i)\n    return xs[-1]\n"),
            "f",
            (10**7,),
        ),
        "a million appends to a text": lambda: (
            _growing("    s = ''\n    for i in range(n):\n        s += 'ab'\n    return len(s), s[-3:]\n"),
            "f",
            (10**6,),
        ),
        "a dict of a million": lambda: (
            _growing("    d = {}\n    for i in range(n):\n        d[i * 7919] = i\n    return len(d), d[7919 * 12345]\n"),
            "f",
            (10**6,),
        ),
        "a million texts as keys": lambda: (
            _growing("    d = {}\n    for i in range(n):\n        d[str(i)] = i\n    return len(d), d['777']\n"),
            "f",
            (10**6,),
        ),
        "an int of ten thousand bits": lambda: (
            _growing("    x = 1\n    for i in range(n):\n        x *= 3\n    return x % 1000007\n"),
            "f",
            (6_300,),
        ),
        "types that never settle": lambda: (
            _growing("    xs = []\n    for i in range(n):\n        xs = [xs]\n    return len(xs)\n"),
            "f",
            (5,),
        ),
        "a recursion without end": lambda: (_growing("    return 0 if n < 5 else f(n + 1)\n"), "f", (5,)),
        "a loop without end": lambda: (_growing("    while n:\n        n += 1\n        n -= 1\n    return n\n"), "f", (5,)),
        "more memory than there is": lambda: (_growing("    xs = []\n    while True:\n        xs.append([0] * 1000)\n"), "f", (5,)),
        "100,000 calls that allocate": lambda: (_growing("    return [str(i) for i in range(n)]\n"), "f", (20,)),
    }
)
# CPython never ends these, or only with all memory; and its recursion ends where the host's own calls leave off.
ENDLESS = ("a recursion without end", "a loop without end", "more memory than there is")


def one(name: str) -> dict[str, Any]:
    """Translate and call one case in this process."""
    source, function, given = CASES[name]()
    started = time.perf_counter()
    told = ""
    try:
        translated = translate(source, function, [f"{function}(*{given!r})" if len(given) > 1 else f"{function}(5)"]).with_budget(
            seconds=20.0
        )
        translation = time.perf_counter() - started
        before = time.perf_counter()
        answer = translated(*given)
        call = time.perf_counter() - before
        if name not in ENDLESS:
            namespace: dict[str, Any] = {}
            exec(source, namespace)
            told = "as CPython" if answer == namespace[function](*given) else "WRONG"
        if name.startswith("100,000"):
            first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            for _ in range(CALLS):
                translated(*given)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first
            told += f", {grown / 1024:.0f} MB more after {CALLS:,} calls"
    except TranslationError as error:
        translation, call = time.perf_counter() - started, 0.0
        told = f"refused: {error.diagnostics[0].code} {error.diagnostics[0].message}"
    except GuardError as error:
        call = time.perf_counter() - before
        told = f"guarded: {error}"
    except GuestStop as error:
        call = time.perf_counter() - before
        told = f"stopped: {error.reason}"
    except RecursionError as error:
        call = time.perf_counter() - before
        told = f"RecursionError: {error}"
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"translation": translation, "call": call, "told": told, "megabytes": memory / 1024}


def _apart(name: str) -> dict[str, Any]:
    try:
        done = subprocess.run([sys.executable, __file__, name, "--here"], capture_output=True, text=True, timeout=KILLED_AFTER)
    except subprocess.TimeoutExpired:
        return {"translation": 0.0, "call": 0.0, "told": "CRASH: no answer in time", "megabytes": 0.0}
    if done.returncode:
        lines = done.stderr.strip().splitlines()[-1:] or [""]
        return {"translation": 0.0, "call": 0.0, "told": f"CRASH: status {done.returncode}: {lines[0][:200]}", "megabytes": 0.0}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Run the cases; status 1 where one crashes, is wrong, takes too long or too much memory."""
    parser = arguments(__doc__ or "")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the cases to run; all where none is named")
    parser.add_argument("--here", action="store_true", help="run one case in this process, and answer with JSON")
    options = parser.parse_args()
    if options.here:
        print(json.dumps(one(options.names[0])))
        return 0
    result = Result("large inputs", ("what", "translated in s", "called in s", "largest process, MB", "came to"))
    bad = 0
    for name in options.names or (list(CASES)[2:3] if options.quick else CASES):
        found = _apart(name)
        result.data[name] = found
        over = found["translation"] + found["call"] > SECONDS or found["megabytes"] * 2**20 > BYTES
        bad += over or found["told"].startswith(("CRASH", "WRONG"))
        cells = [f"{found['translation']:.2f}", f"{found['call']:.2f}", f"{found['megabytes']:.0f}"]
        result.rows.append([name, *cells, found["told"] + (" (too much)" if over else "")])
    show([result], options.json)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
