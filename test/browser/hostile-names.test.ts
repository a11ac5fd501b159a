/** The live page with made-up data: whatever merchants call themselves stays text, and a stack that is gone is told. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { Shown } from "../../core/dashboard/shown.ts";
import { type PageServer, startPage } from "../../local/page/page-server.ts";
import { waitFor } from "../flow/wait-for.ts";
import { launchBrowser, openPage, overflows } from "./browser.ts";

const HOSTILE = [
  `<img src=x onerror="document.title='reached'">`,
  `"><script>document.title='reached'</script>`,
  `</li></ol><iframe src="javascript:parent.document.title='reached'">`,
  "w".repeat(200),
];
const panel = { help: HOSTILE[0] ?? "", columns: 24 };
const shown: Shown = {
  endMs: Date.UTC(2026, 10, 22, 12),
  periodSeconds: 10,
  periods: 2,
  sections: [
    {
      title: HOSTILE[1] ?? "",
      panels: [
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
          title: HOSTILE[0] ?? "",
          unit: "count",
          series: [{ label: HOSTILE[2] ?? "", tone: "blue", points: [1, null], value: 1 }],
        },
        {
          ...panel,
          kind: "alarms",
          id: "alarms",
          title: "Alarms",
          rows: HOSTILE.map((name) => ({ name, state: "ALARM" as const, why: name, what: name })),
        },
      ],
    },
  ],
};

let server: PageServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startPage({ port: 0, shown: () => shown }), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("names from outside on the live page", () => {
  it("are text and nothing else, in lists, legends, headings and alarms", async () => {
    const { page, complaints, close } = await openPage(browser, server.origin, {
      viewport: { width: 360, height: 740 },
    });

    expect(await page.locator(".ranking .name").allTextContents()).toEqual(HOSTILE);
    expect(await page.locator(".legend .label").allTextContents()).toEqual([HOSTILE[2]]);
    expect(await page.locator("main img, main script, main iframe").count()).toBe(0);
    expect(await page.title()).toBe("Confirmation pipeline");
    expect(await overflows(page)).toBe(false);
    expect(complaints).toEqual([]);
    await close();
  });

  it("would not be run by the browser even if they were more than text", async () => {
    const { page, complaints, close } = await openPage(browser, server.origin, {});
    await page.evaluate((html) => {
      (globalThis as unknown as { document: { body: { innerHTML: string } } }).document.body.innerHTML = html;
    }, HOSTILE.join(""));
    await waitFor("the browser refuses to run it", () =>
      complaints.some((complaint) => complaint.includes("Content Security Policy")) ? true : undefined,
    );
    expect(await page.title()).toBe("Confirmation pipeline");
    await close();
  });
});

describe("the page of a stack that is gone", () => {
  it("says so, and keeps the last numbers", async () => {
    const { page, close } = await openPage(browser, server.origin, {});
    await server.stop();
    await page.locator("body.stale").waitFor();
    expect(await page.locator("#status").textContent()).toBe("The stack does not answer; these are the last numbers.");
    expect(await page.locator(".ranking li").count()).toBe(HOSTILE.length);
    await close();
  });
});
