def double(a: float) -> float:
    return a * 2.0
