"""The headless host: `portalis translate`, `bind`, `run`, `check`, `demo`, `doctor`, `bench`, `explain`."""

from portalis.translator.cli.app import main

__all__ = ["main"]
