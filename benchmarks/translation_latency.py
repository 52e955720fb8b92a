"""How long a translation takes, stage by stage, for about 10, 100 and 1,000 lines of arithmetic.

Stands for: somebody pressing Translate, warm (the worker runs, the library was lowered before). A snippet of n lines is n / 10 functions of
ten lines, each calling the one before. Leaves out: starting the worker, and snippets whose time goes into one very long function.
"""

from __future__ import annotations

import statistics
import sys
import time

from common import Result, arguments, milliseconds, show

from portalis.translator import Options, translate

FUNCTION = """
def step_{n}(x: float, y: float, count: int) -> float:
    total = x * {a} + y
    for i in range(count):
        if total > {b}:
            total = total * 0.5 - y
        else:
            total += x / (i + {c}.0)
    scale = abs(total) + {a}
    bounded = min(max(total, -{b}), {b})
    return {call}bounded / scale
"""
STAGES = ("lower", "passes", "llvm", "verify")
# Lines of a snippet, and how many are translated.
ROUNDS = ((10, 25), (100, 9), (1000, 3))
QUICK = ((10, 1),)


def snippet(lines: int, salt: int) -> str:
    """Write a snippet of about `lines` lines; `salt` makes each one new to every cache."""
    functions = []
    for n in range(max(1, lines // 10)):
        call = f"step_{n - 1}(x, y, count) * 0.001 + " if n else ""
        functions.append(FUNCTION.format(n=n, a=f"{1.25 + salt * 1e-3 + n * 1e-5:.6f}", b=f"{100.5 + n}", c=n + 2, call=call))
    return "".join(functions)


def run(lines: int, verify: bool, rounds: int) -> dict[str, float]:
    """Return the median seconds of every stage and of the whole, as the caller sees it."""
    entry = f"step_{max(1, lines // 10) - 1}"
    samples: dict[str, list[float]] = {}
    for salt in range(rounds + 1):
        source = snippet(lines, salt)
        started = time.perf_counter()
        translation = translate(source, entry, options=Options(verify=verify))
        whole = time.perf_counter() - started
        if salt == 0:
            continue  # warm-up
        for stage, seconds in (*translation.build.seconds.items(), ("whole", whole)):
            samples.setdefault(stage, []).append(seconds)
    return {stage: statistics.median(values) for stage, values in samples.items()}


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    result = Result("translation latency, ms (median)", ("lines", "verified", *STAGES, "worker and rest", "whole"))
    for lines, rounds in QUICK if options.quick else ROUNDS:
        for verify in (False, True):
            seconds = run(lines, verify, rounds)
            rest = seconds["whole"] - sum(seconds.get(stage, 0.0) for stage in STAGES)
            cells = [milliseconds(seconds[stage]) if stage in seconds else "" for stage in STAGES]
            cases = str(Options().cases) if verify else "no"
            result.rows.append([str(lines), cases, *cells, milliseconds(rest), milliseconds(seconds["whole"])])
            result.data[f"{lines} lines, {'verified' if verify else 'not verified'}"] = seconds
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
