// The page: what somebody types, what the gateway says of it, and what its module gives here.
import { argument, callable, sample, whyNot } from "./calling.js";
import { makeEditor, makeReader } from "./editor.js";
import { EXAMPLES } from "./examples.js";
import { showReport, showRefusal, showResult, showWaiting } from "./showing.js";
import { run } from "./running.js";
import { Trouble, isKeyed, key, moduleOf, translate } from "./service.js";
import { linkOf, sourceOf } from "./sharing.js";

const PAUSE = 600;
const $ = (id) => document.getElementById(id);

// What is known of the text in the editor: nothing until it was asked for, or changed by somebody who types.
const state = { answer: null, source: null, entries: [], asking: null, running: null, typed: new Map(), tab: "report" };
const editor = makeEditor($("editor"), "Python source", { changed: edited, asked: () => void runCall() });
const reader = makeReader($("reader"));
let pause = 0;

// ---------------------------------------------------------------------------------------------------------------------- translating
function edited() {
  clearTimeout(pause);
  forget();
  pause = setTimeout(() => void ask(), PAUSE);
  tell("working", "Waiting for you to pause");
}

function forget() {
  state.asking?.abort();
  state.running?.stop();
  Object.assign(state, { answer: null, source: null, asking: null });
  editor.tell([]);
  $("result").replaceChildren();
}

/** Translate what is in the editor; return whether it was. */
async function ask() {
  clearTimeout(pause);
  if (state.source === editor.text && state.answer) return state.answer.kind === "translated";
  forget();
  const source = editor.text, asking = new AbortController();
  state.asking = asking;
  tell("working", "Translating and comparing with CPython");
  try {
    const answer = await translate(source, asking.signal);
    if (state.asking !== asking) return false;
    Object.assign(state, { answer, source, asking: null });
    if (answer.kind === "translated") translated(answer);
    else refused(answer.diagnostics);
    return answer.kind === "translated";
  } catch (error) {
    if (state.asking === asking) troubled(error);
    return false;
  }
}

function translated(answer) {
  const artefact = artefactOf(answer);
  tell("verified", `${artefact.status === "verified" ? "Verified" : "Weakly verified"}: ${artefact.agreed} cases agree with CPython`);
  state.entries = callable(answer.interface, answer.build.report);
  $("signatures").replaceChildren(...state.entries.map(({ entry }, at) => new Option(entry.signature, at)));
  $("signatures-label").hidden = state.entries.length < 2;
  showEntry();
  showTab();
}

function refused(diagnostics) {
  tell("refused", diagnostics.length === 1 ? "Refused: 1 problem" : `Refused: ${diagnostics.length} problems`);
  editor.tell(diagnostics);
  clearCall("Nothing to run: the source is refused.");
  showTab();
}

function troubled(error) {
  const trouble = error instanceof Trouble ? error : new Trouble("mistake", `this page made a mistake: ${error.message}`);
  state.asking = null;
  const again = trouble.after === null || trouble.after === undefined ? "" : `; ask again in ${trouble.after} s`;
  tell("trouble", trouble.code === "no_key" ? "This gateway asks for a key" : `${trouble.message}${again}`);
  clearCall("Nothing to run yet.");
  showTab();
  if (trouble.code === "no_key") openKey();
}

function artefactOf(answer) { return answer.build.report.artefacts.find((item) => item.name === "wasm"); }

function tell(kind, text) {
  $("status").dataset.state = kind;
  // Told once: whoever hears the page would hear each letter's.
  if ($("status").textContent !== text) $("status").textContent = text;
}

// ---------------------------------------------------------------------------------------------------------------------------- calling
function chosen() { return state.entries[Number($("signatures").value) || 0]; }

function showSignature(text, isCode) {
  $("signature").textContent = text;
  $("signature").classList.toggle("code", isCode);
}

function clearCall(why) {
  state.entries = [];
  showSignature(why, false);
  $("signatures-label").hidden = true;
  $("arguments").replaceChildren();
}

function showEntry() {
  const found = chosen(), face = state.answer.interface;
  showSignature(found?.entry.signature ?? face.name, true);
  const reason = found ? whyNot(face, found.entry) : face.kind === "class" ? whyNot(face, null) : "no case of it was compared with CPython";
  $("arguments").replaceChildren(...(reason ? [] : found.parameters.map((item, at) => field(face, item, at))));
  if (reason) showResult($("result"), { kind: "not here", what: reason });
  else $("result").replaceChildren();
}

function field(face, item, at) {
  const { text } = face.types[item.type], name = `${item.name}: ${text}`;
  const box = Object.assign(document.createElement("div"), { className: "argument" });
  const label = Object.assign(document.createElement("label"), { htmlFor: `argument-${at}` });
  label.append(item.name, Object.assign(document.createElement("span"), { textContent: `: ${text}` }));
  const input = Object.assign(document.createElement("input"), { id: `argument-${at}`, value: state.typed.get(name) ?? sample(face, item), spellcheck: false, autocapitalize: "off" });
  const wrong = Object.assign(document.createElement("span"), { className: "wrong", id: `wrong-${at}` });
  input.setAttribute("aria-describedby", wrong.id);
  input.addEventListener("input", () => {
    state.typed.set(name, input.value);
    check(face, item, input, wrong);
  });
  box.append(label, input, wrong);
  return box;
}

function check(face, item, input, wrong) {
  try {
    argument(face, item, input.value);
    wrong.textContent = "";
  } catch (error) {
    wrong.textContent = error.message;
  }
  input.setAttribute("aria-invalid", String(Boolean(wrong.textContent)));
  return !wrong.textContent;
}

async function runCall() {
  if (state.running) return state.running.stop();
  if (!(await ask())) return;
  const found = chosen(), { answer } = state, face = answer.interface;
  if (!found || whyNot(face, found.entry)) return;
  const inputs = [...$("arguments").querySelectorAll("input")];
  const bad = inputs.filter((input, at) => !check(face, found.parameters[at], input, input.nextElementSibling));
  if (bad.length) return bad[0].focus();
  const texts = inputs.map((input) => input.value);
  showWaiting($("result"));
  $("run").textContent = "Stop";
  const job = {
    wasm: moduleOf(answer), digest: artefactOf(answer).sha256, face, entry: face.entries.indexOf(found.entry), texts, spans: answer.build.sites.map((site) => site.span),
  };
  const running = run(job);
  state.running = running;
  const result = await running;
  $("run").textContent = "Run";
  state.running = null;
  if (state.answer === answer) showResult($("result"), result, `${face.name}(${texts.map((text) => text.trim()).join(", ")})`);
}

// ------------------------------------------------------------------------------------------------------------------------------- tabs
const TABS = ["report", "rust", "wat"];

function showTab(tab = state.tab) {
  state.tab = tab;
  for (const name of TABS) {
    $(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
    $(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
  }
  $("panel-report").hidden = tab !== "report";
  $("panel-text").hidden = tab === "report";
  const { answer } = state;
  if (tab === "report") {
    if (answer?.kind === "translated") showReport($("panel-report"), answer);
    else showRefusal($("panel-report"), answer?.diagnostics ?? null, (span) => editor.goTo(span.line, span.column));
    return;
  }
  $("panel-text").setAttribute("aria-labelledby", `tab-${tab}`);
  const texts = answer?.texts, none = answer?.kind === "refused" ? "refused: there is no translation" : "not translated yet";
  if (tab === "rust") reader.show(texts ? texts.rust || `// ${texts.why_no_rust}` : `// ${none}`, "rust", "Rust");
  else reader.show(texts ? texts.wat : `;; ${none}`, "wat", "WebAssembly text");
}

for (const name of TABS) {
  $(`tab-${name}`).addEventListener("click", () => showTab(name));
  $(`tab-${name}`).addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(name) + step + TABS.length) % TABS.length];
    showTab(next);
    $(`tab-${next}`).focus();
  });
}

// ------------------------------------------------------------------------------------------------------------------- links, examples
let toastClock = 0;

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastClock);
  toastClock = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

async function share() {
  const link = linkOf(editor.text);
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied: it holds the source, and the gateway does not see it");
  } catch {
    toast("The link is in the address bar: it holds the source");
  }
}

/** Show a text that nobody here has typed: nothing is asked or run for it. */
function open(text) {
  clearTimeout(pause);
  forget();
  editor.load(text);
  clearCall("Run translates the source first.");
  tell("idle", "Not translated yet");
  showTab();
}

function openLink() {
  const found = sourceOf(location.hash);
  if (found === null) return location.hash.length > 1 && toast("This link holds no source");
  open(found);
}

// ------------------------------------------------------------------------------------------------------------------------------- keys
function openKey() {
  $("key-text").value = key.get();
  if (!$("key-dialog").open) $("key-dialog").showModal();
}

function useKey(text) {
  key.set(text);
  $("key").textContent = text ? "Key set" : "Key";
}

$("key").addEventListener("click", openKey);
$("key-cancel").addEventListener("click", () => $("key-dialog").close());
$("key-forget").addEventListener("click", () => { useKey(""); $("key-dialog").close(); });
$("key-form").addEventListener("submit", () => useKey($("key-text").value.trim()));
$("translate").addEventListener("click", () => void ask());
$("share").addEventListener("click", () => void share());
$("signatures").addEventListener("change", showEntry);
$("call").addEventListener("submit", (event) => { event.preventDefault(); void runCall(); });
$("examples").append(...Object.keys(EXAMPLES).map((name) => new Option(name, name)));
$("examples").addEventListener("change", (event) => {
  if (event.target.value) open(EXAMPLES[event.target.value]);
  event.target.value = "";
});
addEventListener("hashchange", openLink);

open(Object.values(EXAMPLES)[0]);
openLink();
isKeyed().then((keyed) => {
  $("key").hidden = !keyed;
  useKey(key.get());
}, () => tell("trouble", "The gateway does not answer"));
document.documentElement.dataset.ready = "";
