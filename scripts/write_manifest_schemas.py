"""Write server/kubernetes/schemas.json: what a manifest of each kind that we use may say, so that it can be checked without a cluster.

python scripts/write_manifest_schemas.py --kubernetes FOLDER CRD.yaml …

FOLDER holds Kubernetes' own schemas, strict ones, as the package `kubernetes-validate` brings them for each version; a CRD is the file with
which an operator declares its kinds. Of both only what our kinds come to is kept, without descriptions, and an object has no property that
it does not name, as a server would refuse it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "server" / "kubernetes" / "schemas.json"
_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
# Kubernetes' own kinds that are used, and where its schemas have them.
KINDS = {
    "apps/v1 Deployment": "io.k8s.api.apps.v1.Deployment",
    "autoscaling/v2 HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    "networking.k8s.io/v1 NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
    "policy/v1 PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
    "v1 PersistentVolumeClaim": "io.k8s.api.core.v1.PersistentVolumeClaim",
    "v1 Service": "io.k8s.api.core.v1.Service",
    "v1 ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
}


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kubernetes", type=Path, required=True, metavar="FOLDER", help="…/kubernetes-json-schema/vVERSION-local-strict")
    parser.add_argument("crds", nargs="*", type=Path, metavar="CRD.yaml", help="an operator's custom resource definition")
    options = parser.parse_args()
    known = json.loads((options.kubernetes / "_definitions.json").read_text())["$defs"]
    kinds, kept = dict(KINDS), _reached({*KINDS.values(), _META}, known)
    origin = [f"Kubernetes {options.kubernetes.name.partition('-')[0].removeprefix('v')} (Apache-2.0)"]
    for path in options.crds:
        kind, name, schema = _declared(yaml.safe_load(path.read_text(encoding="utf-8")))
        kinds[kind], kept[name] = name, schema
        origin.append(f"{path.name} (Apache-2.0)")
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept[name], separators=(',', ':'))}" for name in sorted(kept))
    head = json.dumps({"written by": "scripts/write_manifest_schemas.py", "origin": origin, "kinds": kinds}, indent=1)
    TARGET.write_text(f'{head[:-2]},\n "$defs": {{\n{rows}\n }}\n}}\n', encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}: {len(kinds)} kinds, {TARGET.stat().st_size} bytes")
    return 0


def _reached(waiting: set[str], known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _bare(known[name])
            waiting |= set(_references(found[name]))
    return found


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if isinstance(schema.get("$ref"), str) else []
        return own + [name for part in schema.values() for name in _references(part)]
    return [name for part in schema for name in _references(part)] if isinstance(schema, list) else []


def _bare(schema: Any) -> Any:
    """Leave out what is told to people, and the annotations of Kubernetes."""
    if isinstance(schema, dict):
        told = {name: part for name, part in schema.items() if not (name == "description" and isinstance(part, str))}
        return {name: _bare(part) for name, part in told.items() if not name.startswith("x-kubernetes")}
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema


def _declared(crd: dict[str, Any]) -> tuple[str, str, Any]:
    """Return the kind that a definition declares in the version that is stored, a name for it and its schema."""
    spec = crd["spec"]
    version = next(version for version in spec["versions"] if version["storage"])
    schema = _bare(_strict(version["schema"]["openAPIV3Schema"]))
    kind, identifier = spec["names"]["kind"], f"{spec['group']}/{version['name']}"
    schema["properties"] |= {"metadata": {"$ref": f"#/$defs/{_META}"}, "apiVersion": {"enum": [identifier]}, "kind": {"enum": [kind]}}
    schema["required"] = sorted({*schema.get("required", ()), "apiVersion", "kind", "metadata"})
    return f"{identifier} {kind}", f"{spec['group']}.{version['name']}.{kind}", schema


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _strict(part) for name, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found.setdefault("additionalProperties", bool(schema.get("x-kubernetes-preserve-unknown-fields", False)))
    if schema.get("x-kubernetes-int-or-string") is True:
        found.pop("type", None)
    return found


if __name__ == "__main__":
    sys.exit(main())
