"""The factory cell: a short run keeps every check, and a mistake planted in a behaviour or in its tags is caught by one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from portalis.translator.cli.demonstration import Demonstration
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.demos import DEMOS, imported

DEMO = DEMOS / "digital_twin"
NAMES = {"parts_in of every frame", "parts_out of every frame", "scrapped of every frame", "parts in - out - held - scrapped"}


@pytest.fixture(scope="module")
def demo() -> Iterator[ModuleType]:
    with imported(DEMO) as program:
        yield program


def _sources(name: str = "", old: str = "", new: str = "") -> dict[str, SourceFile]:
    """The demo's behaviours, one of them with a mistake in it."""
    texts = {item: (DEMO / f"{item}.py").read_text("utf-8") for item in ("line", "part", "robot", "lamp")}
    if name:
        assert texts[name].count(old) == 1
        texts[name] = texts[name].replace(old, new)
    return {item: SourceFile(f"{item}.py", text) for item, text in texts.items()}


def _failed(program: Any, engine: TranslatorEngine, folder: Path, shown: bool, sources: dict[str, SourceFile]) -> tuple[set[str], set[str]]:
    """Run ninety seconds of the cell in few frames; return the names of the checks that fail, and of those that hold."""
    cell = program.Cell("short", 24, 90.0, shown=shown)
    program.generate(folder / "tags.csv", program.Plan(float(cell.ends[-1]), 8.0, 4.0, stops=1, rejects=6), seed=2)
    tags = program.read(folder / "tags.csv")
    show = Demonstration(folder, quiet=True)
    run = program.simulate(show, engine, sources, folder, cell, tags)
    assert all(item.status == "ok" for item in show.runs["short"].behaviours)
    import truth  # type: ignore[import-not-found]

    lines = [truth.line(its, cell.ends) for its in tags]
    assert min(sum(getattr(line, name)[-1] for line in lines) for name in ("parts_in", "parts_out", "scrapped")) > 10
    found = program.checks(cell, tags, run, None)
    assert all(check.values > 0 for check in found)
    return {check.name for check in found if not check.holds}, {check.name for check in found if check.holds}


def test_a_short_shift_keeps_every_check(demo: Any, engine: TranslatorEngine, tmp_path: Path) -> None:
    failed, held = _failed(demo, engine, tmp_path, True, _sources())
    more = {"energy against sum of power × time", "states of every frame", "metres that parts are off"}
    assert failed == set() and held == NAMES | more


@pytest.mark.parametrize(
    ("old", "new", "caught"),
    [
        ("self.parts_out += 1", "self.parts_out += 1 if self.done % 7 != 6 else 0", "parts in - out - held - scrapped"),
        ("self.energy += watts * passed", "self.energy -= watts * passed", "energy against sum of power × time"),
        ("(current_time + delta_time) * self.pace", "current_time * self.pace", "parts_in of every frame"),
        ("self.stopped = kind == STOP", "self.stopped = kind == START", "parts_out of every frame"),
        ("                self.rejected = False\n", "", "scrapped of every frame"),
    ],
)
def test_a_mistake_in_the_line_is_caught(demo: Any, engine: TranslatorEngine, tmp_path: Path, old: str, new: str, caught: str) -> None:
    failed, _ = _failed(demo, engine, tmp_path, False, _sources("line", old, new))
    assert caught in failed


@pytest.mark.parametrize(
    ("old", "new", "caught"),
    [
        ("number < parts_in", "number <= parts_in", "parts in - out - held - scrapped"),
        ("(now - entered)", "(entered - now)", "metres that parts are off"),
    ],
)
def test_a_mistake_in_the_parts_is_caught(demo: Any, engine: TranslatorEngine, tmp_path: Path, old: str, new: str, caught: str) -> None:
    failed, _ = _failed(demo, engine, tmp_path, True, _sources("part", old, new))
    assert failed == {caught}


def _long_run(program: Any, folder: Path, work: float) -> dict[str, Any]:
    """What the meters of the long run show in its last frame, by the tags, with another mean work than the theory is told."""
    import truth  # type: ignore[import-not-found]

    cell = program.QUEUES
    end = cell.ends[-1:]
    program.generate(folder / "tags.csv", replace(program.QUEUES_PLAN, work=work), seed=7)
    last: dict[str, list[float]] = {name: [] for name in ("parts_in", "parts_out", "scrapped", "part_seconds", "robot_seconds", "sojourn")}
    for tags in program.read(folder / "tags.csv"):
        line = truth.line(tags, end)
        left = np.minimum(line.finished, end)
        done = line.finished < end
        for name in ("parts_in", "parts_out", "scrapped"):
            last[name].append(getattr(line, name)[0])
        last["part_seconds"].append((left - line.entered).sum())
        last["robot_seconds"].append(np.maximum(left - line.entered - truth.TRANSIT, 0.0).sum())
        last["sojourn"].append((line.finished - line.entered)[done].sum())
    return {name: np.array([values]) for name, values in last.items()}


def test_the_laws_of_queues_hold_and_notice(demo: Any, tmp_path: Path) -> None:
    import truth

    def failed(values: dict[str, Any]) -> list[str]:
        found = truth._laws(demo.QUEUES, truth.Run(values), demo.QUEUES_PLAN)
        assert all(check.values > 100_000 for check in found)
        return [check.name for check in found if not check.holds]

    values = _long_run(demo, tmp_path, demo.QUEUES_PLAN.work)
    assert failed(values) == []
    assert failed(values | {"sojourn": 0.97 * values["sojourn"]}) == ["Little's law"]
    assert failed(_long_run(demo, tmp_path, 1.03 * demo.QUEUES_PLAN.work)) == ["M/M/1, standard deviations"]


def test_tags_in_whole_seconds_fall_on_the_ends_of_frames(demo: Any, engine: TranslatorEngine, tmp_path: Path) -> None:
    """What happens at the very end of a frame belongs to the next one, and a robot that is stopped and started keeps its part."""
    rows = [(time, f"robot{robot:02d}.part", 1.0 + robot) for robot in range(15) for time in range(0, 60, 4)]
    rows += [(time, f"robot{robot:02d}.run", (time // 5) % 2) for robot in range(10, 20) for time in range(5, 60, 5)]
    rows += [(time, f"robot{robot:02d}.reject", 1.0) for robot in range(20) for time in range(2, 60, 6)]
    text = "".join(f"{time},{tag},{value}\n" for time, tag, value in sorted(rows))
    (tmp_path / "own.csv").write_text(f"time,tag,value\n{text}")
    cell, tags = demo.Cell("own", 60, 24.0, shown=False), demo.read(tmp_path / "own.csv")
    run = demo.simulate(Demonstration(tmp_path, quiet=True), engine, _sources(), tmp_path, cell, tags)
    assert [check.name for check in demo.checks(cell, tags, run, None) if not check.holds] == []
    assert run.values["parts_in"][-1, 0] == 15 and run.values["parts_in"][-1, 19] == 0 and run.values["scrapped"][-1].sum() > 20


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1.0,robot20.part,2.0", "line 2: no tag of robots 00 to 19"),
        ("1.0,robot-1.part,2.0", "line 2: no tag of robots 00 to 19"),
        ("1.0,robot03.speed,2.0", "line 2: no tag of robots 00 to 19"),
        ("1.0,robot03.part", "line 2: no tag of robots 00 to 19"),
        ("1.0,robot03.part,0.0", "line 2: times ascend from 0"),
        ("nan,robot03.part,1.0", "line 2: times ascend from 0"),
        ("2.0,robot03.part,1.0\n1.0,robot03.part,1.0", "line 3: times ascend from 0"),
    ],
)
def test_a_csv_that_is_none_of_the_cell_is_refused_by_line(demo: Any, tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "own.csv").write_text(f"time,tag,value\n{row}\n")
    with pytest.raises(ValueError, match=said):
        demo.read(tmp_path / "own.csv")


def test_more_tags_than_a_frame_can_bring_are_refused(demo: Any, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("time,tag,value\n" + "1.0,robot03.part,1.0\n" * 13)
    with pytest.raises(ValueError, match="13 tags of one robot in one frame, which brings 12"):
        demo.build(tmp_path, demo.SHIFT, demo.read(tmp_path / "own.csv"))
