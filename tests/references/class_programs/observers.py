class Event:
    def __init__(self):
        self.handlers = []

    def subscribe(self, h):
        self.handlers.append(h)

    def fire(self, x):
        for h in self.handlers:
            h.handle(x)


class Logger:
    def __init__(self):
        self.lines = []

    def handle(self, x):
        self.lines.append(f"got {x}")


class Summer:
    def __init__(self):
        self.total = 0

    def handle(self, x):
        self.total += x


def f(xs):
    e, l, s = Event(), Logger(), Summer()
    e.subscribe(l)
    e.subscribe(s)
    for x in xs:
        e.fire(x)
    return l.lines, s.total


#: f([1, 2])
