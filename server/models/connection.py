"""What Portalis's Triton models have in common: their connection to the process that translates.

It runs in Triton's own Python, which needs NumPy 1 and has nothing of Portalis. The process is
`portalis.translator.servers.triton.service`, which says what travels; its socket's path is in the environment variable PORTALIS_SERVICE.
A model's `execute` only passes requests on, so that a slow snippet holds up no other.
"""

import contextlib
import glob
import itertools
import json
import os
import select
import signal
import socket
import struct
import threading
import time

import numpy as np
import triton_python_backend_utils as triton

# Frames, as the service reads and writes them.
REQUEST = struct.Struct("<QBIII")
ANSWER = struct.Struct("<QI")
TRANSLATE, DROP, EDIT, END = range(4)
# As many rows may wait here; more are told to come back later.
MOST_WAITING = 4096
# How often it is asked whether clients still wait, and how long the process may take to be there again.
LOOK_SECONDS = 0.5
GREETING_SECONDS = 60.0


class Request:
    """One Triton request, whose answers are sent together: as many as it has rows. Nothing is sent once it is over."""

    def __init__(self, request, name="SOURCE"):
        sources = triton.get_input_tensor_by_name(request, name).as_numpy()
        options = triton.get_input_tensor_by_name(request, "OPTIONS")
        self.shape = sources.shape
        self.sources = sources.reshape(-1)
        self.options = [b""] * len(self.sources) if options is None else options.as_numpy().reshape(-1)
        self.answers = [None] * len(self.sources)
        self.missing = len(self.sources)
        self.sender = request.get_response_sender()
        self.lock = threading.Lock()
        self.over = False

    def begin(self, service):
        """Return the frames to begin with: those of all rows."""
        return [service.enter(self, row, TRANSLATE, b"", self.sources[row], self.options[row]) for row in range(len(self.sources))]

    def take(self, service, row, text):
        """Take the answer on a row, and return more frames; the last answer sends the response."""
        self.answers[row] = text
        self.missing -= 1
        if self.missing == 0:
            self.respond(final=True, ANSWER=np.array(self.answers, dtype=np.object_).reshape(self.shape))
        return []

    def respond(self, final, **tensors):
        """Send a response."""
        self._send(triton.InferenceResponse([triton.Tensor(name, rows) for name, rows in tensors.items()]), final)

    def fail(self, message, code=None):
        """End with an error: without a code that the server cannot take it now, and a client tries again."""
        # A stream carries no code.
        code, message = (triton.TritonError.UNAVAILABLE, f"ask again: {message}") if code is None else (code, message)
        self._send(triton.InferenceResponse(error=triton.TritonError(message, code)), final=True)

    def is_left(self):
        """Tell whether its client has left; not once it is over, when to ask would crash tritonserver, which has forgotten it."""
        with self.lock:
            return not self.over and self.sender.is_cancelled()

    def _send(self, response, final):
        with self.lock:
            if not self.over:
                self.over = final
                self.sender.send(response, flags=triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL if final else 0)


class Service:
    """One connection, and the requests that wait for answers over it; once it has ended it stays so."""

    def __init__(self, version):
        self.lock = threading.Lock()
        self.waiting = {}
        self.numbers = itertools.count(1)
        self.alive = True
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(os.environ["PORTALIS_SERVICE"])
        # One that is started again greets when its workers are warm.
        self.socket.settimeout(GREETING_SECONDS)
        self.answers = self.socket.makefile("rb")
        _, greeting = self._read() or (0, b"{}")
        self.socket.settimeout(None)
        told = json.loads(greeting)
        if told.get("compiler") != version:
            self.socket.close()
            raise RuntimeError(
                f"the service is compiler {told.get('compiler')}, this model's folder says {version}: `portalis serve` names it"
            )
        self.workers = told["workers"]
        threading.Thread(target=self._receive, daemon=True).start()
        threading.Thread(target=self._look, daemon=True).start()

    def submit(self, request):
        """Pass a request on, or fail it."""
        # An exception here would take all of tritonserver with it, whose response sender is out already.
        if not 0 < len(request.sources) == len(request.options):
            told = f"there are {len(request.sources)} sources and options for {len(request.options)}"
            request.fail(told, triton.TritonError.INVALID_ARG)
        elif len(self.waiting) >= MOST_WAITING:
            request.fail("the server is busy")
        else:
            self._write(request.begin(self))
        if not self.alive:
            self._strand()

    def enter(self, request, row, wish, session, source, options):
        """Note who waits for a row, and return its frame."""
        with self.lock:
            number = next(self.numbers)
            self.waiting[number] = (request, row)
        return REQUEST.pack(number, wish, len(session), len(source), len(options)) + session + source + options

    def close(self):
        """End the connection."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def _write(self, frames):
        # Where it has ended since, the reader sees that too and answers everybody.
        with contextlib.suppress(OSError):
            self.socket.sendall(b"".join(frames))

    def _read(self):
        header = self.answers.read(ANSWER.size)
        if len(header) < ANSWER.size:
            return None
        number, length = ANSWER.unpack(header)
        body = self.answers.read(length)
        return (number, body) if len(body) == length else None

    def _receive(self):
        with contextlib.suppress(OSError):
            while (frame := self._read()) is not None:
                with self.lock:
                    # Nobody waits for what was dropped while its answer was on the way.
                    request, row = self.waiting.pop(frame[0], (None, 0))
                if request is not None:
                    self._write(request.take(self, row, frame[1]))
        self.alive = False
        self._strand()
        self.socket.close()

    def _strand(self):
        """Tell everybody who waits that nothing will come."""
        with self.lock:
            stranded = {request for request, _ in self.waiting.values()}
            self.waiting.clear()
        for request in stranded:
            request.fail("the translation service ended and is started again")

    def _look(self):
        """Drop what was asked for by clients that have left."""
        while self.alive:
            with self.lock:
                requests = {request for request, _ in self.waiting.values()}
            for request in requests:
                if request.is_left():
                    request.fail("cancelled", triton.TritonError.CANCELLED)
            with self.lock:
                # Also those that went over without an answer to the rest of their rows.
                numbers = [number for number, (request, _) in self.waiting.items() if request.over]
                for number in numbers:
                    del self.waiting[number]
            self._write([REQUEST.pack(number, DROP, 0, 0, 0) for number in numbers])
            time.sleep(LOOK_SECONDS)


class Model:
    """What Triton calls; `kind` makes what waits for answers of one of its requests."""

    kind = Request

    def initialize(self, args):
        """Connect; the model is not ready before every worker is."""
        _end_with_parent()
        _close_shared_memory()
        self.version = args["model_version"]
        self.service = Service(self.version)

    def execute(self, requests):
        """Pass a batch on; answers are sent when they come."""
        try:
            if not self.service.alive:
                self.service = Service(self.version)
        except (OSError, RuntimeError) as error:
            for request in requests:
                self.kind(request).fail(f"the translation service cannot be reached: {error}")
            return
        for request in requests:
            self.service.submit(self.kind(request))

    def finalize(self):
        """End the connection, and with it what waits there."""
        self.service.close()


def _close_shared_memory():
    """Let nobody else read what requests will be passed through: Triton makes it readable for all, whatever the umask."""
    for path in glob.glob(glob.escape(os.environ["PORTALIS_SHARED_MEMORY"]) + "*"):
        os.chmod(path, 0o600)


def _end_with_parent():
    """End this process with tritonserver, however that ends: it cannot do anything without it."""
    parent = os.pidfd_open(os.getppid())

    def wait():
        select.select([parent], [], [])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()
