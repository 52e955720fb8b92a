"""The process that runs cases: `python -m stage_fuzz.child stages|modules`, a request a line, an answer a line."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path


def main() -> None:
    """Say that it is ready, then answer each request {seed, kept, tell} with {steps, failure, fates, script}."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="portalis-fuzz-") as root:
        os.environ["PORTALIS_CONFIG"] = str(Path(root) / "settings")
        if sys.argv[1] == "stages":
            from stage_fuzz.stages import generate, run
        else:
            from stage_fuzz.modules import generate, run
        answers.write("ready\n")
        answers.flush()
        for line in sys.stdin:
            request = json.loads(line)
            steps = generate(request["seed"])
            chosen = steps if request["kept"] is None else [steps[index] for index in request["kept"]]
            fates: Counter[str] = Counter()
            failure = ""
            try:
                run(chosen, Path(root), fates)
            except Exception as error:
                failure = f"{type(error).__name__} {_place(error)}: {error}: {traceback.format_exc()}"
            script = "".join(f"{step!r}\n".replace("\0", "\\0") for step in steps) if request["tell"] else ""
            answers.write(json.dumps({"steps": len(steps), "failure": failure, "fates": fates, "script": script}) + "\n")
            answers.flush()


def _place(error: BaseException) -> str:
    """Return the innermost function of ours in which an exception came up: what makes two findings the same."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "portalis" in frame.filename or "stage_fuzz" in frame.filename]
    return ours[-1].name if ours else ""


if __name__ == "__main__":
    main()
