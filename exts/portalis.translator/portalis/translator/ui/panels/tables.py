"""The two lists of the window: behaviours that run, and prims to choose from."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.rows import ROW_COLUMNS, BehaviourRow
from portalis.translator.ui.models.standing import Standing
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.panels.branch import build_branch

_NAME, _STATE, _ERRORS = 0, 1, 4
# The column of prims that says how their behaviours are doing, and what a frame may spend on it.
_BEHAVIOURS, _SECONDS_A_FRAME = 2, 0.004
# What each column needs: a name of a dozen letters and every state are read whole.
_WIDTHS = (116, 136, 62, 50, 84, 50, 62, 50)
# In which order columns are given up where there is no room for all: a pointer on the row's name tells what they say.
_GIVEN_UP = tuple(ROW_COLUMNS.index(title) for title in ("MB", "fuel", "share", "prims", "ms", "errors"))
_MEANS = {
    "behaviour": "The behaviour's function or class.",
    "state": "What it does now, and why it is not simply running.",
    "ms": "Milliseconds a frame, over all of its prims.",
    "share": "Its part of a frame.",
    "errors": "How often a prim failed; the line is the first one's, in the behaviour's Python.",
    "prims": "How many prims it runs on.",
    "fuel": "Instructions a frame, as the sandbox counts them.",
    "MB": "Megabytes that its sandboxes hold.",
}


class _RowItem(ui.AbstractItem):
    def __init__(self, row: BehaviourRow) -> None:
        super().__init__()
        self.row = row
        # The labels that show it, by column, as far as the view built them.
        self.labels: dict[int, Any] = {}

    def show(self, row: BehaviourRow, hidden: Sequence[int]) -> None:
        """Show another row in the labels that are there, those alone that change: building cells anew costs a hundred times as much."""
        before, self.row = self.row, row
        for column, (text, shown) in enumerate(zip(row.cells(), before.cells(), strict=True)):
            label = self.labels.get(column)
            if label is None:
                continue
            if text != shown:
                label.text = text
            if column in (_NAME, _STATE) and (told := _told(row, column, hidden)) != _told(before, column, hidden):
                label.set_tooltip(told)
            if label.name != (name := _cell_style(row, column)):
                label.name = name


class BehaviourTable(ui.AbstractItemModel):
    """The rows of a run. The view wants the same items again, so rows are updated in place while their number stays."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[_RowItem] = []
        self.columns = tuple(range(len(ROW_COLUMNS)))

    @property
    def hidden(self) -> tuple[int, ...]:
        """The columns that have no room."""
        return tuple(column for column in range(len(ROW_COLUMNS)) if column not in self.columns)

    @property
    def widths(self) -> list[int]:
        """What each column that is shown needs."""
        return [_WIDTHS[column] for column in self.columns]

    def fit(self, width: float) -> bool:
        """Show the columns that this width, in points, has room for; True where they are others than before."""
        shown = list(range(len(ROW_COLUMNS)))
        for column in _GIVEN_UP:
            if sum(_WIDTHS[item] for item in shown) > width:
                shown.remove(column)
        before, self.columns = self.columns, tuple(shown)
        return self.columns != before

    def set_rows(self, rows: Sequence[BehaviourRow]) -> None:
        """Show these rows."""
        if len(rows) != len(self.items):
            self.items = [_RowItem(row) for row in rows]
            self._item_changed(None)
            return
        for item, row in zip(self.items, rows, strict=True):
            if item.row != row:
                item.show(row, self.hidden)

    def get_item_children(self, item: Any) -> list[Any]:
        """Return the rows."""
        return [] if item is not None else list(self.items)

    def get_item_value_model_count(self, item: Any) -> int:
        """Return the number of columns."""
        return len(self.columns)

    def get_item_value_model(self, item: Any, column: int) -> Any:
        """The delegate shows text; there is nothing to edit."""
        return None


class BehaviourDelegate(ui.AbstractItemDelegate):
    """Draws a table of behaviours: names to the left, numbers to the right, the state in its colour; `sort` gets a column to sort by."""

    def __init__(self, table: BehaviourTable, sort: Callable[[int], None]) -> None:
        super().__init__()
        self._table = table
        self._sort = sort

    def build_branch(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Rows have no branches."""

    def build_widget(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw one cell."""
        if item is None:
            return
        of_row = self._table.columns[column]
        name = _cell_style(item.row, of_row)
        item.labels[of_row] = _cell(item.row, name, of_row, self._table.hidden)

    def build_header(self, shown: int) -> None:
        """Draw one column's title."""
        column = self._table.columns[shown]
        title = ROW_COLUMNS[column]
        tooltip = f"{_MEANS[title]} Click to sort."
        name = "choice" if column in (_NAME, _STATE) else "number"
        with ui.HStack(height=20):
            ui.Spacer(width=4)
            ui.Button(title, name=name, clicked_fn=lambda: self._sort(column), identifier=f"sort_{title}", tooltip=tooltip)
            ui.Spacer(width=8)


def _cell_style(row: BehaviourRow, column: int) -> str:
    if column == _STATE:
        return row.standing.style
    if column == _NAME:
        # omni.ui measures what it may shorten wrongly at first where its font is another than the usual one.
        return ""
    return "bad" if column == _ERRORS and row.errors else "code"


def _told(row: BehaviourRow, column: int, hidden: Sequence[int]) -> str:
    """Return what a cell says where a pointer rests on it: a name tells what has no column."""
    if column != _NAME or not hidden:
        return tip(row.whole(column))
    cells = row.cells()
    return tip("\n".join((row.whole(column), *(f"{ROW_COLUMNS[item]}: {cells[item]}" for item in hidden))))


def _cell(row: BehaviourRow, name: str, column: int, hidden: Sequence[int]) -> Any:
    numeric = column not in (_NAME, _STATE)
    with ui.HStack(height=20):
        ui.Spacer(width=4)
        alignment = ui.Alignment.RIGHT_CENTER if numeric else ui.Alignment.LEFT_CENTER
        identifier = f"behaviour_{ROW_COLUMNS[column]}"
        label = ui.Label(row.cells()[column], name=name, alignment=alignment, identifier=identifier, elided_text=not numeric)
        if not numeric:
            label.set_tooltip(_told(row, column, hidden))
        ui.Spacer(width=8)
    return label


class PrimItem(ui.AbstractItem):
    """One prim of the tree; its children are looked for when they are shown."""

    def __init__(self, row: Any, path: str) -> None:
        super().__init__()
        self.row = row
        self.path = path
        self.children: list[PrimItem] | None = None
        # What says how its behaviours are doing, as far as the view built it.
        self.label: Any = None


class PrimTree(ui.AbstractItemModel):
    """The prims of a stage; `children_of` returns the rows below a path, `standings_on` how the behaviours of a prim are doing."""

    def __init__(self, children_of: Callable[[str], Sequence[Any]], standings_on: Callable[[str], Sequence[tuple[str, Standing]]]) -> None:
        super().__init__()
        self._children_of = children_of
        self._standings_on = standings_on
        self._roots: list[PrimItem] | None = None
        self._to_show: list[PrimItem] = []

    def update_rows(self) -> bool:
        """Look at the stage again and return whether prims came or went; items of prims that are still there stay the same."""
        return self._update(None, self.get_item_children(None), "/")

    def mark_standings(self) -> None:
        """Behaviours may be doing otherwise than they did."""
        self._to_show = list(self._roots or ())

    def show_standings(self) -> None:
        """Show how behaviours are doing, of so many prims as a frame has time for."""
        until = time.perf_counter() + _SECONDS_A_FRAME
        while self._to_show and time.perf_counter() < until:
            item = self._to_show.pop()
            self._to_show += item.children or ()
            if item.label is not None and item.row.behaviours:
                text, style, told = self.cell(item)
                if (item.label.text, item.label.name) != (text, style):
                    item.label.text, item.label.name = text, style
                item.label.set_tooltip(told)

    def cell(self, item: PrimItem) -> tuple[str, str, str]:
        """Return the behaviours of a prim with their states, the worst first, the style of that, and all there is to say."""
        standings = self._standings_on(item.path) if item.row.behaviours else []
        if not standings:
            # Those of a binding that was made just now are read in the next frames.
            names = ", ".join(item.row.behaviours)
            return names, "quiet", names
        text = ", ".join(f"{standing.name}: {name}" for name, standing in standings)
        why = (f"{name}: {standing.why}" for name, standing in standings if standing.why)
        return text, standings[0][1].style, tip("\n".join((text, *why)))

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
        if column == 0:
            build_branch(level, 20, item is not None and bool(model.get_item_children(item)), expanded)

    def build_widget(self, model: Any, item: Any, column: int, level: int, expanded: bool) -> None:
        """Draw one cell."""
        if item is None:
            return
        text, name, told = (
            (item.row.name, "", item.row.name),
            (item.row.type_name, "quiet", item.row.type_name),
            model.cell(item),
        )[column]
        with ui.HStack(height=20):
            ui.Spacer(width=4)
            label = ui.Label(text, name=name, elided_text=True, tooltip=told, identifier=f"prim_{column}_{item.path}")
        if column == _BEHAVIOURS:
            item.label = label

    def build_header(self, column: int) -> None:
        """Draw one column's title."""
        with ui.HStack(height=20):
            ui.Spacer(width=4)
            ui.Label(("prim", "type", "behaviours")[column], name="heading")
