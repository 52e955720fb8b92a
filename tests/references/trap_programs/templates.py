# Templates that are known at run time alone, and values of a number that is known then.


def filled(template, a, b):
    return template.format(a, b)


#: filled("{} and {}", 1, "x")
#: filled("{1}{0}{1}", -5, "x")
#: filled("{{{0}}} {{}}", 3, "\u00e9\U0001f600")
#: filled("", 1, "")
#: filled("{}{}{}", 1, "x")
#: filled("{2}", 1, "x")
#: filled("{} {1}", 1, "x")
#: filled("{1} {}", 1, "x")
#: filled("{name}", 1, "x")
#: filled("{ 0}", 1, "x")
#: filled("{-1}", 1, "x")
#: filled("{00}", 1, "x")
#: filled("}", 1, "x")
#: filled("a{", 1, "x")
#: filled("a{0", 1, "x")
#: filled("{", 1, "x")
#: filled("}}", 1, "x")
#: filled("{{", 1, "x")
#: filled("}{0}", 1, "x")
#: filled("{0}}", 1, "x")
#: filled("{0}}}", 1, "x")
#? filled("{:>5}", 1, "x")
#? filled("{0!r}", 1, "x")
#? filled("{0.real}", 1, "x")


def named(template, a):
    return template.format(a, width=a * 2, name="n")


#: named("{name}{0}{width}", 4)
#: named("{Name}", 4)
#: named("{}{}", 4)
#: named("{name }", 4)


def chosen(n, value):
    return ["{}", "<{0}>", "{{}}"][n % 3].format(value) + ("{} a" if n else "{} b").format(value)


#: chosen(0, [1.5, 2.0])
#: chosen(1, [])
#: chosen(2, [-0.0])


def of_a_name(n):
    template = "{:>4}|{name!r:*^7}|{0.real}"[:12]
    text = "{:>4}|{name!r:*^7}|"
    text = text.format(n, name="a")
    return text, template


#: of_a_name(5)


def changed(n):
    template = "{}"
    found = []
    for i in range(n):
        found.append(template.format(i))
        template = template + "-{}"
    return found


#: changed(1)
#: changed(2)


def spread(template, values):
    return template.format(*values)


#: spread("{}{}", ["a", "b"])
#: spread("{0}{0}", ["a"])
#: spread("{0}{0}", [])
#: spread("{}", [])
#: spread("x", ["a", "b"])


def spread_on(values, more):
    return "{0}:{1}:{end}".format(more, *values, end=len(values)), "{}".format(*values, more)


#: spread_on([1, 2], "a")
#: spread_on([], "a")


def spread_names(entries, values):
    return ["{}={}", "{1}={0}"][len(entries) % 2].format(*entries.keys(), **entries), "{a}".format(*values, **entries)


#: spread_names({"a": 1, "b": 2}, [1.5])
#: spread_names({"a": 1, "b": 2, "c": 0}, [])
#: spread_names({"a": 1}, [])
#: spread_names({"b": 1, "c": 2}, [])


def by_percent(values):
    template = "%s-%5d|"
    return template % tuple(values), "%%%s%%" % tuple(values[:1]), "" % tuple(values[2:])


#: by_percent([1, 2])
#: by_percent([1])
#: by_percent([1, 2, 3])
#: by_percent([])


def percent_too_many(values):
    try:
        return "%s" % tuple(values)
    except TypeError as error:
        return str(error)


#: percent_too_many([])
#: percent_too_many(["a"])
#: percent_too_many(["a", "b"])


def by_names(entries):
    return "%(b)s %(a)04d %% %(a)x" % entries, "nothing" % entries, "%s" % {"z": 1}, "%r" % entries


#: by_names({"a": 10, "b": 2})
#: by_names({"b": 2})




def encoded(text, n):
    encoding = ["utf-8", "UTF8", "Latin_1", "latin-1", "ASCII"][n % 5]
    return text.encode(encoding, "ignore"), text.encode(encoding, errors="replace"), text.encode(encoding)


#: encoded("caf\u00e9", 0)
#: encoded("caf\u00e9", 1)
#: encoded("caf\u00e9", 2)
#: encoded("\u00ff", 3)
#: encoded("cafe", 4)
#? encoded("caf\u00e9", 4)


def encoded_by_few(text, n):
    return text.encode(["utf-8", "cp1252", "", "utf-8", "utf-8", "utf-8"][n % 6])


#? encoded_by_few("cafe", 1)
#? encoded_by_few("cafe", 2)
#: encoded_by_few("caf\u00e9", 3)


def decoded(octets, n):
    encoding = "latin-1" if n > 2 else "utf-8"
    return octets.decode(encoding, "replace"), octets.decode("latin1" if n > 2 else "utf_8", "ignore")


#: decoded(b"caf\xc3\xa9\xff", 1)
#: decoded(b"caf\xc3\xa9\xff", 3)


def encoded_or_not(text, n):
    result = ""
    encoding = ["UTF-8", "latin-1"][n % 2]
    try:
        result = text.encode(encoding)
        if result.endswith(b"\n"):
            result = result[:-1]
        result = result.decode("ascii", "ignore")
        return result
    except Exception:
        return result


#: encoded_or_not("towaru\n", 0)
#: encoded_or_not("tow\u00e9ru\n", 1)


class Shown:
    def __init__(self, log):
        self.log = log

    def __repr__(self):
        self.log.append("repr")
        return "shown"


def width(log, n):
    log.append("width")
    return n


def converted_behind_the_width(n):
    log = ["first"]
    return f"{Shown(log)!r:>{width(log, n)}}|{Shown(log)!r}|{width(log, n)!s:>{width(log, 3)}}", log


#: converted_behind_the_width(8)
#: converted_behind_the_width(2)
