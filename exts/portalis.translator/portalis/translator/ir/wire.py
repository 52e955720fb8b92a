"""How objects cross the sandbox's boundary: a message of 8-byte words, the same for every back-end, host and oracle.

A program whose entry takes or gives a reference, raises with a computed text or prints (`crosses_by_wire`) is not called with slots. Its
entry is

    call(message: i32, bytes: i32) -> i32

`message` is the address of so many bytes of arguments, aligned to 16; the guest's heap begins behind them. The return value is the error
word. The two words at `message` then hold the address and the number of bytes of the answer (little-endian i64), which the host checks
against the memory before it reads a byte.

A value of a type is written as
- int, bool: one word; float: its bits in one word, every NaN as 0x7FF8000000000000; None and a type without values: nothing;
- a tuple, a Gf value: its elements in storage order (a single's as a double);
- a value of several classes: one word, the place of its member in the union, then it as one of that member;
- a tuple of any length: the length, then its elements;
- a str: the number of code points, then these as u32, padded with zeros to whole words;
- a list, dict or set: its number in the message. Objects are numbered from 0 in the order in which they first come, so that an object that
  comes again is its number alone: aliasing and identity cross as they are. The first time its content follows: the length, then the
  elements; of a dict each key with its value, in the order of insertion; of a set its elements in the order in which it iterates. The
  length of a set among the arguments is negative where there was room for all from the start, so that its table has another size.

The arguments are one message, in the order of the parameters. The answer is another: the result where the error word is 0, the text that
came with the error where its site says that there is one, then the arguments as they are afterwards, then, of a program that prints, the
text that it printed, however it ended. Its numbers go on from the
arguments': an object that came with these keeps its number, and what is new gets the next one. In the answer, too, content follows a number
the first time that it comes there, also where the object came with the arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # An oracle reads and writes messages, and knows no nodes.
    from portalis.translator.ir.nodes import Function

WORD = 8


def holds_references(function: Function) -> bool:
    """Tell whether a function takes, gives or keeps an object by reference."""
    types = (function.result, *(item.type for item in function.params), *(type_ for _, type_ in function.locals))
    return any(type_.refers for type_ in types)


def crosses_by_wire(function: Function) -> bool:
    """Tell whether an entry takes or gives an object by reference, a text that comes with an error, or what was printed."""
    return function.tells or function.prints or function.result.refers or any(parameter.type.refers for parameter in function.params)
