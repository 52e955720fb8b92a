"""PortalisModule prims: the Python source of behaviours, kept in the stage, and what identifies it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import dataclass

from pxr import Ar, Sdf, Tf, Usd

from portalis.translator.ir.abi import ABI_VERSION
from portalis.translator.source import MOST_BYTES, SourceFile, read_regular_file
from portalis.translator.stage.plan.executor import Verdict
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import MODULE_TYPE, SCOPE_NAME

_REPORT = "portalis:report"


@dataclass(frozen=True, slots=True)
class ModuleSource:
    """The source that a module prim holds; `origin` is the layer whose opinion it is, for questions of trust."""

    path: str
    source: SourceFile
    sha256: str
    origin: str


def source_sha256(text: str) -> str:
    """Return the SHA-256 of a source text's UTF-8 bytes, in lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def author_module(stage: Usd.Stage, source: SourceFile, name: str) -> Sdf.Path:
    """Define a module prim that holds `source` at the edit target and return its path.

    A module of that name with the same text is used again; one with another text stays, and the new one gets a numbered name. It goes
    below the default prim, so that a reference to the asset brings it along.
    """
    digest = source_sha256(source.text)
    scope = module_scope(stage)
    base = scope.AppendChild(Tf.MakeValidIdentifier(name))
    path, number = base, 1
    while prim := stage.GetPrimAtPath(path):
        if prim.GetTypeName() == MODULE_TYPE and prim.GetAttribute("portalis:sourceSha256").Get() == digest:
            return path
        number += 1
        path = base.ReplaceName(f"{base.name}_{number}")
    if not stage.GetPrimAtPath(scope):
        stage.DefinePrim(scope, "Scope")
    prim = stage.DefinePrim(path, MODULE_TYPE)
    _set(prim, "portalis:source", Sdf.ValueTypeNames.String, source.text)
    _set(prim, "portalis:sourceSha256", Sdf.ValueTypeNames.String, digest)
    _set(prim, "portalis:abiVersion", Sdf.ValueTypeNames.Int, ABI_VERSION)
    return path


def weakness(what: str, verdict: Verdict, path: str) -> StageProblem | None:
    """Warn that the code of the module at `path` was not verified well, or return None."""
    if verdict.status == "verified":
        return None
    why = f": {verdict.why}" if verdict.why else ""
    return StageProblem("PS113", f"{what} is {verdict.status}{why}", path, "`portalis explain PS113` tells what that means", "warning")


def claim(stage: Usd.Stage, path: str, source: SourceFile, verdict: Verdict) -> None:
    """Record at the edit target what a verification found, for people to read; no host relies on it."""
    text = json.dumps({"source": source_sha256(source.text), "status": verdict.status, "why": verdict.why})
    _set(stage.GetPrimAtPath(path), _REPORT, Sdf.ValueTypeNames.String, text)


def claimed_verdict(stage: Usd.Stage, module: ModuleSource) -> Verdict:
    """Return what the author of a module claims to have found; nothing is claimed of a text that was edited since."""
    try:
        claimed = json.loads(stage.GetPrimAtPath(module.path).GetAttribute(_REPORT).Get() or "{}")
    except (ValueError, RecursionError):
        return Verdict()
    if not isinstance(claimed, dict) or claimed.get("source") != module.sha256:
        return Verdict()
    status, why = claimed.get("status"), claimed.get("why")
    return Verdict(status, str(why)) if status in ("weakly verified", "not verified") else Verdict()


def read_module(stage: Usd.Stage, path: str) -> ModuleSource:
    """Read a module prim; raise a `StageError` where it is missing, holds no source, or the text does not match its hash."""
    prim = stage.GetPrimAtPath(path)
    if not prim or prim.GetTypeName() != MODULE_TYPE:
        raise StageError(StageProblem("PS110", f"there is no {MODULE_TYPE} here", path, "bind again, or load what holds the module"))
    text = _text(prim)
    if not text:
        raise StageError(StageProblem("PS110", "the module holds no source", path, "author portalis:source or portalis:sourceAsset"))
    if len(text) > MOST_BYTES:
        raise StageError(_too_large(path, path))
    digest = source_sha256(text)
    recorded = prim.GetAttribute("portalis:sourceSha256").Get()
    if recorded and recorded != digest:
        help_ = "author portalis:sourceSha256 together with the source, or clear it"
        raise StageError(StageProblem("PS110", "the source differs from the recorded portalis:sourceSha256", path, help_))
    return ModuleSource(path, SourceFile(f"{path}.py", text), digest, _origin(prim))


def is_lost_by_reference(stage: Usd.Stage, path: str) -> bool:
    """Tell whether a reference to this asset would bring the default prim without the module at `path`."""
    default = stage.GetDefaultPrim()
    return not default or not Sdf.Path(path).HasPrefix(default.GetPath())


def module_scope(stage: Usd.Stage) -> Sdf.Path:
    """Return the prim below which modules are authored."""
    default = stage.GetDefaultPrim()
    # The children of an instance come from its prototype, and an inactive prim has none: what is authored below does not exist.
    usable = default and default.IsActive() and not default.IsInstance() and not default.IsInstanceProxy()
    return (default.GetPath() if usable else Sdf.Path.absoluteRootPath).AppendChild(SCOPE_NAME)


def _set(prim: Usd.Prim, name: str, type_name: Sdf.ValueTypeName, value: object) -> None:
    prim.CreateAttribute(name, type_name, custom=False, variability=Sdf.VariabilityUniform).Set(value)


def _text(prim: Usd.Prim) -> str:
    """Return a module's source: its own attribute's, else that of the asset it names. Nobody was asked yet: a stage may name any path."""
    path = str(prim.GetPath())
    try:
        if text := prim.GetAttribute("portalis:source").Get():
            return str(text)
        attribute = prim.GetAttribute("portalis:sourceAsset")
        _require_packages(attribute)
        asset = attribute.Get()
        content = _asset_bytes(asset.resolvedPath) if asset and asset.resolvedPath else b""
        if len(content) > MOST_BYTES:
            raise StageError(_too_large(asset.path, path))
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # OpenUSD keeps whatever bytes a layer's string holds, and its Python decodes them when they are asked for.
        raise StageError(StageProblem("PS110", f"the source is not UTF-8: {error.reason}", path, "save it as UTF-8")) from None
    except OSError as error:
        message = f"portalis:sourceAsset cannot be read: {error.strerror}: {error.filename or path}"
        raise StageError(StageProblem("PS110", message, path, "name a file that holds Python source")) from None


def _require_packages(attribute: Usd.Attribute) -> None:
    """Raise OSError where an opinion names something in a package that is no regular file: to ask for its value makes OpenUSD open it."""
    for spec in attribute.GetPropertyStack() if attribute else ():
        named = spec.default.path if isinstance(spec.default, Sdf.AssetPath) else ""
        place = Sdf.ComputeAssetPathRelativeToLayer(spec.layer, named) if named else ""
        if Ar.IsPackageRelativePath(place) and os.path.lexists(package := Ar.SplitPackageRelativePathOuter(place)[0]):
            read_regular_file(package, most=0)


def _asset_bytes(resolved: str) -> bytes:
    """Return what an asset holds, of a large one a little more than the most; OSError where it is a file and no regular one."""
    if not Ar.IsPackageRelativePath(resolved) and "://" not in resolved:
        return read_regular_file(resolved)
    if Ar.IsPackageRelativePath(resolved):
        # What is in a package is read from the package's file.
        package, inside = Ar.SplitPackageRelativePathOuter(resolved)
        read_regular_file(package, most=0)
        if _times_in(package, inside) > 1:
            # OpenUSD reads the first, and whoever looks with another program sees the last.
            raise OSError(errno.EINVAL, "the package holds several files of this name", resolved)
    opened = Ar.GetResolver().OpenAsset(Ar.ResolvedPath(resolved))
    if not opened:
        return b""
    return bytes(MOST_BYTES + 1) if opened.GetSize() > MOST_BYTES else bytes(opened.GetBuffer())


def _times_in(package: str, name: str) -> int:
    """Return how many files of a name a package has; 0 where it is none that can be listed."""
    import zipfile

    try:
        with zipfile.ZipFile(package) as archive:
            return archive.namelist().count(name)
    except (zipfile.BadZipFile, ValueError):
        return 0


def _too_large(what: str, path: str) -> StageProblem:
    return StageProblem("PS110", f"{what} holds more than {MOST_BYTES} bytes of source", path, "split it into smaller modules")


def _origin(prim: Usd.Prim) -> str:
    specs = (prim.GetAttribute(name).GetPropertyStack() for name in ("portalis:source", "portalis:sourceAsset"))
    return next((stack[0].layer.identifier for stack in specs if stack), "")
