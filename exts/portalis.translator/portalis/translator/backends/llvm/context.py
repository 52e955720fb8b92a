"""What the functions of one module share: signatures, error sites, constants and who may raise."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from portalis.translator.backends.llvm.fuel import may_run_dry
from portalis.translator.backends.llvm.heap import constant_text
from portalis.translator.backends.llvm.layout import register_type
from portalis.translator.backends.llvm.loops import COPIES
from portalis.translator.ir.errors import MAX_SITES, ErrorSite, SiteKey, error_sites, recursion_site
from portalis.translator.ir.nodes import Call, Function, Program, walk_function
from portalis.translator.ir.types import ListRef
from portalis.translator.passes.facts.effects import deal_in_values
from portalis.translator.passes.facts.steady import CHANGES_HEADS, functions_that
from portalis.translator.passes.lowering.error_edges import Endings, find_endings, with_error_edges

# Functions are called `py.NAME`; the guest's own globals lie where no user's name can reach.
ERROR, DEPTH = "@guest.error", "@guest.depth"
# The most instructions, as written and with those of inlined callees, that a function may bring into its callers.
_INLINE_LIMIT = 200
# The most nodes, those of what it calls included, of a function that is written where it is called.
_IN_PLACE_NODES = 60
# The number of the first metadata node about loops: `support.py` has those below.
_FIRST_LOOP = 7
# The most that a function may have which is always inlined where the pipeline does not weigh that.
_ALWAYS_LIMIT = 60


@dataclass(frozen=True, slots=True)
class CallState:
    """Where a running call keeps its error word, how deep its recursion is and, where it counts by itself, how much fuel is left.

    With `passed` these are one call's own: whoever may end it takes their addresses, beyond its parameters, under these names.
    """

    error: str
    depth: str
    fuel: str = ""

    @property
    def passed(self) -> tuple[str, ...]:
        """The names of the addresses that functions take."""
        return (self.error, self.fuel) if self.fuel else ()


# A wasm instance runs one call at a time, and its engine counts fuel.
INSTANCE = CallState(ERROR, DEPTH)
# GPU threads run side by side and nobody can stop them. Nothing that they run is recursive.
THREAD = CallState("%guest.error", "", "%guest.fuel")


def symbol(name: str) -> str:
    """Return the LLVM symbol of a function: mangled, so that no name means anything to LLVM, and quoted."""
    safe = "".join(chr(byte) if 32 < byte < 127 and byte not in b'"\\' else f"\\{byte:02X}" for byte in name.encode())
    return f'@"py.{safe}"'


def site_name(number: int) -> str:
    """Return the name whose value the linker makes the number of an error site: site `number` of the functions being written."""
    return f"py.site.{number}"


class ModuleContext:
    """The facts about a program that its functions are written from; collects the constants that they need.

    With `open_sites` the numbers of error sites are left to the linker; with `marks_inline` the functions to inline are marked.
    """

    def __init__(self, program: Program, open_sites: bool = False, state: CallState = INSTANCE, marks_inline: bool = False) -> None:
        self.program = program
        self.state = state
        self.open_sites = open_sites
        self.marks_inline = marks_inline
        self.sites: tuple[ErrorSite, ...] = error_sites(program)
        if len(self.sites) > MAX_SITES:
            raise ValueError(f"a program cannot have {len(self.sites)} places that end it; {MAX_SITES} are the most")
        self.functions: dict[str, Function] = {function.name: function for function in program.functions}
        self.strings: dict[str, int] = {text: index for index, text in enumerate(program.strings)}
        self.endings: Endings = find_endings(program, also=may_run_dry(program) if state.fuel else ())
        self.has_recursion = any(function.recursive for function in program.functions)
        self._deal_in_values = deal_in_values(program)
        self._numbers: dict[SiteKey, int] = {site.key: number for number, site in enumerate(self.sites, start=1)}
        self._constants: dict[tuple[int, ...], str] = {}
        self._texts: dict[str, str] = {}
        self._tables: dict[tuple[int, ...], str] = {}
        self._inlined: dict[str, int] = {}
        self._lowered: dict[str, Function] = {}
        self._in_place: dict[str, int] = {}
        self.has_known_ends = False
        self._written_out = 0

    def lowered(self, function: Function) -> Function:
        """Return a function as it is written: with its error edges."""
        if function.name not in self._lowered:
            self._lowered[function.name] = with_error_edges(function, self.endings)
        return self._lowered[function.name]

    def is_in_place(self, name: str) -> bool:
        """Tell whether a function of the library is written where it is called: a small one that reads or writes objects.

        What it raises then needs no look at the error word. Programs of values are written as they are: they have no such function.
        """
        return name not in self._deal_in_values and self.functions[name].library and self._size_in_place(name) <= _IN_PLACE_NODES

    def _size_in_place(self, name: str) -> int:
        """Return how many nodes a function would bring to its caller, and more than any limit where it cannot be written in place."""
        if name not in self._in_place:
            function = self.functions[name]
            nodes = list(islice(walk_function(function), _IN_PLACE_NODES + 1))
            fits = not function.recursive and not any(parameter.by_ref for parameter in function.params)
            if fits and len(nodes) <= _IN_PLACE_NODES and not any(node.leads == "round" for node in nodes):
                self._in_place[name] = len(nodes) + sum(self._size_in_place(node.function) for node in nodes if isinstance(node, Call))
            else:
                self._in_place[name] = _IN_PLACE_NODES + 1
        return self._in_place[name]

    @functools.cached_property
    def change_heads(self) -> frozenset[str]:
        """The functions that may change the head of a list (`steady.py`)."""
        return functions_that(self.program, CHANGES_HEADS)

    def has_lists(self, function: Function) -> bool:
        """Tell whether lists of any length are held by the locals or parameters of a function."""
        types = (*(item.type for item in function.params), *(type_ for _, type_ in function.locals))
        return any(isinstance(type_, ListRef) for type_ in types)

    def site_number(self, site: ErrorSite) -> int:
        """Return the number of an error site of the program."""
        return self._numbers[site.key]

    def site_operand(self, number: int) -> str:
        """Return a site's number as an i32 operand."""
        return f"ptrtoint (ptr @{site_name(number)} to i32)" if self.open_sites else str(number)

    def site_table(self, tell: Callable[[ErrorSite], int]) -> str:
        """Return the address of a table with one byte for each number of an error word, 0 for that of no error."""
        assert not self.open_sites, "only a whole program knows its sites"
        return self._tables.setdefault((0, *map(tell, self.sites)), f"@py.sites.{len(self._tables)}")

    def changes(self, call: Call) -> bool:
        """Tell whether a call may change something that its caller sees: an argument, or what lies behind a reference."""
        callee = self.functions[call.function]
        return callee.name not in self._deal_in_values or any(parameter.by_ref for parameter in callee.params)

    def is_pure(self, function: Function) -> bool:
        """Tell whether a function touches no memory that others see: it computes scalars from scalars, and cannot fail."""
        kinds = (register_type(item) for item in (function.result, *(parameter.type for parameter in function.params)))
        return function.name in self._deal_in_values and "ptr" not in kinds and function.name not in self.endings.fallible

    def inlined_size(self, name: str) -> int:
        """Return how many instructions a call of a function may turn into; 0 where it stays a call."""
        return self._inlined.get(name, 0)

    def attributes(self, name: str, size: int) -> str:
        """Return the attributes of a function of `size` instructions, its inlined callees' included.

        Left to itself, LLVM inlines every function that is called once, however large, and its time grows with the square of a function.
        """
        # An object of the library is compiled once; there, speed comes first.
        if self.open_sites or size <= _INLINE_LIMIT:
            self._inlined[name] = size
            return "#2" if self.marks_inline and size <= _ALWAYS_LIMIT and not self.functions[name].recursive else "#0"
        return "#1"

    def passed_state(self, name: str) -> list[str]:
        """Return the addresses that a function takes beyond its parameters, to be able to end the call."""
        return list(self.state.passed) if name in self.endings.fallible else []

    def recursion_site(self, function: Function) -> int:
        """Return the number of the site that reports a recursive function's exhausted depth."""
        return self.site_number(recursion_site(function))

    def constant(self, bits: tuple[int, ...]) -> str:
        """Return the address of a constant aggregate, given as the unsigned bits of its slots; equal ones share one."""
        return self._constants.setdefault(bits, f"@py.constant.{len(self._constants)}")

    def text(self, value: str) -> str:
        """Return a reference to a constant text, as an i64 operand."""
        return f"ptrtoint (ptr {self._texts.setdefault(value, f'@py.text.{len(self._texts)}')} to i64)"

    def writes_loops_out(self, function: Function) -> bool:
        """Tell whether short loops of a function are written out: of the program's own that deal in objects. LLVM unrolls others well."""
        return self.marks_inline and not function.library and function.name not in self._deal_in_values

    def written_out(self) -> str:
        """Return the metadata, for the jump that ends an iteration, of one more loop that LLVM is to write out several times."""
        self._written_out += 1
        return f", !llvm.loop !{_FIRST_LOOP + self._written_out}"

    @property
    def unrolls(self) -> bool:
        """Whether any loop that was written is worth LLVM's time to write it out."""
        return self.has_known_ends or self._written_out > 0

    def loops_text(self) -> str:
        """Return the definitions of that metadata: every loop has its own."""
        numbers = range(_FIRST_LOOP + 1, _FIRST_LOOP + 1 + self._written_out)
        lines = [f"!{number} = distinct !{{!{number}, !{_FIRST_LOOP}}}\n" for number in numbers]
        return "".join((*lines, f'!{_FIRST_LOOP} = !{{!"llvm.loop.unroll.count", i32 {COPIES}}}\n' if lines else ""))

    def constants_text(self) -> str:
        """Return the definitions of all constants asked for."""
        lines = []
        for bits, name in self._constants.items():
            items = ", ".join(f"i64 {item}" for item in bits)
            lines.append(f"{name} = private unnamed_addr constant [{len(bits)} x i64] [{items}], align 16\n")
        lines += [f"{name} = private unnamed_addr constant {constant_text(value)}, align 8\n" for value, name in self._texts.items()]
        for flags, name in self._tables.items():
            items = ", ".join(f"i8 {flag}" for flag in flags)
            lines.append(f"{name} = private unnamed_addr constant [{len(flags)} x i8] [{items}], align 1\n")
        return "".join(lines)
