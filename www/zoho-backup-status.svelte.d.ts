// <zoho-backup-status> in Svelte's templates: `import "zoho-backup-status/svelte"` defines the element, too. Without npm, put
// this file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { HTMLAttributes } from "svelte/elements";
import type {
  ZohoBackupStatusAttributes,
  ZohoBackupStatusElement,
  ZohoBackupStatusEventMap,
} from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

type Properties = Partial<Pick<ZohoBackupStatusElement, "data" | "messages">>;

// Svelte adds a listener for each attribute that begins with `on`.
type Listeners = {
  [Name in keyof ZohoBackupStatusEventMap as `on${Name}`]?: (event: ZohoBackupStatusEventMap[Name]) => void;
};

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "zoho-backup-status": Omit<HTMLAttributes<ZohoBackupStatusElement>, keyof ZohoBackupStatusAttributes> &
      ZohoBackupStatusAttributes &
      Properties &
      Listeners;
  }
}
