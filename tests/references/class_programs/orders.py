from dataclasses import dataclass, field
from typing import List, Optional


@dataclass
class Item:
    name: str
    price: float
    qty: int = 1

    @property
    def total(self) -> float:
        return self.price * self.qty


@dataclass
class Order:
    items: List[Item] = field(default_factory=list)
    discount: float = 0.0
    total: float = field(init=False, default=0.0)

    def __post_init__(self):
        self.total = sum(i.total for i in self.items) * (1 - self.discount)


def f(n: int):
    o = Order([Item("a", 1.5, n), Item("b", 2.0)], 0.1)
    o.items.append(Item("c", 1.0))
    return o.total, len(o.items), str(o.items[0]), o.items[0] == Item("a", 1.5, n)


#: f(2)
