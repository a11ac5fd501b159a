/**
 * Templates as a program that sends knows them: read when they are first needed, believed for a minute, and no more of
 * them at once than a bound. A change by the operator holds everywhere a minute later.
 */
import { LoadingCache } from "../../cache/loading-cache.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { chooseLanguage } from "./choose-language.ts";
import type { Template, TemplateName } from "./template.ts";
import { isEmptied, languagesId, languagesOfItem, templateId, templateOfItem } from "./template-item.ts";

const MAX_AGE_MS = 60_000;
const MOST_KEPT = 200;

export interface TemplatesOptions {
  /** Of the Merchants table, by its key. @returns undefined for an item that is not there; rejects while unreadable */
  readonly read: (id: string) => Promise<AttributeMap | undefined>;
  /** Milliseconds, of a clock that ages are measured with. */
  readonly now: () => number;
}

export class Templates {
  readonly #items: LoadingCache<AttributeMap | undefined>;

  constructor({ read, now }: TemplatesOptions) {
    // One that is not there is asked for again: it may have been put because somebody saw that it was missing.
    this.#items = new LoadingCache({ load: read, keep: isThere, most: MOST_KEPT, maxAgeMs: MAX_AGE_MS, now });
  }

  /**
   * @param language what is wanted, BCP 47; the nearest that there is, else the default. @default the default
   * @returns undefined where there is no such template. Rejects as `read` does
   */
  async find(name: TemplateName, language?: string): Promise<Template | undefined> {
    const found = await this.#look(name, language);
    if (found !== "unlisted") return found;
    // Its language was deleted while the list of them was believed.
    this.#items.forget(languagesId(name));
    const again = await this.#look(name, language);
    return again === "unlisted" ? undefined : again;
  }

  /** @returns `unlisted` where the language that was found in the list is not there */
  async #look(name: TemplateName, language: string | undefined): Promise<Template | "unlisted" | undefined> {
    const known = languagesOfItem(await this.#items.get(languagesId(name)));
    if (known === undefined) return undefined;
    const key = { ...name, language: chooseLanguage(language, known) };
    const item = await this.#items.get(templateId(key));
    return (item && templateOfItem(key, item)) ?? "unlisted";
  }
}

function isThere(item: AttributeMap | undefined): boolean {
  return item !== undefined && !isEmptied(item);
}
