/**
 * Debian's chromium, headless, as tests of the page want it: nothing of it is kept, and whatever it complains of is
 * heard.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @throws Error that says how to get one */
export function launchBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined)
    throw new Error(
      "No browser: expected chromium at /usr/bin/chromium (apt-get install chromium), or where CHROMIUM says.",
    );
  // Without its sandbox, which root may not have; it sees nothing but our own page.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export interface WatchedPage {
  readonly page: Page;
  /** What went wrong on it: console errors and uncaught ones, dialogs, requests to anywhere else. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** The number that a panel shows under a label, without its separators. */
export async function numberIn(page: Page, panel: string, label: string): Promise<number> {
  const text = await page
    .locator(`[data-key='${panel}'] dl > div`)
    .filter({ has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) })
    .locator("dd")
    .evaluate((shown) => shown.firstChild?.textContent ?? "");
  return Number(text.replaceAll(",", ""));
}

/** Whether the page is wider than the window, so that one would have to scroll sideways. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
}
