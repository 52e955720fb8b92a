def update(x: float, y: float) -> float:
    z = min(y, x)
    return z
