"""bytes against CPython: programs on every back-end, encodings and hexadecimal digits on generated values."""

from __future__ import annotations

import random
from typing import Any

import pytest

from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.library import codecs, octets, wide_octets
from portalis.translator.translating.translate import translate
from tests.references.test_programs import outcome

_DATA = ("f(b'abc')", "f(b'')", "f(b'\\x00\\xff\\'')", "f(b'a b\\tab')", "f(b'\\xc3\\xa9\\xe2\\x82')")
_ARRAYS = tuple(f"f(bytearray({call[2:]})" for call in _DATA)
# A name, its source, examples, and calls as Python text.
PROGRAMS: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "octets as a sequence",
        "def f(x: bytes):\n"
        "    a = [c for c in x], x[1:], x[::-1], x[-2:2], len(x), x * 2, 3 * x, x + b'!', list(reversed(x)), sorted(x), sum(x)\n"
        "    b = 97 in x, b'b' in x, x == b'abc', x < b'b', x != 'abc', bool(x), repr(x), str(x), f'{x}', '%s' % x, max(x, default=-1)\n"
        "    return a, b, list(zip(x, x[1:])), list(enumerate(x)), tuple(x), [*x], x and x[0]\n",
        _DATA[:2],
        _DATA,
    ),
    ("octets: an index", "def f(x: bytes, i: int):\n    return x[i]\n", ("f(b'abc', 1)",), ("f(b'abc', 3)", "f(b'abc', -3)", "f(b'', 0)")),
    (
        "octets made",
        "def f(x: bytes, n: int):\n"
        "    return bytes(n), bytes(list(x)), bytes(x), bytes(c ^ n for c in x), bytes([n, 1]), bytes(), bytes(range(3)), n in x\n",
        ("f(b'abc', 3)",),
        ("f(b'abc', 3)", "f(b'', 0)", "f(b'abc', 256)", "f(b'', -1)", "f(b'\\xff', 255)"),
    ),
    (
        "octets as keys and in containers",
        "def f(x: bytes):\n"
        "    counts = {}\n"
        "    for i in range(len(x)):\n"
        "        counts[x[i : i + 1]] = counts.get(x[i : i + 1], 0) + 1\n"
        "    return counts, len({x, b'abc'}), [x, b'q'], (x, None), x in [b'abc'], None if x else x\n",
        _DATA[:2],
        _DATA,
    ),
    (
        "octets appended",
        "def f(x: bytes):\n    y = b''\n    for c in x:\n        y += bytes([c]) * 2\n    y *= 2\n"
        "    return y, b'-'.join([y, x]), b''.join(x[i:i+1] for i in range(2))\n",
        _DATA[:2],
        _DATA,
    ),
    (
        "octets raised",
        "def f(x: bytes):\n    if len(x) > 2:\n        raise ValueError(x)\n    raise KeyError(x)\n",
        _DATA[:2],
        _DATA,
    ),
    (
        "octets: methods",
        "def f(x: bytes):\n"
        "    a = x.upper(), x.split(), x.split(b'b'), x.partition(b'b'), x.replace(b'b', b'12'), x.find(98), x.count(b''), x.strip(b'a')\n"
        "    b = x.hex('-'), bytes.fromhex(x.hex()), x.decode('latin-1'), x.decode(errors='replace'), x.decode('latin-1').encode()\n"
        "    return a, b, x.translate(bytes.maketrans(b'a', b'z'), b'b'), x.startswith((b'a', b'x')), x.center(9, b'*'), x.isalpha()\n",
        _DATA[:2],
        _DATA,
    ),
    (
        "octets of ints",
        "def f(n: int, size: int):\n"
        "    return n.to_bytes(size, 'big', signed=True), int.from_bytes(n.to_bytes(size, 'little', signed=True), 'little', signed=True)\n",
        ("f(300, 4)",),
        tuple(f"f({n}, {size})" for n in (0, 1, -1, 127, 128, -128, -129, 2**63 - 1, -(2**63)) for size in (0, 1, 2, 8, 9, -1)),
    ),
    (
        "octets or something else",
        "def f(x: 'bytes | str | None'):\n"
        "    if x is None:\n        return b'none'\n"
        "    return x if isinstance(x, bytes) else x.encode('utf-8')\n",
        ("f(b'a')", "f('a')", "f(None)"),
        ("f(b'\\xff')", "f('\\u20ac')", "f(None)"),
    ),
    (
        "octets of the module",
        "TABLE = {b'a': 1, b'b': 2}\nMAGIC = b'\\x89PNG'\ndef f(x: bytes):\n"
        "    return MAGIC + x, TABLE.get(x[:1], 0), x.startswith(MAGIC[:1])\n",
        _DATA[:2],
        _DATA,
    ),
    (
        "a bytearray as a sequence",
        "def f(x: bytearray):\n"
        "    a = [c for c in x], x[1:], x[::-1], len(x), x * 2, 3 * x, x + b'!', b'!' + x, list(reversed(x)), sum(x), x == bytes(x)\n"
        "    return a, 97 in x, x < b'b', repr(x), f'{x}', bytes(x), bytearray(x), x.decode('latin-1'), x.split(b'b'), b'-'.join([x, x])\n",
        _ARRAYS[:2],
        _ARRAYS,
    ),
    (
        "a bytearray that changes",
        "def f(x: bytearray, n: int):\n"
        "    x.append(n)\n    x[0] ^= 1\n    x[1:1] = b'xy'\n    x += b'12'\n    x *= 2\n    x[::2] = bytes(len(range(0, len(x), 2)))\n"
        "    x.insert(1, 7)\n    x.remove(7)\n    del x[-1]\n    del x[1:3]\n    y = x.copy()\n    y.reverse()\n    y.extend([n, 2])\n"
        "    return y, x.pop(), x.pop(0), y.pop(-2), bytearray(n)\n",
        ("f(bytearray(b'abc'), 3)", "f(bytearray(b''), 0)"),
        ("f(bytearray(b'abc'), 255)", "f(bytearray(b''), 0)", "f(bytearray(b'abc'), 256)", "f(bytearray(b'a'), -1)"),
    ),
    (
        "bytearrays that are one object",
        "def f(x: bytearray, y: bytearray):\n    x.append(1)\n    z = y\n    z += b'2'\n    return x, [y, z], {'z': z}\n",
        ("f(bytearray(b'abc'), bytearray(b'd'))",),
        ("f(bytearray(b'abc'), bytearray(b'd'))", "f(*[bytearray(b'a')] * 2)"),
    ),
    (
        "a sieve",
        "def f(n: int):\n"
        "    s = bytearray([1]) * (n + 1)\n    s[0:2] = b'\\x00\\x00'\n"
        "    for i in range(2, n + 1):\n        if s[i] and i * i <= n:\n            s[i * i :: i] = bytes(len(range(i * i, n + 1, i)))\n"
        "    return [k for k in range(n + 1) if s[k]]\n",
        ("f(30)",),
        ("f(100)", "f(2)", "f(1)"),
    ),
    (
        "a bytearray or nothing",
        "def f(x: 'bytearray | None'):\n    return len(x) if x is not None else x\n",
        (),
        ("f(None)", "f(bytearray(b'a'))"),
    ),
    ("octets of a program that could be one of values", "def f(a):\n    return 2 .to_bytes(3)\n", ("f([1, 2])",), ("f([])",)),
    # The last is for back-ends that print.
    ("octets printed", "def f(x: bytes):\n    print(x, [x])\n    return len(x)\n", _DATA[:2], _DATA),
]


def test_what_is_changed_is_the_callers_own() -> None:
    found = translate("def f(x: bytearray, y: bytearray):\n    x.append(1)\n    y.append(2)\n    return x\n", "f", ())
    given = bytearray(b"a")
    assert found(given, given) is given and given == b"a\x01\x02"


def test_an_object_of_the_module_is_kept_from_call_to_call() -> None:
    assert translate("BUF = bytearray(b'abc')\ndef f(i: int):\n    return BUF[i]\n", "f", ())(1) == 98
    found = translate("BUF = bytearray(b'abc')\ndef f(i: int):\n    BUF[i] += 1\n    return BUF[i]\n", "f", ())
    assert [found(1), found(1), found(0)] == [99, 100, 98]
    found.reset()
    assert found(1) == 99


@pytest.mark.parametrize(("source", "examples", "calls"), [item[1:] for item in PROGRAMS], ids=[item[0] for item in PROGRAMS])
def test_program(source: str, examples: tuple[str, ...], calls: tuple[str, ...]) -> None:
    found = translate(source, "f", examples)
    assert found.report is not None and found.report.artefact("wasm").status == "verified"
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    for call in calls:
        assert repr(outcome(found, call)) == repr(outcome(namespace["f"], call)), call


def _some(chance: random.Random, longest: int) -> bytes:
    return bytes(
        chance.choice((0, 65, 97, 127, 128, 160, 191, 194, 224, 237, 240, 244, 245, 255)) for _ in range(chance.randint(0, longest))
    )


def test_utf_8_is_decoded_as_by_cpython() -> None:
    chance = random.Random(5)
    for _ in range(4000):
        data = _some(chance, 7)
        for number, errors in ((1, "ignore"), (2, "replace")):
            assert codecs.decode_utf8(data.decode("latin-1"), number) == data.decode("utf-8", errors), data
        try:
            found = codecs.decode_utf8(data.decode("latin-1"), 0)
        except GuardError:
            with pytest.raises(UnicodeDecodeError):
                data.decode()
        else:
            assert found == data.decode()


def test_texts_are_encoded_as_by_cpython() -> None:
    chance = random.Random(6)
    for _ in range(2000):
        text = "".join(chr(chance.choice((65, 127, 128, 255, 256, 2047, 2048, 0xD800, 0xDFFF, 0xFFFF, 65536, 0x10FFFF))) for _ in range(3))
        for number, errors in ((1, "ignore"), (2, "replace")):
            assert codecs.encode_utf8(text, number) == text.encode("utf-8", errors).decode("latin-1"), text
            assert codecs.encode_below(text, 128, number) == text.encode("ascii", errors).decode("latin-1"), text
            assert codecs.encode_below(text, 256, number) == text.encode("latin-1", errors).decode("latin-1"), text


def test_ints_of_any_size_are_bytes_as_in_cpython() -> None:
    chance = random.Random(8)
    for _ in range(3000):
        value, size = chance.getrandbits(chance.randint(0, 140)) * chance.choice((1, -1)), chance.randint(0, 20)
        order, signed = chance.choice(("big", "little")), chance.random() < 0.6
        data = bytes(chance.choice((0, 1, 127, 128, 255)) for _ in range(size))
        assert wide_octets.from_octets(data.decode("latin-1"), order, signed) == int.from_bytes(data, order, signed=signed)
        try:
            wanted = value.to_bytes(size, order, signed=signed)
        except OverflowError as error:
            with pytest.raises(OverflowError, match=str(error)):
                wide_octets.to_octets(value, size, order, signed)
        else:
            assert wide_octets.to_octets(value, size, order, signed).encode("latin-1") == wanted, (value, size, order, signed)


def test_an_int_beyond_64_bits_is_bytes_and_back() -> None:
    source = "def f(n: int, k: int):\n    b = n.to_bytes(k, 'big')\n    return b, int.from_bytes(b, 'big') * 3\n"
    found = translate(source, "f", ("f(2**100, 20)",))
    assert found(2**100, 20) == ((2**100).to_bytes(20, "big"), 3 * 2**100)


def test_whitespace_and_quotes_are_those_of_bytes() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        data = bytes(chance.choice(b" a\x0b\x1c\x85\n\r'\"\\") for _ in range(chance.randint(0, 7)))
        text, most = data.decode("latin-1"), chance.randint(-1, 3)
        assert octets.quoted(text) == repr(data)
        assert octets.split_on_space(text, most) == [part.decode("latin-1") for part in data.split(None, most)], (data, most)
        assert octets.rsplit_on_space(text, most) == [part.decode("latin-1") for part in data.rsplit(None, most)], (data, most)
        assert octets.splitlines_1(text, True) == [part.decode("latin-1") for part in data.splitlines(True)], data
        assert octets.strip_0(text) == data.strip().decode("latin-1")


@pytest.mark.parametrize(
    "expression",
    [
        "x + 'a'",
        "x.decode('utf-16')",
        "x.decode(str(x))",
        "x % 3",
        "memoryview(x)",
        "x.join(['a'])",
        "x is b'a'",
        "bytes('a')",
        "x.split('a')",
    ],
)
def test_what_has_no_translation_is_refused(expression: str) -> None:
    with pytest.raises(TranslationError):
        translate(f"def f(x: bytes):\n    return {expression}\n", "f", ("f(b'abc')",))
