"""Check manifests without a cluster: each folder is rendered by `kubectl kustomize`, and each object held to the schema of its kind.

python scripts/check_manifests.py [FOLDER …]

Without a folder, all of server/kubernetes. What no schema is there for is wrong: `scripts/write_manifest_schemas.py` adds kinds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

ROOT = Path(__file__).resolve().parents[1]
KUBERNETES = ROOT / "server" / "kubernetes"
FOLDERS = (*sorted(KUBERNETES.glob("overlays/*")), KUBERNETES / "nim")


def render(folder: Path) -> list[dict[str, Any]]:
    """Return the objects of a folder as kubectl puts them together; SystemExit where it cannot."""
    if shutil.which("kubectl") is None:
        raise SystemExit("check_manifests: kubectl is missing (Debian: kubectl or kubernetes-client)")
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise SystemExit(f"check_manifests: {folder}: {done.stderr.strip()}")
    return [item for item in yaml.safe_load_all(done.stdout) if item]


def wrongs(objects: Sequence[dict[str, Any]]) -> list[str]:
    """List what is wrong with objects, each with its kind, its name and the place."""
    known = json.loads((KUBERNETES / "schemas.json").read_text(encoding="utf-8"))
    found: list[str] = []
    for item in objects:
        kind, name = f"{item.get('apiVersion')} {item.get('kind')}", item.get("metadata", {}).get("name")
        if kind not in known["kinds"]:
            found.append(f"{kind} {name}: there is no schema of this kind")
            continue
        schema = jsonschema_rs.validator_for({"$ref": f"#/$defs/{known['kinds'][kind]}", "$defs": known["$defs"]})
        found += [f"{kind} {name}: {'.'.join(map(str, error.instance_path))}: {error.message}" for error in schema.iter_errors(item)]
    return found


def main() -> int:
    """Check; status 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    status = 0
    for folder in parser.parse_args().folders or FOLDERS:
        objects = render(folder)
        found = wrongs(objects)
        print(*(f"{folder}: {one}" for one in found), f"{folder}: {len(objects)} objects, {len(found)} wrong", sep="\n")
        status |= bool(found)
    return status


if __name__ == "__main__":
    sys.exit(main())
