"""How often each word of a text occurs, counted in a dict; returns the largest count and how many words there are."""


def words(n: int) -> int:
    seed = 7
    text = []
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        text.append("w" + str(seed // 65536 % 5000))
    counts: dict[str, int] = {}
    for word in text:
        counts[word] = counts.get(word, 0) + 1
    return max(counts.values()) * 100000 + len(counts)
