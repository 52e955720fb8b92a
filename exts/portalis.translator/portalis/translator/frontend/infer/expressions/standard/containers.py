"""`collections`: making a `Counter`, a `defaultdict` or an `OrderedDict`, and their methods that go over what they are given."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from portalis.translator.frontend.facts.making import after, constant, hold, to_int
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.iterables import captured, for_each, fuses, loop
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.frontend.types.references.deque import begin_deque, is_deque, put_in_deque
from portalis.translator.frontend.types.references.dict_kinds import COUNTER, DEFAULT, FACTORIES, ORDERED, begin_entries, kind_of
from portalis.translator.frontend.types.references.hashed import as_key, grown_for, store_entry
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.ir.types import BOOL, INT, NEVER, NONE, DictRef


def make_counter(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `Counter()`, `Counter(values)` and `Counter(counts)`."""
    steps: list[Step] = []
    counter = begin_entries(infer, node, DictRef(NEVER, INT, kind=COUNTER), steps)
    if isinstance(counter, Unknown) or len(node.args) > 1:
        return counter if isinstance(counter, Unknown) else _misused(infer, node)
    failed = _count_all(infer, node, counter, node.args[0], 1, steps) if node.args else None
    if failed is None and node.keywords:
        failed = _count_named(infer, node, counter, steps)
    return failed if failed is not None else after(infer.span(node), steps, counter)


def _count_named(infer: FunctionInference, node: ast.Call, counter: Known, steps: list[Step]) -> Unknown | None:
    """Add the counts that are given by name."""
    if any(keyword.arg is None for keyword in node.keywords):
        return _misused(infer, node)
    with captured(infer, steps):
        facts = [infer.expression(keyword.value) for keyword in node.keywords]
        held = [hold(infer, to_int(fact), "count", steps) for fact in facts if isinstance(fact, Known)]
    if len(held) < len(facts) or any(one.type != INT for one in held):
        return next((fact for fact in facts if isinstance(fact, Unknown)), None) or _misused(infer, node)
    for keyword, value in zip(node.keywords, held, strict=True):
        key = text_constant(infer, node, keyword.arg or "")
        grown = grown_for(infer, counter, {"key": key, "value": value})
        stored = as_key(infer, grown, key)
        done = None if stored is None else infer.library(node, "counting", "count", [grown, stored, value])
        if not isinstance(done, Known):
            return done or _misused(infer, node)
        steps.append(Evaluated(infer.span(node), done))
    return None


def make_default(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `defaultdict(factory)` and `defaultdict(factory, entries)`; a factory is a class, or sees no variable of the function."""
    factory = _factory(infer, node.args[0]) if node.args and len(node.args) < 3 and not node.keywords else None
    if factory is None:
        help = "give it a class such as int or list, or a lambda that uses nothing of the function around it"
        return infer.refuse("P0310", node, "this `defaultdict` is not translated", help)
    infer.names.scope.visited.update(id(inner) for inner in ast.walk(node.args[0]))
    steps: list[Step] = []
    made = begin_entries(infer, node, DictRef(NEVER, NEVER, kind=f"{DEFAULT}.{factory}"), steps)
    if isinstance(made, Unknown):
        return made
    failed = _fill(infer, node, made, node.args[1:], steps)
    return failed if failed is not None else after(infer.span(node), steps, made)


def _factory(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return the name of what makes missing values; what it stands for is noted with the module."""
    match node:
        case ast.Name(id=name) if name in FACTORIES and not infer.shadows(name):
            return name
        case ast.Lambda(body=ast.Constant(value=int() | float() | str() as value)) if not _parameters(node.args):
            return f"lambda {value!r}"
        case ast.Lambda(body=body) if not _parameters(node.args):
            stored = {inner.id for inner in ast.walk(body) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
            name = f"lambda {ast.unparse(body)}"
        case ast.Name(id=own):
            body, stored, name = ast.copy_location(ast.Call(node, [], []), node), set(), own
        case _:
            return None
    read = {inner.id for inner in ast.walk(body) if isinstance(inner, ast.Name)}
    if any(one in infer.names.local for one in read - stored):
        return None
    infer.names.scope.factories.setdefault(name, body)
    return name


def _parameters(given: ast.arguments) -> bool:
    return bool(given.args or given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg)


def make_deque(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `deque()`, `deque(values)`, `deque(values, limit)` and `deque(maxlen=limit)`."""
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    if len(node.args) + len(named) > 2 or not named.keys() <= {"maxlen"} or any(isinstance(one, ast.Starred) for one in node.args):
        return _misused(infer, node)
    steps: list[Step] = []
    limit = _limit(infer, node, node.args[1] if len(node.args) == 2 else named.get("maxlen"), steps)
    queue = limit if isinstance(limit, Unknown) else begin_deque(infer, node, steps, limit)
    if isinstance(queue, Unknown):
        return queue
    failed = _extend_deque(infer, node, queue, node.args[0], "append", steps) if node.args else None
    return failed if failed is not None else after(infer.span(node), steps, queue)


def _limit(infer: FunctionInference, node: ast.Call, given: ast.expr | None, steps: list[Step]) -> Known | Unknown | None:
    """Return a deque's `maxlen`, None where there is none; it is evaluated before what fills the deque, so that it may do nothing else."""
    if given is None:
        return None
    value = infer.expression(given)
    if isinstance(value, Unknown) or value.type == NONE:
        return value if isinstance(value, Unknown) else None
    if value.type not in (INT, BOOL) or (node.args and not isinstance(given, ast.Constant | ast.Name)):
        return _misused(infer, node)
    limit = infer.library(node, "deques", "check_limit", [to_int(value)])
    return limit if isinstance(limit, Unknown) else hold(infer, limit, "limit", steps)


def _extend_deque(
    infer: FunctionInference, node: ast.Call, queue: Known, given: ast.expr, function: str, steps: list[Step]
) -> Unknown | None:
    def use(item: Known, body: list[Step]) -> Unknown | None:
        stored = put_in_deque(infer, node, queue, hold(infer, item, "item", body))
        done = stored if isinstance(stored, Unknown) else infer.library(node, "deques", function, stored)
        if isinstance(done, Known):
            body.append(Evaluated(infer.span(node), done))
        return done if isinstance(done, Unknown) else None

    if fuses(infer, given):
        return for_each(infer, given, steps, use)
    with captured(infer, steps):
        value = infer.expression(given)
    return value if isinstance(value, Unknown) else _go_over(infer, node, value, steps, use)


def call_deque_method(infer: FunctionInference, node: ast.Call, name: str, receiver: Known) -> Fact | None:
    """Return `queue.extend(…)` and `queue.extendleft(…)`; None for other methods and objects."""
    if not is_deque(receiver.type) or name not in ("extend", "extendleft"):
        return None
    if node.keywords or len(node.args) != 1:
        return _misused(infer, node)
    steps: list[Step] = []
    queue = hold(infer, receiver, "queue", steps)
    failed = _extend_deque(infer, node, queue, node.args[0], "append" if name == "extend" else "append_left", steps)
    return failed if failed is not None else after(infer.span(node), steps, constant(infer.span(node), None))


def make_ordered(infer: FunctionInference, node: ast.Call) -> Fact:
    """Infer `OrderedDict()`, `OrderedDict(pairs)` and `OrderedDict(entries)`."""
    steps: list[Step] = []
    made = begin_entries(infer, node, DictRef(NEVER, NEVER, kind=ORDERED), steps)
    if isinstance(made, Unknown) or node.keywords or len(node.args) > 1:
        return made if isinstance(made, Unknown) else _misused(infer, node)
    failed = _fill(infer, node, made, node.args, steps)
    return failed if failed is not None else after(infer.span(node), steps, made)


def _fill(infer: FunctionInference, node: ast.Call, made: Known, given: Sequence[ast.expr], steps: list[Step]) -> Unknown | None:
    """Fill a new dict with the entries or pairs that it is given, if any."""

    def use(item: Known, body: list[Step]) -> Unknown | None:
        parts = table.parts(infer, item, body)
        if parts is None or len(parts) != 2:
            return infer.refuse("P0308", node, f"{item.type} is no pair of a key and a value", "give pairs")
        key, value = (hold(infer, part, name, body) for part, name in zip(parts, ("key", "value"), strict=True))
        done = store_entry(infer, node, made, key, value)
        if isinstance(done, Known):
            body.append(Evaluated(infer.span(node), done))
        return done if isinstance(done, Unknown) else None

    if not given:
        return None
    if fuses(infer, given[0]):
        return for_each(infer, given[0], steps, use)
    with captured(infer, steps):
        value = infer.expression(given[0])
    if isinstance(value, Known) and isinstance(value.type, DictRef):
        held = hold(infer, value, "entries", steps)
        done = infer.library(node, "dictionaries", "update", [_as_kind(infer, made, held), held])
        if isinstance(done, Known):
            steps.append(Evaluated(infer.span(node), done))
        return done if isinstance(done, Unknown) else None
    return _go_over(infer, node, value, steps, use) if isinstance(value, Known) else value


def _as_kind(infer: FunctionInference, made: Known, given: Known) -> Known:
    """Let a new dict hold what another one holds."""
    assert isinstance(made.type, DictRef) and isinstance(given.type, DictRef)
    key, value = (Known(given.span, type_, given.operation) for type_ in (given.type.key, given.type.value))
    return grown_for(infer, made, {"key": key, "value": value})


def _misused(infer: FunctionInference, node: ast.Call) -> Unknown:
    return infer.refuse("P0310", node, f"`{ast.unparse(node.func)}` is not called like this here", "see Python's documentation of it")


def _go_over(
    infer: FunctionInference, node: ast.Call, value: Known, steps: list[Step], use: Callable[[Known, list[Step]], Unknown | None]
) -> Unknown | None:
    stream = table.behaviour_of(value.type).stream(infer, node, value, steps)
    if stream is None or isinstance(stream, Unknown):
        return infer.refuse("P0312", node, f"{value.type} cannot be iterated over here", "give it a list or a str")
    return loop(infer, node, stream, steps, use, None)


def _count_all(infer: FunctionInference, node: ast.Call, counter: Known, given: ast.expr, sign: int, steps: list[Step]) -> Unknown | None:
    """Add to a counter what is gone over, or the counts of a dict, or take it off (`sign` -1)."""

    def use(item: Known, body: list[Step]) -> Unknown | None:
        held = hold(infer, item, "counted", body)
        grown = grown_for(infer, counter, {"key": held, "value": constant(held.span, 0)})
        key = as_key(infer, grown, held)
        if key is None:
            return infer.refuse("P0302", node, f"{counter.type} cannot hold {held.type}", "count values of one type")
        done = infer.library(node, "counting", "count", [grown, key, constant(held.span, sign)])
        if isinstance(done, Known):
            body.append(Evaluated(held.span, done))
        return done if isinstance(done, Unknown) else None

    if fuses(infer, given):
        return for_each(infer, given, steps, use)
    with captured(infer, steps):
        value = infer.expression(given)
    if isinstance(value, Unknown):
        return value
    if not isinstance(value.type, DictRef):
        return _go_over(infer, node, value, steps, use)
    if value.type.value not in (INT, NEVER):
        return infer.refuse("P0308", node, f"{value.type} holds no counts", "count with ints")
    held = hold(infer, value, "counts", steps)
    with captured(infer, steps):
        done = infer.library(node, "counting", "add" if sign > 0 else "subtract", [_as_kind(infer, counter, held), held])
    if isinstance(done, Known):
        steps.append(Evaluated(infer.span(node), done))
    return done if isinstance(done, Unknown) else None


def call_counter_method(infer: FunctionInference, node: ast.Call, name: str, receiver: Known) -> Fact | None:
    """Return `counter.update(…)` and `counter.subtract(…)`; None for other methods and dicts."""
    if not isinstance(receiver.type, DictRef) or kind_of(receiver) != COUNTER or name not in ("update", "subtract"):
        return None
    if node.keywords or len(node.args) > 1:
        return _misused(infer, node)
    steps: list[Step] = []
    counter = hold(infer, receiver, "counter", steps)
    failed = _count_all(infer, node, counter, node.args[0], 1 if name == "update" else -1, steps) if node.args else None
    return failed if failed is not None else after(infer.span(node), steps, constant(infer.span(node), None))
