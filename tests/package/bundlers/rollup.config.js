import resolve from "@rollup/plugin-node-resolve";

export default {
  input: "bundlers/main.js",
  output: { dir: "built/rollup", format: "es" },
  plugins: [resolve()],
};
