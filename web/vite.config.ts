import { defineConfig } from "vite";
import { compress } from "./build/compress.ts";
import { icons } from "./build/icons.ts";
import { world } from "./build/world.ts";

// Everything the browser loads is built into one folder with hashed names; Django's
// `{% built %}` tag reads the manifest. `base: "./"` keeps every address relative.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [icons(), world(), compress()],
  build: {
    outDir: "../src/nearmade/cloud/pages/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { page: "src/page.ts" },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
