"""Sources about regular expressions as people write them, each with an example and calls."""

from __future__ import annotations

WRITTEN: list[tuple[str, str, tuple[str, ...]]] = [
    (
        """
import re
def f(s: str):
    pattern = '^a(b*)$'
    if re.search(pattern, s):
        return 'Found'
    return 'Not'
""",
        "f('abb')",
        ("f('ab')", "f('ba')", "f('')"),
    ),
    (
        """
import re
WORD = r'\\b\\w'
def f(s: str):
    return re.findall(WORD + '{4,}' + r'\\b', s), re.split(r'; |, |\\*|\\n', s)
""",
        "f('some; words')",
        ("f('move back, to stream')", "f('')"),
    ),
    (
        """
import re
DATE = re.compile(r'(?P<year>\\d{4})-(?P<month>\\d\\d)', re.I | re.M)
def f(s: str):
    m = DATE.search(s)
    if m is None:
        return 'none', ''
    return m.group('year') + m['month'] + m[1], DATE.pattern
""",
        "f('2024-05')",
        ("f('x 1999-12')", "f('no')"),
    ),
    (
        """
import re
def f(s: str):
    return re.sub(r'(\\w+) (\\w+)', r'\\2 \\1', s), re.subn('a', '', s, count=1), re.sub('x*', '-', s)
""",
        "f('hello world')",
        ("f('abxd a')", "f('')"),
    ),
    (
        """
import re
def up(m):
    return m.group(0).upper()
def f(s: str):
    return re.sub('[aeiou]', up, s), re.sub(r'\\d+', lambda m: str(int(m.group()) * 2), s, 1)
""",
        "f('abc 12')",
        ("f('a1b22')", "f('')"),
    ),
    (
        """
import re
def f(s: str):
    found = []
    for m in re.finditer(r'(\\w)(\\d)?', s):
        found.append((m.start(), m.end(2), m.span()))
    return found
""",
        "f('a1b')",
        ("f('x9 y')", "f('')"),
    ),
    (
        """
import re
def f(s: str):
    m = re.match(r'(\\d+)', s)
    return m.group(1)
""",
        "f('12')",
        ("f('7x')", "f('x')"),
    ),
    (
        """
import re
def f(s: str):
    m = re.match(r'(\\w+)@(\\w+)', s)
    return m.groups() if m else ('', '')
""",
        "f('a@b')",
        ("f('ab@cd.e')", "f('@')"),
    ),
    (
        """
import re
def f(s: str):
    it = re.finditer('a', s)
    first = [m.start() for m in it]
    return first, [m.start() for m in it]
""",
        "f('aba')",
        ("f('aaa')", "f('')"),
    ),
    (
        """
import re
def f(s: str):
    return [a + b for a, b in re.findall('(a)(b?)', s)], re.escape(s)
""",
        "f('ab.a')",
        ("f('aba*')", "f('')"),
    ),
    (
        """
import re
def f(s: str):
    return bool(re.fullmatch(r'[\\w.]+@[\\w.]+', s, re.A)), not re.search('[^a-z]', s, flags=re.IGNORECASE)
""",
        "f('a@b')",
        ("f('a.b@c')", "f('Ab')"),
    ),
    (
        """
from re import findall, compile as make
def f(s: str):
    p = make('b+')
    return findall('[A-Z][^A-Z]*', s), p.search(s, 1) is None, p.split(s, 1), p.groups, p.flags
""",
        "f('AbCd')",
        ("f('PyThon bb')", "f('b')"),
    ),
    (
        """
import re
def f(s: str):
    best = ''
    pattern = r'[a-z]+'
    for word in s.split():
        m = re.search(pattern, word)
        if m and len(m.group()) > len(best):
            best = m.group()
    return best
""",
        "f('ab cde')",
        ("f('A bb C ddd1')", "f('')"),
    ),
    (
        """
import re
def find(t):
    return re.search('[0-9]+', t)
def f(s: str):
    m = find(s)
    return (m.start(), m.string, m.re.pattern) if m is not None else (0, '', '')
""",
        "f('a1')",
        ("f('ab22')", "f('')"),
    ),
    (
        """
import re
def f(text, word):
    p = re.compile(r'\\b' + re.escape(word) + r'\\b')
    m = re.search(word, text)
    if m is None:
        return p.findall(text), 0, '', re.sub(word + '{2,}', '', text), len(p.pattern)
    return p.findall(text), m.start(), m.re.pattern, re.sub(word + '{2,}', word, text), -1
""",
        "f('a cat aaa b', 'a')",
        ("f('dog a.b', 'a.b')", "f('x', 'y')"),
    ),
    (
        """
import re
def find(s):
    if s:
        return re.match('a', s)
def f(s: str):
    m = None
    if s:
        m = re.match('a', s)
    ms = [None, re.match('a', s)]
    n = re.search('b', s) if s else None
    t = (re.match('a', s), 1)
    last = None
    for word in s.split():
        last = re.match('a', word)
        if last:
            break
    return m is None, [one is None for one in ms], None is n, n != None, t[0] == None, find(s) is None, last.end() if last else -1
""",
        "f('ab')",
        ("f('')", "f('ba')", "f('b')", "f('x ab')"),
    ),
    (
        """
import re
def f(s: str):
    tokens = []
    for m in re.finditer(r'\\s*(?:(\\d+\\.?\\d*)|([A-Za-z_]\\w*)|(.))', s):
        number, name, operator = m.groups()
        if number is not None:
            tokens.append(('number', number))
        elif name is not None:
            tokens.append(('name', name))
        else:
            tokens.append(('operator', operator))
    return tokens
""",
        "f('x = 3.14 * (y + 2)')",
        ("f('')", "f(' ')", "f('a1+1a')"),
    ),
    (
        """
import re
def f(s: str):
    m = re.match(r'(\\d+)(?:px|(em))?(?P<loud>!)?', s)
    if not m:
        return None
    return m.group(1), m.group(2), m['loud'], m.groups(), m.groupdict(), m.group(1, 2), m.groups('-')
""",
        "f('12em!')",
        ("f('12')", "f('12px')", "f('x')", "f('12!')"),
    ),
    (
        """
import re
def f(s: str):
    m = re.match(r'(\\w+)=(\\d+)?', s)
    if m is None:
        m = re.match(r'(\\w+):(\\d+)', s)
    if m is None:
        return -1
    return int(m.group(2)) + len(m.group(1))
""",
        "f('a=12')",
        ("f('a=')", "f('b:4')", "f('q')"),
    ),
    (
        """
import re
def f(s: str):
    def change(m):
        return m.group(1).upper() if m.group(1) else '<' + m.group(2) + '>'
    return re.sub(r'(a)|(b)', change, s), [m.group(1) or m[2] for m in re.finditer('(a)|(b)', s)]
""",
        "f('abc')",
        ("f('')", "f('ba')"),
    ),
    (
        """
import re
def f(s: str, n: int):
    m = re.match(r'(a)?(b)', s)
    return m.group(n)
""",
        "f('ab', 1)",
        ("f('b', 1)", "f('b', 2)", "f('b', 3)", "f('b', 0)", "f('b', -1)", "f('', 0)"),
    ),
]
