"""The OpenAPI document: routes as FastAPI knows them, messages as the contract has them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from portalis.translator.servers.contract.jobs import Job, JobList, JobRequest, JobResults
from portalis.translator.servers.contract.service import Health, License, Manifest, Metadata, ModelList, Trouble, Version
from portalis.translator.servers.contract.translation import ANSWER, TranslationRequest

_REFERENCE = "#/components/schemas/{model}"
_MODELS: tuple[type[BaseModel], ...] = (
    TranslationRequest, JobRequest, Job, JobList, JobResults, Health, License, Manifest, Metadata, ModelList, Trouble, Version,
)  # fmt: skip
_TROUBLES = {
    400: "It is no HTTP, or not whole.",
    401: "No key, or none that may be used.",
    403: "The key is not for this, or a page of another origin asks.",
    404: "There is no such thing of yours.",
    405: "This cannot be done here.",
    408: "The body came too slowly.",
    409: "The compiler that was insisted on is not here.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    421: "This is for another host.",
    429: "You ask too much; `Retry-After` says when to come again.",
    503: "Not ready, too much to do or about to end; `Retry-After` says when to come again.",
}


def content(model: str) -> dict[str, Any]:
    """Return a JSON body of a model of the contract."""
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model)}}}


def asked(model: str) -> dict[str, Any]:
    """Return what says of a route that it takes a model."""
    return {"requestBody": {"required": True, "content": content(model)}}


def told(model: str | None, *, status: int = 200, says: str = "The answer.", keyed: bool = True, also: tuple[int, ...] = ()) -> Any:
    """Return a route's responses: a model of the contract, and troubles."""
    statuses = (400, 403, 421, 503, *((401, 429) if keyed else ()), *also)
    troubles: dict[int | str, Any] = {
        number: {"description": _TROUBLES[number], "content": content("Trouble")} for number in sorted(statuses)
    }
    good: dict[str, Any] = {"description": says}
    if model is not None:
        good["content"] = content(model)
    return {status: good} | troubles


def document(app: FastAPI) -> dict[str, Any]:
    """Make the document."""
    found: dict[str, Any] = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    _, definitions = models_json_schema([(model, "validation") for model in _MODELS], ref_template=_REFERENCE)
    schemas = dict(definitions.get("$defs", {}))
    answer = TypeAdapter(ANSWER._type).json_schema(ref_template=_REFERENCE, mode="serialization")
    schemas |= {name: schema for name, schema in answer.pop("$defs", {}).items() if name not in schemas}
    components = found.setdefault("components", {})
    components["schemas"] = schemas | {"Answer": answer}
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path in found["paths"].values():
        for operation in path.values():
            if "401" in operation["responses"]:
                operation["security"] = [{"key": []}]
    return found
