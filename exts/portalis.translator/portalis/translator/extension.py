"""What Kit loads: registers the window and takes it away again."""

from __future__ import annotations

import omni.ext

from portalis.translator.ui.kit.session import KitSession


class PortalisExtension(omni.ext.IExt):
    """The extension `portalis.translator`."""

    def on_startup(self, ext_id: str) -> None:
        """Open the window and follow the time line."""
        self._session: KitSession | None = KitSession()

    def on_shutdown(self) -> None:
        """Leave nothing behind."""
        if self._session is not None:
            self._session.close()
            self._session = None
