"""The tree of bindings: behaviours with their prims below, each with its state; what is selected in it is selected on the stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.tree import BindingsTree, BoundBehaviour, BoundPrim
from portalis.translator.ui.panels.branch import build_branch
from portalis.translator.ui.panels.hinted import HintedField
from portalis.translator.ui.style import GAP, ROW, panel_style

_COLUMNS = ("behaviour", "prims", "state")
# More rows than these are no list to read any more; the behaviour's own row selects them all.
_MOST_PRIMS = 500
_LINE = 20


class _Item(ui.AbstractItem):
    """A behaviour, or one of its prims; a `prim` of None is the behaviour itself."""

    def __init__(self, behaviour: BoundBehaviour, prim: BoundPrim | None, more: int = 0) -> None:
        super().__init__()
        self.behaviour = behaviour
        self.prim = prim
        self.more = more
        self.children: list[_Item] | None = None

    def paths(self) -> list[str]:
        """The prims that it stands for."""
        if self.more:
            return []
        return [self.prim.path] if self.prim is not None else [prim.path for prim in self.behaviour.prims]


class _Rows(ui.AbstractItemModel):
    """What the view asks; items of behaviours that are still there stay the same."""

    def __init__(self, tree: BindingsTree) -> None:
        super().__init__()
        self._tree = tree
        self._roots: list[_Item] = []

    def refresh(self) -> None:
        """Take what is shown now."""
        known = {item.behaviour: item for item in self._roots}
        shown = self._tree.shown()
        if [item.behaviour for item in self._roots] != list(shown):
            self._roots = [known.get(behaviour) or _Item(behaviour, None) for behaviour in shown]
            self._item_changed(None)
            return
        for root in self._roots:
            for item in (root, *(root.children or ())):
                self._item_changed(item)

    def get_item_children(self, item: Any) -> list[Any]:
        """Return the behaviours, or the prims of one."""
        if item is None:
            return list(self._roots)
        if item.prim is not None or item.more:
            return []
        if item.children is None:
            prims = item.behaviour.prims
            item.children = [_Item(item.behaviour, prim) for prim in prims[:_MOST_PRIMS]]
            if len(prims) > _MOST_PRIMS:
                item.children.append(_Item(item.behaviour, None, more=len(prims) - _MOST_PRIMS))
        return list(item.children)

    def get_item_value_model_count(self, item: Any) -> int:
        """Return the number of columns."""
        return len(_COLUMNS)

    def get_item_value_model(self, item: Any, column: int) -> Any:
        """The delegate shows text; there is nothing to edit."""
        return None


class _Delegate(ui.AbstractItemDelegate):
    def __init__(self, tree: BindingsTree) -> None:
        super().__init__()
        self._tree = tree

    def build_branch(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw the indentation and what opens a behaviour."""
        if column == 0:
            build_branch(level, _LINE, item is not None and item.prim is None and not item.more, expanded)

    def build_widget(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw one cell."""
        if item is None:
            return
        text, name = self._cell(item, column)
        with ui.HStack(height=_LINE):
            ui.Spacer(width=4)
            ui.Label(text, name=name, elided_text=True, tooltip=text, identifier=f"tree_{column}_{_key(item)}")

    def _cell(self, item: _Item, column: int) -> tuple[str, str]:
        behaviour, prim = item.behaviour, item.prim
        if item.more:
            return (f"and {item.more} more: select the behaviour to select them all", "quiet") if column == 0 else ("", "")
        if column == 0:
            return (prim.path, "") if prim is not None else (behaviour.name, "good")
        if column == 1:
            return ("", "") if prim is not None else (str(len(behaviour.prims)), "quiet")
        standing = self._tree.standing_of(behaviour, prim) if prim is not None else self._tree.summary_of(behaviour)
        return standing.words, standing.style

    def build_header(self, column: int) -> None:
        """Draw one column's title."""
        with ui.HStack(height=_LINE):
            ui.Spacer(width=4)
            ui.Label(_COLUMNS[column], name="heading")


def _key(item: _Item) -> str:
    return "more" if item.more else item.prim.path if item.prim is not None else item.behaviour.name


class TreePanel:
    """Shows a tree of bindings in the current container; `select` gets the paths of the prims that are selected in it."""

    def __init__(self, tree: BindingsTree, select: Callable[[Sequence[str]], None]) -> None:
        self._tree = tree
        self._select = select
        self._stale = True
        self._leave = tree.changed.add(self._mark)
        self._rows = _Rows(tree)
        self._delegate = _Delegate(tree)
        with ui.ZStack(style=panel_style()):
            ui.Rectangle(name="ground")
            with ui.VStack(spacing=GAP):
                self._filter = HintedField(
                    "filter by name", "tree_filter", "Show behaviours and prims whose name contains this.", height=ROW
                )
                self._filter.model.add_value_changed_fn(self._filtered)
                with ui.ZStack():
                    ui.Rectangle(name="field")
                    with ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF):
                        self.view = ui.TreeView(
                            self._rows,
                            delegate=self._delegate,
                            root_visible=False,
                            header_visible=True,
                            column_widths=[ui.Fraction(4), ui.Pixel(50), ui.Fraction(3)],
                            selection_changed_fn=self._selected,
                            identifier="tree",
                        )
                    self._empty = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, word_wrap=True, identifier="tree_empty")

    def tick(self) -> None:
        """Draw what changed."""
        if not self._stale:
            return
        self._stale = False
        self._rows.refresh()
        nothing = not self._tree.shown()
        self._empty.visible = nothing
        if nothing:
            self._empty.text = (
                "No binding has this in its name." if self._tree.behaviours else "Nothing is bound yet: select prims, and Bind."
            )

    def destroy(self) -> None:
        """Let go of the model."""
        self._leave()

    def _mark(self) -> None:
        self._stale = True

    def _filtered(self, field: Any) -> None:
        self._tree.filter = field.as_string
        self._stale = True

    def _selected(self, items: Sequence[Any]) -> None:
        paths = [path for item in items for path in item.paths()]
        if paths:
            self._select(list(dict.fromkeys(paths)))
