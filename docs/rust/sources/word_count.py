"""Words and how often they come."""


def most_common(text: str, least: int = 1) -> list[tuple[str, int]]:
    """Return the words that come at least so often, the most frequent first.

    >>> most_common("the cat and the dog and the bird", 2)
    [('the', 3), ('and', 2)]
    """
    counts: dict[str, int] = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    found = [(word, count) for word, count in counts.items() if count >= least]
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return found
