"""What a gateway says of itself, in the words that NIM services use, and what it answers where there is no translation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

# The compiler that a client insists on, and the one that answered.
COMPILER_HEADER = "portalis-compiler"
REQUEST_HEADER = "x-request-id"


class Problem(BaseModel):
    """Why there is no answer. `code` is for programs; `retry_after` says after how many seconds asking again may help, if ever."""

    code: str
    message: str
    request: str = ""
    retry_after: float | None = None


class Trouble(BaseModel):
    """The body of every answer that is none."""

    error: Problem


class Health(BaseModel):
    """Whether the service runs (`live`) or takes requests (`ready`); `degraded` names what is out of order although it does."""

    object: Literal["health.response"] = "health.response"
    message: str
    status: Literal["live", "ready", "degraded", "not ready"]
    degraded: tuple[str, ...] = ()


class Model(BaseModel):
    """One compiler, in OpenAI's shape of a model; `version` is its number."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "portalis"
    version: str


class ModelList(BaseModel):
    """The compilers that answer here."""

    object: Literal["list"] = "list"
    data: tuple[Model, ...]


class Version(BaseModel):
    """`release` is the package's version, `api` the surface's, `compilers` the numbers that a client can insist on."""

    release: str
    api: str
    compilers: tuple[str, ...]


class License(BaseModel):
    """The licence, by its SPDX name and in full."""

    name: str
    sha256: str
    content: str


class Metadata(BaseModel):
    """What runs here."""

    model_config = ConfigDict(protected_namespaces=(), populate_by_name=True)

    version: str
    asset_info: Annotated[tuple[str, ...], Field(alias="assetInfo")] = ()
    model_info: Annotated[tuple[Model, ...], Field(alias="modelInfo")] = ()
    license_info: Annotated[dict[str, str], Field(alias="licenseInfo")]
    repository_override: str = ""
    backend: Literal["embedded", "triton"]


class Manifest(BaseModel):
    """What would have to be fetched to run this elsewhere: nothing, there are no weights."""

    manifest_file: str = ""
    repository_override: str = ""
