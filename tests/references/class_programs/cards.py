from enum import Enum
from dataclasses import dataclass


class Suit(Enum):
    CLUBS = "c"
    HEARTS = "h"


@dataclass(frozen=True, order=True)
class Card:
    rank: int
    suit: Suit = Suit.CLUBS

    def __str__(self):
        return f"{self.rank}{self.suit.value}"


class Deck:
    def __init__(self):
        self.cards = [Card(r, s) for s in Suit for r in range(2, 5)]

    def __len__(self):
        return len(self.cards)

    def __getitem__(self, i):
        return self.cards[i]


def f(n):
    d = Deck()
    c = Card(n, Suit.HEARTS)
    return (
        len(d),
        str(d[0]),
        c in d,
        [str(x) for x in d],
        repr(c),
        {c: 1}[Card(n, Suit.HEARTS)],
        Card(2) == d[0],
        max(d.cards, key=lambda x: (x.rank, x.suit.value)).rank,
    )


#: f(3)
