/** The charts of the live page with made-up data: they are drawn, and can be read with the pointer and the keyboard. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { Shown, ShownPanel } from "../../core/dashboard/shown.ts";
import { type PageServer, startPage } from "../../local/page/page-server.ts";
import { waitFor } from "../flow/wait-for.ts";
import { launchBrowser, openPage, type WatchedPage } from "./browser.ts";

const PERIODS = 60;
const points = (most: number) =>
  Array.from({ length: PERIODS }, (_, index) => (index % 20 === 7 ? null : most * index));
const base = { help: "made up", columns: 12, unit: "perSecond" } as const;
const series = [
  { label: "one", tone: "blue", points: points(1), value: 59 },
  { label: "two", tone: "orange", points: points(2), value: 118 },
] as const;
const panels: readonly ShownPanel[] = [
  { ...base, kind: "lines", id: "lines", title: "Lines", series },
  { ...base, kind: "areas", id: "areas", title: "Areas", series },
  { ...base, kind: "alarms", id: "alarms", title: "Alarms", rows: [] },
];
const shown: Shown = {
  endMs: Date.UTC(2026, 10, 22, 12),
  periodSeconds: 10,
  periods: PERIODS,
  sections: [{ title: "Made up", panels }],
};

let server: PageServer;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  [server, browser] = await Promise.all([startPage({ port: 0, shown: () => shown }), launchBrowser()]);
  watched = await openPage(browser, server.origin, { viewport: { width: 1280, height: 700 } });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** How many pixels of a chart are not see-through. */
const inked = (id: string) =>
  watched.page.evaluate(
    `(() => {
      const canvas = document.querySelector("[data-key='${id}'] canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let index = 3; index < data.length; index += 4) if (data[index] > 0) count += 1;
      return count;
    })()`,
  );

describe("a chart", () => {
  it.each([
    ["lines", 500],
    ["areas", 5000],
  ])("of %s is drawn", async (id, atLeast) => {
    await waitFor(`${id} are drawn`, async () => (Number(await inked(id)) > atLeast ? true : undefined));
  });

  it("is as wide as its panel", async () => {
    const figure = await watched.page.locator("[data-key='lines'] .chart").boundingBox();
    const canvas = await watched.page.locator("[data-key='lines'] canvas").boundingBox();
    expect(Math.round(canvas?.width ?? 0)).toBe(Math.round(figure?.width ?? -1));
  });

  it("is read with the pointer, at the time that it is over, and only while it is there", async () => {
    const { page } = watched;
    const place = await page.locator("[data-key='lines'] .u-over").boundingBox();
    if (place === null) throw new Error("there is no plot");
    await page.mouse.move(place.x + 1, place.y + place.height / 2);
    await waitFor("the first period is read", async () =>
      (await page.locator("[data-key='lines'] .when").textContent()) === "11:50:10" ? true : undefined,
    );
    expect(await page.locator("[data-key='lines'] .legend b").allTextContents()).toEqual(["0/s", "0/s"]);
    await page.mouse.move(place.x + 1, place.y + place.height + 200);
    await waitFor("nothing is read", async () =>
      (await page.locator("[data-key='lines'] .when").count()) === 0 ? true : undefined,
    );
  });

  it("is read with the arrow keys, to its first period and no further", async () => {
    const { page } = watched;
    await page.locator("[data-key='areas'] .chart").focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("[data-key='areas'] .when").textContent()).toBe("12:00:00");
    expect(await page.locator("[data-key='areas'] .legend b").allTextContents()).toEqual(["59/s", "118/s"]);
    for (let press = 0; press < PERIODS + 3; press += 1) await page.keyboard.press("ArrowLeft");
    expect(await page.locator("[data-key='areas'] .when").textContent()).toBe("11:50:10");
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("[data-key='areas'] .when").textContent()).toBe("11:50:20");
  });

  it("does not complain, and asks nobody else for anything", () => {
    expect(watched.complaints).toEqual([]);
  });
});
