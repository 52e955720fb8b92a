"""Which functions a crate needs, decided on what is printed: some calls become operators of Rust's own, some are never reached."""

from __future__ import annotations

import dataclasses

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.functions import Printed, make_function
from portalis.translator.backends.rust.traversal import rebuild, walk
from portalis.translator.backends.rust.world import World
from portalis.translator.ir.abi import scalar_entries


def translate(world: World) -> list[Printed]:
    """Translate the entries and what they reach, in the program's order; `world` then knows exactly the sites and tables in use."""
    made: dict[str, Printed] = {}
    for name in world.called:  # which grows on the way
        if name not in made:
            made[name] = make_function(world, world.program.function(name))
    needed = _needed(world, made)
    printed = [made[function.name] for function in world.program.functions if function.name in needed]
    paths = {part.text for item in printed for part in walk(item.body) if isinstance(part, tree.Path)}
    world.keep(paths)
    names = world.site_names()
    return [dataclasses.replace(item, body=_with_sites(item.body, names)) for item in printed]


def _needed(world: World, made: dict[str, Printed]) -> set[str]:
    entries = {name for _, name in scalar_entries(world.program)}
    # The user's functions are the crate's interface, and an operator is not told apart from arithmetic: those stay.
    pending = [name for name, item in made.items() if name in entries or not item.callee.function.library or item.callee.operator]
    needed: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            calls, module = _calls(made[name]), made[name].callee.module
            pending += [other for other, item in made.items() if item.callee.spelling(module) in calls]
    return needed


def _calls(item: Printed) -> set[str]:
    calls = set()
    for part in walk(item.body):
        match part:
            case tree.Call(function):
                calls.add(function)
            case tree.Method(_, name):
                calls.add(f".{name}")
    return calls


def _with_sites(body: tree.Block, names: dict[str, str]) -> tree.Block:
    def expr(item: tree.Expr) -> tree.Expr:
        if isinstance(item, tree.Path) and item.text in names:
            return tree.Path(names[item.text])
        return rebuild(item, expr, statements)

    def statements(items: tree.Body) -> tree.Body:
        return tuple(rebuild(item, expr, statements) for item in items)

    return rebuild(body, expr, statements)
