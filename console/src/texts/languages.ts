/**
 * Which language is spoken, and its texts: each language is a file of its own, loaded when it is spoken, with what
 * Cloudscape's components say themselves.
 */
import type { I18nProviderProps } from "@cloudscape-design/components/i18n";
import type { Texts } from "./en.ts";

export const LANGUAGES = { en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

export interface Spoken {
  readonly language: Language;
  readonly texts: Texts;
  readonly messages: I18nProviderProps.Messages;
}

const LOADERS: Readonly<Record<Language, () => Promise<Omit<Spoken, "language">>>> = {
  async en() {
    const [{ en }, { default: messages }] = await Promise.all([
      import("./en.ts"),
      import("@cloudscape-design/components/i18n/messages/all.en"),
    ]);
    return { texts: en, messages };
  },
  async es() {
    const [{ es }, { default: messages }] = await Promise.all([
      import("./es.ts"),
      import("@cloudscape-design/components/i18n/messages/all.es"),
    ]);
    return { texts: es, messages };
  },
};

export async function loadLanguage(language: Language): Promise<Spoken> {
  return { language, ...(await LOADERS[language]()) };
}

/** @param wanted by the reader's browser, in the order of preference. @returns the first that is spoken here */
export function languageFor(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => Object.hasOwn(LANGUAGES, tag));
  return (known as Language | undefined) ?? "en";
}
