def update(x: float, y: float) -> float:
    z = x + 1.0
    return z
