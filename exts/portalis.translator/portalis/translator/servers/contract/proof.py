"""An answer is worth something with the proof for the very bytes that it carries."""

from __future__ import annotations

import hashlib

from portalis.translator.servers.contract.asking import RemoteError
from portalis.translator.translating.messages import Build


def require_proof(build: Build) -> None:
    """Raise RemoteError unless the report says that these very bytes agreed with CPython."""
    verdicts = {item.name: item for item in build.report.artefacts} if build.report else {}
    proof = verdicts.get("wasm")
    if proof is None or not proof.usable or proof.sha256 != hashlib.sha256(build.wasm).hexdigest():
        raise RemoteError("the server's answer carries no proof for the module it carries")
