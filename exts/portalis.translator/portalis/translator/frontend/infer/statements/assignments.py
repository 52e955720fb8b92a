"""Assignment to names, elements, attributes and tuples of these: plain, chained and annotated."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.making import constant, describe, hold, is_simple, primitive
from portalis.translator.frontend.facts.model import (
    Assigned,
    Element,
    Evaluated,
    Fact,
    Field,
    Known,
    Load,
    Looped,
    Operated,
    Raised,
    Step,
    Stored,
    Tested,
    Unknown,
    Unreached,
)
from portalis.translator.frontend.infer.expressions.attributes import is_self, refuse_attribute, refuse_field
from portalis.translator.frontend.infer.expressions.functions.values import infer_lambda
from portalis.translator.frontend.infer.expressions.subscripts import element_place
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import store_attribute
from portalis.translator.frontend.infer.ownership import change
from portalis.translator.frontend.infer.state import Binding
from portalis.translator.frontend.infer.statements.slices import assign_slice
from portalis.translator.frontend.read.annotations import matches, read_annotation
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.building import append_to, begin_list
from portalis.translator.frontend.types.references.deque import is_deque
from portalis.translator.frontend.types.references.hashed import is_dict_view
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.streams import Stream
from portalis.translator.frontend.types.sequences import make_list
from portalis.translator.frontend.types.table import behaviour_of
from portalis.translator.frontend.types.unions.instances import Instance
from portalis.translator.frontend.types.unions.mistakes import of_stored_attribute, of_unpacking, raised
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.frontend.types.unions.union import unpackable
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import BOOL, BYTEARRAY, INT, NEVER, DictRef, ListRef, SetRef, TextType, UnionType, members_of


def infer_assign(infer: FunctionInference, node: ast.Assign) -> None:
    """Infer `a = b = value`: the value once, then the targets from left to right."""
    if len(node.targets) == 1 and _assign_pairwise(infer, node.targets[0], node.value):
        return
    value = _assigned_value(infer, node)
    if len(node.targets) > 1 and isinstance(value, Known) and not value.is_constant:
        value = shared_temporary(infer, value)
    for target in node.targets:
        assign(infer, target, value)
    drop_temporaries(infer)


def _assigned_value(infer: FunctionInference, node: ast.Assign) -> Fact:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function):
            infer.names.scope.visited.add(id(function))
            return infer_lambda(infer, function, name)
        case _:
            return infer.expression(node.value)


def shared_temporary(infer: FunctionInference, value: Known, hint: str = "value") -> Known:
    """Hold a value in a temporary that takes part in the sharing of mutable objects until the statement ends."""
    local = infer.temporary(hint, value.type)
    infer.add(Assigned(value.span, local, value))
    if not value.type.mutable:
        return Known(value.span, value.type, Load(local))
    infer.bind_alias(local, value)
    infer.live.names[local] = Binding(value.type, local, exact=value.exact, assigned_at=value.span)
    infer.statement_scope.held += (local,)
    return Known(value.span, value.type, Load(local), frozenset((local,)), value.exact, value.tangled)


def drop_temporaries(infer: FunctionInference) -> None:
    """Let the statement's temporaries share nothing any more."""
    for local in infer.statement_scope.held:
        if infer.state is not None:
            infer.state.forget(local)
            infer.state.names.pop(local, None)
    infer.statement_scope.held = ()


def _assign_pairwise(infer: FunctionInference, target: ast.expr, value: ast.expr) -> bool:
    """Infer `a, b = b, a` without building the tuple: all values first, then the targets in order."""
    if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
        return False
    starred = any(isinstance(element, ast.Starred) for element in (*target.elts, *value.elts))
    if starred or len(target.elts) != len(value.elts):
        return False
    infer.names.scope.visited.add(id(value))
    values: list[Fact] = []
    for element in value.elts:
        fact = infer.expression(element)
        values.append(fact if isinstance(fact, Unknown) or fact.is_constant else shared_temporary(infer, fact))
    for element, fact in zip(target.elts, values, strict=True):
        assign(infer, element, fact)
    drop_temporaries(infer)
    return True


def assign(infer: FunctionInference, target: ast.expr, value: Fact) -> None:
    """Assign an evaluated value to one target."""
    match target:
        case ast.Name():
            if target.id == infer.self_name:
                infer.refuse("P0504", target, f"`{target.id}` cannot be assigned", "use another name")
                return
            infer.bind(target.id, value, target)
        case ast.Tuple() | ast.List():
            _unpack(infer, target, value)
        case ast.Attribute():
            _assign_attribute(infer, target, value)
        case ast.Subscript():
            _assign_element(infer, target, value)
        case _:
            infer.refuse("P0216", target, "`*` is not translated here", "assign the elements one by one")


def _unpack(infer: FunctionInference, target: ast.Tuple | ast.List, value: Fact) -> None:
    if isinstance(value, Unknown):
        for element in target.elts:
            assign(infer, element.value if isinstance(element, ast.Starred) else element, value)
        return
    if isinstance(value.type, UnionType):
        found = unpackable(infer, target, value)
        if found is not None:
            return _unpack(infer, target, found)
    lazy = is_generator(value.type) or is_instance(value.type)
    stars = [index for index, element in enumerate(target.elts) if isinstance(element, ast.Starred)]
    kept = isinstance(value.type, SetRef | DictRef | TextType) or value.type == BYTEARRAY
    # What a starred target gets is a list.
    kept = kept or (bool(stars) and isinstance(value.type, ListRef) and value.type.frozen)
    if is_instance(value.type) and stars:
        return _unpack(infer, target, Instance().asked_again(infer, target, value, stars[0]))
    if kept or is_deque(value.type) or is_dict_view(value.type) or (lazy and stars):
        return _unpack(infer, target, gathered(infer, target, value))
    if isinstance(value.type, ListRef):
        return _unpack_list(infer, target, value)
    if lazy:
        return _unpack_lazily(infer, target, value)
    if not (is_simple(value) or (value.items is not None and all(map(is_simple, value.items)))):
        value = shared_temporary(infer, value, "parts")
    parts = table.parts(infer, value, infer.statement_scope.steps)
    mistake = of_unpacking(infer, [value.type]) if parts is None and infer.tolerates else None
    if mistake is not None:
        for step in raised(infer, target, mistake, [value]):
            infer.add(step)
        parts = [Known(value.span, INT, Unreached())] * len(target.elts)
    if value.type == NEVER:
        parts = [value] * len(target.elts)
    if parts is None:
        cause = infer.refuse("P0312", target, f"{describe(value.type)} cannot be unpacked", "unpack a tuple, a list or a vector")
        return _unpack(infer, target, cause)
    wanted = len(target.elts)
    if len(stars) > 1 or (not stars and wanted != len(parts)) or wanted - len(stars) > len(parts):
        cause = infer.refuse(
            "P0311", target, f"{len(parts)} values cannot be unpacked into {wanted} targets", "write one target for each value"
        )
        return _unpack(infer, target, cause)
    names = {inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    if any(_reads(one, names) for one in parts):
        # A target is a name that a later part still reads: x, y = pair_of(y, x).
        parts = [one if one.is_constant else shared_temporary(infer, one) for one in parts]
    _assign_parts(infer, target.elts, parts, stars[0] if stars else None)


def _unpack_lazily(infer: FunctionInference, target: ast.Tuple | ast.List, value: Known) -> None:
    """Unpack an iterator: it is asked once for each target, and once more for there to be no further value."""
    span, steps, wanted = infer.span(target), infer.statement_scope.steps, len(target.elts)
    stream, parts = behaviour_of(value.type).stream(infer, target, value, steps), list[Fact]()
    if not isinstance(stream, Stream):
        cause = stream or infer.refuse("P0312", target, f"{describe(value.type)} cannot be unpacked", "unpack a tuple, a list or a vector")
        return _unpack(infer, target, cause)
    for index in range(wanted):
        ended = primitive(span, BOOL, "bool.not", stream.test())
        message = f"not enough values to unpack (expected {wanted}, got {index})"
        steps.append(Tested(span, ended, (Raised(span, "ValueError", message),)))
        parts.append(stream.take(steps))
    steps.append(Tested(span, stream.test(), (Raised(span, "ValueError", f"too many values to unpack (expected {wanted})"),)))
    for element, part in zip(target.elts, parts, strict=True):
        assign(infer, element, part)


def gathered(infer: FunctionInference, target: ast.expr, value: Known) -> Known | Unknown:
    """Return a list of all that an object gives."""
    steps = infer.statement_scope.steps
    made = begin_list(infer, target, steps)
    stream = behaviour_of(value.type).stream(infer, target, value, steps)
    if isinstance(made, Unknown):
        return made
    if stream is None:
        return infer.refuse("P0312", target, f"{describe(value.type)} cannot be unpacked", "unpack a tuple, a list or a vector")
    if isinstance(stream, Unknown):
        return stream
    body: list[Step] = []
    test = stream.test()
    item = stream.take(body)
    failed = item if isinstance(item, Unknown) else append_to(infer, target, made, item, body)
    steps.append(Looped(infer.span(target), test, tuple(body)))
    return made if failed is None else failed


def _unpack_list(infer: FunctionInference, target: ast.Tuple | ast.List, value: Known) -> None:
    """Unpack an object whose length only the running program knows."""
    steps = infer.statement_scope.steps
    assert isinstance(value.type, ListRef)
    span, item = infer.span(target), value.type.item
    held = hold(infer, value, "parts", steps)
    length = hold(infer, operated(span, INT, "list.length", held), "length", steps)
    stars = [index for index, element in enumerate(target.elts) if isinstance(element, ast.Starred)]
    wanted = constant(span, len(target.elts) - len(stars))
    checked = infer.library(target, "lists", "check_at_least" if stars else "check_number", [length, wanted])
    if isinstance(checked, Known):
        steps.append(Evaluated(span, checked))
    behind = len(target.elts) - stars[0] - 1 if stars else 0
    parts: list[tuple[ast.expr, Known]] = []
    for index, element in enumerate(target.elts):
        if isinstance(element, ast.Starred):
            end = primitive(span, INT, "int.sub", length, constant(span, behind), proven=True)
            middle = operated(span, value.type, "list.part", held, constant(span, index), end)
            parts.append((element.value, hold(infer, middle, "middle", steps)))
            continue
        at = constant(span, index)
        if stars and index > stars[0]:
            at = primitive(span, INT, "int.sub", length, constant(span, len(target.elts) - index), proven=True)
        parts.append((element, hold(infer, operated(span, item, "list.get", held, at), "part", steps)))
    for element, part in parts:
        assign(infer, element, part)


def _assign_parts(infer: FunctionInference, targets: list[ast.expr], parts: list[Known], star: int | None) -> None:
    """Assign parts to targets in order; the starred target, if any, gets a list of those that are left for it."""
    given: list[Fact] = list(parts)
    if star is not None:
        starred, extra = targets[star], len(parts) - (len(targets) - 1)
        assert isinstance(starred, ast.Starred)
        middle = make_list(infer, starred, parts[star : star + extra])
        targets = [*targets[:star], starred.value, *targets[star + 1 :]]
        given[star : star + extra] = [middle]
    for element, one in zip(targets, given, strict=True):
        assign(infer, element, one)


def _reads(value: Known, names: set[str]) -> bool:
    """Tell whether evaluating a part, which is simple, reads one of the Python names."""
    read: set[str] = set(value.roots)
    pending = [value]
    while pending:
        match pending.pop().operation:
            case Load(local=local):
                read.add(local.partition(".")[0])
            case Field(record=inner) | Operated(args=(inner,)):
                pending.append(inner)
            case Element(value=inner, index=index):
                pending += [inner, index]
    return bool(read & names)


def _assign_attribute(infer: FunctionInference, target: ast.Attribute, value: Fact) -> None:
    if is_self(infer, target.value):
        store_field(infer, target, value)
        return
    if isinstance(value, Unknown):
        return
    owner = infer.expression(target.value)
    if isinstance(owner, Unknown):
        return
    if any(map(is_instance, members_of(owner.type))):
        store_in_instance(infer, target, owner, hold(infer, value, "value", infer.statement_scope.steps))
        return
    behaviour = behaviour_of(owner.type)
    place = behaviour.attribute_place(infer, target, owner)
    if place is not None:
        store(infer, target, place, owner, value)
    elif behaviour.has_settable(target.attr):
        result = behaviour.set_attribute(infer, target, owner, value)
        if result is None:
            refuse_element(infer, target, owner, value)
        elif isinstance(result, Known):
            infer.add(Evaluated(infer.span(target), result))
    else:
        refuse_attribute(infer, target, owner)


def store_in_instance(infer: FunctionInference, target: ast.Attribute, owner: Known, value: Known) -> None:
    """Assign to an attribute of an instance, or of what may be one; the value is evaluated before the owner is."""

    def one(parts: list[Known]) -> Fact | None:
        return store_attribute(infer, target, parts[0], target.attr, value) if is_instance(parts[0].type) else None

    if is_instance(owner.type):
        done: Fact = store_attribute(infer, target, owner, target.attr, value)
    else:
        done = by_member(infer, target, [owner], one, lambda types: of_stored_attribute(infer, target.attr, types))
    if isinstance(done, Known):
        infer.add(Evaluated(infer.span(target), done))


def store_field(infer: FunctionInference, target: ast.Attribute, value: Fact) -> None:
    """Assign to `self.name`: the field gets another object."""
    key = f"self.{target.attr}"
    assert infer.receiver is not None
    self_name, record = infer.receiver
    declared = dict(record.fields).get(target.attr)
    if declared is None:
        refuse_field(infer, target)
        return
    if isinstance(value, Unknown):
        return
    if declared != value.type:
        help = "convert it: float(x), int(x), or change the attribute's declaration"
        infer.refuse("P0302", target, f"`{key}` is declared {describe(declared)} and would become {describe(value.type)}", help)
        return
    span = infer.span(target)
    infer.bind_alias(key, value)
    infer.live.names[key] = Binding(declared, self_name, target.attr, exact=value.exact, assigned_at=span)
    infer.effects.by_ref.add(self_name)
    infer.effects.rebound.add(key)
    infer.add(Stored(span, Known(span, declared, Field(infer.place_of_self(target), target.attr)), value))


def _assign_element(infer: FunctionInference, target: ast.Subscript, value: Fact) -> None:
    # Python evaluates the value first, then the container, then the index; so does `Stored`.
    container = infer.expression(target.value)
    if isinstance(container, Unknown):
        infer.expression(target.slice)
        return
    if container.type.refers:
        _set_element(infer, target, container, value)
        return
    place = element_place(infer, target, container, None)
    if isinstance(place, Known) and isinstance(value, Known):
        store(infer, target, place, container, value)


def _set_element(infer: FunctionInference, target: ast.Subscript, container: Known, value: Fact) -> None:
    """Store into an object by reference: the value is evaluated before the container and the index are."""
    if isinstance(target.slice, ast.Slice):
        assign_slice(infer, target, container, value)
        return
    index = infer.expression(target.slice)
    if isinstance(value, Unknown) or isinstance(index, Unknown):
        return
    held = hold(infer, value, "value", infer.statement_scope.steps)
    done = infer.set_element(target, container, index, held)
    if done is None:
        infer.refuse("P0313", target, f"the elements of {describe(container.type)} cannot be assigned so", "index a list with an int")
    elif isinstance(done, Known):
        infer.add(Evaluated(infer.span(target), done))


def store(infer: FunctionInference, target: ast.expr, place: Known, container: Known, value: Known) -> None:
    """Store a value into an element of a container that is changed in place."""
    stored = behaviour_of(container.type).stored(infer, container, value)
    if stored is None:
        refuse_element(infer, target, container, value)
        return
    if change(infer, container, target):
        infer.add(Stored(infer.span(target), place, stored))
        if stored.type.mutable:
            infer.live.share_parts(container.roots, stored)


def refuse_element(infer: FunctionInference, target: ast.expr, container: Known, value: Known) -> None:
    """Refuse an element of the wrong type."""
    infer.refuse(
        "P0302",
        target,
        f"{describe(container.type)} cannot hold {describe(value.type)}",
        "convert the value: float(x) or int(x)",
        "every element keeps the type that the list was created with",
    )


def infer_annotated(infer: FunctionInference, node: ast.AnnAssign) -> None:
    """Infer `name: type = value`; the annotation converts nothing, and is compared with the value's type where that stays the name's."""
    annotated = None if infer.references else read_annotation(node.annotation, infer.names.scope)
    if node.value is None:
        return
    value = infer.expression(node.value)
    if isinstance(value, Known) and annotated is not None and not matches(annotated, value.type):
        value = infer.refuse(
            "P0105",
            node,
            f"the annotation says {annotated} and the value is {describe(value.type)}",
            "write a value of the annotated type, for example 0.0 for float: Python does not convert here",
        )
    assign(infer, node.target, value)
    drop_temporaries(infer)
