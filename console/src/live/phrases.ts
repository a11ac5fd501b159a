/**
 * What the API says of panels, in the reader's language: titles, labels and what they help with come in English, and
 * are looked up by it. What is not there, such as a class of failures or a name, stays as it is.
 */
import { useCallback } from "react";
import { ES_PANELS } from "../texts/es-panels.ts";
import type { Language } from "../texts/languages.ts";
import { useSpoken } from "../texts/texts.tsx";

const PHRASES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: {}, es: ES_PANELS };

export function usePhrases(): (phrase: string) => string {
  const { language } = useSpoken();
  return useCallback((phrase) => PHRASES[language][phrase] ?? phrase, [language]);
}
