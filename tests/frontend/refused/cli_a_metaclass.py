# function: A
class M(type):
    pass


class A(metaclass=M):
    x: float = 0.0
