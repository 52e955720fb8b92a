"""The two lists of the window: behaviours that run, and prims to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import omni.ui as ui

from portalis.translator.ui.model_run import BehaviourRow

COLUMNS = ("behaviour", "prims", "ms", "errors", "state")


class _RowItem(ui.AbstractItem):
    def __init__(self, row: BehaviourRow) -> None:
        super().__init__()
        self.row = row


class BehaviourTable(ui.AbstractItemModel):
    """The rows of a run. The view wants the same items again, so rows are updated in place while their number stays."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[_RowItem] = []

    def set_rows(self, rows: Sequence[BehaviourRow]) -> None:
        """Show these rows."""
        if len(rows) != len(self.items):
            self.items = [_RowItem(row) for row in rows]
            self._item_changed(None)
            return
        for item, row in zip(self.items, rows, strict=True):
            if item.row != row:
                item.row = row
                self._item_changed(item)

    def get_item_children(self, item: Any) -> list[Any]:
        """Return the rows."""
        return [] if item is not None else list(self.items)

    def get_item_value_model_count(self, item: Any) -> int:
        """Return the number of columns."""
        return len(COLUMNS)

    def get_item_value_model(self, item: Any, column: int) -> Any:
        """The delegate shows text; there is nothing to edit."""
        return None


class BehaviourDelegate(ui.AbstractItemDelegate):
    """Draws the table of behaviours: names to the left, numbers to the right, the state in its colour."""

    def build_branch(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Rows have no branches."""

    def build_widget(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw one cell."""
        if item is None:
            return
        row: BehaviourRow = item.row
        text = (row.name, row.prims, row.milliseconds, row.errors, row.state)[column]
        name = "code"
        if column == 4:
            name = row.tone
        elif column == 3 and row.errors != "0":
            name = "bad"
        _cell(text, name, column, f"behaviour_{column}")

    def build_header(self, column: int) -> None:
        """Draw one column's title."""
        _cell(COLUMNS[column], "heading", column, f"header_{column}")


def _cell(text: str, name: str, column: int, identifier: str) -> None:
    numeric = 1 <= column <= 3
    with ui.HStack(height=20):
        ui.Spacer(width=6)
        alignment = ui.Alignment.RIGHT_CENTER if numeric else ui.Alignment.LEFT_CENTER
        ui.Label(text, name=name, alignment=alignment, identifier=identifier, elided_text=not numeric)
        ui.Spacer(width=10)


class PrimItem(ui.AbstractItem):
    """One prim of the tree; its children are looked for when they are shown."""

    def __init__(self, row: Any, path: str) -> None:
        super().__init__()
        self.row = row
        self.path = path
        self.children: list[PrimItem] | None = None


class PrimTree(ui.AbstractItemModel):
    """The prims of a stage; `children_of` returns the rows below a path."""

    def __init__(self, children_of: Callable[[str], Sequence[Any]]) -> None:
        super().__init__()
        self._children_of = children_of
        self._roots: list[PrimItem] | None = None

    def update_rows(self) -> bool:
        """Look at the stage again and return whether prims came or went; items of prims that are still there stay the same."""
        return self._update(None, self.get_item_children(None), "/")

    def get_item_children(self, item: Any) -> list[Any]:
        """Return the prims below one prim, or the root prims."""
        if item is None:
            if self._roots is None:
                self._roots = self._items("/")
            return self._roots
        if item.children is None:
            item.children = self._items(item.path)
        return list(item.children)

    def way_to(self, path: str) -> list[PrimItem]:
        """Return the items of a prim's ancestors and its own, as far as they are shown."""
        found: list[PrimItem] = []
        while True:
            below = self.get_item_children(found[-1] if found else None)
            following = next((item for item in below if f"{path}/".startswith(f"{item.path}/")), None)
            if following is None:
                return found
            found.append(following)

    def get_item_value_model_count(self, item: Any) -> int:
        """Return the number of columns: name, type, behaviours."""
        return 3

    def get_item_value_model(self, item: Any, column: int) -> Any:
        """The delegate shows text; there is nothing to edit."""
        return None

    def _update(self, parent: PrimItem | None, items: list[PrimItem], path: str) -> bool:
        rows = self._children_of(path)
        known = {item.path: item for item in items}
        changed = list(known) != [row.path for row in rows]
        if changed:
            items = [known.get(row.path) or PrimItem(row, row.path) for row in rows]
            if parent is None:
                self._roots = items
            else:
                parent.children = items
            self._item_changed(parent)
        for item, row in zip(items, rows, strict=True):
            if item.row != row:
                item.row = row
                self._item_changed(item)
            if item.children is not None:
                changed |= self._update(item, item.children, item.path)
        return changed

    def _items(self, path: str) -> list[PrimItem]:
        return [PrimItem(row, row.path) for row in self._children_of(path)]


class PrimDelegate(ui.AbstractItemDelegate):
    """Draws the tree of prims."""

    def build_branch(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw the indentation and, where there are children, what opens them."""
        if column != 0:
            return
        with ui.HStack(width=16 * (level + 1), height=20):
            ui.Spacer()
            children = model.get_item_children(item) if item is not None else []
            with ui.VStack(width=14):
                ui.Spacer()
                if children:
                    alignment = ui.Alignment.CENTER_BOTTOM if expanded else ui.Alignment.RIGHT_CENTER
                    ui.Triangle(name="branch", width=8, height=8, alignment=alignment)
                ui.Spacer()

    def build_widget(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw one cell."""
        if item is None:
            return
        text, name = (
            (item.row.name, ""),
            (item.row.type_name, "quiet"),
            (", ".join(item.row.behaviours), "good"),
        )[column]
        with ui.HStack(height=20):
            ui.Spacer(width=4)
            ui.Label(text, name=name, elided_text=True, identifier=f"prim_{column}_{item.path}")

    def build_header(self, column: int) -> None:
        """Draw one column's title."""
        with ui.HStack(height=20):
            ui.Spacer(width=4)
            ui.Label(("prim", "type", "behaviours")[column], name="heading")
