/** The Live page of a running stack in a real browser: what it shows is what the merchants got. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { InsertResult } from "../../lambdas/insert-fake-transactions/insert.ts";
import { Pipeline, transactionRow } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import { launchBrowser, numberIn, overflows, type WatchedPage } from "./browser.ts";
import { accessibilityFaults, goThere, openConsole } from "./console-page.ts";
import { patienceMs } from "../support/machine-speed.ts";

const PICTURE = join(import.meta.dirname, "../../docs/pictures/live-page.png");
const WINDOW = { width: 1280, height: 900 } as const;
/** Where a PNG says how many pixels wide it is (RFC 2083, section 4.1.1). */
const WIDTH_AT = 16;
const SUPPORT = { subject: "anna" };
const OWN = 400;
/** Too few for a circuit to open, so that they are given up. */
const FAILING = 3;
/** So that there is something to see over time. */
const PUT_EVERY_MS = 25;
/** Enough for its circuit, behind which the rest waits. */
const CLOSED = 40;
/** A merchant may call itself anything. */
const HOSTILE = `<img src=x onerror="alert('seen')">`;

let pipeline: Pipeline;
let browser: Browser;
let desktop: WatchedPage;
let inserted: InsertResult;

beforeAll(async () => {
  [pipeline, browser] = await Promise.all([
    Pipeline.start({
      dueShards: 2,
      delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
      retry: { scheduleSeconds: [1, 2], inQueueMaxSeconds: 1 },
      circuit: { openSeconds: 300, maxOpenSeconds: 300 },
      release: { leaseSeconds: 30, everySeconds: 1 },
      // They are confirmed too, each minute.
      canary: { enabled: false },
      // As `npm start` has them: rankings of merchants are on the page.
      insights: { containers: true, merchants: true },
      worker: { minTasks: 1, maxTasks: 1, stopTimeoutSeconds: 10 },
    }),
    launchBrowser(),
  ]);
  const { merchant } = pipeline;
  merchant.respond("/late", ({ body }) => (isFirstOfItsOwn(body) ? 503 : 200));
  merchant.respond("/gone", () => 404);
  merchant.respond("/broken", () => 500);
  merchant.respond("/closed", () => 502);
  const merchants: Readonly<Record<string, string>> = {
    "late-shop": "/late",
    "gone-shop": "/gone",
    "closed-shop": "/closed",
    [HOSTILE]: "/broken",
  };
  for (const [merchantId, path] of Object.entries(merchants))
    await pipeline.registerMerchant({ merchantId, confirmationUrl: merchant.url(path) });

  const fakes = pipeline.stack.invoke(FUNCTION_NAMES.insertFakeTransactions, {
    count: 200,
    ratePerSecond: 20,
    merchants: 5,
    badShare: 0.01,
  });
  const put = async (merchantId: string, count: number) => {
    for (let index = 0; index < count; index += 1) {
      await pipeline.put(transactionRow(`${merchants[merchantId]?.slice(1)}-${index}`, merchantId));
      await pause(PUT_EVERY_MS);
    }
  };
  await Promise.all([
    put("late-shop", OWN),
    put("gone-shop", FAILING),
    put("closed-shop", CLOSED),
    put(HOSTILE, FAILING),
  ]);
  inserted = (await fakes) as InsertResult;
  await untilTerminal(inserted.inserted - inserted.bad + OWN, inserted.bad + 2 * FAILING);
  desktop = await openConsole(browser, pipeline.stack, "/live", SUPPORT, { viewport: WINDOW });
  await desktop.page.locator("[data-key='alarms']").waitFor();
}, patienceMs(120_000));

afterAll(async () => {
  await desktop?.close();
  await browser?.close();
  await pipeline?.stop();
}, patienceMs(30_000));

const failedOnce = new Set<string>();

/** Every fifth transaction fails at its first delivery. */
function isFirstOfItsOwn(body: string): boolean {
  const { transactionId } = (JSON.parse(body) as { readonly data: { readonly transactionId: string } }).data;
  if (failedOnce.has(transactionId) || !/[05]$/.test(transactionId)) return false;
  failedOnce.add(transactionId);
  return true;
}

async function untilTerminal(confirmed: number, failed: number): Promise<void> {
  await waitFor(`${confirmed} are confirmed and ${failed} given up`, async () => {
    const counters = await pipeline.stack.counters();
    return counters.confirmed >= confirmed && counters.failed >= failed ? true : undefined;
  }).catch(async (error: unknown) => {
    throw new Error(`There are ${JSON.stringify(await pipeline.stack.counters())}`, { cause: error });
  });
}

/**
 * Confirmations that merchants have responded with 2xx, each once: our own ones here, the fake ones at the reference
 * merchant.
 */
async function confirmedAtMerchants(): Promise<number> {
  const { Count = 0 } = await pipeline.dynamodb.send(
    new ScanCommand({ TableName: "ReceivedConfirmations", Select: "COUNT", ConsistentRead: true }),
  );
  return Count + OWN;
}

describe("the Live page of a running stack", () => {
  it("shows as many confirmations as the merchants got", async () => {
    const { page } = desktop;
    const got = await confirmedAtMerchants();

    await waitFor(`${got} are shown as confirmed`, async () =>
      (await numberIn(page, "out", "Confirmed")) === got ? true : undefined,
    );

    expect(got).toBe(inserted.inserted - inserted.bad + OWN);
    const { seen, failed } = await pipeline.stack.counters();
    await waitFor(`${failed} are shown as given up`, async () =>
      (await numberIn(page, "out", "Given up")) === failed ? true : undefined,
    );
    expect(await numberIn(page, "in", "New")).toBe(seen);
  });

  it("shows empty queues when all is terminal", async () => {
    const { page } = desktop;
    for (const [panel, label] of [
      ["queued", "Waiting"],
      ["delivering", "Under way"],
    ] as const)
      await waitFor(`${label} is 0`, async () => ((await numberIn(page, panel, label)) === 0 ? true : undefined));
  });

  it("shows who fails, by the name that it gave itself and no more than a name", async () => {
    const { page } = desktop;
    const failing = [HOSTILE, "closed-shop", "gone-shop", "late-shop"].toSorted();
    // The page draws its lists anew with each look.
    const names = await waitFor("those who fail are shown", async () => {
      const shown = await page.locator("[data-key='merchants'] .name").allTextContents();
      // On a busy machine a call of the reference merchant may take too long.
      const own = shown.filter((name) => !name.startsWith("fake-merchant"));
      return own.length >= failing.length ? own.toSorted() : undefined;
    });
    expect(names).toEqual(failing);
    expect(await page.locator("#content img").count()).toBe(0);
  });

  it("shows each alarm with its state, dead letters in alarm, and what cannot be evaluated here as such", async () => {
    const { page } = desktop;
    const alarm = (name: string) =>
      page
        .locator(".alarm")
        .filter({ has: page.locator(".name", { hasText: new RegExp(`^${name}$`) }) })
        .locator(".state");
    await waitFor("dead letters are in alarm", async () =>
      (await alarm("DeadLetters").textContent()) === "in alarm" ? true : undefined,
    );
    expect(await alarm("EgressFault").textContent()).toBe("ok");
    expect(await alarm("AuditSilent").textContent()).toBe("not evaluated");
    expect(await page.locator(".alarms-now").textContent()).toContain("DeadLetters");
  });

  it("says of an alarm since when it is on, why, and what to do", async () => {
    const { page } = desktop;
    const alarm = page.locator(".alarm").filter({ has: page.locator(".name", { hasText: /^DeadLetters$/ }) });
    await alarm.locator("summary").click();
    expect(await alarm.innerText()).toMatch(/Since \S[\s\S]*Confirmations were given up \(docs\/runbook.md#/);
    expect(await alarm.locator("time").getAttribute("dateTime")).toMatch(/Z$/);
    await alarm.locator("summary").click();
  });

  it("shows every panel with something to read for who cannot see charts", async () => {
    const { page } = desktop;
    for (const chart of await page.locator(".chart").all())
      expect(await chart.getAttribute("aria-label")).toMatch(/: .*Arrow keys read earlier values\.$/);
    await page.locator("[data-key='rates'] summary").click();
    await waitFor("its figures are there as a table", async () =>
      (await page.locator("[data-key='rates'] tr").count()) > 5 ? true : undefined,
    );
    await page.locator("[data-key='rates'] summary").click();
  });

  it("reads earlier values with the arrow keys", async () => {
    const { page } = desktop;
    await page.locator("[data-key='rates'] .chart").focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("[data-key='rates'] .when").textContent()).toMatch(/^\d+:\d\d:\d\d\s[AP]M$/);
    await page.locator("[data-key='backlog'] .chart").focus();
    expect(await page.locator("[data-key='rates'] .when").count()).toBe(0);
  });

  it("does not complain, and asks nobody else for anything", () => {
    expect(desktop.complaints).toEqual([]);
  });

  it.each([
    ["a phone, light", { viewport: { width: 390, height: 740 }, colorScheme: "light" }],
    ["a phone, dark, in Spanish", { viewport: { width: 390, height: 740 }, colorScheme: "dark", locale: "es-ES" }],
    ["a tablet", { viewport: { width: 820, height: 1180 }, colorScheme: "light" }],
    ["a desktop, dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
    ["a wall", { viewport: { width: 2560, height: 1440 }, colorScheme: "light" }],
  ] as const)("is readable on %s, for everyone", async (_what, options) => {
    const { page, complaints, close } = await openConsole(browser, pipeline.stack, "/live", SUPPORT, options);
    await page.locator("[data-key='alarms']").waitFor();

    expect(await overflows(page)).toBe(false);
    const smallest = await page.evaluate(
      "Math.min(...[...document.querySelectorAll('#content *')].filter((e) => e.textContent && " +
        "!e.children.length).map((e) => parseFloat(getComputedStyle(e).fontSize)))",
    );
    expect(smallest).toBeGreaterThanOrEqual(11);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it("speaks Spanish", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/live", SUPPORT, { locale: "es-ES" });
    await page.getByRole("heading", { name: "Entrada y salida" }).waitFor();
    await page.getByRole("heading", { name: "En vivo", level: 1 }).waitFor();
    await close();
  });

  it("is in the navigation of the payments company, and is nothing to a merchant", async () => {
    await desktop.page.getByRole("link", { name: "Live", exact: true }).waitFor();
    const engineer = { subject: "ben", merchantId: "late-shop" };
    const { page, close } = await openConsole(browser, pipeline.stack, "/", engineer);
    await page.getByRole("link", { name: "My merchant" }).waitFor();
    expect(await page.getByRole("link", { name: "Live", exact: true }).count()).toBe(0);
    await goThere(page, "/live");
    await page.getByText("narrowed to one merchant").waitFor();
    expect(await page.locator("[data-key]").count()).toBe(0);
    await close();
  });

  it("can be shown as a picture as wide as its window, which replaces the one in the docs on request", async () => {
    await desktop.page.mouse.move(0, 0);
    await desktop.page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0);");
    const picture = await desktop.page.screenshot({ fullPage: true });
    expect(picture.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect(picture.readUInt32BE(WIDTH_AT)).toBe(WINDOW.width);
    if (process.env["UPDATE_PICTURES"] !== undefined) writeFileSync(PICTURE, picture);
  });
});
