"""A stage whose host draws from Fabric: single values and transforms go there, past OpenUSD's notices, and all else to OpenUSD.

Each attribute has one place. On the stage are those that OpenUSD composes something from for a behaviour, arrays, and whatever Fabric has
no attribute for; the host mirrors these by itself. Nothing is read from Fabric: what was put there is held here, as OpenUSD would hold it.
Written against the published signatures of `usdrt` and tested with stand-ins for them; it was not run inside Kit.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.columns.backend import ArrayReader, ArrayWriter, ColumnReader, ColumnWriter, Indices, Kept
from portalis.translator.stage.columns.openusd import UsdBackend
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows

LOCAL_MATRIX = "omni:fabric:localMatrix"
_VECTORS = tuple(getattr(Gf, f"Vec{size}{kind}") for size in "234" for kind in "dfhi")
_QUATERNIONS = {Gf.Quatd: "Vec3d", Gf.Quatf: "Vec3f", Gf.Quath: "Vec3h"}


class FabricAttribute(Protocol):
    """`usdrt.Usd.Attribute`, as far as it is used."""

    def Set(self, value: Any) -> bool: ...


class FabricPrim(Protocol):
    """`usdrt.Usd.Prim`, as far as it is used."""

    def IsValid(self) -> bool: ...

    def HasAttribute(self, name: str) -> bool: ...

    def GetAttribute(self, name: str) -> FabricAttribute: ...


class FabricStage(Protocol):
    """`usdrt.Usd.Stage`, as far as it is used."""

    def GetPrimAtPath(self, path: str) -> FabricPrim: ...


class FabricBackend:
    """A stage through OpenUSD and the Fabric that is attached to it; `gf` is `usdrt.Gf`."""

    def __init__(self, stage: Usd.Stage, listening: Callable[[bool], None], fabric: FabricStage, gf: Any) -> None:
        self._stage = stage
        self._fabric = fabric
        self._gf = gf
        self._usd = UsdBackend(stage, listening)
        self._held: dict[str, tuple[Target, Any]] = {}
        self._found: dict[str, FabricAttribute | None] = {}
        self._on_stage: frozenset[str] = frozenset()
        self._moved: set[str] = set()
        self._local = _LocalMatrices(stage)
        self._time_code = 0.0

    # ------------------------------------------------------------------------------------------------------ who is where
    def compose_from(self, paths: Callable[[], Collection[str]]) -> None:
        found = paths()
        moved = {path.partition(".")[0] for path in found if ".xformOp:" in path}
        # Of a prim whose transform OpenUSD composes, the host mirrors all ops.
        self._on_stage = frozenset(found) | moved
        for path in [path for path in self._held if self._stays(path)]:
            target, value = self._held.pop(path)
            self._usd.put(target, value)

    def _stays(self, path: str) -> bool:
        return path in self._on_stage or (".xformOp:" in path and path.partition(".")[0] in self._on_stage)

    def takes(self, target: Target) -> bool:
        """Tell whether Fabric is where an attribute's values go."""
        return not self._stays(target.path) and self._attribute(target) is not None

    def _attribute(self, target: Target) -> FabricAttribute | None:
        path = target.path
        if path not in self._found:
            owner, _, name = path.rpartition(".")
            if name.startswith("xformOp:"):
                resets = UsdGeom.Xformable(self._stage.GetPrimAtPath(owner)).GetResetXformStack()
                name = "" if resets else LOCAL_MATRIX
            elif not converts(Sdf.ValueTypeNames.Find(target.type_name).defaultValue):
                name = ""
            prim = self._fabric.GetPrimAtPath(owner)
            there = bool(name) and prim.IsValid() and prim.HasAttribute(name)
            self._found[path] = prim.GetAttribute(name) if there else None
        return self._found[path]

    def hold(self, target: Target, value: Any) -> None:
        """Put a value into Fabric, which `takes` it: an op's with the whole transform, at the end of the frame."""
        self._held[target.path] = target, value
        self._show(target, value)

    def _show(self, target: Target, value: Any) -> None:
        attribute = self._attribute(target)
        assert attribute is not None, "Fabric takes it"
        if ".xformOp:" in target.path:
            self._moved.add(target.path)
        elif value is not None:
            attribute.Set(fabric_value(self._gf, value))

    def _let_go(self, paths: Collection[str]) -> None:
        """Show the stage's own values again."""
        for path in paths:
            target, _ = self._held.pop(path)
            self._show(target, self._stage.GetAttributeAtPath(path).Get(Usd.TimeCode(self._time_code)))

    def _move(self) -> None:
        held = {path: value for path, (_, value) in self._held.items()} if self._moved else {}
        for prim, path in {path.partition(".")[0]: path for path in self._moved}.items():
            attribute = self._found[path]
            assert attribute is not None, "Fabric takes it"
            attribute.Set(fabric_value(self._gf, self._local.of(prim, held, self._time_code)))
        self._moved.clear()

    # ---------------------------------------------------------------------------------------------------- what a run asks
    def column_reader(self, paths: Sequence[str], codec: Codec, strings: Sequence[str]) -> ColumnReader:
        return _HeldReader(self._usd.column_reader(paths, codec, strings), self._held, paths, codec, strings)

    def array_reader(self, path: str, codec: Codec) -> ArrayReader:
        return self._usd.array_reader(path, codec)

    def column_writer(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> ColumnWriter:
        return _Writer(self, self._usd.column_writer(targets, codec, strings), targets, codec, strings)

    def array_writer(self, target: Target, codec: Codec) -> ArrayWriter:
        return self._usd.array_writer(target, codec)

    def local_to_world(self, paths: Sequence[str], time_code: float) -> Rows:
        return self._usd.local_to_world(paths, time_code)

    def clear(self, path: str) -> None:
        self._usd.clear(path)
        self._let_go([path] if path in self._held else [])

    def update_extent(self, path: str, time_code: float) -> Rows | None:
        return self._usd.update_extent(path, time_code)

    @contextlib.contextmanager
    def frame(self, time_code: float) -> Iterator[None]:
        self._time_code = time_code
        with self._usd.frame(time_code):
            yield
            self._move()

    def hidden(self) -> contextlib.AbstractContextManager[None]:
        return self._usd.hidden()

    def forget(self, keep: Collection[str]) -> None:
        self._usd.forget(keep)
        self._let_go([path for path in self._held if path not in keep])
        # Where prims were composed anew, the host has mirrored them anew.
        for target, value in self._held.values():
            self._show(target, value)
        self._move()

    def keep(self) -> Kept:
        kept = self._usd.keep()
        held = self._held.values()
        return Kept((*kept.targets, *(target for target, _ in held)), (*kept.values, *(value for _, value in held)))

    def bring_back(self, kept: Kept) -> None:
        self.forget(())
        pairs = list(zip(kept.targets, kept.values, strict=True))
        rest = [(target, value) for target, value in pairs if not self.takes(target)]
        self._usd.bring_back(Kept(tuple(target for target, _ in rest), tuple(value for _, value in rest)))
        for target, value in pairs:
            if self.takes(target):
                self.hold(target, value)
        self._move()

    def close(self) -> None:
        self._usd.close()
        self._let_go(tuple(self._held))
        self._move()


class _HeldReader:
    """Reads what is held, and all else from the stage."""

    def __init__(
        self, stage: ColumnReader, held: Mapping[str, tuple[Target, Any]], paths: Sequence[str], codec: Codec, strings: Sequence[str]
    ) -> None:
        self._reader = stage
        self._held = held
        self._paths = paths
        self._codec = codec
        self._tokens = {text: index for index, text in enumerate(strings)}
        self.varying = stage.varying

    def look_again(self, which: Indices) -> None:
        self._reader.look_again(which)
        self.varying = self._reader.varying

    def read(self, time_code: float, which: Indices) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
        rows, missing, unfit = self._reader.read(time_code, which)
        held = [place for place, index in enumerate(which.tolist()) if self._paths[index] in self._held] if self._held else []
        if not held:
            return rows, missing, unfit
        values = [self._held[self._paths[which[place]]][1] for place in held]
        rows, missing, unfit = rows.copy(), missing.copy(), unfit.copy()
        if self._codec.family == "token":
            rows[held, 0] = [self._tokens.get(value, -1) for value in values]
            unfit[held] = rows[held, 0] < 0
        else:
            rows[held] = self._codec.rows_of_values(values)
            unfit[held] = self._codec.beyond(rows[held])
        missing[held] = False
        return rows, missing, unfit


class _Writer:
    def __init__(
        self, backend: FabricBackend, stage: ColumnWriter, targets: Sequence[Target], codec: Codec, strings: Sequence[str]
    ) -> None:
        self._backend = backend
        self._writer = stage
        self._targets = targets
        self._codec = codec
        self._strings = strings
        self._taken: NDArray[np.bool_] | None = None

    def write(self, which: Indices, rows: Rows, alike: NDArray[np.bool_]) -> None:
        if self._taken is None:
            self._taken = np.array([self._backend.takes(target) for target in self._targets], np.bool_)
        taken = self._taken[which]
        if not taken.all():
            self._writer.write(which[~taken], rows[~taken], alike[~taken])
        token = self._codec.family == "token"
        values = [self._strings[index] for index in rows[taken, 0].tolist()] if token else self._codec.values_of_rows(rows[taken])
        for index, value in zip(which[taken].tolist(), values, strict=True):
            self._backend.hold(self._targets[index], value)


class _LocalMatrices:
    """Transforms composed by OpenUSD from ops of which some are held, on a stage of its own that nobody listens to."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._scratch = Usd.Stage.CreateInMemory()

    def of(self, path: str, held: Mapping[str, Any], time_code: float) -> Gf.Matrix4d:
        """Return a prim's local matrix with the values `held` for its ops, by path, and the stage's for the others."""
        source = UsdGeom.Xformable(self._stage.GetPrimAtPath(path))
        copy = UsdGeom.Xform.Define(self._scratch, path)
        order = source.GetXformOpOrderAttr().Get()
        if copy.GetXformOpOrderAttr().Get() != order:
            copy.CreateXformOpOrderAttr(order)
        for op in source.GetOrderedXformOps():
            attribute = op.GetAttr()
            value = held.get(str(attribute.GetPath()), attribute.Get(Usd.TimeCode(time_code)))
            if value is not None:
                copy.GetPrim().CreateAttribute(attribute.GetName(), attribute.GetTypeName()).Set(value)
        return Gf.Matrix4d(copy.GetLocalTransformation())


def converts(value: object) -> bool:
    """Tell whether values like `value` have a counterpart in `usdrt.Gf`, or need none."""
    return isinstance(value, (bool, int, float, str, Gf.Matrix3d, Gf.Matrix4d, *_VECTORS, *_QUATERNIONS))


def fabric_value(gf: Any, value: Any) -> Any:
    """Return what `usdrt` takes for a value of OpenUSD's: a number or text as it is, else the class of the same name."""
    if isinstance(value, bool | int | float | str):
        return value
    made = getattr(gf, type(value).__name__)
    if type(value) in _QUATERNIONS:
        return made(value.GetReal(), getattr(gf, _QUATERNIONS[type(value)])(*value.GetImaginary()))
    if isinstance(value, Gf.Matrix3d | Gf.Matrix4d):
        return made(*(number for row in value for number in row))
    return made(*value)
