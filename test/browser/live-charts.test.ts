/** The charts of the Live page with made-up data: they are drawn, and can be read with the pointer and the keyboard. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { launchBrowser, type WatchedPage } from "./browser.ts";
import { accessibilityFaults, openConsole } from "./console-page.ts";
import { type MadeUpConsole, madeUp, startMadeUpConsole } from "./made-up-console.ts";

const PERIODS = 60;
const points = (most: number) =>
  Array.from({ length: PERIODS }, (_, index) => (index % 20 === 7 ? null : most * index));
const base = { help: "made up", columns: 12, unit: "perSecond" } as const;
const series = [
  { label: "one", tone: "blue" as const, points: points(1), value: 59 },
  { label: "two", tone: "orange" as const, points: points(2), value: 118, note: "not measured here" },
];
const live = madeUp(
  [
    { ...base, kind: "lines", id: "lines", title: "Lines", series },
    { ...base, kind: "areas", id: "areas", title: "Areas", series },
    { ...base, kind: "alarms", id: "alarms", title: "Alarms", rows: [] },
  ],
  "Made up",
  PERIODS,
);

let world: MadeUpConsole;
let browser: Browser;
let watched: WatchedPage;

beforeAll(async () => {
  [world, browser] = await Promise.all([startMadeUpConsole(live), launchBrowser()]);
  const options = { viewport: { width: 1400, height: 800 }, timezoneId: "UTC" };
  watched = await openConsole(browser, world, "/live", { subject: "anna" }, options);
  await watched.page.locator("[data-key='alarms']").waitFor();
}, patienceMs(120_000));

afterAll(async () => {
  await browser?.close();
  await world?.[Symbol.asyncDispose]();
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
const when = (id: string) => watched.page.locator(`[data-key='${id}'] .when`).textContent();
const read = (id: string) => watched.page.locator(`[data-key='${id}'] .legend b`).allTextContents();

describe("a chart", () => {
  it.each([
    ["lines", 500],
    ["areas", 5000],
  ])("of %s is drawn", async (id, atLeast) => {
    await waitFor(`${id} are drawn`, async () => (Number(await inked(id)) > atLeast ? true : undefined));
  });

  it("is as wide as its panel, whatever becomes of the window", async () => {
    const { page } = watched;
    const width = async (selector: string) => Math.round((await page.locator(selector).boundingBox())?.width ?? -1);
    for (const windowWidth of [900, 1400]) {
      await page.setViewportSize({ width: windowWidth, height: 800 });
      await waitFor(`it fits at ${windowWidth}`, async () =>
        (await width("[data-key='lines'] canvas")) === (await width("[data-key='lines'] .chart")) ? true : undefined,
      );
    }
  });

  it("is read with the pointer, at the time that it is over, and only while it is there", async () => {
    const { page } = watched;
    const place = await page.locator("[data-key='lines'] .u-over").boundingBox();
    if (place === null) throw new Error("there is no plot");
    await page.mouse.move(place.x + 1, place.y + place.height / 2);
    await waitFor("the first period is read", async () =>
      (await page.locator("[data-key='lines'] .when").count()) === 1 ? true : undefined,
    );
    expect(await when("lines")).toMatch(/^11:50:10\sAM$/);
    expect(await read("lines")).toEqual(["0/s", "0/s"]);
    await page.mouse.move(place.x + 1, place.y + place.height + 200);
    await waitFor("nothing is read", async () =>
      (await page.locator("[data-key='lines'] .when").count()) === 0 ? true : undefined,
    );
  });

  it("is read with the arrow keys, to its first period and no further", async () => {
    const { page } = watched;
    await page.locator("[data-key='areas'] .chart").focus();
    await page.keyboard.press("ArrowLeft");
    expect(await when("areas")).toMatch(/^12:00:00\sPM$/);
    expect(await read("areas")).toEqual(["59/s", "118/s"]);
    for (let press = 0; press < PERIODS + 3; press += 1) await page.keyboard.press("ArrowLeft");
    expect(await when("areas")).toMatch(/^11:50:10\sAM$/);
    await page.keyboard.press("ArrowRight");
    expect(await when("areas")).toMatch(/^11:50:20\sAM$/);
    await page.locator("[data-key='lines'] .chart").focus();
    expect(await page.locator("[data-key='areas'] .when").count()).toBe(0);
  });

  it("has its numbers as a table, the newest first, and says what is not measured", async () => {
    const { page } = watched;
    await page.locator("[data-key='lines'] summary").click();
    await page.locator("[data-key='lines'] tbody tr").first().waitFor();
    expect(await page.locator("[data-key='lines'] tbody tr").count()).toBe(PERIODS);
    expect(await page.locator("[data-key='lines'] tbody tr").first().innerText()).toMatch(
      /12:00:00\sPM\s+59\/s\s+118\/s/,
    );
    expect(await page.locator("[data-key='lines'] .legend small").allTextContents()).toEqual(["not measured here"]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator("[data-key='lines'] summary").click();
  });

  it("has other colours on a dark ground", async () => {
    const { page } = watched;
    const colour = () => page.evaluate("getComputedStyle(document.querySelector(\"[data-key='lines'] .line\")).stroke");
    expect(await colour()).toBe("rgb(0, 114, 178)");
    await page.emulateMedia({ colorScheme: "dark" });
    await waitFor("it is drawn dark", async () => ((await colour()) === "rgb(75, 163, 217)" ? true : undefined));
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "light" });
  });

  it("does not complain, and asks nobody else for anything", () => {
    expect(watched.complaints).toEqual([]);
  });
});
