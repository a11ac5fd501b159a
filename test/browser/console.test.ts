/** The console of a running stack in a real browser: what it shows is what the merchant got and what the API says. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { Pipeline, transactionRow } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { launchBrowser, overflows, type WatchedPage } from "./browser.ts";
import { accessibilityFaults, goThere, openConsole } from "./console-page.ts";
import { firstPageOverSlowLine } from "./first-page.ts";

const SUPPORT = { subject: "anna" };
const ENGINEER = { subject: "ben", merchantId: "acme" };
const WINDOW = { width: 1280, height: 900 } as const;
const PICTURES = join(import.meta.dirname, "../../docs/pictures");
const PAGES = [
  "/",
  "/?q=t-1",
  "/?q=t-nowhere",
  "/transactions/t-1",
  "/transactions/t-gone",
  "/transactions/t-nowhere",
  "/merchants/acme",
  "/merchants/gone",
  "/redeliveries",
  "/live",
  "/pause",
  "/nothing",
];
const NEW = "t-new";
/** Whoever writes rows may call them anything. */
const HOSTILE = `<img src=x onerror="document.title='reached'">`;

let pipeline: Pipeline;
let browser: Browser;
let support: WatchedPage;

beforeAll(async () => {
  [pipeline, browser] = await Promise.all([
    Pipeline.start({
      delivery: { deadlineMs: 20_000 },
      retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
      circuit: { openSeconds: 300, maxOpenSeconds: 300 },
      release: { leaseSeconds: 30, everySeconds: 1 },
      tracing: { share: 1 },
      worker: { minTasks: 1, maxTasks: 1, stopTimeoutSeconds: 10 },
    }),
    launchBrowser(),
  ]);
  const { merchant } = pipeline;
  merchant.respond("/gone", () => 404);
  await Promise.all([
    pipeline.registerMerchant({ merchantId: "acme", confirmationUrl: merchant.url("/acme") }),
    pipeline.registerMerchant({ merchantId: "other", confirmationUrl: merchant.url("/other") }),
    pipeline.registerMerchant({ merchantId: "gone", confirmationUrl: merchant.url("/gone") }),
  ]);
  const ids = { "t-1": "acme", "t-other": "other", "t-gone": "gone", [HOSTILE]: "acme" };
  await Promise.all(Object.entries(ids).map(([id, merchantId]) => pipeline.put(transactionRow(id, merchantId))));
  // Of now, as lists show the last days.
  await pipeline.put(transactionRow(NEW, "acme", { occurredAt: { S: new Date().toISOString() } }));
  await Promise.all([NEW, ...Object.keys(ids)].map((id) => pipeline.terminalRow(id)));
  support = await openConsole(browser, pipeline.stack, "/", SUPPORT, { viewport: WINDOW });
}, patienceMs(180_000));

afterAll(async () => {
  await support?.close();
  await browser?.close();
  await pipeline?.stop();
}, patienceMs(30_000));

async function takePicture(name: string): Promise<void> {
  await support.page.locator("h1").click();
  const picture = await support.page.screenshot({ fullPage: true });
  expect(picture.subarray(1, 4).toString("latin1")).toBe("PNG");
  if (process.env["UPDATE_PICTURES"] !== undefined) writeFileSync(join(PICTURES, name), picture);
}

function deliveryOf(id: string) {
  const delivery = pipeline.merchant.deliveries.find(({ body }) => body.includes(JSON.stringify(id)));
  if (delivery === undefined) throw new Error(`${id} was not delivered.`);
  return delivery;
}

describe("the first page", () => {
  it("says who one is", async () => {
    await support.page.getByRole("button", { name: /anna/ }).waitFor();
  });

  it("finds a transaction by its id, and keeps what was looked for in the address", async () => {
    const { page } = support;
    await page.getByRole("searchbox").fill("t-1");
    await page.keyboard.press("Enter");
    await page.getByText("1 found").waitFor();
    expect(new URL(page.url()).search).toBe("?q=t-1");
    await page.getByRole("link", { name: "t-1" }).click();
    await page.getByRole("heading", { name: "Transaction t-1", level: 1 }).waitFor();
    await page.goBack();
    expect(await page.getByRole("searchbox").inputValue()).toBe("t-1");
  });

  it("says that there is nothing", async () => {
    const { page } = support;
    await page.getByRole("searchbox").fill("t-nowhere");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing has the id t-nowhere").waitFor();
  });

  it("shows an id from outside as text and nothing else", async () => {
    const { page } = support;
    await page.getByRole("searchbox").fill(HOSTILE);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: HOSTILE }).click();
    await page.getByRole("heading", { name: `Transaction ${HOSTILE}`, level: 1 }).waitFor();
    expect(await page.locator("#content img").count()).toBe(0);
    expect(await page.title()).not.toBe("reached");
  });
});

firstPageOverSlowLine(
  () => browser,
  () => pipeline.stack,
);

describe("the page of a transaction", () => {
  beforeAll(async () => {
    await goTo("t-1");
  });

  async function goTo(id: string): Promise<void> {
    const { page } = support;
    await page.getByRole("link", { name: "Find" }).first().click();
    await page.getByRole("searchbox").fill(id);
    await page.keyboard.press("Enter");
    await page.locator("#content").getByRole("link", { name: id }).click();
    await page.getByRole("heading", { name: `Transaction ${id}`, level: 1 }).waitFor();
  }

  it("shows its path, in the reader's time", async () => {
    const { page } = support;
    const path = page.getByRole("list", { name: "Path" });
    expect(await path.innerText()).toMatch(/Occurred[\s\S]*Attempt 1: Delivered[\s\S]*Confirmed/);
    const occurred = path.locator("time").first();
    expect(await occurred.innerText()).toContain("11:00:00");
    expect(await occurred.getAttribute("title")).toBe("2026-11-22 10:00:00.000 UTC");
  });

  it("shows the body as the merchant got it", async () => {
    const shown = await support.page.getByRole("region", { name: "Body as sent" }).innerText();
    expect(shown).toBe(deliveryOf("t-1").body);
  });

  it("verifies in the browser what the merchant got, and refuses what it did not", async () => {
    const { page } = support;
    const headers = Object.entries(deliveryOf("t-1").headers)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join("\n");
    await page.getByLabel("Headers").fill(headers.replace(/webhook-timestamp: \d/, "webhook-timestamp: 2"));
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByText("The signature is not right").waitFor();
    await page.getByLabel("Headers").fill(headers);
    await page.getByText("The signature is not right").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByText("The signature is right").waitFor();
  });

  it("shows its trace, and in its path when it was written and queued", async () => {
    const { page } = support;
    await waitFor("the trace has the attempt", async () => {
      await page.getByRole("button", { name: "Read the trace" }).click();
      return (await page.getByRole("rowheader", { name: /confirmation-worker/ }).count()) > 0 ? true : undefined;
    });
    const path = await page.getByRole("list", { name: "Path" }).innerText();
    expect(path).toMatch(/Occurred[\s\S]*Written to the table[\s\S]*Queued[\s\S]*Attempt 1[\s\S]*Confirmed/);
  });

  it("can be shown as a picture, which replaces the one in the docs on request", async () => {
    await takePicture("console-transaction.png");
  });

  it("is sent again for a reason, and shows what comes of it", async () => {
    const { page } = support;
    const before = pipeline.merchant.deliveries.length;
    await page.getByRole("button", { name: "Send again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 transaction goes to acme once more").waitFor();
    await dialog.getByRole("button", { name: "Send again" }).click();
    await dialog.getByText("Say why it is sent again.").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel("Reason").fill("their database was restored");
    await dialog.getByRole("button", { name: "Send again" }).click();
    await page.getByText("It is asked for.").waitFor();
    await page.getByText("Sent again: Delivered").waitFor({ timeout: patienceMs(60_000) });
    const again = pipeline.merchant.deliveries.slice(before).map(({ headers }) => headers["webhook-redelivery"]);
    expect(again.filter((value) => value !== undefined)).toHaveLength(1);
    await page.getByRole("link", { name: "See the job" }).click();
    await page.getByRole("heading", { name: "Redelivery", level: 1 }).waitFor();
    await page
      .locator("#content")
      .getByText("Done", { exact: true })
      .waitFor({ timeout: patienceMs(60_000) });
    await page.locator("#content").getByText("their database was restored").waitFor();
    await page.getByRole("link", { name: "Redeliveries" }).click();
    await page.getByRole("table", { name: "Redeliveries" }).getByText("their database was restored").waitFor();
  });

  it("says why one failed, and whose fault it was", async () => {
    await goTo("t-gone");
    const text = await support.page.getByRole("list", { name: "Path" }).innerText();
    expect(text).toMatch(/Failed: attempts_exhausted[\s\S]*Fault: merchant/);
    expect(text).toContain("HTTP 404");
  });
});

describe("the page of a merchant", () => {
  beforeAll(async () => {
    const { page } = support;
    await page.getByRole("link", { name: "Find" }).first().click();
    await page.getByRole("searchbox").fill("acme");
    await page.keyboard.press("Enter");
    await page.locator("#content").getByRole("link", { name: "acme" }).click();
    await page.getByRole("heading", { name: "Merchant acme", level: 1 }).waitFor();
  });

  it("lists what it gets, and keeps the state that one looks for in the address", async () => {
    const { page } = support;
    const table = page.getByRole("table", { name: "Transactions" });
    await table.getByRole("link", { name: NEW }).waitFor();
    await page.getByRole("button", { name: "Failed", exact: true }).click();
    await table.getByText("None.").waitFor();
    expect(new URL(page.url()).search).toBe("?state=FAILED");
    await page.getByRole("button", { name: "All", exact: true }).click();
    await table.getByRole("link", { name: NEW }).waitFor();
  });

  it("sends a test event, and shows what was sent and what came back", async () => {
    const { page } = support;
    await page.getByRole("button", { name: "Send a test event" }).click();
    const request = page.getByRole("region", { name: "Request" });
    await request.waitFor({ timeout: patienceMs(60_000) });
    expect(await request.innerText()).toMatch(/POST .*\/acme[\s\S]*webhook-signature: v1/);
    expect(await page.getByRole("region", { name: "Response" }).innerText()).toContain("HTTP 200");
    expect(pipeline.merchant.deliveries.some(({ body }) => body.includes("webhook.test"))).toBe(true);
  });

  it("can be shown as a picture, which replaces the one in the docs on request", async () => {
    await takePicture("console-merchant.png");
  });

  it("is paused and resumed by who was told what that does", async () => {
    const { page } = support;
    await page.getByRole("button", { name: "Pause" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Nothing is delivered to acme").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Paused since").waitFor();
    const { pausedAt } = await pipeline.merchantHealth("acme");
    expect(Number(pausedAt?.N)).toBeGreaterThan(0);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
    await page.getByText("Get through").waitFor();
  });
});

describe("an engineer of a merchant", () => {
  it("sees what is the merchant's, and of another's not even that it is there", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/transactions/t-1", ENGINEER);
    await page.getByRole("heading", { name: "Transaction t-1", level: 1 }).waitFor();
    await page.goto(`${pipeline.stack.endpoints.console}/transactions/t-other`);
    await page.getByText("There is no such thing, or it is not yours to see.").waitFor();
    expect(await page.locator("#content").innerText()).not.toContain("12.50");
    await close();
  });
});

describe("a session", () => {
  it("leaves no token in the browser, and ends at the issuer too when one signs out", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    const kept = await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])");
    expect(kept).toBe(`[{},{},""]`);
    await page.getByRole("button", { name: /anna/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Name").waitFor();
    await close();
  });
});

describe("what fails on the way", () => {
  it("is told where the API does not say who one is, and tried again", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await page.route("**/v1/access", (route) => route.fulfill({ status: 403, json: { detail: "Not now." } }));
    await page.evaluate("history.replaceState(null, '', '/')");
    await page.reload();
    await page.getByText("Not now.").waitFor();
    await page.unroute("**/v1/access");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "Failed" }).first().waitFor();
    await close();
  });

  it("is loaded again where the file of a page was not there", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await page.route("**/assets/merchant-page*.js", (route) => route.abort());
    await goToFound(page, "acme");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.unroute("**/assets/merchant-page*.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Merchant acme", level: 1 }).waitFor();
    await close();
  });

  it("is a language that does not come: it is told, not kept, and tried again", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await page.route("**/assets/es-*.js", (route) => route.abort());
    await page.getByRole("button", { name: "Language, Appearance" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Español" }).click();
    await page.getByText("The language could not be loaded").waitFor();
    expect(await page.evaluate("localStorage.getItem('console.language')")).toBeNull();
    await page.unroute("**/assets/es-*.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Buscar", level: 1 }).waitFor();
    expect(await page.getByText("The language could not be loaded").count()).toBe(0);
    expect(await page.evaluate("localStorage.getItem('console.language')")).toBe("es");
    await close();
  });

  it("is read again on request where the result of a test event could not be read", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await goToFound(page, "acme");
    await page.route("**/v1/merchants/acme/test/*", (route) =>
      route.fulfill({ status: 403, json: { detail: "Not now." } }),
    );
    await page.getByRole("button", { name: "Send a test event" }).click();
    await page.getByText("Not now.").waitFor();
    await page.unroute("**/v1/merchants/acme/test/*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("region", { name: "Request" }).waitFor({ timeout: patienceMs(60_000) });
    expect(await page.getByText("Not now.").count()).toBe(0);
    await close();
  });

  it("is not done later, once one is connected again", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await goToFound(page, "acme");
    await page.getByRole("button", { name: "Pause" }).click();
    const dialog = page.getByRole("dialog");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.context().setOffline(true);
    await dialog.getByRole("button", { name: "Pause" }).click();
    await dialog.getByText("The API cannot be reached.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    asked.length = 0;
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Refresh" }).first().click();
    await waitFor("something was read", () => (asked.some((one) => one.startsWith("GET")) ? true : undefined));
    expect(asked.filter((one) => !one.startsWith("GET"))).toEqual([]);
    await close();
  });
});

async function goToFound(page: Page, id: string): Promise<void> {
  await page.getByRole("searchbox").fill(id);
  await page.keyboard.press("Enter");
  await page.locator("#content").getByRole("link", { name: id }).first().click();
}

describe("a token that holds no longer", () => {
  it("leaves the page as it is, with what was typed, and says how to go on", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await page.getByRole("button", { name: /anna/ }).waitFor();
    await page.route("**/v1/**", (route) => route.fulfill({ status: 401, json: { detail: "the token is over" } }));
    await page.getByRole("searchbox").fill("t-1");
    await page.keyboard.press("Enter");
    await page.getByText("Your session is over").waitFor();
    expect(await page.getByRole("searchbox").inputValue()).toBe("t-1");
    await page.unroute("**/v1/**");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "t-1" }).waitFor();
    await close();
  });
});

describe("every page", () => {
  it.each([
    ["on a phone, light, in English", { width: 390, height: 844 }, "light", "en-GB"],
    ["on a phone, dark, in Spanish", { width: 390, height: 844 }, "dark", "es-ES"],
    ["on a desktop, light, in Spanish", { width: 1280, height: 900 }, "light", "es-ES"],
    ["on a wide screen, dark, in English", { width: 2560, height: 1440 }, "dark", "en-GB"],
  ] as const)(
    "is for keyboard and screen reader, and no wider than its window %s",
    async (_what, viewport, colorScheme, locale) => {
      const options = { viewport, colorScheme, locale };
      const { page, complaints, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT, options);
      for (const path of PAGES) {
        await goThere(page, path);
        expect({ path, faults: await accessibilityFaults(page) }).toEqual({ path, faults: [] });
        expect({ path, overflows: await overflows(page) }).toEqual({ path, overflows: false });
      }
      expect(await page.evaluate("document.documentElement.lang")).toBe(locale.slice(0, 2));
      expect(complaints).toEqual([]);
      await close();
    },
  );
});

describe("the console", () => {
  it("did not complain all the while, and asked nobody but its own origin and the issuer", () => {
    expect(support.complaints).toEqual([]);
  });
});
