// <zoho-backup-status> in JSX, for React: `import type {} from "…/zoho-backup-status.react"` anywhere in the app.
// Other frameworks are told likewise, in the module that holds their JSX namespace.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ZohoBackupStatusAttributes, ZohoBackupStatusElement } from "./zoho-backup-status.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "zoho-backup-status": Omit<
        DetailedHTMLProps<HTMLAttributes<ZohoBackupStatusElement>, ZohoBackupStatusElement>,
        keyof ZohoBackupStatusAttributes
      > &
        ZohoBackupStatusAttributes;
    }
  }
}
