"""The site in a real browser, over loopback and from a disk: nothing fails, nobody else is asked, and a phone shows each page whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browsers import PHONE, as_phone, failures_of, requests_of


def _names(site: Path) -> list[str]:
    return sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))


def _broken_pictures(browser: Any) -> list[str]:
    # A picture that is loaded when it is scrolled to has no size before.
    script = "return [...document.images].filter(i => i.loading !== 'lazy' && !(i.complete && i.naturalWidth)).map(i => i.src)"
    return browser.execute_script(script)


def _look(names: list[str], base: str, browser: Any) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Open pages; returns what is wrong with them, and how wide each is."""
    requests_of(browser)
    failures_of(browser)
    wrong: dict[str, list[str]] = {}
    wide = {}
    for name in names:
        browser.get(f"{base}/{name}")
        requested = [request["url"] for request in requests_of(browser)]
        assert f"{base}/{name}" in requested
        wrong[name] = [url for url in requested if not url.startswith(base)] + failures_of(browser) + _broken_pictures(browser)
        wide[name] = browser.execute_script("return document.documentElement.scrollWidth")
    return {name: found for name, found in wrong.items() if found}, wide


def test_pages_over_loopback(served: str, browser: Any) -> None:
    wrong, wide = _look(["index.html", "diagnostics.html", "search.html", "window_states.html"], served, browser)
    assert len(wide) == 4 and not wrong


def test_every_page_from_a_disk_on_a_phone_where_none_scrolls_sideways(site: Path, browser: Any) -> None:
    with as_phone(browser):
        wrong, wide = _look(_names(site), site.as_uri(), browser)
    assert len(wide) > 20 and not wrong and not {name: width for name, width in wide.items() if width > PHONE[0]}


def test_what_is_wrong_with_a_page_is_seen(tmp_path: Path, browser: Any) -> None:
    mistakes = {
        "console": "<script>console.error('a mistake of ours')</script>",
        "picture": "<img src='absent.png'>",
        "elsewhere": "<script src='http://127.0.0.1:9/script.js'></script>",
        "wide": "<div style='width: 500px'>wide</div>",
    }
    head = "<!doctype html><link rel='icon' href='data:,'><meta name='viewport' content='width=device-width,initial-scale=1'>"
    for name, body in mistakes.items():
        (tmp_path / f"{name}.html").write_text(head + body)
    with as_phone(browser):
        wrong, wide = _look(_names(tmp_path), tmp_path.as_uri(), browser)
    assert set(wrong) == {"console.html", "picture.html", "elsewhere.html"} and wide["wide.html"] > PHONE[0] == wide["console.html"]


def test_the_search_finds_a_diagnostic(site: Path, served: str, browser: Any) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.wait import WebDriverWait

    for base in (served, site.as_uri()):
        browser.get(f"{base}/search.html?q=P0212")
        found = WebDriverWait(browser, 30).until(lambda b: b.find_elements(By.CSS_SELECTOR, "#search-results li a"))
        assert any("diagnostics.html#p0212" in link.get_attribute("href") for link in found)
        assert not failures_of(browser)
