"""Find and register the schemas of Portalis with OpenUSD.

OpenUSD reads schemas once, when its schema registry is made, which the first stage of a process does. Registering later leaves the plugin
listed and the schemas unknown. Everything in this room therefore reads bindings by what is authored (`discovery`), and needs the
registration only to author them as OpenUSD would check them.
"""

from __future__ import annotations

import functools
from pathlib import Path

from pxr import Plug, Usd

from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import API_NAMES

_PLUGIN = "portalisSchema"


def schema_path() -> Path | None:
    """Return the `schemas` folder above this module: in the package where it was installed, in the repository's root in a checkout."""
    folders = (parent / "schemas" for parent in Path(__file__).parents)
    return next((folder for folder in folders if (folder / "plugInfo.json").is_file()), None)


@functools.cache
def register_schemas() -> bool:
    """Register the schemas if nobody did, and tell whether OpenUSD knows them now; call it before the first stage is opened."""
    folder = schema_path()
    if folder is not None and not Plug.Registry().GetPluginWithName(_PLUGIN):
        Plug.Registry().RegisterPlugins(str(folder))
    return schemas_known()


def schemas_known() -> bool:
    """Tell whether OpenUSD's schema registry holds the binding schemas."""
    return bool(Usd.SchemaRegistry.IsMultipleApplyAPISchema(API_NAMES["behavior"]))


def require_schemas() -> None:
    """Register the schemas, or raise a `StageError` that says why they cannot be used for authoring."""
    if register_schemas():
        return
    message, help_ = "OpenUSD does not know the schemas of Portalis", "reinstall portalis-translator: its schema files are missing"
    if schema_path() is not None:
        message = "the schemas of Portalis were registered after OpenUSD made its schema registry"
        help_ = "call register_schemas() before the first stage is opened, or set PXR_PLUGINPATH_NAME to the schema folder"
    raise StageError(StageProblem("PS100", message, "/", help_))
