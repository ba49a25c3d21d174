// <zoho-backup-status> in Svelte's templates: `import "zoho-backup-status/svelte"` defines the element, too. Without npm, put
// this file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { HTMLAttributes } from "svelte/elements";
import type { ZohoBackupStatusElement, ZohoBackupStatusProps } from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "zoho-backup-status": Omit<HTMLAttributes<ZohoBackupStatusElement>, keyof ZohoBackupStatusProps> &
      ZohoBackupStatusProps;
  }
}
