"""A host that starts a confined oracle and then waits: `python -m tests.work.host TEXT`. It says the oracle's number, then `started`.

The oracle is started from a thread that ends at once, as a thread of a pool does.
"""

from __future__ import annotations

import sys
import threading

from portalis.translator.work.confine import Launcher

from .processes import Confined


def main() -> None:
    launcher = Launcher()
    started: list[Confined] = []
    thread = threading.Thread(target=lambda: started.append(Confined("oracle", seconds=3600, launcher=launcher, stderr=None)))
    thread.start()
    thread.join()
    (oracle,) = started
    assert oracle.ask("answer = 6 * 7") == 42
    print(oracle.process.pid, flush=True)
    oracle.send(sys.argv[1])
    print("started", flush=True)
    oracle.process.wait()


if __name__ == "__main__":
    main()
