def f(n: int):
    match n:
        case int(real=1):
            return 1
        case _:
            return 0
