# -*- coding: latin-1 -*-
# é
def f(x: float) -> float:
    return x
