// A link carries the source behind its `#`, which browsers do not send: base64 with - and _, of UTF-8.

const NAME = "#source=";

/** Return the link that opens a source here. */
export function linkOf(source) {
  const octets = new TextEncoder().encode(source);
  const text = btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
  return `${location.origin}${location.pathname}${NAME}${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** Return the source that a link's fragment carries; null where it carries none. */
export function sourceOf(fragment) {
  if (!fragment.startsWith(NAME)) return null;
  try {
    const text = atob(fragment.slice(NAME.length).replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}
