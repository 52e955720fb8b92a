"""A gateway's backup is made while it works, and a gateway that is made of it goes on; no file makes anything but a whole one."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from portalis.translator.servers.gateway.database import NAME, open_database
from portalis.translator.servers.gateway.keys import KeyBook
from portalis.translator.servers.gateway.upkeep import NoBackup, back_up, restore
from tests.server.gateway.processes import Gateway, until
from tests.server.snippets import kind


def stored(gateway: Gateway) -> int:
    with contextlib.closing(open_database(gateway.folder)) as database:
        return int(database.execute("select count(*) from kept_answers").fetchone()[0])


def test_a_gateway_made_of_a_backup_goes_on(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path / "one").start()
    ada = gateway.make_key("ada")
    first = gateway.translate(ada, kind(40))
    job = gateway.post("/v1/jobs", ada, {"items": [{"source": kind(41), "path": "41.py"}]}).json["id"]
    until(lambda: gateway.get(f"/v1/jobs/{job}", ada).json["done"] == 1, gateway)
    results = gateway.get(f"/v1/jobs/{job}/results", ada).body
    file = tmp_path / "backup.tar"
    # An answer is given before it is stored.
    until(lambda: stored(gateway) == 2)
    with file.open("wb") as stream:
        assert back_up(gateway.folder, stream) >= 2
    revoked = gateway.make_key("ada")
    folder = tmp_path / "other"
    with file.open("rb") as stream:
        assert restore(stream, folder) >= 2
    assert folder.stat().st_mode & 0o077 == 0
    other = Gateway(folder).start()
    try:
        # The very same answer, which took as long; and the job's.
        assert other.translate(ada, kind(40)).json == first.json
        assert other.get(f"/v1/jobs/{job}/results", ada).body == results
        # What came later is not in it.
        assert other.get("/v1/jobs", revoked).status == 401
        assert [line for line in (folder / "audit.jsonl").read_text().splitlines() if job in line]
    finally:
        other.stop()
        gateway.stop()


def test_keys_and_backups_are_made_where_there_is_no_other_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALIS_GATEWAY_FOLDER", str(tmp_path / "state"))

    def run(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "portalis.translator.servers.gateway", *words]
        return subprocess.run(command, input=given, capture_output=True, timeout=60)

    key = run("key", "ada", "--scope", "jobs").stdout.decode().strip()
    assert len(key) == 64 and run("key", "a b").returncode == 1
    file = tmp_path / "b.tar"
    assert run("backup", str(file)).returncode == 0 and file.stat().st_mode & 0o077 == 0
    there = run("restore", str(file))
    assert there.returncode == 1 and b"is a gateway's folder already" in there.stderr
    through = run("backup", "-")
    monkeypatch.setenv("PORTALIS_GATEWAY_FOLDER", str(tmp_path / "new"))
    assert run("restore", str(tmp_path / "none")).stderr.decode() == f"portalis: {tmp_path}/none: No such file or directory\n"
    assert run("restore", "-", given=through.stdout).returncode == 0
    with contextlib.closing(open_database(tmp_path / "new")) as database:
        entry = KeyBook(database).check(key)
        assert entry is not None and (entry.tenant, entry.scopes) == ("ada", {"jobs"})


def _archive(path: Path, members: dict[str, bytes], link: str | None = None) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        if link is not None:
            member = tarfile.TarInfo("audit.jsonl")
            member.type, member.linkname = tarfile.SYMTYPE, link
            archive.addfile(member)
    return path


def test_nothing_but_a_whole_backup_is_restored(gateway: Gateway, tmp_path: Path) -> None:
    whole = tmp_path / "whole.tar"
    with whole.open("wb") as stream:
        back_up(gateway.folder, stream)
    with tarfile.open(whole) as archive:
        database = archive.extractfile(NAME).read()  # type: ignore[union-attr]
    torn = tmp_path / "torn.tar"
    torn.write_bytes(whole.read_bytes()[:9000])
    wrong = [
        torn,
        _archive(tmp_path / "a.tar", {"audit.jsonl": b""}),
        _archive(tmp_path / "b.tar", {NAME: b"SQLite format 3\0" + bytes(4000)}),
        _archive(tmp_path / "c.tar", {NAME: database, "../out": b"x"}),
        _archive(tmp_path / "d.tar", {NAME: database, "/tmp/out": b"x"}),
        _archive(tmp_path / "e.tar", {NAME: database}, link="/etc/passwd"),
        _archive(tmp_path / "f.tar", {NAME: database, "answers/aa/../../host.key": b"x"}),
    ]
    for file in wrong:
        with pytest.raises(NoBackup), file.open("rb") as stream:
            restore(stream, tmp_path / "state")
        assert list((tmp_path / "state").iterdir()) == [], file.name
    assert not (tmp_path / "out").exists()
    with pytest.raises(NoBackup, match="no gateway's folder"):
        back_up(tmp_path / "state", io.BytesIO())
    assert restore(io.BytesIO(whole.read_bytes()), tmp_path / "state") >= 0
    with pytest.raises(NoBackup, match="already"):
        restore(io.BytesIO(whole.read_bytes()), tmp_path / "state")
