import functools


def trace(log):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            log.append(f"{function.__name__}{args}")
            return function(*args, **kwargs)

        return wrapper

    return decorate


def plain(function):
    def inner(x):
        return function(x) + 1

    return inner


@plain
def third(x):
    return x // 3


def double(x):
    return 2 * x


def square(x):
    return x**2


def applied(function, x):
    return function.__name__, function(x)


def f(n: int):
    log = []

    @trace(log)
    def half(x, least=0):
        return max(x // 2, least)

    def add(x):
        return x + n

    found = [half(n), half(n, least=3), third(n)]
    shown = [applied(one, n) for one in (double, square)]
    either = double if n > 2 else square
    return log, found, shown, either.__name__, third.__name__, applied(add, 1), applied(third, 9)


#: f(1)
#: f(7)
