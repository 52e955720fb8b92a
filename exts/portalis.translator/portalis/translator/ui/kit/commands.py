"""The edits of a stage as Kit's commands: each has a name of its own in Kit's undo list, and tells which prims by its label."""

from __future__ import annotations

from collections.abc import Callable

import omni.kit.commands

from portalis.translator.ui.host import Edit, EditName


class KitEdit:
    """An edit as Kit's history keeps it: shown by its label; whoever undoes and redoes it there, the window hears of it.

    `changed` is called after every change; `failed` is given what could not be, and why, where Kit alone would know.
    """

    def __init__(self, edit: Edit, changed: Callable[[], None], failed: Callable[[str, Exception], None]) -> None:
        self._edit = edit
        self._changed = changed
        self._failed = failed
        self._made = False
        # What the edit was refused for when it was made first: Kit logs what a command raises and answers False.
        self.reason: Exception | None = None

    def __repr__(self) -> str:
        return self._edit.label

    def do(self) -> object:
        """Make the change, or make it again."""
        try:
            result = self._edit.do()
        except Exception as error:
            if self._made:
                self._failed(f"not made again: {self._edit.label}", error)
            self.reason = error
            raise
        self._made = True
        self._changed()
        return result

    def undo(self) -> None:
        """Take it back."""
        try:
            self._edit.undo()
        except Exception as error:
            self._failed(f"not undone: {self._edit.label}", error)
            raise
        self._changed()


class _EditCommand(omni.kit.commands.Command):
    def __init__(self, edit: KitEdit) -> None:
        super().__init__()
        self._edit = edit

    def do(self) -> object:
        """Make the edit."""
        return self._edit.do()

    def undo(self) -> None:
        """Take it back."""
        self._edit.undo()


class BindPortalisBehaviorCommand(_EditCommand):
    """Bind a verified behaviour to prims at the edit target."""


class RebindPortalisBehaviorCommand(_EditCommand):
    """Bind prims again that had a behaviour of this name: to its code and wires as they are now."""


class UnbindPortalisBehaviorCommand(_EditCommand):
    """Take behaviours away from prims, with what was authored for them alone."""


class EnablePortalisBehaviorCommand(_EditCommand):
    """Let the behaviours of prims run."""


class DisablePortalisBehaviorCommand(_EditCommand):
    """Keep the behaviours of prims from running, bound as they are."""


COMMANDS: dict[EditName, type[_EditCommand]] = {
    "bind": BindPortalisBehaviorCommand,
    "rebind": RebindPortalisBehaviorCommand,
    "unbind": UnbindPortalisBehaviorCommand,
    "enable": EnablePortalisBehaviorCommand,
    "disable": DisablePortalisBehaviorCommand,
}


def register_commands() -> None:
    """Let Kit know the commands."""
    for command in COMMANDS.values():
        omni.kit.commands.register(command)


def unregister_commands() -> None:
    """Take them back."""
    for command in COMMANDS.values():
        omni.kit.commands.unregister(command)


def execute(name: EditName, edit: KitEdit) -> None:
    """Make an edit as its command. Raises what the edit raised."""
    omni.kit.commands.execute(COMMANDS[name].__name__.removesuffix("Command"), edit=edit)
    if edit.reason is not None:
        raise edit.reason
