"""The gateway without a compiler, as its own wheel has it: it runs alone, says what it lacks, and asks for what the whole asks for."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.server.gateway.processes import Gateway

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

import build_thin  # noqa: E402

# What a compiler is made of, and what only a client or a command needs.
ABSENT = ("llvmlite", "wasmtime", "pxr", "typer", "rich", "httpx", "keyring")


def test_it_runs_from_its_own_parts_alone(tmp_path: Path) -> None:
    folder = tmp_path / "thin"
    build_thin.stage(folder)
    assert not list(folder.rglob("pool.py")) and len(list(folder.rglob("*.py"))) < 120
    program = f"import runpy, sys\nfor name in {ABSENT!r}: sys.modules[name] = None\n"
    program += "import portalis.translator\nprint(portalis.translator.__file__, flush=True)\n"
    program += "runpy.run_module('portalis.translator.servers.gateway', run_name='__main__', alter_sys=True)\n"
    # Without the folder of this run: its package would be the one that is found.
    command = (sys.executable, "-P", "-c", program)
    environment = {"PYTHONPATH": str(folder), "PORTALIS_GATEWAY_FOLDER": str(tmp_path / "state"), "HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith(str(folder)), done.stderr
    assert done.returncode == 1 and "this build has no compiler: set PORTALIS_GATEWAY_TRITON" in done.stderr
    gateway = Gateway(tmp_path / "running", {"TRITON": "127.0.0.1:9"}, command=("env", f"PYTHONPATH={folder}", *command)).start(wait=False)
    try:
        assert gateway.get("/v1/health/live").status == 200
        told = gateway.get("/v1/health/ready")
        assert told.status == 503 and "no compiler" in told.json["message"]
        assert gateway.translate(gateway.make_key("ada"), "def f(x: int) -> int:\n    return x\n").code == "not_ready"
    finally:
        assert gateway.stop() == 0


def test_it_asks_for_what_the_whole_asks_for() -> None:
    whole, thin = (tomllib.loads((ROOT / path / "pyproject.toml").read_text())["project"] for path in (".", "server/thin"))
    extras = whole["optional-dependencies"]
    assert set(thin["dependencies"]) == {*extras["gateway"], "pydantic>=2.10", "platformdirs>=4.3", extras["server"][0]}
    assert set(thin["dependencies"]) <= {*whole["dependencies"], *extras["gateway"], *extras["server"]}
    assert (thin["name"], thin["version"]) == (whole["name"], whole["version"] + "+thin")
