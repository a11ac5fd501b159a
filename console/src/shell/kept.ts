/** Preferences of this browser. Where it keeps nothing, as some do in private, they last as long as the page. */
export function kept(name: string): string | undefined {
  try {
    return window.localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // Nothing to be done, and nothing lost.
  }
}
