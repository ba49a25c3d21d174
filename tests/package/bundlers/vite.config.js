// The widget itself needs no configuration but `exclude`, and that only before Vite 8. The rest are paths of the tests, and
// a cache for each server.
export default {
  base: "./",
  cacheDir: process.env.CACHE,
  optimizeDeps: { exclude: process.env.EXCLUDED ? [process.env.EXCLUDED] : [] },
  build: { outDir: "../built/vite", emptyOutDir: true, rollupOptions: { output: { entryFileNames: "main.js" } } },
};
