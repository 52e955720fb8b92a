def f(x: float) -> None:
    x += 1.0
