"""What becomes of a module's containers in its functions: CPython has one object of each, for all calls.

A translation makes it anew where it is named, which nobody sees as long as it is only read. `levels` is how many objects that can change
lie in one another: 1 for a list of ints, 2 for a list of these.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.read.module_scope import ModuleScope

# Functions and methods whose result has nothing of their argument in it.
_LOOKS = frozenset(("len", "str", "repr", "print", "bool", "isinstance", "type", "any", "all", "deepcopy", "join", "dumps", "prod", "fsum"))
# Those that take the elements of their argument, and keep nothing else of it.
_TAKES = frozenset(
    (
        "list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "min", "max", "enumerate", "zip", "reversed", "map", "filter", "iter",
        "Counter", "deque", "OrderedDict", "copy", "extend", "update", "union", "intersection", "difference", "symmetric_difference",
        "issubset", "issuperset", "isdisjoint", "bisect", "bisect_left", "bisect_right", "combinations", "permutations", "product",
        "accumulate", "chain", "islice", "cycle", "mean", "median", "fmean", "reduce", "nlargest", "nsmallest", "choice", "sample",
    )
)  # fmt: skip
_LOOKING_METHODS = frozenset(("index", "count", "keys", "isdisjoint", "issubset", "issuperset"))
_TAKING_METHODS = frozenset(
    ("items", "values", "copy", "union", "intersection", "difference", "symmetric_difference", "most_common", "elements")
)


class ConstantUses:
    """The functions of a module, and where in them something lies."""

    def __init__(self, scope: ModuleScope) -> None:
        self._scope = scope
        self._parents = scope.parents
        self._assumed: set[tuple[int, str, int]] = set()
        for root in (*scope.functions.values(), *scope.classes.values()) if not scope.parents else ():
            for node in ast.walk(root):
                for child in ast.iter_child_nodes(node):
                    self._parents[id(child)] = node

    def lies_in_a_function(self, node: ast.expr) -> bool:
        """Tell whether a node belongs to what runs when a function is called: neither to a default nor to a class's body."""
        child: ast.AST | None = node
        while child is not None:
            parent = self._parents.get(id(child))
            if isinstance(parent, ast.FunctionDef | ast.Lambda):
                return child is not parent.args
            child = parent
        return False

    def are_returned(self, node: ast.expr) -> bool:
        """Tell whether an expression is what a function returns, or a part of it."""
        parent = self._parents.get(id(node))
        while isinstance(parent, ast.Tuple | ast.IfExp | ast.BoolOp):
            parent = self._parents.get(id(parent))
        return isinstance(parent, ast.Return)

    def only_read(self, node: ast.expr, levels: int, *, keyed: bool = False) -> bool:
        """Tell whether nobody can change, keep or compare the identity of the object that an expression names.

        Whoever goes over one that is `keyed` gets keys, which cannot change.
        """
        if levels < 1:
            return True
        parent = self._parents.get(id(node))
        if keyed and isinstance(parent, ast.For | ast.comprehension | ast.Starred):
            return True
        match parent:
            case ast.Subscript(value=value, slice=index):
                if value is not node:
                    return True
                return isinstance(parent.ctx, ast.Load) and self._taken(parent, levels, whole=isinstance(index, ast.Slice))
            case ast.Compare(ops=ops):
                return not any(isinstance(op, ast.Is | ast.IsNot) for op in ops)
            case ast.Call():
                return self._passed(parent, node, levels)
            case ast.keyword(arg=name):
                call = self._parents.get(id(parent))
                return isinstance(call, ast.Call) and name is not None and self._is_read_by(call, name, levels)
            case ast.Attribute(attr=name):
                return self._method(parent, name, levels)
            case ast.For(iter=value, target=target) | ast.comprehension(iter=value, target=target):
                return value is not node or self._bound(target, levels - 1)
            case ast.Assign(targets=targets):
                return all(self._bound(target, levels if isinstance(target, ast.Name) else levels - 1) for target in targets)
            case ast.AnnAssign(target=ast.Name() as target):
                return self._bound(target, levels)
            case ast.NamedExpr(target=target):
                return self._bound(target, levels) and self.only_read(parent, levels)
            case ast.BinOp() | ast.BoolOp() | ast.IfExp(body=_):
                return self._combined(parent, node, levels)
            case ast.If() | ast.While() | ast.UnaryOp() | ast.FormattedValue() | ast.Expr() | ast.Assert() | ast.Slice():
                return True
            case ast.Starred() | ast.AugAssign():
                return levels == 1 and (isinstance(parent, ast.Starred) or parent.value is node)
            case _:
                return False

    def _combined(self, parent: ast.expr, node: ast.expr, levels: int) -> bool:
        if isinstance(parent, ast.IfExp) and parent.test is node:
            return True
        return (isinstance(parent, ast.BinOp) and levels == 1) or self.only_read(parent, levels)

    def _taken(self, made: ast.expr, levels: int, *, whole: bool) -> bool:
        """Tell whether elements are only read, of which an expression gives one, or an object of its own that holds them."""
        return levels == 1 or self.only_read(made, levels if whole else levels - 1)

    def _method(self, function: ast.Attribute, name: str, levels: int) -> bool:
        call = self._parents.get(id(function))
        if not (isinstance(call, ast.Call) and call.func is function):
            return False
        if name in _LOOKING_METHODS:
            return True
        return (name == "get" or name in _TAKING_METHODS) and self._taken(call, levels, whole=name != "get")

    def _passed(self, call: ast.Call, node: ast.expr, levels: int) -> bool:
        if node is call.func:
            return True
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if isinstance(call.func, ast.Name) and name in self._scope.functions:
            parameters = [*self._scope.functions[name].args.posonlyargs, *self._scope.functions[name].args.args]
            index = call.args.index(node)
            starred = any(isinstance(argument, ast.Starred) for argument in call.args[:index])
            return not starred and index < len(parameters) and self._is_read_by(call, parameters[index].arg, levels)
        return name in _LOOKS or (name in _TAKES and self._taken(call, levels, whole=True))

    def _is_read_by(self, call: ast.Call, parameter: str, levels: int) -> bool:
        """Tell whether a function of the module that is called only reads one of its parameters."""
        if not (isinstance(call.func, ast.Name) and call.func.id in self._scope.functions):
            return False
        return self._read_in(self._scope.functions[call.func.id], parameter, levels)

    def _bound(self, target: ast.expr, levels: int) -> bool:
        """Tell whether the names of a target are only read in their function."""
        owner: ast.AST | None = target
        while owner is not None and not isinstance(owner, ast.FunctionDef):
            owner = self._parents.get(id(owner))
        names = [inner for inner in ast.walk(target) if isinstance(inner, ast.expr) and not isinstance(inner, ast.Tuple | ast.List)]
        plain = all(isinstance(name, ast.Name) for name in names)
        return levels < 1 or (
            plain
            and isinstance(owner, ast.FunctionDef)
            and all(self._read_in(owner, name.id, levels) for name in names if isinstance(name, ast.Name))
        )

    def _read_in(self, function: ast.FunctionDef, name: str, levels: int) -> bool:
        key = id(function), name, levels
        if key in self._assumed:
            return True
        self._assumed.add(key)
        read = all(self.only_read(use, levels) for use in _uses(function, name))
        if not read:
            self._assumed.discard(key)
        return read


def _uses(function: ast.FunctionDef, name: str) -> Iterator[ast.Name]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            yield node
