"""The page of every diagnostic: what `portalis explain CODE` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodePage:
    """What a code means, why it is refused, and code before and after the correction."""

    title: str
    explanation: str
    example_wrong: str
    example_right: str


_CLOSED = "A translated function is a closed computation: parameters in, results out. Nothing outside it can be read, written or called."
_FIXED = "A translation knows the type of every value. CPython would find the type at run time; here it must be the same on every path."

CATALOGUE: Mapping[str, CodePage] = {
    # ------------------------------------------------------------------------------------------------- reading and limits
    "P0001": CodePage(
        "Python cannot read this file",
        "The text is not valid Python: CPython refuses it too, at the same place.",
        "def f(x: float:\n    return x",
        "def f(x: float):\n    return x",
    ),
    "P0002": CodePage(
        "Nothing to translate",
        "The file holds no code, or no function and no behaviour class.",
        "# only a comment",
        "def update(x: float):\n    return x",
    ),
    "P0003": CodePage(
        "The text cannot be decoded",
        "Python source is UTF-8 unless its first or second line names another encoding (PEP 263).",
        "# été, saved as Latin-1 without saying so",
        "# -*- coding: latin-1 -*-\n# été",
    ),
    "P0004": CodePage("NUL character", "Python source holds no NUL; the file is probably not text, or UTF-16.", "x = 1\\0", "x = 1"),
    "P0005": CodePage(
        "Too large or too deeply nested",
        "Compilers walk source text recursively. Very long files, lists and very deep nesting are refused rather than risked.",
        "y = ((((((…((x))…))))))",
        "inner = x * 2.0\ny = inner + 1.0",
    ),
    "P0006": CodePage(
        "Tabs and spaces mixed",
        "A block is indented with tabs in one line and spaces in another, so that its shape depends on the width of a tab.",
        "if x:\n\ty = 1\n        z = 2",
        "if x:\n    y = 1\n    z = 2",
    ),
    "P0007": CodePage(
        "Integer literal beyond 64 bits",
        "An int on a stage has 64 bits: a result beyond them stops the call with a guard, and a literal beyond them cannot be written. "
        "A function that no stage runs is translated with ints of any size where these are needed.",
        "big = 10000000000000000000000",
        "big = 1e22",
    ),
    "P0008": CodePage(
        "Too many statements in one function",
        "Machine code for one function takes time that grows with the square of its length.",
        "def f(x: float):\n    …  # thousands of lines",
        "def first(x: float): …\n\ndef f(x: float):\n    return second(first(x))",
    ),
    "P0009": CodePage(
        "Too many parameters",
        "WebAssembly functions take at most 255 numbers; a vector counts as its elements, a list as all of its own.",
        "def f(x0: float, …, x299: float): …",
        "def f(values: list[float]): …",
    ),
    # -------------------------------------------------------------------------------------------------- entry and its types
    "P0101": CodePage("No such function", "The name asked for is neither a function nor a class of the file.", "-f updat", "-f update"),
    "P0102": CodePage(
        "Several functions could be meant",
        "Say which one the host should call; the functions that it calls come along.",
        "FILE.py",
        "FILE.py:update",
    ),
    "P0103": CodePage(
        "The type of a parameter is not known",
        "Types come from annotations, else from examples and doctests, a default, or the host's own names (delta_time, …).",
        "def f(x):\n    return x",
        "def f(x: float):\n    return x",
    ),
    "P0104": CodePage(
        "Annotation without a translation",
        "Annotations may be int, float, bool, complex, str, bytes, None, tuple[…], list[…] and their like, and the types of pxr.Gf.",
        "def f(x: memoryview): …",
        "def f(x: bytes): …",
    ),
    "P0105": CodePage(
        "Annotation and value disagree",
        "Python does not convert a value to its annotation: `x: float = 0` holds an int, and `x // 2` would then be an int too.",
        "def f(x: float = 0): …",
        "def f(x: float = 0.0): …",
    ),
    "P0106": CodePage(
        "The length of a list is not known",
        "A translated list has a fixed length. A parameter's length is taken from an example; elsewhere it is a constant.",
        "def f(values: list[float]): …",
        "def f(values: list[float]):\n    '''\n    >>> f([1.0, 2.0, 3.0])\n    '''",
    ),
    "P0107": CodePage(
        "The example does not fit",
        "An example is a call of the function with constant arguments.",
        '--example "g(1.0)"',
        '--example "f(1.0)"',
    ),
    "P0108": CodePage(
        "Example and annotation disagree",
        "What a stage runs has one signature, and an example shows another type than that: 1 is an int, 1.0 a float.",
        '--example "f(1)"  # def f(x: float)',
        '--example "f(1.0)"',
    ),
    "P0109": CodePage(
        "The result is not what the annotation says",
        "The function returns another type than it is annotated with. CPython would not notice; callers would.",
        "def f(n: int) -> float:\n    return n * 2",
        "def f(n: int) -> float:\n    return n * 2.0",
    ),
    "P0110": CodePage(
        "Default that is no constant",
        "A default is evaluated once, when CPython reads the `def`; one that can be changed in place would be shared by all calls.",
        "def f(values: list[float] = [0.0]): …",
        "def f(first: float = 0.0): …",
    ),
    # ------------------------------------------------------------------------------------------------------ not translated
    "P0201": CodePage(
        "Import", _CLOSED + " Known are math, pxr.Gf and some of Python's own modules, name by name.", "import numpy as np", "import math"
    ),
    "P0202": CodePage(
        "try",
        "In what runs on prims exceptions end the call and are reported; only a function about objects catches them.",
        "try:\n    y = 1 / x\nexcept ZeroDivisionError:\n    y = 0.0",
        "y = 1 / x if x != 0.0 else 0.0",
    ),
    "P0203": CodePage(
        "with",
        "In functions about objects: instances of own classes, functions under @contextmanager that are only entered, have one yield and "
        "no return, and contextlib.suppress, nullcontext and closing.",
        "with open(path) as file: …",
        "def f(values: list[float]): …",
    ),
    "P0204": CodePage(
        "lambda",
        "A lambda has a name, or is an argument, so that what it is called with is known; what runs on prims has none.",
        "g = lambda y: y * 2",
        "def g(y):\n    return y * 2",
    ),
    "P0205": CodePage(
        "Comprehension",
        "What runs on prims has lists of fixed length: write the loop. A function about objects has comprehensions.",
        "[i * i for i in range(4)]",
        "squares = [0] * 4\nfor i in range(4):\n    squares[i] = i * i",
    ),
    "P0206": CodePage(
        "Generators and async",
        "A generator stays inside a translation, and goes on where it yields: not inside an expression, nor where something is cleaned up.",
        "def f(n: int):\n    yield n",
        "def g(n):\n    yield n\n\ndef f(n: int):\n    return list(g(n))",
    ),
    "P0207": CodePage(
        "Function inside a function",
        "What runs on prims has none; elsewhere one that keeps variables is called, and not returned or stored.",
        "def f(x):\n    def g(y): …",
        "def g(x, y): …\n\ndef f(x): …",
    ),
    "P0208": CodePage(
        "Class inside a function",
        "What runs on prims has none. Elsewhere one is translated where nothing of it depends on the call: it reads no variables of the "
        "function, and classes of several calls are never told apart.",
        "def f(x):\n    class A: …",
        "class A: …",
    ),
    "P0209": CodePage(
        "global and nonlocal",
        "A behaviour keeps nothing in variables of the module. Functions about objects do, from call to call, and change those of "
        "functions around them, but not in generators.",
        "global count\ncount += 1",
        "class Counter:\n    count: int = 0\n\n    def on_update(self):\n        self.count += 1",
    ),
    "P0210": CodePage(
        "Input and output", f"{_CLOSED} `print` is translated where objects are, outside behaviours.", "name = input()", "def f(name): …"
    ),
    "P0211": CodePage("Code made at run time", "Everything must be known when it is translated.", "eval('x + 1')", "x + 1"),
    "P0212": CodePage(
        "Dictionaries and sets",
        "What runs on prims has none: a list of fixed length indexed by number often does.",
        "mass = {'a': 1.0}",
        "MASS_A = 1.0",
    ),
    "P0213": CodePage("f-string", "In what runs on prims text is constant.", "return f'{x}'", "return x"),
    "P0214": CodePage("del", "In what runs on prims a variable keeps its storage.", "del y", "y = 0.0"),
    "P0215": CodePage("match", "Patterns of classes have no keywords.", "case int(real=1): …", "case int(n) if n == 1: …"),
    "P0216": CodePage(
        "Variable numbers of arguments",
        "What runs on prims takes a fixed number of arguments, and so does an entry of those that have names.",
        "def f(**options): …",
        "def f(options: dict[str, int]): …",
    ),
    "P0217": CodePage("Slice", "In what runs on prims elements are read and written one by one.", "values[1:3]", "(values[1], values[2])"),
    "P0218": CodePage("Decorator", "What a decorator does at import is not translated.", "@functools.cache\ndef f(x): …", "def f(x): …"),
    "P0219": CodePage(
        "Base classes and metaclasses", "A behaviour class stands alone.", "class Mover(metaclass=Meta): …", "class Mover: …"
    ),
    "P0220": CodePage("Attributes by computed name", "Names are known when translated.", "getattr(v, name)", "v[0]"),
    "P0221": CodePage("Statement without a translation", "This statement is not in the subset.", "type A = int", "x: int = 0"),
    "P0222": CodePage("Expression without a translation", "This expression is not in the subset.", "(yield)", "x + 1.0"),
    "P0223": CodePage(
        "Constant without a translation", "Constants are int, float, bool, str and None.", "1j", "real, imaginary = 0.0, 1.0"
    ),
    "P0224": CodePage("Built-in without a translation", "Write what it does.", "sorted([a, b])", "(min(a, b), max(a, b))"),
    "P0225": CodePage(
        "Operation on text", "In what runs on prims str constants can be passed on and compared.", "name + 'x'", "name == 'x'"
    ),
    "P0226": CodePage(
        "Statement at module or class level",
        "It would run when CPython imports the module, once, before any call.",
        "for i in range(3): …",
        "def f():\n    for i in range(3): …",
    ),
    "P0227": CodePage(
        "Evaluated at import",
        "CPython evaluates constants, defaults, annotations, decorators and base classes when it imports a file, even where nothing uses "
        "them. Of these only what computes and reaches nothing is translated: literals, arithmetic on them, names bound to such values "
        "above, math.NAME and its functions, Gf.NAME(…), and types in annotations. Examples are evaluated under the same rule, and may "
        "call list, tuple, sorted, range and a few methods of constant text, too.",
        "TABLE = [x * x for x in range(8)]\nSTART = load()",
        "TABLE = (0, 1, 4, 9, 16, 25, 36, 49)\nSTART = 2.0 * math.pi",
    ),
    "P0228": CodePage(
        "Name with two leading underscores",
        "Such names lead into Python's own machinery, out of what was translated: to classes, globals, loaders and built-ins. None is "
        'read, written or defined, but for `if __name__ == "__main__":`, `__all__`, `__version__` and their like, and methods of classes.',
        "value.__class__",
        "isinstance(value, float)",
    ),
    "P0230": CodePage(
        "Order of a set of texts",
        "Hashes of texts differ from process to process in CPython, and with them the order of a set of texts or of tuples that hold some. "
        "What shows that order is not translated: loops, lists, joining, pop, a key of equal values. What does not ask for it is: len, in, "
        "==, sorted, min and max without a key, any, all, a sum of ints, and set operations.",
        "for word in set(words): found.append(word)",
        "for word in sorted(set(words)): found.append(word)",
    ),
    "P0231": CodePage(
        "Objects that act when they are asked",
        "How often CPython asks keys of dicts what is equal, and elements of sets that are combined, depends on its tables. There "
        "`__eq__`, `__hash__` and what they call only compute; in lists, tuples and sorting, and where one element of a set is sought, "
        "they may do more. What `and` and `or` within another give is asked again by some versions of CPython, so that its class does not "
        "say its truth. Whoever makes a list of an iterator over an object's indices asks that object for its length once more, so that "
        "where one is kept `__len__` only measures fields.",
        "def __eq__(self, other):\n    log.append(self.x)\n    return self.x == other.x",
        "def __eq__(self, other):\n    return self.x == other.x",
    ),
    "P0229": CodePage(
        "Too large before anything runs",
        "What a file evaluates at import is bounded: an int has at most 4,096 bits, a text or a sequence at most 64 kB, all of a file's "
        "constants together at most 1 MB; what cannot be bounded is refused.",
        "HUGE = 7 ** 10 ** 8",
        "LARGE = 7 ** 20",
    ),
    "P0240": CodePage(
        "Object that stays inside",
        "Matches, instances of the file's own classes, and named tuples whose class has methods, are no results. "
        "A pattern is known when it is translated, or has neither groups nor sets; CPython compiles it; matches stay inside the function.",
        "import re\ndef f(s: str):\n    return re.match('a', s)",
        "import re\ndef f(s: str):\n    return re.match('a', s) is not None",
    ),
    # ----------------------------------------------------------------------------------------------------- names and types
    "P0301": CodePage("Undefined name", "CPython would raise NameError here.", "return sped * 2.0", "return speed * 2.0"),
    "P0302": CodePage(
        "Types that differ between paths", _FIXED, "total = 0\nfor x in xs:\n    total += x", "total = 0.0\nfor x in xs:\n    total += x"
    ),
    "P0303": CodePage(
        "Used before it is assigned", "CPython would raise UnboundLocalError here, always.", "y = z\nz = 1.0", "z = 1.0\ny = z"
    ),
    "P0304": CodePage(
        "A path without a return",
        "CPython returns None at the end of a function; here a result has one type.",
        "def f(x: float):\n    if x > 0.0:\n        return x",
        "def f(x: float):\n    if x > 0.0:\n        return x\n    return 0.0",
    ),
    "P0305": CodePage(
        "Operator between these types",
        "CPython raises TypeError, or the operation has no translation.",
        "Gf.Vec3d(1) + 1.0",
        "Gf.Vec3d(1) + Gf.Vec3d(1)",
    ),
    "P0306": CodePage("Returns of different types", _FIXED, "return x  # float\n…\nreturn 0", "return x\n…\nreturn 0.0"),
    "P0307": CodePage(
        "Attribute or method", "The value has no such attribute, or none that is translated.", "values.append(x)", "values[0] = x"
    ),
    "P0308": CodePage("Argument of the wrong type", "The function does not take a value of this type.", "range(2.0)", "range(2)"),
    "P0309": CodePage(
        "Not a function, or not a value", "Functions can be called and nothing else; values cannot be called.", "h = g", "h = g(x)"
    ),
    "P0310": CodePage(
        "Wrong arguments", "CPython would raise TypeError: an argument is missing, too many, or unknown.", "g(x)", "g(x, 1.0)"
    ),
    "P0311": CodePage("Unpacking the wrong number", "CPython would raise ValueError.", "a, b = (1, 2, 3)", "a, b, c = (1, 2, 3)"),
    "P0312": CodePage(
        "Not iterable here", "Loops run over ranges, tuples, lists and vectors.", "for y in x:  # float", "for i in range(3):"
    ),
    "P0313": CodePage("Index", "The value has no elements, or none at this index.", "(1, 2)[2]", "(1, 2)[1]"),
    "P0314": CodePage(
        "Module variable that changes",
        "In a behaviour only a name that is assigned once is a constant, and of a list or dict it is only read. In functions about objects "
        "it is the module's state, kept from call to call: not what no call can be given (instances, iterators, functions), nor what is "
        "read while the module is imported.",
        "K = 1.0\nK = 2.0",
        "K = 2.0",
    ),
    "P0315": CodePage(
        "isinstance that cannot be decided",
        "Built-in types are known, classes of the file, Gf types, abstract classes of collections.abc and numbers, tuples and unions of "
        "these, and names that the module gives them.",
        "isinstance(x, typing.Set)",
        "isinstance(x, set)",
    ),
    "P0316": CodePage(
        "Types that do not settle",
        "A function or loop gives its variables ever other types, or a recursion never returns.",
        "def f(n: int):\n    return f(n + 1)",
        "def f(n: int):\n    return n if n > 9 else f(n + 1)",
    ),
    "P0317": CodePage("math name", "The name does not exist in math, or has no translation.", "math.sine(x)", "math.sin(x)"),
    "P0318": CodePage("Gf name", "The name or this overload of it has no translation.", "Gf.Rotation(…)", "Gf.Quatd(…)"),
    "P0319": CodePage("Alternatives or elements of different types", _FIXED, "x if x > 0.0 else 0", "x if x > 0.0 else 0.0"),
    "P0320": CodePage(
        "Exception",
        "Built-in exceptions can be raised, and classes of the file that derive from one, with methods and constants.",
        "raise MyError('a')",
        "raise ValueError('a')",
    ),
    "P0321": CodePage(
        "Message that is no constant",
        "An exception's message is one constant text; in a function about objects, any text, or what has a known repr.",
        "raise ValueError(x)",
        "raise ValueError('x')",
    ),
    # ------------------------------------------------------------------------------------------------ objects and ownership
    "P0401": CodePage(
        "Two names for one object, one changed",
        "In CPython both names see a change in place; a translation holds values.",
        "b = a\na[0] = 1.0\nreturn b",
        "b = Gf.Vec3d(a)\na[0] = 1.0\nreturn b",
    ),
    "P0402": CodePage(
        "A change that the owner would see",
        "The object belongs to the caller or to `self`; change it under that name, or copy it.",
        "v = position\nv += step",
        "position += step",
    ),
    "P0403": CodePage(
        "Parts that may be one object",
        "Changing one would change the other.",
        "grid = [[0] * 3] * 3\ngrid[0][0] = 1",
        "grid = [[0] * 3, [0] * 3, [0] * 3]\ngrid[0][0] = 1",
    ),
    "P0404": CodePage(
        "Changed and read in one statement",
        "The order of reading and changing would decide the result.",
        "y = v[0] + change(v)",
        "first = v[0]\ny = first + change(v)",
    ),
    "P0405": CodePage(
        "Ambiguous identity of a result",
        "On some paths the result is the caller's own object and on others it is not.",
        "if v[0] > 0.0:\n    v = Gf.Vec3d(1.0)\nreturn v",
        "v = Gf.Vec3d(v)\nif v[0] > 0.0:\n    v = Gf.Vec3d(1.0)\nreturn v",
    ),
    "P0406": CodePage(
        "Not changeable here", "Module constants and temporaries are not changed in place.", "ORIGIN[0] = x", "origin = Gf.Vec3d(ORIGIN)"
    ),
    "P0407": CodePage(
        "`:=` of an object", "It would give an object a second name within an expression.", "if (v := [x])[0]: …", "v = [x]\nif v[0]: …"
    ),
    # ---------------------------------------------------------------------------------------------------- behaviour classes
    "P0501": CodePage(
        "Attribute declaration", "The state of a behaviour is what its class body declares.", "speed: float", "speed: float = 0.0"
    ),
    "P0502": CodePage(
        "No method for the host", "A host calls on_init, on_play, on_update and on_stop.", "def move(self): …", "def on_update(self): …"
    ),
    "P0503": CodePage("Method signature", "Methods take self and return nothing.", "return self.speed", "self.result = self.speed"),
    "P0504": CodePage("`self` as a value", "The state has one owner.", "other = self", "other = self.speed"),
    "P0505": CodePage(
        "Undeclared attribute", "The class body does not declare it.", "self.count = 1", "count: int = 0  # in the class body"
    ),
    "P0506": CodePage(
        "__init__", "The host makes the state from the class body's defaults.", "def __init__(self): …", "def on_init(self): …"
    ),
    "P0507": CodePage(
        "Name in a class",
        "Each method has its own name, and none begins with two underscores: CPython rewrites such names, or calls them by itself.",
        "self.__speed",
        "self._speed",
    ),
    # ------------------------------------------------------------------------------------------------------- verification
    "PV901": CodePage(
        "Disagreement with CPython",
        "An artefact gave another answer than CPython on a case. It is a mistake of the translator, and the artefact is not used.",
        "",
        "",
    ),
    "PV902": CodePage(
        "Not built", "The process that builds and verifies crashed, or needed more time or memory than it may use. Nothing was run.", "", ""
    ),
    "PV903": CodePage(
        "Lanes differ", "The code that runs many prims at once gave another answer than the verified function, and is not used.", "", ""
    ),
    "PV904": CodePage("Not a behaviour", "What a behaviour gives back is written to prims by name.", "return f(x)", "y = f(x)\nreturn y"),
    "PV905": CodePage(
        "Nothing to verify on",
        "Every case was guarded or ran out of its budget, so that no answer could be compared with CPython's.",
        "portalis translate f.py",
        "portalis translate f.py --example 'f(10)'",
    ),
    "PV906": CodePage("Module that cannot be imported", "CPython raises an exception at this line.", "K = 1 / 0", "K = 1.0"),
    "PV907": CodePage(
        "No kernel",
        "A GPU's kernel computes outputs, without recursion, and takes at most 500 columns.",
        "return n if n < 2 else f(n - 1) + f(n - 2)",
        "for _ in range(n):\n    a, b = b, a + b",
    ),
}
