// The editor: CodeMirror in a shadow root, where its styles are sheets that the page's policy lets be.
import {
  Decoration, EditorState, EditorView, HighlightStyle, StateEffect, StateField, StreamLanguage, WidgetType, bracketMatching, defaultKeymap, drawSelection,
  highlightActiveLine, highlightActiveLineGutter, history, historyKeymap, indentOnInput, indentUnit, indentWithTab, keymap, lineNumbers, python, rust,
  syntaxHighlighting, tags, wast,
} from "./vendor/codemirror.js";
import { worded } from "./showing.js";

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.character], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.definition(tags.function(tags.variableName))], color: "var(--code-function)" },
  { tag: [tags.typeName, tags.className, tags.standard(tags.variableName)], color: "var(--code-type)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "transparent", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none", paddingLeft: "0.5rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line)" },
  ".cm-activeLineGutter": { color: "var(--muted)" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", color: "inherit" },
  ".problem-mark": { textDecoration: "underline wavy var(--bad)", textDecorationSkipInk: "none", textUnderlineOffset: "3px" },
  // Room around it is padding: the editor measures no margins.
  ".problem-room": { padding: "0.15rem 1rem 0.4rem 0.5rem" },
  ".problem": {
    padding: "0.3rem 0.6rem", borderLeft: "3px solid var(--bad)", borderRadius: "0 4px 4px 0",
    background: "var(--bad-soft)", color: "var(--text)", fontFamily: "var(--sans)", fontSize: "0.875rem", lineHeight: "1.45", whiteSpace: "normal",
  },
  ".problem-code": { color: "var(--bad)", fontWeight: "600", marginRight: "0.5em" },
  ".problem code": { fontFamily: "var(--mono)", fontSize: "0.9em" },
  ".problem-help": { display: "block", color: "var(--muted)", whiteSpace: "pre-wrap" },
});

// --------------------------------------------------------------------------------------------------------------- problems, under their lines
const SET_PROBLEMS = StateEffect.define();

class ProblemBelow extends WidgetType {
  constructor(problem) { super(); this.problem = problem; }

  eq(other) { return other.problem === this.problem; }

  get estimatedHeight() { return 48; }

  toDOM() {
    const element = document.createElement("div");
    element.className = "problem";
    const code = Object.assign(document.createElement("span"), { className: "problem-code", textContent: this.problem.code });
    element.append(code, ...worded(this.problem.message));
    if (this.problem.help) {
      const help = Object.assign(document.createElement("span"), { className: "problem-help" });
      help.append(...worded(this.problem.help));
      element.append(help);
    }
    const room = Object.assign(document.createElement("div"), { className: "problem-room" });
    room.append(element);
    return room;
  }
}

const PROBLEMS = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    const told = change.effects.find((effect) => effect.is(SET_PROBLEMS));
    return told ? Decoration.set(told.value.flatMap((problem) => marksOf(change.state.doc, problem)), true) : marks.map(change.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Columns count code points, and the editor counts as JavaScript does.
function placeOf(doc, lineNumber, column) {
  const line = doc.line(Math.min(Math.max(lineNumber, 1), doc.lines));
  return Math.min(line.from + Array.from(line.text).slice(0, column - 1).join("").length, line.to);
}

function marksOf(doc, problem) {
  const { span } = problem, from = placeOf(doc, span.line, span.column);
  const to = Math.max(placeOf(doc, span.end_line, span.end_column), from);
  const below = Decoration.widget({ widget: new ProblemBelow(problem), block: true, side: 1 }).range(doc.lineAt(from).to);
  return to > from ? [Decoration.mark({ class: "problem-mark" }).range(from, to), below] : [below];
}

// ------------------------------------------------------------------------------------------------------------------------------ editors
const READING = [lineNumbers(), syntaxHighlighting(COLOURS), LOOK, drawSelection(), EditorView.lineWrapping];

function rootOf(host) { return host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true }); }

// A selection that is written over or deleted is changed here, not by the browser: what is left it would style inline.
const REPLACING = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const typed = event.inputType === "insertText" ? event.data : event.inputType.startsWith("delete") ? "" : null;
    if (typed === null || event.isComposing || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(typed), { userEvent: typed ? "input.type" : "delete.selection", scrollIntoView: true });
    return true;
  },
});

/** Make the editor in a host element; `changed` hears of what somebody typed, `asked` of Ctrl-Enter. */
export function makeEditor(host, label, { changed, asked }) {
  const root = rootOf(host);
  const heard = EditorView.updateListener.of((update) => { if (update.docChanged && !update.transactions.some((one) => one.isUserEvent("load"))) changed(); });
  const run = { key: "Mod-Enter", run: () => { asked(); return true; } };
  const extensions = [
    READING, history(), indentOnInput(), indentUnit.of("    "), EditorState.tabSize.of(4), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(),
    python(), PROBLEMS, REPLACING, keymap.of([run, indentWithTab, ...defaultKeymap, ...historyKeymap]), heard,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
  ];
  const view = new EditorView({ parent: root, root, state: EditorState.create({ extensions }) });
  return {
    get text() { return view.state.doc.toString(); },
    load(text) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, effects: SET_PROBLEMS.of([]), userEvent: "load", selection: { anchor: 0 } }); },
    tell(problems) { view.dispatch({ effects: SET_PROBLEMS.of(problems) }); },
    goTo(line, column) {
      view.dispatch({ selection: { anchor: placeOf(view.state.doc, line, column) }, scrollIntoView: true });
      view.focus();
    },
    focus() { view.focus(); },
  };
}

/** Make a reader of Rust or WebAssembly text. */
export function makeReader(host) {
  const root = rootOf(host);
  const languages = { rust: StreamLanguage.define(rust), wat: StreamLanguage.define(wast) };
  const stateOf = (text, language, label) => EditorState.create({
    doc: text,
    extensions: [
      READING, languages[language], EditorState.readOnly.of(true), EditorView.editable.of(false), keymap.of(defaultKeymap),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    ],
  });
  const view = new EditorView({ parent: root, root, state: stateOf("", "rust", "") });
  return { show(text, language, label) { view.setState(stateOf(text, language, label)); } };
}
