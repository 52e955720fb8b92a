"""A translator that asks a Triton server: the same translations as the embedded one, or an error within the deadline."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any

import numpy as np
import tritonclient.grpc as grpc
from pydantic import ValidationError
from tritonclient.utils import InferenceServerException

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.remote.access import GRPC_HEADER, KEY_VARIABLE, find_key
from portalis.translator.remote.compiler_version import compiler_version
from portalis.translator.remote.messages import ANSWER, Answer, Failed, RefusedAnswer, RequestOptions, TranslatedAnswer
from portalis.translator.source import SourceFile
from portalis.translator.translating.messages import Build
from portalis.translator.translating.options import Options
from portalis.translator.translating.translation import Translation

MODEL = "translate"
DEFAULT_ADDRESS = "127.0.0.1:8001"
_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
_FIRST_PAUSE = 0.1
# What Triton says to a request without the key; it is no reason to ask again.
_RESTRICTED = "restricted"


class RemoteError(Exception):
    """The server answered, and the answer is that this request failed there: asking it again will not help."""


class ServerUnavailable(Exception):
    """No server answered in time, or none with this compiler; another translator can be asked."""


def channel_arguments(address: str) -> list[tuple[str, int]]:
    """Return gRPC's settings for a server: answers of any size, quick reconnects, and no proxy on the way to this machine."""
    arguments = [
        ("grpc.max_send_message_length", 2**31 - 1),
        ("grpc.max_receive_message_length", 2**31 - 1),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    return [*arguments, ("grpc.enable_http_proxy", 0)] if address.startswith(_LOOPBACK) else arguments


class TritonTranslator:
    """Translates through the server at `address`; can be used by many threads at once.

    A request ends within `deadline` seconds. Where the server is not reachable, stopping or full it is asked up to `attempts` times, with
    growing pauses: asking twice for the same translation does no harm. Without a `key`, it is the one that this user's server left
    (`remote/access.py`).
    """

    def __init__(self, address: str = DEFAULT_ADDRESS, *, key: str | None = None, deadline: float = 120.0, attempts: int = 6) -> None:
        self.address = address
        self._key = key
        self._deadline = deadline
        self._attempts = attempts
        self._client = grpc.InferenceServerClient(address, channel_args=channel_arguments(address))

    def translate(
        self, source: str | SourceFile, function: str | None = None, examples: Sequence[str] = (), *, options: Options | None = None
    ) -> Translation:
        """Translate as `portalis.translator.translate` does, with the same result and the same TranslationError.

        Raises RemoteError where the request failed on the server (too much time or memory), ServerUnavailable where there is no answer.
        """
        options = options or Options()
        file = source if isinstance(source, SourceFile) else SourceFile("<snippet>", source)
        build = self.build(file, function, examples, options)
        # Lowering is quick and gives what a host needs to call the module; only the build was the server's.
        return Translation(lower(file, function, examples), options, build)

    def build(self, file: SourceFile, function: str | None, examples: Sequence[str], options: Options) -> Build:
        """Return the server's part of a translation; raises as `translate` does."""
        request = RequestOptions(
            path=file.path, function=function, examples=tuple(examples), options=options, patience=max(1.0, self._deadline)
        )
        answer = self._ask(file.text.encode(), request.model_dump_json().encode())
        match answer:
            case TranslatedAnswer(build=build):
                _require_proof(build)
                return build
            case RefusedAnswer(diagnostics=diagnostics):
                raise TranslationError(diagnostics, file)
            case Failed(why="expired", detail=detail):
                raise ServerUnavailable(f"the server at {self.address} is too busy: {detail}")
            case Failed(why=why, detail=detail):
                raise RemoteError(f"the server at {self.address} could not translate it: {why}: {detail}")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> TritonTranslator:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _ask(self, source: bytes, options: bytes) -> Answer:
        end = time.monotonic() + self._deadline
        inputs = [_string_input("SOURCE", source), _string_input("OPTIONS", options)]
        for attempt in range(1, self._attempts + 1):
            try:
                return _read(self._exchange(inputs, end - time.monotonic()))
            except InferenceServerException as error:
                pause = _FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)
                passing = error.status() == "StatusCode.UNAVAILABLE" and _RESTRICTED not in error.message()
                if not passing or attempt == self._attempts or time.monotonic() + pause >= end:
                    raise self._explain(error) from error
                time.sleep(pause)
            except (RemoteError, ServerUnavailable):
                raise
            except Exception as error:
                # Whatever else gRPC or the answer's decoding says: to a caller it is a server that failed.
                raise RemoteError(f"the server at {self.address} gave no answer: {type(error).__name__}: {error}") from error
        raise AssertionError("the last attempt returns or raises")

    def _exchange(self, inputs: list[Any], seconds: float) -> Any:
        """Send one request and wait; the wait has an end of its own, so that no state of the channel can hold the caller."""
        future: Future[Any] = Future()

        # tritonclient passes both by keyword: with other names the callback fails unseen and nobody is ever told.
        def answered(result: Any, error: Any) -> None:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        key = self._key or find_key(self.address)
        call = self._client.async_infer(
            MODEL,
            inputs,
            answered,
            model_version=str(compiler_version()),
            client_timeout=max(seconds, 0.001),
            headers={GRPC_HEADER: key} if key else None,
        )
        try:
            return future.result(seconds + 2.0)
        except TimeoutError as error:
            raise ServerUnavailable(f"the server at {self.address} gave no answer within {self._deadline:g} s") from error
        finally:
            call.cancel()

    def _explain(self, error: InferenceServerException) -> Exception:
        match error.status():
            case "StatusCode.UNAVAILABLE" if _RESTRICTED in error.message():
                return RemoteError(
                    f"the server at {self.address} asks for its key: run this as the user who started it, or set {KEY_VARIABLE}"
                )
            case "StatusCode.UNAVAILABLE":
                return ServerUnavailable(f"no server answers at {self.address}: {error.message()}")
            case "StatusCode.DEADLINE_EXCEEDED":
                return ServerUnavailable(f"the server at {self.address} gave no answer within {self._deadline:g} s")
            case "StatusCode.NOT_FOUND":
                return ServerUnavailable(f"the server at {self.address} has another version of the compiler: {error.message()}")
            case status:
                return RemoteError(f"the server at {self.address} failed: {status}: {error.message()}")


def _string_input(name: str, value: bytes) -> Any:
    tensor = grpc.InferInput(name, [1, 1], "BYTES")
    return tensor.set_data_from_numpy(np.array([[value]], dtype=np.object_))


def _read(result: Any) -> Answer:
    """Read an answer, or raise RemoteError where it is none."""
    rows = result.as_numpy("ANSWER")
    if rows is None or rows.shape != (1, 1):
        raise RemoteError("the server's answer has no text")
    try:
        return ANSWER.validate_json(rows[0, 0])
    except ValidationError as error:
        raise RemoteError(f"the server's answer cannot be read: {error}") from error


def _require_proof(build: Build) -> None:
    """Raise RemoteError unless the report says that these very bytes agreed with CPython."""
    proof = build.report.artefact("wasm") if build.report else None
    if proof is None or not proof.usable or proof.sha256 != hashlib.sha256(build.wasm).hexdigest():
        raise RemoteError("the server's answer carries no proof for the module it carries")
