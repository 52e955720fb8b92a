"""Every link of the site leads somewhere: pages, places in pages, pictures, files; nothing that a page needs comes from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from portalis.translator.diagnostics.catalogue import CATALOGUE
from portalis.translator.stage.problems import CODES
from tests.site.conftest import REPOSITORY

# What a browser loads by itself.
_LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "video": "src"}


@dataclass
class Html(HTMLParser):
    """A page's identifiers, links, and what it loads."""

    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says of itself."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if given.get(_LOADED.get(tag, "")):
            self.loaded.append(given[_LOADED[tag]])


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Html]:
    """Every page, read."""
    found = {}
    for path in site.rglob("*.html"):
        found[path] = Html()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found


def test_every_link_and_every_part_that_it_names_is_there(pages: dict[Path, Html]) -> None:
    broken, followed = [], 0
    for page, html in pages.items():
        for link in html.links + html.loaded:
            if "://" in link or link.startswith(("mailto:", "data:")):
                continue
            name, part = urldefrag(link)
            target = (page.parent / unquote(name).partition("?")[0]).resolve() if name else page
            target = target / "index.html" if target.is_dir() else target
            followed += 1
            if not target.is_file() or (part and target in pages and unquote(part) not in pages[target].ids):
                broken.append((page.name, link))
    assert followed > 1000 and not broken, broken


def test_nothing_that_a_page_loads_comes_from_elsewhere(pages: dict[Path, Html]) -> None:
    assert not {(page.name, link) for page, html in pages.items() for link in html.loaded if "://" in link or link.startswith("//")}


def test_every_code_has_its_place(pages: dict[Path, Html], site: Path) -> None:
    assert {code.lower() for code in (*CATALOGUE, *CODES)} <= pages[site / "diagnostics.html"].ids


def test_the_page_of_diagnostics_is_what_its_program_writes() -> None:
    command = [sys.executable, "scripts/write_diagnostics_page.py", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
