"""The playground in a real browser: what somebody does there from the first letter to a shared link, and what other pages get of it."""

from __future__ import annotations

import base64
import contextlib
import functools
import http.server
import io
import json
import random
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portalis.translator import GuardError, translate
from tests.browsers import PHONE, as_phone, chromium, failures_of, requests_of
from tests.server.gateway.playground_cases import CALLS, NOT_HERE, Case
from tests.server.gateway.processes import Gateway

pytest.importorskip("selenium")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

WAIT = 60.0


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


class Page:
    """The page as somebody sees it."""

    def __init__(self, browser: Any, gateway: Gateway) -> None:
        self.browser, self.address = browser, f"http://127.0.0.1:{gateway.port}"
        self.asked: list[dict[str, Any]] = []
        requests_of(browser)
        failures_of(browser)

    def open(self, fragment: str = "") -> Page:
        self.browser.get("about:blank")
        self.browser.get(f"{self.address}/playground/{fragment}")
        self.until(lambda: self.browser.find_elements(By.CSS_SELECTOR, "html[data-ready]"))
        return self

    def find(self, id_: str) -> Any:
        return self.browser.find_element(By.ID, id_)

    def until(self, condition: Any) -> Any:
        return WebDriverWait(self.browser, WAIT, poll_frequency=0.05).until(lambda _: condition())

    @property
    def editor(self) -> Any:
        return self.find("editor").shadow_root

    @property
    def source(self) -> str:
        lines = self.editor.find_elements(By.CSS_SELECTOR, ".cm-line")
        return "\n".join(self.browser.execute_script("return arguments[0].map(line => line.textContent)", lines))

    def keys(self, *keys: str, held: str = "") -> None:
        chain = ActionChains(self.browser)
        if held:
            chain.key_down(held)
        chain.send_keys(*keys)
        if held:
            chain.key_up(held)
        chain.perform()

    def clear(self) -> None:
        self.editor.find_element(By.CSS_SELECTOR, ".cm-content").click()
        self.keys("a", held=Keys.CONTROL)

    def type(self, *lines: str) -> None:
        """Type lines instead of what is there, key after key; the editor indents."""
        self.clear()
        for number, line in enumerate(lines):
            self.keys(*([Keys.ENTER] if number else []), line)

    def paste(self, text: str) -> None:
        """Put a text in instead of what is there."""
        self.clear()
        self.browser.execute_cdp_cmd("Input.insertText", {"text": text})

    def until_state(self, state: str) -> str:
        self.until(lambda: self.find("status").get_attribute("data-state") == state)
        return str(self.find("status").text)

    def result(self) -> tuple[str, str]:
        """What the call gave: its kind, and what is shown of it."""
        self.until(lambda: self.find("result").get_attribute("data-kind") not in (None, "working"))
        kind = self.find("result").get_attribute("data-kind")
        return str(kind), str(self.find("result").find_element(By.CSS_SELECTOR, ".value").text)

    def run(self, *arguments: str) -> tuple[str, str]:
        for number, argument in enumerate(arguments):
            field = self.find(f"argument-{number}")
            field.clear()
            field.send_keys(argument)
        self.browser.execute_script("delete document.getElementById('result').dataset.kind")
        self.find("run").click()
        return self.result()

    def require_quiet(self) -> None:
        """Nothing was told in the console, and nobody else was asked for anything."""
        assert failures_of(self.browser) == []
        self.asked += requests_of(self.browser)
        urls = [request["url"] for request in self.asked]
        assert urls and not [url for url in urls if not url.startswith(f"{self.address}/")]


@pytest.fixture
def page(browser: Any, open_gateway: Gateway) -> Page:
    return Page(browser, open_gateway)


REFUSED = ("def half(n: int) -> float:", "m = eval('n')", "return m / 2")
MENDED = ("def half(n: int) -> float:", "m = n", "return m / 2")
LOOP = "def loop(n: int) -> int:\n    while n % 2 == 0 or n % 2 != 1:\n        n = (n * 3 + 2) % 1000002\n    return n\n"


def test_typed_refused_mended_translated_run_and_ended(page: Page) -> None:
    page.open()
    page.type(*REFUSED)
    assert page.source == "\n    ".join(REFUSED)
    assert "1 problem" in page.until_state("refused")
    below, lines = page.editor.find_element(By.CSS_SELECTOR, ".problem"), page.editor.find_elements(By.CSS_SELECTOR, ".cm-line")
    assert "P0211" in below.text and "eval" in below.text
    # Under its line, and above the next one; what is meant is underlined.
    assert lines[1].rect["y"] < below.rect["y"] < lines[2].rect["y"]
    assert page.editor.find_element(By.CSS_SELECTOR, ".problem-mark").text == "eval('n')"
    page.type(*MENDED)
    page.until_state("verified")
    assert not page.editor.find_elements(By.CSS_SELECTOR, ".problem")
    assert page.run("7") == ("value", repr(7 / 2))
    assert page.run("-9007199254740993") == ("value", repr(-9007199254740993 / 2))
    page.find("tab-rust").click()
    reader = page.find("reader").shadow_root
    page.until(lambda: "pub fn half" in reader.find_element(By.CSS_SELECTOR, ".cm-content").text)
    page.find("tab-wat").click()
    page.until(lambda: "(module" in reader.find_element(By.CSS_SELECTOR, ".cm-content").text)
    page.find("tab-report").click()
    assert "agrees with CPython" in page.find("panel-report").text

    page.paste(LOOP)
    page.until_state("verified")
    assert page.run("10") == ("warn", "Ended after 2 s")
    assert page.run("9") == ("value", "9")
    page.require_quiet()


def test_a_link_holds_the_source_and_asks_nothing_when_it_is_opened(page: Page) -> None:
    source = 'def greet(name: str) -> str:\n    return f"grüß dich, {name} 🎈"\n'
    page.open()
    page.browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    page.paste(source)
    page.until_state("verified")
    page.find("share").click()
    page.until(lambda: "#source=" in page.browser.current_url)
    link = page.browser.current_url
    fragment = link.partition("#source=")[2]
    assert base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4)).decode() == source
    page.until(lambda: "copied" in page.find("toast").text)
    assert page.browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])") == link
    page.require_quiet()

    before = len(page.asked)
    page.open(link.partition("/playground/")[2])
    assert page.source == source and page.find("status").get_attribute("data-state") == "idle"
    page.browser.execute_async_script("setTimeout(arguments[0], 1200)")
    page.require_quiet()
    reopened = page.asked[before:]
    assert not [request for request in reopened if request["method"] == "POST"] and not [one for one in reopened if fragment in one["url"]]
    assert page.find("result").text == ""
    page.find("run").click()
    assert page.result() == ("value", repr("grüß dich, hello 🎈"))
    page.browser.execute_script("location.hash = '#source=%%%'")
    page.until(lambda: "no source" in page.find("toast").text)
    assert page.source == source
    page.require_quiet()


def test_keys_alone_are_enough(page: Page) -> None:
    page.open()
    page.editor.find_element(By.CSS_SELECTOR, ".cm-content").click()
    page.keys(Keys.ENTER, held=Keys.CONTROL)
    assert page.result()[0] == "value"
    seen = []
    page.keys(Keys.ESCAPE)
    for _ in range(5):
        page.keys(Keys.TAB)
        seen.append(page.browser.execute_script("return document.activeElement.id"))
    assert seen == ["run", "argument-0", "argument-1", "tab-report", "panel-report"]
    page.browser.execute_script("document.getElementById('tab-report').focus()")
    page.keys(Keys.ARROW_RIGHT)
    assert page.browser.execute_script("return document.activeElement.id") == "tab-rust"
    assert page.find("tab-rust").get_attribute("aria-selected") == "true" and not page.find("panel-report").is_displayed()
    page.find("argument-0").clear()
    page.find("argument-0").send_keys("30", Keys.ENTER)
    page.until(lambda: page.find("argument-0").get_attribute("aria-invalid") == "true")
    assert page.browser.execute_script("return document.activeElement.id") == "argument-0"
    assert "write 30.0" in page.find("wrong-0").text
    page.require_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_whole(page: Page, scheme: str) -> None:
    features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
    with as_phone(page.browser):
        page.open()
        page.find("run").click()
        assert page.result()[0] == "value"
        assert page.browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
        colour = page.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        lightness = sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))
        assert lightness > 600 if scheme == "light" else lightness < 150
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    page.require_quiet()


def test_a_key_is_asked_for_and_kept_in_this_tab_alone(browser: Any, gateway: Gateway, ada: str) -> None:
    page = Page(browser, gateway).open()
    page.find("translate").click()
    page.until(lambda: page.find("key-dialog").is_displayed())
    # A browser tells of a request that was refused, whoever handles that.
    assert all("401" in told for told in failures_of(browser))
    page.find("key-text").send_keys(ada, Keys.ENTER)
    page.until(lambda: not page.find("key-dialog").is_displayed())
    assert page.find("key").text == "Key set"
    page.find("run").click()
    assert page.result()[0] == "value"
    kept = "return [Object.values(sessionStorage), localStorage.length, document.cookie]"
    assert browser.execute_script(kept) == [[ada], 0, ""]
    page.find("key").click()
    page.find("key-forget").click()
    assert browser.execute_script(kept) == [[], 0, ""]
    page.require_quiet()


# --------------------------------------------------------------------------------------------------------------------- other origins
FOREIGN = """<!doctype html><link rel="icon" href="data:,"><title>elsewhere</title><script type="module">
const gateway = location.hash.slice(1), found = {};
const body = JSON.stringify({source: "def f(x: float) -> float:\\n    return x\\n"});
const tried = async (name, act) => { try { found[name] = await act(); } catch (error) { found[name] = "nothing"; } };
const post = (type, mode) => async () => {
  const reply = await fetch(`${gateway}/v1/translations`, {method: "POST", headers: {"content-type": type}, body, mode});
  return `${reply.type} ${await reply.text()}` .trim();
};
const loaded = (tag, name, path) => new Promise((resolve, reject) => {
  const element = Object.assign(document.createElement(tag), {onload: () => resolve("loaded"), onerror: reject, [name]: gateway + path});
  document.body.append(element);
});
document.addEventListener("DOMContentLoaded", async () => {
  await tried("json", post("application/json", "cors"));
  await tried("text", post("text/plain", "cors"));
  await tried("blind", post("text/plain", "no-cors"));
  await tried("read", async () => (await fetch(`${gateway}/playground/settings.json`)).text());
  await tried("health", async () => (await fetch(`${gateway}/v1/health/ready`)).text());
  await tried("module", () => import(`${gateway}/playground/values.js`).then(() => "loaded"));
  await tried("script", () => loaded("script", "src", "/playground/values.js"));
  await tried("image", () => loaded("img", "src", "/playground/style.css"));
  await tried("worker", async () => { new Worker(`${gateway}/playground/worker.js`, {type: "module"}); return "started"; });
  await tried("frame", async () => {
    const frame = Object.assign(document.createElement("iframe"), {src: `${gateway}/playground/`});
    const shown = new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 3000); });
    document.body.append(frame);
    await shown;
    return frame.contentDocument ? "read" : frame.contentWindow.length ? "shown" : "nothing";
  });
  document.title = JSON.stringify(found);
});
</script><body></body>"""


@contextlib.contextmanager
def elsewhere(folder: Path) -> Iterator[str]:
    """Another origin on this machine, with a page that tries what a page can."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

    (folder / "index.html").write_text(FOREIGN)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_page_of_another_origin_gets_nothing(browser: Any, open_gateway: Gateway, tmp_path: Path) -> None:
    before = len(open_gateway.lines())
    with elsewhere(tmp_path) as other:
        browser.get(f"{other}/#http://127.0.0.1:{open_gateway.port}")
        WebDriverWait(browser, WAIT).until(lambda _: browser.title.startswith("{"))
        found = json.loads(browser.title)
    # A request without CORS is sent, and nothing of what comes is shown.
    assert found.pop("blind") in ("nothing", "opaque")
    assert set(found) == {"json", "text", "read", "health", "module", "script", "image", "worker", "frame"}
    assert set(found.values()) == {"nothing"}, found
    told = [line for line in open_gateway.lines()[before:] if line["event"] == "request"]
    assert {line["status"] for line in told if line["route"] == "/v1/translations" or line["status"] == 403} == {403}
    failures_of(browser)
    requests_of(browser)


# --------------------------------------------------------------------------------------------------------- what a call gives, and shows
RUN = """
const [cases, done] = arguments;
(async () => {
  const { translate, moduleOf } = await import("/playground/service.js");
  const { run } = await import("/playground/running.js");
  const { callable, whyNot } = await import("/playground/calling.js");
  const results = [];
  for (const [source, calls] of cases) {
    const answer = await translate(source);
    if (answer.kind !== "translated") { results.push(calls.map(() => ({kind: "refused", what: JSON.stringify(answer)}))); continue; }
    const face = answer.interface, [{ entry } = {}] = callable(face, answer.build.report);
    const why = whyNot(face, entry);
    const job = { wasm: moduleOf(answer), digest: answer.build.report.artefacts[0].sha256, face, entry: face.entries.indexOf(entry),
                  spans: answer.build.sites.map((site) => site.span) };
    results.push(await Promise.all(calls.map((texts) => (why ? { kind: "not here", what: why } : run({ ...job, texts })))));
  }
  done(results);
})().catch((error) => done(String(error)));
"""


def in_cpython(case: Case, texts: tuple[str, ...]) -> dict[str, Any]:
    """What CPython gives for a call: its value, or its exception, and what it printed and changed."""
    names: dict[str, Any] = {}
    exec(compile(case.source, "playground.py", "exec"), names)
    arguments = [eval(text, {"inf": float("inf"), "nan": float("nan"), **names}) for text in texts]
    before = [repr(argument) for argument in arguments]
    shown: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            shown = {"kind": "value", "value": repr(case.of(names, arguments))}
        except Exception as error:
            text = str(error)
            shown = {"kind": "exception", "what": f"{type(error).__name__}: {text}" if text else type(error).__name__}
    changed = [repr(now) for now, old in zip(arguments, before, strict=True) if repr(now) != old]
    return {**shown, "printed": printed.getvalue(), "changed": changed}


def in_python_s_caller(case: Case, texts: tuple[str, ...]) -> dict[str, Any]:
    """The same of the product's own caller."""
    names: dict[str, Any] = {}
    exec(compile(case.source, "playground.py", "exec"), names)
    arguments = [eval(text, {"inf": float("inf"), "nan": float("nan"), **names}) for text in texts]
    made = translate(case.source)
    if made.lowered.elements:
        arguments.append(20)
    outcome = made.answer([*arguments, *made._cells()])
    if outcome.error is not None:
        text = str(outcome.error)
        return {"kind": "exception", "what": f"{type(outcome.error).__name__}: {text}" if text else type(outcome.error).__name__}
    return {"kind": "value", "value": repr(outcome.value[0] if made.lowered.elements else outcome.value)}


def test_calls_give_what_cpython_gives_and_what_python_s_own_caller_does(page: Page) -> None:
    page.open()
    results = page.browser.execute_async_script(RUN, [[case.source, case.calls] for case in CALLS])
    assert isinstance(results, list), results
    for case, found in zip(CALLS, results, strict=True):
        for texts, gave in zip(case.calls, found, strict=True):
            wanted = in_cpython(case, texts)
            shown = {"kind": gave["kind"], "printed": gave.get("printed"), "changed": [item["now"] for item in gave.get("changed", [])]}
            shown |= {"value": gave.get("value")} if gave["kind"] == "value" else {"what": gave.get("what")}
            assert shown == wanted, (case.source, texts, gave)
    page.require_quiet()
    for case, found in list(zip(CALLS, results, strict=True))[::7]:
        here = in_python_s_caller(case, case.calls[0])
        assert {name: found[0].get(name) for name in here} == here, case.source


def test_what_is_not_run_here_is_said(page: Page) -> None:
    page.open()
    results = page.browser.execute_async_script(RUN, [[source, [texts]] for source, texts, _, _ in NOT_HERE])
    assert isinstance(results, list), results
    for (source, _, kind, says), (gave,) in zip(NOT_HERE, results, strict=True):
        assert gave["kind"] == kind and says in gave["what"], (source, gave)
    with pytest.raises(GuardError):
        translate("def f(x: int) -> int:\n    return x * x\n").answer([1 << 40])
    page.require_quiet()


SHOW = """
const [floats, texts, done] = arguments;
import("/playground/values.js").then(({ Text, parse, repr }) => {
  const view = new DataView(new ArrayBuffer(8));
  done([floats.map((bits) => { view.setBigUint64(0, BigInt(bits)); return repr(view.getFloat64(0)); }),
        floats.map((bits) => { view.setBigUint64(0, BigInt(bits)); view.setFloat64(0, parse(repr(view.getFloat64(0))));
                               return String(view.getBigUint64(0)); }),
        texts.map((points) => repr(new Text(points))), texts.map((points) => parse(repr(new Text(points))).points)]);
}, (error) => done(String(error)));
"""


def test_values_are_shown_as_repr_shows_them_and_read_again(page: Page) -> None:
    dice = random.Random(7)
    bits = [dice.getrandbits(64) for _ in range(3000)]
    bits += [
        struct.unpack(">Q", struct.pack(">d", value))[0]
        for value in (0.0, -0.0, 5e-324, 1e16, 1e15, 9999999999999998.0, 1e-4, 1e-5, 1.5, 1e22, 1e300)
    ]
    bits += [struct.unpack(">Q", struct.pack(">d", round(dice.uniform(-1e6, 1e6), dice.randrange(6))))[0] for _ in range(1000)]
    floats = [struct.unpack(">d", item.to_bytes(8))[0] for item in bits]
    bits = [item for item, value in zip(bits, floats, strict=True) if value == value and abs(value) != float("inf")]
    floats = [value for value in floats if value == value and abs(value) != float("inf")]
    # Characters that were assigned long ago: browsers know newer versions of Unicode than Python.
    texts = [
        [dice.choice([dice.randrange(0x250), dice.randrange(0x20, 0x7F), 0x20AC, 0x1F600, 0xD800, 0x2028, 39, 34, 92]) for _ in range(12)]
        for _ in range(500)
    ]
    page.open()
    shown, again, texted, read = page.browser.execute_async_script(SHOW, [str(item) for item in bits], texts)
    assert shown == [repr(value) for value in floats] and again == [str(item) for item in bits]
    assert texted == [repr("".join(map(chr, points))) for points in texts] and read == texts
    page.require_quiet()
