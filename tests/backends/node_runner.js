// Makes calls into a finished module in V8. Request on stdin, answers on stdout, both JSON; bytes are hexadecimal, addresses absolute.
// A call first writes, then calls its export with i32 arguments, then reads.
"use strict";

const request = JSON.parse(require("fs").readFileSync(0, "utf8"));
const module_ = new WebAssembly.Module(Buffer.from(request.wasm, "base64"));
const guest = new WebAssembly.Instance(module_, {}).exports;

const answers = request.calls.map((call) => {
  const memory = Buffer.from(guest.memory.buffer);
  for (const [address, bytes] of call.writes) memory.set(Buffer.from(bytes, "hex"), address);
  const result = guest[call.export](...call.arguments);
  const reads = call.reads.map(([address, size]) => memory.subarray(address, address + size).toString("hex"));
  return { result, reads };
});
process.stdout.write(JSON.stringify(answers));
