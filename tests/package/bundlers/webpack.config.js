import { resolve } from "node:path";

const app = (folder, module) => ({
  mode: "production",
  entry: "./bundlers/main.js",
  output: { path: resolve(folder), clean: true },
  module,
  // The wasm is larger than what webpack recommends.
  performance: { hints: false },
});

// The second has URLs without an origin, as Next.js sets it.
export default [
  app("built/webpack", {}),
  app("built/webpack-relative", { parser: { javascript: { url: "relative" } } }),
];
