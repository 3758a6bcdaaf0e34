// Writes world.svg (land, for pages without scripts) and two sheets of finer land and
// borders for the live map: world-110.json at once, world-50.json when one looks closer.
// All are in the Equal Earth projection on a sheet 1000 wide; the same projection is
// written in Python in nearmade/cloud/pages/world.py, which places the sites on it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { geoEqualEarth, geoStream } from "d3-geo";
import type { GeoPermissibleObjects } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
// Half the width of the Equal Earth sheet on a unit sphere: x at longitude pi on the
// equator, 2 sqrt(3) pi / (3 A1) with A1 = 1.340264 (Savric, Patterson, Jenny 2018).
const HALF_WIDTH = (2 * Math.sqrt(3) * Math.PI) / (3 * 1.340264);
const WIDTH = 1000;
const HEIGHT = 487;
/** Paths are written in whole tenths of the sheet's unit, one step from the last point. */
const TENTHS = 10;

const projection = geoEqualEarth()
  .scale(WIDTH / (2 * HALF_WIDTH))
  .translate([WIDTH / 2, HEIGHT / 2]);

/** Write shapes as SVG path text, leaving out steps shorter than `least` tenths. */
function write(shapes: GeoPermissibleObjects, least: number): string {
  const lines: [number, number][][] = [];
  let line: [number, number][] = [];
  geoStream(shapes, projection.stream({
    point(x, y) {
      const point: [number, number] = [Math.round(x * TENTHS), Math.round(y * TENTHS)];
      const last = line.at(-1);
      if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= least) line.push(point);
    },
    lineStart() {
      line = [];
    },
    lineEnd() {
      if (line.length > 2) lines.push(line);
    },
    polygonStart() {},
    polygonEnd() {},
  }));
  return lines
    .map(([first, ...rest]) => {
      let [x, y] = first ?? [0, 0];
      const steps = rest.map(([nextX, nextY]) => {
        const step = `${nextX - x} ${nextY - y}`;
        [x, y] = [nextX, nextY];
        return step;
      });
      return `M${first?.[0]} ${first?.[1]}l${steps.join(" ").replaceAll(" -", "-")}`;
    })
    .join("");
}

function sheet(name: string, least: number): { land: string; borders: string } {
  const file = require.resolve(`world-atlas/${name}.json`);
  const atlas = JSON.parse(readFileSync(file, "utf8")) as Topology;
  const countries = atlas.objects["countries"] as GeometryCollection;
  return {
    land: write(feature(atlas, atlas.objects["land"] as GeometryCollection), least),
    borders: write(mesh(atlas, countries, (a, b) => a !== b), least),
  };
}

export function world(): Plugin {
  return {
    name: "nearmade-world",
    generateBundle() {
      const coarse = sheet("countries-110m", 6);
      const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
        `<path transform="scale(.1)" fill="#8f887a" fill-opacity=".34" d="${coarse.land}"/></svg>`;
      this.emitFile({ type: "asset", fileName: "world.svg", source: svg });
      for (const [scale, least] of [[110, 2], [50, 2]] as const) {
        this.emitFile({
          type: "asset",
          fileName: `world-${scale}.json`,
          source: JSON.stringify(sheet(`countries-${scale}m`, least)),
        });
      }
    },
  };
}
