// Asks the gateway that this page came from, and nobody else.

const KEY = "portalis-key";
const PATIENCE = 60_000;

/** There is no answer; `code` is the gateway's, `after` the seconds after which asking again may help. */
export class Trouble extends Error {
  constructor(code, message, after = null) { super(message); this.code = code; this.after = after; }
}

// The key lives as long as this tab, and is sent to this gateway alone.
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (text) => (text ? sessionStorage.setItem(KEY, text) : sessionStorage.removeItem(KEY)),
};

/** Tell whether the gateway wants a key. */
export async function isKeyed() {
  return (await (await asked("settings.json", {})).json()).keyed;
}

/** Return the gateway's answer on a source; Trouble where there is none. */
export async function translate(source, signal) {
  const headers = { "content-type": "application/json", ...(key.get() && { authorization: `Bearer ${key.get()}` }) };
  const body = JSON.stringify({ source, path: "playground.py", texts: true });
  const reply = await asked("../v1/translations", { method: "POST", headers, body, signal });
  const answer = await reply.json().catch(() => null);
  if (answer?.error) throw new Trouble(answer.error.code, answer.error.message, answer.error.retry_after);
  if (answer?.kind === "failed") throw new Trouble(answer.why, answer.detail);
  if (!answer?.kind) throw new Trouble("unreadable", `the gateway's answer (status ${reply.status}) cannot be read`);
  return answer;
}

async function asked(path, { signal, ...rest }) {
  const signals = [AbortSignal.timeout(PATIENCE), ...(signal ? [signal] : [])];
  try {
    return await fetch(path, { ...rest, signal: AbortSignal.any(signals), cache: "no-store", credentials: "omit", redirect: "error" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Trouble("unreachable", "the gateway does not answer: is it still running?");
  }
}

/** Return the module that an answer holds. */
export function moduleOf(answer) {
  return Uint8Array.from(atob(answer.build.wasm.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
