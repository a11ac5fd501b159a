/**
 * The address bar as state. Whoever goes to another page moves the focus to its content, so that the next key is used
 * there, and the window to its top; back and forward leave both to the browser.
 */
import { useSyncExternalStore } from "react";

const CHANGED = "console:location";
const CONTENT = "#content";

export interface Place {
  readonly pathname: string;
  readonly search: URLSearchParams;
}

let seen: { readonly href: string; readonly place: Place } | undefined;

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}

/** @param replace whether back leads past it, as for a filter that was set */
export function goTo(path: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (path === window.location.pathname + window.location.search) return;
  if (replace) window.history.replaceState(undefined, "", path);
  else window.history.pushState(undefined, "", path);
  window.dispatchEvent(new Event(CHANGED));
  if (replace) return;
  window.scrollTo(0, 0);
  document.querySelector<HTMLElement>(CONTENT)?.focus({ preventScroll: true });
}

interface FollowEvent {
  readonly detail: { readonly href?: string | undefined; readonly external?: boolean | undefined };
  readonly preventDefault: () => void;
}

/** For `onFollow` of Cloudscape, which leaves clicks with a key held down to the browser by itself. */
export function followHere(event: FollowEvent): void {
  const { href, external = false } = event.detail;
  if (href === undefined || external || !href.startsWith("/")) return;
  event.preventDefault();
  goTo(href);
}

function currentPlace(): Place {
  const { href, pathname, search } = window.location;
  if (seen?.href !== href) seen = { href, place: { pathname, search: new URLSearchParams(search) } };
  return seen.place;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("popstate", changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener("popstate", changed);
    window.removeEventListener(CHANGED, changed);
  };
}
