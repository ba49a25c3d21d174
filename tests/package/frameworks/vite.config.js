import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "../recipes/vue/vite.config.js";

const here = (name) => join(import.meta.dirname, name);

// Vue's plugin is that of the recipe.
export default {
  ...vue,
  base: "./",
  plugins: [...vue.plugins, svelte({ configFile: false })],
  build: {
    outDir: "../built/frameworks",
    emptyOutDir: true,
    // Apps wait for their first rendering.
    target: "es2022",
    rollupOptions: {
      input: {
        react: here("react.jsx"),
        preact: here("preact.jsx"),
        vue: here("vue.js"),
        svelte: here("svelte.js"),
        lit: here("lit.js"),
        "recipes/react": here("recipes/react.jsx"),
        "recipes/hydrated": here("recipes/hydrated.jsx"),
        "recipes/preact": here("recipes/preact.jsx"),
        "recipes/vue": here("recipes/vue.js"),
        "recipes/svelte": here("recipes/svelte.js"),
        "recipes/lit": here("recipes/lit.js"),
      },
      output: { entryFileNames: "[name].js" },
    },
  },
};
