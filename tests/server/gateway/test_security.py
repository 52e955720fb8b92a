"""What hostile requests get: nothing, in time, and nothing of them or of others in a log."""

from __future__ import annotations

import json
import shutil
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from portalis.translator import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.servers.contract.translation import ANSWER, RefusedAnswer
from portalis.translator.source import SourceFile
from tests.frontend.test_at_import import PLACES
from tests.server.gateway.conftest import BODY_BYTES
from tests.server.gateway.processes import Gateway, free_port, redis_server, until
from tests.server.snippets import kind

SYSTEM = '[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == "_wrap_close"][0].__init__.__globals__["system"]("{}")'
MARK = "unmistakable_words_of_a_source"
BODY = json.dumps({"source": kind(1)}).encode()


def head(*lines: str, path: str = "/v1/translations", method: str = "POST", host: str = "127.0.0.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""]).encode("latin-1")


# ------------------------------------------------------------------------------------------------------------------- hostile sources
def test_text_that_would_run_at_import_is_refused_and_does_not_run(gateway: Gateway, ada: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    payload = SYSTEM.format(f"touch {trace}")
    sources = {name: place.replace("{}", payload) for name, place in PLACES.items()}
    told = {name: ANSWER.validate_json(gateway.translate(ada, source).body) for name, source in sources.items()}
    refused = {name for name, answer in told.items() if isinstance(answer, RefusedAnswer)}
    # What nobody reaches is never executed; the rest is refused, here as there.
    assert refused == {name for name, source in sources.items() if not is_lowered(source)} and len(refused) > 20
    assert {"a value", "a value behind the entry", "a default", "a default of the entry", "an annotation", "a statement"} <= refused
    job = gateway.post("/v1/jobs", ada, {"items": [{"source": sources[name]} for name in sorted(sources)]}).json["id"]
    until(lambda: gateway.get(f"/v1/jobs/{job}", ada).json["done"] == len(sources), gateway)
    results = gateway.get(f"/v1/jobs/{job}/results?most=500", ada).json["results"]
    assert {sorted(sources)[result["number"]] for result in results if result["answer"]["kind"] == "refused"} == refused
    assert not trace.exists()


def is_lowered(source: str) -> bool:
    try:
        lower(SourceFile("<snippet>", source), references=True)
    except TranslationError:
        return False
    return True


# ---------------------------------------------------------------------------------------------------------------------------- keys
def test_nobody_gets_in_without_a_key(gateway: Gateway, ada: str) -> None:
    wrong = ["", "Bearer", "Bearer ", f"Bearer {ada[:-1]}", f"Bearer {ada}0", f"Bearer {ada[:16]}{'0' * 48}", f"Basic {ada}", ada]
    for given in [*wrong, f"Bearer {'٣' * 64}".encode().decode("latin-1"), f"Bearer {ada[:63]}\xe9", f"Bearer {ada.upper()}"]:
        reply = gateway.translate(None, kind(1), headers={"Authorization": given})
        assert (reply.status, reply.code) == (401, "no_key") and reply.headers["www-authenticate"] == "Bearer", given
    assert gateway.post(f"/v1/translations?key={ada}&authorization=Bearer%20{ada}", None, BODY).status == 401
    for path in ("/v1/jobs", f"/v1/jobs/{'0' * 24}", f"/v1/jobs/{'0' * 24}/results", "/v1/metrics"):
        assert gateway.get(path).status == 401


def test_a_key_is_for_what_it_was_made_for_and_until_it_is_revoked(gateway: Gateway) -> None:
    from portalis.translator.servers.gateway.database import open_database
    from portalis.translator.servers.gateway.keys import KeyBook, UnknownKey

    book = KeyBook(open_database(gateway.folder))
    entry, key = book.create("carol", ["jobs"])
    assert gateway.translate(key, kind(1)).code == "no_scope" and gateway.get("/v1/metrics", key).code == "no_scope"
    assert gateway.get("/v1/jobs", key).status == 200
    rotated, second = book.rotate(entry.id, 0.0)
    assert gateway.get("/v1/jobs", key).status == 401 and gateway.get("/v1/jobs", second).status == 200
    assert rotated.tenant == "carol" and rotated.scopes == {"jobs"}
    _, third = book.rotate(rotated.id, 60.0)
    assert gateway.get("/v1/jobs", second).status == 200 and gateway.get("/v1/jobs", third).status == 200
    book.revoke(rotated.id)
    assert gateway.get("/v1/jobs", second).status == 401 and gateway.get("/v1/jobs", third).status == 200
    with pytest.raises(UnknownKey):
        book.revoke(rotated.id)
    with pytest.raises(ValueError, match="no tenant's name"):
        book.create("../carol")
    assert gateway.get("/v1/jobs", book.create("carol", seconds=-1.0)[1]).status == 401


# ------------------------------------------------------------------------------------------------------------------ other origins
@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://127.0.0.1", "https://127.0.0.1:1", "file://"])
def test_a_page_of_another_origin_gets_nothing(gateway: Gateway, ada: str, origin: str) -> None:
    reply = gateway.translate(ada, kind(1), headers={"Origin": origin})
    assert (reply.status, reply.code) == (403, "other_origin")
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = gateway.send("OPTIONS", "/v1/translations", headers=asked)
    assert preflight.status == 403
    for answer in (reply, preflight):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_its_own_page_may_ask(gateway: Gateway, ada: str) -> None:
    assert gateway.translate(ada, kind(1), headers={"Origin": f"http://127.0.0.1:{gateway.port}"}).status == 200


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1.attacker.example", "", "[::1", "localhost@attacker.example"])
def test_a_request_for_another_host_is_not_for_it(gateway: Gateway, ada: str, host: str) -> None:
    found = gateway.raw(head(f"Authorization: Bearer {ada}", "Content-Length: 0", host=host))
    assert found.split()[1] in (b"400", b"421")
    assert gateway.raw(head("Host: attacker.example", method="GET", path="/v1/health/live")).split()[1] in (b"400", b"421")


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_only_json_is_read(gateway: Gateway, ada: str, sent: str) -> None:
    assert gateway.post("/v1/translations", ada, BODY, headers={"Content-Type": sent}).status == 415


# ------------------------------------------------------------------------------------------------------------------- sizes and paths
def test_too_much_is_refused_before_it_is_read(gateway: Gateway, ada: str) -> None:
    key = f"Authorization: Bearer {ada}"
    json_type = "Content-Type: application/json"
    assert gateway.raw(head(key, json_type, f"Content-Length: {BODY_BYTES + 1}")).split()[1] == b"413"
    assert gateway.raw(head(key, json_type, "Content-Length: 99999999999999999999999")).split()[1] in (b"400", b"413")
    chunk = b"%x\r\n" % 4096 + b" " * 4096 + b"\r\n"
    assert gateway.raw(head(key, json_type, "Transfer-Encoding: chunked") + chunk * (BODY_BYTES // 4096 + 2)).split()[1] == b"413"
    assert gateway.translate(ada, "#" * BODY_BYTES).status == 413


def test_nothing_is_read_of_who_has_no_key(gateway: Gateway) -> None:
    """Answered at once, although the body never comes."""
    found = gateway.raw(head("Content-Type: application/json", "Content-Length: 1000"), seconds=1.0)
    assert found.split()[1] == b"401"


def test_heads_and_bodies_that_come_slowly_are_not_waited_for(gateway: Gateway, ada: str) -> None:
    started = time.monotonic()
    key = f"Authorization: Bearer {ada}"
    body = socket.create_connection(("127.0.0.1", gateway.port), timeout=30.0)
    body.sendall(head(key, "Content-Type: application/json", "Content-Length: 1000") + b"{")
    # The answer to the second, whose head is never whole, is that the connection ends.
    assert gateway.raw(b"POST /v1/translations HTTP/1.1\r\nHost: 127.0.0.1\r\n") == b""
    answer = b""
    while part := body.recv(4096):
        answer += part
    body.close()
    assert answer.split()[1] == b"408" and time.monotonic() - started < 20.0


def test_nobody_keeps_a_connection_by_saying_nothing(gateway: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=30.0) as connection:
        connection.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        # Empty lines are allowed before a request, and are none.
        connection.sendall(b"\r\n")
        assert connection.recv(1) == b""


@pytest.mark.parametrize(
    "lines", [["X: " + "y" * 100_000], [f"X-{number}: {'y' * 100}" for number in range(1000)], ["X: \x00"], ["no colon"], ["X:\r\n y"]]
)
def test_odd_headers_are_an_error_of_who_sent_them(gateway: Gateway, lines: list[str]) -> None:
    found = gateway.raw(head(*lines, "Content-Length: 0"))
    assert found == b"" or 400 <= int(found.split()[1]) < 500


@pytest.mark.parametrize(
    "path",
    [
        "/v1/../etc/passwd", "/v1/%2e%2e/%2e%2e/etc/passwd", "//v1/models", "/v1/jobs/..%2f..%2fgateway.db", "/v1/jobs/%00",
        "/v1/jobs/' or 1=1 --", "/v1/translations/", "http://attacker.example/v1/models", "/" + "a" * 5000, "/v1/jobs/" + "A" * 24,
        "/docs", "/redoc",
    ],
)  # fmt: skip
def test_paths_lead_nowhere_else(gateway: Gateway, ada: str, path: str) -> None:
    found = gateway.raw(head(f"Authorization: Bearer {ada}", method="GET", path=path.replace(" ", "%20")))
    assert 400 <= int(found.split()[1]) < 500 and b"root:" not in found


def test_what_is_no_request_is_no_mistake(gateway: Gateway) -> None:
    for text in (b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
        found = gateway.raw(text + b"\r\n\r\n")
        assert found == b"" or 400 <= int(found.split()[1]) < 500
    upgrade = head("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: eA==", method="GET")
    assert 400 <= int(gateway.raw(upgrade).split()[1]) < 500
    for method in ("PUT", "PATCH", "TRACE", "GET"):
        assert gateway.send(method, "/v1/translations").status in (401, 405)


# ----------------------------------------------------------------------------------------------------------------------- other tenants
def test_a_tenant_cannot_tell_what_another_translated(gateway: Gateway, ada: str, bob: str) -> None:
    """By answer: each gets a translation of their own, with its own seconds. By time: it was made, not found."""
    source = kind(900)

    def made() -> int:
        lines = gateway.get("/v1/metrics", ada).body.decode().splitlines()
        return sum(int(float(line.split()[1])) for line in lines if line.startswith("portalis_translations_total") and 'how="made"' in line)

    before = made()
    first = gateway.translate(ada, source).json
    second = gateway.translate(bob, source).json
    assert made() == before + 2 and first["build"]["seconds"] != second["build"]["seconds"]
    assert gateway.translate(ada, source).json == first and made() == before + 2


def test_a_tenant_s_jobs_are_nobody_else_s(gateway: Gateway, ada: str, bob: str) -> None:
    job = gateway.post("/v1/jobs", ada, {"items": [{"source": kind(901)}]}).json["id"]
    for method, path in [("GET", ""), ("GET", "/results"), ("POST", "/cancel"), ("DELETE", "")]:
        theirs, none = (gateway.send(method, f"/v1/jobs/{id_}{path}", bob) for id_ in (job, "0" * 24))
        assert theirs.status == none.status == 404
        assert {**theirs.json["error"], "request": ""} == {**none.json["error"], "request": ""}
    assert gateway.get("/v1/jobs", bob).json["data"] == []
    until(lambda: gateway.get(f"/v1/jobs/{job}", ada).json["done"] == 1, gateway)


def test_an_answer_that_somebody_else_wrote_is_not_believed(gateway: Gateway, ada: str, tmp_path: Path) -> None:
    """Read from where it is kept by a gateway that has nothing in memory; with a bit of it changed, it is made anew."""
    from portalis.translator.servers.gateway.answers import Answers, Stored
    from portalis.translator.servers.gateway.database import open_database

    async def check() -> None:
        database = open_database(tmp_path / "state")
        stored = Stored(database, 1 << 20, 1.0)
        key, answer = b"k" * 32, b'{"kind":"refused","diagnostics":[]}'
        kept = Answers(1 << 20, (stored,), b"secret")
        kept.put(key, answer)
        await kept.flush()
        assert await Answers(1 << 20, (stored,), b"secret").get(key) == answer
        assert await Answers(1 << 20, (stored,), b"another").get(key) is None
        ((whole,),) = database.execute("select content from kept_answers").fetchall()
        changed = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 7)]
        for content in [*changed, whole[:-1], b""]:
            database.execute("update kept_answers set content = ?", (content,))
            assert await Answers(1 << 20, (stored,), b"secret").get(key) is None
        # Under another key's name.
        database.execute("update kept_answers set content = ?", (whole,))
        database.execute("insert into kept_answers select ?, bytes, used, created, content from kept_answers", ((b"o" * 32).hex(),))
        assert await Answers(1 << 20, (stored,), b"secret").get(b"o" * 32) is None
        assert await Answers(1 << 20, (stored,), b"secret").get(key) == answer
        database.close()

    import asyncio

    asyncio.run(check())


# ------------------------------------------------------------------------------------------------------------------------------ limits
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_limits_hold_over_two_processes_and_without_redis(tmp_path: Path) -> None:
    """Before a Triton server that is not there: what is let in is told that nothing is ready, and counted."""
    port, rate = free_port(), 6
    settings = {"RATE": str(rate), "REDIS": f"redis://127.0.0.1:{port}", "TRITON": "127.0.0.1:9"}
    with redis_server(tmp_path, port) as redis:
        both = [Gateway(tmp_path / "state", settings).start(wait=False) for _ in range(2)]
        try:
            ada, bob = both[0].make_key("ada"), both[0].make_key("bob")
            replies = [both[number % 2].translate(ada, kind(1)) for number in range(rate + 4)]
            assert [reply.status for reply in replies] == [503] * rate + [429] * 4
            assert all(1 <= int(reply.headers["retry-after"]) <= 60 for reply in replies)
            assert both[0].translate(bob, kind(1)).status == 503
            redis.kill()
            redis.wait()
            until(lambda: all(one.get("/v1/health/ready").json["degraded"] == ["redis"] for one in both))
            statuses = [both[0].translate(bob, kind(1)).status for _ in range(rate + 1)]
            assert statuses == [503] * (rate - 1) + [429] * 2
        finally:
            assert [one.stop() for one in both] == [0, 0]


# -------------------------------------------------------------------------------------------------------------------------------- logs
def test_neither_keys_nor_sources_nor_paths_are_written_down(gateway: Gateway, ada: str) -> None:
    source = f"def f(x: float) -> float:\n    # {MARK}\n    return x + 1.0\n"
    refused = f"def f(x: float) -> float:\n    return {MARK}(x)\n"
    for text in (source, refused):
        gateway.translate(ada, text, path=f"/home/{MARK}.py", examples=[f"f(1.0)  # {MARK}"])
    gateway.get(f"/v1/{MARK}?{MARK}={ada}", ada, headers={"X-Request-ID": MARK, "User-Agent": MARK, "Referer": MARK})
    gateway.post("/v1/translations", ada, f'{{"{MARK}": 1}}'.encode(), headers={"X-Request-ID": ada})
    gateway.post("/v1/jobs", ada, {"items": [{"source": source, "path": MARK}]})
    found: list[Any] = gateway.lines()
    assert len(found) > 5 and all(set(line) >= {"time", "level", "event"} for line in found)
    for name in ("log", "audit.jsonl"):
        text = (gateway.folder / name).read_text()
        assert MARK not in text and ada[16:] not in text and "def f" not in text
    # What authenticates is nowhere as it is, in the database neither.
    for path in gateway.folder.rglob("*"):
        assert not path.is_file() or ada.encode() not in path.read_bytes(), path
    assert not [line for line in found if line["event"] == "mistake"], "the gateway made a mistake in some test"
