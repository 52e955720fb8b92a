import random


class Walker:
    def __init__(self):
        self.at = (0, 0)

    def step(self, move):
        self.at = (self.at[0] + move[0], self.at[1] + move[1])


def f(seed: int, n: int):
    walker = Walker()
    random.seed(seed)
    for _ in range(n):
        walker.step(random.choice([(0, 1), (1, 0), (0, -1), (-1, 0)]))
    inside = sum(random.random() ** 2 + random.random() ** 2 <= 1.0 for _ in range(n))
    deck = list(range(n))
    random.shuffle(deck)
    first = [random.randint(1, 6) for _ in range(n)]
    if n > 2:
        random.seed(seed + n)
    return walker.at, inside, deck, first, random.sample(deck, n // 2), random.uniform(0.5, 1.5), random.Random(seed).random()


def main():
    print(f(1, 2))


if __name__ == "__main__":
    main()

#: f(42, 5)
#: f(-1, 2)
#: f(0, 0)
#: f(42, 5)
