"""Which objects may be one, and what that makes of them."""

from __future__ import annotations

import ast

from portalis.translator.frontend.facts.aliasing import Homeless, Observation, Unordered, VisibleChange
from portalis.translator.frontend.represent.classes import AliasClass, alias_classes
from portalis.translator.ir.types import FLOAT, ListType

NODE = ast.Pass()
XS = ListType(FLOAT, 3)


def classes(shared: list[tuple[str, str]], observations: list[Observation]) -> dict[frozenset[str], AliasClass]:
    return {one.roots: one for one in alias_classes(shared, observations)}


def test_what_may_share_is_one_class() -> None:
    found = classes([("a", "b"), ("c", "b"), ("x", "y")], [])
    assert set(found) == {frozenset("abc"), frozenset("xy")}
    assert {one.representation for one in found.values()} == {"value"}


def test_a_change_that_somebody_sees_makes_the_whole_class_references() -> None:
    seen = VisibleChange(NODE, frozenset(("a", "@xs")), "a", "@xs", XS)
    found = classes([("a", "b"), ("x", "y")], [seen])
    assert found[frozenset(("a", "b", "@xs"))].representation == "reference"
    assert found[frozenset(("a", "b", "@xs"))].observations == (seen,)
    assert found[frozenset("xy")].representation == "value"


def test_observations_unite_classes_too() -> None:
    first, second = Unordered(NODE, frozenset("ab"), "a"), Unordered(NODE, frozenset("bc"), "b")
    (only,) = classes([], [first, second]).values()
    assert only.roots == frozenset("abc") and only.observations == (first, second)


def test_an_object_without_a_name_is_a_class_of_its_own() -> None:
    homeless = Homeless(NODE, frozenset(), XS)
    (only,) = classes([], [homeless]).values()
    assert only.observations == (homeless,) and only.representation == "reference"
