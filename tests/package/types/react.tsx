/** @jsxImportSource react */
import { useRef } from "react";
import type { Reply, Verdict, ZohoBackupStatusElement } from "zoho-backup-status/react";

interface Props {
  reply: Reply | null | undefined;
  label?: string | undefined;
  onChange?: ((event: CustomEvent<Verdict>) => void) | undefined;
}

export function Backup({ reply, label, onChange }: Props) {
  const ref = useRef<ZohoBackupStatusElement>(null);
  return (
    <>
      <zoho-backup-status
        ref={ref}
        key="eu"
        className="wide"
        proxy-url="/crm/bulk/v6/backup"
        refresh-interval={60}
        variant="badge"
        data={reply}
        messages={{ "word.due": "Now" }}
        onbackup-status-change={({ detail }) => console.log(detail.state, ref.current?.verdict)}
      >
        <a href="https://crm.example">Backup</a>
      </zoho-backup-status>
      <zoho-backup-status label={label} data={reply} messages={undefined} onbackup-status-change={onChange} />
      {/* @ts-expect-error: no such variant */}
      <zoho-backup-status variant="line" />
      {/* @ts-expect-error: no such member */}
      <zoho-backup-status onbackup-status-due={({ detail }) => console.log(detail.colour)} />
      {/* @ts-expect-error: a text */}
      <zoho-backup-status data="{}" />
    </>
  );
}
