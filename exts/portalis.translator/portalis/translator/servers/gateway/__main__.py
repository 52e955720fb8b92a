"""`python -m portalis.translator.servers.gateway`: a gateway by its environment alone, as a container runs it."""

from __future__ import annotations

import signal
import sys

from pydantic import ValidationError

from portalis.translator.private.host_key import UnsafeFile
from portalis.translator.servers.gateway.services import Services
from portalis.translator.servers.gateway.serving import CannotServe, serve
from portalis.translator.servers.gateway.settings import Settings


def main() -> None:
    """Serve until a signal says to end. Keys are made with `portalis keys create`."""

    def told(port: int, services: Services) -> None:
        services.log.tell("INFO", "serving", port=port, backend=services.engine.kind)

    try:
        serve(Settings(), told)
    except ValidationError as error:
        sys.exit("\n".join(f"portalis: {'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_input=False)))
    except (CannotServe, UnsafeFile, OSError) as error:
        sys.exit(f"portalis: {error}")


if __name__ == "__main__":
    # Whatever started this may have had Ctrl-C ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
