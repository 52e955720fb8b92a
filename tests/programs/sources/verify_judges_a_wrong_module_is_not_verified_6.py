def update(x: float, y: float) -> float:
    z = x / y if y != 0.0 else 0.0
    return z
