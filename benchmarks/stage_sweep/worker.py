"""The process that sweeps stages: one request a line on standard input, one answer a line. Who started it kills it where it hangs."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path

_FRAMES = 12


def main() -> None:
    """Say that it is ready, then answer each request {path, most, seen} with {rows, seen} until standard input ends."""
    # What libraries print, from native code too, must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="portalis-sweep-") as root:
        os.environ["PORTALIS_CONFIG"] = str(Path(root) / "settings")
        from portalis.translator.stage.registry import register_schemas

        register_schemas()
        _translate_once()
        from stage_sweep.one_stage import WHOLE, Row, sweep

        answers.write("ready\n")
        answers.flush()
        for line in sys.stdin:
            request = json.loads(line)
            folder = Path(root) / "stage"
            folder.mkdir()
            seen = request["seen"]
            try:
                rows = list(sweep(Path(request["path"]), folder, seen, request["most"], _FRAMES))
            except Exception:
                rows = [Row(request["path"], WHOLE, "", "traceback", f"the sweep itself: {traceback.format_exc()}")]
            shutil.rmtree(folder, ignore_errors=True)
            answers.write(json.dumps({"rows": [asdict(row) for row in rows], "seen": seen}) + "\n")
            answers.flush()


def _translate_once() -> None:
    """Let all commands of this process share one engine: each behaviour is translated and verified once, not for every stage."""
    from portalis.translator.stage.run import engine

    engine.TranslatorEngine = functools.cache(engine.TranslatorEngine)  # type: ignore[misc, assignment]


if __name__ == "__main__":
    main()
