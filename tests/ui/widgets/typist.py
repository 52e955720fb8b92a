"""The studio as the command line starts it, with somebody who types into it: in a process of its own, for a test that kills it."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from tests.ui.widgets.display import prepare_tests

prepare_tests()

from omni.ui import testing  # noqa: E402

from portalis.translator.cli.studio import studio_command  # noqa: E402
from portalis.translator.ui.studio import Studio  # noqa: E402

# In which frame a word is typed: the first is kept at once, the others wait for the time between two copies.
_FIRST, _BETWEEN = 12, 20


def main(found: Path, *typed: str) -> None:
    """Type some words, and write to a file what text the window began with."""
    loop, tick = asyncio.new_event_loop(), Studio.tick
    begun, due = Studio.__init__, {_FIRST + index * _BETWEEN: word for index, word in enumerate(typed)}
    drawn = 0

    def begin(studio: Studio, *args: object, **options: object) -> None:
        begun(studio, *args, **options)  # type: ignore[arg-type]
        found.write_text(studio.model.text, encoding="utf-8")

    def look(studio: Studio, elapsed: float | None = None) -> None:
        nonlocal drawn
        tick(studio, elapsed)
        # Nothing else holds up a window without a screen, and what keeps the text waits for time to pass.
        time.sleep(1.0 / 60.0)
        drawn += 1
        if drawn == 2:
            studio.panel.editor.focus()
        if drawn in due:
            loop.run_until_complete(testing.type_text(due[drawn]))

    Studio.__init__, Studio.tick = begin, look  # type: ignore[method-assign]
    studio_command()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
