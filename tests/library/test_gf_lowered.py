"""Every signature for `pxr.Gf` as a user writes it: lowered from source, run, and held against OpenUSD bit for bit."""

import pytest

from portalis.translator.frontend import lower
from portalis.translator.frontend.gf_operators import GF_MODULES
from portalis.translator.frontend.session import library_scope
from portalis.translator.ir.types import INT
from portalis.translator.library.gf_signatures import MATRICES, QUATERNIONS, VECTORS, constants, constructors, functions, methods
from portalis.translator.source import SourceFile
from tests.library.gf_values import copy, same, values
from tests.semantics.executors import EXECUTORS

RECEIVERS = (*VECTORS, *QUATERNIONS, *MATRICES)
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "xor": "^", "eq": "==", "ne": "!="}
NAMES = "abcdefghijklmnopq"
SAMPLES = range(0, 2000, 300)


def _statement(name, count):
    """Write the call of a method or operator: on `a`, with the parameters after it."""
    operator = name.strip("_")
    if not name.startswith("__"):
        return f"return a.{name}({', '.join(NAMES[1:count])})"
    if name == "__neg__":
        return "return -a"
    if operator == "rmul":
        return "return b * a"
    if operator in SYMBOLS:
        return f"return a {SYMBOLS[operator]} b"
    return f"a {SYMBOLS[operator[1:]]}= b"


def _source(types, statement):
    parameters = ", ".join(f"{name}: {type_}" for name, type_ in zip(NAMES, types, strict=False))
    return f"from pxr import Gf\n\n\ndef f({parameters}):\n    {statement}\n"


def _programs():
    """Yield (identifier, parameter types, source) for every signature, with optional parameters and without."""
    for receiver in RECEIVERS:
        for name, signatures in methods(receiver).items():
            for signature in signatures:
                types = (receiver, *signature.parameters)
                for count in {len(types), len(types) - signature.optional}:
                    statement = _statement(name, count)
                    yield f"{receiver}.{name}({', '.join(map(str, types[1:count]))})", types[:count], _source(types[:count], statement)
        for signature in constructors(receiver):
            types = signature.parameters
            for count in {len(types), len(types) - signature.optional}:
                call = f"return {receiver}({', '.join(NAMES[:count])})"
                yield f"{receiver}({', '.join(map(str, types[:count]))})", types[:count], _source(types[:count], call)
        for name in constants(receiver):
            yield f"{receiver}.{name}", (), _source((), f"return {receiver}.{name}()")
    for name, signatures in functions().items():
        for signature in signatures:
            types = signature.parameters
            for count in {len(types), len(types) - signature.optional}:
                call = f"return Gf.{name}({', '.join(NAMES[:count])})"
                yield f"Gf.{name}({', '.join(map(str, types[:count]))})", types[:count], _source(types[:count], call)


PROGRAMS = {identifier: (types, source) for identifier, types, source in _programs()}
EXACT = [identifier for identifier in PROGRAMS if not identifier.startswith("Gf.Slerp")]


def _run(identifier, executor):
    types, source = PROGRAMS[identifier]
    namespace = {}
    exec(source, namespace)
    executable = EXECUTORS[executor](lower(SourceFile("snippet.py", source)))
    assert not [found for module in GF_MODULES for found in library_scope(module).report.found], "the library itself was refused"
    for sample in SAMPLES:
        given = [sample % 3 if type_ == INT else values(type_)[(sample + 7 * place) % 2000] for place, type_ in enumerate(types)]
        expected_args, actual_args = [copy(value) for value in given], [copy(value) for value in given]
        expected, outcome = namespace["f"](*expected_args), executable.run(actual_args)
        assert outcome.exception is None
        assert same(outcome.value, expected), given
        assert all(map(same, outcome.arguments, expected_args)), given


@pytest.mark.parametrize("identifier", EXACT)
def test_interpreted_as_openusd(identifier):
    _run(identifier, "interpreter")
