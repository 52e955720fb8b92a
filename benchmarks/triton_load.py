"""How many translations a second the Triton server gives, and how long each takes: one client and sixteen, cold and cached.

Stands for: a team that translates through one server on this machine. Every snippet is about ten lines and new (cold), or was translated
before (cached); every answer is compared with the embedded translator's, byte for byte. A client asks for the next translation when it has
the last, so with more clients than workers a request mostly waits for its turn. Leaves out: a network, and clients that lower the snippet
again to call it; all clients are threads of one process, on the cores that the server has as well.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common import Result, arguments, milliseconds, show
from translation_latency import snippet

from portalis.translator import Options, translate
from portalis.translator.servers.clients.triton import TritonTranslator
from portalis.translator.servers.triton.installation import ServerError, find_installation
from portalis.translator.servers.triton.server import TritonServer
from portalis.translator.source import SourceFile
from portalis.translator.translating.messages import Build

MODELS = Path(__file__).parents[1] / "server" / "models"


def ask(address: str, sources: Sequence[str]) -> list[tuple[float, Build]]:
    """Be one client: ask for one translation after another and return the seconds of each with its answer."""
    answers = []
    with TritonTranslator(address) as translator:
        for source in sources:
            started = time.perf_counter()
            build = translator.answer(SourceFile("<snippet>", source), "step_0", (), Options()).build
            answers.append((time.perf_counter() - started, build))
    return answers


def load(address: str, sources: Sequence[str], clients: int) -> tuple[float, list[float], list[Build]]:
    """Let so many clients share the sources; return the seconds of the whole, of each request, and the answers in the sources' order."""
    with ThreadPoolExecutor(clients) as threads:
        started = time.perf_counter()
        shares = list(threads.map(lambda first: ask(address, sources[first::clients]), range(clients)))
        whole = time.perf_counter() - started
    answers = [shares[index % clients][index // clients] for index in range(len(sources))]
    return whole, [seconds for seconds, _ in answers], [build for _, build in answers]


def comparable(build: Build) -> str:
    """Return all of a translation but what it took, as text."""
    return repr(build.without_circumstances())


def embedded(sources: Sequence[str]) -> tuple[float, list[float], list[str]]:
    """Translate here, one after another, as `load` does on the server."""
    seconds, texts = [], []
    translate(snippet(10, 0))
    for source in sources:
        started = time.perf_counter()
        build = translate(source, "step_0").build
        seconds.append(time.perf_counter() - started)
        texts.append(comparable(build))
    return sum(seconds), seconds, texts


def add_row(result: Result, who: str, clients: int, whole: float, seconds: list[float]) -> None:
    """Add a load's figures to the table."""
    ordered = sorted(seconds)
    p50, p95 = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    rate = len(ordered) / whole
    result.rows.append([who, str(clients), str(len(ordered)), milliseconds(p50), milliseconds(p95), f"{rate:.1f}"])
    result.data[f"{who}, {clients} clients"] = {"requests": len(ordered), "p50": p50, "p95": p95, "per_second": rate}


def main() -> int:
    """Measure, compare and print; status 1 where an answer differs or there is no server to start."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--translations", type=int, default=1000, help="how many snippets the sixteen clients share")
    parser.add_argument("--clients", type=int, default=16)
    options = parser.parse_args()
    alone = [snippet(10, 100_000 + salt) for salt in range(min(100, options.translations))]
    shared = [snippet(10, salt) for salt in range(1, options.translations + 1)]
    result = Result("translations from a Triton server, ms and translations a second", ("who", "clients", "requests", "p50", "p95", "QPS"))
    answers: dict[str, list[Build]] = {}
    try:
        with TritonServer(find_installation(), MODELS) as server:
            for state in ("cold", "cached"):
                whole, seconds, _ = load(server.address, alone, 1)
                add_row(result, f"server, {state}", 1, whole, seconds)
                whole, seconds, answers[state] = load(server.address, shared, options.clients)
                add_row(result, f"server, {state}", options.clients, whole, seconds)
            workers = server.workers
    except ServerError as error:
        print(f"triton_load: {error}", *error.log, sep="\n", file=sys.stderr)
        return 1
    whole, seconds, expected = embedded(shared)
    add_row(result, "embedded", 1, whole, seconds)
    equal = {
        state: sum(comparable(build) == text for build, text in zip(builds, expected, strict=True)) for state, builds in answers.items()
    }
    result.data["equal to embedded"] = equal
    result.remarks.append(
        f"{workers} workers; of {len(shared)} answers {equal['cold']} cold and {equal['cached']} cached equal the embedded ones"
    )
    show([result], options.json)
    return 0 if all(count == len(shared) for count in equal.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
