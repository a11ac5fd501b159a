/** Whether the page is light or dark now, as Cloudscape has it, for what is drawn rather than styled. */
import { useSyncExternalStore } from "react";

export type Ground = "light" | "dark";

/** The class that `applyMode` gives the page. */
const DARK = "awsui-dark-mode";

export function groundNow(): Ground {
  return document.body.classList.contains(DARK) ? "dark" : "light";
}

export function useGround(): Ground {
  return useSyncExternalStore(subscribe, groundNow);
}

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}
