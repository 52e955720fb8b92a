"""One stage of the sweep: bind over it, check, run, bake, and hold what came out to plain OpenUSD. Everything through the command line."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import traceback
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pxr import Sdf, Tf, Usd, UsdGeom

from portalis.translator.cli.app import app
from stage_sweep.candidates import Candidate, choose, names_of
from stage_sweep.reference import (
    TOLERANCES,
    Expected,
    Pose,
    expected_values,
    first_elements,
    pose_of,
    same,
    transform_difference,
)
from stage_sweep.unchanged import differences, hashes, targets_of_bindings

Verdict: TypeAlias = Literal["right", "refused", "wrong", "traceback", "hang", "crash", "unreadable", "nothing"]
WHOLE = "the stage as a whole"
_KEPT_DIFFERENCES = 6
# The arrays that OpenUSD computes an extent of.
EXTENT_DECIDED_BY = ("points", "widths", "positions", "orientations", "orientationsf", "scales", "protoIndices", "ids", "invisibleIds")


@dataclass(frozen=True)
class Row:
    """One binding's verdict, or with the kind `WHOLE` that of all that surrounds the bindings of a stage."""

    stage: str
    kind: str
    prim: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """What a command did: its exit status, the JSON that it printed, and the traceback of an exception that came through."""

    status: int
    json: dict[str, Any]
    trace: str

    @property
    def codes(self) -> str:
        """The codes of what was refused."""
        found = [item["code"] for item in self.json.get("problems", ()) if item.get("severity", "error") == "error"]
        return ", ".join(dict.fromkeys(found)) or self.json.get("error", "") or f"status {self.status}"


def command(*arguments: object) -> Answer:
    """Run one command of `portalis` in this process."""
    output, errors, status, trace = io.StringIO(), io.StringIO(), 0, ""
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            app([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        except Exception:
            trace = traceback.format_exc()
    if "Traceback (most recent call last)" in errors.getvalue() + output.getvalue():
        trace = trace or errors.getvalue()
    try:
        answer = json.loads(output.getvalue())
    except ValueError:
        answer = {}
        trace = trace or (f"no JSON: {output.getvalue()[:300]} {errors.getvalue()[:600]}" if status != 2 else "")
    return Answer(status, answer, trace)


def sweep(path: Path, folder: Path, seen: dict[str, int], most: int, frames: int) -> Iterator[Row]:
    """Sweep one stage; its files are read, and everything written goes into `folder`. `seen` counts the kinds chosen so far."""
    stage = None
    with contextlib.suppress(Tf.ErrorException):
        stage = Usd.Stage.Open(str(path))
    if stage is not None:
        yield from _Sweep(path, folder, stage, frames).rows(choose(stage, seen, most))
        return
    answer = command("check", path, "--json")
    if answer.trace or answer.status != 1:
        yield Row(str(path), WHOLE, "", "traceback" if answer.trace else "wrong", answer.trace or f"check ends with {answer.status}")
    else:
        yield Row(str(path), WHOLE, "", "unreadable", answer.codes)


def _names_unreadable(ran: Answer) -> bool:
    """Tell whether a refusal names a file that OpenUSD cannot open."""
    named = [part for problem in ran.json["problems"] for part in problem["message"].split("@")[1::2]]
    for name in named:
        try:
            Sdf.Layer.OpenAsAnonymous(name)
        except Tf.ErrorException:
            return True
    return False


class _Sweep:
    def __init__(self, path: Path, folder: Path, stage: Usd.Stage, frames: int) -> None:
        self._path = path
        self._folder = folder
        self._stage = stage
        self._before = hashes(stage)
        self._over = folder / "over.usda"
        self._bake = folder / ("bake.usdc" if len(str(path)) % 2 else "bake.usda")
        # Prims whose behaviour fails at some frame, rightly: their animated transform has shear there.
        self._sheared: list[str] = []
        self._codes = [stage.GetStartTimeCode() + frame for frame in range(frames)]

    def rows(self, chosen: list[Candidate]) -> Iterator[Row]:
        """Bind, check, run and compare."""
        if not chosen:
            yield self._row(None, "nothing", "nothing that can be bound")
            return
        bound: dict[str, Candidate] = {}
        for name, item in names_of(chosen).items():
            row = self._bind(name, item)
            if row is None:
                bound[name] = item
            else:
                yield row
        if bound:
            yield from self._run(bound)
        # Layers of value clips are opened when they are first read.
        changed = [name for name, digest in hashes(self._stage).items() if self._before.get(name, digest) != digest]
        if changed:
            yield self._row(None, "wrong", f"{changed[0]} changed")

    def _row(self, item: Candidate | None, verdict: Verdict, detail: str = "") -> Row:
        return Row(str(self._path), item.kind if item else WHOLE, item.prim if item else "", verdict, detail)

    def _bind(self, name: str, item: Candidate) -> Row | None:
        """Bind one candidate; return its row where that is all there is to say."""
        module = self._folder / f"{item.behaviour.name}.py"
        module.write_text(item.behaviour.text, encoding="utf-8")
        answer = command("bind", self._path, item.prim, module, *item.options(name), "-o", self._over, "--json")
        if answer.trace:
            return self._row(item, "traceback", f"bind: {answer.trace}")
        if answer.status == 0 and item.code:
            return self._row(item, "wrong", f"bind accepted what {item.code} refuses")
        if answer.status == 0:
            return None
        if item.code and item.code not in answer.codes:
            return self._row(item, "wrong", f"bind refused with {answer.codes} what {item.code} is for")
        return self._row(item, "refused", answer.codes)

    def _run(self, bound: Mapping[str, Candidate]) -> Iterator[Row]:
        if any("timecode" in item.kind for item in bound.values()):
            # OpenUSD's text has six digits of a time code, and what does not fit in them is refused.
            self._bake = self._bake.with_suffix(".usdc")
        checked = command("check", self._over, "--json")
        ran = command("run", self._over, "--frames", len(self._codes), "-o", self._bake, "--overwrite", "--json")
        for what, answer in (("check", checked), ("run", ran)):
            if answer.trace:
                yield self._row(None, "traceback", f"{what}: {answer.trace}")
        if checked.trace or ran.trace:
            return
        if ran.status == 1 and not ran.json.get("behaviours") and ran.json.get("problems"):
            # The stage itself cannot be run; check has to say the same, but of a file that is not opened before its frame.
            same = checked.codes == ran.codes or (ran.codes == "PS170" and _names_unreadable(ran))
            verdict: Verdict = "refused" if same and not self._bake.exists() else "wrong"
            for item in bound.values():
                yield self._row(item, verdict, ran.codes)
            return
        if checked.status != 0:
            yield self._row(None, "wrong", f"bind accepted what check refuses: {checked.codes}")
        misfits = {problem["path"] for problem in checked.json["problems"] if problem["code"] == "PS124"}
        yield from self._compare(bound, ran, misfits)

    def _compare(self, bindings: Mapping[str, Candidate], ran: Answer, misfits: Collection[str]) -> Iterator[Row]:
        over = Usd.Stage.Open(str(self._over))
        bound = {name: item for name, item in bindings.items() if not _reached_by_heirs(over, name, item, bindings)}
        fresh = Usd.Stage.Open(str(self._path))
        expected = expected_values(Usd.Stage.Open(str(self._path)), fresh, bound, self._codes)
        told = {error["prim"] for error in ran.json["first_errors"]}
        for item in expected.values():
            if item.path in misfits and item.path.partition(".")[0] in told:
                # As many values as nothing asks for: a warning says so, each lane fails, and what was there stays.
                item.values, item.failed, item.why = [], 0, "PS124"
        if not self._bake.exists():
            failing = all(item.failed == 0 or item.empty for item in expected.values()) and expected.keys() == bound.keys()
            for name, item in bound.items():
                why = expected[name].why if name in expected else ""
                yield self._row(item, "refused" if failing and ran.status else "wrong", f"nothing was baked: {why}: {_errors(ran)}")
            return
        baked = Usd.Stage.Open(str(self._bake))
        for name, item in bound.items():
            yield self._judge(name, item, expected.get(name), fresh, baked, ran)
        yield from self._status(expected, ran)
        yield from self._rest(bound, fresh, baked)

    def _judge(self, name: str, item: Candidate, expected: Expected | None, fresh: Usd.Stage, baked: Usd.Stage, ran: Answer) -> Row:
        if item.shape == "transform":
            difference, failed = _transforms(item, baked, fresh, self._codes, ran)
            if failed is not None and not difference:
                self._sheared.append(item.prim)
                return self._row(item, "refused", f"frame {failed}: shear")
        elif item.shape == "world":
            difference = _worlds(name, item, baked, self._codes)
        else:
            assert expected is not None
            if expected.empty:
                return self._row(item, "refused", "no elements")
            difference = _values(expected, baked, self._codes)
            if expected.failed is not None and not difference:
                reported = any(error["prim"] == item.prim for error in ran.json["first_errors"])
                return self._row(
                    item,
                    "refused" if reported else "wrong",
                    expected.why if expected.why.startswith("PS") else f"frame {expected.failed}: {expected.why}",
                )
        return self._row(item, "wrong" if difference else "right", difference)

    def _status(self, expected: Mapping[str, Expected], ran: Answer) -> Iterator[Row]:
        """Hold the status and the errors that were told to what CPython says."""
        failed = [item.path for item in expected.values() if item.failed is not None]
        told = {error["prim"] for error in ran.json["first_errors"]}
        healthy = ran.status == 0
        if healthy != ran.json["ok"]:
            yield self._row(None, "wrong", f"status {ran.status} and ok = {ran.json['ok']}")
        if healthy and failed:
            yield self._row(None, "wrong", f"run says ok, and {failed[0]} cannot be computed")
        excused = self._sheared or any(item.empty or item.unfit for item in expected.values())
        if not healthy and not failed and not excused:
            yield self._row(None, "wrong", f"run says that something failed: {_errors(ran)}")
        missing = {path.partition(".")[0] for path in failed} - told
        if missing and len(told) < _KEPT_DIFFERENCES:
            yield self._row(None, "wrong", f"no error names {sorted(missing)}")

    def _rest(self, bound: Mapping[str, Candidate], fresh: Usd.Stage, baked: Usd.Stage) -> Iterator[Row]:
        written, moved = written_paths(baked)
        last = self._codes[-1]
        found = [*itertools.islice(_stale_extents(written, {*targets_of_bindings(baked)}, baked, self._codes), 2)]
        for difference in differences(fresh, baked, written, moved, [self._codes[0], last, (self._codes[0] + last) / 2.0, last + 7.0]):
            found.append(difference)
            if len(found) == _KEPT_DIFFERENCES:
                break
        yield self._row(None, "wrong" if found else "right", "; ".join(found))


def _reached_by_heirs(stage: Usd.Stage, name: str, item: Candidate, bound: Mapping[str, Candidate]) -> bool:
    """Tell whether another of the bindings comes to an item's prim by composition and writes what the item reads or moves."""
    prim = stage.GetPrimAtPath(item.prim)
    for relationship in prim.GetAuthoredPropertiesInNamespace("portalis"):
        parts = relationship.GetName().split(":")
        if len(parts) != 5 or parts[3] != "writes" or parts[2] == name or not isinstance(relationship, Usd.Relationship):
            continue
        other = bound.get(parts[2])
        if other is not None and other.prim != item.prim:
            targets = {str(target) for target in relationship.GetTargets()}
            both_move = item.shape == "transform" and any(".xformOp:" in target or _is_composed(target) for target in targets)
            if both_move or f"{item.prim}.{item.attribute}" in targets:
                return True
    return False


def written_paths(stage: Usd.Stage) -> tuple[set[str], set[str]]:
    """Return the attributes that the bindings of a composed stage may write, and the prims that are bound to behaviours."""
    written: set[str] = set()
    moved: set[str] = set()
    composed: set[str] = set()
    for target, owner in targets_of_bindings(stage).items():
        written.add(target)
        moved.add(owner)
        prim = target.partition(".")[0]
        if target.rpartition(".")[2] in EXTENT_DECIDED_BY:
            written.add(extent_of(target))
        if ".xformOp:" in target or _is_composed(target):
            moved.add(prim)
        if _is_composed(target):
            composed.add(prim)
    # A prim that is composed of another gets the values of its ops, whether its own order has them or not.
    ops = {op.GetAttr().GetName() for path in composed for op in UsdGeom.Xformable(stage.GetPrimAtPath(path)).GetOrderedXformOps()}
    written.update(f"{path}.{name}" for path in composed for name in ops)
    return written, moved


def _is_composed(path: str) -> bool:
    """Tell whether a path names what a prim's ops compose to, which is written through whichever ops there are."""
    return ".portalis:transform:" in path


def extent_of(path: str) -> str:
    """Return the path of the extent of an attribute's prim."""
    return f"{path.partition('.')[0]}.extent"


def _stale_extents(written: Collection[str], named: Collection[str], baked: Usd.Stage, codes: list[float]) -> Iterator[str]:
    """Yield the extents that the host keeps, no binding names, and that are not those of the elements that were baked."""
    deciding = (path for path in written if path.rpartition(".")[2] in EXTENT_DECIDED_BY)
    for path in sorted({extent_of(path) for path in deciding} - {*named}):
        attribute = baked.GetAttributeAtPath(path)
        if not attribute or not attribute.HasAuthoredValue():
            continue
        boundable = UsdGeom.Boundable(attribute.GetPrim())
        for code in (codes[0], codes[-1]) if boundable else ():
            computed = UsdGeom.Boundable.ComputeExtentFromPlugins(boundable, Usd.TimeCode(code))
            if computed is not None and not same(attribute.Get(Usd.TimeCode(code)), computed):
                yield f"{path} at {code:g} is {attribute.Get(Usd.TimeCode(code))} instead of {computed}"
                break


def _errors(ran: Answer) -> str:
    errors = ran.json.get("first_errors") or ran.json.get("problems") or ()
    return "; ".join(json.dumps(error) for error in list(errors)[:2])


def _values(expected: Expected, baked: Usd.Stage, codes: list[float]) -> str:
    attribute = baked.GetAttributeAtPath(expected.path)
    if not attribute:
        return f"there is no {expected.path}"
    for frame, (code, value) in enumerate(zip(codes, expected.values, strict=False)):
        found = attribute.Get(Usd.TimeCode(code))
        if not same(first_elements(found, expected.elements), first_elements(value, expected.elements)):
            return f"{expected.path} at frame {frame} is {repr(found)[:120]} instead of {repr(value)[:120]}"
    return ""


def _transforms(item: Candidate, baked: Usd.Stage, fresh: Usd.Stage, codes: list[float], ran: Answer) -> tuple[str, int | None]:
    """Say how a prim's transforms are not what its behaviour makes of them, and at which frame the behaviour failed because of shear.

    What it is given is what the ops that it writes were left as in the frame before compose to with the others as they are.
    """
    mine, theirs = fresh.GetPrimAtPath(item.prim), baked.GetPrimAtPath(item.prim)
    ops = UsdGeom.Xformable(theirs).GetOrderedXformOps()
    tolerance = max((TOLERANCES[_letter(op)] for op in ops), default=TOLERANCES[""])
    held = _Held(baked, item.prim)
    errors = [error for error in ran.json["first_errors"] if (error["prim"], error["behaviour"]) == (item.prim, item.behaviour.name)]
    failed = errors[0] if errors else None
    for frame, code in enumerate(codes):
        before: Pose = held.pose(codes[frame - 1], code) if frame else pose_of(mine, code)
        after = pose_of(theirs, code)
        if failed is not None and frame >= failed["frame"]:
            kept = max(abs(before.matrix[i, j] - after.matrix[i, j]) for i in range(4) for j in range(4))
            if (frame == failed["frame"] and not before.sheared) or kept > tolerance * 4.0:
                return f"frame {frame}: told {failed['error']}: {failed['message']}, and {after.matrix} was {before.matrix}", None
        elif difference := transform_difference(item, before, after, frame, tolerance):
            return f"frame {frame}: {difference}", None
    return "", failed["frame"] if failed is not None else None


class _Held:
    """A baked stage whose prim's written ops can be held at an earlier time, while all else goes on."""

    def __init__(self, baked: Usd.Stage, prim: str) -> None:
        self._stage = Usd.Stage.Open(baked.GetRootLayer(), Sdf.Layer.CreateAnonymous())
        self._baked = baked.GetPrimAtPath(prim)
        names = [op.GetOpName().removeprefix("!invert!") for op in UsdGeom.Xformable(self._baked).GetOrderedXformOps()]
        self._written = [name for name in names if baked.GetRootLayer().GetNumTimeSamplesForPath(f"{prim}.{name}")]

    def pose(self, before: float, code: float) -> Pose:
        """Return the prim's transform at `code` with what is written as it was at `before`."""
        prim = self._stage.GetPrimAtPath(self._baked.GetPath())
        with Usd.EditContext(self._stage, self._stage.GetSessionLayer()):
            for name in self._written:
                prim.GetAttribute(name).Set(self._baked.GetAttribute(name).Get(before))
        return pose_of(prim, code)


def _letter(op: UsdGeom.XformOp) -> str:
    # Not by GetPrecision: OpenUSD composes an op of a type with a role, such as point3f, and has no precision for it.
    name = str(op.GetAttr().GetTypeName().cppTypeName)
    return "h" if name.endswith(("h", "Half")) else "f" if name.endswith(("f", "float")) else ""


def _worlds(name: str, item: Candidate, baked: Usd.Stage, codes: list[float]) -> str:
    own = baked.GetAttributeAtPath(f"{item.prim}.portalis:behavior:{name}:outputs:seen")
    prim, function = baked.GetPrimAtPath(item.prim), item.behaviour.function()
    rate = baked.GetTimeCodesPerSecond()
    for frame, code in enumerate(codes):
        cache = UsdGeom.XformCache(Usd.TimeCode(code))
        reset = cache.GetLocalTransformation(prim)[1]
        matrix = cache.GetParentToWorldTransform(prim) if not reset else type(cache.GetParentToWorldTransform(prim))(1.0)
        wanted = function(matrix, UsdGeom.GetStageMetersPerUnit(baked), codes[0] / rate + frame / rate, 1.0 / rate, 0.0)
        found = own.Get(Usd.TimeCode(code)) if own else None
        if found is None or abs(found - wanted) > 1e-12 * max(1.0, abs(wanted)):
            return f"frame {frame}: the world seen is {found} instead of {wanted}"
    return ""
