"""What hostile code tries once it runs inside a worker: plain Python with `os`, `socket` and `ctypes` at hand, as workers have loaded them.

Each payload returns where it got what it wanted, and raises OSError, RuntimeError or MemoryError where it was stopped. None harms the
host even where it works: signals are number 0, limits and priorities are set to what they are.
"""

from __future__ import annotations

import _thread
import codecs
import contextlib
import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

LIBRARY = ctypes.CDLL(None, use_errno=True)
LIBRARY.syscall.restype = ctypes.c_long
MEMORY = 2 << 30
READ, WRITE, EXECUTE = 1, 2, 4
# Loaded here: sockets look the codec up at first use, which would fail for want of a file and hide what stops the socket.
with contextlib.suppress(LookupError):
    codecs.lookup("idna")
SECRET = "PORTALIS_TEST_SECRET"
X86 = getattr(sys.implementation, "_multiarch", "").startswith("x86_64")


@dataclass(frozen=True)
class Target:
    """What there is to attack: `folder` holds `key`, `victim` and the sockets; `terminal` is a descriptor of the controlling terminal."""

    folder: str
    port: int
    terminal: int

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    @property
    def key(self) -> str:
        return self.path("host.key")

    @property
    def victim(self) -> str:
        return self.path("victim")

    @property
    def unix(self) -> str:
        return self.path("socket")

    @property
    def abstract(self) -> str:
        return f"\0{self.folder}"


def system_call(x86: int, generic: int, *arguments: object) -> int:
    """Make a system call by its number; raise OSError where it fails."""
    words = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    result = int(LIBRARY.syscall(ctypes.c_long(x86 if X86 else generic), *words))
    # An address may look like a negative number; an error is one of the last page.
    if -4096 < result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def map_memory(size: int, protection: int) -> int:
    """Map private memory of no file; its address."""
    private_anonymous = 0x22
    return system_call(9, 222, 0, size, protection, private_anonymous, -1, 0)


def read_the_key(target: Target) -> None:
    with open(target.key, "rb") as file:
        file.read()


def read_a_system_file(target: Target) -> None:
    with open("/etc/passwd", "rb") as file:
        file.read()


def read_its_environment_file(target: Target) -> None:
    with open("/proc/self/environ", "rb") as file:
        file.read()


def see_the_hosts_environment(target: Target) -> None:
    if SECRET not in os.environ:
        raise PermissionError("it was not passed on")


def read_the_parents_environment(target: Target) -> None:
    with open(f"/proc/{os.getppid()}/environ", "rb") as file:
        file.read()


def read_the_parents_memory(target: Target) -> None:
    os.close(os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY))


def read_memory_by_number(target: Target) -> None:
    here = ctypes.create_string_buffer(8)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(here), 8)
    # The parent forked this process, so that the buffer's page is at the same place in both.
    there = (ctypes.c_size_t * 2)(ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "Py_Version")), 4)
    system_call(310, 270, os.getppid(), ctypes.byref(vector), 1, ctypes.byref(there), 1, 0)


def list_a_folder(target: Target) -> None:
    os.listdir(target.folder)


def overwrite_a_file(target: Target) -> None:
    with open(target.victim, "ab") as file:
        file.write(b"x")


def make_a_file(target: Target) -> None:
    os.close(os.open(target.path(f"made-{os.getpid()}"), os.O_CREAT | os.O_WRONLY))


def make_a_folder(target: Target) -> None:
    os.mkdir(target.path(f"folder-{os.getpid()}"))


def make_a_link(target: Target) -> None:
    os.symlink("/etc/passwd", target.path(f"link-{os.getpid()}"))


def make_a_second_name(target: Target) -> None:
    os.link(target.victim, target.path(f"name-{os.getpid()}"))


def remove_a_file(target: Target) -> None:
    os.unlink(target.path("bait"))


def cut_a_file(target: Target) -> None:
    os.truncate(target.victim, 0)


def change_a_mode(target: Target) -> None:
    os.chmod(target.victim, 0o666)


def change_a_time(target: Target) -> None:
    os.utime(target.victim)


def change_its_folder(target: Target) -> None:
    os.chdir("/")


def connect_tcp(target: Target) -> None:
    with socket.socket() as client:
        client.connect(("127.0.0.1", target.port))


def listen_tcp(target: Target) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()


def send_udp(target: Target) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", target.port))


def connect_unix(target: Target) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(target.unix)


def connect_abstract(target: Target) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(target.abstract)


def open_netlink(target: Target) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


def pair_sockets(target: Target) -> None:
    for end in socket.socketpair():
        end.close()


def fork(target: Target) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    # There is a second process, whether or not its parent may wait for it.
    with contextlib.suppress(OSError):
        os.waitpid(child, 0)


def fork_by_number(target: Target) -> None:
    child_signal = 17
    child = system_call(56, 220, child_signal, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    # There is a second process, whether or not its parent may wait for it.
    with contextlib.suppress(OSError):
        os.waitpid(child, 0)


def start_a_program(target: Target) -> None:
    child = os.posix_spawn("/bin/true", ["true"], {})
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise PermissionError("it was not run")


def start_a_thread(target: Target) -> None:
    _thread.start_new_thread(os.getpid, ())


def signal_the_parent(target: Target) -> None:
    os.kill(os.getppid(), 0)


def signal_a_thread_of_the_parent(target: Target) -> None:
    system_call(234, 131, os.getppid(), os.getppid(), 0)


def queue_a_signal_to_the_parent(target: Target) -> None:
    information = (ctypes.c_int * 32)()
    information[2] = -1
    system_call(129, 138, os.getppid(), 0, ctypes.byref(information))


def let_the_kernel_signal_the_parent(target: Target) -> None:
    set_owner = 8
    checked(LIBRARY.fcntl(1, set_owner, os.getppid()))


def trace_the_parent(target: Target) -> None:
    seize, detach = 0x4206, 17
    system_call(101, 117, seize, os.getppid(), 0, 0)
    with contextlib.suppress(OSError):
        system_call(101, 117, detach, os.getppid(), 0, 0)


def hold_the_parent(target: Target) -> None:
    os.close(os.pidfd_open(os.getppid()))


def slow_the_parent(target: Target) -> None:
    os.setpriority(os.PRIO_PROCESS, os.getppid(), os.getpriority(os.PRIO_PROCESS, os.getppid()))


def limit_the_parent(target: Target) -> None:
    core, limits = 4, (ctypes.c_ulong * 2)()
    system_call(302, 261, os.getppid(), core, None, ctypes.byref(limits))
    system_call(302, 261, os.getppid(), core, ctypes.byref(limits), None)


def pin_the_parent(target: Target) -> None:
    os.sched_setaffinity(os.getppid(), range(os.cpu_count() or 1))


def reschedule_the_parent(target: Target) -> None:
    os.sched_setscheduler(os.getppid(), os.sched_getscheduler(os.getppid()), os.sched_getparam(os.getppid()))


def type_into_the_terminal(target: Target) -> None:
    type_a_character = 0x5412
    checked(LIBRARY.ioctl(target.terminal, ctypes.c_ulong(type_a_character), ctypes.c_char_p(b"x")))


def take_a_terminal(target: Target) -> None:
    os.close(os.open("/dev/tty", os.O_RDWR))


def set_up_io_uring(target: Target) -> None:
    os.close(system_call(425, 425, 4, ctypes.byref((ctypes.c_char * 120)())))


def make_unnamed_memory(target: Target) -> None:
    os.close(os.memfd_create("payload"))


def run_unnamed_memory(target: Target) -> None:
    descriptor = os.memfd_create("payload", 0)
    try:
        with open("/bin/true", "rb") as file:
            os.write(descriptor, file.read())
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                os.execve(descriptor, ["true"], {})
            os._exit(9)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise PermissionError("it was not run")
    finally:
        os.close(descriptor)


def map_executable_memory(target: Target) -> None:
    map_memory(4096, READ | EXECUTE)


def make_memory_executable(target: Target) -> None:
    page = map_memory(4096, READ | WRITE)
    checked(LIBRARY.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(4096), READ | EXECUTE))


def take_an_identity(target: Target) -> None:
    os.setresgid(os.getgid(), os.getgid(), os.getgid())


def raise_its_own_limits(target: Target) -> None:
    stack, limits = 3, (ctypes.c_ulong * 2)()
    system_call(302, 261, 0, stack, None, ctypes.byref(limits))
    system_call(302, 261, 0, stack, ctypes.byref(limits), None)


def wait_for_its_hosts_end_no_more(target: Target) -> None:
    set_death_signal = 1
    checked(LIBRARY.prctl(set_death_signal, 0, 0, 0, 0))


def ignore_the_end_of_its_time(target: Target) -> None:
    action = (ctypes.c_ulong * 4)(1, 0, 0, 0)
    system_call(13, 134, 24, ctypes.byref(action), None, 8)


def mount(target: Target) -> None:
    checked(LIBRARY.mount(b"none", target.folder.encode(), b"tmpfs", 0, None))
    LIBRARY.umount2(target.folder.encode(), 2)


def change_its_root(target: Target) -> None:
    os.chroot("/")


def make_a_user_namespace(target: Target) -> None:
    new_user = 0x10000000
    child = os.fork()
    if child == 0:
        os._exit(0 if LIBRARY.unshare(new_user) == 0 else 9)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise PermissionError("unshare was refused")


def share_memory(target: Target) -> None:
    segment = system_call(29, 194, 0, 4096, 0o1600)
    with contextlib.suppress(OSError):
        system_call(31, 195, segment, 0, None)


def make_a_key(target: Target) -> None:
    process_keyring = -2
    system_call(248, 217, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"portalis"), ctypes.c_char_p(b"x"), 1, process_keyring)


def make_a_pipe(target: Target) -> None:
    ends = os.pipe()
    for end in ends:
        os.close(end)


def make_an_epoll(target: Target) -> None:
    os.close(system_call(291, 20, 0))


def take_too_much_memory(target: Target) -> None:
    size = MEMORY + (1 << 30)
    checked(LIBRARY.munmap(ctypes.c_void_p(map_memory(size, READ | WRITE)), ctypes.c_size_t(size)))


def open_too_many_files(target: Target) -> None:
    opened: list[int] = []
    try:
        for _ in range(300):
            opened.append(os.dup(1))
    finally:
        for descriptor in opened:
            os.close(descriptor)


def replace_itself(target: Target) -> None:
    """Last: where it works, the shell tells it in this process's stead."""
    os.execv("/bin/sh", ["sh", "-c", """echo '["replace_itself", ""]'"""])


PAYLOADS: tuple[Callable[[Target], None], ...] = (
    read_the_key,
    read_a_system_file,
    read_its_environment_file,
    see_the_hosts_environment,
    read_the_parents_environment,
    read_the_parents_memory,
    read_memory_by_number,
    list_a_folder,
    overwrite_a_file,
    make_a_file,
    make_a_folder,
    make_a_link,
    make_a_second_name,
    remove_a_file,
    cut_a_file,
    change_a_mode,
    change_a_time,
    change_its_folder,
    connect_tcp,
    listen_tcp,
    send_udp,
    connect_unix,
    connect_abstract,
    open_netlink,
    pair_sockets,
    fork,
    fork_by_number,
    start_a_program,
    start_a_thread,
    signal_the_parent,
    signal_a_thread_of_the_parent,
    queue_a_signal_to_the_parent,
    let_the_kernel_signal_the_parent,
    trace_the_parent,
    hold_the_parent,
    slow_the_parent,
    limit_the_parent,
    pin_the_parent,
    reschedule_the_parent,
    type_into_the_terminal,
    take_a_terminal,
    set_up_io_uring,
    make_unnamed_memory,
    run_unnamed_memory,
    map_executable_memory,
    make_memory_executable,
    take_an_identity,
    raise_its_own_limits,
    wait_for_its_hosts_end_no_more,
    ignore_the_end_of_its_time,
    mount,
    change_its_root,
    make_a_user_namespace,
    share_memory,
    make_a_key,
    make_a_pipe,
    make_an_epoll,
    take_too_much_memory,
    open_too_many_files,
    replace_itself,
)
NAMES = tuple(payload.__name__ for payload in PAYLOADS)


def tried(target: Target, left_out: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Try every payload but those left out; yield its name and what stopped it, or nothing where nothing did."""
    for payload in (payload for payload in PAYLOADS if payload.__name__ not in left_out):
        try:
            payload(target)
            stopped = ""
        except (OSError, RuntimeError, MemoryError, ValueError, LookupError) as reason:
            stopped = f"{type(reason).__name__}: {reason}"
        yield payload.__name__, stopped


def attempt(target: Target) -> None:
    """Try every payload and write a line of JSON for each."""
    for outcome in tried(target):
        os.write(1, json.dumps(outcome).encode() + b"\n")
