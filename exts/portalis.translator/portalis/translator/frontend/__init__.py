"""The front-end: source text to the typed IR, or to diagnostics."""

from portalis.translator.frontend.assemble.source import lower
from portalis.translator.frontend.lowered import Example, Lowered, ParameterInfo
from portalis.translator.frontend.read.reading import read_source

__all__ = ["Example", "Lowered", "ParameterInfo", "lower", "read_source"]
