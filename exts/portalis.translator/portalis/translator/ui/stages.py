"""The studio's stage as a file: opened, saved, and saved under a name where it has none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portalis.translator.saving import claimed
from portalis.translator.stage.files import open_stage
from portalis.translator.stage.layers import refuse_open, save, write
from portalis.translator.stage.problems import StageError
from portalis.translator.ui.desktop import DesktopHost
from portalis.translator.ui.models.window import PanelModel


class StageFiles:
    """Opens and saves for a window; `show` gets a stage that was opened and what to say of it. `close` lets go of the files."""

    def __init__(self, host: DesktopHost, model: PanelModel, show: Callable[[Any, str], None]) -> None:
        self._host = host
        self._model = model
        self._show = show
        self._claims = contextlib.ExitStack()

    @property
    def _layer(self) -> Any:
        """Where bindings go."""
        return self._host.stage.GetEditTarget().GetLayer()

    @property
    def title(self) -> str:
        """What the stage is called."""
        path = self._host.stage.GetRootLayer().realPath
        return Path(path).name if path else "the stage, which has no file yet"

    @property
    def unsaved(self) -> bool:
        """Whether the stage has edits that are in no file."""
        # A stage that was made here was never saved: what counts is whether anybody did something to it.
        return bool(self._layer.dirty) and (not self._layer.anonymous or bool(self._host.edits.to_undo()))

    def open(self, path: Path, news: str = "") -> None:
        """Open another stage in the place of this one."""
        claims = contextlib.ExitStack()
        try:
            if str(path.resolve()) != self._host.stage.GetRootLayer().realPath:
                claims.enter_context(claimed(path))
            stage = open_stage(path)
        except (OSError, StageError) as error:
            claims.close()
            self._model.say(f"not opened: {_reason(error)}", "bad")
            return
        self._claims.close()
        self._claims = claims
        # Of a file that was open already, what was discarded would still be there.
        if stage.GetRootLayer().dirty:
            stage.GetRootLayer().Reload()
        self._show(stage, news or f"opened {path}")

    def save(self, path: Path | None = None) -> bool:
        """Write the layer where bindings go to its file, or to one that it gets now; False where that cannot be."""
        layer = self._layer
        try:
            if path is None:
                save(layer)
            else:
                refuse_open(self._host.stage, path)
                self._claims.enter_context(claimed(path))
                write(layer, path)
                layer.identifier = str(path)
                layer.Reload()
        except (OSError, StageError) as error:
            self._model.say(f"not saved: {_reason(error)}", "bad")
            return False
        self._model.say(f"saved {layer.realPath}", "good")
        self._model.saved.tell()
        return True

    def close(self) -> None:
        """Let others write the files."""
        self._claims.close()


def _reason(error: Exception) -> str:
    return error.problems[0].message if isinstance(error, StageError) else str(error)
