"""Kill -9 commands that write, at random moments: each file is then the old one or the whole new one.

`python -m tests.kill_campaign --kills 200 --seed 7`. Each command runs in a process forked from this one, which has everything imported and
never opened a stage, so that a kill costs what the command does. Of each command, every other kill waits for a file to appear beside what
is written: it comes while it is.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portalis.translator.cli.app import app
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.bake.baker import Baker  # noqa: F401
from portalis.translator.stage.files import open_stage  # noqa: F401
from portalis.translator.stage.run.engine import TranslatorEngine  # noqa: F401
from portalis.translator.stage.run.loop import Simulation  # noqa: F401

PRIMS = 300
FALL = """
from pxr import Gf

def update(position: Gf.Vec3d, delta_time: float):
    position = position + Gf.Vec3d(0.0, 0.0, -delta_time)
    return position
"""


@dataclass(frozen=True)
class Case:
    """Something that writes: what it does in a folder, and the files there that it replaces."""

    name: str
    act: Callable[[Path], None]
    files: tuple[str, ...]


def portalis(*arguments: object) -> None:
    """Run a command in this process; RuntimeError where its status is not 0."""
    if app([str(argument) for argument in arguments], standalone_mode=False):
        raise RuntimeError(arguments)


def _bake(name: str, *options: str) -> Case:
    def act(folder: Path) -> None:
        portalis("run", folder / "bound.usda", "--frames", 24, "-o", folder / name, "--trust", "*", *options)

    return Case(" ".join(("run -o", name, *options)), act, (name,))


def _approve(folder: Path) -> None:
    Approvals(folder / "settings").approve("1" * 64, [f"/World/Ball{index}.x" for index in range(5000)])


CASES = (
    _bake("out.usdc"),
    _bake("out.usda"),
    _bake("flat.usdc", "--flatten"),
    _bake("delivered.usda", "--deliver"),
    Case("approve", _approve, ("settings/approvals.json",)),
    Case(
        "bind",
        lambda folder: portalis("bind", folder / "scene.usda", "/World/*", folder / "faster.py"),
        ("scene.usda", "settings/approvals.json"),
    ),
)


def make(folder: Path) -> None:
    """Write a scene, one with a behaviour bound, and earlier bakes and approvals."""
    from pxr import Gf, Usd, UsdGeom

    from portalis.translator.stage.registry import register_schemas

    register_schemas()
    stage = Usd.Stage.CreateNew(str(folder / "scene.usda"))
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/World").GetPrim())
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    for index in range(PRIMS):
        UsdGeom.Sphere.Define(stage, f"/World/Ball{index}").AddTranslateOp().Set(Gf.Vec3d(index, 0.0, 0.1))
    stage.Save()
    (folder / "fall.py").write_text(FALL)
    (folder / "faster.py").write_text(FALL.replace("-delta_time", "-2.0 * delta_time"))
    portalis("bind", folder / "scene.usda", "/World/*", folder / "fall.py", "-o", folder / "bound.usda")
    for name, *options in (("out.usdc",), ("out.usda",), ("flat.usdc", "--flatten"), ("delivered.usda", "--deliver")):
        portalis("run", folder / "bound.usda", "--frames", 2, "-o", folder / name, *options)


def forked(act: Callable[[], object]) -> int:
    """Start a process that acts, says nothing and ends; return its number."""
    number = os.fork()
    if number:
        return number
    status = 1
    with contextlib.suppress(BaseException):
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        act()
        status = 0
    os._exit(status)


def content(file: Path) -> bytes:
    """Return what a file says; a binary layer as text, read in a process of its own."""
    if file.suffix != ".usdc":
        return file.read_bytes()
    reading, writing = os.pipe()

    def read() -> None:
        from pxr import Sdf

        with os.fdopen(writing, "w") as out:
            out.write(Sdf.Layer.OpenAsAnonymous(str(file)).ExportToString())

    number = forked(read)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read()
    if os.waitpid(number, 0)[1]:
        return b"no layer"
    return text


@contextlib.contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy of a folder under the name that the command knows, for one kill."""
    work = folder.with_name("work")
    shutil.copytree(folder, work, symlinks=True)
    os.environ["PORTALIS_CONFIG"] = str(work / "settings")
    try:
        yield work
    finally:
        shutil.rmtree(work)


def kill(case: Case, work: Path, seconds: float, wait_for_file: bool, chance: random.Random) -> bool:
    """Run a case and kill it at a moment within the time that it takes; tell whether it was there to be killed."""
    parent = (work / case.files[0]).parent
    moment = time.monotonic() + chance.random() * seconds
    number = forked(lambda: case.act(work))
    stem = f".{Path(case.files[0]).stem}."
    while not os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        if wait_for_file and any(path.name.startswith(stem) and not path.name.endswith(".lock") for path in parent.glob(".*")):
            time.sleep(chance.random() * 0.02)
            break
        if not wait_for_file and time.monotonic() > moment:
            break
        time.sleep(0.002)
    os.kill(number, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(number, 0)[1])


def campaign(folder: Path, kills: int, seed: int, cases: Sequence[Case] = CASES) -> list[str]:
    """Kill so many times in a new folder; print what was found and return what was wrong."""
    base = folder / "base"
    base.mkdir()
    os.environ["PORTALIS_CONFIG"] = str(base / "settings")
    if os.waitpid(forked(lambda: make(base)), 0)[1]:
        return ["the scene could not be made"]
    old = {name: content(base / name) for case in cases for name in case.files}
    new, seconds = {}, {}
    for case in cases:
        with copied(base) as work:
            started = time.monotonic()
            failed = os.waitpid(forked(lambda work=work, case=case: case.act(work)), 0)[1]  # type: ignore[misc]
            seconds[case.name] = time.monotonic() - started
            for name in case.files:
                new[case.name, name] = content(work / name).replace(str(work).encode(), b"")
                if failed or new[case.name, name] == old[name]:
                    return [f"{case.name} does not write {name}"]
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    wrong: list[str] = []
    for index in range(kills):
        case = cases[index % len(cases)]
        with copied(base) as work:
            killed = kill(case, work, seconds[case.name], index // len(cases) % 2 == 0, chance)
            states = []
            for name in case.files:
                now = content(work / name)
                state = "old" if now == old[name] else "new" if now.replace(str(work).encode(), b"") == new[case.name, name] else "torn"
                states.append(state)
                if state == "torn":
                    wrong.append(f"kill {index} of seed {seed}: {case.name}: {name} is neither the old file nor the new one")
        found[f"{case.name}: {'killed' if killed else 'ended'}, {' and '.join(states)}"] += 1
    for line, count in sorted(found.items()):
        print(f"{count:5} {line}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    with tempfile.TemporaryDirectory() as folder:
        wrong = campaign(Path(folder), arguments.kills, arguments.seed)
    print("\n".join(wrong) or f"{arguments.kills} kills: the old file or the whole new one, every time")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
