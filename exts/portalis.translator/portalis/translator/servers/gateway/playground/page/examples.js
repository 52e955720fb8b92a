// What the page offers to begin with; one of them is refused.
export const EXAMPLES = {
  Projectile: `import math

GRAVITY = 9.81


def landing(speed: float = 20.0, degrees: float = 45.0):
    """How far something flies that is thrown, and how long."""
    angle = math.radians(degrees)
    time = 2.0 * speed * math.sin(angle) / GRAVITY
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
  "Words by length": `def by_length(text: str = "to be or not to be"):
    """Group a text's words by their length."""
    found: dict[int, list[str]] = {}
    for word in text.split():
        found.setdefault(len(word), []).append(word)
    return found
`,
  "An exception": `def mean(values: list[float], first: int) -> float:
    """The mean of the values from one on."""
    rest = values[first:]
    return sum(rest) / len(rest)
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
