"""Examples given by the user, as values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from portalis.translator.frontend.lowered import Example, ParameterInfo


def evaluate_example(example: Example, parameters: Sequence[ParameterInfo], evaluate: Callable[[str], Any]) -> list[Any]:
    """Return an example's arguments in parameter order, freshly made, defaults filled in; raises what evaluating one of them raises."""
    given = dict(zip((item.name for item in parameters), example.args, strict=False)) | dict(example.kwargs)
    return [evaluate(given[item.name]) if item.name in given else item.default for item in parameters]
