"""How Sphinx makes the site; scripts/build_site.py collects its pages and runs it."""

from __future__ import annotations

from pathlib import Path

from portalis.translator import installed

project = "Portalis"
author = "Portalis"
version = release = installed.version("portalis-translator") or "0.1.0"
project_copyright = "Apache-2.0"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
root_doc = "index"
highlight_language = "text"

myst_heading_anchors = 4
myst_enable_extensions = ["linkify", "deflist"]
# Names of files (`render.md`, `demo.py`) are no addresses.
myst_linkify_fuzzy_links = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
add_module_names = False

html_theme = "furo"
pygments_style = "tango"
pygments_dark_style = "github-dark"
html_title = "Portalis"
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_favicon = str(Path(__file__).parent / "static" / "favicon.svg")
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# A summary is fetched, which a browser forbids for pages that are opened from a disk.
html_show_search_summary = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1f6fd1", "color-brand-content": "#1f6fd1"},
    "dark_css_variables": {"color-brand-primary": "#79b4ff", "color-brand-content": "#79b4ff"},
}
