"""The process that translates for Triton's models: started before them, and again where it ends."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from portalis.translator.servers.triton.installation import ServerError


class Backing:
    """`portalis.translator.servers.triton.service` behind a socket in `folder`, which only its user may enter.

    The socket listens here, so that models find somebody there while the process is started again.
    """

    def __init__(self, folder: Path, arguments: tuple[str, ...]) -> None:
        self.path = folder / "service"
        self._log = folder / "log"
        self._folder = folder
        self._arguments = arguments
        self._listener: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    @property
    def ended(self) -> bool:
        """Whether the process ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def start(self, patience: float) -> None:
        """Start the process, and return once every worker is warm.

        ServerError where that takes more than `patience` seconds, or somebody stops it meanwhile.
        """
        with self._lock:
            if self._stopped:
                raise ServerError("the translation service was stopped")
            if self._listener is None:
                self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self._listener.bind(str(self.path))
                self._listener.listen(16)
            self._process = process = self._popen(self._listener.fileno())
        self._wait_until_warm(process, patience)

    def stop(self) -> None:
        """End the process, busy or not, and close the socket, for good."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                assert self._process.stdin is not None
                self._process.stdin.close()
            if self._listener is not None:
                self._listener.close()
                self.path.unlink(missing_ok=True)

    def _popen(self, listener: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "portalis.translator.servers.triton.service", "--listener", str(listener), *self._arguments]
        # A translator needs no GPU.
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "CUDA_VISIBLE_DEVICES": ""}
        with open(self._log, "ab") as log:
            return subprocess.Popen(
                command,
                env=environment,
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(listener,),
                start_new_session=True,
            )

    def _wait_until_warm(self, process: subprocess.Popen[bytes], patience: float) -> None:
        end = time.monotonic() + patience
        # Connecting succeeds at once; the greeting comes when somebody is there.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.2)
            probe.connect(str(self.path))
            while time.monotonic() < end:
                if process.poll() is not None:
                    raise ServerError(f"the translation service ended with status {process.returncode} before it was ready")
                with contextlib.suppress(TimeoutError):
                    if probe.recv(1):
                        return
        raise ServerError("the translation service did not become ready in time")
