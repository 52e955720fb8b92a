"""`isinstance`: decided from the type of a value, by the types that its second argument names."""

from __future__ import annotations

import ast
import collections
import collections.abc
import numbers
import types
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import decided
from portalis.translator.frontend.facts.model import Fact, Known
from portalis.translator.frontend.read.annotations import GF_NAMES, gf_name
from portalis.translator.frontend.types.references.slicing import is_slice
from portalis.translator.frontend.types.unions.exceptions import is_of, named_exceptions
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.closures import is_function
from portalis.translator.ir.exceptions import EXCEPTION, ancestry
from portalis.translator.ir.instances import is_exception, is_named, kind_of_member
from portalis.translator.ir.instances import is_instance as is_object
from portalis.translator.ir.types import NEVER, RecordType, TupleType, Type, UnionType
from portalis.translator.library.import_time import ABSTRACT_CLASSES, ABSTRACT_METHODS

# Tells whether values of a type are of a class, or of one of several; None where that is not known.
Question: TypeAlias = Callable[[Type], bool | None]

_BUILTIN: Final[Mapping[str, type]] = MappingProxyType(
    {kind.__name__: kind for kind in (object, int, float, bool, str, tuple, list, dict, set, frozenset, complex, bytes, bytearray, slice)}
)
_COLLECTIONS: Final[Mapping[str, type]] = MappingProxyType(
    {kind.__name__: kind for kind in (collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque)}
)
_CLASSES: Final[Mapping[str, type]] = MappingProxyType(
    {**_BUILTIN, **_COLLECTIONS, "NoneType": types.NoneType, "generator": types.GeneratorType}
)
_ABSTRACT: Final[Mapping[str, type]] = MappingProxyType(
    {name: getattr(module, name) for module in (collections.abc, numbers) for name in ABSTRACT_CLASSES[module.__name__]}
)
# `import collections` and `import collections.abc`.
_COLLECTIONS_IMPORTED: Final = (("standard", "collections"), ("typing", ""))
_NONE_TYPE: Final = ast.parse("type(None)", mode="eval").body


def is_instance(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `isinstance(value, kinds)`."""
    if isinstance(args[0].type, UnionType):
        return by_member(infer, node, args, lambda parts: is_instance(infer, node, parts), lambda types: None)
    names = named_exceptions(infer, node.args[1])
    if names is not None:
        infer.scope.visited.update(map(id, ast.walk(node.args[1])))
        if is_exception(args[0].type):
            above = ancestry(args[0].type.python_class, infer.scope.exceptions)
            return decided(infer, node, not above.isdisjoint(names.split()), args)
        return is_of(infer, node, args[0], names) if args[0].type == EXCEPTION else decided(infer, node, False, args)
    wanted = kinds_of(infer, node.args[1])
    answer = None if wanted is None else wanted(args[0].type)
    if answer is None:
        return infer.refuse(
            "P0315",
            node,
            "this isinstance cannot be decided when it is translated",
            "test for a built-in type, a class of the file, a Gf type, or an abstract class of collections.abc or numbers",
        )
    _keep(infer, node.args[1])
    return decided(infer, node, answer, args)


def _keep(infer: Inference, kinds: ast.expr) -> None:
    """Have whoever executes the program find what its `isinstance` names."""
    infer.scope.visited.update(map(id, ast.walk(kinds)))
    for node in ast.walk(kinds):
        if isinstance(node, ast.Name) and node.id not in infer.scope.asked and (found := infer.meant(node.id)) is not None:
            infer.scope.asked.add(node.id)
            if isinstance(found, ast.expr):
                _keep(infer, found)


def kinds_of(infer: Inference, node: ast.expr) -> Question | None:
    """Return which types are of the classes that the second argument of `isinstance` names; None where one is not known."""
    questions = []
    for kind in _kinds(infer, node):
        question = _question(infer, kind)
        if question is None:
            return None
        questions.append(question)
    return lambda type_: _any([question(type_) for question in questions])


def _any(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _kinds(infer: Inference, node: ast.expr, seen: Collection[str] = ()) -> Iterator[ast.expr]:
    """Yield what names single classes: the elements of tuples and unions, however deep, and what constants of the module stand for."""
    match node:
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _kinds(infer, part, seen)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            for part in (left, right):
                yield from [_NONE_TYPE] if isinstance(part, ast.Constant) and part.value is None else _kinds(infer, part, seen)
        case ast.Name(id=name) if name not in seen and isinstance(constant := infer.meant(name), ast.Tuple | ast.BinOp | ast.Name):
            yield from _kinds(infer, constant, {*seen, name})
        case _:
            yield node


def _question(infer: Inference, kind: ast.expr) -> Question | None:
    name = gf_name(kind, infer.scope)
    if name is not None:
        return (lambda type_: GF_NAMES[name] == type_) if name in GF_NAMES else None
    derives = infer.lineage(kind)
    if derives is not None:
        return derives
    wanted = _class_named(infer, kind)
    return None if wanted is None else lambda type_: _is_of(infer, type_, wanted)


def _is_of(infer: Inference, type_: Type, wanted: type) -> bool | None:
    if type_ == NEVER:
        return False
    found = _class_of(type_)
    if found is not None and issubclass(found, wanted):
        return True
    if wanted not in _ABSTRACT.values():
        return wanted is object
    if is_object(type_):
        return _has_methods(infer, type_, ABSTRACT_METHODS.get(wanted.__name__))
    return None if found is None or is_named(type_) else False


def _has_methods(infer: Inference, type_: Type, names: Sequence[str] | None) -> bool | None:
    return None if names is None else all(infer.has_special(type_, name) for name in names)


def _class_of(type_: Type) -> type | None:
    """Return the class of Python's own that values of a type are of, or that theirs derives from; None where there is none."""
    if is_slice(type_):
        return slice
    if isinstance(type_, TupleType):
        return tuple
    if (kind := kind_of_member(type_)) is not None:
        return _CLASSES.get(kind.lower())
    if is_function(type_):
        return types.FunctionType
    return None if is_object(type_) or type(type_) is RecordType else _CLASSES.get(type_.python_class)


def _class_named(infer: Inference, node: ast.expr) -> type | None:
    """Return the class of Python's own that an expression names; None where it names none of which it is known what is one."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[ast.Constant(value=None)], keywords=[]) if not infer.shadows("type"):
            return types.NoneType
        case ast.Name(id=name) if not infer.shadows(name):
            return _BUILTIN.get(name)
        case ast.Name(id=name):
            match infer.meant(name):
                case ("standard", imported):
                    return _COLLECTIONS.get(imported.removeprefix("collections."))
                case ("typing", imported) if imported in _ABSTRACT:
                    return _ABSTRACT[imported]
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="collections"), attr="abc"), attr=name):
            known = name in ABSTRACT_CLASSES["collections.abc"] and infer.meant("collections") in _COLLECTIONS_IMPORTED
            return _ABSTRACT[name] if known else None
        case ast.Attribute(value=ast.Name(id="numbers"), attr=name):
            return _ABSTRACT[name] if name in ABSTRACT_CLASSES["numbers"] and infer.meant("numbers") == ("typing", "") else None
        case ast.Attribute(value=ast.Name(id="collections"), attr=name) if infer.meant("collections") == ("standard", "collections"):
            return _COLLECTIONS.get(name)
    return None
