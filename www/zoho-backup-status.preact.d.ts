// <zoho-backup-status> in Preact's JSX: `import "zoho-backup-status/preact"` defines the element, too. Without npm, put this
// file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { ClassAttributes, HTMLAttributes } from "preact";
import type {
  ZohoBackupStatusAttributes,
  ZohoBackupStatusElement,
  ZohoBackupStatusEventMap,
} from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

type Properties = Partial<Pick<ZohoBackupStatusElement, "data" | "messages">>;

// Preact adds a listener for each prop that begins with `on`.
type Listeners = {
  [Name in keyof ZohoBackupStatusEventMap as `on${Name}`]?: (event: ZohoBackupStatusEventMap[Name]) => void;
};

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "zoho-backup-status": Omit<HTMLAttributes<ZohoBackupStatusElement>, keyof ZohoBackupStatusAttributes> &
        ClassAttributes<ZohoBackupStatusElement> &
        ZohoBackupStatusAttributes &
        Properties &
        Listeners;
    }
  }
}
