// What Svelte's templates refuse.

import type { SvelteHTMLElements } from "svelte/elements";
import type {} from "zoho-backup-status/svelte";

type Attributes = SvelteHTMLElements["zoho-backup-status"];

// @ts-expect-error: no such variant
export const variant: Attributes = { variant: "line" };
// @ts-expect-error: a text
export const data: Attributes = { data: "{}" };
// @ts-expect-error: no such member
export const listener: Attributes = { "onbackup-status-due": ({ detail }) => console.log(detail.colour) };
