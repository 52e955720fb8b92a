"""Lane entries: speculation, reruns, tails, errors and lanes that are left out, against the interpreter lane by lane."""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable
from typing import Any

import pytest
import wasmtime

from portalis.translator.backends.llvm import BuildOptions, build_lanes, disassemble, repage
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import LANE_BLOCK, SLOT_BYTES, EntrySignature, Port, lane_signature
from portalis.translator.ir.run.interpreter import GuardStop, Interpreter, PythonRaised
from portalis.translator.ir.types import INT, ListType, Slot
from portalis.translator.passes.lanes.body import LaneRefusal, total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile
from tests.backends.llvm.guest import Guest, flatten
from tests.backends.llvm.kernels import HEAP_BYTES, VEC, Kernel, counter_class, divide, integrate
from tests.backends.llvm.random_programs import STRINGS, random_behaviour, random_value

COUNTS = (0, 1, 2, 127, 128, 129, 1000)
_FORMATS: dict[Slot, str] = {"i64": "q", "f64": "d", "f32": "f", "bool": "B"}
_NAN_BITS: dict[Slot, int] = {"f64": 0x7FF8 << 48, "f32": 0x7FC0 << 16}
_UNTOUCHED = 0xA5


class Lanes:
    """A lane module with its columns laid out; every byte that the guest may not touch is checked after a run."""

    def __init__(self, wasm: bytes, signature: EntrySignature, lanes: list[list[Any]], active: list[bool]) -> None:
        self.guest = Guest(wasm)
        self.signature, self.count = signature, len(active)
        self.end = self.guest.heap_base
        self.active = self._place(bytes(active))
        self.errors = self._place(b"\xff" * 4 * self.count)
        self.current = self._place(struct.pack("<i", -1))
        self.inputs = [self._place(data) for data in _input_columns(signature, lanes)]
        self.kinds = [kind for port in signature.outputs for kind in port.slots]
        self.outputs = [self._place(bytes([_UNTOUCHED]) * SLOT_BYTES[kind] * self.count) for kind in self.kinds]

    def _place(self, data: bytes) -> int:
        address = -(-self.end // 16) * 16
        self.guest.memory.write(self.guest.store, data, address)
        # Sixteen bytes between columns that nothing may write.
        self.guest.memory.write(self.guest.store, b"\x5a" * 16, address + len(data))
        self.end = address + len(data) + 16
        return address

    def read(self, address: int, size: int) -> bytes:
        """Read guest memory."""
        return bytes(self.guest.memory.read(self.guest.store, address, address + size))

    @property
    def arguments(self) -> list[int]:
        """What the entry takes."""
        return [self.count, self.active, self.errors, self.current, *self.inputs, *self.outputs]

    def run(self) -> int:
        """Call the entry; return the number of lanes with an error."""
        entry = self.guest.exports[f"lanes.{self.signature.name}"]
        before = self.read(self.guest.heap_base, self.errors - self.guest.heap_base)
        failures: int = entry(self.guest.store, *self.arguments)
        assert before == self.read(self.guest.heap_base, self.errors - self.guest.heap_base)
        for kind, address in zip(self.kinds, self.outputs, strict=True):
            assert self.read(address + SLOT_BYTES[kind] * self.count, 16) == b"\x5a" * 16
        return failures

    def words(self) -> list[int]:
        """The error words of all lanes."""
        return list(struct.unpack(f"<{self.count}i", self.read(self.errors, 4 * self.count)))

    def lane(self, index: int) -> list[int | float]:
        """The output slots of one lane, floats as their bits."""
        found: list[int | float] = []
        for kind, address in zip(self.kinds, self.outputs, strict=True):
            size = SLOT_BYTES[kind]
            found.append(int.from_bytes(self.read(address + size * index, size), "little"))
        return found


def _input_columns(signature: EntrySignature, lanes: list[list[Any]]) -> list[bytes]:
    columns = []
    for position, port in enumerate(signature.inputs):
        rows = [list(flatten(lane[position], port.type, STRINGS)) for lane in (lanes[:1] if port.uniform else lanes)]
        for slot, kind in enumerate(port.slots):
            columns.append(b"".join(struct.pack("<" + _FORMATS[kind], row[slot]) for row in rows))
    return columns


def _bits(value: int | float, kind: Slot) -> int:
    if value != value:
        return _NAN_BITS[kind]
    return int.from_bytes(struct.pack("<" + _FORMATS[kind], value), "little")


def expected_lane(kernel: Kernel, args: list[Any]) -> tuple[int, list[int]]:
    """The error word and output slots that the interpreter gives."""
    behaviour = kernel.program.behaviour
    assert behaviour is not None
    if behaviour.state is not None:
        fields = len(behaviour.state.fields)
        args = [args[:fields], *args[fields:]]
    try:
        result, finals = Interpreter(kernel.program).call(dict(behaviour.entries)[kernel.signature.name], args)
    except (PythonRaised, GuardStop) as stop:
        return stop.word, []
    ports = kernel.signature.outputs
    if behaviour.state is not None:
        values = [
            value for (name, _), value in zip(behaviour.state.fields, finals[0], strict=True) if name in [port.name for port in ports]
        ]
    else:
        values = result if len(ports) > 1 else [result]
    flat = [value for port, item in zip(ports, values, strict=True) for value in flatten(item, port.type, kernel.program.strings)]
    kinds = [kind for port in ports for kind in port.slots]
    return 0, [_bits(value, kind) for value, kind in zip(flat, kinds, strict=True)]


VARIANTS = (BuildOptions(), BuildOptions(opt=0), BuildOptions(opt=2, simd=False))


def check_lanes(kernel: Kernel, lanes: list[list[Any]], active: list[bool], variants: tuple[BuildOptions, ...] = VARIANTS) -> None:
    """Assert that every lane is what the interpreter says, with and without the fast body, in all variants."""
    wanted = [expected_lane(kernel, args) if on else (0, []) for args, on in zip(lanes, active, strict=True)]
    for options in variants:
        for speculate in (True, False):
            run = Lanes(kernel.build(options, speculate).wasm, kernel.signature, lanes, active)
            assert run.run() == sum(word != 0 for word, _ in wanted)
            assert run.words() == [word for word, _ in wanted]
            for index, (word, slots) in enumerate(wanted):
                if active[index] and not word:
                    assert run.lane(index) == slots, (options, speculate, index, lanes[index])


def _vectors(random_: random.Random) -> list[Any]:
    return [
        [random_.uniform(-9, 9) for _ in range(3)],
        [random_.choice((0.0, -0.0, 1e308, math.inf, math.nan, 3.5)) for _ in range(3)],
        0.25,
    ]


def _quotients(random_: random.Random) -> list[Any]:
    n = random_.choice((0, 1, -1, 2**62, -(2**63)))
    return [random_.uniform(-9, 9), random_.choice((0.5, -3.0, math.inf, math.nan)), n, random_.random() < 0.5, [1.5, 0.25], 1e39]


def _counters(random_: random.Random) -> list[Any]:
    return [2 * random_.randrange(1000), [random_.random(), -0.0], random_.random() < 0.5, 2, 0.125]


KERNELS = ((integrate, _vectors), (divide, _quotients), (counter_class, _counters))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(("make_kernel", "make_lane"), KERNELS)
def test_counts(count: int, make_kernel: Callable[[], Kernel], make_lane: Callable[[random.Random], list[Any]]) -> None:
    random_ = random.Random(count)
    check_lanes(make_kernel(), [make_lane(random_) for _ in range(count)], [True] * count)


@pytest.mark.parametrize("bad", [(0,), (127,), (128,), (299,), (3, 5, 130, 131, 298), tuple(range(300))])
def test_mixed_errors(bad: tuple[int, ...]) -> None:
    random_ = random.Random(1)
    lanes = [_quotients(random_) for _ in range(300)]
    for index in bad:
        lanes[index][1 if index % 2 else 2] = 0.0 if index % 2 else 2**63 - 1
    check_lanes(divide(), lanes, [True] * 300)


def test_errors_of_a_class() -> None:
    random_ = random.Random(2)
    lanes = [_counters(random_) for _ in range(200)]
    lanes[7][0] = 3
    lanes[150][0] = 2**63 - 2
    check_lanes(counter_class(), lanes, [True] * 200)


def test_inactive_lanes_are_left_out() -> None:
    random_ = random.Random(3)
    lanes = [_quotients(random_) for _ in range(300)]
    active = [random_.random() < 0.6 for _ in range(300)]
    for index in (1, 140, 260):
        lanes[index][2], active[index] = -7, False
    lanes[2][1], active[2] = 0.0, True
    check_lanes(divide(), lanes, active)
    check_lanes(divide(), lanes, [False] * 300)


def test_all_inactive_have_no_error_word() -> None:
    kernel = divide()
    run = Lanes(kernel.build(BuildOptions()).wasm, kernel.signature, [[1.0, 0.0, 1, True, [1.0, 1.0], 1.0]] * 3, [False] * 3)
    assert run.run() == 0 and run.words() == [0, 0, 0]


MOVE = """
import math
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time: float, drag: float):
    acceleration = Gf.Vec3d(0.0, 0.0, -9.81) - velocity * (drag * velocity.GetLength())
    velocity = velocity + acceleration * delta_time
    position = position + velocity * delta_time
    if position[2] < 0.0:
        position = Gf.Vec3d(position[0], position[1], -position[2])
        velocity = Gf.Vec3d(velocity[0], velocity[1], -velocity[2] * 0.6)
    return position, velocity * math.cos(1.0 / (drag - 5.0))
"""


def test_a_translated_behaviour() -> None:
    source = optimise(lower(SourceFile("move.py", MOVE)).program)
    fast = total_body(source, "update")
    assert not isinstance(fast, LaneRefusal)
    kernel = Kernel(source, lane_signature(source, "update", frozenset({"delta_time"})), fast)
    assert "f64x2.sqrt" in disassemble(kernel.build(BuildOptions()).wasm)
    random_ = random.Random(7)
    edges = (0.0, -0.0, 1e300, math.inf, math.nan, 5.0, 0.25, -3.5)
    drawn = [[random_.choice(edges) for _ in range(7)] for _ in range(300)]
    lanes = [[values[:3], values[3:6], 0.125, values[6]] for values in drawn]
    check_lanes(kernel, lanes, [True] * 300)


SETTINGS = """
from pxr import Gf

class Ball:
    gravity: Gf.Vec3f = Gf.Vec3f(0.0, 0.0, -9.5)
    height: float = 1.0
    bounces: int = 0
    loose: bool = True
    speed: float = 0.0

    def on_init(self):
        self.bounces = 0

    def on_update(self, delta_time: float):
        self.speed = self.speed + self.gravity[2] * delta_time
        if self.loose:
            self.height = self.height + self.speed * delta_time
        if self.height > 1e6:
            raise ValueError("far")
"""


def test_what_no_method_changes_is_read_and_never_written() -> None:
    source = optimise(lower(SourceFile("ball.py", SETTINGS), by_value=True).program)
    fast = total_body(source, "Ball.on_update")
    assert not isinstance(fast, LaneRefusal)
    signature = lane_signature(source, "on_update", frozenset({"delta_time"}))
    assert [port.name for port in signature.outputs] == ["height", "bounces", "speed"] and signature.places == (3, 4, 6)
    drawn = random.Random(3)
    lanes = [
        [[drawn.randrange(-36, 36) / 4 for _ in range(3)], drawn.choice((2.0, 1e7)), n, n % 3 == 0, float(n), 0.125] for n in range(260)
    ]
    check_lanes(Kernel(source, signature, fast), lanes, [n % 7 != 0 for n in range(260)], (BuildOptions(),))


GATE = """
class Gate:
    most: float = 3.0

    def on_update(self, delta_time: float):
        if self.most > 3.0:
            raise ValueError("far")
"""


def test_a_class_that_changes_nothing_has_errors_and_no_results() -> None:
    source = optimise(lower(SourceFile("gate.py", GATE), by_value=True).program)
    kernel = Kernel(source, lane_signature(source, "on_update"), None)
    assert not kernel.signature.outputs
    check_lanes(kernel, [[float(n % 5), 0.1] for n in range(140)], [True] * 140, (BuildOptions(),))


@pytest.mark.parametrize("seed", range(30))
def test_random_behaviours(seed: int) -> None:
    source = optimise(random_behaviour(seed))
    fast = total_body(source, "main")
    signature = lane_signature(source, "update")
    kernel = Kernel(source, signature, None if isinstance(fast, LaneRefusal) else fast)
    random_ = random.Random(seed)
    lanes = [[random_value(random_, port.type) for port in signature.inputs] for _ in range(140)]
    check_lanes(kernel, lanes, [random_.random() < 0.9 for _ in range(140)], (BuildOptions(),))


def test_permuted_lanes_give_permuted_results() -> None:
    random_ = random.Random(4)
    lanes = [_quotients(random_) for _ in range(260)]
    lanes[30][1] = 0.0
    order = random_.sample(range(260), 260)
    kernel = divide()
    wasm = kernel.build(BuildOptions()).wasm
    straight = Lanes(wasm, kernel.signature, lanes, [True] * 260)
    shuffled = Lanes(wasm, kernel.signature, [lanes[index] for index in order], [True] * 260)
    assert straight.run() == shuffled.run() == 1
    for position, index in enumerate(order):
        assert shuffled.words()[position] == straight.words()[index]
        assert index == 30 or shuffled.lane(position) == straight.lane(index)


@pytest.mark.parametrize("speculate", [True, False])
@pytest.mark.parametrize("endless", [0, 37, 128, 199])
def test_the_lane_that_traps_is_named(speculate: bool, endless: int) -> None:
    random_ = random.Random(5)
    lanes = [_quotients(random_) for _ in range(200)]
    lanes[endless][2] = -7
    kernel = divide()
    run = Lanes(kernel.build(BuildOptions(), speculate).wasm, kernel.signature, lanes, [True] * 200)
    run.guest.store.set_fuel(10**6)
    with pytest.raises(wasmtime.Trap, match="fuel"):
        run.run()
    assert struct.unpack("<i", run.read(run.current, 4)) == (endless,)
    # The lanes before it in its block are done.
    first = endless // LANE_BLOCK * LANE_BLOCK
    for index in range(first, endless):
        assert run.lane(index) == expected_lane(kernel, lanes[index])[1]


def test_the_fast_body_is_vectorised() -> None:
    text = disassemble(integrate().build(BuildOptions()).wasm)
    assert text.count("f64x2.mul") >= 3 and "f64x2.add" in text and "v128.store" in text


def test_repage_changes_the_memory_and_nothing_else() -> None:
    kernel = integrate()
    wasm = kernel.build(BuildOptions()).wasm
    large, small = Guest(repage(wasm, 64 << 20)), Guest(repage(wasm, 1))
    assert large.memory.data_len(large.store) >= (64 << 20) + large.heap_base
    assert small.memory.data_len(small.store) < 2 * 65536 + small.heap_base
    assert repage(repage(wasm, 64 << 20), HEAP_BYTES) == wasm
    with pytest.raises(ValueError, match="cannot hold"):
        repage(wasm, 1 << 32)


def test_too_many_columns_are_refused() -> None:
    kernel = integrate()
    wide = EntrySignature("update", (*kernel.signature.inputs, Port("wide", ListType(INT, 300))), (Port("p", VEC),))
    with pytest.raises(ValueError, match="310 columns"):
        build_lanes(kernel.program, "update", wide, None, HEAP_BYTES, BuildOptions())
