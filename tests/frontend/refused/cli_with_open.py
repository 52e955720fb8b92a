def f(x: float) -> float:
    with open('a') as g:
        return x
