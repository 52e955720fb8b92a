"""Values that may not be there."""


def best(scores: dict[str, float], names: list[str], floor: float | None = None) -> str | None:
    """Return which of the names has the best score, if one has any that is above the floor.

    >>> best({"a": 1.0, "b": 2.5}, ["a", "b", "c"])
    'b'
    """
    found: str | None = None
    for name in names:
        score = scores.get(name)
        if score is None or (floor is not None and score <= floor):
            continue
        if found is None or score > scores[found]:
            found = name
    return found
