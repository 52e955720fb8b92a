"""`portalis jobs`, as a user types it, right and wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from portalis.translator import translate
from portalis.translator.cli.app import app
from portalis.translator.servers.clients.keyring import KEY_VARIABLE
from tests.server.gateway.processes import Gateway, until
from tests.server.snippets import REFUSED, kind


def test_a_folder_is_translated_as_a_job(gateway: Gateway, ada: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, ada)
    url = ["--url", f"http://127.0.0.1:{gateway.port}"]
    (tmp_path / "code").mkdir()
    for name, text in {"a.py": kind(950), "b.py": REFUSED, "c.py": kind(951)}.items():
        (tmp_path / "code" / name).write_text(text)
    told = CliRunner().invoke(app, ["jobs", "submit", str(tmp_path / "code"), "--json", *url])
    assert told.exit_code == 0, told.output
    job = json.loads(told.stdout)["id"]
    until(lambda: gateway.get(f"/v1/jobs/{job}", ada).json["done"] == 3, gateway)
    told = CliRunner().invoke(app, ["jobs", "results", job, "-o", str(tmp_path / "modules"), *url])
    assert told.exit_code == 1 and "b.py:3:" in told.stdout and "2: translated: f(x: float, n: int) -> float" in told.stdout
    assert (tmp_path / "modules" / "0.wasm").read_bytes() == translate(kind(950)).wasm
    assert sorted(path.name for path in (tmp_path / "modules").iterdir()) == ["0.wasm", "2.wasm"]
    assert "no jobs" not in CliRunner().invoke(app, ["jobs", "list", *url]).stdout
    assert "3 done, 0 cancelled" in CliRunner().invoke(app, ["jobs", "cancel", job, *url]).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["results", "0" * 24], 1, "no such job"),
        (["results", "../keys"], 2, "is no job's id"),
        (["submit", "/nowhere.py"], 1, "/nowhere.py"),
        (["submit", "{tmp}"], 2, "no Python file"),
        (["list", "--url", "http://gateway.example"], 2, "not encrypted"),
        (["list", "--url", "http://127.0.0.1:9"], 1, "no gateway answers"),
    ],
)
def test_what_is_wrong_is_said(
    arguments: list[str], status: int, told: str, gateway: Gateway, ada: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, ada)
    url = [] if "--url" in arguments else ["--url", f"http://127.0.0.1:{gateway.port}"]
    result = CliRunner().invoke(app, ["jobs", *(item.format(tmp=tmp_path) for item in arguments), *url])
    assert result.exit_code == status and told in result.stderr, result.output
