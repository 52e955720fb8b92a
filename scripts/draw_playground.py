"""Take the pictures of the playground: a call that ran, on a desktop, and a refusal, on a phone.

    python scripts/draw_playground.py [--all] [-o FOLDER]

A gateway and headless Chromium are started for it (Debian: chromium, chromium-driver; the extras `gateway`, `test`, `pictures`). With
`--all` both are taken on both, light and dark, to be looked at.
"""

from __future__ import annotations

import argparse
import io
import itertools
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402

from tests.browsers import chromium  # noqa: E402
from tests.server.gateway.processes import Gateway  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
PATIENCE = 60.0
REFUSED = '''def mean(values: list[float], weights: list[float]) -> float:
    """The weighted mean."""
    total = sum(v * w for v, w in zip(values, weights))
    print(f"total is {total}")
    return eval("total / sum(weights)")
'''


class Picture(NamedTuple):
    """What is shown, on what, and in which colours."""

    what: str
    on: str
    scheme: str


COMMITTED = {Picture("run", "desktop", "light"): "playground", Picture("refused", "phone", "dark"): "playground-phone"}


def take(browser: Any, address: str, picture: Picture) -> Image.Image:
    """Do what is shown, and photograph it."""
    width, height = SIZES[picture.on]
    phone = picture.on == "phone"
    device = {"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", device)
    scheme = {"features": [{"name": "prefers-color-scheme", "value": picture.scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    browser.get("about:blank")
    browser.get(f"{address}/playground/")
    wait = WebDriverWait(browser, PATIENCE)
    wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, "html[data-ready]"))
    if picture.what == "run":
        browser.find_element(By.ID, "run").click()
        wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, "[data-kind=value]"))
        browser.find_element(By.ID, "tab-rust").click()
    else:
        browser.find_element(By.ID, "editor").shadow_root.find_element(By.CSS_SELECTOR, ".cm-content").click()
        browser.execute_script("document.execCommand('selectAll')")
        browser.execute_cdp_cmd("Input.insertText", {"text": REFUSED})
        wait.until(lambda b: b.find_elements(By.CSS_SELECTOR, "[data-state=refused]"))
    # What is drawn has settled when two frames were.
    browser.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))")
    return Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=FOLDER)
    options = parser.parse_args()
    wanted = (
        [Picture(*item) for item in itertools.product(("run", "refused"), SIZES, ("light", "dark"))] if options.all else list(COMMITTED)
    )
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        gateway = Gateway(Path(folder) / "state", {"PLAYGROUND": "open"}).start()
        try:
            for picture in wanted:
                name = "-".join(picture) if options.all else COMMITTED[picture]
                target = options.output / f"{name}.webp"
                take(browser, f"http://127.0.0.1:{gateway.port}", picture).save(target, quality=90, method=6)
                print(target)
        finally:
            gateway.stop()


if __name__ == "__main__":
    main()
