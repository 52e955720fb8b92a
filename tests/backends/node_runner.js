// Makes scalar calls into a finished module in V8. Request on stdin, answers on stdout, both JSON; bytes are hexadecimal.
"use strict";

const request = JSON.parse(require("fs").readFileSync(0, "utf8"));
const module_ = new WebAssembly.Module(Buffer.from(request.wasm, "base64"));
const guest = new WebAssembly.Instance(module_, {}).exports;
const base = guest.__heap_base.value;

const answers = request.calls.map((call) => {
  const memory = Buffer.from(guest.memory.buffer);
  memory.set(Buffer.from(call.arguments, "hex"), base);
  const results = base + call.room;
  const word = guest[call.export](base, results);
  return { word, results: memory.subarray(results, results + call.results).toString("hex") };
});
process.stdout.write(JSON.stringify(answers));
