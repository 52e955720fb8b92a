"""Build the site of the documents into build/site: `make docs`.

python scripts/build_site.py [--output FOLDER]

The pages are the repository's own Markdown, which links as a repository does. They are collected beside one another first: links between
them are rewritten, pictures and files that they link to come along, and a code of a diagnostic links to what is said of it. The contents
are the sections of docs/README.md and the pages that they link to, then what else lies beside it. Sphinx makes HTML of them, and a warning
is an error.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sphinx.cmd.build import main as sphinx

from portalis.translator.diagnostics.catalogue import CATALOGUE
from portalis.translator.stage.problems import CODES

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "docs" / "site"
PATTERNS = (
    "docs/*.md", "docs/cookbook/*.md", "demos/README.md", "demos/*/README.md", "server/README.md", "server/*/README.md",
    "benchmarks/README.md",
)  # fmt: skip
# Pages from elsewhere, and where they are on the site.
OTHERS = {
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "exts/portalis.translator/docs/README.md": "extension.md",
}
_LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
_FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_CODE = re.compile(rf"(?<![\w\[`#-])({'|'.join(sorted((*CATALOGUE, *CODES)))})(?![\w\]`])")
_AUTODOC = re.compile(r"^<!-- (auto\w+): ([\w.]+)((?: [\w=-]+)*) -->$", re.MULTILINE)


def pages() -> dict[Path, Path]:
    """Return each page's place in the repository and on the site."""
    found = [path for pattern in PATTERNS for path in sorted(ROOT.glob(pattern))]
    return {path: _place(path.relative_to(ROOT)) for path in found} | {ROOT / name: Path(place) for name, place in OTHERS.items()}


def _place(path: Path) -> Path:
    """Return where a page of the repository is on the site: docs/ is its root, and a folder's README its index."""
    if path.name != "README.md":
        return path.relative_to("docs")
    folder = path.parent
    if folder == Path("docs"):
        return Path("index.md")
    if folder.is_relative_to("docs"):
        return folder.relative_to("docs") / "index.md"
    # A folder that others lie in is an index, the others are pages.
    return folder / "index.md" if any((ROOT / folder).glob("*/README.md")) else folder.with_suffix(".md")


def collect(source: Path) -> None:
    """Write every page, with what it links to, as the site has it."""
    places = pages()
    for path, place in places.items():
        target = source / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        for linked in _files(text, path, places):
            (source / "files" / linked).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / linked, source / "files" / linked)
        parts = _FENCE.split(text)
        parts[::2] = [_rewritten(part, path, place, places) for part in parts[::2]]
        text = "".join(parts)
        target.write_text(text + _contents(text, place, set(places.values())), encoding="utf-8")


def _resolve(link: str, page: Path) -> tuple[Path | None, str]:
    """Return the file that a link names, and the part of it; None for a link within the page or to elsewhere."""
    name, _, part = link.partition("#")
    if not name or "://" in link or link.startswith("mailto:"):
        return None, part
    path = Path(os.path.normpath(page.parent / name))
    if not path.is_relative_to(ROOT) or not path.is_file():
        raise SystemExit(f"{page.relative_to(ROOT)}: the link {link} leads to no file, which a site cannot show")
    return path, part


def _files(text: str, page: Path, places: dict[Path, Path]) -> Iterator[Path]:
    for link in _LINK.findall(_FENCE.sub("", text)):
        path, _ = _resolve(link, page)
        if path is not None and path not in places:
            yield path.relative_to(ROOT)


def _rewritten(text: str, page: Path, place: Path, places: dict[Path, Path]) -> str:
    def link(match: re.Match[str]) -> str:
        path, part = _resolve(match[1], page)
        if path is None:
            return match[1]
        target = places.get(path, Path("files") / path.relative_to(ROOT))
        return Path(os.path.relpath(target, place.parent)).as_posix() + (f"#{part}" if part else "")

    if place != Path("diagnostics.md"):
        to = Path(os.path.relpath("diagnostics.md", place.parent)).as_posix()
        text = _CODE.sub(lambda match: f"[{match[1]}]({to}#{match[1].lower()})" if _is_prose(text, match.start()) else match[1], text)
        return _AUTODOC.sub(_autodoc, _LINK.sub(lambda m: m[1] if m[1].startswith(f"{to}#p") else link(m), text))
    return _LINK.sub(link, text)


def _is_prose(text: str, at: int) -> bool:
    """Tell whether a place of a text is outside of code, titles and links."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.count("`") % 2 == 0 and not line.startswith("#") and line.count("[") <= line.count("]")


def _autodoc(match: re.Match[str]) -> str:
    """Return the directive that a comment of a page stands for: GitHub hides it, Sphinx says what the docstring says."""
    options = "".join(f"   :{name}: {value}".rstrip() + "\n" for name, _, value in (word.partition("=") for word in match[3].split()))
    return f"```{{eval-rst}}\n.. {match[1]}:: {match[2]}\n{options}```"


def _contents(text: str, place: Path, places: set[Path]) -> str:
    """Return the contents of an index: a caption for each section of the site's own, and its links; the pages in a folder for its index."""
    if place.name != "index.md":
        return ""
    if place.parent != Path("."):
        return _tree("", [link for link in _LINK.findall(text) if link.endswith(".md") and "/" not in link])
    found = ""
    named: set[str] = {place.name}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        links = re.findall(r"^(?:- |\| )\[[^\]]*\]\(([^)#\s]+\.md)\)", section, re.MULTILINE)
        found += _tree(section.partition("\n")[0], links)
        named.update(links)
    return found + _tree("More", sorted(str(other) for other in places if other.parent == place.parent and other.name not in named))


def _tree(caption: str, links: Sequence[str]) -> str:
    options = f":caption: {caption}\n" if caption else ""
    return f"\n```{{toctree}}\n:hidden:\n{options}\n" + "\n".join(dict.fromkeys(links)) + "\n```\n" if links else ""


def build(output: Path) -> int:
    """Build the site; returns Sphinx's exit status."""
    # Trees of all pages are kept to the end: what looks for garbage among them finds hardly any, in a seventh of the time.
    gc.set_threshold(100_000, 50, 1000)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.mkdir()
        collect(source)
        return sphinx(
            ["-q", "-W", "--keep-going", "-b", "html", "-c", str(CONFIGURATION), "-d", f"{folder}/trees", str(source), str(output)]
        )


def main() -> int:
    """Build the site anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "site", help="the folder, which is emptied")
    output = parser.parse_args().output
    shutil.rmtree(output, ignore_errors=True)
    status = build(output)
    if not status:
        print(f"wrote {output}/index.html")
    return status


if __name__ == "__main__":
    sys.exit(main())
