// What the page offers to begin with; one of them is refused.
export const EXAMPLES = {
  Projectile: `import math


def landing(speed: float, degrees: float, gravity: float = 9.81) -> tuple[float, float]:
    """How far and for how long something flies that is thrown."""
    angle = math.radians(degrees)
    time = 2.0 * speed * math.sin(angle) / gravity
    return speed * math.cos(angle) * time, time
`,
  Collatz: `def collatz(n: int) -> tuple[int, int]:
    """Steps until 1, and the highest number on the way."""
    steps, highest = 0, n
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
        highest = max(highest, n)
    return steps, highest
`,
  "Words by length": `def by_length(text: str) -> dict[int, list[str]]:
    """Group a text's words by their length, in the order in which they come."""
    found: dict[int, list[str]] = {}
    for word in text.split():
        found.setdefault(len(word), []).append(word)
    return found
`,
  "An exception": `def mean(values: list[float]) -> float:
    return sum(values) / len(values)
`,
  "Without end": `def search(n: int) -> int:
    """Look for an even number that is odd."""
    while n % 2 == 0 or n % 2 != 1:
        n = (n * 3 + 2) % 1000002
    return n
`,
  "A refusal": `def area(width: float, height: float) -> float:
    return eval("width * height")
`,
};
