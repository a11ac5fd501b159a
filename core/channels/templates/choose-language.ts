/** Which language of a template somebody gets who wants one that may not be there. */

/** What is there of a template. */
export interface TemplateLanguages {
  readonly languages: readonly string[];
  /** One of them. */
  readonly defaultLanguage: string;
}

/** `es-MX`, else `es`, else the default; a region that was not asked for is nobody's. @param wanted BCP 47 */
export function chooseLanguage(wanted: string | undefined, { languages, defaultLanguage }: TemplateLanguages): string {
  for (let tag = wanted ?? ""; tag !== ""; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-"))))
    if (languages.includes(tag)) return tag;
  return defaultLanguage;
}
