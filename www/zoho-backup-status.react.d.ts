// <zoho-backup-status> in React's JSX: `import "zoho-backup-status/react"` defines the element, too. Without npm, put this
// file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ZohoBackupStatusElement, ZohoBackupStatusProps } from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "zoho-backup-status": Omit<
        DetailedHTMLProps<HTMLAttributes<ZohoBackupStatusElement>, ZohoBackupStatusElement>,
        keyof ZohoBackupStatusProps
      > &
        ZohoBackupStatusProps;
    }
  }
}
