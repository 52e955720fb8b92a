from enum import Enum
from dataclasses import dataclass


class Op(Enum):
    ADD = "add"
    SUB = "sub"


@dataclass
class Num:
    v: int


@dataclass
class Bin:
    op: Op
    l: Num
    r: Num


def ev(e):
    match e:
        case Num(v):
            return v
        case Bin(op, l, r):
            match op:
                case Op.ADD:
                    return ev(l) + ev(r)
                case Op.SUB:
                    return ev(l) - ev(r)


def f(n):
    return ev(Bin(Op.SUB, Num(n), Num(3))), ev(Bin(Op.ADD, Num(n), Num(3)))


#: f(5)
