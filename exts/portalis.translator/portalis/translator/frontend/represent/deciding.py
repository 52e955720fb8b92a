"""The decision: what each class of objects of a function is represented by, and what is told where that has no translation."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.frontend.facts.aliasing import Observation
from portalis.translator.frontend.infer.functions import Outcome
from portalis.translator.frontend.read.report import Report
from portalis.translator.frontend.represent.classes import AliasClass, alias_classes
from portalis.translator.frontend.represent.refusals import refuse_reference


@dataclass(frozen=True, slots=True)
class Represented:
    """The classes of objects of one function whose representation is not plain from their type."""

    classes: tuple[AliasClass, ...]

    def shows_a_reference(self, observation: Observation) -> bool:
        """Tell whether an observation is about a class that would have to be references."""
        return any(observation in one.observations and one.representation == "reference" for one in self.classes)


def represent(outcome: Outcome) -> Represented:
    """Decide for every class of objects that may be one: a value, unless two live names could see a change of it."""
    return Represented(alias_classes(outcome.shared, outcome.observations))


def refuse_references(report: Report, outcome: Outcome, represented: Represented) -> None:
    """Refuse what would need references, in the order in which it was observed."""
    for observation in outcome.observations:
        if represented.shows_a_reference(observation):
            refuse_reference(report, observation)
