"""A host with a judge and oracles, stopped at a moment: `python -m tests.work.busy_host MOMENT`.

Moments: `starting` (all are being started), `building` (the judge is at work on a long program), `computing` (an oracle is in a call that
never ends, beside a judge and a spare oracle that wait). It says the numbers of its processes as JSON. For each line that it reads it has a
program verified and says the verdict, or why there is none; where its standard input ends, so does it.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from portalis.translator.verify.plan import make_plan
from portalis.translator.work.codec import encode
from portalis.translator.work.link import Run
from portalis.translator.work.protocol import ORACLE_RUNS, pack_orders
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.worker import WorkerFailure

from .planting import HONEST, SOURCE, Workplace, planted, workplace

ENDLESS = "answer = 7 ** 10 ** 9"
STEP = "    if x > {0}.5:\n        x = x * 0.5 + {0}.25\n"
LONG = "def f(x: float) -> float:\n" + "".join(STEP.format(number) for number in range(150)) + "    return x\n"


def verdict(place: Workplace, source: str = SOURCE) -> str:
    """Have an honest program verified."""
    try:
        report = place.build(planted(HONEST, source=source)).report
    except WorkerFailure as failure:
        return str(failure)
    assert report is not None
    return report.artefact("wasm").status


def compute(place: Workplace) -> int:
    """Send an oracle into a call that never ends; its number."""
    plan = make_plan(planted(ENDLESS), 1, 0)
    seat = OracleSeat(place.supply, typed=False).__enter__()
    seat.load(encode(type(plan.request), plan.request), plan.answer_limit, False)
    seat.loaded()
    oracle = seat._oracle
    assert oracle is not None
    oracle.send(ORACLE_RUNS, pack_orders([Run(0, 0, 10**6)], 1))
    return oracle._pid


def main() -> None:
    moment = sys.argv[1]
    with workplace() as place:
        oracle = 0
        if moment == "starting":
            place.supply.start()
            place.worker.start()
        else:
            assert verdict(place) == "verified"
            if moment == "building":
                threading.Thread(target=verdict, args=(place, LONG), daemon=True).start()
            else:
                oracle = compute(place)
        nursery = next(nursery for nursery in place.supply._nurseries if nursery.running)
        assert nursery._process is not None and place.worker._process is not None
        numbers = {"host": os.getpid(), "judge": place.worker._process.pid, "nursery": nursery._process.pid, "oracle": oracle}
        print(json.dumps(numbers), flush=True)
        for _ in sys.stdin:
            print(verdict(place), flush=True)


if __name__ == "__main__":
    main()
