class Adder:
    def __init__(self, step):
        self.step = step

    def __call__(self, n):
        return n + self.step


class Plain:
    pass


def twice(n):
    return 2 * n


def value_of(thing, *args):
    return thing(*args) if callable(thing) else thing


def f(n: int):
    made = []

    def noted(item):
        made.append(item)
        return item

    either = twice if n > 1 else n
    told = callable(twice), callable(Adder), callable(Adder(1)), callable(Plain()), callable(abs), callable("a".upper), callable(lambda: n)
    return told, callable(either), callable(noted(n)), callable(made), value_of(n), value_of(Adder(n), 3), value_of(twice, n), made


#: f(1)
#: f(2)
