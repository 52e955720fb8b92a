// Runs one call of one module in the browser's engine. The page ends this worker when its time is up: the module counts nothing itself.
import { Misfit, NotHere, NotPython, call } from "./calling.js";

onmessage = async ({ data: { wasm, digest, face, entry, texts, spans } }) => {
  try {
    const found = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", wasm)), (octet) => octet.toString(16).padStart(2, "0")).join("");
    if (found !== digest) throw new NotHere("these are not the bytes that were verified");
    const module = await WebAssembly.compile(wasm);
    if (WebAssembly.Module.imports(module).length) throw new NotHere("the module asks for something from outside");
    postMessage({ kind: "running" });
    postMessage(await call(face, entry, texts, spans, async () => (await WebAssembly.instantiate(module)).exports));
  } catch (error) {
    postMessage({ kind: kindOf(error), what: error.message });
  }
};

function kindOf(error) {
  if (error instanceof Misfit || error instanceof NotPython) return "misfit";
  if (error instanceof NotHere) return "not here";
  // A trap, or the engine's own stack.
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError ? "trap" : "mistake";
}
