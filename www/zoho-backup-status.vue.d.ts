// <zoho-backup-status> in Vue's templates: `import "zoho-backup-status/vue"` defines the element, too. Without npm, put this
// file beside zoho-backup-status.d.ts into your sources and import its types once.

import type { HTMLAttributes, PublicProps } from "vue";
import type {
  ZohoBackupStatusAttributes,
  ZohoBackupStatusElement,
  ZohoBackupStatusEventMap,
  ZohoBackupStatusProperties,
} from "./zoho-backup-status.js";

export * from "./zoho-backup-status.js";

// What a template may write for an attribute: its own name, as in HTML, or the camel case of Vue's props.
type CamelCase<Name extends string> = Name extends `${infer Start}-${infer Rest}`
  ? `${Start}${Capitalize<CamelCase<Rest>>}`
  : Name;
type Attributes = {
  [Name in keyof ZohoBackupStatusAttributes as CamelCase<Name>]?: ZohoBackupStatusAttributes[Name];
};

type Listeners = {
  [Name in keyof ZohoBackupStatusEventMap as CamelCase<`on-${Name}`>]?:
    | ((event: ZohoBackupStatusEventMap[Name]) => void)
    | undefined;
};

type Component = new () => ZohoBackupStatusElement & {
  /** Only for the templates' types: an element has no props of Vue. */
  $props: Omit<HTMLAttributes, keyof Attributes> & PublicProps & Attributes & ZohoBackupStatusProperties & Listeners;
};

declare module "vue" {
  interface GlobalComponents {
    "zoho-backup-status": Component;
  }
}
