def update(x: float, y: float) -> float:
    z = x / y if y != 3.0 else 1.0 / 0.0
    return z
