"""What a source file of the tests says of itself in comments: `# function: NAME`, `# example: f(1.0)`, `# call: (1, 2.0)`,
`# target: 3.12`."""

from __future__ import annotations

from pathlib import Path

from .program import TARGET, Program


def directives(text: str, name: str) -> list[str]:
    """Return what the comments `# NAME: …` of a source say, in order."""
    prefix = f"# {name}: "
    return [line.removeprefix(prefix) for line in text.splitlines() if line.startswith(prefix)]


def read_program(path: Path) -> Program:
    """Read a file of source with its entry and examples."""
    text = path.read_bytes().decode("utf-8")
    function, target = (next(iter(directives(text, name)), None) for name in ("function", "target"))
    major, minor = map(int, target.split(".")) if target else TARGET
    return Program(path.stem, text, function, tuple(directives(text, "example")), (major, minor))


def read_folder(folder: Path) -> tuple[Program, ...]:
    """Read every source file of a folder, in the order of their names."""
    return tuple(map(read_program, sorted(folder.glob("*.py"))))
