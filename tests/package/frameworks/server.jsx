/** @jsxImportSource react */
// A server renders each recipe: importing the package does nothing there, and the element is a tag with its attributes.
// What it renders of the apps is written beside this script, for browsers to hydrate.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import * as preact from "preact";
import { useLayoutEffect } from "preact/hooks";
import renderPreact from "preact-render-to-string";
import * as react from "react";
import { renderToString as renderReact } from "react-dom/server";
import { render as renderSvelte } from "svelte/server";
import { createSSRApp } from "vue";
import { renderToString as renderVue } from "vue/server-renderer";
import { Backup as PreactBackup } from "../recipes/preact/Backup";
import { Backup as ReactBackup } from "../recipes/react/Backup";
import { Backup as HydratedBackup } from "../recipes/react/HydratedBackup";
import SvelteBackup from "../recipes/svelte/Backup.svelte";
import VueBackup from "../recipes/vue/Backup.vue";
import { createApp } from "./hooks.js";
import SvelteApp from "./Svelte.svelte";
import VueApp from "./Vue.vue";

const recipes = {
  react: renderReact(<ReactBackup />),
  hydrated: renderReact(<HydratedBackup />),
  preact: renderPreact(preact.h(PreactBackup)),
  vue: await renderVue(createSSRApp(VueBackup)),
  svelte: renderSvelte(SvelteBackup).body.replaceAll(/<!--.*?-->/g, ""),
};
const tag = '<zoho-backup-status proxy-url="/crm/bulk/v6/backup" variant="badge"></zoho-backup-status>';
for (const [name, html] of Object.entries(recipes)) assert.equal(html, tag, name);
console.log(`${Object.keys(recipes).join(", ")}: ${tag}`);

// Tests put the address in.
const first = { isShown: true, "proxy-url": "PROXY-URL", data: { backup: null }, onChange() {} };
const ReactApp = createApp(react);
const PreactApp = createApp({ ...preact, useLayoutEffect });
const apps = {
  react: renderReact(<ReactApp {...first} reference={null} />),
  preact: renderPreact(preact.h(PreactApp, first)),
  vue: await renderVue(createSSRApp(VueApp, { first })),
  svelte: renderSvelte(SvelteApp, { props: { first } }).body,
  hydrated: recipes.hydrated,
};
await Promise.all(
  Object.entries(apps).map(([name, html]) => writeFile(new URL(`${name}.html`, import.meta.url), html)),
);
console.log(`written: ${Object.keys(apps).join(", ")}`);
