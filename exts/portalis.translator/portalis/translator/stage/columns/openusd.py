"""A stage as columns through OpenUSD's own API.

Frames are written to one anonymous layer, a sublayer of the session layer, so that removing that layer restores the stage bit for bit and
nothing that a user saves was ever touched.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import repeat
from operator import not_
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Tf, Usd, UsdGeom

from portalis.translator.stage.columns.backend import (
    EXTENT_TYPE,
    ArrayReader,
    ArrayWriter,
    ColumnReader,
    ColumnWriter,
    Indices,
    Kept,
    extent_codec,
)
from portalis.translator.stage.columns.packing import Parts, array_of_parts
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.values import Codec, Rows, codec_of

# Above this many writes a change block costs more than the notices that it saves; below, it saves a third.
_BLOCK_LIMIT = 1000


# What the layers that frames are written to are called.
_FRAMES = "portalis-frames.usda"


def is_frames(identifier: str) -> bool:
    """Tell whether a layer is one that frames are written to, of whichever run."""
    return identifier.startswith("anon:") and identifier.endswith(f":{_FRAMES}")


def _default() -> property:
    """Return `Sdf.AttributeSpec.default` unbound: a lookup on each spec would cost more than the write."""
    for class_ in Sdf.AttributeSpec.__mro__:
        if "default" in vars(class_):
            found: property = vars(class_)["default"]
            return found
    raise AssertionError("Sdf.AttributeSpec has a default")


def _setter() -> Callable[[Any, Any], None]:
    setter = _default().fset
    assert setter is not None, "defaults can be set"
    return setter


def _composed(cache: UsdGeom.XformCache, prim: Usd.Prim) -> Gf.Matrix4d:
    """Return a matrix to the world; NaN throughout where OpenUSD knows an op on the way by no name, and composes nothing."""
    try:
        return cache.GetLocalToWorldTransform(prim)
    except Tf.ErrorException:
        # What it has kept of the prims above, it would give to the next one without a word.
        cache.Clear()
        return Gf.Matrix4d(*[math.nan] * 16)


def _attributes_at(stage: Usd.Stage, paths: Sequence[str], prims: dict[str, Usd.Prim]) -> list[Usd.Attribute]:
    """Return the attributes at `paths`: of a prim that was found, an attribute costs a tenth of what it costs by its path.

    `prims` are those found so far.
    """
    name = paths[0].rpartition(".")[2] if paths else ""
    if all(map(str.endswith, paths, repeat(f".{name}"))):
        # Most often each is another prim's attribute of one name.
        owners, names = [path[: -len(name) - 1] for path in paths], [name] * len(paths)
    else:
        places = [path.rpartition(".") for path in paths]
        owners, names = [owner for owner, _, _ in places], [name for _, _, name in places]
    found = list(map(prims.get, owners, repeat(Usd.Prim())))
    # One that was composed anew since is another object.
    missing = list(itertools.compress(range(len(found)), map(not_, map(Usd.Object.IsValid, found))))
    for index in missing:
        found[index] = prims[owners[index]] = stage.GetPrimAtPath(owners[index])
    if not all(found[index] for index in missing):
        return [stage.GetAttributeAtPath(path) for path in paths]
    return list(map(Usd.Prim.GetAttribute, found, names))


def _vary(attributes: Sequence[Usd.Attribute]) -> NDArray[np.bool_]:
    """Tell which attributes may have another value at another time."""
    count = len(attributes)
    sampled = np.fromiter(map(Usd.Attribute.ValueMightBeTimeVarying, attributes), np.bool_, count)
    return np.asarray(sampled | np.fromiter(map(Usd.Attribute.HasAuthoredConnections, attributes), np.bool_, count), np.bool_)


class _UsdColumnReader:
    # Not attribute queries: a query keeps the opinion that was strongest when it was made, and frames add stronger ones.
    def __init__(self, attributes: list[Usd.Attribute], codec: Codec, strings: Sequence[str]) -> None:
        self._attributes = attributes
        self._codec = codec
        self._tokens = {text: index for index, text in enumerate(strings)}
        self.varying = np.zeros(len(attributes), np.bool_)

    def look_again(self, which: Indices) -> None:
        if len(which):
            self.varying[which] = _vary([self._attributes[index] for index in which.tolist()])

    def read(self, time_code: float, which: Indices) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
        everything = len(which) == len(self._attributes)
        attributes = self._attributes if everything else [self._attributes[index] for index in which.tolist()]
        values = list(map(Usd.Attribute.Get, attributes, repeat(Usd.TimeCode(time_code))))
        missing = np.fromiter((value is None for value in values), np.bool_, len(values))
        if self._codec.family == "token":
            rows = np.array([[self._tokens.get(value, -1)] for value in values], np.int64).reshape(len(values), 1)
            return rows, missing, (rows[:, 0] < 0) & ~missing
        if missing.any():
            default = Sdf.ValueTypeNames.Find(self._codec.type_name).defaultValue
            values = [default if value is None else value for value in values]
        rows = self._codec.rows_of_values(values)
        return rows, missing, self._codec.beyond(rows)


class _UsdArrayReader:
    def __init__(self, stage: Usd.Stage, path: str, codec: Codec) -> None:
        self._attribute = stage.GetAttributeAtPath(path)
        self._codec = codec
        self.look_again()

    def look_again(self) -> None:
        self.varying = bool(_vary([self._attribute])[0])

    def read(self, time_code: float) -> Rows:
        return self._codec.rows_of_array(self._attribute.Get(Usd.TimeCode(time_code)))


class _UsdColumnWriter:
    def __init__(self, backend: UsdBackend, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> None:
        self._backend = backend
        self._targets = targets
        self._codec = codec
        self._strings = strings
        self._specs: list[Sdf.AttributeSpec] = []
        # Where each attribute's spec is found in `_specs`; -1: it was never written.
        self._places = np.full(len(targets), -1, np.intp)
        self._set = _setter()

    def write(self, which: Indices, rows: Rows, alike: NDArray[np.bool_]) -> None:
        self._backend.about_to_write()
        token = self._codec.family == "token"
        # All values are made before the first is set: alternating with OpenUSD's own work, making them takes twice as long.
        values = [self._strings[index] for index in rows[:, 0].tolist()] if token else list(self._codec.values_of_rows(rows))
        try:
            self._write(self._specs_of(which), values, alike)
        except TypeError:
            # Somebody emptied the layer of the frames: what it held has no specs any more.
            if not any(spec.expired for spec in self._specs):
                raise
            self._specs, self._places[:] = [], -1
            self._write(self._specs_of(which), values, alike)

    def _write(self, specs: Sequence[Sdf.AttributeSpec], values: Sequence[Any], alike: NDArray[np.bool_]) -> None:
        with Sdf.ChangeBlock() if len(specs) <= _BLOCK_LIMIT or alike.any() else contextlib.nullcontext():
            # A spec that has a value ignores one that is equal: it has to lose that first.
            for index in np.flatnonzero(alike).tolist():
                specs[index].ClearDefaultValue()
            deque(map(self._set, specs, values), maxlen=0)

    def _specs_of(self, which: Indices) -> list[Sdf.AttributeSpec]:
        places = self._places[which]
        if (places < 0).any():
            missing = which[places < 0]
            self._places[missing] = np.arange(len(self._specs), len(self._specs) + len(missing))
            self._specs += self._backend.specs([self._targets[index] for index in missing.tolist()])
            places = self._places[which]
        if len(which) == len(self._specs) and np.array_equal(places, np.arange(len(places))):
            return self._specs
        return [self._specs[place] for place in places.tolist()]


class _UsdArrayWriter:
    def __init__(self, backend: UsdBackend, target: Target, codec: Codec) -> None:
        self._backend = backend
        self._target = target
        self._codec = codec
        self._spec: Sdf.AttributeSpec | None = None

    def write(self, parts: Parts, alike: bool) -> None:
        self._backend.about_to_write()
        if self._spec is None or self._spec.expired:
            (self._spec,) = self._backend.specs([self._target])
        with Sdf.ChangeBlock():
            if alike:
                self._spec.ClearDefaultValue()
            self._spec.default = array_of_parts(parts, self._codec)


class _Entered(contextlib.AbstractContextManager[None]):
    """What a backend does between `enter` and `leave`; it keeps none, or a stage would outlive its run until somebody collects cycles."""

    def __init__(self, backend: UsdBackend) -> None:
        self._backend = backend

    def __enter__(self) -> None:
        self._backend.enter()

    def __exit__(self, *_: object) -> None:
        self._backend.leave()


class UsdBackend:
    """A stage through OpenUSD's own API.

    `listening` is called with False before, and with True after, the backend writes: whoever listens to the stage's notices can tell its
    writes from those of others.
    """

    def __init__(self, stage: Usd.Stage, listening: Callable[[bool], None] = lambda _: None) -> None:
        self._stage = stage
        self._listening = listening
        session = stage.GetSessionLayer()
        if session is None or not session.permissionToEdit:
            raise StageError(
                StageProblem("PS102", "the stage has no session layer that can be edited", "/", "open it with a session layer")
            )
        self._session = session
        self._layer = Sdf.Layer.CreateAnonymous(_FRAMES)
        # Of a layer of another rate, which somebody may edit, OpenUSD would move the values that are time codes.
        self._layer.timeCodesPerSecond = stage.GetTimeCodesPerSecond()
        self._transforms = UsdGeom.XformCache()
        # What was written to, in the order of the first writes.
        self._specs: dict[Target, Sdf.AttributeSpec] = {}
        self._prims: dict[str, Usd.Prim] = {}
        self._depth = 0
        self._heard = True
        # Whoever begins to write finds the layer missing, and puts it there.
        with self._writing():
            pass

    @property
    def layer(self) -> Sdf.Layer:
        """The layer that frames are written to."""
        return self._layer

    def remember(self, prims: Mapping[str, Usd.Prim]) -> None:
        self._prims |= prims

    def compose_from(self, paths: Callable[[], Collection[str]]) -> None:
        """All that is written is on the stage."""

    def put(self, target: Target, value: Any) -> None:
        """Write one value, of OpenUSD's own type."""
        with self._writing(), Sdf.ChangeBlock():
            (spec,) = self.specs([target])
            spec.ClearDefaultValue()
            spec.default = value

    def column_reader(self, paths: Sequence[str], codec: Codec, strings: Sequence[str]) -> ColumnReader:
        return _UsdColumnReader(_attributes_at(self._stage, paths, self._prims), codec, strings)

    def array_reader(self, path: str, codec: Codec) -> ArrayReader:
        return _UsdArrayReader(self._stage, path, codec)

    def column_writer(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str]) -> ColumnWriter:
        return _UsdColumnWriter(self, targets, codec, strings)

    def array_writer(self, target: Target, codec: Codec) -> ArrayWriter:
        return _UsdArrayWriter(self, target, codec)

    def local_to_world(self, paths: Sequence[str], time_code: float) -> Rows:
        cache = self._transforms
        cache.Clear()
        cache.SetTime(Usd.TimeCode(time_code))
        codec = codec_of("matrix4d")
        assert codec is not None
        return codec.rows_of_values([_composed(cache, self._stage.GetPrimAtPath(path)) for path in paths])

    def clear(self, path: str) -> None:
        spec = self._layer.GetAttributeAtPath(path)
        if spec is not None:
            with self._writing():
                spec.ClearDefaultValue()

    def update_extent(self, path: str, time_code: float) -> Rows | None:
        boundable = UsdGeom.Boundable(self._stage.GetPrimAtPath(path))
        if not boundable or not boundable.GetExtentAttr().HasAuthoredValue():
            return None
        extent = UsdGeom.Boundable.ComputeExtentFromPlugins(boundable, Usd.TimeCode(time_code))
        if extent is None:
            return None
        rows = extent_codec().rows_of_array(extent)
        self.array_writer(Target(f"{path}.extent", EXTENT_TYPE), extent_codec()).write(tuple(rows.T), False)
        return rows

    def frame(self, time_code: float) -> contextlib.AbstractContextManager[None]:
        # Nobody has to stop listening to a frame in which nothing is written.
        return _Entered(self)

    @contextlib.contextmanager
    def hidden(self) -> Iterator[None]:
        """Show the stage as it is without what was written; afterwards the frame layer is back, whoever may have removed it."""
        with self._writing():
            self._detach()
            self._layer.timeCodesPerSecond = self._stage.GetTimeCodesPerSecond()
            yield
            self._session.subLayerPaths.insert(0, self._layer.identifier)

    def forget(self, keep: Collection[str]) -> None:
        """Take back everything that was written, except to the attributes `keep`; writers made before are of no more use."""
        written: list[Sdf.Path] = []
        self._layer.Traverse(Sdf.Path.absoluteRootPath, lambda path: written.append(path) if path.IsPropertyPath() else None)
        with self._writing(), Sdf.ChangeBlock():
            for path in written:
                if str(path) not in keep:
                    spec = self._layer.GetPrimAtPath(path.GetPrimPath())
                    spec.RemoveProperty(spec.properties[path.name])
            # An empty over would keep a prim on the stage that its author deleted.
            self._layer.RemoveInertSceneDescription()
        self._specs = {target: spec for target, spec in self._specs.items() if not spec.expired}

    def keep(self) -> Kept:
        getter = _default().fget
        assert getter is not None, "defaults can be read"
        self._specs = {target: spec for target, spec in self._specs.items() if not spec.expired}
        return Kept(tuple(self._specs), tuple(map(getter, self._specs.values())))

    def bring_back(self, kept: Kept) -> None:
        self.forget(())
        written = [index for index, value in enumerate(kept.values) if value is not None]
        specs = self.specs([kept.targets[index] for index in written])
        with self._writing(), Sdf.ChangeBlock():
            deque(map(_setter(), specs, (kept.values[index] for index in written)), maxlen=0)

    def close(self) -> None:
        with self._writing():
            self._detach()

    def _detach(self) -> None:
        if self._layer.identifier in self._session.subLayerPaths:
            self._session.subLayerPaths.remove(self._layer.identifier)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with _Entered(self):
            self.about_to_write()
            yield

    def enter(self) -> None:
        """Begin what may write, perhaps within what did so before."""
        self._depth += 1

    def leave(self) -> None:
        """End what was entered last."""
        self._depth -= 1
        if not self._depth and not self._heard:
            self._heard = True
            self._listening(True)

    def about_to_write(self) -> None:
        """Have whoever listens stop until what was entered first is left."""
        if self._heard and self._depth:
            self._heard = False
            self._listening(False)
            # Whoever took the layer away while the last frame was written was not heard.
            if self._layer.identifier not in self._session.subLayerPaths:
                self._session.subLayerPaths.insert(0, self._layer.identifier)

    def specs(self, targets: Sequence[Target]) -> list[Sdf.AttributeSpec]:
        """Return the specs in the frame layer, made where they do not exist; they have no value until the first write."""
        layer = self._layer
        missing = [target for target in targets if layer.GetAttributeAtPath(target.path) is None]
        with self._writing(), Sdf.ChangeBlock():
            for target in missing:
                type_name = Sdf.ValueTypeNames.Find(target.type_name)
                Sdf.JustCreatePrimAttributeInLayer(layer, target.path, type_name, Sdf.VariabilityVarying)
        specs = [layer.GetAttributeAtPath(target.path) for target in targets]
        self._specs.update(zip(targets, specs, strict=True))
        return specs
