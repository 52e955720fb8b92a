"""The page of preferences: built anew whenever a host shows it."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.preferences import PREFERENCES, Preference, Preferences
from portalis.translator.ui.style import GAP, panel_style

_LABEL, _LINE = 260, 26
# As high as a check box is drawn: at the top of its room, whatever that is.
_TICK = 16


class PreferencesPanel:
    """Shows preferences in the current container. `missing` says which parts of the host are gone without, and why."""

    def __init__(self, preferences: Preferences, missing: Mapping[str, str]) -> None:
        self._preferences = preferences
        self._refused: dict[str, Any] = {}
        self._held: list[Any] = []
        with ui.ZStack(height=0, style=panel_style()):
            # Our own ground: what is read on it is read in every host's colours.
            ui.Rectangle(name="ground")
            self._build_page(missing)

    def _build_page(self, missing: Mapping[str, str]) -> None:
        with ui.VStack(height=0, spacing=GAP):
            ui.Label(
                "What is chosen here counts for every stage. Undo does not take it back.",
                name="quiet",
                word_wrap=True,
                identifier="prefer_undo",
            )
            for group, items in itertools.groupby(PREFERENCES, lambda item: item.group):
                ui.Label(group, name="heading", height=20)
                for item in items:
                    self._build(item)
            ui.Label("Trust", name="heading", height=20)
            self._build_trust()
            for name, why in missing.items():
                ui.Label(f"This application has no {name}: {why}.", name="quiet", word_wrap=True, identifier=f"missing_{name}")

    def _build(self, item: Preference) -> None:
        tip = f"{item.help} Counts {item.when}."
        with ui.HStack(height=_LINE, spacing=GAP):
            ui.Label(item.title, width=_LABEL, tooltip=tip)
            self._build_field(item, tip)
        ui.Label(tip, name="quiet", word_wrap=True)
        self._refused[item.name] = ui.Label("", name="bad", word_wrap=True, visible=False, identifier=f"refused_{item.name}")

    def _build_field(self, item: Preference, tip: str) -> None:
        value, identifier = self._preferences.value(item), f"prefer_{item.name}"
        if item.kind == "choice":
            box = ui.ComboBox(item.choices.index(str(value)), *item.choices, identifier=identifier, tooltip=tip)
            choose = functools.partial(self._choose, item)
            box.model.add_item_changed_fn(lambda items, _: choose(items.get_item_value_model().as_int))
        elif item.kind == "switch":
            with ui.VStack(width=20):
                ui.Spacer()
                check = ui.CheckBox(height=_TICK, identifier=identifier, tooltip=tip)
                ui.Spacer()
            check.model.set_value(bool(value))
            switch = functools.partial(self._set, item)
            self._held.append(check.model.subscribe_value_changed_fn(lambda model: switch(model.as_bool)))
        else:
            field = ui.StringField(identifier=identifier, tooltip=tip)
            field.model.set_value(str(value))
            write = functools.partial(self._set, item)
            self._held.append(field.model.subscribe_end_edit_fn(lambda model: write(model.as_string)))

    def _choose(self, item: Preference, index: int) -> None:
        self._set(item, item.choices[index])

    def _set(self, item: Preference, value: object) -> None:
        self._preferences.set(item, value)
        label = self._refused[item.name]
        why = self._preferences.refused.get(item.name, "")
        label.text, label.visible = f"not kept: wanted is {why}" if why else "", bool(why)

    def _build_trust(self) -> None:
        self._trusted = ui.Label(self._preferences.trusted(), word_wrap=True, identifier="prefer_trusted")
        with ui.HStack(height=_LINE):
            ui.Button(
                "Forget all approvals",
                width=180,
                clicked_fn=self._forget,
                identifier="prefer_forget",
                tooltip="Every stage's code asks again from the next Play on. Undo does not bring the approvals back.",
            )
            ui.Spacer()

    def _forget(self) -> None:
        why_not = self._preferences.forget_trust()
        self._trusted.text = f"not forgotten: {why_not}" if why_not else self._preferences.trusted()
