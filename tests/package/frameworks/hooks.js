// The app of React and of Preact, of which each gives its own two functions.

export const createApp = ({ createElement, useLayoutEffect }) =>
  function App({ isShown, hasWayRound, data, messages, onChange, listening, reference, ...attributes }) {
    useLayoutEffect(() => {
      if (hasWayRound && isShown) Object.assign(reference.current, { data, messages });
    }, [hasWayRound, isShown, data, messages]);
    const properties = hasWayRound ? {} : { data, messages };
    const props = { ref: reference, ...attributes, ...properties, "onbackup-status-change": onChange };
    return isShown && createElement("zoho-backup-status", props);
  };
