"""A Triton server of one's own, on loopback, with Portalis's models and the process that translates for them."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator.private.host_key import UnsafeFile
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.access import (
    CONTROL_HEADER,
    GRPC_PREFIX,
    HTTP_HEADER,
    hide_argument,
    key_path,
    make_key,
    publish_key,
    withdraw_key,
)
from portalis.translator.servers.triton.asking import MODELS, TritonDoor, channel_arguments
from portalis.translator.servers.triton.backing import Backing
from portalis.translator.servers.triton.installation import Installation, ServerError
from portalis.translator.servers.triton.watchdog import EVERY, GivenUp, Watchdog
from portalis.translator.work.worker import MEMORY_LIMIT

HOST = "127.0.0.1"
SHARED_MEMORY = Path("/dev/shm")
# What `watch` returns where a model could not be healed; EX_SOFTWARE of sysexits.h.
GAVE_UP = 70
# How long Triton waits for what it has begun: nothing is worked on any more by then, but a sequence that is open would hold it.
_EXIT_SECONDS = 2
_LOAD_SECONDS = 60.0
_FOLDER = "portalis-serve-"
# Ends tritonserver with its parent, whatever becomes of that: the request to the kernel survives the exec.
_LAUNCHER = "import ctypes, os, signal, sys; ctypes.CDLL(None).prctl(1, signal.SIGTERM); os.execv(sys.argv[1], sys.argv[1:])"


class PortTaken(ServerError):
    """A port cannot be used: it is somebody else's, or not for this user."""

    def __init__(self, port: int, reason: str, log: tuple[str, ...] = ()) -> None:
        self.port = port
        super().__init__(f"port {port} of {HOST} cannot be used: {reason}", log)


class TritonServer:
    """Starts tritonserver with the models of a repository and ends it, its children and its shared memory with it.

    While it runs, what fails of it is started and loaded again; `tell`, which another thread calls, hears of that.

    Start it from a thread that outlives it: it ends with the thread that started it.
    """

    def __init__(
        self,
        installation: Installation,
        models: Path,
        *,
        port: int = 0,
        http_port: int | None = None,
        metrics_port: int | None = None,
        workers: int | None = None,
        time_limit: float = 30.0,
        memory_limit: int = MEMORY_LIMIT,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._installation = installation
        self._models = models
        self._may_choose = not port
        self._port = port or _free_port()
        self._http_port, self._metrics_port = http_port, metrics_port
        self._workers = workers or os.cpu_count() or 1
        self._time_limit, self._memory_limit = time_limit, memory_limit
        self._tell = tell
        self._stopping = threading.Event()
        self._gave_up = False
        self._keeper: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._backing: Backing | None = None
        self._key, self._control = make_key(), make_key()
        self._key_is_hidden = False

    @property
    def key_file(self) -> Path:
        """The file from which this user's clients read the key that every request has to carry."""
        return key_path(self._port)

    @property
    def key_is_hidden(self) -> bool:
        """Whether the key is gone from the process list, where other users of the machine could read it."""
        return self._key_is_hidden

    @property
    def address(self) -> str:
        """Where its gRPC endpoint is: `127.0.0.1:PORT`."""
        return f"{HOST}:{self._port}"

    @property
    def pid(self) -> int:
        """The process id of tritonserver, which leads a process group with everything it started."""
        assert self._process is not None, "the server was not started"
        return self._process.pid

    @property
    def workers(self) -> int:
        """How many translations run at a time."""
        return self._workers

    def start(self, patience: float = 90.0) -> None:
        """Start, and return once every model answers and every door is open; ServerError where that takes too long or cannot be."""
        while True:
            try:
                return self._start(patience)
            except PortTaken as taken:
                # A port is not held between its choice and Triton's use of it, seconds later.
                if not self._may_choose or taken.port != self._port:
                    raise
            self._port = _free_port()

    def _start(self, patience: float) -> None:
        for port in filter(None, (self._port, self._http_port, self._metrics_port)):
            _require_free(port)
        remove_remains_of_the_dead()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
        end = time.monotonic() + patience
        try:
            _lay_out(self._installation, self._models, self._folder)
            self._backing = Backing(self._folder, self._for_the_service())
            self._backing.start(patience)
            with open(self._folder / "log", "ab") as log:
                self._process = subprocess.Popen(
                    self._command(self._folder),
                    env=self._environment(),
                    cwd=self._folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self._wait_until_ready(end)
            publish_key(self._port, self._key)
            self._stopping.clear()
            self._keeper = threading.Thread(target=self._keep, args=(self._process, self._backing), name="keep", daemon=True)
            self._keeper.start()
        except UnsafeFile as error:
            self.stop()
            raise ServerError(f"the server's key cannot be kept: {error}") from error
        except BaseException:
            self.stop()
            raise

    def wait(self) -> int:
        """Wait until the server ends by itself and return its exit status, GAVE_UP where a model could not be healed."""
        assert self._process is not None, "the server was not started"
        status = self._process.wait()
        return GAVE_UP if self._gave_up else status

    def _keep(self, process: subprocess.Popen[bytes], backing: Backing) -> None:
        """Look after the server until it is stopped: start again the process that translates where it ends, and load again what fails."""
        with contextlib.closing(TritonDoor(self.address, key=self._key)) as door:
            watchdog = Watchdog(door, compiler_version(), lambda: backing.ended, self._load, self._tell)
            try:
                while not self._stopping.wait(EVERY) and process.poll() is None:
                    if backing.ended:
                        self._tell("the translation service ended: starting it again")
                        backing.start(_LOAD_SECONDS)
                        self._tell("the translation service answers again")
                    watchdog.look()
            except (GivenUp, ServerError) as error:
                if not self._stopping.is_set():
                    self._tell(str(error))
                    self._gave_up = True
                    process.kill()

    def log(self, lines: int = 12) -> tuple[str, ...]:
        """Return the last lines that the server wrote."""
        if self._folder is None:
            return ()
        text = (self._folder / "log").read_text(encoding="utf-8", errors="replace") if (self._folder / "log").is_file() else ""
        return tuple(text.splitlines()[-lines:])

    def stop(self) -> None:
        """End the server: politely, and after some seconds not. Nothing of it is left, neither process nor memory nor file."""
        withdraw_key(self._port, self._key)
        self._stopping.set()
        backing, self._backing = self._backing, None
        # First: then the models tell everybody who waits that it has ended, and Triton has nothing to wait for.
        if backing is not None:
            backing.stop()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_EXIT_SECONDS + 6)
            _kill_group(process.pid)
            process.wait()
            _remove_shared_memory(self._shared_memory)
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.join()
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def __enter__(self) -> TritonServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def _shared_memory(self) -> str:
        return f"portalis_{os.getpid()}_{self._port}_"

    def _command(self, folder: Path) -> list[str]:
        installation = self._installation
        # Only this process has the second key, and nobody the third: these doors are for nobody.
        guarded = (
            ("inference,metadata,model-config,statistics", f"{HTTP_HEADER}={self._key}"),
            ("model-repository", f"{CONTROL_HEADER}={self._control}"),
            ("shared-memory,trace,logging", f"closed={secrets.token_hex(32)}"),
        )
        command = [str(installation.environment / "bin" / "python"), "-c", _LAUNCHER, str(installation.triton / "bin" / "tritonserver")]
        command += [f"--model-repository={folder / 'models'}", f"--backend-directory={folder / 'backends'}"]
        command += [f"--grpc-address={HOST}", f"--grpc-port={self._port}"]
        command += ["--model-control-mode=explicit", *(f"--load-model={model}" for model in MODELS)]
        command += [f"--grpc-restricted-protocol={names}:{key}" for names, key in guarded]
        if self._http_port:
            command += [f"--http-address={HOST}", f"--http-port={self._http_port}"]
            command += [f"--http-restricted-api={names}:{key}" for names, key in guarded]
        else:
            command += ["--allow-http=false"]
        if self._metrics_port:
            command += [f"--metrics-address={HOST}", f"--metrics-port={self._metrics_port}"]
        else:
            command += ["--allow-metrics=false"]
        command += [f"--backend-config=python,shm-region-prefix-name={self._shared_memory}"]
        command += ["--backend-config=python,shm-default-byte-size=4194304", "--pinned-memory-pool-byte-size=0", "--log-info=false"]
        return [*command, f"--exit-timeout-secs={_EXIT_SECONDS}"]

    def _for_the_service(self) -> tuple[str, ...]:
        limits = ("--time-limit", str(self._time_limit), "--memory-limit", str(self._memory_limit))
        return ("--workers", str(self._workers), *limits)

    def _environment(self) -> dict[str, str]:
        assert self._folder is not None and self._backing is not None
        # Our Python's settings are not for Triton's.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return inherited | {
            "PATH": os.pathsep.join((str(self._installation.environment / "bin"), os.environ.get("PATH", os.defpath))),
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, self._installation.libraries)),
            "CUDA_VISIBLE_DEVICES": "",
            "PORTALIS_SERVICE": str(self._backing.path),
            "PORTALIS_SHARED_MEMORY": str(SHARED_MEMORY / self._shared_memory),
        }

    def _load(self, model: str) -> None:
        """Have Triton end a model's process and start another."""
        with grpc.InferenceServerClient(self.address, channel_args=channel_arguments(self.address)) as client:
            client.load_model(model, headers={GRPC_PREFIX + CONTROL_HEADER: self._control}, client_timeout=_LOAD_SECONDS)

    def _wait_until_ready(self, end: float) -> None:
        assert self._process is not None
        with grpc.InferenceServerClient(self.address, channel_args=channel_arguments(self.address)) as client:
            while True:
                if self._process.poll() is not None:
                    log = self.log()
                    if any(f"'{self.address}' already in use" in line for line in log):
                        raise PortTaken(self._port, os.strerror(errno.EADDRINUSE), log)
                    raise ServerError(f"tritonserver ended with status {self._process.returncode} before it was ready", log)
                if not self._key_is_hidden and _has_children(self._process.pid):
                    self._key_is_hidden = all(hide_argument(self._process.pid, key) for key in (self._key, self._control))
                with contextlib.suppress(InferenceServerException, OSError):
                    if all(client.is_model_ready(model, str(compiler_version()), client_timeout=2.0) for model in MODELS):
                        # Triton opens these doors last.
                        for port in filter(None, (self._http_port, self._metrics_port)):
                            socket.create_connection((HOST, port), timeout=2.0).close()
                        return
                if time.monotonic() > end:
                    raise ServerError("tritonserver did not become ready in time", self.log())
                time.sleep(0.1)


def _lay_out(installation: Installation, models: Path, folder: Path) -> None:
    """Make a private model repository whose version is the compiler's, and a backend folder with the stub where Triton looks for it."""
    shutil.copytree(models, folder / "models", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for model in (folder / "models").glob("*/1"):
        model = model.rename(model.with_name(str(compiler_version())))
        # A model imports what lies beside it.
        for shared in models.glob("*.py"):
            shutil.copy(shared, model)
    backend = folder / "backends" / "python"
    backend.mkdir(parents=True)
    for path in (*(installation.triton / "backends" / "python").iterdir(), installation.stub):
        (backend / path.name).symlink_to(path)


def _has_children(pid: int) -> bool:
    """Tell whether a process has a child that runs; one that was killed and not waited for does not."""
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in path.read_text().split():
                with contextlib.suppress(OSError):
                    if Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(port, error.strerror or str(error)) from error


def _kill_group(leader: int) -> None:
    """Kill what is left of a process group and wait, for some seconds at most, until nothing of it is."""
    end = time.monotonic() + 5.0
    with contextlib.suppress(ProcessLookupError, PermissionError):
        while time.monotonic() < end:
            os.killpg(leader, signal.SIGKILL)
            time.sleep(0.02)


def _remove_shared_memory(prefix: str) -> None:
    for path in SHARED_MEMORY.glob(f"*{prefix}*"):
        path.unlink(missing_ok=True)


def remove_remains_of_the_dead() -> None:
    """Remove the shared memory and the folders of servers whose `portalis serve` was killed."""
    for path in SHARED_MEMORY.glob("portalis_*_*_*"):
        if _is_dead(path.name.split("_")[1]):
            path.unlink(missing_ok=True)
    for path in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        if _is_dead(path.name.removeprefix(_FOLDER).partition("-")[0]):
            shutil.rmtree(path, ignore_errors=True)


def _is_dead(owner: str) -> bool:
    return owner.isdigit() and not Path("/proc", owner).exists()
