def f(x: float):
    for key, value in {'a': 1}.items():
        x += value
    return x
