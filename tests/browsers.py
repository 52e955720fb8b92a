"""A real browser for tests of pages, and what it tells of them."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PHONE = (390, 844)
# Addresses that no server is asked for.
_OF_THE_BROWSER = ("data:", "blob:", "chrome:", "about:")
_ARGUMENTS = (
    "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync",
)  # fmt: skip


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Headless Chromium; the test is skipped where it is not installed."""
    program, driver = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
    if not (program.exists() and driver.exists()):
        pytest.skip("no Chromium with its driver (Debian: chromium, chromium-driver)")
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(program)
        for argument in (*_ARGUMENTS, f"user-data-dir={profile}", "window-size=1280,900"):
            options.add_argument(f"--{argument}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        started = webdriver.Chrome(options=options, service=Service(str(driver)))
        started.set_page_load_timeout(60)
        started.set_script_timeout(60)
        try:
            yield started
        finally:
            started.quit()


def requests_of(browser: Any) -> list[dict[str, Any]]:
    """The requests to servers that were made since the last look, each with its `url`, `method` and what was posted."""
    messages = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    found = [message["params"]["request"] for message in messages if message["method"] == "Network.requestWillBeSent"]
    return [request for request in found if not request["url"].startswith(_OF_THE_BROWSER)]


def failures_of(browser: Any) -> list[str]:
    """What the console was told since the last look."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


@contextlib.contextmanager
def as_phone(browser: Any) -> Iterator[None]:
    """Have the browser be a phone."""
    metrics = {"width": PHONE[0], "height": PHONE[1], "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
