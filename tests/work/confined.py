"""Confined processes that do real work: `python -m tests.work.confined KIND PARENT SECONDS` applies a profile and answers in lines of JSON.

The first line that it reads is work to be done before the seal: texts that an oracle executes, or sources of which a judge builds the
first before and the others after. Then it says which limits stand and which protections are in force. Each further line that an oracle
reads is a text to execute; it says what the text bound to `answer`, or the exception. The text runs in a thread that was there before the
seal.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from portalis.translator.work.confine import judge, oracle

MEMORY = 3 << 30


def say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


def builds(sources: Sequence[str]) -> Callable[[], object]:
    """Lower sources, as a host does; the function returned builds and verifies them, as a judge does."""
    import pxr.Gf  # noqa: F401

    from portalis.translator.frontend import lower
    from portalis.translator.source import SourceFile
    from portalis.translator.translating.build import build_and_verify
    from portalis.translator.translating.messages import BuildSettings
    from portalis.translator.translating.options import Options
    from portalis.translator.verify.oracle.warming import warm_up
    from portalis.translator.verify.oracle.witness import LocalOracle

    # This judge is its own oracle.
    warm_up()
    lowered = [lower(SourceFile("<test>", source)) for source in sources]

    def build() -> object:
        reports = [build_and_verify(program, BuildSettings.of(Options()), LocalOracle()).report for program in lowered]
        return [asdict(artefact) for report in reports if report for artefact in report.artefacts]

    return build


def execute(text: str, names: dict[str, object]) -> object:
    try:
        exec(text, names)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return names.pop("answer", None)


def standing() -> object:
    """The limits that stand, whether it may be traced, whether a program may give it rights: a sealed process cannot read them."""
    asked, library = {"traceable": 3, "held": 39}, ctypes.CDLL(None)
    flags = {name: [library.prctl(number, 0, 0, 0, 0)] for name, number in asked.items()}
    ends = ctypes.c_int()
    library.prctl(2, ctypes.byref(ends), 0, 0, 0)
    flags["ends with its host"] = [ends.value]
    limits = {name: list(resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))) for name in ("DATA", "CORE", "CPU", "NOFILE")}
    return {**flags, **limits}


def main() -> None:
    kind, parent, seconds = sys.argv[1:]
    profile = {"judge": judge, "oracle": oracle}[kind](int(parent), memory=MEMORY, seconds=int(seconds))
    confinement = profile.confinement()
    confinement.apply(profile.early)
    first: list[str] = json.loads(sys.stdin.readline())
    names: dict[str, object] = {}
    thread = ThreadPoolExecutor(1)
    if kind == "judge":
        warm, work = builds(first[:1]), builds(first[1:])
        warm()
    else:
        for text in ["", *first]:
            thread.submit(execute, text, names).result()
    # All but the last, the filter: behind it nothing of this can be read.
    confinement.apply(profile.seal[:-1])
    stands = standing()
    confinement.apply(profile.seal[-1:])
    say(stands)
    say(confinement.report().to_record())
    if kind == "judge":
        say(work())
    for line in sys.stdin:
        say(thread.submit(execute, json.loads(line), names).result())


if __name__ == "__main__":
    main()
