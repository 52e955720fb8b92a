"""`textwrap`: paragraphs of words."""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard

_BLANK = "\t\n\x0b\x0c\r "


def _words(text, hyphens):
    """Return the words of a text and the runs of blanks between them, in order."""
    if hyphens and "-" in text:
        guard("a text with hyphens, at which textwrap may break lines")
    found = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or (text[place] == " ") != (text[start] == " "):
            found.append(text[start:place])
            start = place
    return found


def _is_blank(text):
    return text.strip() == ""


def wrap(
    text,
    width=70,
    *,
    initial_indent="",
    subsequent_indent="",
    break_long_words=True,
    break_on_hyphens=True,
    drop_whitespace=True,
):
    if width <= 0:
        raise ValueError(f"invalid width {width!r} (must be > 0)")
    plain = "".join([" " if letter in _BLANK else letter for letter in text.expandtabs(8)])
    words = _words(plain, break_on_hyphens)
    lines = []
    at = 0
    while at < len(words):
        margin = subsequent_indent if lines else initial_indent
        room = width - len(margin)
        line = []
        length = 0
        if drop_whitespace and lines and _is_blank(words[at]):
            at += 1
        while at < len(words) and length + len(words[at]) <= room:
            line.append(words[at])
            length += len(words[at])
            at += 1
        if at < len(words) and len(words[at]) > room:
            # It fits on no line: part of it goes here, or all of it where there is nothing else.
            if break_long_words:
                space = room - length if room >= 1 else 1
                line.append(words[at][:space])
                words[at] = words[at][space:]
            elif not line:
                line.append(words[at])
                at += 1
        if drop_whitespace and line and _is_blank(line[-1]):
            line.pop()
        if line:
            lines.append(margin + "".join(line))
    return lines


def fill(
    text,
    width=70,
    *,
    initial_indent="",
    subsequent_indent="",
    break_long_words=True,
    break_on_hyphens=True,
    drop_whitespace=True,
):
    return "\n".join(
        wrap(
            text,
            width,
            initial_indent=initial_indent,
            subsequent_indent=subsequent_indent,
            break_long_words=break_long_words,
            break_on_hyphens=break_on_hyphens,
            drop_whitespace=drop_whitespace,
        )
    )


def indent(text, prefix):
    return "".join([prefix + line if line.strip() else line for line in text.splitlines(True)])


def dedent(text):
    lines = text.split("\n")
    margin = ""
    first = True
    for number in range(len(lines)):
        line = lines[number]
        if line.strip(" \t") == "":
            lines[number] = ""
            continue
        blank = line[: len(line) - len(line.lstrip(" \t"))]
        if first:
            margin, first = blank, False
        else:
            count = 0
            while count < len(margin) and count < len(blank) and margin[count] == blank[count]:
                count += 1
            margin = margin[:count]
    return "\n".join([line[len(margin) :] if line else line for line in lines])


def shorten(text, width, *, placeholder=" [...]"):
    words = text.strip().split()
    whole = " ".join(words)
    if "-" in whole or placeholder == "":
        guard("a text with hyphens, at which textwrap may break lines")
    if width <= 0:
        raise ValueError(f"invalid width {width!r} (must be > 0)")
    if len(placeholder.lstrip()) > width:
        raise ValueError("placeholder too large for max width")
    if len(whole) <= width:
        return whole
    kept = ""
    for word in words:
        longer = kept + " " + word if kept else word
        if len(longer) + len(placeholder) > width:
            break
        kept = longer
    return kept + placeholder if kept else placeholder.lstrip()
