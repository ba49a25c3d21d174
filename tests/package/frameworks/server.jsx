/** @jsxImportSource react */
// A server renders each recipe: importing the package does nothing there, and the element is a tag with its attributes.

import assert from "node:assert/strict";
import { h } from "preact";
import renderPreact from "preact-render-to-string";
import { renderToString as renderReact } from "react-dom/server";
import { render as renderSvelte } from "svelte/server";
import { createSSRApp } from "vue";
import { renderToString as renderVue } from "vue/server-renderer";
import { Backup as PreactBackup } from "../recipes/preact/Backup";
import { Backup as ReactBackup } from "../recipes/react/Backup";
import SvelteBackup from "../recipes/svelte/Backup.svelte";
import VueBackup from "../recipes/vue/Backup.vue";

const rendered = {
  react: renderReact(<ReactBackup />),
  preact: renderPreact(h(PreactBackup)),
  vue: await renderVue(createSSRApp(VueBackup)),
  svelte: renderSvelte(SvelteBackup).body.replaceAll(/<!--.*?-->/g, ""),
};
const tag = '<zoho-backup-status proxy-url="/crm/bulk/v6/backup" variant="badge"></zoho-backup-status>';
for (const [framework, html] of Object.entries(rendered)) assert.equal(html, tag, framework);
console.log(`${Object.keys(rendered).join(", ")}: ${tag}`);
