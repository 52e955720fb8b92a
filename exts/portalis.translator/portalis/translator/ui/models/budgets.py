"""Instructions that behaviours may use in a frame: those of the selected prims, together, and of one that used up what it had."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from portalis.translator.ui.models.ports import behaviour_of
from portalis.translator.ui.models.problems import Remedy
from portalis.translator.ui.models.rows import short

if TYPE_CHECKING:
    from portalis.translator.stage.plan.bindings import PrimBinding
    from portalis.translator.stage.run.report import LaneError
    from portalis.translator.ui.host import Host
    from portalis.translator.ui.models.bindings import BindingsModel
    from portalis.translator.ui.models.problems import Tone
    from portalis.translator.ui.models.run import RunModel

_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)", re.IGNORECASE)
# A lane may use what its call has besides: what helps is far more than it had.
_MORE = 100
_MOST = 10**15


class Window(Protocol):
    """What of the window budgets are about, and whom it tells."""

    host: Host
    run: RunModel
    bindings: BindingsModel

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show news."""

    def play_again(self) -> None:
        """Play from the start."""


class BudgetsModel:
    """What a prim may use in a frame, by behaviour; for this window and stage alone, and from the next Play on."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def selected(self) -> str:
        """Return what the behaviours of the selected prims may use, empty where they differ or there are none."""
        found = {self._of(item) for item in self._window.bindings.selected()}
        return f"{found.pop():,}".replace(",", "_") if len(found) == 1 else ""

    def give(self, text: str) -> bool:
        """Let the behaviours of all selected prims use as much as a text says: 2000000, 2_000_000 or 2 M; 0: what others may.

        False where the text says no number.
        """
        bindings = [item for item in self._window.bindings.selected() if item.modules]
        written = _WRITTEN.fullmatch(text.strip().replace("_", "").replace(",", ""))
        number = round(float(written[1]) * _UNITS[written[2].lower()]) if written is not None else -1
        if not bindings:
            self._window.say("the selected prims have no binding", "bad")
        elif not 0 <= number <= _MOST:
            self._window.say(f"no budget: {text!r} is no number of instructions, such as 2000000 or 2 M", "bad")
            return False
        else:
            for item in bindings:
                self._give(item, number)
            names = ", ".join(sorted({item.function for item in bindings}))
            what = f"{short(number)} instructions" if number else "what every prim may"
            self._window.say(f"{names}: a prim may use {what} in a frame, from the next Play on", "good")
        return True

    def about(self, error: LaneError) -> tuple[str, str]:
        """Say what is known of a lane that was stopped because it did not end, and what helps; nothing of one that failed otherwise."""
        from portalis.translator.stage.run.engine import OUT_OF_FUEL, OUT_OF_TIME

        if error.error not in (OUT_OF_FUEL, OUT_OF_TIME):
            return "", ""
        binding, used = behaviour_of(self._window.host.stage, error.prim, error.behaviour), "all the time"
        if error.error == OUT_OF_FUEL and binding is not None:
            used = f"all of the {short(self._of(binding))} instructions"
        where = f"the loop in line {error.line}" if error.line else "it"
        message = f"{where} used {used} that a prim may use in a frame, and was stopped: it may never end"
        return message, "make sure that each round comes nearer to the end; a larger budget helps a loop that ends"

    def remedies(self, error: LaneError) -> tuple[Remedy, ...]:
        """Return what can be done about a lane that used up its budget: give its behaviour far more, and play again."""
        from portalis.translator.stage.run.engine import OUT_OF_FUEL

        binding = behaviour_of(self._window.host.stage, error.prim, error.behaviour)
        if error.error != OUT_OF_FUEL or binding is None or (more := self._of(binding) * _MORE) > _MOST:
            return ()

        def act() -> None:
            self._give(binding, more)
            self._window.play_again()

        return (Remedy(f"allow {short(more)} instructions and play again", act),)

    def _of(self, binding: PrimBinding) -> int:
        from portalis.translator.stage.run.engine import LANE_BUDGET

        run = self._window.run
        return run.budgets.get(_key(binding), run.lane_fuel or LANE_BUDGET.fuel_per_lane)

    def _give(self, binding: PrimBinding, number: int) -> None:
        if number:
            self._window.run.budgets[_key(binding)] = number
        else:
            self._window.run.budgets.pop(_key(binding), None)


def _key(binding: PrimBinding) -> tuple[str, str]:
    # As modules name their sources.
    return f"{binding.modules[0]}.py" if binding.modules else "", binding.function
