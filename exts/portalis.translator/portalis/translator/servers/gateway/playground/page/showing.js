// What is told of a translation and of a call, as elements. Every text is put in as text.

function make(tag, options = {}, ...children) {
  const { data, ...rest } = options;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** Return a text's parts, with what stands between backticks as code. */
export function worded(text) {
  return text.split("`").map((part, at, parts) => (at % 2 && at < parts.length - 1 ? make("code", {}, part) : at % 2 ? `\`${part}` : part));
}

const soft = (text) => make("p", { className: "soft" }, ...worded(text));

function facts(rows) {
  const parts = rows.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return make("dl", {}, ...parts.flatMap(([name, value, code]) => [make("dt", {}, name), make("dd", { className: code ? "code" : "" }, String(value))]));
}

function heading(text) { return make("h3", {}, text); }

// ------------------------------------------------------------------------------------------------------------------------- the report
export function showReport(host, answer) {
  const { report } = answer.build, artefact = report.artefacts.find((item) => item.name === "wasm");
  const whole = artefact.status === "verified";
  const number = (value) => value.toLocaleString("en");
  const parts = [
    make("p", { className: "lead", data: { state: "verified" } }, whole ? "The module agrees with CPython" : "The module agrees with CPython, weakly"),
    soft(`${number(artefact.agreed)} cases gave what CPython gives, bit for bit, and none anything else.${otherwise(artefact)}`),
    ...(artefact.why ? [soft(artefact.why)] : []),
    heading("Cases"),
    facts([
      ["signature", report.signature, true], ["cases", number(artefact.cases)], ["agreed", number(artefact.agreed)], ["of them raised", artefact.raised || ""],
      ["stopped by a guard", artefact.guarded || ""], ["over budget", artefact.over_budget || ""], ["dropped", artefact.dropped || ""], ["seed", report.seed],
      ["branches", branches(report.branches)], ["libm drift", drift(report.drift)],
    ]),
    ...(report.signatures.length ? [heading("Signatures"), facts(report.signatures.map((item) => [item.signature, `${number(item.agreed)} of ${number(item.cases)}`]))] : []),
    ...(report.refused.length ? [heading("Refused signatures"), ...report.refused.map(soft)] : []),
    heading("Module"),
    facts([["SHA-256", artefact.sha256, true], ["size", `${number(Math.floor((answer.build.wasm.replace(/=+$/, "").length * 3) / 4))} bytes, no imports`], ["ints", answer.interface.wide ? "of any size" : "64 bits"]]),
    heading("Made with"),
    facts(Object.entries(report.versions)),
  ];
  host.replaceChildren(...parts);
}

function otherwise({ guarded, over_budget: long, dropped }) {
  const parts = [guarded && `${guarded} stopped with a named reason`, long && `${long} took too long to be compared`, dropped && `${dropped} were not answered by CPython in time`];
  const told = parts.filter(Boolean);
  return told.length ? ` Of the rest ${told.join(", ")}.` : "";
}

function branches({ total, unexercised }) {
  if (!total) return "";
  return unexercised.length ? `${total - unexercised.length} of ${total} taken; not: ${unexercised.join(", ")}` : `all ${total} taken`;
}

function drift({ cases, largest_ulp: ulp, flipped }) {
  return cases ? `${ulp} units in the last place at most${flipped ? `, ${flipped} cases otherwise` : ""}` : "";
}

export function showRefusal(host, diagnostics, go) {
  if (diagnostics === null) {
    host.replaceChildren(
      make("p", { className: "lead" }, "Nothing translated yet"),
      soft("What you type is translated when you pause: to WebAssembly that was compared with CPython, or refused with reasons. Then it runs here, in your browser."),
    );
    return;
  }
  const items = diagnostics.map((item) => {
    const place = make("button", { type: "button" }, ...worded(`Line ${item.span.line}: ${item.message}`));
    place.addEventListener("click", () => go(item.span));
    const more = [...item.notes.map((note) => soft(note)), ...(item.help ? [soft(`Instead: ${item.help}`)] : [])];
    return make("li", {}, place, make("p", { className: "soft" }, item.code), ...more);
  });
  host.replaceChildren(make("p", { className: "lead", data: { state: "refused" } }, diagnostics.length === 1 ? "Refused, for one reason" : `Refused, for ${diagnostics.length} reasons`), make("ol", {}, ...items));
}

// -------------------------------------------------------------------------------------------------------------------------- the result
const ITERATOR = { all: "all elements of the iterator", more: "the first elements of the iterator", raises: "elements of the iterator, then it raises" };

// So many characters of a value, or of what was printed, are shown.
const MOST = 10_000;

function cut(text) {
  return text.length <= MOST ? text : `${text.slice(0, MOST)}… (the first ${MOST.toLocaleString("en")} of ${text.length.toLocaleString("en")} characters)`;
}

export function showWaiting(host) {
  host.dataset.kind = "working";
  host.replaceChildren(make("p", { className: "note" }, "Running in this browser"));
}

export function showResult(host, result, called = "") {
  const [kind, value, note] = told(result);
  host.dataset.kind = kind;
  const printed = result.printed ? [make("p", { className: "note" }, "printed"), make("pre", {}, cut(result.printed))] : [];
  const changed = (result.changed ?? []).map(({ name, now }) => make("p", { className: "what" }, cut(`${name} is now ${now}`)));
  const line = called ? [make("p", { className: "what" }, cut(called))] : [];
  host.replaceChildren(...line, make("output", { className: "value" }, cut(value)), ...changed, ...printed, ...(note ? [make("p", { className: "note" }, note)] : []));
}

function told({ kind, what, value, line, elements, ms }) {
  const at = line ? `line ${line}; ` : "", here = `ran in this browser, ${ms < 1 ? "under 1" : Math.round(ms)} ms`;
  switch (kind) {
    case "value": return ["value", value, elements ? `${ITERATOR[elements]}; ${here}` : here];
    case "exception": return ["exception", what, `${elements ? `after ${cut(value)}; ` : ""}${at}${here}`];
    case "guard": return ["warn", `Stopped: ${what}`, `${at}a guard stopped the call rather than give an answer that is not CPython's`];
    case "trap": return ["warn", `Stopped: ${what}`, "the browser's engine ended the call: its stack or the module's memory was used up"];
    case "ended": return ["warn", `Ended after ${what}`, "the call took longer than this page lets one take"];
    case "stopped": return ["warn", "Stopped", ""];
    case "misfit": return ["warn", what, "an argument is not of its type: nothing was run"];
    case "not here": return ["warn", "Not run here", what];
    default: return ["warn", "Not run", `this page made a mistake: ${what}`];
  }
}
