"""Who may ask a real server: nobody without its key, over gRPC and over HTTP, whatever a page in a browser sends."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator.servers.clients.triton import RemoteError, TritonTranslator
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton import access
from portalis.translator.servers.triton.access import GRPC_HEADER, HTTP_HEADER, KEY_VARIABLE, find_key, hide_argument, key_path, publish_key
from portalis.translator.servers.triton.installation import Installation
from portalis.translator.servers.triton.server import TritonServer
from tests.server.conftest import MODELS
from tests.server.processes import group, shared_memory
from tests.server.snippets import kind

CROSS_ORIGIN = {"Origin": "https://attacker.example", "Content-Type": "text/plain"}


@pytest.fixture(scope="module")
def open_server(installation: Installation) -> Iterator[tuple[TritonServer, int]]:
    """A server with HTTP, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with TritonServer(installation, MODELS, workers=1, http_port=port) as running:
        yield running, port


def ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


@pytest.mark.parametrize("door", ["translate/generate", "translate/infer", "batch/generate_stream", "batch/infer"])
@pytest.mark.parametrize(
    "headers",
    [
        CROSS_ORIGIN,
        {},
        {HTTP_HEADER: ""},
        {HTTP_HEADER: "0" * 64},
        {"Host": "attacker.example"},
        CROSS_ORIGIN | {"Cookie": f"{HTTP_HEADER}=1"},
        {"closed": ""},
    ],
    ids=["cross-origin text/plain", "no key", "empty key", "wrong key", "foreign host", "cookie", "other key"],
)
def test_http_asks_for_the_key(open_server: tuple[TritonServer, int], door: str, headers: dict[str, str]) -> None:
    _, port = open_server
    body = json.dumps({"SOURCE": kind(1)}).encode()
    status, text, answered = ask(port, "POST", f"/v2/models/{door}", headers, body)
    assert status == 403 and b"restricted" in text
    assert not [name for name in answered if name.lower().startswith("access-control-")]


def test_http_answers_whoever_has_the_key(open_server: tuple[TritonServer, int]) -> None:
    server, port = open_server
    headers = {HTTP_HEADER: server.key_file.read_text(), "Content-Type": "application/json"}
    status, text, _ = ask(port, "POST", "/v2/models/translate/generate", headers, json.dumps({"SOURCE": kind(1)}).encode())
    assert status == 200 and json.loads(json.loads(text)["ANSWER"])["kind"] == "translated"


def test_the_page_s_commands_ask_it(open_server: tuple[TritonServer, int], tmp_path: Path) -> None:
    server, port = open_server
    page = (MODELS.parent / "README.md").read_text()
    (block,) = (part for part in page.split("```") if "curl" in part and "portalis/servers/8001.key" in part)
    # The page's file and port are those of a server that somebody may run here.
    script = block.replace("~/.cache/portalis/servers/8001.key", shlex.quote(str(server.key_file))).replace(
        "127.0.0.1:8080", f"127.0.0.1:{port}"
    )
    commands = script.strip().replace("\\\n", "").splitlines()
    told = [
        subprocess.run(["bash", "-c", f"{commands[0]}; {command}"], capture_output=True, text=True, timeout=60, check=True).stdout
        for command in commands[1:]
    ]
    half, twice, both, inferred, versions, live = told
    assert json.loads(json.loads(half)["ANSWER"])["kind"] == json.loads(json.loads(twice)["ANSWER"])["kind"] == "translated"
    responses = [json.loads(line.removeprefix("data: ")) for line in both.splitlines() if line]
    assert {response["NUMBER"] for response in responses} == {0, 1}
    assert all(json.loads(response["ANSWER"])["kind"] == "translated" for response in responses)
    (output,) = json.loads(inferred)["outputs"]
    assert json.loads(output["data"][0])["kind"] == "translated"
    assert json.loads(versions)["versions"] == [str(compiler_version())] and not live


def test_a_browser_is_not_allowed_to_send_the_header_to_another_origin(open_server: tuple[TritonServer, int]) -> None:
    """Before a page may send a header of its own, the browser asks, and only a positive answer lets it."""
    _, port = open_server
    asked = {"Origin": "https://attacker.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": HTTP_HEADER}
    status, _, answered = ask(port, "OPTIONS", "/v2/models/translate/generate", asked)
    assert not (200 <= status < 300 and "Access-Control-Allow-Origin" in answered)


@pytest.mark.parametrize("path", ["/v2", "/v2/models/translate", "/v2/models/translate/config", "/v2/models/translate/stats"])
def test_http_tells_nothing_else_without_the_key_but_that_it_is_there(open_server: tuple[TritonServer, int], path: str) -> None:
    _, port = open_server
    assert ask(port, "GET", path, {})[0] == 403
    assert ask(port, "GET", "/v2/health/ready", {})[0] == 200


def test_grpc_asks_for_the_key(open_server: tuple[TritonServer, int]) -> None:
    server, _ = open_server
    source = grpc.InferInput("SOURCE", [1, 1], "BYTES").set_data_from_numpy(np.array([[kind(1).encode()]], dtype=np.object_))
    with grpc.InferenceServerClient(server.address) as client:
        for headers in (None, {GRPC_HEADER: ""}, {GRPC_HEADER: "0" * 64}):
            with pytest.raises(InferenceServerException, match="restricted"):
                client.infer("translate", [source], headers=headers, client_timeout=30.0)
            with pytest.raises(InferenceServerException, match="restricted"):
                client.get_model_config("translate", headers=headers, client_timeout=30.0)
        assert client.is_server_live()


def test_a_client_without_the_key_is_told_so_at_once(
    open_server: tuple[TritonServer, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = open_server
    key = server.key_file.read_text()
    monkeypatch.setenv(access.FOLDER_VARIABLE, str(tmp_path / "another user's"))
    with TritonTranslator(server.address, attempts=1_000_000) as translator, pytest.raises(RemoteError, match="asks for its key"):
        translator.translate(kind(1))
    with TritonTranslator(server.address, key=key) as translator:
        assert translator.translate(kind(1))(1.0, 0) == 1.0
    monkeypatch.setenv(KEY_VARIABLE, key)
    with TritonTranslator(server.address) as translator:
        assert translator.translate(kind(1))(1.0, 0) == 1.0


def test_only_loopback_is_bound(open_server: tuple[TritonServer, int]) -> None:
    server, port = open_server
    inodes = set()
    for pid in group(server.pid):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(descriptor)
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    bound: dict[int, str] = {}
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            host, _, number = fields[1].partition(":")
            if fields[3] == "0A" and fields[9] in inodes:
                bound[int(number, 16)] = host
    assert set(bound) == {int(server.address.rpartition(":")[2]), port}
    # 127.0.0.1, its bytes from the last to the first, as itself or in IPv6's clothes.
    assert all(host in ("0100007F", "0000000000000000FFFF00000100007F") for host in bound.values()), bound


def test_what_passes_through_shared_memory_is_its_user_s_own_and_small(open_server: tuple[TritonServer, int]) -> None:
    regions = [Path("/dev/shm", name) for name in shared_memory(os.getpid())]
    assert regions and all(stat.S_IMODE(region.stat().st_mode) == 0o600 for region in regions)
    assert all(region.stat().st_size <= 16 << 20 for region in regions)


def test_the_key_is_in_one_file_of_its_user_and_nowhere_else(open_server: tuple[TritonServer, int]) -> None:
    server, _ = open_server
    key, control = server.key_file.read_text(), server._control
    status, folder = server.key_file.stat(), server.key_file.parent.stat()
    assert len(key) == 64 and stat.S_IMODE(status.st_mode) == 0o600 and stat.S_IMODE(folder.st_mode) == 0o700
    assert server.key_is_hidden
    for pid in group(server.pid):
        for name in ("cmdline", "environ"):
            text = Path(f"/proc/{pid}/{name}").read_bytes()
            assert key.encode() not in text and control.encode() not in text, (pid, name)
    assert key not in "".join(server.log(1000))


# ------------------------------------------------------------------------------------------------------- without a server
@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(access.FOLDER_VARIABLE, str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_a_key_is_found_by_its_port_and_withdrawn_by_its_own_server_alone(keys: Path) -> None:
    publish_key(8001, "a" * 64)
    assert find_key("127.0.0.1:8001") == "a" * 64 and find_key("127.0.0.1:8002") is None
    access.withdraw_key(8001, "b" * 64)
    assert find_key("127.0.0.1:8001") == "a" * 64
    access.withdraw_key(8001, "a" * 64)
    assert find_key("127.0.0.1:8001") is None and list(keys.iterdir()) == []


@pytest.mark.parametrize("address", ["", ":", "host", "127.0.0.1:../../x", "127.0.0.1:٣", "127.0.0.1:123456"])
def test_an_address_without_a_port_has_no_key(keys: Path, address: str) -> None:
    assert find_key(address) is None


def test_a_key_is_kept_where_its_user_alone_can_read_it(keys: Path) -> None:
    path = publish_key(8001, "a" * 64)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert [item.name for item in keys.iterdir()] == ["8001.key"]


def test_a_key_that_others_can_read_is_not_used(keys: Path) -> None:
    publish_key(8001, "a" * 64)
    key_path(8001).chmod(0o644)
    assert find_key("127.0.0.1:8001") is None


def test_a_process_that_is_not_there_hides_nothing() -> None:
    assert not hide_argument(2**22 + 1, "secret")
