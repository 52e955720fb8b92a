"""Which programs loop so deeply that a call is likely to run long, and which loops are written out several times.

Around every iteration the engine counts fuel and looks at the deadline, so a short loop that runs often is worth being written out: its
copies share one look. A program whose loops nest deeply is worth LLVM's own pipeline, which takes several times as long as the small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from portalis.translator.ir.nodes import Assign, Call, Const, ForRange, Function, Local, Node, While, children, walk, walk_function

# With so many loops inside one another what compiling takes is soon won back.
DEEP = 3
# The most nodes of a loop that is written out, and how often it is.
SHORT, COPIES = 60, 4
_TINY = 40


def is_written_out(function: Function, loop: While | ForRange, is_inside: bool, is_in_place: Callable[[str], bool]) -> bool:
    """Tell whether a loop of a function is worth being written out: one without loops in it, small, and of unknown length.

    A range inside another loop may have more in it than what is run once, or than a loop whose test may be anything. A range of known
    length LLVM unrolls as it sees fit.
    """
    if isinstance(loop, ForRange):
        if has_known_ends(function, loop):
            return False
        if is_inside:
            return is_short(loop)
    return is_short(loop, _TINY) and all(is_in_place(node.function) for node in walk(loop) if isinstance(node, Call))


def has_known_ends(function: Function, loop: ForRange) -> bool:
    """Tell whether a range of a function has the same ends whenever it is run: they are constants, or locals that are assigned only one."""
    ends = [end for end in (loop.start, loop.stop, loop.step) if not isinstance(end, Const)]
    names = {end.name for end in ends if isinstance(end, Local)}
    if len(names) < len(ends):
        return False
    steps = [node for node in walk_function(function) if node.writes == "local" and getattr(node, "target", "") in names]
    return len(steps) == len(names) and all(isinstance(node, Assign) and isinstance(node.value, Const) for node in steps)


def is_short(loop: While | ForRange, most: int = SHORT) -> bool:
    """Tell whether a loop is small and has no loop in it."""
    nodes = list(islice(walk(loop), most + 1))
    return len(nodes) <= most and not any(node.leads == "round" for node in nodes[1:])


def loops_deeply(functions: Mapping[str, Function], names: Iterable[str]) -> bool:
    """Tell whether loops of these functions nest deeply, those of the functions of the program that they call included.

    Loops of the library do not count: their objects are compiled apart. Nor does recursion.
    """
    depths: dict[str, int] = {}
    return any(_function_depth(functions, name, depths) >= DEEP for name in names)


def _function_depth(functions: Mapping[str, Function], name: str, depths: dict[str, int]) -> int:
    function = functions[name]
    if function.library:
        return 0
    if name not in depths:
        # What is being looked at calls itself.
        depths[name] = 0
        depths[name] = max(_depths(function.body, functions, depths), default=0)
    return depths[name]


def _depths(nodes: Iterable[Node], functions: Mapping[str, Function], depths: dict[str, int]) -> Iterator[int]:
    for node in nodes:
        inner = max(_depths(children(node), functions, depths), default=0)
        if isinstance(node, Call):
            inner = max(inner, _function_depth(functions, node.function, depths))
        yield inner + (node.leads == "round")
