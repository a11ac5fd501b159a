/** Light or dark, as the reader chose it for this browser, or as the system has it. */
import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { kept, keep } from "./kept.ts";

export const APPEARANCES = ["asSystem", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

const KEPT_AS = "console.appearance";
const DARK = "(prefers-color-scheme: dark)";

export function keptAppearance(): Appearance {
  return APPEARANCES.find((one) => one === kept(KEPT_AS)) ?? "asSystem";
}

export function keepAppearance(appearance: Appearance): void {
  keep(KEPT_AS, appearance);
}

/** @returns stops following the system */
export function applyAppearance(appearance: Appearance): () => void {
  const system = window.matchMedia(DARK);
  const apply = (): void => {
    const isDark = appearance === "dark" || (appearance === "asSystem" && system.matches);
    applyMode(isDark ? Mode.Dark : Mode.Light);
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  };
  apply();
  system.addEventListener("change", apply);
  return () => system.removeEventListener("change", apply);
}
