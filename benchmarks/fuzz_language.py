"""Fuzz the language: random functions on objects, and random programs about state, translated and held to CPython.

    python benchmarks/fuzz_language.py [--minutes 1 | --cases N] [--seed N] [--case SEED] [--rust] [--json]

It stands for code that people write and that nobody here thought of. Every third module is about state (aliases, order of evaluation,
exceptions, classes, closures, generators), the others are functions on lists, texts, dicts, sets and tuples. Each is translated with
three of its calls as examples and called eight times, every fifth one verified before as always: values, types, orders, exceptions with
their messages, prints, and arguments afterwards must be CPython's. A refusal and a guard are answers, counted by code; a case that
differs or crashes is made smaller and printed. Left out: speed, and modules that import.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import random
import sys
import time
from collections import Counter

from language_fuzz.compare import Fate, fate_of
from language_fuzz.in_rust import TOGETHER, fates_in_rust
from language_fuzz.shrink import smaller
from language_fuzz.state_writer import random_state_module
from language_fuzz.writer import Module, random_module
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from portalis.translator import Options

# One module in so many is about state.
STATE_EVERY = 3
# One in so many is verified too: that takes as long as all the rest, and judges the oracle more than what is called.
VERIFIED_EVERY = 5


def module_of(case: int) -> Module:
    """Write the module of a case, whose number also tells which writer's it is."""
    return random_module(case) if case % STATE_EVERY else random_state_module(case)


def options_of(case: int) -> Options:
    """Return how the module of a case is translated."""
    return Options(typed=True, cases=48, verify=case % VERIFIED_EVERY == 0)


def main() -> int:
    """Fuzz; status 1 where anything differs or crashes."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--cases", type=int, help="so many cases instead of minutes")
    parser.add_argument("--seed", type=int, default=None, help="the first case; random where it is not given, and printed")
    parser.add_argument("--case", type=int, help="run this one case, and show it")
    parser.add_argument("--rust", action="store_true", help="as Rust: many modules are compiled together, and none is verified before")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    options = parser.parse_args()
    if options.case is not None:
        return _one_case(options.case, options.rust)
    seed = random.SystemRandom().randrange(10**9) if options.seed is None else options.seed
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"seed {seed}")
    fates: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    findings: list[dict[str, str | int]] = []
    end = math.inf if options.cases else time.monotonic() + 60.0 * options.minutes
    columns = (TextColumn("{task.fields[said]}"), BarColumn(), TimeElapsedColumn())
    number = 0
    # Who ends it sooner is told what was found until then.
    with contextlib.suppress(KeyboardInterrupt), Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=options.cases, said="")
        while time.monotonic() < end and number != options.cases:
            count = min(TOGETHER, (options.cases or TOGETHER) - number % (options.cases or TOGETHER)) if options.rust else 1
            modules = [module_of(seed + number + place) for place in range(count)]
            found = fates_in_rust(modules) if options.rust else [fate_of(modules[0], options_of(seed + number))]
            for place, (module, fate) in enumerate(zip(modules, found, strict=True)):
                fates[fate.kind] += 1
                refused.update(fate.detail.split() if fate.kind == "refused" else ())
                if fate.found:
                    findings.append(_finding(seed + number + place, module, fate, options.rust))
                    _tell(findings[-1], console)
            number += count
            progress.update(task, completed=number, said=f"{number} cases, {len(findings)} findings")
    if options.json:
        print(json.dumps({"seed": seed, "cases": number, "fates": fates, "refused": refused, "findings": findings}, indent=2))
    else:
        print(f"{number:,} cases from seed {seed}: " + ", ".join(f"{kind} {count}" for kind, count in fates.most_common()))
        print("refused by code: " + ", ".join(f"{code} {count}" for code, count in refused.most_common()))
    return 1 if findings else 0


def _finding(seed: int, module: Module, fate: Fate, rust: bool) -> dict[str, str | int]:
    if rust:
        # Each try to make it smaller would be a run of rustc.
        return {"case": seed, "kind": fate.kind, "detail": fate.detail, "text": module.text, "calls": "; ".join(module.calls)}
    options = options_of(seed)
    small = smaller(module, lambda one: fate_of(one, options).kind == fate.kind)
    return {"case": seed, "kind": fate.kind, "detail": fate_of(small, options).detail, "text": small.text, "calls": "; ".join(small.calls)}


def _tell(finding: dict[str, str | int], console: Console) -> None:
    console.print(
        f"--case {finding['case']}: {finding['kind']}: {finding['detail']}\n{finding['text']}\n# {finding['calls']}\n", markup=False
    )


def _one_case(seed: int, rust: bool) -> int:
    module = module_of(seed)
    print(module.text, *module.calls, sep="\n")
    fate = fates_in_rust([module])[0] if rust else fate_of(module, options_of(seed))
    print(fate.kind, fate.detail)
    return 1 if fate.found else 0


if __name__ == "__main__":
    sys.exit(main())
