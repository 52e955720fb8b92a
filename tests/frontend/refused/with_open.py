def f(x: float):
    with open('data.txt') as handle:
        return float(handle.read())
