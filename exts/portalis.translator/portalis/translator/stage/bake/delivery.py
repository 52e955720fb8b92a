"""A bake for people who have no Portalis: what was computed, without what computed it."""

from __future__ import annotations

from collections.abc import Iterable

from pxr import Sdf

from portalis.translator.stage.schema import API_NAMES, APPENDED_MARK, MODULE_TYPE, NAMESPACE, SCENE_API, SCOPE_NAME

_APIS = frozenset({*API_NAMES.values(), SCENE_API})
_LIST_NAMES = ("explicitItems", "addedItems", "prependedItems", "appendedItems", "deletedItems", "orderedItems")


def remove_behaviours(layer: Sdf.Layer) -> None:
    """Take modules, bindings and the scene's settings out of a flattened layer, with what leads to them."""
    paths: list[Sdf.Path] = []
    layer.Traverse(Sdf.Path.absoluteRootPath, paths.append)
    specs = [spec for path in paths if path.IsPrimPath() and (spec := layer.GetPrimAtPath(path))]
    modules = [spec.path for spec in specs if spec.typeName == MODULE_TYPE]
    kept = [spec for spec in specs if not _within(spec.path, modules)]
    for spec in kept:
        _remove_apis(spec)
        for item in list(spec.properties):
            if item.name.startswith(NAMESPACE):
                spec.RemoveProperty(item)
            else:
                _let_go(item, modules)
    for path in modules:
        _remove_prim(layer, path)
        scope = layer.GetPrimAtPath(path.GetParentPath())
        if scope and scope.name == SCOPE_NAME and scope.typeName == "Scope" and not scope.nameChildren and not scope.properties:
            _remove_prim(layer, scope.path)


def _remove_apis(spec: Sdf.PrimSpec) -> None:
    listed = spec.GetInfo("apiSchemas") if spec.HasInfo("apiSchemas") else None
    if listed is None:
        return
    rest = Sdf.TokenListOp()
    for name in _LIST_NAMES:
        if listed.isExplicit == (name == "explicitItems"):
            setattr(rest, name, [item for item in getattr(listed, name) if item.partition(":")[0] not in _APIS])
    if any(getattr(rest, name) for name in _LIST_NAMES):
        spec.SetInfo("apiSchemas", rest)
    else:
        spec.ClearInfo("apiSchemas")


def _let_go(item: Sdf.PropertySpec, modules: Iterable[Sdf.Path]) -> None:
    """Take out connections and targets of a property that lead to what goes, and bind's mark."""
    paths = item.connectionPathList if isinstance(item, Sdf.AttributeSpec) else item.targetPathList
    for path in paths.GetAddedOrExplicitItems():
        if path.name.startswith(NAMESPACE) or _within(path.GetPrimPath(), modules):
            paths.RemoveItemEdits(path)
    if APPENDED_MARK in item.customData:
        item.customData = {name: value for name, value in item.customData.items() if name != APPENDED_MARK}


def _within(path: Sdf.Path, modules: Iterable[Sdf.Path]) -> bool:
    return any(path.HasPrefix(module) for module in modules)


def _remove_prim(layer: Sdf.Layer, path: Sdf.Path) -> None:
    parent = layer.GetPrimAtPath(path.GetParentPath()) or layer.pseudoRoot
    del parent.nameChildren[path.name]
