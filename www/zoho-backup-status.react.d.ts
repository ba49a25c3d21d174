// <zoho-backup-status> in React's JSX: `import type {} from "…/zoho-backup-status.react.js"` anywhere in the app.
// For other frameworks, declare the same in the module that holds their JSX namespace.

import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type {
  ZohoBackupStatusAttributes,
  ZohoBackupStatusElement,
  ZohoBackupStatusEventMap,
} from "./zoho-backup-status.js";

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
