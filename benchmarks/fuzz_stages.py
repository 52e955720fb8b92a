"""Fuzz the stage and the bridge: random stages with edits while they play, and modules that mean harm; nothing may be hurt.

    python benchmarks/fuzz_stages.py [--minutes 1 | --cases N] [--seed N] [--what stages|modules] [--case SEED [--steps 3,4,9]] [--json]

It stands for files and edits of anybody: every field of the schemas with every type, hostile values, every composition arc, prims deleted,
retyped and renamed while behaviours play, layers muted, modules edited; and for code that traps, never ends, recurses without end, or is no
code at all. The process must not die, no frame outlast its budgets, nothing be written that no binding declares, stop must give the stage
back, and no command end in a traceback. A case is its seed; one that fails is made smaller by halves and printed. Left out: what people do
to windows, which the tests of the window do.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from stage_fuzz.driver import Campaign, Child, fuzz

WHATS = ("stages", "modules")


def main() -> int:
    """Fuzz; status 1 where an invariant was broken."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="for each of the two (1)")
    parser.add_argument("--cases", type=int, help="for each of the two, so many cases instead")
    parser.add_argument("--seed", type=int, default=None, help="the first case; random where it is not given, and printed")
    parser.add_argument("--what", choices=WHATS, help="only one of the two")
    parser.add_argument("--case", type=int, help="run this one case")
    parser.add_argument("--steps", help="of the case, only these steps: 0,3,7")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    options = parser.parse_args()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    whats = [options.what] if options.what else list(WHATS)
    if options.case is not None:
        return _one_case(whats[0], options.case, [int(item) for item in options.steps.split(",")] if options.steps else None)
    seed = random.SystemRandom().randrange(10**9) if options.seed is None else options.seed
    console.print(f"seed {seed}")
    campaigns = []
    for what in whats:
        columns = (TextColumn(what), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[said]}"))
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("", total=None, said="")

            def told(campaign: Campaign, progress: Progress = progress, task=task) -> None:  # type: ignore[no-untyped-def]
                progress.update(task, said=f"{campaign.cases} cases, {len(campaign.findings)} findings")

            campaigns.append(fuzz(what, seed, math.inf if options.cases else options.minutes * 60.0, told, options.cases))
    if options.json:
        told_of = [vars(item) | {"findings": [asdict(finding) for finding in item.findings]} for item in campaigns]
        print(json.dumps(told_of, indent=2))
    else:
        for campaign in campaigns:
            _show(campaign)
    return 1 if any(campaign.findings for campaign in campaigns) else 0


def _show(campaign: Campaign) -> None:
    fates = ", ".join(f"{name} {count}" for name, count in campaign.fates.most_common())
    print(f"{campaign.what}: {campaign.cases:,} cases from seed {campaign.seed}, {len(campaign.findings)} findings\n  {fates}")
    for finding in campaign.findings:
        steps = ",".join(map(str, finding.kept))
        print(f"  --what {finding.what} --case {finding.seed} --steps {steps}\n    {finding.failure}")
        print("".join(f"      {line}\n" for line in finding.script.splitlines()))


def _one_case(what: str, seed: int, kept: list[int] | None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        child = Child(what, Path(folder) / "log")
        outcome, script = child.run(seed, kept, tell=True)
        child.close()
    print(script if kept is None else "".join(f"{line}\n" for index, line in enumerate(script.splitlines()) if index in kept))
    print(outcome.failure or f"every invariant held: {dict(outcome.fates)}")
    return 1 if outcome.failure else 0


if __name__ == "__main__":
    sys.exit(main())
