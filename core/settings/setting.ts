/**
 * What every setting is made of: a schema with its range and default, and the words that the page of settings prints
 * about it. The words stand beside the schema, and `npm run settings-page` makes the page of both.
 */
import { z } from "zod";

export interface SettingText {
  /** What it does, in a sentence or two. */
  readonly description: string;
  /** Such as `seconds`; for a number. */
  readonly unit?: string;
  /** The range in words, where the schema cannot say it. */
  readonly range?: string;
  /** The default in words, where it follows from other settings or is hard to read. */
  readonly byDefault?: string;
  /** Pages that say where it matters, by path below `docs/`, each with the text of its link. */
  readonly see?: Readonly<Record<string, string>>;
}

/** Texts by schema. Register the outermost schema, the one with the default. */
export const settingTexts = z.registry<SettingText>();

export const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);
