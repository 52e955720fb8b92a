"""`portalis serve`: the translator as a Triton server on this machine, or as a gateway."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from portalis.translator.cli.gateway import serve_gateway
from portalis.translator.cli.output import err, fail, out, print_json
from portalis.translator.cli.programs import folder

if TYPE_CHECKING:
    from portalis.translator.servers.triton.server import TritonServer

_TRITON_PORT = 8001
_SECONDS, _MEBIBYTES = 30.0, 3072
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve_command(
    gateway: Annotated[bool, typer.Option("--gateway", help="Serve HTTP with keys, limits, a store and jobs instead of Triton.")] = False,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1, 8001 or a gateway's 8000; 0 takes a free one.")
    ] = None,
    triton: Annotated[
        str | None, typer.Option("--triton", metavar="HOST:PORT", help="Have the Triton server there translate for the gateway.")
    ] = None,
    http_port: Annotated[int | None, typer.Option("--http-port", min=1, max=65535, help="Serve HTTP as well.")] = None,
    metrics_port: Annotated[int | None, typer.Option("--metrics-port", min=1, max=65535, help="Serve Prometheus metrics as well.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Translations at a time; one a core without it.")] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=1.0, help="Seconds a translation may take; 30 without it.")
    ] = None,
    memory_limit: Annotated[
        int | None, typer.Option("--memory-limit", min=256, metavar="MIB", help="Memory a worker may allocate; 3072 without it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say where it serves as one JSON document.")] = False,
) -> None:
    """Serve translations from Triton, or over HTTP.

    Runs until it is interrupted or terminated.
    """
    if gateway:
        if http_port is not None or metrics_port is not None:
            fail("--http-port and --metrics-port are Triton's: a gateway tells all at its --port", as_json, status=2)
        serve_gateway(port, workers, time_limit, memory_limit, triton, as_json)
        return
    if triton is not None:
        fail("--triton says who translates for a gateway: add --gateway", as_json, status=2)
    try:
        from portalis.translator.servers.triton.installation import ServerError, find_installation
        from portalis.translator.servers.triton.server import GAVE_UP, TritonServer
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing", as_json, ["pip install 'portalis-translator[server]'"])
    for number in _STOPPING:
        signal.signal(number, signal.default_int_handler)
    server: TritonServer | None = None
    try:
        server = TritonServer(
            find_installation(),
            folder("server") / "models",
            port=_TRITON_PORT if port is None else port,
            http_port=http_port,
            metrics_port=metrics_port,
            workers=workers,
            time_limit=_SECONDS if time_limit is None else time_limit,
            memory_limit=(_MEBIBYTES if memory_limit is None else memory_limit) << 20,
            tell=_tell,
        )
        server.start()
        _announce(server, as_json)
        status = server.wait()
        if status == GAVE_UP:
            fail("the server cannot be healed", as_json, server.log(), status=status)
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


def _tell(text: str) -> None:
    err.print(f"portalis: {text}", style="yellow", markup=False)


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
