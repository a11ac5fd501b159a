/** The Live page with made-up data: whatever merchants call themselves stays text; an API that is gone is told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { launchBrowser, overflows, type WatchedPage } from "./browser.ts";
import { openConsole } from "./console-page.ts";
import { type MadeUpConsole, madeUp, startMadeUpConsole } from "./made-up-console.ts";

const HOSTILE = [
  `<img src=x onerror="document.title='reached'">`,
  `"><script>document.title='reached'</script>`,
  `</li></ol><iframe src="javascript:parent.document.title='reached'">`,
  "w".repeat(200),
] as const;
const panel = { help: HOSTILE[0], columns: 24 };
const alarm = { state: "ALARM" as const, since: "2026-11-22T11:00:00.000Z" };
const live = madeUp(
  [
    {
      ...panel,
      kind: "contributors",
      id: "merchants",
      title: "Merchants",
      rows: HOSTILE.map((name) => ({ name, value: 1 })),
    },
    {
      ...panel,
      kind: "lines",
      id: "line",
      title: HOSTILE[0],
      unit: "count",
      series: [{ label: HOSTILE[2], tone: "blue", points: [1, null], value: 1 }],
    },
    {
      ...panel,
      kind: "alarms",
      id: "alarms",
      title: "Alarms",
      rows: [
        ...HOSTILE.map((name) => ({
          ...alarm,
          name,
          why: name,
          what: name,
          runbook: { heading: name, address: "javascript:document.title='reached'" },
        })),
        {
          ...alarm,
          name: "DeadLetters",
          why: "2 > 0",
          what: "Given up.",
          runbook: { heading: "Given up", address: "https://docs.example/runbook.md#given-up" },
        },
      ],
    },
  ],
  HOSTILE[1],
);

let world: MadeUpConsole;
let browser: Browser;
let watched: WatchedPage;
const title = "Live – Confirmations";

beforeAll(async () => {
  [world, browser] = await Promise.all([startMadeUpConsole(live), launchBrowser()]);
}, patienceMs(120_000));

beforeEach(async () => {
  world.live = live;
  const viewport = { width: 390, height: 740 };
  watched = await openConsole(browser, world, "/live", { subject: "anna" }, { viewport });
  await watched.page.locator("[data-key='alarms']").waitFor();
}, patienceMs(60_000));

afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
});

describe("names from outside on the Live page", () => {
  it("are text and nothing else, in lists, legends, headings and alarms", async () => {
    const { page, complaints, close } = watched;
    expect(await page.locator(".ranking .name").allTextContents()).toEqual(HOSTILE);
    expect(await page.locator(".legend .label").allTextContents()).toEqual([HOSTILE[2]]);
    expect(await page.locator("#content img, #content script, #content iframe").count()).toBe(0);
    for (const summary of await page.locator(".alarm summary").all()) await summary.click();
    expect(
      await page.locator(".alarm a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
    ).toEqual(["https://docs.example/runbook.md#given-up"]);
    expect(await page.title()).toBe(title);
    expect(await overflows(page)).toBe(false);
    expect(complaints).toEqual([]);
    await close();
  });

  it("would not be run by the browser even if they were more than text", async () => {
    const { page, complaints, close } = watched;
    await page.evaluate((html) => {
      (globalThis as unknown as { document: { body: { innerHTML: string } } }).document.body.innerHTML = html;
    }, HOSTILE.join(""));
    await waitFor("the browser refuses to run it", () =>
      complaints.some((complaint) => complaint.includes("Content Security Policy")) ? true : undefined,
    );
    expect(await page.title()).not.toBe("reached");
    await close();
  });
});

describe("the Live page of an API that is gone", () => {
  it("says so, and keeps the last numbers until it is there again", async () => {
    const { page, close } = watched;
    world.live = undefined;
    await page.locator(".stale").waitFor();
    expect(await page.locator(".stale").innerText()).toContain("The API does not answer; these are the last numbers.");
    expect(await page.locator(".ranking li").count()).toBe(HOSTILE.length);
    world.live = live;
    await page.locator(".stale").waitFor({ state: "detached" });
    await close();
  });
});

describe("the Live page of a CloudWatch that is gone", () => {
  it("says since when its numbers are", async () => {
    const { page, close } = watched;
    world.live = { ...live, isLate: true };
    await page.locator(".stale").waitFor();
    expect(await page.locator(".stale").innerText()).toMatch(/CloudWatch has not answered since 1:00:04\sPM/);
    await close();
  });
});

describe("the Live page in a tab that nobody sees", () => {
  it("asks for nothing until somebody does, while that of another tab goes on", async () => {
    const { page, close } = watched;
    const other = await openConsole(browser, world, "/live", { subject: "ben" });
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/v1/live")) asked += 1;
    });
    const show = (state: "hidden" | "visible") =>
      page.evaluate(`
        Object.defineProperty(document, "visibilityState", { value: "${state}", configurable: true });
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      `);
    await show("hidden");
    // One may be on its way.
    await page.waitForLoadState("networkidle");
    const [before, byAll] = [asked, world.asked()];
    await waitFor("the other one has asked several times", () => (world.asked() > byAll + 3 ? true : undefined));
    expect(asked).toBe(before);
    await show("visible");
    await waitFor("it is asked for again", () => (asked > before ? true : undefined));
    await other.close();
    await close();
  });
});
