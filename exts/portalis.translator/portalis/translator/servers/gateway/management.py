"""What a gateway tells of itself, as NIM services do."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata

from fastapi import APIRouter, Request, Response

from portalis.translator.servers.contract.service import Health, License, Manifest, Metadata, Model, ModelList, Version
from portalis.translator.servers.gateway.documents import told
from portalis.translator.servers.gateway.metrics import CONTENT_TYPE
from portalis.translator.servers.gateway.routes import services_of
from portalis.translator.servers.gateway.services import Services

router = APIRouter()
API = "1.0.0"
_PACKAGE = "portalis-translator"
_LICENSE = "Apache-2.0"


@router.get("/v1/health/live", summary="Whether it runs", responses=told("Health", keyed=False), response_class=Response)
async def live(request: Request) -> Response:
    """Say that this runs."""
    return _json(Health(message="Portalis is live", status="live"))


@router.get("/v1/health/ready", summary="Whether it takes requests", responses=told("Health", keyed=False), response_class=Response)
async def ready(request: Request) -> Response:
    """Say whether requests are answered."""
    services = services_of(request)
    if not services.ready:
        why = "is about to end" if services.draining else "has no compiler that is ready"
        body = Health(message=f"Portalis {why}", status="not ready", degraded=services.degraded)
        return Response(body.model_dump_json(), 503, {"retry-after": "2"}, media_type="application/json")
    return _json(Health(message="Portalis is ready", status="degraded" if services.degraded else "ready", degraded=services.degraded))


@router.get("/v1/models", summary="The compilers that answer here", responses=told("ModelList", keyed=False), response_class=Response)
async def models(request: Request) -> Response:
    """List compilers."""
    return _json(ModelList(data=_models(services_of(request))))


@router.get("/v1/version", summary="Versions", responses=told("Version", keyed=False), response_class=Response)
async def version(request: Request) -> Response:
    """Tell versions."""
    compilers = tuple(map(str, services_of(request).engine.compilers))
    return _json(Version(release=_release(), api=API, compilers=compilers))


@router.get("/v1/license", summary="The licence", responses=told("License", keyed=False), response_class=Response)
async def license_(request: Request) -> Response:
    """Tell the licence."""
    text = _license_text()
    return _json(License(name=_LICENSE, sha256=hashlib.sha256(text.encode()).hexdigest(), content=text))


@router.get("/v1/metadata", summary="What runs here", responses=told("Metadata", keyed=False), response_class=Response)
async def metadata_(request: Request) -> Response:
    """Tell what runs."""
    services = services_of(request)
    licensed = {"name": _LICENSE, "sha256": hashlib.sha256(_license_text().encode()).hexdigest()}
    found = Metadata(version=_release(), model_info=_models(services), license_info=licensed, backend=services.engine.kind)
    return Response(found.model_dump_json(by_alias=True), media_type="application/json")


@router.get("/v1/manifest", summary="What would have to be fetched", responses=told("Manifest", keyed=False), response_class=Response)
async def manifest(request: Request) -> Response:
    """Tell that there is nothing to fetch."""
    return _json(Manifest())


@router.get(
    "/v1/metrics",
    summary="Counters, for Prometheus",
    description="Needs a key with the scope `metrics`, unless they are open.",
    response_class=Response,
    responses=told(None, says="Prometheus's text format."),
)
async def metrics(request: Request) -> Response:
    """Tell counters."""
    services = services_of(request)
    if not services.settings.open_metrics:
        services.admit(request.scope, "metrics")
    return Response(await services.counters(), media_type=CONTENT_TYPE)


def _json(model: Health | ModelList | Version | License | Manifest) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")


def _models(services: Services) -> tuple[Model, ...]:
    return tuple(Model(id=services.settings.name, version=str(compiler)) for compiler in services.engine.compilers)


@functools.cache
def _release() -> str:
    try:
        return metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        return "not installed"


@functools.cache
def _license_text() -> str:
    """Return the licence's text as the package was installed with it; empty where it was not."""
    try:
        found = [item for item in metadata.files(_PACKAGE) or () if item.name == "LICENSE"]
        return found[0].read_text() if found else ""
    except (metadata.PackageNotFoundError, OSError):
        return ""
