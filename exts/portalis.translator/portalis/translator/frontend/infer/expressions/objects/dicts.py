"""What dicts take that is gone over or copied: `update` in all its forms, `copy`, `popitem`, `fromkeys`, `dict(…, name=value)`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Raised, Step, Unknown, Unreached
from portalis.translator.frontend.infer.expressions.iterables import captured, for_each, fuses, loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.dict_kinds import kind_of
from portalis.translator.frontend.types.references.hashed import begin_dict, copy_of, make_view, merge_entries, store_entry
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import NEVER, NONE, TEXT, DictRef, ListRef


def call_dict_method(infer: FunctionInference, node: ast.Call, function: ast.Attribute, receiver: Known) -> Fact | None:
    """Return `receiver.method(…)` of a dict; None where it is called like any other."""
    steps: list[Step] = []
    match function.attr, len(node.args), len(node.keywords):
        case "copy", 0, 0:
            return copy_of(infer, node, [receiver])
        case (("keys" | "values" | "items"), 0, 0):
            return make_view(infer, node, receiver, function.attr)
        case "popitem", 0, 0 if kind_of(receiver) != "OrderedDict":
            found: Fact = _pop_item(infer, node, hold(infer, receiver, "entries", steps), steps)
        case "popitem", count, _ if kind_of(receiver) != "OrderedDict" and _are_plain(node):
            found = _refused_arguments(infer, node, receiver, count, steps)
        case "fromkeys", 1 | 2, 0 if kind_of(receiver) == "dict":
            steps.append(Evaluated(receiver.span, receiver))
            found = dict_from_keys(infer, node)
        case "update", 0 | 1, _ if not any(isinstance(one, ast.Starred) for one in node.args):
            held = hold(infer, receiver, "entries", steps)
            failed = fill_dict(infer, node, held, node.args, node.keywords, steps)
            found = failed if failed is not None else constant(infer.span(node), None)
        case _:
            return None
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _pop_item(infer: FunctionInference, node: ast.Call, held: Known, steps: list[Step]) -> Fact:
    assert isinstance(held.type, DictRef)
    span, type_ = infer.span(node), held.type
    number = infer.library(node, "dictionaries", "last_entry", [held])
    if isinstance(number, Unknown):
        return number
    number = hold(infer, number, "number", steps)
    parts = []
    for name, item in (("keys", type_.key), ("values", type_.value)):
        storage = operated(span, ListRef(item), "record.get", held, name=name)
        parts.append(hold(infer, operated(span, item, "list.get", storage, number), name, steps))
    done = infer.library(node, "dictionaries", "remove_entry", [held, number])
    if isinstance(done, Unknown):
        return done
    steps.append(Evaluated(span, done))
    return make_tuple(infer, node, parts)


def _are_plain(node: ast.Call) -> bool:
    """Tell whether a call has no `*` or `**`, which may bring nothing."""
    return not any(isinstance(one, ast.Starred) for one in node.args) and all(one.arg is not None for one in node.keywords)


def _refused_arguments(infer: FunctionInference, node: ast.Call, receiver: Known, count: int, steps: list[Step]) -> Fact:
    """Return `receiver.popitem(…)` with arguments, of which a dict takes none: they are evaluated before it raises."""
    span = infer.span(node)
    steps.append(Evaluated(span, receiver))
    for argument in (*node.args, *[keyword.value for keyword in node.keywords]):
        with captured(infer, steps):
            value = infer.expression(argument)
        if isinstance(value, Unknown):
            return value
        steps.append(Evaluated(value.span, value))
    said = "takes no keyword arguments" if node.keywords else f"takes no arguments ({count} given)"
    steps.append(Raised(span, "TypeError", f"dict.popitem() {said}"))
    return Known(span, NEVER, Unreached())


def fill_dict(
    infer: FunctionInference,
    node: ast.AST,
    entries: Known,
    given: Sequence[ast.expr],
    keywords: Sequence[ast.keyword],
    steps: list[Step],
) -> Unknown | None:
    """Put what a dict or pairs hold into a dict, then what has names."""
    for argument in given:
        failed = _fill_from(infer, node, entries, argument, steps)
        if failed is not None:
            return failed
    if len(keywords) > 1 and any(keyword.arg is None for keyword in keywords):
        named = begin_dict(infer, keywords[0], steps)
        failed = named if isinstance(named, Unknown) else _fill_once(infer, node, named, keywords, steps)
        if failed is not None or isinstance(named, Unknown):
            return failed
        return _run(infer, node, steps, merge_entries(infer, node, entries, named))
    for keyword in keywords:
        with captured(infer, steps):
            value = infer.expression(keyword.value)
        if isinstance(value, Unknown):
            return value
        if keyword.arg is None:
            failed = _require_names(infer, keyword, value) or _run(infer, node, steps, merge_entries(infer, node, entries, value))
        else:
            failed = _run(infer, node, steps, store_entry(infer, node, entries, text_constant(infer, node, keyword.arg), value))
        if failed is not None:
            return failed
    return None


def _fill_once(
    infer: FunctionInference, node: ast.AST, entries: Known, keywords: Sequence[ast.keyword], steps: list[Step]
) -> Unknown | None:
    """Put what has names into a dict, and raise for a name that comes twice; of names that stand together all values come first."""
    waiting: list[tuple[Known, Known]] = []
    for place, keyword in enumerate(keywords):
        with captured(infer, steps):
            value = infer.expression(keyword.value)
        if isinstance(value, Unknown):
            return value
        if keyword.arg is not None:
            waiting.append((text_constant(infer, node, keyword.arg), hold(infer, value, "value", steps)))
            if keywords[place + 1 : place + 2] and keywords[place + 1].arg is not None:
                continue
        elif (failed := _require_names(infer, keyword, value)) is not None:
            return failed
        given = [("put_once", pair) for pair in waiting] if keyword.arg is not None else [("put_all_once", (value,))]
        waiting = []
        for written, values in given:
            with captured(infer, steps):
                done = infer.written(node, written, [entries, *values])
            if (failed := _run(infer, node, steps, done)) is not None:
                return failed
    return None


def _require_names(infer: FunctionInference, keyword: ast.keyword, mapping: Known) -> Unknown | None:
    if not isinstance(mapping.type, DictRef) or mapping.type.key not in (TEXT, NEVER):
        return infer.refuse("P0216", keyword, f"`**` of {mapping.type} is not translated", "give a dict whose keys are texts")
    return None


def _fill_from(infer: FunctionInference, node: ast.AST, entries: Known, argument: ast.expr, steps: list[Step]) -> Unknown | None:
    def store(item: Known, body: list[Step]) -> Unknown | None:
        parts = table.parts(infer, item, body)
        if parts is None or len(parts) != 2:
            return infer.refuse("P0308", node, f"{item.type} is no pair of a key and a value", "give pairs: zip(keys, values)")
        key, value = (hold(infer, part, name, body) for part, name in zip(parts, ("key", "value"), strict=True))
        return _run(infer, node, body, store_entry(infer, node, entries, key, value))

    if fuses(infer, argument):
        return for_each(infer, argument, steps, store)
    with captured(infer, steps):
        value = infer.expression(argument)
    if isinstance(value, Unknown):
        return value
    if isinstance(value.type, DictRef):
        return _run(infer, node, steps, merge_entries(infer, node, entries, value))
    stream = table.behaviour_of(value.type).stream(infer, argument, value, steps)
    if stream is None or isinstance(stream, Unknown):
        return stream or infer.refuse("P0308", node, f"a dict is not updated from {value.type}", "give pairs: zip(keys, values)")
    return loop(infer, node, stream, steps, store, None)


def dict_of_names(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `dict(name=value, …)` and `dict(entries, name=value, …)`."""
    steps: list[Step] = []
    made = begin_dict(infer, node, steps)
    failed = made if isinstance(made, Unknown) else fill_dict(infer, node, made, node.args, node.keywords, steps)
    if failed is not None or isinstance(made, Unknown):
        return failed if failed is not None else made
    return after(infer.span(node), steps, made)


def dict_from_keys(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `dict.fromkeys(keys)` and `dict.fromkeys(keys, value)`: one object is the value of every key."""
    steps: list[Step] = []
    made = begin_dict(infer, node, steps)
    gone_over: Fact = constant(infer.span(node), None)
    if not fuses(infer, node.args[0]):
        with captured(infer, steps):
            gone_over = infer.expression(node.args[0])
    with captured(infer, steps):
        value = infer.expression(node.args[1]) if len(node.args) == 2 else constant(infer.span(node), None)
    if isinstance(made, Unknown) or isinstance(value, Unknown) or isinstance(gone_over, Unknown):
        return next(fact for fact in (made, gone_over, value) if isinstance(fact, Unknown))
    held, entries = hold(infer, value, "value", steps), made

    def use(key: Known, body: list[Step]) -> Unknown | None:
        return _run(infer, node, body, store_entry(infer, node, entries, hold(infer, key, "key", body), held))

    if gone_over.type == NONE:
        failed = for_each(infer, node.args[0], steps, use)
    else:
        stream = table.behaviour_of(gone_over.type).stream(infer, node.args[0], gone_over, steps)
        if stream is None or isinstance(stream, Unknown):
            return stream or infer.refuse("P0308", node, f"no keys are taken from {gone_over.type}", "give a list, a str or a dict")
        failed = loop(infer, node, stream, steps, use, None)
    return failed if failed is not None else after(infer.span(node), steps, made)


def _run(infer: FunctionInference, node: ast.AST, steps: list[Step], done: Fact | None) -> Unknown | None:
    if isinstance(done, Unknown):
        return done
    assert done is not None
    steps.append(Evaluated(infer.span(node), done))
    return None
