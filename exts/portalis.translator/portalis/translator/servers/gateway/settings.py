"""Everything that can be set, from the environment: `PORTALIS_GATEWAY_…`, and under the names of NIM services where they have one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PORTALIS_GATEWAY_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _either(name: str, *others: str) -> AliasChoices:
    return AliasChoices(f"{PREFIX}{name.upper()}", *others, name)


def _own_folder() -> Path:
    return Path(platformdirs.user_state_dir("portalis", appauthor=False)) / "gateway"


class Settings(BaseSettings):
    """A gateway's settings. What is not set is closed, bounded or off."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, populate_by_name=True, frozen=True, extra="ignore")

    # Where it listens, and what it is called by: a request for another host is not for it.
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, validation_alias=_either("port", "NIM_SERVER_PORT"))] = 8000
    hosts: str = "127.0.0.1,localhost,[::1]"
    cors_origins: Annotated[str, Field(validation_alias=_either("cors_origins", "NIM_CORS_ALLOW_ORIGINS"))] = ""
    tls_certificate: Annotated[Path | None, Field(validation_alias=_either("tls_certificate", "NIM_SSL_CERT_PATH"))] = None
    tls_key: Annotated[Path | None, Field(validation_alias=_either("tls_key", "NIM_SSL_KEY_PATH"))] = None

    # What it keeps, and for how long: answers and jobs in days, both in this folder unless a URL (fsspec) says where answers are.
    folder: Path = Field(default_factory=_own_folder, validation_alias=_either("folder", "NIM_CACHE_PATH"))
    store: str = ""
    store_megabytes: Annotated[int, Field(ge=1)] = 1024
    memory_megabytes: Annotated[int, Field(ge=1)] = 64
    shared_store: Annotated[
        bool, Field(validation_alias=AliasChoices("PORTALIS_SHARED_STORE", f"{PREFIX}SHARED_STORE", "shared_store"))
    ] = False
    store_secret: Annotated[str, Field(repr=False)] = ""
    redis: Annotated[str, Field(repr=False)] = ""
    retention_days: Annotated[float, Field(gt=0)] = 30.0

    # How many processes listen; each has its share of the workers.
    processes: Annotated[int, Field(ge=1)] = 1

    # Who translates: this machine's pool, or the Triton server at an address.
    triton: str = ""
    triton_key: Annotated[str, Field(repr=False)] = ""
    workers: Annotated[int, Field(ge=1)] = os.cpu_count() or 1
    time_limit: Annotated[float, Field(ge=1.0)] = 30.0
    memory_limit_megabytes: Annotated[int, Field(ge=256)] = 3072

    # The page: not there, for who has a key, or for everybody on this machine.
    playground: Literal["off", "keyed", "open"] = "keyed"

    # How much of it one may have.
    rate: Annotated[int, Field(ge=0, description="requests a minute for a tenant; 0 is no limit")] = 60
    body_bytes: Annotated[int, Field(ge=1024)] = 4 << 20
    job_bytes: Annotated[int, Field(ge=1024)] = 32 << 20
    body_seconds: Annotated[float, Field(gt=0)] = 15.0
    header_bytes: Annotated[int, Field(ge=4096)] = 32 << 10
    requests: Annotated[int, Field(ge=1, description="requests at a time, of everybody; one tenant has half of them at most")] = 1024
    bodies_megabytes: Annotated[int, Field(ge=1, description="what bodies take at a time, of everybody; one tenant's half at most")] = 256
    queue: Annotated[int, Field(ge=1)] = 256
    queue_of_one: Annotated[int, Field(ge=1)] = 64
    patience: Annotated[float, Field(gt=0)] = 120.0
    open_jobs: Annotated[int, Field(ge=1)] = 100
    jobs_megabytes: Annotated[int, Field(ge=1, description="what a tenant's jobs take; one that has more begins none")] = 1024
    job_lease: Annotated[float, Field(gt=0)] = 10.0
    drain_seconds: Annotated[int, Field(ge=1)] = 30

    # What it tells.
    name: Annotated[str, Field(validation_alias=_either("name", "NIM_SERVED_MODEL_NAME"))] = "portalis-translator"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], Field(validation_alias=_either("log_level", "NIM_LOG_LEVEL"))
    ] = "INFO"
    open_metrics: bool = False
    traces: Annotated[str, Field(description="a file that gets each span as a line of JSON")] = ""
    traced: Annotated[bool, Field(validation_alias=_either("traced", "NIM_ENABLE_OTEL"), description="send spans by OTLP")] = False

    @model_validator(mode="after")
    def _is_consistent(self) -> Settings:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("TLS takes both a certificate and its key")
        if "*" in self.cors_origins:
            raise ValueError("every origin is nobody's: name those that may ask")
        if self.workers < self.processes:
            raise ValueError(f"each of {self.processes} processes needs a worker: there are {self.workers}")
        if self.playground == "open" and self.host not in LOOPBACK:
            raise ValueError(f"an open playground is for this machine alone: {self.host} is more")
        return self

    def share(self, process: int) -> Settings:
        """Return the settings of one of the processes."""
        workers, more = divmod(self.workers, self.processes)
        return self.model_copy(update={"workers": workers + (process < more)})

    @property
    def backend(self) -> Literal["embedded", "triton"]:
        """Who translates."""
        return "triton" if self.triton else "embedded"

    @property
    def host_names(self) -> frozenset[str]:
        """The names by which it is called."""
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may ask, beside its own."""
        return frozenset(origin.strip() for origin in self.cors_origins.split(",") if origin.strip())
