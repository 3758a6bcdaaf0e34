// Renders one OpenSCAD source to a binary STL in a process of its own.
//
//   node render.mjs JOB.json
//
// JOB: {engine, sources, files, main, defines, fonts, fontsConf, out}; all paths absolute, except
// `files` and `main`, which are relative to `sources`. The program's log goes to stdout
// line by line. Exit code: that of OpenSCAD; 70 when the engine itself broke down.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const job = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const say = (line) => fs.writeSync(1, `${line}\n`);

const { createOpenSCAD } = await import(pathToFileURL(job.engine).href);
const scad = (await createOpenSCAD({ print: say, printErr: say })).getInstance();

function put(target, content) {
  let folder = "";
  for (const name of path.posix.dirname(target).split("/").filter(Boolean)) {
    folder += `/${name}`;
    if (!scad.FS.analyzePath(folder).exists) scad.FS.mkdir(folder);
  }
  scad.FS.writeFile(target, content);
}

for (const name of job.files) {
  put(`/w/${name}`, fs.readFileSync(path.join(job.sources, name)));
}
for (const font of job.fonts) {
  put(`/fonts/${path.basename(font)}`, fs.readFileSync(font));
}
put("/fonts/fonts.conf", job.fontsConf);
scad.FS.chdir(path.posix.dirname(`/w/${job.main}`));

let code = 70;
try {
  // One call an instance: a second one throws.
  code = scad.callMain([
    `/w/${job.main}`,
    "-o",
    "/o.stl",
    "--export-format",
    "binstl",
    "--backend=Manifold", // the default backend is many times slower
    ...job.defines.flatMap((define) => ["-D", define]),
  ]);
} catch (error) {
  say(`CRASH: ${error}`);
}
if (code === 0 && scad.FS.analyzePath("/o.stl").exists) {
  fs.writeFileSync(job.out, scad.FS.readFile("/o.stl"));
}
process.exit(code);
