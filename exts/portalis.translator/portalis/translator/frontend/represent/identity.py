"""Which parts of a result, and which fields, are certainly the caller's own objects, certainly are not, or would be references."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from portalis.translator.frontend.infer.specialised import RESULT, Signature
from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.types import GF_TYPES, Type

Identity = tuple[tuple[tuple[int, ...], str], ...]


def result_identity(report: Report, definition: ast.FunctionDef, signature: Signature, parameters: Mapping[str, Type]) -> Identity:
    """Return which parts of the result are the caller's own objects, refusing what is so only on some paths, or in part."""
    summary = signature.summary
    if signature.result is None or not signature.result.mutable:
        return ()
    known = {f"@{name}" for _, name in summary.identity}
    unknown = sorted({right for left, right in summary.shared if left == RESULT and right not in known})
    if unknown or summary.tangled:
        name = unknown[0].lstrip("@") if unknown else ""
        type_ = parameters.get(name)
        copy = f"{type_}({name})" if isinstance(type_, GF_TYPES) else "a new list from its elements"
        report.refuse(
            "P0405",
            definition,
            f"the result may share an object with `{name}` on some path or in some part"
            if name
            else "parts of the result may be one object",
            f"return a copy, or begin with one: {name} = {copy}" if name else "create each part of the result on its own",
            "the caller could not tell whether changing one changes the other",
        )
    return summary.identity


def refuse_shared_fields(report: Report, method: ast.FunctionDef, signature: Signature) -> None:
    """Refuse a method after which two fields of `self` may be one object."""
    for left, right in sorted(signature.summary.shared):
        if left.startswith("self.") and right.startswith("self.") and left < right:
            report.refuse(
                "P0405",
                method,
                f"`{left}` and `{right}` may be the same object afterwards",
                "assign a copy: Gf.Vec3d(value), or a new list",
            )
