"""Take a picture of every state of the window at every size, ask six questions of each, and write docs/window_states.md of the answers.

    .venv-ui/bin/python scripts/picture_states.py FOLDER [--only WIDTHxHEIGHT[@SCALE]]

Drawn by the studio's omni.ui without a screen: no run in Kit. A window keeps the size that it began with, so each size is a process;
`@2` is one with two pixels a point.
The answers are computed (`tests/ui/widgets/looks.py`); what whoever looked at the pictures saw besides stands in `LOOKED` below.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portalis.translator.ui.models.layout import Layout, write_layout  # noqa: E402

if TYPE_CHECKING:
    import omni.ui as ui

    from tests.ui.widgets.looks import Piece
    from tests.ui.widgets.states import State

# In pixels, and behind an @ how many of them a point has where that is more than one.
SIZES = ("900x600", "1280x720", "3840x2160", "1800x1200@2", "2560x1440@2", "3840x2160@2")
PAGE, SHEET = ROOT / "docs" / "window_states.md", ROOT / "docs" / "pictures" / "window_states.webp"
QUESTIONS = ("nothing cut off", "no overlap", "aligned", "contrast", "state named", "next step")
# What was seen that is no fault of the six kinds, by state, with the sizes that it was seen at.
LOOKED = {
    "ports": "at 1280 × 720 names and what they are bound to are shortened, and told whole where a pointer rests on them; a type stands "
    "below its name",
    "picker": "at 900 × 600 three rows of each list are seen at a time; the line above the tabs, dragged up, gives the lists more room",
    "question_replacing": "at 900 × 600 the question takes four lines and leaves the table of ports little more than one row",
    "performance": "at 900 × 600 behaviours and their states alone are seen of the table, a long state shortened, and a pointer on a name "
    "or a state tells the rest; at 1280 × 720 all but instructions and megabytes are seen; names of more than a dozen letters are "
    "shortened, and told whole by their tooltips",
    "error": "the name of a function that is longer than its field at the top is cut there without dots; it stands whole in the text",
    "problems": "the last problem that is in view is cut at the lower edge, where the list scrolls",
    "trust": "at 1280 × 720 the code that waits is read by scrolling: the button to trust it stands below it, and beside the notice",
    "empty": "at 3840 × 2160 and a UI scale of 1 texts are as many pixels high as at 900 × 600: on a dense screen a scale of 2 is for that",
    "preferences": "texts stand at the window's own edge: the host's page around them has the margin; the folder is that of the pictures",
}
_HEAD = """# How the window looks

Every state of the window at every size, drawn by the studio's `omni.ui` without a screen: the view models that Kit gets, and no run in
Kit. The six questions are answered by what is computed of the widgets that are drawn: nothing is cut off that no bar scrolls to and no
tooltip tells whole; nothing lies on anything else; what is in one row or at one edge is so within a point; texts have a contrast of
4.5 : 1 and controls of 3 : 1; the state is named in words; the next step is told. Each picture was then looked at; what was seen besides
stands below.

Sizes are in pixels. *At 2* is a UI scale of 2, two pixels a point: 1800 × 1200, 2560 × 1440 and 3840 × 2160 are 900 × 600, 1280 × 720 and
1920 × 1080 points, asked the same six questions in points. There, how long a text is that may be shortened is measured on a label of its
own: at a scale other than 1 omni.ui shortens the one that is asked. 900 × 600 at 2 is not drawn: its 450 × 300 points are less than the
880 × 500 that the content needs, which scrolls, and the tour, whose mouse clicks what is in view, does not reach *Play*.

![Every state at 1280 × 720](pictures/window_states.webp)

`scripts/picture_states.py` takes the pictures and writes this page; `tests/ui/widgets/test_states.py` asks the same questions in every run
of the tests, at the two smaller sizes, and of two states at the largest.

"""


def take(folder: Path, size: str) -> None:
    """Go through every state in a window of this size; write a PNG of each, and the answers."""
    pixels, _, scale = size.partition("@")
    width, height = map(int, pixels.split("x"))
    with tempfile.TemporaryDirectory() as name:
        own = Path(name)
        os.environ["PORTALIS_CONFIG"] = str(own / "settings")
        # omni.ui writes its layout to the working folder when it ends.
        os.chdir(own)
        remembered = own / "layout" / "window.json"
        write_layout(Layout(width=width, height=height), remembered)
        # Before omni.ui is loaded: its scale, and what it looks for.
        from tests.ui.widgets.display import prepare_tests
        from tests.ui.widgets.scale import VARIABLE, wanted_scale

        os.environ[VARIABLE] = scale or "1"
        prepare_tests()
        from omni.ui import standalone

        from tests.ui.widgets import looks
        from tests.ui.widgets.states import Tour
        from tests.ui.widgets.test_states import EDGES, settled, told
        from tests.ui.widgets.user import StudioUser

        user = StudioUser(remembers=remembered)
        tape = looks.Tape(user.frames)
        answers: dict[str, list[list[str]]] = {}

        def look(state: State, window: ui.Window) -> None:
            if window is not user.studio._window:
                window.width, window.height = width, height
            if state.name != "completion":
                # Out of the way: where it rests, something says what it is. What is offered for what is typed is there while it stays.
                user.rest()
            # Shares follow the room, and rows their shares, some frames later each.
            user.frames(12)
            user.picture(folder / f"{state.name}-{size}.png")

            def seen() -> list[Piece]:
                tape.learn(looks.measured(window.frame))
                return looks.pieces(window.frame, width / wanted_scale(), height / wanted_scale(), tape)

            labels = user.studio.panel._tabs.title, user.studio.panel._status.label
            found = settled(user, seen, lambda: [(label.screen_position_x, label.computed_width) for label in labels])
            unsaid = list(told(found, state))
            answers[state.name] = [
                list(looks.cut_off(found)),
                list(looks.overlaps(found)),
                list(looks.out_of_line(found, EDGES)),
                list(looks.hard_to_read(found)),
                [fault for fault in unsaid if fault.startswith(f"{state.says[0]} ")],
                [fault for fault in unsaid if not fault.startswith(f"{state.says[0]} ")],
            ]

        try:
            Tour(user, look).go()
        finally:
            user.close()
            standalone.shutdown()
            os.chdir(ROOT)
    (folder / f"{size}.json").write_text(json.dumps(answers, indent=1, ensure_ascii=False))


def page(folder: Path) -> str:
    """Return the page: a row for each state and size, and what is wrong below."""
    answers = {size: json.loads((folder / f"{size}.json").read_text()) for size in SIZES}
    lines = [f"| state | size | {' | '.join(QUESTIONS)} |", f"|---|---|{'---|' * len(QUESTIONS)}"]
    wrong = []
    for state in answers[SIZES[0]]:
        for size in SIZES:
            faults, shown = answers[size][state], size.replace("x", " × ").replace("@", " at ")
            lines.append(f"| {state} | {shown} | {' | '.join('no' if found else 'yes' for found in faults)} |")
            wrong += [f"- {state}, {shown}: {fault}" for found in faults for fault in found]
    seen = [f"- {state}: {words}" for state, words in LOOKED.items()]
    return "\n".join((*lines, "", "## What was seen", "", *wrong, *seen, ""))


def sheet(folder: Path, states: list[str]) -> None:
    """Write one picture of all states at the middle size."""
    from PIL import Image

    width, height = 480, 270
    whole = Image.new("RGB", (4 * width, -(-len(states) // 4) * height))
    for index, state in enumerate(states):
        with Image.open(folder / f"{state}-{SIZES[1]}.png") as picture:
            whole.paste(picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (index % 4 * width, index // 4 * height))
    whole.save(SHEET, quality=70, method=6)


def main() -> None:
    """Take what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", metavar="WIDTHxHEIGHT[@SCALE]", help="one size, in this process, and no page")
    parser.add_argument("--again", action="store_true", help="write the page of pictures that were taken")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if asked.only:
        take(folder, asked.only)
        return
    for size in SIZES if not asked.again else ():
        subprocess.run([sys.executable, __file__, str(folder), "--only", size], check=True)
    PAGE.write_text(_HEAD + page(folder), encoding="utf-8")
    sheet(folder, list(json.loads((folder / f"{SIZES[0]}.json").read_text())))


if __name__ == "__main__":
    main()
