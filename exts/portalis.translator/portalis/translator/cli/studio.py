"""`portalis studio [STAGE]`: the window on a desktop."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from portalis.translator.cli.output import fail, os_error
from portalis.translator.saving import claimed


def studio_command(
    stage: Annotated[Path | None, typer.Argument(metavar="STAGE", help="A USD file; without one, a small stage to try things on.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say why it cannot be opened as one JSON document.")] = False,
    server: Annotated[str, typer.Option("--server", metavar="HOST:PORT", help="Where the Triton server is.")] = "127.0.0.1:8001",
    publish_hz: Annotated[
        float | None,
        typer.Option(
            "--publish-hz", metavar="N", help="Show results at most N times a second of the time line; every frame is the default."
        ),
    ] = None,
) -> None:
    """Open the window on a desktop, with the stage.

    It is the window of the Kit extension, with a preview that moves while playing. Needs Python 3.12 and the wheel ovui.
    """
    if publish_hz is not None and not 0.0 < publish_hz < 1e6:
        raise typer.BadParameter("--publish-hz is a positive number")
    from portalis.translator.stage.author.trust import settings_folder
    from portalis.translator.stage.files import open_stage
    from portalis.translator.stage.problems import StageError
    from portalis.translator.ui.display import DisplayError, prepare_display

    with contextlib.ExitStack() as claims:
        try:
            if stage is not None:
                # What another program binds while the window has the stage open would be lost when it is saved here.
                claims.enter_context(claimed(stage.resolve()))
        except BlockingIOError as error:
            fail(os_error(error), as_json)
        except OSError:
            # Where no claim can be laid, nothing can be saved either: the window is for looking.
            pass
        try:
            prepare_display()
            opened = open_stage(stage.resolve()) if stage is not None else None
        except (DisplayError, StageError) as error:
            fail(str(error), as_json)
        # omni.ui keeps its layout in a file in the working folder, wherever that is.
        folder = platformdirs.user_cache_path("portalis", appauthor=False, ensure_exists=True)
        os.chdir(folder)
        # Not before the display is prepared: this loads omni.ui.
        from portalis.translator.ui.models.unsaved import claim_copy
        from portalis.translator.ui.studio import Studio

        copy = claim_copy(folder, claims)
        left = settings_folder() / "window.json"
        examples = platformdirs.user_data_path("portalis", appauthor=False) / "examples"
        try:
            studio = Studio(opened, server=server, publish_hz=publish_hz, copy=copy, remembers=left, examples=examples)
        except DisplayError as error:
            fail(str(error), as_json)
        studio.run()
