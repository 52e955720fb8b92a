def update(x: float, y: float) -> float:
    z = x + 0.0
    return z
