"""Assignment in all its forms: to names, elements, attributes and tuples of these, plain, chained, annotated and augmented."""

from __future__ import annotations

import ast

from portalis.translator.frontend.attributes import COORDINATES, is_self, lower_field, refuse_attribute, refuse_field
from portalis.translator.frontend.context import Context
from portalis.translator.frontend.conversions import NUMBERS, to_float
from portalis.translator.frontend.evaluation import is_simple
from portalis.translator.frontend.gf_operators import call_method, changes_in_place, is_unsafe_on_itself
from portalis.translator.frontend.lower_expressions import lower_expression
from portalis.translator.frontend.lower_intrinsics import rounded
from portalis.translator.frontend.operators import SYMBOLS, binary, refuse_operands
from portalis.translator.frontend.ownership import change, part
from portalis.translator.frontend.read.annotations import matches, read_annotation
from portalis.translator.frontend.scope import Binding
from portalis.translator.frontend.sequences import make_list
from portalis.translator.frontend.subscripts import element_place
from portalis.translator.frontend.unpacking import parts_of
from portalis.translator.frontend.values import POISON, Value, describe
from portalis.translator.ir.nodes import Assign, Const, ElementLoad, Evaluate, FieldLoad, Local, Store, walk
from portalis.translator.ir.types import FLOAT, GF_TYPES, INT, ListType, QuatType, VecType, is_mutable


def lower_assign(context: Context, node: ast.Assign) -> None:
    """Lower `a = b = value`: the value once, then the targets from left to right."""
    if len(node.targets) == 1 and _assign_pairwise(context, node.targets[0], node.value):
        return
    value = lower_expression(context, node.value)
    if len(node.targets) > 1 and not (value.poison or value.is_constant):
        value = shared_temporary(context, value)
    for target in node.targets:
        assign(context, target, value)
    drop_temporaries(context)


def shared_temporary(context: Context, value: Value, hint: str = "value") -> Value:
    """Hold a value in a temporary that takes part in the sharing of mutable objects until the statement ends."""
    local = context.temporary(hint, value.type)
    context.emit(Assign(value.span, local, value.expr))
    if not is_mutable(value.type):
        return Value(Local(value.span, value.type, local))
    context.bind_alias(local, value)
    context.live.names[local] = Binding(value.type, local, exact=value.exact, assigned_at=value.span)
    context.held.append(local)
    return Value(Local(value.span, value.type, local), frozenset((local,)), value.exact, value.tangled)


def drop_temporaries(context: Context) -> None:
    """Let the statement's temporaries share nothing any more."""
    for local in context.held:
        if context.state is not None:
            context.state.forget(local)
            context.state.names.pop(local, None)
    context.held.clear()


def _assign_pairwise(context: Context, target: ast.expr, value: ast.expr) -> bool:
    """Lower `a, b = b, a` without building the tuple: all values first, then the targets in order."""
    if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
        return False
    starred = any(isinstance(element, ast.Starred) for element in (*target.elts, *value.elts))
    if starred or len(target.elts) != len(value.elts):
        return False
    values: list[Value] = []
    for element in value.elts:
        lowered = lower_expression(context, element)
        values.append(lowered if lowered.poison or lowered.is_constant else shared_temporary(context, lowered))
    for element, lowered in zip(target.elts, values, strict=True):
        assign(context, element, lowered)
    drop_temporaries(context)
    return True


def assign(context: Context, target: ast.expr, value: Value) -> None:
    """Assign an evaluated value to one target."""
    match target:
        case ast.Name():
            if target.id == context.self_name:
                context.refuse("P0504", target, f"`{target.id}` cannot be assigned", "use another name")
                return
            context.bind(target.id, value, target)
        case ast.Tuple() | ast.List():
            _unpack(context, target, value)
        case ast.Attribute():
            _assign_attribute(context, target, value)
        case ast.Subscript():
            _assign_element(context, target, value)
        case _:
            context.refuse("P0216", target, "`*` is not translated here", "assign the elements one by one")


def _unpack(context: Context, target: ast.Tuple | ast.List, value: Value) -> None:
    if value.poison:
        for element in target.elts:
            assign(context, element.value if isinstance(element, ast.Starred) else element, POISON)
        return
    if not (is_simple(value) or (value.items is not None and all(map(is_simple, value.items)))):
        value = shared_temporary(context, value, "parts")
    parts = parts_of(context, value, context.block)
    if parts is None:
        context.refuse("P0312", target, f"{describe(value.type)} cannot be unpacked", "unpack a tuple, a list or a vector")
        return _unpack(context, target, POISON)
    stars = [index for index, element in enumerate(target.elts) if isinstance(element, ast.Starred)]
    wanted = len(target.elts)
    if len(stars) > 1 or (not stars and wanted != len(parts)) or wanted - len(stars) > len(parts):
        context.refuse("P0311", target, f"{len(parts)} values cannot be unpacked into {wanted} targets", "write one target for each value")
        return _unpack(context, target, POISON)
    names = {inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    if any(_reads(one, names) for one in parts):
        # A target is a name that a later part still reads: x, y = pair_of(y, x).
        parts = [one if one.is_constant else shared_temporary(context, one) for one in parts]
    if stars:
        at, extra = stars[0], len(parts) - (wanted - 1)
        starred = target.elts[at]
        assert isinstance(starred, ast.Starred)
        middle = make_list(context, starred, parts[at : at + extra])
        for element, one in zip(target.elts[:at], parts[:at], strict=True):
            assign(context, element, one)
        assign(context, starred.value, middle)
        for element, one in zip(target.elts[at + 1 :], parts[at + extra :], strict=True):
            assign(context, element, one)
        return
    for element, one in zip(target.elts, parts, strict=True):
        assign(context, element, one)


def _reads(value: Value, names: set[str]) -> bool:
    """Tell whether evaluating a value reads one of the Python names."""
    read = {node.name.partition(".")[0] for node in walk(value.expr) if isinstance(node, Local)}
    return bool((read | value.roots) & names)


def _assign_attribute(context: Context, target: ast.Attribute, value: Value) -> None:
    if is_self(context, target.value):
        store_field(context, target, value)
        return
    if value.poison:
        return
    owner = lower_expression(context, target.value)
    if owner.poison:
        return
    if isinstance(owner.type, VecType) and target.attr in tuple(COORDINATES[: owner.type.size]):
        index = Const(context.span(target), INT, COORDINATES.index(target.attr))
        store(context, target, part(owner, ElementLoad(context.span(target), FLOAT, owner.expr, index)), owner, value)
    elif isinstance(owner.type, QuatType) and target.attr in ("real", "imaginary"):
        result = call_method(context, target, owner, f"Set{target.attr.capitalize()}", [value], [target.value, None])
        if result is None:
            refuse_element(context, target, owner, value)
        elif not result.poison:
            context.emit(Evaluate(context.span(target), result.expr))
    else:
        refuse_attribute(context, target, owner)


def store_field(context: Context, target: ast.Attribute, value: Value) -> None:
    """Assign to `self.name`: the field gets another object."""
    key = f"self.{target.attr}"
    assert context.record is not None and context.self_name is not None
    declared = dict(context.record.fields).get(target.attr)
    if declared is None:
        refuse_field(context, target)
        return
    if value.poison:
        return
    if declared != value.type:
        help = "convert it: float(x), int(x), or change the attribute's declaration"
        context.refuse("P0302", target, f"`{key}` is declared {describe(declared)} and would become {describe(value.type)}", help)
        return
    span = context.span(target)
    place = FieldLoad(span, declared, context.place_of_self(target), target.attr)
    context.bind_alias(key, value)
    context.live.names[key] = Binding(declared, context.self_name, target.attr, exact=value.exact, assigned_at=span)
    context.by_ref.add(context.self_name)
    context.rebound.add(key)
    context.emit(Store(span, place, value.expr))


def _assign_element(context: Context, target: ast.Subscript, value: Value) -> None:
    # Python evaluates the value first, then the container, then the index; so does `Store`.
    container = lower_expression(context, target.value)
    if container.poison:
        lower_expression(context, target.slice)
        return
    place = element_place(context, target, container, None, lower_expression)
    if not place.poison and not value.poison:
        store(context, target, place, container, value)


def store(context: Context, target: ast.expr, place: Value, container: Value, value: Value) -> None:
    """Store a value into an element of a container that is changed in place."""
    assert isinstance(place.expr, ElementLoad)
    if isinstance(container.type, GF_TYPES):
        if value.type not in NUMBERS:
            refuse_element(context, target, container, value)
            return
        value = Value(rounded(container.type, to_float(value).expr))
    elif isinstance(container.type, ListType) and value.type != container.type.item:
        refuse_element(context, target, container, value)
        return
    if change(context, container, target):
        context.emit(Store(context.span(target), place.expr, value.expr))
        if is_mutable(value.type):
            for root in container.roots:
                for partner in context.live.partners(value.roots):
                    context.live.share(root, partner)
                if value.tangled:
                    context.live.share(root, root)


def refuse_element(context: Context, target: ast.expr, container: Value, value: Value) -> None:
    """Refuse an element of the wrong type."""
    context.refuse(
        "P0302",
        target,
        f"{describe(container.type)} cannot hold {describe(value.type)}",
        "convert the value: float(x) or int(x)",
        "every element keeps the type that the list was created with",
    )


def lower_annotated(context: Context, node: ast.AnnAssign) -> None:
    """Lower `name: type = value`; the annotation is compared with the value's type, it converts nothing."""
    annotated = read_annotation(node.annotation, context.scope)
    if node.value is None:
        return
    value = lower_expression(context, node.value)
    if not value.poison and annotated is not None and not matches(annotated, value.type):
        value = context.refuse(
            "P0105",
            node,
            f"the annotation says {annotated} and the value is {describe(value.type)}",
            "write a value of the annotated type, for example 0.0 for float: Python does not convert here",
        )
    assign(context, node.target, value)
    drop_temporaries(context)


def lower_augmented(context: Context, node: ast.AugAssign) -> None:
    """Lower `target op= value`: the target is read once, then the value evaluated, then the result stored."""
    symbol = SYMBOLS[type(node.op)]
    match node.target:
        case ast.Name():
            place = lower_expression(context, node.target)
            container = None
        case ast.Attribute() if is_self(context, node.target.value):
            place = lower_field(context, node.target)
            container = None
        case ast.Attribute():
            container, place = _attribute_place(context, node.target)
        case ast.Subscript():
            container = lower_expression(context, node.target.value)
            place = POISON if container.poison else element_place(context, node.target, container, context.block, lower_expression)
    value = lower_expression(context, node.value)
    if place.poison or value.poison:
        if isinstance(node.target, ast.Name) and node.target.id in context.local_names:
            context.poison(node.target.id)
        return
    in_place = _in_place(context, node, symbol, place, value)
    if in_place is None:
        return
    result = binary(context, node, symbol, place, value)
    if result.poison:
        return
    if in_place:
        _overwrite(context, node, place, result)
    elif container is None:
        assign(context, node.target, result)
    else:
        store(context, node.target, place, container, result)
    drop_temporaries(context)


def _attribute_place(context: Context, target: ast.Attribute) -> tuple[Value, Value]:
    owner = lower_expression(context, target.value)
    if not owner.poison and isinstance(owner.type, VecType) and target.attr in tuple(COORDINATES[: owner.type.size]):
        index = Const(context.span(target), INT, COORDINATES.index(target.attr))
        return owner, part(owner, ElementLoad(context.span(target), FLOAT, owner.expr, index))
    if not owner.poison:
        refuse_attribute(context, target, owner)
    return POISON, POISON


def _in_place(context: Context, node: ast.AugAssign, symbol: str, place: Value, value: Value) -> bool | None:
    """Tell whether an augmented assignment changes the object itself; None where it is refused."""
    if isinstance(place.type, GF_TYPES):
        answer = changes_in_place(symbol, place.type, value.type)
        if answer is None:
            refuse_operands(context, node, f"{symbol}=", place.type, value.type)
        elif answer and is_unsafe_on_itself(symbol, place.type) and context.live.partners(place.roots) & value.roots:
            context.refuse("P0403", node, "a matrix multiplied in place by itself has no translation", "write m = m * m")
            return None
        return answer
    if isinstance(place.type, ListType):
        context.refuse(
            "P0305", node, f"`{symbol}=` would change the length of a list", "lists have a fixed length; build a new one: c = a + b"
        )
        return None
    return False


def _overwrite(context: Context, node: ast.AugAssign, place: Value, result: Value) -> None:
    """Give an object new elements in place."""
    if not change(context, place, node):
        return
    span = context.span(node)
    match place.expr:
        case Local(name=name):
            context.emit(Assign(span, name, result.expr))
        case FieldLoad() | ElementLoad():
            context.emit(Store(span, place.expr, result.expr))
        case _:
            raise AssertionError("`change` admits places only")
