"""Who can be reached from where."""


def reachable(edges: list[tuple[int, int]], start: int) -> list[int]:
    """Return the nodes that edges lead to, from a node on, in order.

    >>> reachable([(1, 2), (2, 3), (4, 1)], 1)
    [1, 2, 3]
    """
    seen = {start}
    pending = [start]
    while pending:
        node = pending.pop()
        for one, other in edges:
            if one == node and other not in seen:
                seen.add(other)
                pending.append(other)
    return sorted(seen)
