"""`portalis serve`: the translator as a Triton server on this machine."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from portalis.translator.cli.output import err, fail, out, print_json
from portalis.translator.cli.programs import folder

if TYPE_CHECKING:
    from portalis.translator.servers.triton.server import TritonServer

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve_command(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="gRPC port on 127.0.0.1; 0 takes a free one.")] = 8001,
    http_port: Annotated[int | None, typer.Option("--http-port", min=1, max=65535, help="Serve HTTP as well.")] = None,
    metrics_port: Annotated[int | None, typer.Option("--metrics-port", min=1, max=65535, help="Serve Prometheus metrics as well.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Translations at a time; one a core without it.")] = None,
    time_limit: Annotated[float, typer.Option("--time-limit", min=1.0, help="Seconds a translation may take.")] = 30.0,
    memory_limit: Annotated[int, typer.Option("--memory-limit", min=256, metavar="MIB", help="Memory a worker may allocate.")] = 3072,
    as_json: Annotated[bool, typer.Option("--json", help="Say where it serves as one JSON document.")] = False,
) -> None:
    """Serve translations from a Triton server.

    Runs until it is interrupted or terminated.
    """
    try:
        from portalis.translator.servers.triton.server import ServerError, TritonServer, find_installation
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", as_json, ["pip install 'portalis-translator[server]'"])
    for number in _STOPPING:
        signal.signal(number, signal.default_int_handler)
    server: TritonServer | None = None
    try:
        server = TritonServer(
            find_installation(),
            folder("server") / "models",
            port=port,
            http_port=http_port,
            metrics_port=metrics_port,
            workers=workers,
            time_limit=time_limit,
            memory_limit=memory_limit << 20,
        )
        server.start()
        _announce(server, as_json)
        while (status := server.wait()) is None:
            err.print("portalis: the model's process ended; starting again", style="yellow", markup=False)
            server.stop()
            server.start()
        raise ServerError(f"tritonserver ended by itself with status {status}", server.log())
    except KeyboardInterrupt:
        err.print("portalis: stopping", markup=False)
    except ServerError as error:
        fail(str(error), as_json, error.log)
    finally:
        # A second interrupt must not end this process before everything it started.
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)
        if server is not None:
            server.stop()


def _announce(server: TritonServer, as_json: bool) -> None:
    from portalis.translator.servers.pool.compiler_version import compiler_version

    if not server.key_is_hidden:
        err.print("portalis: other users of this machine can read the server's key in the list of processes", style="yellow", markup=False)
    if as_json:
        told = {"address": server.address, "workers": server.workers, "compiler": compiler_version(), "pid": server.pid}
        print_json({"ok": True, **told, "key_file": str(server.key_file)})
    else:
        out.print(f"serving translations at {server.address} with {server.workers} workers; interrupt to stop", markup=False)
        out.print(f"  portalis translate FILE --backend triton --server {server.address}", markup=False)
        out.print(f"  requests carry the key in {server.key_file}, which your own clients find; only you can read it", markup=False)
    # Whoever started this through a pipe waits for these lines.
    sys.stdout.flush()
