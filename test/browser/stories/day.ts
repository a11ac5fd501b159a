/**
 * What stories of a day share: who comes in which language and with which window, what is read off a page, and that
 * each page that somebody passes is for keyboard and screen reader too.
 */
import { expect } from "@jest/globals";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { en } from "../../../console/src/texts/en.ts";
import { es } from "../../../console/src/texts/es.ts";
import type { Pipeline } from "../../flow/pipeline.ts";
import { accessibilityFaults, type Who } from "../console-page.ts";
import { openSignedIn } from "../console-page.ts";

export const TEXTS = { en, es } as const;
export type Language = keyof typeof TEXTS;

export interface Day {
  readonly pipeline: () => Pipeline;
  readonly browser: () => Browser;
}

export interface Person {
  readonly page: Page;
  /** What the console says in the person's language. */
  readonly says: (typeof TEXTS)["en"];
  /** Fails where the page that is shown now is not for everybody. */
  readonly isForEverybody: () => Promise<void>;
  /** What goes wrong on the way is told then. */
  readonly leave: () => Promise<void>;
}

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", es: "es-ES" };
const DESKTOP = { width: 1280, height: 900 } as const;

/** @param path where the person begins */
export async function comes(
  { pipeline, browser }: Day,
  who: Who,
  language: Language,
  path = "/",
  options: BrowserContextOptions = {},
): Promise<Person> {
  const { page, complaints, close } = await openSignedIn(browser(), pipeline().stack, path, who, {
    viewport: DESKTOP,
    locale: LOCALES[language],
    ...options,
  });
  return {
    page,
    says: TEXTS[language],
    async isForEverybody() {
      const { pathname } = new URL(page.url());
      expect({ pathname, faults: await accessibilityFaults(page) }).toEqual({ pathname, faults: [] });
    },
    async leave() {
      expect(complaints).toEqual([]);
      await close();
    },
  };
}

/** To a page by its name in the navigation, which a phone has behind a button. */
export async function goes({ page, says }: Person, name: string): Promise<void> {
  const menu = page.getByRole("button", { name: says.navigation.open });
  if (await menu.isVisible()) await menu.click();
  const pages = page.getByRole("navigation", { name: says.navigation.label });
  await pages.getByRole("link", { name, exact: true }).first().click();
}

/** Finds something by its id, and goes there. */
export async function finds(person: Person, id: string): Promise<void> {
  const { page, says } = person;
  await goes(person, says.navigation.find);
  await page.getByRole("searchbox").fill(id);
  await page.keyboard.press("Enter");
  await page.locator("#content").getByRole("link", { name: id, exact: true }).first().click();
  await page.getByRole("heading", { level: 1 }).filter({ hasText: id }).waitFor();
}

/** What stands beside a label, such as a number. */
export function beside(page: Page, label: string) {
  return page
    .locator("#content dl > *")
    .filter({ has: page.locator("dt").getByText(label, { exact: true }) })
    .locator("dd")
    .first();
}
