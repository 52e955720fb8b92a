def places(s):
    return len(s), s[0], s[-1], s[::-1], s[1:], s[:-1], s[::2], s[-2:0:-1], s[10:20], s[5:2]


#: places("na\u00efve \U0001f600 caf\u00e9")
#: places("\U0001f600")
#: places("e\u0301\u05d0\u05d1")
#: places("")


def cases(s):
    return s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold()


#: cases("stra\u00dfe \u01c6 \u0130 \u03a3\u03a3")
#: cases("\ufb01ne \u0149 they're x1y")
#: cases("")


def parted(s, by):
    return s.split(), s.split(by), s.split(by, 1), s.rsplit(by, 1), s.partition(by), s.splitlines()


#: parted("  a  b ", " ")
#: parted("a\x1cb\u2028c\u00a0d\r\ne", " ")
#: parted("", ",")
#: parted("a", "")


def stripped(s, chars):
    return s.strip(), s.strip(chars), s.lstrip(chars), s.rstrip(chars), s.removeprefix(chars), s.removesuffix(chars)


#: stripped("  xyx ", "yx")
#: stripped("\u3000a\u0085", "a")
#: stripped("abab", "ab")


def sought(s, part):
    return s.find(part), s.rfind(part), s.count(part), s.replace(part, "_"), part in s, s.index(part)


#: sought("banana", "ana")
#: sought("banana", "")
#: sought("banana", "x")


def filled(s, width):
    return s.center(width), s.ljust(width, "."), s.rjust(width, "."), s.zfill(width), s.expandtabs(width), s * 2


#: filled("-4\t7", 8)
#: filled("+", 3)
#: filled("abc", -1)


def of_the_class(s, chars):
    table = s.maketrans(chars, chars[::-1])
    return str.upper(s), str.split(s, ",", 1), str.join("-", [s, chars]), s.translate(table), sorted(map(str.lower, [s, chars]))


#: of_the_class("a,b,C", "ab")
#: of_the_class("", "")
