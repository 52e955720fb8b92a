// Bundles CodeMirror for the gateway's playground into one minified module, with the licences of all that is in it beside it.
//
//     cd scripts/editor && npm ci && npm run build
//
// Both files are committed: who installs or runs Portalis needs neither npm nor a build.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const TARGET = new URL("../../exts/portalis.translator/portalis/translator/servers/gateway/playground/page/vendor/", import.meta.url);

const lock = await readFile("package-lock.json");
const digest = createHash("sha256").update(lock).digest("hex");
const made = await build({
  entryPoints: ["entry.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  write: false,
});
const inputs = Object.keys(made.metafile.inputs).filter((name) => name.startsWith("node_modules/"));
const packages = [...new Set(inputs.map((name) => name.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)[1]))].sort();
const licences = [];
for (const name of packages) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  licences.push(`${name} ${version} (${license})\n\n${(await readFile(`${folder}/LICENSE`, "utf8")).trim()}\n`);
}
await mkdir(TARGET, { recursive: true });
const head = `// CodeMirror, bundled by scripts/editor/build.mjs from packages locked with sha256 ${digest}; licences: LICENSES.txt.\n`;
await writeFile(new URL("codemirror.js", TARGET), head + made.outputFiles[0].text);
await writeFile(new URL("LICENSES.txt", TARGET), licences.join(`\n${"-".repeat(80)}\n\n`));
console.log(`${packages.length} packages, ${made.outputFiles[0].contents.length} bytes`);
