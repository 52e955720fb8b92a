"""One request to a decoupled model, and all of its responses."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Generator
from typing import Any

import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator.servers.contract.asking import ServerUnavailable
from portalis.translator.servers.triton.pulse import Pulse


def stream(
    client: Any, pulse: Pulse | None, seconds: float, headers: dict[str, str] | None, **asked: Any
) -> Generator[grpc.InferResult, None, None]:
    """Yield responses as they come, over a client of its own, which is closed with the iterator; then the server drops the rest.

    ServerUnavailable where none comes for `seconds`.
    """
    responses: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()

    # tritonclient passes both by keyword: with other names nobody is ever told.
    def told(result: Any, error: Exception | None) -> None:
        responses.put((result, error))

    def fail(error: Exception) -> None:
        responses.put((None, error))

    with contextlib.closing(client), pulse.watch(fail) if pulse is not None else contextlib.nullcontext():
        client.start_stream(told, headers=headers)
        try:
            with contextlib.suppress(InferenceServerException):
                # Where the stream has failed by now, this says so, and the callback why.
                client.async_stream_infer(enable_empty_final_response=True, **asked)
            while True:
                try:
                    result, error = responses.get(timeout=seconds)
                except queue.Empty:
                    raise ServerUnavailable(f"the server gave no answer within {seconds:g} s") from None
                if error is not None:
                    raise error
                response = result.get_response()
                if response.outputs:
                    yield result
                if response.parameters["triton_final_response"].bool_param:
                    return
        finally:
            client.stop_stream(cancel_requests=True)
