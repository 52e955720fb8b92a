"""Oracles that lie, in all the ways in which a text that took one over could make it: `main(memory_limit, how)`."""

from __future__ import annotations

import struct
from typing import IO

from portalis.translator.verify.oracle.process import fork_oracles
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.frames import read_frame, write_frame
from portalis.translator.work.protocol import (
    ORACLE_ANSWER,
    ORACLE_BROKEN,
    ORACLE_LOAD,
    ORACLE_LOADED,
    ORACLE_RUNS,
    SIZE_LIMIT,
    pack_answer,
    split_orders,
    unpack_runs,
)

# What each makes of an honest answer of a function that returns a float: a letter, eight bytes, no identity, no ways, no drift.
TAMPERED = {
    "wrong value": lambda answer: answer[:1] + struct.pack("<d", 1234.5) + answer[9:],
    "wrong sign of zero": lambda answer: answer[:1] + struct.pack("<d", -struct.unpack("<d", answer[1:9])[0]) + answer[9:],
    "an exception": lambda answer: b"\1" + struct.pack("<HH", 10, 3) + b"ValueErrorbad" + b"\0\0\0",
    "not of its type": lambda answer: b"\2" + struct.pack("<HH", 5, 3) + b"valueint" + b"\0\0\0",
    "no kind": lambda answer: b"\7" + answer[1:],
    "too short": lambda answer: answer[:-1],
    "too long": lambda answer: answer + b"\0",
    "an identity": lambda answer: answer[:9] + b"\1" + struct.pack("<hH", -1, 0) + answer[10:],
    "a way that there is not": lambda answer: answer[:10] + struct.pack("<HH", 1, 60_000) + answer[12:],
    "always out of steps": lambda answer: b"\3\0\0\0",
    "never known": lambda answer: b"\4\0\0\0",
    "nothing": lambda answer: b"",
}
HOW = (
    *TAMPERED,
    "one more frame",
    "another run",
    "a gigabyte",
    "another letter",
    "ends",
    "ends at once",
    "stalls",
    "stalls once",
    "broken",
    "junk",
    "honest",
)


def main(memory_limit: str, how: str) -> None:
    fork_oracles(int(memory_limit), lambda requests, answers: serve(requests, answers, how))


def serve(requests: IO[bytes], answers: IO[bytes], how: str) -> None:
    witness = Witness()
    while True:
        letter, payload = read_frame(requests, {ORACLE_LOAD: SIZE_LIMIT, ORACLE_RUNS: SIZE_LIMIT})
        if letter == ORACLE_LOAD:
            if how == "ends at once":
                return
            honest = witness.load(payload)
            write_frame(answers, ORACLE_LOADED, b'{"loaded":[]}' if how == "junk" else honest)
            continue
        together, packed = split_orders(payload)
        runs = unpack_runs(packed)
        told: list[bytes] = []
        for number, (run, answer) in enumerate(zip(runs, witness.run(runs), strict=True), 1):
            if how in ("stalls", "ends", "stalls once") and (run.case == 5 or how != "stalls once"):
                while how != "ends":
                    pass
                return
            told.append(pack_answer(run, TAMPERED.get(how, bytes)(answer)))
            if number % together == 0 or number == len(runs):
                data = b"".join(told)
                told = []
                if how == "a gigabyte":
                    answers.write(struct.pack("<cI", ORACLE_ANSWER, 1 << 30))
                    while True:
                        answers.write(bytes(1 << 16))
                if how == "another run":
                    data = struct.pack("<I", 7) + data[4:]
                if how == "one more frame" and number == len(runs):
                    # In one write, so that it is there when the last answer is.
                    answers.write(struct.pack("<cI", ORACLE_ANSWER, len(data)) + data)
                kinds = {"another letter": b"z", "broken": ORACLE_BROKEN}
                write_frame(answers, kinds.get(how, ORACLE_ANSWER), b"told \x1b[31mso" if how == "broken" else data)
