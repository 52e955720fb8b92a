"""Entries in abi.rs that take a message (`ir/wire.py`) and answer with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.callees import Callee
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.names import identifier, snake_case
from portalis.translator.backends.rust.object_operations import union_value
from portalis.translator.backends.rust.spread import spread
from portalis.translator.backends.rust.world import World
from portalis.translator.ir.types import (
    BoolType,
    DictRef,
    FloatType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)

# The variable of an entry that is its message; other functions are passed one by reference.
_OWN = "wire"


def print_wire_entry(world: World, export: str, symbol: str, callee: Callee, names: Sequence[str], call: str, root: str) -> str:
    """Return the entry that takes a message and gives another; `names` are the variables of `call`'s arguments."""
    function = callee.function
    lines = ["let mut wire = Message::new(message, bytes);"]
    passed = list(zip(names, function.params, strict=True))
    for name, param in passed:
        if not is_nothing(param.type):
            lines += spread(f"let {'mut ' if param.by_ref else ''}{name} = {take(world, param.type, _OWN)};")
    has_result = not is_nothing(function.result)
    given = give(world, function.result, "result", False, _OWN) if has_result else []
    after = [line for name, param in passed for line in give(world, param.type, name, False, _OWN)]
    outcome = f"let outcome = {call};" if callee.fallible else f"let result = {call};" if has_result else f"{call};"
    lines.append(outcome)
    given, after = ([line for one in statements for line in spread(one)] for statements in (given, after))
    if callee.fallible:
        held = "result" if given else "_" if has_result else "()"
        lines += ["let word = match outcome {", f"    Ok({held}) => {{", *(f"        {line}" for line in given), "        0", "    }"]
        told = ["if let Some(text) = error.told() {", "    wire.give_text(&text);", "}"] if function.tells else []
        failed = ["    Err(error) => {", *(f"        {line}" for line in told), "        error.word()", "    }", "};"]
        lines += failed if told else ["    Err(error) => error.word(),", "};"]
    else:
        lines += [*(given or ["let _ = result;"] * has_result), "let word = 0;"]
    if world.prints:
        # What a call that was stopped for good has printed lies in memory that is forgotten.
        lines[1:1] = [f"std::mem::forget({root}::take_written());"]
    written = f"{root}::take_written()" if world.prints else "Text::default()"
    after += [f"wire.give_text(&{written});"] * function.prints
    lines += [*after, "wire.finish(message);", "word"]
    body = "".join(f"    {line}\n" for line in lines)
    return f'#[export_name = "{export}"]\nunsafe extern "C" fn {symbol}(message: *mut u64, bytes: usize) -> u32 {{\n{body}}}\n'


def take(world: World, type_: Type, message: str) -> str:
    """Return the expression that takes a value."""
    if isinstance(type_, ListRef | DictRef) and type_.beside is not None:
        return f"{_nested(world.takers, 'take', type_)}({_reference(message)})"
    return _taken(world, type_, message)


def _nested(known: dict[Type, str], does: str, type_: ListRef | DictRef) -> str:
    """Return the name of the function that takes or gives objects which hold objects of their type."""
    return known.setdefault(type_, f"{does}_nested_{snake_case(type_.python_class)}{f'_{len(known) + 1}' if known else ''}")


def _reference(message: str) -> str:
    return f"&mut {message}" if message == _OWN else message


def print_nested(world: World) -> str:
    """Return the functions for objects that hold objects of their type: of those that entries take and give, and what these hold."""
    printed: dict[str, str] = {}
    while len(printed) < len(world.takers) + len(world.givers):
        for type_, name in list(world.takers.items()):
            head = f"fn {name}(message: &mut Message) -> {world.types.name_of(type_)} {{"
            printed[name] = _function(head, [_taken(world, type_, "message")])
        for type_, name in list(world.givers.items()):
            head = f"fn {name}(message: &mut Message, item: &{world.types.name_of(type_)}) {{"
            printed[name] = _function(head, _given(world, type_, "item", True, "message"))
    return "\n".join(printed.values())


def _function(head: str, lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in [head, *(f"    {row}" for line in lines for row in spread(line)), "}"])


def _taken(world: World, type_: Type, message: str) -> str:
    match type_:
        case IntType():
            return f"{message}.int()"
        case FloatType():
            return f"{message}.float()"
        case BoolType():
            return f"{message}.bool()"
        case NoneType() | NeverType():
            return "()"
        case TextType():
            return f"{message}.text()"
        case WideType():
            return f"{message}.wide()"
        case ListRef(item, _, frozen):
            return f"{message}.{'items' if frozen else 'list'}({_taker(world, item)})"
        case DictRef(key, value):
            return f"{message}.dict({_taker(world, key)}, {_taker(world, value)})"
        case RecordType(_, fields):
            rows = ", ".join(f"{identifier(name)}: {take(world, item, message)}" for name, item in fields)
            return f"{world.types.name_of(type_)} {{ {rows} }}"
        case VecType() | QuatType() | MatrixType():
            kind = "single" if "f32" in type_.slots else "float"
            return f"{world.types.name_of(type_)}([{', '.join([f'{message}.{kind}()'] * len(type_.elements))}])"
        case TupleType() | ListType():
            items = ", ".join(take(world, item, message) for item in type_.elements)
            if world.types.name_of(type_).startswith("["):
                return f"[{items}]"
            return f"({items},)" if len(type_.elements) == 1 else f"({items})"
        case UnionType(members):
            made = [(place, _made(world, type_, member, take(world, member, message))) for place, member in enumerate(members)]
            arms = [f"{place} => {value}" for place, value in made[:-1]] + [f"_ => {made[-1][1]}"]
            return f"match {message}.int() {{ {', '.join(arms)} }}"
        case SetRef(item, _, frozen):
            return f"{message}.{'frozen_set' if frozen else 'set'}({_taker(world, item)})"
        case LibraryRef(python_class="bytearray"):
            # Its list stands for it: whoever has the same one has the same object.
            return f"{world.types.name_of(type_)}::of({message}.list(Message::int))"
        case StrType() | LibraryRef():
            raise AssertionError(f"no message brings a {type_}")
        case _:
            assert_never(type_)


def _made(world: World, type_: UnionType, member: Type, value: str) -> str:
    made = union_value(world, type_, member, tree.Var(value))
    return f"{made.function}({value})" if isinstance(made, tree.Call) else made.text if isinstance(made, tree.Path) else ""


def _taker(world: World, type_: Type) -> str:
    text = take(world, type_, "message")
    if text.endswith("(message)"):
        return text.removesuffix("(message)")
    simple = text.removeprefix("message.").removesuffix("()")
    return f"Message::{simple}" if simple.isidentifier() else f"|{'message' if 'message' in text else '_'}| {text}"


def give(world: World, type_: Type, place: str, borrowed: bool, message: str) -> list[str]:
    """Return the statements that give the value of a place; a `borrowed` one is a variable that refers to it."""
    if isinstance(type_, ListRef | DictRef) and type_.beside is not None:
        return [f"{_nested(world.givers, 'give', type_)}({_reference(message)}, {place if borrowed else f'&{place}'});"]
    return _given(world, type_, place, borrowed, message)


def _given(world: World, type_: Type, place: str, borrowed: bool, message: str) -> list[str]:
    argument = place if borrowed else f"&{place}"
    match type_:
        case IntType():
            return [f"{message}.give_int({argument});"]
        case FloatType():
            return [f"{message}.give_float({argument});"]
        case BoolType():
            return [f"{message}.give_bool({argument});"]
        case NoneType() | NeverType():
            return []
        case TextType():
            return [f"{message}.give_text({argument});"]
        case WideType():
            return [f"{message}.give_wide({argument});"]
        case ListRef(item, _, frozen):
            return [f"{message}.give_{'items' if frozen else 'list'}({argument}, {_giver(world, item)});"]
        case DictRef(key, value):
            return [f"{message}.give_dict({argument}, {_giver(world, key)}, {_giver(world, value)});"]
        case SetRef(item, _, frozen):
            return [f"{message}.give_{'slots' if frozen else 'set'}({argument}, {_giver(world, item)});"]
        case RecordType(_, fields):
            return [line for name, item in fields for line in give(world, item, f"{place}.{identifier(name)}", False, message)]
        case VecType() | QuatType() | MatrixType():
            form = "&f64::from({})" if "f32" in type_.slots else "&{}"
            return [f"{message}.give_float({form.format(f'{place}[{number}]')});" for number in range(len(type_.elements))]
        case TupleType() | ListType():
            form = "[{}]" if world.types.name_of(type_).startswith("[") else ".{}"
            return [
                line
                for number, item in enumerate(type_.elements)
                for line in give(world, item, place + form.format(number), False, message)
            ]
        case UnionType(members):
            arms = []
            for number, member in enumerate(members):
                held = give(world, member, "value", True, message)
                given = [f"{message}.give_int(&{number});", *held]
                arms.append(f"{_made(world, type_, member, 'value' if held else '_')} => {{ {' '.join(given)} }}")
            return [f"match {argument} {{ {' '.join(arms)} }}"]
        case LibraryRef(python_class="bytearray"):
            return [f"{message}.give_list(&{place}.items(), Message::give_int);"]
        case StrType() | LibraryRef():
            raise AssertionError(f"no message holds a {type_}")
        case _:
            assert_never(type_)


def _giver(world: World, type_: Type) -> str:
    lines = give(world, type_, "item", True, "message")
    if not lines:
        return "|_, _| ()"
    if len(lines) == 1 and lines[0].endswith("(item);"):
        return lines[0].replace("message.", "Message::").removesuffix("(item);")
    if len(lines) == 1 and lines[0].endswith("(message, item);"):
        return lines[0].removesuffix("(message, item);")
    only = lines[0] if len(lines) == 1 and lines[0].startswith("match ") else f"{{ {' '.join(lines)} }}"
    return f"|message, item| {only}"
