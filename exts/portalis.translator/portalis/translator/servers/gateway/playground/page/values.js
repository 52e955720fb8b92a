// Python's values in the page: read from literals, shown as Python's repr shows them.
//
// int is BigInt, float is Number, bool and None are true, false and null. A str is its code points, since Python's may hold lone surrogates.

export class Text {
  constructor(points) { this.points = points; }
  static of(string) { return new Text(Array.from(string, (character) => character.codePointAt(0))); }
  toString() { return this.points.map((point) => String.fromCodePoint(point)).join(""); }
}
export class Bytes { constructor(octets, mutable = false) { this.octets = octets; this.mutable = mutable; } }
export class Complex { constructor(real, imaginary) { this.real = real; this.imaginary = imaginary; } }
export class List { constructor(items = []) { this.items = items; } }
// A tuple; one of a class has its name, and the names of its fields.
export class Tuple { constructor(items, name = "", fields = []) { this.items = items; this.name = name; this.fields = fields; } }
export class Dict { constructor(entries = []) { this.entries = entries; } }
export class PySet { constructor(items = [], frozen = false) { this.items = items; this.frozen = frozen; } }
// `Gf.Vec3d(1.0, 2.0, 3.0)` and its kin, elements as they are written.
export class Made { constructor(name, items) { this.name = name; this.items = items; } }

export class NotPython extends Error {}

// ------------------------------------------------------------------------------------------------------------------------- reading
const NUMBER = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_.]*/uy;
const PLAIN = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, "\\": 92, "'": 39, '"': 34 };

/** Return the value that a Python literal stands for; NotPython where the text is none. */
export function parse(text) {
  const reader = new Reader(text);
  const value = reader.sum();
  reader.blank();
  if (reader.at < text.length) reader.fail(`${JSON.stringify(text[reader.at])} was not expected`);
  return value;
}

class Reader {
  constructor(text) { this.text = text; this.at = 0; }

  fail(reason) { throw new NotPython(this.text.trim() ? reason : "a value is missing"); }

  blank() { while (/\s/.test(this.text[this.at] ?? "")) this.at++; }

  next(wanted) {
    this.blank();
    if (!this.text.startsWith(wanted, this.at)) return false;
    this.at += wanted.length;
    return true;
  }

  matched(pattern) {
    this.blank();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  // Only a complex number is written as a sum.
  sum() {
    const left = this.signed();
    for (const sign of ["+", "-"]) {
      if (!this.next(sign)) continue;
      const right = this.single();
      if (!(right instanceof Complex) || left instanceof Complex || !["bigint", "number"].includes(typeof left)) this.fail("write a value, not a sum");
      const real = Number(left);
      return new Complex(sign === "+" ? real + right.real : real - right.real, sign === "+" ? right.imaginary : 0 - right.imaginary);
    }
    return left;
  }

  signed() {
    if (this.next("+")) return this.number(this.signed());
    if (!this.next("-")) return this.single();
    const value = this.number(this.signed());
    return value instanceof Complex ? new Complex(-value.real, -value.imaginary) : -value;
  }

  number(value) {
    if (!(value instanceof Complex) && !["bigint", "number"].includes(typeof value)) this.fail("a sign stands before a number");
    return value;
  }

  single() {
    this.blank();
    const character = this.text[this.at] ?? "";
    if (/[0-9.]/.test(character)) return this.digits();
    const prefix = /^(?:[bBrRuU]|[bB][rR]|[rR][bB])?(?=['"])/.exec(this.text.slice(this.at));
    if (prefix) return this.string(prefix[0].toLowerCase());
    if (this.next("[")) return new List(this.items("]"));
    if (this.next("{")) return this.braces();
    if (this.next("(")) return this.parenthesis();
    return this.named();
  }

  digits() {
    const found = this.matched(NUMBER);
    const text = found.replaceAll("_", "");
    if (/[\p{L}\p{N}_.]/u.test(this.text[this.at] ?? "") || !/\d/.test(text)) this.fail("this is no number");
    if (/^0[xob]/i.test(text)) return BigInt(text);
    if (/j$/i.test(text)) return new Complex(0, Number(text.slice(0, -1)));
    if (/[.e]/i.test(text)) return Number(text);
    if (/^0+[1-9]/.test(text)) this.fail("an int does not begin with 0");
    return BigInt(text);
  }

  string(prefix) {
    this.at += prefix.length;
    const quote = this.text[this.at++];
    const raw = prefix.includes("r"), octets = prefix.includes("b");
    const points = [];
    while (this.text[this.at] !== quote) {
      if (this.at >= this.text.length) this.fail("the text does not end");
      const point = this.text.codePointAt(this.at);
      this.at += point > 0xffff ? 2 : 1;
      if (point === 92) points.push(...this.escaped(raw, octets));
      else points.push(point);
    }
    this.at++;
    if (!octets) return new Text(points);
    if (points.some((point) => point > 255)) this.fail("bytes hold ASCII and escapes");
    return new Bytes(points);
  }

  escaped(raw, octets) {
    if (raw) {
      const point = this.text.codePointAt(this.at) ?? this.fail("the text does not end");
      this.at += point > 0xffff ? 2 : 1;
      return [92, point];
    }
    const rest = this.text.slice(this.at);
    const coded = (octets ? /^(?:x([0-9a-fA-F]{2})|([0-7]{1,3}))/ : /^(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/).exec(rest);
    if (coded) {
      this.at += coded[0].length;
      const point = coded[2] ? parseInt(coded[2], 8) : parseInt(coded[1] ?? coded[3] ?? coded[4], 16);
      return point <= 0x10ffff ? [point] : this.fail("there is no such code point");
    }
    if (rest[0] === "x" || (!octets && /[uUN]/.test(rest[0] ?? ""))) this.fail(`\\${rest[0]} is not whole, or not read here`);
    if (!(rest[0] in PLAIN)) return [92];
    this.at++;
    return [PLAIN[rest[0]]];
  }

  items(end) {
    const found = [];
    while (!this.next(end)) {
      found.push(this.sum());
      if (!this.next(",")) {
        if (!this.next(end)) this.fail(`${JSON.stringify(end)} or a comma is missing`);
        break;
      }
    }
    return found;
  }

  braces() {
    if (this.next("}")) return new Dict();
    const first = this.sum();
    if (!this.next(":")) return this.next("}") ? new PySet([first]) : this.next(",") ? new PySet([first, ...this.items("}")]) : this.fail('"}" is missing');
    const entries = [[first, this.sum()]];
    while (!this.next("}")) {
      if (!this.next(",")) this.fail('"}" or a comma is missing');
      if (this.next("}")) break;
      const key = this.sum();
      if (!this.next(":")) this.fail('":" is missing');
      entries.push([key, this.sum()]);
    }
    return new Dict(entries);
  }

  parenthesis() {
    if (this.next(")")) return new Tuple([]);
    const first = this.sum();
    if (this.next(")")) return first;
    if (!this.next(",")) this.fail('")" is missing');
    return new Tuple([first, ...this.items(")")]);
  }

  named() {
    const name = this.matched(NAME);
    const known = { True: true, False: false, None: null, inf: Infinity, nan: NaN, "math.inf": Infinity, "math.nan": NaN };
    if (Object.hasOwn(known, name)) return known[name];
    if (!name || !this.next("(")) this.fail("write a value: 3, 2.5, True, 'text', [1, 2]");
    const items = this.items(")");
    if (name === "float" && items[0] instanceof Text) return { inf: Infinity, "-inf": -Infinity, nan: NaN }[items[0]] ?? this.fail("write the float itself");
    if (name === "set" && !items.length) return new PySet();
    if (name === "frozenset" && items.length < 2) return new PySet(items[0]?.items ?? [], true);
    if (name === "bytearray" && items[0] instanceof Bytes) return new Bytes(items[0].octets, true);
    return new Made(name, items);
  }
}

// -------------------------------------------------------------------------------------------------------------------------- showing
/** Return what Python's repr() gives for a value. */
export function repr(value, within = new Set()) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return floatRepr(value);
  if (value instanceof Text) return textRepr(value.points);
  if (value instanceof Bytes) return value.mutable ? `bytearray(${bytesRepr(value.octets)})` : bytesRepr(value.octets);
  if (value instanceof Complex) return complexRepr(value);
  if (within.has(value)) return value instanceof Dict ? "{...}" : value instanceof List ? "[...]" : "(...)";
  const inner = new Set(within).add(value);
  const shown = (items) => items.map((item) => repr(item, inner)).join(", ");
  if (value instanceof List) return `[${shown(value.items)}]`;
  if (value instanceof Dict) return `{${value.entries.map(([key, item]) => `${repr(key, inner)}: ${repr(item, inner)}`).join(", ")}}`;
  if (value instanceof PySet) {
    const items = value.items.length ? `{${shown(value.items)}}` : "";
    return value.frozen ? `frozenset(${items})` : items || "set()";
  }
  if (value instanceof Made) return `${value.name}(${value.items.map((item) => unnamed(repr(item, inner))).join(", ")})`;
  if (value.name) return `${value.name}(${value.items.map((item, at) => `${value.fields[at]}=${repr(item, inner)}`).join(", ")})`;
  return value.items.length === 1 ? `(${shown(value.items)},)` : `(${shown(value.items)})`;
}

// OpenUSD writes what has no literal as a call.
function unnamed(text) { return text.replace(/^(-?)(inf|nan)$/, "$1float('$2')"); }

function floatRepr(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  // The fewest digits that give the float again, as Python's are; only where the point stands differs.
  const [mantissa, exponentText] = value.toExponential().split("e");
  const sign = value < 0 ? "-" : "", digits = mantissa.replace(/[-.]/g, ""), exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const point = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${point}e${exponent < 0 ? "-" : "+"}${String(exponent < 0 ? -exponent : exponent).padStart(2, "0")}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function complexRepr({ real, imaginary }) {
  const part = (value) => floatRepr(value).replace(/\.0$/, "");
  if (Object.is(real, 0)) return `${part(imaginary)}j`;
  return `(${part(real)}${imaginary < 0 || Object.is(imaginary, -0) ? "" : "+"}${part(imaginary)}j)`;
}

const HIDDEN = /[\p{C}\p{Z}]/u;

function escape(point) {
  const named = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" }[point];
  if (named) return named;
  const digits = point.toString(16);
  return point < 0x100 ? `\\x${digits.padStart(2, "0")}` : point < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

function quoteFor(points) { return points.includes(39) && !points.includes(34) ? '"' : "'"; }

function textRepr(points) {
  const quote = quoteFor(points);
  const shown = points.map((point) => {
    const character = String.fromCodePoint(point);
    if (character === quote) return `\\${quote}`;
    return point === 92 || (point !== 32 && HIDDEN.test(character)) ? escape(point) : character;
  });
  return quote + shown.join("") + quote;
}

function bytesRepr(octets) {
  const quote = quoteFor(octets);
  const shown = octets.map((octet) => {
    const character = String.fromCharCode(octet);
    if (character === quote) return `\\${quote}`;
    return octet === 92 || octet < 32 || octet > 126 ? escape(octet) : character;
  });
  return `b${quote}${shown.join("")}${quote}`;
}
