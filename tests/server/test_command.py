"""Where a server is told to listen, and what it is told to ask for; `test_access.py` looks at one that runs."""

from __future__ import annotations

from pathlib import Path

from portalis.translator.servers.triton.installation import Installation
from portalis.translator.servers.triton.server import TritonServer

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
        keys = dict(value.split(":", 1) for value in command.get(name, []))
        doors = {frozenset(doors.split(",")): key for doors, key in keys.items()}
        unknown = doors.pop(frozenset({"shared-memory", "trace", "logging"}), "").partition("=")[2]
        assert doors == {
            frozenset({"inference", "metadata", "model-config", "statistics"}): f"portalis-key={server._key}",
            frozenset({"model-repository"}): f"portalis-control={server._control}",
        }
        assert len(unknown) == 64 and unknown not in (server._key, server._control)
    assert len(server._key) == len(server._control) == 64 and server._key != server._control
    assert server._key != TritonServer(NOWHERE, Path("/nowhere/models"), port=1)._key
