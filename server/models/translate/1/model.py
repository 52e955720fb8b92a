"""The Triton model `translate`: hands requests to a Portalis service and answers each as soon as it is done.

It runs in Triton's own Python, which needs NumPy 1 and has nothing of Portalis: the service (`portalis.translator.servers.triton.service`)
is a process of its own, started with the command in the environment variable PORTALIS_SERVICE. `execute` only passes requests on, so that a
slow snippet holds up no other, not even of its own batch.
"""

import contextlib
import itertools
import os
import shlex
import struct
import subprocess
import threading

import numpy as np
import triton_python_backend_utils as triton

FRAME = struct.Struct("<QII")
# As many rows may wait here; more are told to come back later.
MOST_WAITING = 4096
FINAL = triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL


class Request:
    """One Triton request: as many answers to wait for as it has rows."""

    def __init__(self, request):
        sources = triton.get_input_tensor_by_name(request, "SOURCE").as_numpy()
        options = triton.get_input_tensor_by_name(request, "OPTIONS")
        self.shape = sources.shape
        self.sources = sources.reshape(-1)
        self.options = [b""] * len(self.sources) if options is None else options.as_numpy().reshape(-1)
        self.answers = [None] * len(self.sources)
        self.missing = len(self.sources)
        self.sender = request.get_response_sender()

    def answer(self, row, text):
        """Fill in a row; the last one sends the response."""
        self.answers[row] = text
        self.missing -= 1
        if self.missing == 0:
            rows = np.array(self.answers, dtype=np.object_).reshape(self.shape)
            self.sender.send(triton.InferenceResponse([triton.Tensor("ANSWER", rows)]), flags=FINAL)

    def fail(self, message):
        """Answer that the server cannot take this now; a client tries again."""
        error = triton.TritonError(message, triton.TritonError.UNAVAILABLE)
        self.sender.send(triton.InferenceResponse(error=error), flags=FINAL)


class Service:
    """The Portalis process and the requests it has not answered; once it has ended it stays so."""

    def __init__(self, command, version):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lock = threading.Lock()
        self.waiting = {}
        self.numbers = itertools.count(1)
        self.alive = True
        greeting = self._read()
        if greeting is None:
            raise RuntimeError(f"the service did not start: {shlex.join(command)}")
        if greeting[1] != version.encode():
            self.close()
            raise RuntimeError(
                f"the service is version {greeting[1].decode()}, this model's folder says {version}: `portalis serve` names it"
            )
        threading.Thread(target=self._receive, daemon=True).start()

    def submit(self, request):
        """Pass on every row of a request, or fail the request whole."""
        with self.lock:
            full = len(self.waiting) + request.missing > MOST_WAITING
            taken = self.alive and not full
            frames = [self._enter(request, row) for row in range(request.missing)] if taken else []
        if not taken:
            request.fail("the server is busy" if full else "the translation service ended and is started again")
            return
        # Where it has ended since, the reader sees that too and answers everybody.
        with contextlib.suppress(OSError):
            self.process.stdin.write(b"".join(frames))
            self.process.stdin.flush()

    def close(self):
        """End the process, busy or not."""
        self.process.kill()
        self.process.wait()

    def _enter(self, request, row):
        """Note who waits for a row, and return its frame."""
        number = next(self.numbers)
        self.waiting[number] = (request, row)
        source, options = request.sources[row], request.options[row]
        return FRAME.pack(number, len(source), len(options)) + source + options

    def _read(self):
        header = self.process.stdout.read(FRAME.size)
        if len(header) < FRAME.size:
            return None
        number, length, _ = FRAME.unpack(header)
        body = self.process.stdout.read(length)
        return (number, body) if len(body) == length else None

    def _receive(self):
        while (frame := self._read()) is not None:
            with self.lock:
                request, row = self.waiting.pop(frame[0])
            request.answer(row, frame[1])
        with self.lock:
            self.alive = False
            stranded = {id(request): request for request, _ in self.waiting.values()}
            self.waiting.clear()
        for request in stranded.values():
            request.fail("the translation service ended")
        self.process.wait()


class TritonPythonModel:
    """What Triton calls."""

    def initialize(self, args):
        """Start the service; the model is not ready before every worker is."""
        self.command = shlex.split(os.environ["PORTALIS_SERVICE"])
        self.version = args["model_version"]
        self.service = Service(self.command, self.version)

    def execute(self, requests):
        """Pass a batch on; answers are sent when they come."""
        if not self.service.alive:
            try:
                self.service = Service(self.command, self.version)
            except RuntimeError as error:
                for request in requests:
                    Request(request).fail(str(error))
                return
        for request in requests:
            self.service.submit(Request(request))

    def finalize(self):
        """End the service with the model."""
        self.service.close()
