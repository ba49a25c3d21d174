// <zoho-backup-status> in React's JSX: `import "zoho-backup-status/react"` defines the element, too. Without npm, put this
// file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type {
  ZohoBackupStatusAttributes,
  ZohoBackupStatusElement,
  ZohoBackupStatusEventMap,
} from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

type Properties = Partial<Pick<ZohoBackupStatusElement, "data" | "messages">>;

// React 19 adds a listener for each prop that begins with `on`.
type Listeners = {
  [Name in keyof ZohoBackupStatusEventMap as `on${Name}`]?: (event: ZohoBackupStatusEventMap[Name]) => void;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "zoho-backup-status": Omit<
        DetailedHTMLProps<HTMLAttributes<ZohoBackupStatusElement>, ZohoBackupStatusElement>,
        keyof ZohoBackupStatusAttributes
      > &
        ZohoBackupStatusAttributes &
        Properties &
        Listeners;
    }
  }
}
