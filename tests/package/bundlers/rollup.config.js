import resolve from "@rollup/plugin-node-resolve";

export default {
  input: "bundlers/main.js",
  output: [
    { dir: "built/rollup", format: "es" },
    { dir: "built/rollup-iife", format: "iife" },
  ],
  plugins: [resolve()],
};
