/** @jsxImportSource react */
import { useLayoutEffect } from "react";

export default function App({ isShown, hasWayRound, data, messages, onChange, listening, reference, ...attributes }) {
  useLayoutEffect(() => {
    if (hasWayRound && isShown) Object.assign(reference.current, { data, messages });
  }, [hasWayRound, isShown, data, messages]);
  const properties = hasWayRound ? {} : { data, messages };
  return isShown && <zoho-backup-status ref={reference} {...attributes} {...properties} onbackup-status-change={onChange} />;
}
