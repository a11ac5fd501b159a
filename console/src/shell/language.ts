/** The language that the reader chose for this browser, or else the one that the browser asks for. */
import { type Language, languageFor, LANGUAGES } from "../texts/languages.ts";
import { keep, kept } from "./kept.ts";

const KEPT_AS = "console.language";

export function keptLanguage(): Language {
  const chosen = kept(KEPT_AS);
  return chosen !== undefined && Object.hasOwn(LANGUAGES, chosen)
    ? (chosen as Language)
    : languageFor(navigator.languages);
}

export function keepLanguage(language: Language): void {
  keep(KEPT_AS, language);
}
