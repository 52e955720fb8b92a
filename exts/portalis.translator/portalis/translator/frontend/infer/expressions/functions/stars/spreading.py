"""Arguments whose number, or whose names, are known at run time alone: what each parameter gets of them, and what is raised or stopped.

Too many or too few positional arguments raise what CPython raises; where the keys of a dict do not fit, the call is stopped.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portalis.translator.frontend.calls.binder import Parameters
from portalis.translator.frontend.facts.making import constant, hold, primitive
from portalis.translator.frontend.facts.model import (
    Assigned,
    Compared,
    Evaluated,
    Fact,
    Known,
    Load,
    Raised,
    Step,
    Stopped,
    Tested,
    Unknown,
)
from portalis.translator.frontend.infer.expressions.functions.stars.misfits import misfit_message, too_many
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.hashed import copy_of
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.showing import as_text
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import BOOL, INT, NEVER, NONE, TEXT, DictRef, ListRef

Default = Callable[[ast.expr], Fact]


@dataclass(slots=True)
class Settled:
    """What the parameters get: "*" and "**" before what has no name, as in `Bound`; `rest` and `named` are what is left over."""

    values: dict[str, Known] = field(default_factory=dict)
    rest: Known | None = None
    named: Known | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """One call with arguments of which not all are known."""

    infer: FunctionInference
    node: ast.Call
    parameters: Parameters
    qualified: str
    steps: list[Step]

    def settled(
        self, args: Sequence[Known], keywords: Mapping[str, Known], rest: Known | None, mapping: Known | None, default: Default
    ) -> Settled | Unknown:
        """Return what each parameter gets. The arguments are evaluated already."""
        if isinstance(mapping, Known) and isinstance(mapping.type, DictRef) and mapping.type.value == NEVER:
            # Nothing is ever put into it.
            mapping = None
        positional, nameable = self.parameters.positional, self.parameters.nameable
        found = Settled(dict(zip(positional, args, strict=False)))
        found.values |= {f"*{index}": args[index] for index in range(len(positional), len(args))}
        wrong = [name for name in keywords if name in found.values or (name not in nameable and self.parameters.named is None)]
        if wrong or (len(args) > len(positional) and not self.parameters.variadic):
            return self._refuse()
        found.values |= {name if name in nameable else f"**{name}": value for name, value in keywords.items()}
        open_ = [name for name in positional[len(args) :] if name not in keywords]
        if rest is not None:
            failed = self._spread_rest(found, open_, len(args), keywords, rest, mapping, default)
            if failed is not None:
                return failed
        named = [name for name in (*positional, *self.parameters.only_by_name) if name not in found.values]
        if mapping is not None:
            return self._spread_mapping(found, [name for name in named if name in nameable], mapping, default)
        return self._defaults(found, named, default)

    def _refuse(self) -> Unknown:
        shown = self.qualified.rpartition(".")[2]
        return self.infer.refuse("P0310", self.node, f"`{shown}` is not called with the arguments that it takes", "pass one for each")

    # ---------------------------------------------------------------------------------------------------------- positional
    def _spread_rest(
        self,
        found: Settled,
        open_: Sequence[str],
        before: int,
        keywords: Mapping[str, Known],
        rest: Known,
        mapping: Known | None,
        default: Default,
    ) -> Unknown | None:
        """Give the elements of a list to the parameters that are next."""
        assert isinstance(rest.type, ListRef)
        infer, span = self.infer, self.infer.span(self.node)
        positional = self.parameters.positional
        following = positional[before:]
        if any(name in keywords for name in following) and following[: len(open_)] != tuple(open_):
            return self._refuse()
        length = hold(infer, operated(span, INT, "list.length", rest), "length", self.steps)
        if failed := self._check_most(length, before, open_, keywords, following):
            return failed
        needed = [index for index, name in enumerate(open_) if name not in self.parameters.defaults]
        if mapping is not None and (needed or open_):
            return infer.refuse("P0216", self.node, "`*` and `**` of unknown arguments together are translated for `*args`", "name them")
        for given in range(needed[-1] + 1 if needed else 0):
            message = misfit_message(self.parameters, self.qualified, before + given, tuple(keywords))
            if message is not None:
                self.steps.append(Tested(span, self._compared("eq", length, given), (Raised(span, "TypeError", message),)))
        for index, name in enumerate(open_):
            element = operated(span, rest.type.item, "list.get", rest, constant(span, index))
            value = element if index in range(needed[-1] + 1 if needed else 0) else self._or_default(name, length, index, element, default)
            if isinstance(value, Unknown):
                return value
            found.values[name] = hold(infer, value, name, self.steps)
        if self.parameters.rest is not None:
            return self._leave_rest(found, rest, len(following))
        return None

    def _leave_rest(self, found: Settled, rest: Known, taken: int) -> Unknown | None:
        assert isinstance(rest.type, ListRef)
        left: Fact | None = rest
        if taken or not rest.type.frozen:
            left = self.infer.slice(self.node, rest, [constant(rest.span, taken), None, None])
        if not isinstance(left, Known) or not isinstance(left.type, ListRef):
            return left if isinstance(left, Unknown) else self._refuse()
        if not left.type.frozen:
            left = operated(left.span, ListRef(left.type.item, left.type.site, frozen=True), "list.freeze", left)
        found.rest = hold(self.infer, left, "rest", self.steps)
        return None

    def _check_most(
        self, length: Known, before: int, open_: Sequence[str], keywords: Mapping[str, Known], following: Sequence[str]
    ) -> Unknown | None:
        """Raise where there are more arguments than parameters, or one for a parameter that a keyword names."""
        span = self.infer.span(self.node)
        if len(open_) < len(following):
            message = f"{self.qualified}() got multiple values for argument '{following[len(open_)]}'"
            conflicting = [name for name in keywords if name in following]
            step: Step = Raised(span, "TypeError", message)
            if len(conflicting) > 1:
                step = Stopped(span, "several values for one argument, which CPython names in its TypeError")
            self.steps.append(Tested(span, self._compared("gt", length, len(open_)), (step,)))
            return None
        if self.parameters.variadic:
            return None
        by_name = sum(name in self.parameters.only_by_name for name in keywords)
        said, after_number = too_many(self.parameters, self.qualified, by_name, one=False)
        number = self.infer.binary(self.node, "+", length, constant(span, before))
        shown = as_text(self.infer, self.node, number) if isinstance(number, Known) else number
        text: Fact | None = text_constant(self.infer, self.node, said)
        for piece in (shown, text_constant(self.infer, self.node, after_number)):
            text = None if text is None or piece is None else self.infer.binary(self.node, "+", text, piece)
        if not isinstance(text, Known):
            return text or self._refuse()
        raised: list[Step] = [Evaluated(span, operated(span, NONE, "error.tell", text)), Raised(span, "TypeError", None, "text")]
        if not self.parameters.positional:
            one = Raised(span, "TypeError", misfit_message(self.parameters, self.qualified, 1, tuple(keywords)))
            self.steps.append(Tested(span, self._compared("eq", length, 1), (one,)))
        self.steps.append(Tested(span, self._compared("gt", length, len(open_)), tuple(raised)))
        return None

    def _compared(self, op: Comparison, value: Known, number: int) -> Known:
        return Known(value.span, BOOL, Compared(op, value, constant(value.span, number)))

    def _or_default(self, name: str, length: Known, index: int, element: Known, default: Default) -> Fact:
        expression = self.parameters.defaults[name]
        assert expression is not None
        otherwise = default(expression)
        return otherwise if isinstance(otherwise, Unknown) else self._either(self._compared("gt", length, index), element, otherwise)

    def _either(self, test: Known, then: Known, otherwise: Known) -> Fact:
        joined = self.infer.generalise(then.type, otherwise.type)
        if joined is None:
            return self.infer.refuse("P0302", self.node, "an argument and the default have no type together", "pass it")
        local, span = self.infer.temporary("given", joined), then.span
        one, other = (Assigned(span, local, coerced(self.infer, value, joined)) for value in (then, otherwise))
        self.steps.append(Tested(span, test, (one,), (other,)))
        return Known(span, joined, Load(local))

    def _defaults(self, found: Settled, names: Sequence[str], default: Default) -> Settled | Unknown:
        for name in names:
            expression = self.parameters.defaults.get(name)
            if expression is None:
                return self._refuse()
            value = default(expression)
            if isinstance(value, Unknown):
                return value
            found.values[name] = value
        return found

    # ---------------------------------------------------------------------------------------------------------- keywords
    def _spread_mapping(self, found: Settled, names: Sequence[str], mapping: Known, default: Default) -> Settled | Unknown:
        """Give the values of a dict to the parameters that have its keys for names; what is left goes to `**named`."""
        infer, span = self.infer, self.infer.span(self.node)
        if not isinstance(mapping.type, DictRef) or mapping.type.key not in (TEXT, NEVER):
            return infer.refuse("P0216", self.node, f"`**` of {mapping.type} is not translated", "pass a dict whose keys are texts")
        left = copy_of(infer, self.node, [mapping])
        if isinstance(left, Unknown):
            return left
        left = hold(infer, left, "named", self.steps)
        for name in found.values:
            key = name.removeprefix("**")
            if key in self.parameters.nameable or name.startswith("**"):
                failed = self._stop_where(infer.contains(self.node, text_constant(infer, self.node, key), left, False))
                if failed is not None:
                    return failed
        for name in names:
            value = self._taken(left, name, default)
            if isinstance(value, Unknown):
                return value
            found.values[name] = value
        by_position = [name for name in self.parameters.positional if name not in found.values]
        settled = self._defaults(found, by_position, default)
        if isinstance(settled, Unknown):
            return settled
        if self.parameters.named is not None:
            settled.named = left
            return settled
        used = hold(infer, operated(span, INT, "record.get", left, name="used"), "used", self.steps)
        self._stop_where(self._compared("gt", used, 0))
        return settled

    def _taken(self, left: Known, name: str, default: Default) -> Fact:
        infer, key = self.infer, text_constant(self.infer, self.node, name)
        there = infer.contains(self.node, key, left, False)
        if isinstance(there, Unknown):
            return there
        there = hold(infer, there, "there", self.steps)
        expression = self.parameters.defaults.get(name)
        if expression is None:
            self._stop_where(primitive(there.span, BOOL, "bool.not", there))
        value = infer.element(self.node, left, [key])
        done = infer.delete_element(self.node, left, key)
        if not isinstance(value, Known) or not isinstance(done, Known):
            return value if isinstance(value, Unknown) else done or self._refuse()
        if expression is None:
            found = hold(infer, value, name, self.steps)
            self.steps.append(Evaluated(found.span, done))
            return found
        otherwise = default(expression)
        found_or = otherwise if isinstance(otherwise, Unknown) else self._either(there, value, otherwise)
        self.steps.append(Tested(there.span, there, (Evaluated(there.span, done),)))
        return found_or

    def _stop_where(self, test: Fact) -> Unknown | None:
        if isinstance(test, Unknown):
            return test
        stopped = Stopped(test.span, "keywords that do not fit the parameters, which CPython names in its TypeError")
        self.steps.append(Tested(test.span, test, (stopped,)))
        return None
