"""The cells that regular expressions are written in: what the front-end writes and `pattern_machine.py` runs.

A program is a text, whose code points are its cells. Its head: [0] how many groups, [1] how many slots a match needs, [2] where it starts,
[3] and [4] an instruction that every match's first character passes (FAIL where nothing is known), [5] whether matches begin at 0 only.
Slots are two ends for each group, then the registers of loops. Instructions with their operands, each in a cell:
"""

from __future__ import annotations

HEAD = 6
# One character: LITERAL code, NOT_LITERAL code, ANY 0 (but a line feed), ALL 0, IN address of a set. All take two cells.
FAIL = 0
LITERAL = 1
NOT_LITERAL = 2
ANY = 3
ALL = 4
IN = 5
SUCCESS = 6
# Of one character, again and again: least, most, its instruction and operand. GREEDY, LAZY, POSSESSIVE.
GREEDY = 7
LAZY = 8
POSSESSIVE = 9
# AT kind; JUMP target; MARK slot; BRANCH next alternative.
AT = 10
JUMP = 11
MARK = 12
BRANCH = 13
# SAME group; SAME_IGNORING_CASE group, unicode; IF_GROUP group, target where it took no part.
SAME = 14
SAME_IGNORING_CASE = 15
IF_GROUP = 16
# REPEAT register, target; UNTIL and LAZY_UNTIL register, least, most, body. Two registers: how often, and where the last round began.
REPEAT = 17
UNTIL = 18
LAZY_UNTIL = 19
# ATOMIC register; CUT register. The register holds how many ways there were.
ATOMIC = 20
CUT = 21
# AHEAD register, characters back; AHEAD_END register; NOT_AHEAD register, characters back, target; NOT_AHEAD_END register.
AHEAD = 22
AHEAD_END = 23
NOT_AHEAD = 24
NOT_AHEAD_END = 25
# ALL_OF register, target; ALL_OF_NEXT register, least, most, tail; ALL_OF_END register, target. Registers: how often, the start of the
# last round, how many ways there were.
ALL_OF = 26
ALL_OF_NEXT = 27
ALL_OF_END = 28

# Kinds of AT.
BEGINNING = 0
LINE_BEGINNING = 1
END = 2
LINE_END = 3
VERY_END = 4
BOUNDARY = 5
NO_BOUNDARY = 6
ASCII_BOUNDARY = 7
NO_ASCII_BOUNDARY = 8
# Categories of characters beyond ASCII; the odd ones are the others' opposites.
DIGIT = 0
NOT_DIGIT = 1
SPACE = 2
NOT_SPACE = 3
WORD = 4
NOT_WORD = 5
# How often, without end; no cell may be a surrogate, so that none reaches it.
ENDLESS = 0xD7FF

# How a match is asked for: WHOLE: it must end where the text does; FURTHER: it must not be empty at the start.
WHOLE = 1
FURTHER = 2
