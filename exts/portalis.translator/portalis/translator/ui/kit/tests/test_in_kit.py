"""What a user does, inside Kit: by actions, the selection, the time line and Kit's own undo; what is seen is read from the window."""

from __future__ import annotations

from typing import Any

import omni.kit.actions.core
import omni.kit.app
import omni.kit.test
import omni.kit.ui_test
import omni.kit.undo
import omni.timeline
import omni.ui as ui
import omni.usd

from portalis.translator.ui.actions import ACTIONS
from portalis.translator.ui.kit.actions import NAME, TITLE
from portalis.translator.ui.kit.session import BINDINGS

_BALL = "/World/Ball"
# Frames to wait for a translation: minutes, on the slowest machine.
_PATIENCE = 20_000


class TestPortalis(omni.kit.test.AsyncTestCase):
    """The extension as it was started by Kit."""

    async def setUp(self) -> None:
        """Open a stage with one prim, selected."""
        context = omni.usd.get_context()
        await context.new_stage_async()
        self.stage: Any = context.get_stage()
        self.stage.DefinePrim(_BALL, "Sphere")
        context.get_selection().set_selected_prim_paths([_BALL], True)
        ui.Workspace.show_window(TITLE, True)
        await self._frames(5)

    async def tearDown(self) -> None:
        """Leave the time line as it was."""
        omni.timeline.get_timeline_interface().stop()
        await self._frames(3)

    async def test_the_windows_are_there(self) -> None:
        """Both windows are known to Kit, which shows them by their titles."""
        for title in (TITLE, BINDINGS):
            ui.Workspace.show_window(title, True)
            await self._frames(2)
            self.assertTrue(ui.Workspace.get_window(title).visible)

    async def test_every_action_is_registered(self) -> None:
        """Kit finds each action by its name."""
        registry = omni.kit.actions.core.get_action_registry()
        for action in ACTIONS:
            self.assertIsNotNone(registry.get_action(NAME, action.id), action.id)

    async def test_the_starter_is_bound_played_stopped_and_undone(self) -> None:
        """From the editor's own text to a prim that moves, and back."""
        before = self._text()
        self._do("translate")
        await self._until(lambda: self._status().startswith(("verified", "refused", "the translation failed")))
        self.assertTrue(self._status().startswith("verified"), self._status())
        self._do("bind")
        await self._frames(3)
        bound = self._text()
        self.assertIn("PortalisBehaviorAPI", bound, self._status())
        omni.kit.undo.undo()
        await self._frames(3)
        self.assertEqual(self._text(), before)
        omni.kit.undo.redo()
        await self._frames(3)
        self.assertEqual(self._text(), bound)
        omni.timeline.get_timeline_interface().play()
        await self._until(lambda: self._status().startswith(("playing", "the run ended")))
        await self._frames(20)
        self.assertTrue(self._status().startswith("playing"), self._status())
        omni.timeline.get_timeline_interface().stop()
        await self._frames(5)
        self.assertEqual(self._text(), bound)
        self._do("unbind")
        await self._frames(3)
        self.assertNotIn("PortalisBehaviorAPI", self._text())

    # --------------------------------------------------------------------------------------------------------------- tools
    def _do(self, action: str) -> None:
        omni.kit.actions.core.get_action_registry().execute_action(NAME, action)

    def _text(self) -> str:
        return str(self.stage.GetRootLayer().ExportToString())

    def _status(self) -> str:
        return str(omni.kit.ui_test.find(f"{TITLE}//Frame/**/Label[*].identifier=='status'").widget.text)

    async def _frames(self, count: int) -> None:
        for _ in range(count):
            await omni.kit.app.get_app().next_update_async()

    async def _until(self, condition: Any) -> None:
        for _ in range(_PATIENCE):
            if condition():
                return
            await self._frames(1)
        self.fail("nothing happened")
