"""`string`: what is no constant."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"


def capwords(s, sep=None):
    if sep is None:
        return " ".join([word.capitalize() for word in s.split()])
    if sep == "":
        raise ValueError("empty separator")
    return sep.join([word.capitalize() for word in s.split(sep)])


def _name_at(text, start):
    """Return the name that begins at a place of a text, and nothing where none does."""
    end = start
    while end < len(text) and (text[end] in _LETTERS or (end > start and text[end] in "0123456789")):
        end += 1
    return text[start:end]


def _looked_up(mappings, name):
    if len(mappings) == 0:
        raise KeyError(name)
    return str(mappings[0][name])


def _check(mappings):
    if len(mappings) > 1:
        guard("several mappings for a template, which are a TypeError")


class Template:
    delimiter = "$"

    def __init__(self, template):
        if not isinstance(template, str):
            guard("a template that is no text")
        self.template = template

    @property
    def pattern(self):
        guard("the pattern of a template")
        return ""

    def _parts(self):
        """Return the parts of the text: what stands there, a name, and where it is neither plain nor a name, the place behind its `$`."""
        if self.delimiter != "$":
            guard("a template with a delimiter of its own")
        found = []
        text = self.template
        start = 0
        while True:
            at = text.find("$", start)
            if at < 0:
                found.append((text[start:], "", 0))
                return found
            found.append((text[start:at], "", 0))
            name = _name_at(text, at + 1)
            end = at + 1 + len(name)
            if not name and at + 1 < len(text):
                if text[at + 1] == "$":
                    found.append(("$", "", 0))
                    start = at + 2
                    continue
                if text[at + 1] == "{":
                    name = _name_at(text, at + 2)
                    end = at + 2 + len(name)
                    if end < len(text) and text[end] == "}":
                        end += 1
                    else:
                        name = ""
            if name:
                found.append((text[at:end], name, 0))
                start = end
            else:
                found.append(("$", "", at + 1))
                start = at + 1

    def _fail(self, place):
        lines = self.template[:place].splitlines(True)
        column = place - len("".join(lines[:-1]))
        raise ValueError(f"Invalid placeholder in string: line {len(lines)}, col {column}")

    def substitute(self, /, *mapping, **kws):
        _check(mapping)
        shown = []
        for text, name, place in self._parts():
            if place:
                self._fail(place)
            if not name:
                shown.append(text)
            elif name in kws:
                shown.append(str(kws[name]))
            else:
                shown.append(_looked_up(mapping, name))
        return "".join(shown)

    def safe_substitute(self, /, *mapping, **kws):
        _check(mapping)
        shown = []
        for text, name, _ in self._parts():
            if not name:
                shown.append(text)
            elif name in kws:
                shown.append(str(kws[name]))
            else:
                try:
                    shown.append(_looked_up(mapping, name))
                except KeyError:
                    shown.append(text)
        return "".join(shown)

    def is_valid(self):
        return all(not place for _, _, place in self._parts())

    def get_identifiers(self):
        return list(dict.fromkeys([name for _, name, _ in self._parts() if name]))
