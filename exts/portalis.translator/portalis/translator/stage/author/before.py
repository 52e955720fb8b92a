"""What a layer held at some prims before an edit, to be given back."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Sdf, Usd

from portalis.translator.stage.plan.modules import module_scope


def before_binding(stage: Usd.Stage, target: Usd.EditTarget, prim_paths: Sequence[str], *, only_adds: bool = False) -> Before:
    """Remember what `target` says of prims and of the place where modules live: all that `bind` writes to.

    Where it `only_adds` modules, those that are there need no copy.
    """
    scope = target.MapToSpecPath(module_scope(stage))
    grows = scope if only_adds and target.GetLayer().GetPrimAtPath(scope) else None
    places = [*map(target.MapToSpecPath, map(Sdf.Path, prim_paths)), *([] if grows else [scope])]
    return Before(target.GetLayer(), [place for place in places if not place.isEmpty], grows)


class Before:
    """What a layer held at some prims: copies of the specs there were, and the topmost specs that were not there.

    To the prim that `grows` children are added, and nothing else.
    """

    def __init__(self, layer: Sdf.Layer, places: Sequence[Sdf.Path], grows: Sdf.Path | None = None) -> None:
        self._layer = layer
        self._grows = grows
        self._children = self._names() if grows else frozenset()
        self._copies = Sdf.Layer.CreateAnonymous("before")
        self._present: list[Sdf.Path] = []
        self._absent: set[Sdf.Path] = set()
        for place in sorted(places):
            if any(place.HasPrefix(copied) for copied in self._present):
                # The copy of a prim has those below it.
                continue
            missing = [path for path in place.GetPrefixes() if not layer.GetObjectAtPath(path)]
            if missing:
                self._absent.add(missing[0])
                continue
            self._present.append(place)
            Sdf.CreatePrimInLayer(self._copies, place)
            Sdf.CopySpec(layer, place, self._copies, place)

    def restore(self) -> None:
        """Give the prims back what they held; a locked layer was not written, and cannot be."""
        if not self._layer.permissionToEdit:
            return
        edit, again = Sdf.BatchNamespaceEdit(), Sdf.BatchNamespaceEdit()
        with Sdf.ChangeBlock():
            for place in self._present:
                Sdf.CopySpec(self._copies, place, self._layer, place)
                names = [child.name for child in self._copies.GetPrimAtPath(place).nameChildren]
                if names != [child.name for child in self._layer.GetPrimAtPath(place).nameChildren]:
                    # What was taken away and is there again came last.
                    for name in names:
                        again.Add(place.AppendChild(name), Sdf.Path.emptyPath)
            self._layer.Apply(again)
            for place in self._present:
                Sdf.CopySpec(self._copies, place, self._layer, place)
            for path in (*self._absent, *map(self._added, self._names() - self._children if self._grows else ())):
                if self._layer.GetObjectAtPath(path):
                    edit.Add(path, Sdf.Path.emptyPath)
            self._layer.Apply(edit)

    def _names(self) -> frozenset[str]:
        return frozenset(child.name for child in self._layer.GetPrimAtPath(self._grows).nameChildren)

    def _added(self, name: str) -> Sdf.Path:
        assert self._grows is not None, "only where children are added"
        return self._grows.AppendChild(name)
