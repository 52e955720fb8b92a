"""Binding as one edit that can be taken back exactly, whatever layer it went to."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Sdf, Usd

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.plan.discovery import BindingKey
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.modules import module_scope
from portalis.translator.stage.problems import StageError, StageProblem


class BindEdit:
    """Bind a behaviour to prims at the edit target that the stage has now; `do` again after `undo` gives the same opinions."""

    def __init__(
        self,
        stage: Usd.Stage,
        prim_paths: Sequence[str],
        source: SourceFile,
        interface: BehaviourInterface,
        approvals: Approvals | None = None,
    ) -> None:
        self._stage = stage
        self._paths = tuple(prim_paths)
        self._source = source
        self._interface = interface
        self._approvals = approvals
        self._target = stage.GetEditTarget()
        self._before: _Before | None = None

    def do(self) -> tuple[BindingKey, ...]:
        """Bind and return the bindings' keys; a `StageError` holds every reason against it, and then nothing has changed."""
        places = [self._target.MapToSpecPath(path) for path in (*map(Sdf.Path, self._paths), module_scope(self._stage))]
        before = _Before(self._target.GetLayer(), [place for place in places if not place.isEmpty])
        try:
            with Usd.EditContext(self._stage, self._target):
                keys = bind(self._stage, self._paths, self._source, self._interface, approvals=self._approvals)
        except BaseException:
            # Into a locked layer nothing was written, and nothing can be.
            if self._target.GetLayer().permissionToEdit:
                before.restore()
            raise
        self._before = before
        return keys

    def undo(self) -> None:
        """Give the layer back the opinions it had; a `StageError` where it was locked meanwhile."""
        assert self._before is not None, "do comes first"
        layer = self._target.GetLayer()
        if not layer.permissionToEdit:
            raise StageError(StageProblem("PS102", f"the layer {layer.identifier} is locked", "/", "unlock it, then undo again"))
        self._before.restore()
        self._before = None


class _Before:
    """What a layer held at some prims: copies of the specs there were, and the topmost specs that were not there."""

    def __init__(self, layer: Sdf.Layer, places: Sequence[Sdf.Path]) -> None:
        self._layer = layer
        self._copies = Sdf.Layer.CreateAnonymous("before")
        self._present: list[Sdf.Path] = []
        self._absent: set[Sdf.Path] = set()
        for place in places:
            missing = [path for path in place.GetPrefixes() if not layer.GetObjectAtPath(path)]
            if missing:
                self._absent.add(missing[0])
                continue
            self._present.append(place)
            Sdf.CreatePrimInLayer(self._copies, place)
            Sdf.CopySpec(layer, place, self._copies, place)

    def restore(self) -> None:
        edit = Sdf.BatchNamespaceEdit()
        with Sdf.ChangeBlock():
            for place in self._present:
                Sdf.CopySpec(self._copies, place, self._layer, place)
            for path in self._absent:
                if self._layer.GetObjectAtPath(path):
                    edit.Add(path, Sdf.Path.emptyPath)
            self._layer.Apply(edit)
