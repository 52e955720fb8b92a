"""Evaluated arguments to the parameters of a function: `*` and `**` on either side, defaults, and what CPython says of misfits.

Where how many arguments there are is known at run time alone, the steps before the call ask for it and raise what CPython raises.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portalis.translator.frontend.calls.binder import Bound, Misfit, Parameters, bind
from portalis.translator.frontend.calls.rows import arrange
from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.functions.stars.misfits import misfit_message
from portalis.translator.frontend.infer.expressions.functions.stars.spreading import Spread
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types.references.hashed import begin_dict, merge_entries, store_entry
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.frontend.types.unions.mistakes import Mistake, mistaken
from portalis.translator.ir.types import NEVER


@dataclass(frozen=True, slots=True)
class Arguments:
    """The evaluated arguments of a call, with the node of each.

    `rest` is a list, or a tuple of any length, of further positional arguments; `mapping` a dict of further keywords, and `later` are the
    keywords behind it.
    """

    args: list[Known]
    keywords: dict[str, Known]
    nodes: list[ast.expr | None]
    rest: Known | None = None
    mapping: Known | None = None
    later: frozenset[str] = frozenset()

    @property
    def values(self) -> list[Known]:
        """All of them, in the order of evaluation."""
        further = [one for one in (self.rest, self.mapping) if one is not None]
        return [*self.args, *self.keywords.values(), *further]

    def behind(self, receiver: Known | None) -> Arguments:
        """Return these arguments with another one before them."""
        if receiver is None:
            return self
        return Arguments([receiver, *self.args], self.keywords, [None, *self.nodes], self.rest, self.mapping, self.later)


@dataclass(slots=True)
class Binding:
    """One call that is bound: what its parameters get, and the steps before that."""

    infer: FunctionInference
    node: ast.Call
    parameters: Parameters
    qualified: str
    default: Callable[[ast.expr], Fact]
    steps: list[Step] = field(default_factory=list)

    def bind(self, given: Arguments) -> dict[str, Known] | Fact:
        """Return the value of each parameter; what stands for the call where there are none: a refusal, or what CPython raises."""
        if given.rest is not None or given.mapping is not None:
            spread = Spread(self.infer, self.node, self.parameters, self.qualified, self.steps)
            settled = spread.settled(given.args, given.keywords, given.rest, given.mapping, self.default)
            return settled if isinstance(settled, Unknown) else self._packed(settled.values, settled.rest, settled.named, given.later)
        bound = bind(self.parameters, len(given.args), tuple(given.keywords))
        if isinstance(bound, Misfit):
            return self._misfit(given, bound)
        defaults = self._defaults(bound)
        if isinstance(defaults, Unknown):
            return defaults
        if self.parameters.rest is None and self.parameters.named is None:
            values = arrange(self.infer, self.parameters, bound, given.values, defaults, self.steps)
            return dict(zip(self.parameters.order, values, strict=True))
        held = {name: hold(self.infer, given.values[index], name.strip("*"), self.steps) for name, index in bound.arguments}
        return self._packed({**held, **defaults}, None, None)

    def _defaults(self, bound: Bound) -> dict[str, Known] | Unknown:
        found: dict[str, Known] = {}
        for parameter in bound.defaulted:
            expression = self.parameters.defaults[parameter]
            assert expression is not None
            value = self.default(expression)
            if isinstance(value, Unknown):
                return value
            found[parameter] = value
        return found

    def _misfit(self, given: Arguments, misfit: Misfit) -> Fact:
        message = misfit_message(self.parameters, self.qualified, len(given.args), tuple(given.keywords))
        mistake = None if message is None else Mistake("TypeError", message)
        wrong = mistaken(self.infer, self.node, mistake, given.values, NEVER)
        if wrong is not None:
            return wrong
        expected, shown = len(self.parameters.positional), self.qualified.rpartition(".")[2]
        match misfit.kind:
            case "too many":
                problem = f"takes {expected} arguments, not {len(given.args)}"
            case "keyword":
                problem = f"takes no further argument `{misfit.names[0]}`"
            case "missing":
                problem = f"lacks the argument{'s' * (len(misfit.names) > 1)} {', '.join(misfit.names)}"
        return self.infer.refuse("P0310", self.node, f"`{shown}` {problem}", "pass one argument for each parameter without a default")

    def _packed(
        self, values: Mapping[str, Known], rest: Known | None, named: Known | None, later: frozenset[str] = frozenset()
    ) -> dict[str, Known] | Fact:
        """Return the values of the parameters, with what no parameter has a name for in a tuple and in a dict, `later` ones last."""
        further = [value for name, value in values.items() if name.startswith("*") and not name.startswith("**")]
        keywords = {name[2:]: value for name, value in values.items() if name.startswith("**")}
        found = {name: value for name, value in values.items() if not name.startswith("*")}
        if self.parameters.rest is not None:
            packed = make_tuple(self.infer, self.node, further) if rest is None else self._tuple(further, rest)
            if isinstance(packed, Unknown):
                return packed
            found[self.parameters.rest] = packed
        if self.parameters.named is not None:
            entries = self._dict(keywords, named, later)
            if isinstance(entries, Unknown):
                return entries
            found[self.parameters.named] = entries
        return {name: found[name] for name in self.parameters.order}

    def _tuple(self, further: list[Known], rest: Known) -> Fact:
        """Return a tuple of any length: what is known, and then the elements of another such tuple."""
        return rest if not further else self.infer.binary(self.node, "+", make_tuple(self.infer, self.node, further), rest)

    def _dict(self, keywords: Mapping[str, Known], named: Known | None, later: frozenset[str]) -> Fact:
        if named is not None and not keywords:
            return named
        made: Fact = begin_dict(self.infer, self.node, self.steps)
        made = self._stored(made, {name: value for name, value in keywords.items() if name not in later})
        if named is not None and isinstance(made, Known):
            merged = merge_entries(self.infer, self.node, made, named)
            if not isinstance(merged, Known):
                return merged or self._refuse_types()
            self.steps.append(Evaluated(made.span, merged))
        return self._stored(made, {name: value for name, value in keywords.items() if name in later})

    def _stored(self, made: Fact, keywords: Mapping[str, Known]) -> Fact:
        """Put keywords into a dict, if it is one; return it."""
        for name, value in keywords.items() if isinstance(made, Known) else ():
            assert isinstance(made, Known)
            done = store_entry(self.infer, self.node, made, text_constant(self.infer, self.node, name), value)
            if not isinstance(done, Known):
                return done or self._refuse_types()
            self.steps.append(Evaluated(made.span, done))
        return made

    def _refuse_types(self) -> Unknown:
        return self.infer.refuse("P0216", self.node, "these keywords are of too many types", "pass them in one dict")
