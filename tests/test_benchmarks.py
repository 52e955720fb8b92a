"""The benchmarks as programs: that they run and answer in JSON alone, and that their results become a page. No test looks at a time."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portalis.translator.cli.bench import SPEED

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
# Runs benchmarks by their names; a NUL ends the answer of each.
TOGETHER = """
import os, runpy, sys
of = {"library": ["exp"], "library_accuracy": ["sqrt"]}
for name in sys.argv[1:]:
    sys.argv = [f"{name}.py", "--quick", "--json", *of.get(name, ())]
    try:
        runpy.run_path(os.path.abspath(sys.argv[0]), run_name="__main__")
    except SystemExit as end:
        if end.code:
            sys.exit(f"{name}: {end.code}")
    print(end="\\0")
"""


def draws() -> bool:
    """Tell whether pictures can be drawn here."""
    from portalis.translator.pictures.drawing.gl import GlRenderer
    from portalis.translator.pictures.errors import PictureError

    try:
        GlRenderer()
    except PictureError:
        return False
    return True


def serves() -> bool:
    """Tell whether a gateway can run here."""
    return all(importlib.util.find_spec(name) is not None for name in ("fastapi", "uvicorn"))


def run(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def holds(answer: dict[str, Any]) -> bool:
    """Tell whether an answer names its machine and consists of tables of whole rows."""
    tables = answer["results"]
    return {"processor", "python", "wasmtime"} <= answer["machine"].keys() and all(
        table["rows"] and all(len(row) == len(table["columns"]) for row in table["rows"]) for table in tables
    )


@pytest.mark.parametrize(
    "command",
    [
        ("many_prims",),
        ("translation_compared", "--only", "lowering"),
        pytest.param(("gateway_load",), marks=pytest.mark.skipif(not serves(), reason="the extra `gateway` is not installed")),
    ],
    ids=lambda command: command[0],
)
def test_a_benchmark_of_processes_answers_with_tables_of_whole_rows(command: tuple[str, ...]) -> None:
    name, *options = command
    result = run(name, "--quick", "--json", *options)
    assert result.returncode == 0, result.stderr
    assert holds(json.loads(result.stdout))


def test_benchmarks_answer_with_tables_of_whole_rows() -> None:
    """One after another in one process, since the peers of most are the same, and take longer to import and compile than to run."""
    names = [name for name in SPEED if name != "many_prims"] + ["library", "library_accuracy"] + ["preview"] * draws()
    done = subprocess.run([sys.executable, "-c", TOGETHER, *names], cwd=BENCHMARKS, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    answers = list(map(json.loads, done.stdout.removesuffix("\0").split("\0")))
    assert len(answers) == len(names) >= 8 and all(map(holds, answers)), done.stdout


@pytest.mark.skipif(not serves(), reason="the extra `gateway` is not installed")
def test_time_that_nobody_had_for_a_request_is_its_own(tmp_path: Path) -> None:
    """Before a server that answers one after another, each after 0.1 s: of four that are sent at once, the last waits for all."""
    script = (
        "import asyncio, gateway_load\n"
        "turn = asyncio.Lock()\n"
        "async def answer(reader, writer):\n"
        "    while await reader.read(4):\n"
        "        async with turn:\n"
        "            await asyncio.sleep(0.1)\n"
        "        writer.write(b'HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok')\n"
        "async def main():\n"
        "    async with await asyncio.start_server(answer, '127.0.0.1', 0) as server:\n"
        "        port = server.sockets[0].getsockname()[1]\n"
        "        _, told = await gateway_load._ask_at(port, [b'ask.'] * 4, [0.0] * 4)\n"
        "        print(max(told)[0] >= 0.4)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, cwd=BENCHMARKS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True"]


def test_results_are_written_with_what_gave_them(tmp_path: Path) -> None:
    other = {"title": "elsewhere", "columns": ["a", "b"], "rows": [["1 | 2", "3"]], "remarks": ["a remark"], "data": {}}
    added = tmp_path / "gpu.json"
    added.write_text(json.dumps({"machine": {"processor": "another"}, "results": [other]}))
    output = tmp_path / "RESULTS.md"
    result = run("write_results", "bridge_call", "--quick", "--add", added, "--output", output)
    assert result.returncode == 0, result.stderr
    text = output.read_text()
    assert "`python benchmarks/bridge_call.py`, on machine 1" in text and "figures mean nothing" in text
    assert "| 1 / 2 | 3 |" in text and "`gpu.json`, on machine 2" in text and "2. processor another" in text


def test_nothing_is_written_where_a_benchmark_fails(tmp_path: Path) -> None:
    output = tmp_path / "RESULTS.md"
    result = run("write_results", "bridge_call --nonsense", "--output", output)
    assert result.returncode == 1 and "bridge_call" in result.stderr and not output.exists()


def test_large_inputs_come_to_answers_or_diagnostics() -> None:
    done = run("language_limits", "a module of 5,000 lines", "200 nested parentheses", "a recursion without end", "--json")
    told = {name: found["told"] for name, found in json.loads(done.stdout)["results"][0]["data"].items()}
    assert done.returncode == 0
    assert told["a module of 5,000 lines"] == "as CPython"
    assert told["200 nested parentheses"].startswith("refused: P0005")
    assert told["a recursion without end"].startswith("RecursionError")


def test_a_short_soak_gives_the_stage_back() -> None:
    done = run("soak", "--frames", 40, "--seed", 3)
    assert done.returncode == 0 and "the stage was given back" in done.stdout, done.stdout + done.stderr
