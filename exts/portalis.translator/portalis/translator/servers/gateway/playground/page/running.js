// Runs a call in a worker of its own, which is ended after two seconds whatever it does.

const SECONDS = 2;
// For the worker to load and the engine to compile; neither runs a byte of the module.
const SECONDS_TO_START = 20;

/** Return what a call gives. `stop()` on the result ends it before. */
export function run(job) {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  let end;
  const result = new Promise((resolve) => {
    end = (found) => { worker.terminate(); clearTimeout(clock); resolve(found); };
    let clock = setTimeout(() => end({ kind: "mistake", what: "the browser's engine did not start" }), SECONDS_TO_START * 1000);
    worker.onmessage = ({ data }) => {
      if (data.kind !== "running") return end(data);
      clearTimeout(clock);
      clock = setTimeout(() => end({ kind: "ended", what: `${SECONDS} s` }), SECONDS * 1000);
    };
    worker.onerror = (event) => { event.preventDefault(); end({ kind: "mistake", what: event.message || "the worker could not be loaded" }); };
  });
  worker.postMessage(job);
  return Object.assign(result, { stop: () => end({ kind: "stopped" }) });
}
