"""Groups of a pattern as the types of its matches tell them: a name or "", and behind it marks."""

from __future__ import annotations

from collections.abc import Sequence

from portalis.translator.ir.types import OPTIONAL

# Behind the name of a group: that it stands inside of another one, that it may close before one with a smaller number does, or that it is
# one of those of which one takes part in every match.
INSIDE, ANY_ORDER, ONE_OF = "~", "!", "="


def name_of_group(group: str) -> str:
    """Return the name of a group, "" for one without."""
    return group.rstrip(OPTIONAL + INSIDE + ANY_ORDER + ONE_OF)


def closing(groups: Sequence[str]) -> tuple[list[int], bool] | None:
    """Return the numbers of the groups that stand in no other one, of which the last that took part closed last; whether one always did.

    None where a group may close before one with a smaller number.
    """
    placed = [group.removesuffix(OPTIONAL) for group in groups]
    if any(group.endswith(ANY_ORDER) for group in placed):
        return None
    numbers = [number for number, group in enumerate(placed, start=1) if not group.endswith(INSIDE)]
    return numbers, any(group.endswith(ONE_OF) for group in placed)


def groups_of_both(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what is known of the groups of a match of either pattern; None where their names differ."""
    if [*map(name_of_group, left)] != [*map(name_of_group, right)]:
        return None
    return tuple([_of_both(one, other) for one, other in zip(left, right, strict=True)])


def _of_both(one: str, other: str) -> str:
    """Return a group that may have taken no part where it may in one; where they stand otherwise, nothing is known of their order."""
    placed = one.removesuffix(OPTIONAL), other.removesuffix(OPTIONAL)
    kept = placed[0] if placed[0] == placed[1] else name_of_group(one) + ANY_ORDER
    return kept + (OPTIONAL if one.endswith(OPTIONAL) or other.endswith(OPTIONAL) else "")
