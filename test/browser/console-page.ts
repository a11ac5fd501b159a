/** The console in a browser, as tests want it: signed in as whom they say, and whatever it complains of is heard. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { signedInCookie } from "../../local/issuer/signed-in-cookie.ts";
import type { LocalStack } from "../../local/local-stack.ts";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import type { WatchedPage } from "./browser.ts";

export interface Who {
  readonly subject: string;
  /** Of whom alone there is anything to see. @default all */
  readonly merchantId?: string;
}

/** What serves a console, such as a stack. */
interface Served {
  readonly endpoints: Pick<LocalStack["endpoints"], "console" | "issuer">;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What the API does not have is looked for all the same, and a browser notes each response 404. */
const LOOKED_IN_VAIN = /^Failed to load resource: the server responded with a status of 404 .*\/v1\//;
/** Where a machine is so busy that a page's script begins long after it has come. */
const USED_LATE = /was preloaded using link preload but not used within a few seconds/;
/** What a busy machine does not respond to in time is asked for again, and a browser notes it. */
const NOT_IN_TIME = /^Failed to load resource: the server responded with a status of 50[234] .*\/v1\//;
/** As long as a person would not wait. */
const PATIENCE_MS = 30_000;
/** In which a page has read all that it shows, on a machine that does nothing else. */
const READ_MS = 15_000;

/** By the issuer's page, where one says who one is. */
export async function openConsole(
  browser: Browser,
  stack: Served,
  path: string,
  who: Who,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const opened = await watchedPage(await newContext(browser, options), stack);
  const { page, complaints } = opened;
  await page.goto(stack.endpoints.console + path);
  await signIn(page, who).catch((cause: unknown) => tell(page, complaints, cause));
  return opened;
}

/** Without a word, as who is signed in at the issuer already. */
export async function openSignedIn(
  browser: Browser,
  stack: Served,
  path: string,
  who: Who,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await newContext(browser, options);
  await isSignedIn(context, who);
  const opened = await watchedPage(context, stack);
  const { page, complaints } = opened;
  await page.goto(stack.endpoints.console + path);
  await isThere(page).catch((cause: unknown) => tell(page, complaints, cause));
  return opened;
}

async function newContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(patienceMs(PATIENCE_MS));
  return context;
}

async function watchedPage(context: BrowserContext, { endpoints }: Served): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    const isComplaint = message.type() === "error" || message.type() === "warning";
    const complaint = `${message.text()} at ${message.location().url}`;
    const isExpected = [LOOKED_IN_VAIN, USED_LATE, NOT_IN_TIME].some((pattern) => pattern.test(complaint));
    if (isComplaint && !isExpected) complaints.push(complaint);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && origin !== endpoints.console && origin !== endpoints.issuer)
      complaints.push(`asked for ${request.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}

async function tell(page: Page, complaints: readonly string[], cause: unknown): Promise<never> {
  const shown = await page.locator("body").innerText();
  throw new Error(`${page.url()} shows ${shown}, and complains of ${complaints.join(", ")}.`, { cause });
}

function isThere(page: Page): Promise<void> {
  return page.locator("#content h1").first().waitFor();
}

/** At the issuer's page. */
export async function signIn(page: Page, { subject, merchantId }: Who): Promise<void> {
  await page.getByLabel("Name").fill(subject);
  if (merchantId !== undefined) await page.getByLabel("Merchant").fill(merchantId);
  await page.getByRole("button", { name: "Sign in" }).click();
  await isThere(page);
}

/** Has a browser keep that somebody is signed in at the issuer, which then asks nothing. */
export async function isSignedIn(context: BrowserContext, who: Who): Promise<void> {
  const [name = "", value = ""] = (signedInCookie(who).split(";")[0] ?? "").split(/=(.*)/);
  await context.addCookies([{ name, value, domain: "127.0.0.1", path: "/authorize" }]);
}

const IS_READING = "document.querySelector(\"#content [class*='awsui_spinner']\") !== null";

/** As back and forward do, without loading the page anew, which would sign in anew. Until all is read. */
export async function goThere(page: Page, path: string): Promise<void> {
  const place = JSON.stringify(path);
  await page.evaluate(`history.pushState(null, "", ${place}); dispatchEvent(new PopStateEvent("popstate"));`);
  await page.locator("#content h1").first().waitFor();
  const look = async () => ((await page.evaluate(IS_READING)) === false ? true : undefined);
  await waitFor(`${path} is read`, look, READ_MS).catch(async (cause: unknown) => {
    throw new Error(`${path} shows ${await page.locator("#content").innerText()}`, { cause });
  });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** In which whatever fades in has come; what turns for ever, such as a spinner, is not waited for. */
const HAS_SETTLED = `Promise.all(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
  .map(({ finished }) => finished.catch(() => undefined)))
  .then(() => undefined)`;

/** What axe finds, each with its place. Colors of what fades in are not those that are read, so it waits for them. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(HAS_SETTLED);
  await page.evaluate(AXE);
  const violations: readonly Violation[] = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
  );
}
