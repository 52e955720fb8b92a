"""The manifests for clusters: each object is one that its kind's schema allows, what names something finds it, and mistakes are seen."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from check_manifests import FOLDERS, render, wrongs  # noqa: E402

LEAST = 27
Objects = dict[str, dict[str, Any]]


def kubectl_minor() -> int:
    if shutil.which("kubectl") is None:
        return 0
    told = subprocess.run(["kubectl", "version", "--client", "-o", "json"], capture_output=True, text=True, timeout=60)
    return int(json.loads(told.stdout)["clientVersion"]["minor"].rstrip("+")) if told.returncode == 0 else 0


pytestmark = pytest.mark.skipif(kubectl_minor() < LEAST, reason=f"kubectl is missing, or older than 1.{LEAST} (the package kubectl)")


@pytest.fixture(scope="module")
def rendered() -> dict[str, Objects]:
    """Every folder's objects by kind."""
    return {folder.name: {item["kind"]: item for item in render(folder)} for folder in FOLDERS}


def test_every_object_is_what_its_kind_may_be(rendered: dict[str, Objects]) -> None:
    assert {name: wrongs(list(objects.values())) for name, objects in rendered.items()} == {name: [] for name in rendered}
    kinds = {kind for objects in rendered.values() for kind in objects}
    assert kinds >= {"PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor", "HorizontalPodAutoscaler", "NIMService"}


# A kind, a path in it, and what somebody might write there by mistake.
MISTAKES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("Deployment", ("spec", "template", "spec", "containers", 0, "livenesProbe"), {}),
    ("Deployment", ("spec", "template", "spec", "containers", 0, "ports", 0, "containerPort"), "https"),
    ("Deployment", ("spec", "template", "spec", "securityContext", "runAsUser"), "10001"),
    ("NetworkPolicy", ("spec", "podSelector", "matchLabel"), {}),
    ("PodDisruptionBudget", ("spec", "maxUnavailable"), [1]),
    ("HorizontalPodAutoscaler", ("spec", "metrics", 0, "resource", "targetAverage"), 1),
    ("ServiceMonitor", ("spec", "endpoints", 0, "schema"), "https"),
    ("ServiceMonitor", ("spec", "endpoints", 0, "scheme"), "TLS"),
    ("NIMService", ("spec", "expose", "service", "port"), "http"),
    ("NIMService", ("spec", "storage", "emptydir"), {}),
    ("NIMService", ("kind",), "NIMServices"),
    ("Deployment", ("apiVersion",), "apps/v1beta1"),
]


@pytest.mark.parametrize(("kind", "path", "value"), MISTAKES)
def test_a_mistake_is_seen(rendered: dict[str, Objects], kind: str, path: tuple[Any, ...], value: Any) -> None:
    item = copy.deepcopy(rendered["nim" if kind == "NIMService" else "compiler"][kind])
    place = item
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert wrongs([item]), path


@pytest.mark.parametrize("overlay", ["compiler", "triton"])
def test_what_names_something_finds_it(rendered: dict[str, Objects], overlay: str) -> None:
    found = rendered[overlay]
    pod = found["Deployment"]["spec"]["template"]
    labels, spec = pod["metadata"]["labels"], pod["spec"]
    policy = found["NetworkPolicy"]["spec"]
    selectors = [
        found["Deployment"]["spec"]["selector"]["matchLabels"], found["Service"]["spec"]["selector"], policy["podSelector"]["matchLabels"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ]  # fmt: skip
    assert all(selector and selector.items() <= labels.items() for selector in selectors)
    assert found["ServiceMonitor"]["spec"]["selector"]["matchLabels"].items() <= found["Service"]["metadata"]["labels"].items()
    # Who may ask is told by one label alone, and a gateway asks nobody but Triton.
    assert policy["ingress"][0]["from"][0]["podSelector"]["matchLabels"] == {"portalis.io/client": "true"}
    assert len(policy["egress"]) == (0 if overlay == "compiler" else 2)
    (container,) = spec["containers"]
    ports = {port["name"] for port in container["ports"]}
    assert found["Service"]["spec"]["ports"][0]["targetPort"] in ports
    assert found["ServiceMonitor"]["spec"]["endpoints"][0]["port"] in {port["name"] for port in found["Service"]["spec"]["ports"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in spec["volumes"]}
    assert spec["volumes"][0]["persistentVolumeClaim"]["claimName"] == found["PersistentVolumeClaim"]["metadata"]["name"]
    assert spec["serviceAccountName"] == found["ServiceAccount"]["metadata"]["name"]
    target = found["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) == ("Deployment", found["Deployment"]["metadata"]["name"])


def test_pods_are_as_the_container_is(rendered: dict[str, Objects]) -> None:
    said = (ROOT / "server/containers/Containerfile").read_text()
    user = int(said.partition("\nUSER ")[2].partition(":")[0])
    for overlay, tag in (("compiler", "compiler"), ("triton", "thin")):
        spec = rendered[overlay]["Deployment"]["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        assert container["image"] == f"localhost/portalis-gateway:{tag}"
        assert spec["securityContext"]["runAsUser"] == user and container["securityContext"]["readOnlyRootFilesystem"]
        assert container["volumeMounts"][0]["mountPath"] == said.partition("\nVOLUME ")[2].split()[0]
        assert container["ports"][0]["containerPort"] == int(said.partition("\nEXPOSE ")[2].split()[0])
    assert rendered["nim"]["NIMService"]["spec"]["userID"] == user


def test_variables_and_paths_are_a_gateways(rendered: dict[str, Objects]) -> None:
    pytest.importorskip("fastapi", reason="the extra `gateway` is not installed")
    from portalis.translator.servers.gateway import management
    from portalis.translator.servers.gateway.settings import PREFIX, Settings

    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for field in Settings.model_fields.values():
        names |= set(getattr(field.validation_alias, "choices", ()))
    paths = {route.path for route in management.router.routes}  # type: ignore[attr-defined]
    pods = [rendered[name]["Deployment"]["spec"]["template"]["spec"] for name in ("compiler", "triton")]
    for part in (*(pod["containers"][0] for pod in pods), rendered["nim"]["NIMService"]["spec"]):
        assert {variable["name"] for variable in part["env"]} - {"POD_IP"} <= names
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            assert part[probe].get("probe", part[probe])["httpGet"]["path"] in paths
    for name in ("compiler", "triton"):
        assert rendered[name]["ServiceMonitor"]["spec"]["endpoints"][0]["path"] in paths
    drain, pause = Settings.model_fields["drain_seconds"].default, pods[0]["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pods[0]["terminationGracePeriodSeconds"] > drain + pause
