"""Parts of Kit that an application may do without: used where they are, and told apart where they are not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class Parts:
    """Which parts of Kit are used; `missing` says of the others why not."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}

    @contextlib.contextmanager
    def use(self, name: str) -> Iterator[None]:
        """Within the block, use a part of Kit; where this Kit has none, or one that is called otherwise, go on without it."""
        try:
            yield
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("omni."):
                raise
            self.missing[name] = f"{error.name} is not enabled"
        except (AttributeError, TypeError) as error:
            self.missing[name] = f"this Kit's is another: {error}"
