"""Identifiers: Python's names as Rust spells them, each unique where it can be seen."""

from __future__ import annotations

import re
import unicodedata

# Strict, reserved and weak keywords of the 2021 edition, and the ones that a later edition takes.
KEYWORDS = re.compile(
    "as|async|await|break|const|continue|dyn|else|enum|extern|false|fn|for|gen|if|impl|in|let|loop|match|mod|move|mut|pub|ref|return|static"
    "|struct|trait|true|type|union|unsafe|use|where|while|abstract|become|box|do|final|macro|override|priv|try|typeof|unsized|virtual|yield"
)
# These four cannot be escaped.
PATH_KEYWORDS = frozenset({"self", "super", "crate", "Self"})
# What every module sees without naming it, and what the printer itself names.
PRELUDE = re.compile(
    "AsMut|AsRef|Box|Clone|Copy|Debug|Default|Dict|Display|DoubleEndedIterator|Drop|Eq|Err|Error|ExactSizeIterator|Extend|Fn|FnMut|FnOnce|From"
    "|FromIterator|Hash|Int|Into|IntoIterator|Iterator|List|None|Ok|Option|Ord|PartialEq|PartialOrd|Result|Send|Set|Site|Sized|Some"
    "|String|Sync|Text|ToOwned|ToString|TryFrom|TryInto|Unpin|Vec"
    "|f32|f64|i64|u32|u64|usize|bool|str|std"
)
# What the crate's own constants are called: a variable of such a name would be a pattern that matches the constant.
_CONSTANT = re.compile(r"(L\d+|\w*_TABLE)(_\d+)?")
_NOT_WORD = re.compile(r"\W")


def identifier(name: str) -> str:
    """Return a Python name as a Rust identifier, escaped where it is a keyword; not yet unique."""
    # The front-end's own variables begin with a sign that no name has.
    text = _NOT_WORD.sub("_", unicodedata.normalize("NFC", name.removeprefix("@")))
    if text in PATH_KEYWORDS or _CONSTANT.fullmatch(text):
        return f"{text}_"
    if KEYWORDS.fullmatch(text):
        return f"r#{text}"
    if not text.strip("_"):
        return f"{text}unnamed"
    if (digits := text.strip("_")).isdecimal():
        return f"item_{digits}"
    return text if not text[0].isdigit() else f"_{text}"


def snake_case(name: str) -> str:
    """Return a name in snake case: `GetLength` is `get_length`, `__add__` stays as it is."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return spaced.lower()


def camel_case(name: str) -> str:
    """Return a name in camel case: `next_word` is `NextWord`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[\W_]+", name) if part) or "Unnamed"


# Methods that Rust would have otherwise under these names.
_METHODS = {
    "eq": "equals",
    "ne": "differs",
    "lt": "is_below",
    "le": "is_at_most",
    "gt": "is_above",
    "ge": "is_at_least",
    "hash": "hash_code",
    "next": "next_item",
    "not": "inverted",
    "add": "plus",
    "sub": "minus",
    "mul": "times",
    "div": "over",
    "neg": "negated",
    "clone": "copied",
    "default": "made",
    "drop": "dropped",
    "index": "at_index",
    "len": "length",
    "cmp": "compared",
    "new": "made_new",
}


def method_name(name: str) -> str:
    """Return the name of a method of an instance: `__eq__` is `equals`."""
    plain = name.strip("_") if name.startswith("__") and name.endswith("__") else name
    return _METHODS.get(plain, plain)


def setter(field: str) -> str:
    """Return the name of the method that writes a field."""
    return f"set_{field.removeprefix('r#')}"


def is_snake_case(name: str) -> bool:
    """Tell whether rustc's non_snake_case lint accepts an identifier."""
    text = name.removeprefix("r#").strip("_")
    return text == text.lower() and "__" not in text


def is_camel_case(name: str) -> bool:
    """Tell whether rustc's non_camel_case_types lint accepts an identifier."""
    text = name.removeprefix("r#").strip("_")
    return bool(text) and not text[0].islower() and not re.search(r"[^\W\d_]_|_[^\W\d_]", text)


class Scope:
    """Hands out identifiers that are unique among those it handed out and those it was told to avoid."""

    def __init__(self, avoid: frozenset[str] = frozenset()) -> None:
        self._avoided = avoid
        self._taken = set(avoid)

    def take(self, wanted: str) -> str:
        """Return `wanted`, or `wanted_2`, `wanted_3`, … where it is taken."""
        name, number = wanted, 1
        while name in self._taken or PRELUDE.fullmatch(name):
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name

    @property
    def given(self) -> frozenset[str]:
        """The identifiers that it handed out."""
        return frozenset(self._taken) - self._avoided


def code_of(text: str) -> str:
    """Return Rust text without comments, string literals and the quote as a character."""
    return re.sub(r"""'"'|"(?:[^"\\]|\\.)*"|//[^\n]*""", "", text)


def words_of(text: str) -> set[str]:
    """Return the words of Rust text but for what follows a dot or a path: a method or an enum's case may be called like a type."""
    return set(re.findall(r"(?<!\.)(?<!::)\b\w+", code_of(text)))
