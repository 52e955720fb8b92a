def f(x: float) -> None:
    input()
