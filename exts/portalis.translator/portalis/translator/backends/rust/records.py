"""The Rust of types that are one record of fields: dicts, sets, instances, generators; and of unions of several types."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.names import identifier, setter
from portalis.translator.backends.rust.native import NATIVE
from portalis.translator.backends.rust.shapes import STEP
from portalis.translator.backends.rust.type_layout import has_long_tuple, laid_type
from portalis.translator.backends.rust.type_names import variant
from portalis.translator.ir.types import UnionType

# By the name of a record: what is said of it, its parameters, and its fields as `DictRef.storage` and `SetRef.storage` list them.
RECORDS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "Dict": (
        "A Python dict: entries in the order of insertion (a removed one leaves a hole, of hash -1), and the table of their numbers.",
        "K, V",
        (("keys", "List<K>"), ("values", "List<V>"), ("hashes", "List<i64>"), ("table", "List<i64>"), ("used", "i64")),
    ),
    "Set": (
        "A Python set: its table, slot by slot; a state is 0 (never used), 1 (in use) or 2 (removed).",
        "T",
        (("items", "List<T>"), ("hashes", "List<i64>"), ("states", "List<i64>"), ("used", "i64"), ("fill", "i64"), ("finger", "i64")),
    ),
}


_NEW = """\
    /// One that is empty.
    #[inline]
    pub fn new() -> {own} {{
        {name}::default()
    }}

"""


_DEFAULT = """
impl Default for {name} {{
    fn default() -> {name} {{
        {name}::{first}(Default::default())
    }}
}}
"""


def union_type(name: str, type_: UnionType, members: Sequence[str]) -> str:
    """Return the definition of a union: its variants hold values of the Rust types `members`, none that of None."""
    derived = "Clone, Copy, Debug, PartialEq" if type_.duplicable else "Clone, Debug, PartialEq"
    rows, tags, methods, default = "", "", "", ""
    if is_nothing(type_.members[0]):
        derived = derived.replace("Debug", "Debug, Default")
        rows = "    #[default]\n"
    else:
        default = _DEFAULT.format(name=name, first=variant(type_, type_.members[0]))
    for number, (member, kind) in enumerate(zip(type_.members, members, strict=True)):
        case = variant(type_, member)
        held = not is_nothing(member)
        rows += _variant(case, kind) if held else f"    {case},\n"
        tags += f"            {name}::{case}{'(_)' * held} => {number},\n"
        value = "*value" if member.duplicable else "value.clone()"
        if held:
            methods += f"""
    /// The value, which is one of these.
{_getter(identifier(case.lower()), kind)}
        match self {{
            {name}::{case}(value) => {value},
            other => panic!("{{other:?}}"),
        }}
    }}
"""
    return f"""\
/// A value of one of several classes.
#[derive({derived})]
pub enum {name} {{
{rows}}}

impl {name} {{
    /// The number of its class.
    pub fn tag(&self) -> i64 {{
        match self {{
{tags}        }}
    }}
{methods}}}
{default}"""


def _variant(case: str, kind: str) -> str:
    line = f"    {case}({kind}),\n"
    inner = 2 * STEP
    return f"    {case}(\n{' ' * inner}{laid_type(kind, inner, inner, 1)},\n    ),\n" if has_long_tuple(kind) else line


def _getter(name: str, kind: str) -> str:
    """Return the head of a method that gives a value of a union."""
    if not has_long_tuple(kind):
        return f"    pub fn {name}(&self) -> {kind} {{"
    return f"    pub fn {name}(\n        &self,\n    ) -> {laid_type(kind, STEP, 2 * STEP + 1, 2)} {{"


def record_type(
    name: str, held: str, said: str, parameters: str, fields: Sequence[tuple[str, str]], late: AbstractSet[str] = frozenset()
) -> str:
    """Return the definition of a record whose type has `parameters`: a struct `held` has its `fields`, of which some are there `late`."""
    parameters = f"<{parameters}>" if parameters else ""
    own = f"{name}{parameters}"
    derived = "Debug" if name in NATIVE else "Debug, PartialEq"
    types = dict(fields)
    fields = [(field, f"Option<{kind}>" if field in late else kind) for field, kind in fields]
    rows = "\n" * bool(fields) + "".join(f"    {field}: {kind},\n" for field, kind in fields)
    taken = [f"{field}: {kind}" for field, kind in fields]
    given = [field for field, _ in fields]
    empty = [_first_value(kind) for _, kind in fields]
    methods = "".join(_accessors(field, types[field], field in late) + "\n" for field, _ in fields)
    # What is a class of the program's own has its constructor, or none.
    new = _NEW.format(own=own, name=name) if name in RECORDS else ""
    return f"""\
/// {said}
#[derive({derived})]
pub struct {own}(Rc<RefCell<{held}{parameters}>>);

#[derive({derived})]
struct {held}{parameters} {{{rows}}}

impl{parameters} Clone for {own} {{
    fn clone(&self) -> {own} {{
        {name}(self.0.clone())
    }}
}}

impl{parameters} Default for {own} {{
    fn default() -> {own} {{
        {_made(name, empty)}
    }}
}}

impl{parameters} {own} {{
{new}    /// One with all its fields.
{_signature(taken, own)}
        let fields = {_literal(held, given)};
        {name}(Rc::new(RefCell::new(fields)))
    }}

{methods}    /// Tells whether two are one object.
    #[inline]
    pub fn same(&self, other: &{own}) -> bool {{
        Rc::ptr_eq(&self.0, &other.0)
    }}

    /// What tells the object apart from all others, for as long as it lives.
    pub fn address(&self) -> usize {{
        Rc::as_ptr(&self.0) as *const u8 as usize
    }}
}}
"""


def _signature(taken: Sequence[str], own: str) -> str:
    line = f"    pub fn of({', '.join(taken)}) -> {own} {{"
    if len(line) <= 100 and len(taken) <= 7:
        return line
    allowed = "    #[allow(clippy::too_many_arguments)]\n" if len(taken) > 7 else ""
    return f"{allowed}    pub fn of(\n" + "".join(f"        {one},\n" for one in taken) + f"    ) -> {own} {{"


def _made(name: str, values: Sequence[str]) -> str:
    if len(", ".join(values)) <= 60:
        return f"{name}::of({', '.join(values)})"
    return f"{name}::of(\n" + "".join(f"            {one},\n" for one in values) + "        )"


def _literal(name: str, given: Sequence[str]) -> str:
    if len(", ".join(given)) <= 18:
        return f"{name} {{ {', '.join(given)} }}" if given else f"{name} {{}}"
    return f"{name} {{\n" + "".join(f"            {one},\n" for one in given) + "        }"


def _first_value(kind: str) -> str:
    plain = {"i64": "0", "f64": "0.0", "bool": "false"}.get(kind)
    if plain is not None:
        return plain
    return "List::new()" if kind.startswith("List<") else "None" if kind.startswith("Option<") else "Default::default()"


def _accessors(field: str, kind: str, late: bool) -> str:
    """Return what reads and writes a field; a `late` one is held as an Option of its `kind`."""
    value = "" if kind in ("i64", "f64", "bool") else ".clone()"
    reads, writes = f"    /// The field `{field}`.\n", f"    /// Puts a value into the field `{field}`.\n"
    if late:
        return f"""\
{reads}    pub fn {field}(&self) -> {kind} {{
        self.0.borrow().{field}.clone().unwrap_or_default()
    }}

{writes}    pub fn {setter(field)}(&self, {field}: {kind}) {{
        self.0.borrow_mut().{field} = Some({field});
    }}
"""
    return f"""\
{reads}    #[inline]
    pub fn {field}(&self) -> {kind} {{
        self.0.borrow().{field}{value}
    }}

{writes}    #[inline]
    pub fn {setter(field)}(&self, {field}: {kind}) {{
        self.0.borrow_mut().{field} = {field};
    }}
"""
