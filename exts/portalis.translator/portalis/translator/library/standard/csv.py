"""`csv`: rows of texts, read from lines and written to what has a `write`.

Forms on which Pythons differ, and readers whose fields are no texts, are guards.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import guard, refused

QUOTE_MINIMAL = 0
QUOTE_ALL = 1
QUOTE_NONNUMERIC = 2
QUOTE_NONE = 3

_LIMIT = 131072
# Where a reader is: at the start of a record or field, in one with quotes or without, behind a quote in it, behind the record.
_RECORD = 0
_FIELD = 1
_PLAIN = 2
_QUOTED = 3
_SECOND = 4
_ENDED = 5


class Error(Exception):
    pass


def _check(dialect, delimiter, quotechar):
    if dialect != "excel":
        guard("a dialect of csv other than 'excel'")
    if len(delimiter) != 1 or len(quotechar) != 1 or delimiter == quotechar:
        guard("a delimiter or quotechar of csv that is not one character of its own")
    if delimiter in "\r\n" or quotechar in "\r\n ":
        guard("a line end or blank as delimiter or quotechar of csv")


class _Reader:
    def __init__(self, delimiter, quotechar, doublequote, skipinitialspace, quoting, strict):
        self._delimiter, self._quote, self._double = delimiter, quotechar, doublequote
        self._skip, self._quoted, self._strict = skipinitialspace, quoting != 3, strict
        self._count = 0

    @property
    def line_num(self):
        return self._count

    def __iter__(self):
        return self

    def __next__(self):
        row = []
        field = []
        state = _RECORD
        while True:
            try:
                line = self._line()
            except StopIteration:
                if state != _QUOTED:
                    raise
                if self._strict:
                    raise Error("unexpected end of data") from None
                row.append("".join(field))
                return row
            if not isinstance(line, str):
                refused("P0308", "lines that are no texts have no translation in `csv`", "give it a list of texts", line)
            self._count += 1
            for letter in line:
                if state == _QUOTED:
                    if letter != self._quote:
                        self._add(field, letter)
                    else:
                        state = _SECOND if self._double else _PLAIN
                elif letter == "\n" or letter == "\r":
                    if state != _RECORD and state != _ENDED:
                        row.append("".join(field))
                        field.clear()
                    state = _ENDED
                elif state == _ENDED:
                    guard("a line end within a line of csv, which is an error")
                elif state == _SECOND and letter == self._quote:
                    field.append(letter)
                    state = _QUOTED
                elif letter == self._delimiter:
                    row.append("".join(field))
                    field.clear()
                    state = _FIELD
                elif state == _SECOND and self._strict:
                    raise Error(f"'{self._delimiter}' expected after '{self._quote}'")
                elif state <= _FIELD and letter == self._quote and self._quoted:
                    state = _QUOTED
                elif state <= _FIELD and letter == " " and self._skip:
                    state = _FIELD
                else:
                    self._add(field, letter)
                    state = _PLAIN
            if state != _QUOTED:
                if state != _RECORD and state != _ENDED:
                    row.append("".join(field))
                return row

    def _add(self, field, letter):
        if len(field) >= _LIMIT:
            raise Error("field larger than field limit (131072)")
        field.append(letter)


# What they hold has types of their own, so that one program may read both.
class _ListReader(_Reader):
    def __init__(self, lines, delimiter, quotechar, doublequote, skipinitialspace, quoting, strict):
        super().__init__(delimiter, quotechar, doublequote, skipinitialspace, quoting, strict)
        self._rows = iter(lines)

    def _line(self):
        return next(self._rows)


class _OtherReader(_Reader):
    def __init__(self, lines, delimiter, quotechar, doublequote, skipinitialspace, quoting, strict):
        super().__init__(delimiter, quotechar, doublequote, skipinitialspace, quoting, strict)
        self._lines = iter(lines)

    def _line(self):
        return next(self._lines)


def reader(csvfile, dialect="excel", *, delimiter=",", quotechar='"', doublequote=True, skipinitialspace=False, quoting=0, strict=False):
    _check(dialect, delimiter, quotechar)
    if not 0 <= quoting <= 3 or quoting == 2:
        guard("a reader of csv whose fields are numbers")
    if delimiter == " " and skipinitialspace:
        guard("a blank as delimiter of csv, and blanks that are skipped")
    if isinstance(csvfile, list):
        return _ListReader(csvfile, delimiter, quotechar, doublequote, skipinitialspace, quoting, strict)
    return _OtherReader(csvfile, delimiter, quotechar, doublequote, skipinitialspace, quoting, strict)


def _shown(value):
    if value is None:
        return ""
    return str(value)


def _is_quoted(value, quoting):
    if quoting < 2:
        return quoting == 1
    if value is None or isinstance(value, str):
        return True
    if not isinstance(value, (bool, int, float)):
        guard("a field of csv that is neither a text nor a number where these are told apart")
    return False


class _Writer:
    def __init__(self, file, delimiter, quotechar, doublequote, lineterminator, quoting):
        self._file = file
        self._delimiter, self._quote, self._double = delimiter, quotechar, doublequote
        self._end, self._quoting = lineterminator, quoting

    def _field(self, text, quoted):
        if self._quote in text:
            if not self._double:
                raise Error("need to escape, but no escapechar set")
            quoted = True
        elif not quoted:
            for letter in text:
                if letter == self._delimiter or letter in self._end:
                    quoted = True
                elif letter == "\n" or letter == "\r":
                    guard("a line end within a field of csv where lines end otherwise")
        return self._quote + text.replace(self._quote, self._quote * 2) + self._quote if quoted else text

    def writerow(self, row):
        fields = [self._field(_shown(value), _is_quoted(value, self._quoting)) for value in row]
        if len(fields) == 1 and fields[0] == "":
            fields[0] = self._quote * 2
        return self._file.write(self._delimiter.join(fields) + self._end)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


def writer(csvfile, dialect="excel", *, delimiter=",", quotechar='"', doublequote=True, lineterminator="\r\n", quoting=0):
    _check(dialect, delimiter, quotechar)
    if not 0 <= quoting < 3:
        guard("a writer of csv that escapes instead of quoting")
    if delimiter in lineterminator or quotechar in lineterminator:
        guard("a delimiter or quotechar of csv within what ends its lines")
    return _Writer(csvfile, delimiter, quotechar, doublequote, lineterminator, quoting)


class DictReader:
    def __init__(
        self,
        f,
        fieldnames=None,
        *,
        restval=None,
        dialect="excel",
        delimiter=",",
        quotechar='"',
        doublequote=True,
        skipinitialspace=False,
        quoting=0,
        strict=False,
    ):
        if fieldnames is not None and not isinstance(fieldnames, list):
            refused("P0308", "field names that are no list have no translation in `csv.DictReader`", "give it a list of texts", fieldnames)
        self._names = fieldnames
        self.restval = restval
        self.reader = reader(
            f,
            dialect,
            delimiter=delimiter,
            quotechar=quotechar,
            doublequote=doublequote,
            skipinitialspace=skipinitialspace,
            quoting=quoting,
            strict=strict,
        )
        self.line_num = 0

    def _read_names(self):
        names = self._names
        if names is None:
            names = next(self.reader)
            self._names = names
        self.line_num = self.reader.line_num
        return names

    @property
    def fieldnames(self):
        try:
            return self._read_names()
        except StopIteration:
            guard("the field names of a csv without lines, which are None")
        return []

    @property
    def restkey(self):
        guard("the key of csv.DictReader for fields without a name")
        return ""

    def __iter__(self):
        return self

    def __next__(self):
        if self.line_num == 0:
            self._read_names()
        row = next(self.reader)
        self.line_num = self.reader.line_num
        while not row:
            row = next(self.reader)
        names = self._read_names()
        if len(row) > len(names):
            guard("a row of csv with more fields than there are names, which a list under None holds")
        found = dict(zip(names, row, strict=False))
        if len(row) < len(names):
            rest = self.restval
            if rest is None:
                guard("a row of csv with fewer fields than there are names, where None stands for the others")
            else:
                for name in names[len(row) :]:
                    found[name] = rest
        return found


class DictWriter:
    def __init__(
        self,
        f,
        fieldnames,
        restval="",
        extrasaction="raise",
        dialect="excel",
        *,
        delimiter=",",
        quotechar='"',
        doublequote=True,
        lineterminator="\r\n",
        quoting=0,
    ):
        # What has no length is an iterator, of which CPython makes a list.
        len(fieldnames)
        self.fieldnames = fieldnames
        self.restval = restval
        extrasaction = extrasaction.lower()
        if extrasaction not in ("raise", "ignore"):
            guard("an action of csv.DictWriter other than 'raise' and 'ignore', which is a ValueError")
        self.extrasaction = extrasaction
        self.writer = writer(
            f,
            dialect,
            delimiter=delimiter,
            quotechar=quotechar,
            doublequote=doublequote,
            lineterminator=lineterminator,
            quoting=quoting,
        )

    def writeheader(self):
        # A name that stands twice is written twice.
        return self.writer.writerow(self.fieldnames)

    def _values(self, row):
        if self.extrasaction == "raise":
            wrong = [key for key in row if key not in self.fieldnames]
            if len(wrong) > 1:
                guard("several keys that are no field names of csv, whose order only a set tells")
            if wrong:
                raise ValueError(f"dict contains fields not in fieldnames: {wrong[0]!r}")
        return [row.get(key, self.restval) for key in self.fieldnames]

    def writerow(self, rowdict):
        return self.writer.writerow(self._values(rowdict))

    def writerows(self, rowdicts):
        for row in rowdicts:
            self.writer.writerow(self._values(row))
