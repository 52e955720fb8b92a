// Calls a module by what its answer's interface says of it, and by nothing else: Python's values to slots or a message, and back.
import { Bytes, Complex, Dict, List, Made, NotPython, PySet, Text, Tuple, parse, repr } from "./values.js";

const WORD = 8;
const INT_MIN = -(2n ** 63n), INT_MAX = 2n ** 63n - 1n;
const SMALL_MIN = -(2n ** 62n), SMALL_MAX = 2n ** 62n - 1n, DIGIT_BITS = 30n;
const NAN_BITS = 0x7ff8n << 48n;
const ABI = 1;
// Of an iterator.
const ELEMENTS = 20;
const STATE = "call.initial";

/** An argument is not of its parameter's type. */
export class Misfit extends Error {}
/** What is not run here, though Portalis runs it elsewhere. */
export class NotHere extends Error {}
/** The module's answer is none. */
class Malformed extends Error {}

// ------------------------------------------------------------------------------------------------------------------------ entries
/** List the entries that can be called, each with its parameters as somebody types them. */
export function callable(face, report) {
  const unknown = new Set((report?.signatures ?? []).flatMap((item, at) => (item.agreed ? [] : [at])));
  const entries = face.entries.filter((entry) => entry.export !== STATE);
  return entries.filter((_, at) => !unknown.has(at)).map((entry) => ({ entry, parameters: typed(face, entry) }));
}

function typed(face, entry) {
  const hidden = face.state.length + (entry.elements ? 1 : 0);
  return entry.parameters.slice(0, entry.parameters.length - hidden);
}

/** Say why this page does not run a module, or an entry of it; empty where it does. */
export function whyNot(face, entry) {
  if (face.abi !== ABI) return "it was made for a newer page: load this one again";
  if (face.kind === "class") return "a behaviour class runs on prims of a stage, frame by frame";
  for (const item of typed(face, entry)) {
    const reason = unreadable(face, item.type, true);
    if (reason) return `${item.name}: ${reason}`;
  }
  return unreadable(face, entry.result.type, false);
}

function unreadable(face, type, taken, within = []) {
  const shape = face.types[type];
  if (within.includes(type)) return `${shape.text} holds itself, which this page does not show`;
  if (shape.kind === "function" || shape.kind === "record") return `a ${shape.kind} has no text that could be typed or shown`;
  if (shape.kind === "library object" && shape.text !== "bytearray") return `${shape.text} is not typed or shown here`;
  if (taken && (shape.kind === "set" || shape.kind === "frozenset")) return "a set's order depends on how CPython filled it, which this page does not know";
  if (taken && ["vector", "quaternion", "matrix"].includes(shape.kind) && !shape.text.endsWith("d")) return `${shape.text} rounds its elements, which this page does not`;
  return shape.items.map((item) => unreadable(face, item, taken, [...within, type])).find(Boolean) ?? "";
}

/** Return a value that a parameter could be given, as text. */
export function sample(face, item) {
  if (item.default) {
    try {
      fits(face, item.type, parse(item.default));
      return item.default;
    } catch { /* It is no literal of this type: shown is one that is. */ }
  }
  return sampleOf(face, item.type);
}

function sampleOf(face, type) {
  const shape = face.types[type], items = shape.items.map((one) => sampleOf(face, one));
  switch (shape.kind) {
    case "int": case "bigint": return "10";
    case "float": return "2.5";
    case "bool": return "True";
    case "none": return "None";
    case "constant str": return repr(Text.of(face.strings[0] ?? ""));
    case "str": return "'hello'";
    case "bytes": return "b'abc'";
    case "complex": return "1+2j";
    case "list": return items[0] === "10" ? "[3, 1, 2]" : items[0] === "2.5" ? "[3.5, 1.25, 2.0]" : `[${items[0]}]`;
    case "tuple of any length": return `(${items[0]}, ${items[0]})`;
    case "dict": return `{${items[0]}: ${items[1]}}`;
    case "tuple": return shape.names.length ? `${shape.text}(${items.join(", ")})` : items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
    case "list of fixed length": return `[${Array(shape.length).fill(items[0]).join(", ")}]`;
    case "vector": case "matrix": return `${shape.text}(${Array(shape.length).fill("1.0").join(", ")})`;
    case "quaternion": return `${shape.text}(1.0, 0.0, 0.0, 0.0)`;
    case "union": return items[0];
    case "library object": return "bytearray(b'abc')";
    default: return "";
  }
}

/** Return the value that was typed for a parameter; Misfit or NotPython where it is none of its type. */
export function argument(face, item, text) {
  const value = parse(text);
  fits(face, item.type, value);
  return value;
}

function fits(face, type, value) { new Writer(face).write(type, value); }

// -------------------------------------------------------------------------------------------------------------------------- words
class Words {
  constructor() { this.view = new DataView(new ArrayBuffer(256)); this.size = 0; }

  room() {
    if (this.size + WORD > this.view.byteLength) {
      const larger = new Uint8Array(2 * this.view.byteLength);
      larger.set(new Uint8Array(this.view.buffer));
      this.view = new DataView(larger.buffer);
    }
    this.size += WORD;
    return this.size - WORD;
  }

  int(value) {
    const place = this.room();
    this.view.setBigInt64(place, value, true);
  }

  float(value) {
    const place = this.room();
    if (Number.isNaN(value)) this.view.setBigUint64(place, NAN_BITS, true);
    else this.view.setFloat64(place, value, true);
  }

  bytes() { return new Uint8Array(this.view.buffer, 0, this.size); }
}

function article(text) { return /^[aeiou]/i.test(text) ? `an ${text}` : `a ${text}`; }

/** Writes values one after the other, as slots or as a message: which of the two follows from their types. */
class Writer {
  constructor(face) { this.face = face; this.words = new Words(); this.objects = []; this.numbers = new Map(); this.introduced = new Set(); }

  write(type, value) {
    const shape = this.face.types[type], { words } = this;
    const need = (right, hint = "") => {
      if (!right) throw new Misfit(`${article(shape.text)} is wanted, this is ${repr(value)}${hint}`);
    };
    switch (shape.kind) {
      case "int":
        need(typeof value === "bigint");
        if (value < INT_MIN || value > INT_MAX) throw new Misfit("an int beyond 64 bits");
        return words.int(value);
      case "bigint": return need(typeof value === "bigint"), this.wide(value);
      case "float": return need(typeof value === "number", typeof value === "bigint" ? `: write ${value}.0` : ""), words.float(value);
      case "bool": return need(typeof value === "boolean"), words.int(value ? 1n : 0n);
      case "none": return need(value === null);
      case "complex": return need(value instanceof Complex), words.float(value.real), words.float(value.imaginary);
      case "constant str": {
        need(value instanceof Text);
        const place = this.face.strings.indexOf(value.toString());
        if (place < 0) throw new Misfit(`${repr(value)} is none of the program's texts: ${this.face.strings.map((one) => repr(Text.of(one))).join(", ")}`);
        return words.int(BigInt(place));
      }
      case "str": return need(value instanceof Text), this.text(value.points);
      case "bytes": return need(value instanceof Bytes && !value.mutable), this.text(value.octets);
      case "tuple of any length":
        need(value instanceof Tuple);
        words.int(BigInt(value.items.length));
        return value.items.forEach((item) => this.write(shape.items[0], item));
      case "tuple": return this.tuple(shape, value, need);
      case "list of fixed length":
        need(value instanceof List && value.items.length === shape.length);
        return value.items.forEach((item) => this.write(shape.items[0], item));
      case "vector": case "quaternion": case "matrix": return this.gf(shape, value, need);
      case "union": return this.union(shape, value, need);
      case "list": case "dict": case "library object": return this.object(type, shape, value, need);
      default: throw new NotHere(`${shape.text} is not typed here`);
    }
  }

  tuple(shape, value, need) {
    const items = shape.names.length ? value instanceof Made && value.name === shape.text && value.items : value instanceof Tuple && value.items;
    need(items && items.length === shape.items.length);
    items.forEach((item, at) => this.write(shape.items[at], item));
  }

  gf(shape, value, need) {
    const items = value instanceof Made && value.name === shape.text ? value.items.flatMap((item) => (item instanceof Made ? item.items : [item])) : [];
    need(items.length === shape.length);
    const numbers = items.map((item) => (typeof item === "bigint" && BigInt(Number(item)) === item ? Number(item) : item));
    need(numbers.every((item) => typeof item === "number"));
    // A quaternion is written with its real part first, and stored with it last.
    const stored = shape.kind === "quaternion" ? [...numbers.slice(1), numbers[0]] : numbers;
    stored.forEach((item) => this.words.float(item));
  }

  union(shape, value, need) {
    const place = shape.items.findIndex((item) => {
      try { fits(this.face, item, value); return true; } catch { return false; }
    });
    need(place >= 0);
    this.words.int(BigInt(place));
    this.write(shape.items[place], value);
  }

  text(points) {
    this.words.int(BigInt(points.length));
    for (let at = 0; at < points.length; at += 2) this.words.int(BigInt(points[at]) | (BigInt(points[at + 1] ?? 0) << 32n));
  }

  wide(value) {
    const written = value >= SMALL_MIN && value <= SMALL_MAX ? [value] : [value < 0n ? -1n : 1n];
    if (value < SMALL_MIN || value > SMALL_MAX) {
      for (let rest = value < 0n ? -value : value; rest; rest >>= DIGIT_BITS) written.push(rest & ((1n << DIGIT_BITS) - 1n));
    }
    [BigInt(written.length), ...written].forEach((word) => this.words.int(word));
  }

  object(type, shape, value, need) {
    need(shape.kind === "list" ? value instanceof List : shape.kind === "dict" ? value instanceof Dict : value instanceof Bytes && value.mutable);
    const number = this.numbers.get(value) ?? this.objects.length;
    if (number === this.objects.length) this.objects.push({ value, type });
    this.numbers.set(value, number);
    this.words.int(BigInt(number));
    if (this.introduced.has(number)) return;
    this.introduced.add(number);
    const items = shape.kind === "list" ? value.items : shape.kind === "dict" ? value.entries : value.octets;
    this.words.int(BigInt(items.length));
    if (shape.kind === "library object") return items.forEach((octet) => this.words.int(BigInt(octet)));
    if (shape.kind === "list") return items.forEach((item) => this.write(shape.items[0], item));
    const keys = new Set(items.map(([key]) => sameness(key)));
    if (keys.size !== items.length) throw new Misfit("a key comes twice");
    items.forEach(([key, item]) => { this.write(shape.items[0], key); this.write(shape.items[1], item); });
  }
}

// What keys that Python takes for one have in common: 1, 1.0 and True are one, and so are 0.0 and -0.0.
function sameness(key) {
  if (key instanceof Tuple) return `(${key.items.map(sameness).join(", ")})`;
  if (typeof key === "boolean") return key ? "1" : "0";
  if (key instanceof Complex && key.imaginary === 0) return sameness(key.real);
  return typeof key === "number" && Number.isInteger(key) ? BigInt(key).toString() : repr(key);
}

/** Reads values back; nothing in the bytes is believed. Objects that were sent are the same objects, holding what they hold now. */
class Reader {
  constructor(face, view, known = []) { this.face = face; this.view = view; this.at = 0; this.objects = [...known]; this.introduced = new Set(); }

  word() {
    if (this.at + WORD > this.view.byteLength) throw new Malformed("it ends too early");
    this.at += WORD;
    return this.at - WORD;
  }

  int() { return this.view.getBigInt64(this.word(), true); }

  float() { return this.view.getFloat64(this.word(), true); }

  // Elements take a word each at least, but for those that are nothing.
  count(empty = false) {
    const value = this.int();
    const most = BigInt(empty ? 1 << 20 : (this.view.byteLength - this.at) / WORD);
    if (value < 0n || value > most) throw new Malformed(`${value} elements cannot follow`);
    return Number(value);
  }

  read(type) {
    const shape = this.face.types[type], many = (count, item) => Array.from({ length: count }, () => this.read(item));
    switch (shape.kind) {
      case "int": return this.int();
      case "float": return this.float();
      case "bool": {
        const word = this.int();
        if (word !== 0n && word !== 1n) throw new Malformed(`${word} came where a bool was expected`);
        return word === 1n;
      }
      case "none": return null;
      case "complex": return new Complex(this.float(), this.float());
      case "constant str": return Text.of(this.face.strings[Number(this.int())] ?? this.fail("there is no such text"));
      case "str": return new Text(this.text());
      case "bytes": return new Bytes(this.text());
      case "bigint": return this.wide();
      case "tuple of any length": return new Tuple(many(this.count(this.isEmpty(shape.items[0])), shape.items[0]));
      case "tuple": return new Tuple(shape.items.map((item) => this.read(item)), shape.names.length ? shape.text : "", shape.names);
      case "list of fixed length": return new List(many(shape.length, shape.items[0]));
      case "vector": case "matrix": return new Made(shape.text, many(shape.length, shape.items[0]));
      case "quaternion": {
        const [i, j, k, real] = many(4, shape.items[0]);
        return new Made(shape.text, [real, new Made(shape.text.replace("Quat", "Vec3"), [i, j, k])]);
      }
      case "union": return this.read(shape.items[Number(this.int())] ?? this.fail("there is no such member"));
      case "frozenset": return new PySet(many(this.length(shape.items[0]), shape.items[0]), true);
      case "list": case "dict": case "set": case "library object": return this.object(type, shape);
      default: return this.fail(`a ${shape.text} came`);
    }
  }

  fail(reason) { throw new Malformed(reason); }

  isEmpty(type) { return ["none", "tuple"].includes(this.face.types[type].kind); }

  // A set's is negative where its table was filled at once.
  length(item) {
    const value = this.int(), most = BigInt(this.isEmpty(item) ? 1 << 20 : (this.view.byteLength - this.at) / WORD);
    const count = value < 0n ? -value : value;
    return count <= most ? Number(count) : this.fail(`${count} elements cannot follow`);
  }

  text() {
    const value = this.int(), count = Number(value);
    if (value < 0n || 4 * count > this.view.byteLength - this.at) throw new Malformed(`${value} characters cannot follow`);
    const points = Array.from({ length: count }, (_, at) => this.view.getUint32(this.at + 4 * at, true));
    if (points.some((point) => point > 0x10ffff)) throw new Malformed("a text holds what is no code point");
    this.at += 4 * (count + (count % 2));
    return points;
  }

  wide() {
    const words = Array.from({ length: this.count() }, () => this.int());
    if (words.length === 1) return words[0];
    if (words.length < 2) throw new Malformed("no int is written like that");
    return words[0] * words.slice(1).reduceRight((rest, digit) => (rest << DIGIT_BITS) | digit, 0n);
  }

  object(type, shape) {
    const number = Number(this.int());
    if (number < 0 || number > this.objects.length) throw new Malformed(`the object ${number} is not the next`);
    if (number === this.objects.length) this.objects.push({ value: { list: new List(), dict: new Dict(), set: new PySet() }[shape.kind] ?? new Bytes([], true), type });
    const { value, type: known } = this.objects[number];
    if (known !== type) throw new Malformed("an object of another type came");
    if (this.introduced.has(number)) return value;
    this.introduced.add(number);
    const [item, held] = shape.items;
    if (shape.kind === "library object") value.octets = Array.from({ length: this.count() }, () => Number(this.int()));
    else if (shape.kind === "list") value.items = Array.from({ length: this.count(this.isEmpty(item)) }, () => this.read(item));
    else if (shape.kind === "set") value.items = Array.from({ length: this.length(item) }, () => this.read(item));
    else value.entries = Array.from({ length: this.count(this.isEmpty(item)) }, () => [this.read(item), this.read(held)]);
    return value;
  }
}

// -------------------------------------------------------------------------------------------------------------------------- calls
const GUARDED = { kind: "guard", line: 0, value: null, after: [], printed: "" };

function aligned(address) { return (address + 15) & ~15; }

/** One call of a module that was made for it alone. */
class Call {
  constructor(face, exports, spans) { this.face = face; this.exports = exports; this.spans = spans; }

  get start() { return aligned(this.exports.__heap_base.value); }

  // Made anew after each call: a memory that grew has another buffer.
  view(address, size) {
    const { buffer } = this.exports.memory;
    if (address < 0 || size < 0 || address + size > buffer.byteLength) throw new Malformed(`${size} bytes at ${address} are not in its memory`);
    return new DataView(buffer, address, size);
  }

  put(address, bytes) { this.view(address, bytes.length); new Uint8Array(this.exports.memory.buffer).set(bytes, address); }

  run(entry, values) { return entry.form === "slots" ? this.slots(entry, values) : this.message(entry, values); }

  slots(entry, values) {
    const writer = new Writer(this.face);
    entry.parameters.forEach((item, at) => writer.write(item.type, values[at]));
    const written = writer.words.bytes(), results = this.start + aligned(written.length) + 16;
    const kept = entry.parameters.filter((item) => item.by_ref);
    const size = WORD * (entry.result.slots.length + kept.reduce((sum, item) => sum + item.slots.length, 0));
    this.put(this.start, written);
    this.put(results, new Uint8Array(size));
    const word = this.exports[entry.export](this.start, results) >>> 0;
    const reader = new Reader(this.face, this.view(results, size));
    const after = [...values];
    if (word) reader.at = WORD * entry.result.slots.length;
    const value = word ? null : reader.read(entry.result.type);
    entry.parameters.forEach((item, at) => { if (item.by_ref) after[at] = reader.read(item.type); });
    const found = this.ending(word, null);
    return found.kind === "guard" ? { ...GUARDED, ...found } : { ...found, value, after, printed: "" };
  }

  message(entry, values) {
    const writer = new Writer(this.face);
    entry.parameters.forEach((item, at) => writer.write(item.type, values[at]));
    const written = writer.words.bytes();
    if (written.length > (this.exports.memory.buffer.byteLength - this.start) / 2) throw new Misfit("there is no room for so much");
    this.put(this.start, new Uint8Array(2 * WORD));
    this.put(this.start, written);
    const word = this.exports[entry.export](this.start, written.length) >>> 0;
    const place = this.view(this.start, 2 * WORD);
    const address = Number(place.getBigInt64(0, true)), size = Number(place.getBigInt64(WORD, true));
    const site = word ? this.site(word) : null;
    if (site?.kind === "guard") return { ...GUARDED, ...this.ending(word, null) };
    const reader = new Reader(this.face, this.view(address, size), writer.objects);
    const value = word ? null : reader.read(entry.result.type);
    const told = site && site.form !== "constant" ? new Text(reader.text()).toString() : null;
    const after = entry.parameters.map((item) => reader.read(item.type));
    const printed = entry.prints ? reader.text() : [];
    if (printed.some((point) => point >= 0xd800 && point < 0xe000)) return { ...GUARDED, what: "it prints a lone surrogate, which no output takes" };
    if (reader.at !== size) throw new Malformed(`${size - reader.at} bytes too many`);
    return { ...this.ending(word, told), value, after, printed: new Text(printed).toString() };
  }

  site(word) { return this.face.errors[(word & 0xffff) - 1] ?? (() => { throw new Malformed("there is no such error"); })(); }

  ending(word, told) {
    if (!word) return { kind: "value" };
    const site = this.site(word), called = word >>> 16;
    const line = this.spans[(called || word & 0xffff) - 1]?.line ?? 0;
    return site.kind === "guard" ? { kind: "guard", what: site.name, line } : { kind: "exception", what: exceptionText(this.face, site, told), line };
  }
}

// What Python prints of an exception: its class, and str() of it, which is for a KeyError the repr of what was missing.
function exceptionText(face, site, told) {
  const own = new Map(face.exceptions);
  let base = site.name;
  while (own.has(base)) base = own.get(base);
  const single = (value) => (base !== "KeyError" && value instanceof Text ? value.toString() : repr(value));
  let text = "";
  if (told === null) text = site.message === null ? "" : single(Text.of(site.message));
  else if (site.form === "text") text = single(Text.of(told));
  else {
    const value = parse(told);
    const items = site.form === "literal" ? [value] : value.items;
    text = items.length === 1 ? single(items[0]) : items.length ? repr(value) : "";
  }
  return text ? `${site.name}: ${text}` : site.name;
}

/** Call an entry with typed arguments; `instantiate` gives the exports of a module that nothing has called. */
export async function call(face, at, texts, spans, instantiate) {
  const entry = face.entries[at], parameters = typed(face, entry);
  const reason = whyNot(face, entry);
  if (reason) throw new NotHere(reason);
  const run = async (limit) => {
    const values = parameters.map((item, index) => argument(face, item, texts[index]));
    const before = values.map((value) => repr(value));
    const made = new Call(face, await instantiate(), spans);
    const ready = entry.elements ? [...values, BigInt(limit)] : values;
    const started = performance.now();
    const found = made.run(entry, [...ready, ...state(face, made)]);
    const changed = parameters.flatMap((item, index) => {
      const now = found.after.length ? repr(found.after[index]) : before[index];
      return now === before[index] ? [] : [{ name: item.name, now }];
    });
    return { kind: found.kind, what: found.what, line: found.line, value: found.value, printed: found.printed, changed, ms: performance.now() - started };
  };
  const first = await run(ELEMENTS);
  if (!entry.elements || first.kind !== "value") return shown(first);
  const [given, how] = first.value.items;
  // What stands for the next element is an exception: asked for once more, it is raised.
  const next = how === 2n ? await run(given.items.length + 1) : first;
  return { ...shown({ ...next, value: given }), value: repr(given), elements: how === 0n ? "more" : how === 1n ? "all" : "raises" };
}

function shown(found) { return { ...found, value: found.kind === "value" ? repr(found.value) : "" }; }

// The module's variables as they are when Python has imported it.
function state(face, made) {
  if (!face.state.length) return [];
  const entry = face.entries.find((item) => item.export === STATE);
  const found = made.run(entry, face.state.map(() => new List()));
  if (found.kind !== "value") throw new NotHere("the module's state cannot be made");
  return found.after;
}

export { NotPython };
