import { resolve } from "node:path";

export default {
  mode: "production",
  entry: "./bundlers/main.js",
  output: { path: resolve("built/webpack"), clean: true },
  // The wasm is larger than what webpack recommends.
  performance: { hints: false },
};
