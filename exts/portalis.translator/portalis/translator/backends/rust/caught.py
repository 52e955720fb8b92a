"""What is asked of an exception that was caught, which the IR knows by its error word and Rust holds as an `Error`."""

from __future__ import annotations

import functools

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.frames import is_word_of_exception
from portalis.translator.backends.rust.tree import Expr
from portalis.translator.backends.rust.type_names import NotInRust
from portalis.translator.backends.rust.writer import FunctionWriter
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.exceptions import LIMIT


class Caught(FunctionWriter):
    """Writes questions about exceptions."""

    def error_operation(self, node: ir.ObjectOp) -> Expr:
        """Return what is asked of an exception that was caught, whose error word its variable stands for."""
        if node.op == "error.told":
            if not self.caught:
                raise NotInRust(f"{node.span}: of which exception a text is asked is not known")
            return tree.Method(tree.Var(self.caught[-1]), "told_text", (), pure=True)
        error = self.caught_error(node)
        match node.op:
            case "error.is":
                return self.is_of(error, node.name)
            case "error.form":
                return tree.Method(error, "form", (), pure=True)
            case "error.class":
                return tree.Method(error, "class_name", (), pure=True)
            case "error.argument" | "error.message" if any(map(has_surrogate, self.world.constant_messages)):
                raise NotInRust("a message with a lone surrogate is nothing that a crate's errors hold")
            case "error.argument":
                return tree.Method(error, "argument", (), pure=True)
            case "error.message":
                return tree.Method(error, "message_text", (), pure=True)
        raise NotInRust(f"{node.op} has no Rust yet")

    def caught_error(self, node: ir.ObjectOp) -> Expr:
        """Return the exception that an operation's error word stands for."""
        word = node.args[0] if node.args else None
        if word is not None and is_word_of_exception(word):
            return self.expr(word)
        if not isinstance(word, ir.Local) or self.locals[word.name] not in self.errors:
            raise NotInRust(f"{node.op} of what is no variable of a handler has no Rust")
        return tree.Var(self.locals[word.name])

    def is_of(self, error: Expr, classes: str) -> Expr:
        """Return whether an exception is of one of the classes, whose names have blanks between them."""
        if classes == LIMIT:
            recursive = any(function.recursive for function in self.world.program.functions)
            return tree.Method(error, "is_limit", (), pure=True) if recursive else tree.Literal("false", "other")
        found, every = self.world.classes_of(classes)
        if not found or found == every:
            return tree.Literal("true" if found else "false", "other")
        tests: list[Expr] = []
        for name in dict.fromkeys(classes.split()):
            if name != LIMIT:
                tests.append(tree.Method(error, "is", (tree.Path(self.world.kinds.path(name)),), pure=True))
            elif any(function.recursive for function in self.world.program.functions):
                tests.append(tree.Method(error, "is_limit", (), pure=True))
        return functools.reduce(lambda left, right: tree.Binary("||", left, right), tests)


def has_surrogate(text: str) -> bool:
    """Tell whether a text has half of a character, which no Rust string can hold."""
    return any(0xD800 <= ord(character) <= 0xDFFF for character in text)
