"""What a module may use of CPython while it is imported: the same for the front-end, which checks, and the oracle, which runs."""

from __future__ import annotations

from collections.abc import Mapping

# They read and write nothing, and give the same answer everywhere.
HARMLESS_BUILTINS = frozenset(
    (
        "abs", "all", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr", "classmethod", "complex", "dict",
        "divmod", "enumerate", "filter", "float", "format", "frozenset", "hash", "hex", "int", "isinstance", "issubclass", "iter",
        "len", "list", "map", "max", "min", "next", "object", "oct", "ord", "pow", "property", "range", "repr", "reversed", "round",
        "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "zip",
        "True", "False", "None", "Ellipsis", "NotImplemented",
    )
)  # fmt: skip
# Modules whose names serve annotations alone.
IGNORED_MODULES = ("typing", "__future__", "typing_extensions", "collections.abc", "numbers")

# The classes of these that `isinstance` can be asked about; `Set` is another one in `typing`.
ABSTRACT_CLASSES: Mapping[str, frozenset[str]] = {
    "collections.abc": frozenset(
        (
            "Callable", "Collection", "Container", "Generator", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping",
            "MappingView", "MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Sized", "ValuesView",
        )
    ),
    "numbers": frozenset(("Complex", "Integral", "Number", "Rational", "Real")),
}  # fmt: skip

# Of some of these every object is whose class has these methods, whatever it derives from.
ABSTRACT_METHODS: Mapping[str, tuple[str, ...]] = {
    "Callable": ("__call__",),
    "Collection": ("__len__", "__iter__", "__contains__"),
    "Container": ("__contains__",),
    "Iterable": ("__iter__",),
    "Iterator": ("__iter__", "__next__"),
    "Reversible": ("__iter__", "__reversed__"),
    "Sized": ("__len__",),
}

# What a module may import of Python's own library besides `math`: these names, and no others.
IMPORTABLE: Mapping[str, frozenset[str]] = {
    module: frozenset(names.split())
    for module, names in {
        "abc": "ABC ABCMeta abstractmethod",
        "base64": "b16decode b16encode b32decode b32encode b64decode b64encode standard_b64decode standard_b64encode urlsafe_b64decode "
        "urlsafe_b64encode",
        "binascii": "Error a2b_hex b2a_hex hexlify unhexlify",
        "builtins": "range",
        "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
        "calendar": "FRIDAY MONDAY SATURDAY SUNDAY THURSDAY TUESDAY WEDNESDAY isleap leapdays monthrange weekday",
        "cmath": "e exp isfinite isinf isnan log log10 phase pi polar rect sqrt tau",
        "collections": "Counter OrderedDict defaultdict deque namedtuple",
        "colorsys": "hls_to_rgb hsv_to_rgb rgb_to_hsv rgb_to_yiq yiq_to_rgb",
        "contextlib": "closing nullcontext suppress",
        "copy": "copy deepcopy",
        "csv": "DictReader DictWriter Error QUOTE_ALL QUOTE_MINIMAL QUOTE_NONE QUOTE_NONNUMERIC reader writer",
        "dataclasses": "asdict astuple dataclass field fields is_dataclass replace",
        "datetime": "MAXYEAR MINYEAR date datetime time timedelta",
        "decimal": "Decimal ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP",
        "enum": "Enum Flag IntEnum IntFlag StrEnum auto unique",
        "fractions": "Fraction",
        "functools": "cmp_to_key partial reduce wraps",
        "hashlib": "md5 sha1 sha224 sha256",
        "heapq": "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest",
        "io": "StringIO",
        "itertools": "accumulate chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby "
        "islice pairwise permutations product repeat starmap takewhile tee zip_longest",
        "json": "dumps loads",
        "operator": "abs add and_ attrgetter concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat imul indexOf inv "
        "invert ior is_ is_not isub itemgetter ixor le lshift lt methodcaller mod mul ne neg not_ or_ pos pow rshift setitem sub truediv "
        "truth xor",
        "queue": "Empty Full LifoQueue PriorityQueue Queue",
        "random": "Random choice choices expovariate gauss getrandbits lognormvariate normalvariate randbytes randint random randrange "
        "sample seed shuffle triangular uniform",
        "re": "A ASCII DOTALL I IGNORECASE M MULTILINE NOFLAG S U UNICODE VERBOSE X compile escape findall finditer fullmatch match search "
        "split sub subn",
        "statistics": "StatisticsError fmean harmonic_mean mean median median_high median_low mode multimode pstdev pvariance quantiles "
        "stdev variance",
        "string": "Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation "
        "whitespace",
        "textwrap": "dedent fill indent shorten wrap",
        "sys": "maxsize",
    }.items()
}
# What is imported of these has its name in every module, and nothing that is executed imports them.
NEVER_EXECUTED = frozenset(("builtins",))
# The classes among them whose names annotations may use.
IMPORTABLE_CLASSES: Mapping[str, frozenset[str]] = {
    "datetime": frozenset(("date", "datetime", "time", "timedelta")),
    "decimal": frozenset(("Decimal",)),
    "fractions": frozenset(("Fraction",)),
    "io": frozenset(("StringIO",)),
    "random": frozenset(("Random",)),
}
