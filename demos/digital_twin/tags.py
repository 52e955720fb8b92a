"""Tags of the cell: a seeded generator of them, the CSV that they are kept in, and what of them each frame brings.

A CSV has the columns `time` (seconds, ascending), `tag` and `value`. Tags are, for each of the robots 00 to 19, `robot00.part` (a part is
put on its conveyor; the value is the seconds of work that it needs), `robot00.run` (1: it may work, 0: it is stopped) and `robot00.reject`
(its camera sees that the part in its hand is flawed; the value says nothing).
"""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
PART, STOP, START, REJECT = 0, 1, 2, 3
ROBOTS = 20
TAGS_PER_FRAME = 12


@dataclass(frozen=True)
class Tags:
    """The tags of one robot in order of time: times in seconds, kinds as `line.py` numbers them, and values."""

    times: Array
    kinds: Array
    values: Array


@dataclass(frozen=True)
class Plan:
    """What a generator draws: for how many seconds, mean seconds from part to part and of work, stops and rejects of each robot."""

    seconds: float
    between: float
    work: float
    stops: int = 0
    rejects: int = 0


def generate(path: Path, plan: Plan, seed: int) -> None:
    """Write a CSV: Poisson arrivals and exponential work, as in M/M/1, and stops of random lengths."""
    rows: list[tuple[float, str, float]] = []
    for robot in range(ROBOTS):
        source = np.random.default_rng((seed, robot))
        expected = plan.seconds / plan.between
        times = np.cumsum(source.exponential(plan.between, int(expected + 10.0 * np.sqrt(expected) + 10.0)))
        work = source.exponential(plan.work, len(times))
        rows += [(time, f"robot{robot:02d}.part", need) for time, need in zip(times.tolist(), work.tolist(), strict=True)]
        # Every second of these moments starts the robot again.
        moments = np.sort(source.uniform(0.0, plan.seconds, 2 * plan.stops)).tolist()
        rows += [(moment, f"robot{robot:02d}.run", float(k % 2)) for k, moment in enumerate(moments)]
        rows += [(moment, f"robot{robot:02d}.reject", 1.0) for moment in source.uniform(0.0, plan.seconds, plan.rejects).tolist()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("time", "tag", "value"))
        writer.writerows((repr(time), tag, repr(value)) for time, tag, value in sorted(rows) if time < plan.seconds)


def read(path: Path) -> list[Tags]:
    """Read a CSV; raise ValueError with the line of the first row that is no tag of this cell."""
    found: list[list[tuple[float, int, float]]] = [[] for _ in range(ROBOTS)]
    last = 0.0
    with path.open(encoding="utf-8", newline="") as file:
        for row in (reader := csv.DictReader(file)):
            try:
                time, value = float(row["time"]), float(row["value"])
                robot, _, what = row["tag"].removeprefix("robot").partition(".")
                kind = {"part": PART, "run": START if value else STOP, "reject": REJECT}[what]
                lane = found[int(robot)] if robot.isdecimal() else found[ROBOTS]
            except (KeyError, ValueError, IndexError, TypeError, AttributeError):
                raise ValueError(f"{path}, line {reader.line_num}: no tag of robots 00 to {ROBOTS - 1:02d}: {row}") from None
            if not last <= time < np.inf or not 0.0 <= value < np.inf or (kind == PART and value == 0.0):
                raise ValueError(f"{path}, line {reader.line_num}: times ascend from 0, and values are positive: {row}")
            last = time
            lane.append((time, kind, value))
    return [Tags(*(np.array([row[k] for row in rows], dtype) for k, dtype in enumerate((float, int, float)))) for rows in found]


def by_frame(tags: Tags, ends: Array) -> list[slice]:
    """Say which tags each frame brings: those before its end; raise ValueError where they are more than a frame can bring."""
    edges = np.concatenate([[0], np.searchsorted(tags.times, ends, side="left")])
    if (most := int(np.diff(edges).max(initial=0))) > TAGS_PER_FRAME:
        raise ValueError(f"{most} tags of one robot in one frame, which brings {TAGS_PER_FRAME}: let the cell run at a slower pace")
    return [slice(int(a), int(b)) for a, b in itertools.pairwise(edges)]
