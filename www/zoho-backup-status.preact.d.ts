// <zoho-backup-status> in Preact's JSX: `import "zoho-backup-status/preact"` defines the element, too. Without npm, put this
// file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { ClassAttributes, HTMLAttributes } from "preact";
import type { ZohoBackupStatusElement, ZohoBackupStatusProps } from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "zoho-backup-status": Omit<HTMLAttributes<ZohoBackupStatusElement>, keyof ZohoBackupStatusProps> &
        ClassAttributes<ZohoBackupStatusElement> &
        ZohoBackupStatusProps;
    }
  }
}
