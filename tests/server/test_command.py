"""Where a server is told to listen, and what it is told to ask for; `test_access.py` looks at one that runs."""

from __future__ import annotations

from pathlib import Path

from portalis.translator.servers.triton.server import Installation, TritonServer

NOWHERE = Installation(Path("/nowhere"), Path("/nowhere/triton"), Path("/nowhere/stub"), ())


def options(server: TritonServer) -> dict[str, list[str]]:
    """Return the command's options, each with its values in order."""
    found: dict[str, list[str]] = {}
    for argument in server._command(Path("/nowhere/folder")):
        name, _, value = argument.partition("=")
        found.setdefault(name, []).append(value)
    return found


def test_every_door_is_on_loopback() -> None:
    command = options(TritonServer(NOWHERE, Path("/nowhere/models"), port=1, http_port=2, metrics_port=3))
    addresses = {name: values for name, values in command.items() if name.endswith("-address")}
    assert addresses == {f"--{door}-address": ["127.0.0.1"] for door in ("grpc", "http", "metrics")}
    assert (command["--grpc-port"], command["--http-port"], command["--metrics-port"]) == (["1"], ["2"], ["3"])


def test_a_door_that_nobody_asked_for_is_closed() -> None:
    command = options(TritonServer(NOWHERE, Path("/nowhere/models"), port=1))
    assert command["--allow-http"] == command["--allow-metrics"] == ["false"]
    assert not [name for name in command if name.startswith(("--http", "--metrics"))]


def test_every_door_asks_for_the_key_and_some_for_one_that_nobody_knows() -> None:
    server = TritonServer(NOWHERE, Path("/nowhere/models"), port=1, http_port=2)
    command = options(server)
    for name in ("--grpc-restricted-protocol", "--http-restricted-api"):
        assert len(command.get(name, [])) == 2, name
        (asked, key), (closed, unknown) = (value.split(":", 1) for value in command[name])
        assert set(asked.split(",")) == {"inference", "metadata", "model-config", "statistics"} and key == f"portalis-key={server._key}"
        assert set(closed.split(",")) == {"shared-memory", "model-repository", "trace", "logging"}
        assert server._key not in unknown and len(unknown.partition("=")[2]) == 64
    assert len(server._key) == 64 and server._key != TritonServer(NOWHERE, Path("/nowhere/models"), port=1)._key
