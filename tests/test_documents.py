"""The documents speak of what is there: links, rooms, and the test behind each invariant."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import portalis.translator

REPOSITORY = Path(__file__).parents[1]
PACKAGE = Path(portalis.translator.__file__).parent
DOCUMENTS = sorted(
    path
    for path in REPOSITORY.rglob("*.md")
    if not any(part.startswith(".") or part in ("out", "build", "dist", "node_modules") for part in path.relative_to(REPOSITORY).parts)
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (document.parent / link).exists()]


def _slugs(document: Path) -> set[str]:
    """The places of a document that links name: its titles, as a repository's pages and the site write them."""
    text = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_place_that_a_link_names_is_a_title(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", document.read_text(encoding="utf-8"))
    named = [(document.parent / path if path else document, place) for path, place in links if "://" not in path]
    assert not [(path, place) for path, place in named if path.suffix == ".md" and place not in _slugs(path)]


def test_every_invariant_names_a_test_that_exists() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8")
    text = text.partition("## The promise")[2]
    invariants = re.findall(r"^\*\*Invariant:\*\* .*?(?=\n\n|\Z)", text, re.DOTALL | re.MULTILINE)
    assert len(invariants) >= 14
    for invariant in invariants:
        named = re.findall(r"`(tests/[^`]+)`", invariant)
        assert named and all((REPOSITORY / path).exists() for path in named), invariant


def test_every_room_of_the_map_exists() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Rooms")[2].partition("**Invariant:**")[0]
    rooms = [name for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)]
    assert len(rooms) >= 18 and all((PACKAGE / room).exists() for room in rooms), rooms


def test_licence_of_the_repository_is_that_of_the_package() -> None:
    assert (REPOSITORY / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")
    listed = subprocess.run(["git", "ls-files", "LICENSE"], cwd=REPOSITORY, capture_output=True, text=True)
    assert listed.returncode != 0 or listed.stdout.strip() == "LICENSE"
    assert 'license = "Apache-2.0"' in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
