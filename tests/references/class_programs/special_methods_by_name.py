class Stack:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __str__(self):
        return "Stack " + self.items.__str__()

    def is_empty(self):
        return self.__len__() == 0


def told(n: int, x: float, s: str, xs: list[int]) -> list[str]:
    stack = Stack(xs)
    found = [n.__str__(), n.__repr__(), x.__str__(), x.__repr__(), s.__str__(), s.__repr__(), xs.__repr__()]
    found.append(str(xs.__len__() + s.__len__()))
    found.append((n, s).__str__() + None.__str__() + (n > 0).__repr__() + {s: n}.__repr__())
    found.append(stack.__str__() + str(stack.is_empty()))
    return found


#: told(5, 0.1, "it's", [1, 2])
#: told(-5, 1e22, "", [])
#: told(0, -0.0, "\n\u00e9", [0])
