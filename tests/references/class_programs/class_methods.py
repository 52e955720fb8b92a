class Date:
    count = 0

    def __init__(self, y, m, d):
        self.y, self.m, self.d = y, m, d

    @classmethod
    def parse(cls, text):
        y, m, d = map(int, text.split("-"))
        return cls(y, m, d)

    @classmethod
    def name(cls):
        return cls.__name__

    def show(self):
        return f"{self.y:04d}/{self.m}/{self.d}"


class Later(Date):
    def show(self):
        return "later " + super().show()


def f(t):
    return Date.parse(t).show(), Later.parse(t).show(), Later.name(), Date(1, 2, 3).parse(t).show()


#: f('2020-1-3')
#: f('x')
