"""Find the schema files and tell OpenUSD about them, once a process."""

from __future__ import annotations

from pathlib import Path

import omni.ext
from pxr import Plug

PLUGIN = "portalisSchema"


def schema_folder() -> Path:
    """Return the folder of plugInfo.json: `schemas` in the extension, as releases and builds have it, or at the root of a checkout.

    Raises FileNotFoundError where neither is there.
    """
    for parent in Path(__file__).resolve().parents:
        if (parent / "schemas" / "plugInfo.json").is_file():
            return parent / "schemas"
    raise FileNotFoundError("portalis.schema has no folder `schemas`: install a release of it, or keep it in its checkout")


def register() -> None:
    """Register the schemas if nobody did; they cannot be taken back."""
    if not Plug.Registry().GetPluginWithName(PLUGIN):
        Plug.Registry().RegisterPlugins(str(schema_folder()))


class PortalisSchemaExtension(omni.ext.IExt):
    """The extension `portalis.schema`."""

    def on_startup(self, ext_id: str) -> None:
        """Register."""
        register()

    def on_shutdown(self) -> None:
        """OpenUSD keeps what it knows."""
