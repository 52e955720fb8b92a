from enum import Enum


class Words(Enum):
    ONES = {0: "", 1: "one", 2: "two"}
    TENS = {2: "twenty", 3: "thirty"}
    ALSO = {2: "twenty", 3: "thirty"}


class Rows(Enum):
    FIRST = [1, 2]
    SECOND = ([3], {"x": 4})


def spell(n: int) -> str:
    tens, ones = divmod(n, 10)
    text = Words.TENS.value[tens] + "-" + Words.ONES.value.get(ones, "?")
    for member in Words:
        text += f" {member.name} {len(member.value)} {member}"
    text += "".join(f" {key}:{word}" for key, word in Words.ONES.value.items())
    return text + repr(Words.ALSO) + str(Words({2: "twenty", 3: "thirty"}) is Words.TENS) + str(Rows.SECOND) + repr(Rows.FIRST)


#: spell(21)
#: spell(39)
#: spell(55)
