// What the tests see of an app, whichever framework renders it. No app imports the element: the page decides when its script
// loads.

const DEFAULTS = {
  isShown: true,
  "proxy-url": undefined,
  label: undefined,
  "refresh-interval": undefined,
  data: undefined,
  messages: undefined,
  listening: true,
  // Whether `data` and `messages` are set in the way round the framework's limits.
  hasWayRound: false,
};

export const container = document.querySelector("#root");

/** Whether a server has rendered the app. */
export const isHydrated = container.hasChildNodes();

/** Renders by `render`, a function of all props, and returns the element by `element`, the framework's reference to it. */
export async function start(render, element) {
  let props = { ...DEFAULTS, ...globalThis.initial };
  const events = [];
  const onChange = ({ detail }) => events.push(detail);
  const set = async (changes) => {
    props = { ...props, ...changes };
    await render({ ...props, onChange: props.listening ? onChange : undefined });
  };
  await set({});
  globalThis.app = {
    events,
    set,
    add: () => set({ isShown: true }),
    remove: () => set({ isShown: false }),
    element,
  };
}
