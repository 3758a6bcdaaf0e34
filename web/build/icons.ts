// Writes icons.json: name -> the inside of an SVG, for Django's `{% icon %}` tag.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

const NAMES = [
  "arrow-right", "battery-medium", "bell", "box", "check", "chevron-down", "circle-help",
  "circle-pause", "clock", "coins", "copy", "download", "external-link", "factory", "file-text",
  "gauge", "hand", "house", "info", "layers-2", "leaf", "list-checks", "locate-fixed", "log-in", "log-out",
  "map", "map-pin", "menu", "minus", "moon", "octagon-x", "package", "package-check", "pencil-ruler", "plug", "plus",
  "printer", "rotate-3d", "ruler", "search", "share-2", "shield-check", "shield-question-mark",
  "sliders-horizontal", "spool", "store", "sun", "sun-moon", "thermometer", "triangle-alert",
  "truck", "upload", "user", "wrench", "x", "zap", "expand", "rotate-ccw", "scale", "weight", "van",
];

export function icons(): Plugin {
  return {
    name: "nearmade-icons",
    generateBundle() {
      const found: Record<string, string> = {};
      for (const name of NAMES) {
        const file = require.resolve(`lucide-static/icons/${name}.svg`);
        const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(file, "utf8"))?.[1];
        if (!inside) throw new Error(`icon ${name}: no drawing in ${file}`);
        found[name] = inside.replace(/\s+/g, " ").trim();
      }
      this.emitFile({
        type: "asset",
        fileName: "icons.json",
        source: JSON.stringify(found),
      });
    },
  };
}
