/** How the page makes elements: text is only ever text, whatever a merchant called itself. */

type Content = string | Node;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
}

/** SVG from our own drawing, which holds numbers and no foreign text; parsed as XML, where nothing is run. */
export function svg(inner: string, width: number, height: number): Element {
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ` +
    `${height}" aria-hidden="true">${inner}</svg>`;
  return document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
}

/**
 * The child of this key, made when it is new; so that what is open or has the focus stays as it is from look to look.
 */
export function keyed(parent: HTMLElement, key: string, make: () => HTMLElement): HTMLElement {
  const found = [...parent.children].find((child) => child instanceof HTMLElement && child.dataset["key"] === key);
  if (found instanceof HTMLElement) return found;
  const made = make();
  made.dataset["key"] = key;
  parent.append(made);
  return made;
}

/** The part of a panel with this class. */
export function partOf(parent: HTMLElement, className: string): HTMLElement {
  const found = parent.querySelector(`.${className}`);
  if (found instanceof HTMLElement) return found;
  throw new Error(`The page has no .${className}`);
}
