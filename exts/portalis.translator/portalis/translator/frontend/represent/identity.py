"""Which parts of a result, and which fields, are certainly the caller's own objects, certainly are not, or would be references."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.infer.ownership import may_meet, mutable_parts
from portalis.translator.frontend.infer.specialised import RESULT, Signature
from portalis.translator.frontend.read.report import Report
from portalis.translator.ir.types import GF_TYPES, RecordType, Type

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


def refuse_shared_fields(report: Report, record: RecordType, methods: Sequence[tuple[ast.FunctionDef, Signature]]) -> None:
    """Refuse methods after which two fields of `self`, or two parts of one, may be an object that some method changes in place.

    Where none does, nobody can tell whether it is one object or two that are equal.
    """
    types = {f"self.{name}": type_ for name, type_ in record.fields}
    changed = sorted({item for _, signature in methods for item in signature.summary.changed}, key=str)
    sharing = [(method, pair) for method, signature in methods for pair in sorted(signature.summary.shared) if types.keys() >= {*pair}]
    for group in _groups([pair for _, pair in sharing]):
        method, (left, right) = next((method, pair) for method, pair in sharing if pair[0] in group)
        for root, type_ in changed:
            others = group - {root}
            if root in group and (
                type_ in may_meet(types[root], types[root], itself=True) or any(type_ in mutable_parts(types[other]) for other in others)
            ):
                both = f"`{left}` and `{right}`" if left != right else f"two parts of `{left}`"
                help_ = f"assign a copy: {type_}(…)" if isinstance(type_, GF_TYPES) else "assign a new list"
                report.refuse("P0405", method, f"{both} may be the same object afterwards, and `{root}` is changed in place", help_)
                break


def _groups(pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    """Return the fields that share, directly or through others: what one call shares, the next can share further."""
    groups: list[set[str]] = []
    for pair in pairs:
        together = {*pair}.union(*(group for group in groups if not group.isdisjoint(pair)))
        groups = [group for group in groups if group.isdisjoint(pair)] + [together]
    return groups
