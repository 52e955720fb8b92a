def f(n: int):
    a = [i * i for i in range(n)]
    b = {i for i in range(n)}
    c = {i: i for i in range(n)}
    return sum(i for i in range(n))
