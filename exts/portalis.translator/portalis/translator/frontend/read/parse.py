"""Source text to a Python syntax tree, with everything that can go wrong on the way told as diagnostics."""

from __future__ import annotations

import ast
import warnings

from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.frontend.read.report import Report
from portalis.translator.frontend.read.tree import below, bound_names, walk
from portalis.translator.ir.ops import INT_MAX
from portalis.translator.source import SourceFile, Span

MAX_STATEMENTS = 1000
MAX_PARAMETERS = 255
MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 90


def parse(source: SourceFile, report: Report, *, library: bool = False) -> ast.Module | None:
    """Parse a module; return None (with refusals in `report`) where it is no Python or goes beyond the limits.

    A module of the `library` is one of CPython's too, and within them.
    """
    start = Span(source.path, 1, 1, 1, 2)
    text = source.text.removeprefix("\ufeff")
    if len(text) > MAX_CHARACTERS:
        report.refuse(
            "P0005", start, f"the source has {len(text)} characters; {MAX_CHARACTERS} are the most", "split it into smaller files"
        )
        return None
    if "\0" in text:
        report.refuse("P0004", start, "the source holds a NUL character", "save the file as text (UTF-8)")
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text, source.path)
            # Some of CPython's syntax errors (a `return` outside a function, a parameter twice) are found only by its compiler.
            if not library:
                compile(module, source.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        _syntax_error(error, source, report)
        return None
    except (RecursionError, MemoryError) as error:
        if isinstance(error, MemoryError) and running_version() >= (3, 12) and not str(error):
            # Since 3.12 the parser says of itself when it gives up; before, both look alike.
            raise
        report.refuse("P0005", start, "the source is nested too deeply to be parsed", "split the expression into several assignments")
        return None
    except (ValueError, OverflowError) as error:
        report.refuse("P0001", start, f"the source cannot be parsed: {error}", "save the file as text (UTF-8)")
        return None
    if not module.body:
        report.refuse("P0002", start, "the file holds no code", "write a function: def update(position: Gf.Vec3d, delta_time: float): …")
        return None
    if not library:
        _check_limits(module, report)
    module.body = [one for statement in module.body for one in _separated(statement)]
    if "lambda" in text:
        _name_lambdas(module)
    return module


def _separated(statement: ast.stmt) -> list[ast.stmt]:
    """Return `A, B = 0, 1` as the two assignments that it is where no value has one of the names."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            reads = {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}
            if len(names) == len(targets) and not names & reads and not any(isinstance(value, ast.Starred) for value in values):
                return [ast.copy_location(ast.Assign([target], value), value) for target, value in zip(targets, values, strict=True)]
    return [statement]


def _name_lambdas(module: ast.Module) -> None:
    """Let `name = lambda …` of a module be the `def` that it is, where nothing else binds the name."""
    bound = [name for node in walk(module) for name in _bound(node)]
    declared = {name for node in walk(module) if isinstance(node, ast.Global) for name in node.names}
    for place, statement in enumerate(module.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=args, body=body)) if bound.count(name) == 1:
                if name not in declared:
                    returned = ast.copy_location(ast.Return(body), body)
                    made = ast.FunctionDef(name=name, args=args, body=[returned], decorator_list=[], returns=None)
                    if "type_params" in ast.FunctionDef._fields:
                        made.type_params = []  # type: ignore[attr-defined, unused-ignore]
                    module.body[place] = ast.copy_location(made, statement)
            case _:
                pass


def _bound(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    return bound_names(node)


def _syntax_error(error: SyntaxError, source: SourceFile, report: Report) -> None:
    line = min(max(1, error.lineno or 1), len(source.lines))
    column = max(1, error.offset or 1)
    end_line = error.end_lineno if error.end_lineno and error.end_lineno >= line else line
    end = error.end_offset if error.end_offset and (end_line, error.end_offset) > (line, column) else column + 1
    span = Span(source.path, line, column, end_line, end)
    message = error.msg or "invalid syntax"
    if isinstance(error, TabError):
        report.refuse("P0006", span, message, "indent with four spaces everywhere; never mix tabs and spaces in one block")
    elif isinstance(error, IndentationError):
        report.refuse("P0001", span, message, "align the block with its neighbours; Python's usual indent is four spaces")
    elif "too many statically nested blocks" in message or "too many nested parentheses" in message or "too many levels" in message:
        report.refuse("P0005", span, message, "move the inner part into a function, or split the expression")
    elif "integer string conversion" in message:
        report.refuse("P0007", span, "this integer literal does not fit in 64 bits", f"use numbers up to {INT_MAX}, or a float: 1e30")
    else:
        report.refuse("P0001", span, message, "correct the text at the mark: CPython cannot read this file either")


def _check_limits(module: ast.Module, report: Report) -> None:
    """Refuse trees that recursion over them could not survive; iterative, since the tree may be very deep."""
    level: list[ast.AST] = [module]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            where = next((node for node in level if hasattr(node, "lineno")), module)
            report.refuse(
                "P0005",
                where,
                f"the code is nested more than {MAX_DEPTH} levels deep here",
                "split it into several assignments or functions",
            )
            return
        level = below(level)


def count_statements(function: ast.AST) -> int:
    """Return how many statements a function's body holds, nested ones included."""
    count = 0
    pending: list[ast.AST] = [function]
    while pending:
        node = pending.pop()
        inner = [item for field in ("body", "orelse", "finalbody", "handlers", "cases") for item in getattr(node, field, ())]
        count += sum(isinstance(item, ast.stmt) for item in inner)
        pending += inner
    return count
