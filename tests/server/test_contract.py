"""The contract: what it needs, what tells requests apart, and that an answer alone is enough to call the module from another engine."""

from __future__ import annotations

import base64
import json
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import wasmtime

from portalis.translator import Options, TranslationError, translate
from portalis.translator.servers.contract.asking import Breaker, Passing, RemoteError, ServerUnavailable, ask
from portalis.translator.servers.contract.translation import ANSWER, RequestOptions, TranslatedAnswer
from portalis.translator.servers.pool.keys import UNNAMED, request_key, with_path
from portalis.translator.servers.pool.pool import Pool
from portalis.translator.source import SourceFile
from tests.server.snippets import REFUSED, comparable, kind

SLOTS = {"i64": "<q", "f64": "<d", "bool": "<q"}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool(1, 60.0)
    yield made
    made.close()


def asked(pool: Pool, source: str, **rest: Any) -> dict[str, Any]:
    text = pool.submit(source.encode(), RequestOptions(**rest).model_dump_json().encode()).result(120)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_contract_needs_pydantic_and_nothing_else() -> None:
    script = (
        "import sys\n"
        "for name in ('llvmlite', 'wasmtime', 'numpy', 'pxr', 'tritonclient', 'fastapi', 'httpx'): sys.modules[name] = None\n"
        "before = set(sys.modules)\n"
        "import pkgutil, importlib, portalis.translator.servers.contract as contract\n"
        "for item in pkgutil.iter_modules(contract.__path__): importlib.import_module(f'{contract.__name__}.{item.name}')\n"
        "roots = {name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)\n"
        "print(*sorted(root for root in roots if not root.startswith('_')))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) <= {
        "portalis",
        "pydantic",
        "pydantic_core",
        "annotated_types",
        "typing_extensions",
        "typing_inspection",
    }


# ---------------------------------------------------------------------------------------------------- calling from an answer alone
class Foreign:
    """A module called by what its answer says, with an engine that knows nothing of ours."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.interface = answer["interface"]
        store = wasmtime.Store()
        module = wasmtime.Module(store.engine, base64.urlsafe_b64decode(answer["build"]["wasm"]))
        self.exports = wasmtime.Instance(store, module, []).exports(store)
        self.store, self.base = store, self.exports["__heap_base"].value(store)

    def call(self, *arguments: Any) -> Any:
        (entry,) = (item for item in self.interface["entries"] if item["export"] == "call")
        assert entry["form"] == "slots" and len(arguments) == len(entry["parameters"])
        slots = [(slot, value) for item, value in zip(entry["parameters"], arguments, strict=True) for slot in item["slots"]]
        written = b"".join(struct.pack(SLOTS[slot], self._placed(slot, value)) for slot, value in slots)
        memory = self.exports["memory"]
        memory.write(self.store, written, self.base)
        results = self.base + len(written)
        word = self.exports["call"](self.store, self.base, results)
        if word:
            error = self.interface["errors"][(word & 0xFFFF) - 1]
            return f"{error['name']}: {error['message']}"
        found = memory.read(self.store, results, results + 8 * len(entry["result"]["slots"]))
        values = [struct.unpack_from(SLOTS[slot], found, 8 * at)[0] for at, slot in enumerate(entry["result"]["slots"])]
        shape = self.interface["types"][entry["result"]["type"]]
        values = [self.interface["strings"][value] for value in values] if shape["kind"] == "constant str" else values
        return tuple(values) if shape["kind"] == "tuple" else values[0]

    def _placed(self, slot: str, value: Any) -> Any:
        return self.interface["strings"].index(value) if isinstance(value, str) else value

    def message(self, words: bytes) -> bytes:
        (entry,) = self.interface["entries"]
        assert entry["form"] == "message"
        at = (self.base + 15) & ~15
        memory = self.exports["memory"]
        memory.write(self.store, words, at)
        assert self.exports["call"](self.store, at, len(words)) == 0
        address, size = struct.unpack("<qq", memory.read(self.store, at, at + 16))
        return bytes(memory.read(self.store, address, address + size))


QUOTIENT = "def f(a: int, b: int) -> tuple[int, float]:\n    return a // b, a / b\n"
WORDS = 'def f(x: float, how: str) -> str:\n    if how == "loud":\n        return "HELLO"\n    return "hello" if x > 0 else "bye"\n'


def test_a_module_is_called_by_what_its_answer_says(pool: Pool) -> None:
    module = Foreign(asked(pool, QUOTIENT))
    assert module.call(-7, 2) == (-7 // 2, -7 / 2) and module.call(1 << 62, 3) == ((1 << 62) // 3, (1 << 62) / 3)
    told = module.call(1, 0)
    with pytest.raises(ZeroDivisionError) as raised:
        _ = 1 // 0
    assert told == f"ZeroDivisionError: {raised.value}"


def test_texts_of_a_module_are_in_its_answer(pool: Pool) -> None:
    answer = asked(pool, "def f(x: float) -> tuple[float, float]:\n    return (x, -x)\n")
    assert answer["interface"]["entries"][0]["signature"].startswith("f(x: float)")
    assert Foreign(answer).call(2.5) == (2.5, -2.5)
    worded = asked(pool, "def f(x: float) -> bool:\n    how = 'loud' if x > 0 else 'low'\n    return how == 'loud'\n")
    assert worded["interface"]["strings"] == ["loud", "low"] and Foreign(worded).call(1.0) == 1


def test_a_message_is_written_by_what_the_answer_says(pool: Pool) -> None:
    answer = asked(pool, "def f(xs: list[int]) -> int:\n    return sum(xs) + len(xs)\n")
    types, (entry,) = answer["interface"]["types"], answer["interface"]["entries"]
    (taken,) = entry["parameters"]
    assert types[taken["type"]]["kind"] == "list" and types[types[taken["type"]]["items"][0]]["kind"] == "int"
    found = Foreign(answer).message(struct.pack("<5q", 0, 3, 10, 20, 30))
    assert struct.unpack_from("<q", found)[0] == 63


def test_what_a_reader_is_shown_comes_where_it_is_asked_for(pool: Pool) -> None:
    """The very texts that a translation here has, from a judge that was confined before it was asked."""
    here = translate(QUOTIENT)
    assert asked(pool, QUOTIENT)["texts"] is None
    shown = asked(pool, QUOTIENT, texts=True, path="a/quotient.py")["texts"]
    assert shown == {"rust": here.crate.lib, "why_no_rust": "", "wat": here.wat}
    nested = "def f(n: int) -> int:\n    xs = []\n    for _ in range(n):\n        xs = [xs]\n    return len(xs)\n"
    without = asked(pool, nested, texts=True)["texts"]
    assert not without["rust"] and without["why_no_rust"] and without["wat"].startswith("(module")


def test_an_iterator_and_a_text_with_an_error_are_told_of(pool: Pool) -> None:
    (entry,) = asked(pool, "def f(n: int):\n    for i in range(n):\n        yield i\n")["interface"]["entries"]
    assert entry["elements"] and entry["signature"].endswith("Iterator[int]") and len(entry["parameters"]) == 2
    interface = asked(pool, "def f(n: int) -> int:\n    raise ValueError(f'not {n}')\n")["interface"]
    assert interface["entries"][0]["tells"] and not interface["entries"][0]["elements"]
    assert {ending["form"] for ending in interface["errors"] if ending["name"] == "ValueError"} == {"text"}


def test_every_type_has_a_shape_and_what_it_holds_stands_before_it(pool: Pool) -> None:
    source = (
        "from dataclasses import dataclass\nfrom pxr import Gf\n\n"
        "def f(a: dict[str, list[int]], b: set[int], c: bytes, d: complex, e: Gf.Vec3d, g: tuple[bool, float] | None) -> int:\n"
        "    return len(a) + len(b) + len(c) + int(d.real) + int(e[0]) + (0 if g is None else 1)\n"
    )
    interface = asked(pool, source)["interface"]
    kinds = {shape["kind"] for shape in interface["types"]}
    assert {"dict", "set", "bytes", "complex", "vector", "union", "tuple", "none", "str", "list", "int", "float", "bool"} <= kinds
    assert all(item < number for number, shape in enumerate(interface["types"]) for item in shape["items"])


def test_ints_of_any_size_are_served_as_they_are_embedded(pool: Pool) -> None:
    """What needs them is translated so at the second try, on a server as here."""
    source = "def f(n: int) -> int:\n    return n * 123456789012345678901234567890\n"
    answer = ANSWER.validate_json(pool.submit(source.encode(), b"").result(120))
    assert isinstance(answer, TranslatedAnswer) and answer.interface.wide
    assert comparable(answer.build) == comparable(translate(source).build)


# ------------------------------------------------------------------------------------------------------ what tells requests apart
def test_the_key_is_what_changes_the_answer() -> None:
    source, plain = kind(1).encode(), RequestOptions()
    key = request_key(source, plain, 7)
    same = [
        RequestOptions(path="elsewhere/other.py"),
        RequestOptions(patience=3.0),
        RequestOptions(options=Options(timeout=3.0)),
        RequestOptions(options=Options(typed=True, in_process=True)),
    ]
    assert {request_key(source, item, 7) for item in same} == {key}
    other = [
        RequestOptions(function="f"),
        RequestOptions(references=False),
        RequestOptions(texts=True),
        RequestOptions(examples=("f(1.0, 2)",)),
        RequestOptions(examples=("f(1.0,", "2)")),
    ]
    other += [RequestOptions(options=Options(**{name: value})) for name, value in _changed().items()]
    keys = {key, *(request_key(source, item, 7) for item in other), request_key(source, plain, 8), request_key(source + b"\n", plain, 7)}
    keys.add(request_key(source, plain, 7, "somebody"))
    assert len(keys) == 1 + len(other) + 3


def _changed() -> dict[str, Any]:
    """Options that a server heeds, each with another value; an option that is added has to be sorted into one of the two lists."""
    heeded = {"cases": 8, "seed": 1, "opt": 1, "simd": False, "rust": True}
    assert set(Options.model_fields) == set(heeded) | {"timeout", "typed", "in_process", "verify"}
    return heeded


@pytest.mark.parametrize("source", [kind(3), REFUSED, QUOTIENT, WORDS, f'def f() -> str:\n    return \'"file":"{UNNAMED}"\'\n'])
@pytest.mark.parametrize("path", ["<snippet>", 'a "quoted" \\ päth/🎈.py', "x" * 300])
def test_a_kept_answer_is_the_one_for_the_path(pool: Pool, source: str, path: str) -> None:
    """Whoever asks with another path gets what was kept, with their path at every place and nothing else changed."""
    first, second = asked(pool, source), asked(pool, source, path=path)
    assert json.loads(json.dumps(first).replace(json.dumps("<snippet>"), json.dumps(path))) == second
    assert UNNAMED not in re.findall(r'"file": "([^"]*)"', json.dumps(second))
    file = SourceFile(path, source)
    if second["kind"] == "refused":
        with pytest.raises(TranslationError) as here:
            translate(file)
        there = ANSWER.validate_python(second)
        assert there.kind == "refused" and there.diagnostics == here.value.diagnostics
    else:
        there = ANSWER.validate_json(json.dumps(second))
        assert isinstance(there, TranslatedAnswer) and comparable(there.build) == comparable(translate(file).build)


def test_only_places_get_the_path() -> None:
    text = json.dumps({"message": f'"file":"{UNNAMED}"', "span": {"file": UNNAMED}}, separators=(",", ":")).encode()
    assert json.loads(with_path(text, "a.py")) == {"message": f'"file":"{UNNAMED}"', "span": {"file": "a.py"}}


# -------------------------------------------------------------------------------------------------------------- how a server is asked
def test_what_may_pass_is_tried_again_and_the_rest_never() -> None:
    tries: list[int] = []

    def failing(error: Exception, until: int) -> Any:
        def exchange(seconds: float) -> str:
            tries.append(1)
            if len(tries) < until:
                raise error
            return "answered"

        return exchange

    passing = failing(Passing(ServerUnavailable("busy")), 3)
    assert ask("it", passing, deadline=30.0, attempts=5, breaker=Breaker()) == "answered" and len(tries) == 3
    for error in (RemoteError("invalid"), ServerUnavailable("another compiler")):
        tries.clear()
        with pytest.raises(type(error)):
            ask("it", failing(error, 9), deadline=30.0, attempts=5, breaker=Breaker())
        assert len(tries) == 1
    tries.clear()
    with pytest.raises(ServerUnavailable):
        ask("it", failing(Passing(ServerUnavailable("busy"), after=60.0), 9), deadline=1.0, attempts=5, breaker=Breaker())
    assert len(tries) == 1


def test_a_server_that_never_answers_is_not_asked_for_a_while() -> None:
    breaker = Breaker(most=2, rest=60.0)
    tries: list[int] = []

    def exchange(seconds: float) -> str:
        tries.append(1)
        raise Passing(ServerUnavailable("nobody"))

    for _ in range(4):
        with pytest.raises(ServerUnavailable):
            ask("it", exchange, deadline=1.0, attempts=1, breaker=breaker)
    assert len(tries) == 2
    lenient = Breaker(most=2, rest=0.0)
    for _ in range(3):
        with pytest.raises(ServerUnavailable):
            ask("it", exchange, deadline=1.0, attempts=1, breaker=lenient)
    assert ask("it", lambda seconds: "answered", deadline=1.0, attempts=1, breaker=lenient) == "answered"
