def f(n: int):
    match n:
        case 1:
            return 1
        case _:
            return 0
