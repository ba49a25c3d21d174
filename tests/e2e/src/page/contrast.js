// Measures the contrast of every text and every icon of a widget on the ground behind it, as WCAG 2.2 defines it.

const rgba = (css) => {
  const numbers = css.match(/^rgba?\(([\d., ]+)\)$/)?.[1].split(",").map(Number);
  if (!numbers) throw new Error(`${css} is not an RGB colour`);
  const [red, green, blue, alpha = 1] = numbers;
  return { channels: [red, green, blue], alpha };
};

const over = ({ channels, alpha }, ground) => channels.map((it, i) => it * alpha + ground[i] * (1 - alpha));

const luminance = (channels) => {
  const [red, green, blue] = channels.map((it) => {
    const share = it / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const ratio = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

const around = (element) => element.parentElement ?? element.getRootNode().host ?? null;

/** The colour behind this element's own content. */
const ground = (element) => {
  // No ground of the page: the test gives it one.
  if (!element) throw new Error("the page has no ground");
  const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
  if (backgroundImage !== "none" || opacity !== "1" || filter !== "none") {
    throw new Error(`the ground of ${element.localName} is not one colour`);
  }
  const colour = rgba(backgroundColor);
  return colour.alpha === 1 ? colour.channels : over(colour, ground(around(element)));
};

const measure = (element, ink) => {
  const behind = ground(element);
  return ratio(over(rgba(ink), behind), behind);
};

/** What this host shows: texts and icons, each with its contrast. */
export const contrasts = (host) => {
  const shown = [...host.shadowRoot.querySelectorAll("*")].filter((it) => {
    const { width, height } = it.getBoundingClientRect();
    return it.checkVisibility() && width > 1 && height > 1;
  });
  const texts = shown.flatMap((element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
      .map((node) => ({
        what: node.data.trim().slice(0, 40),
        ratio: measure(element, getComputedStyle(element).color),
      })),
  );
  const icons = shown
    .filter((element) => element.localName === "svg")
    .map((icon) => ({
      what: `${icon.parentElement.getAttribute("part")} icon`,
      ratio: measure(icon, getComputedStyle(icon.querySelector("path")).stroke),
    }));
  return { texts, icons };
};
