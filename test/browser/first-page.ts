/**
 * The first page for who is signed in at the issuer, with nothing kept by the browser, over a slow line: there and back
 * to the issuer, and until one may type. What is held are bytes, and trips that come one after the other; the time of
 * both together is held too, stretched by how slow this machine is.
 */
import { describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { LocalStack } from "../../local/local-stack.ts";
import { patienceByNowMs, patienceMs } from "../support/machine-speed.ts";
import { isSignedIn } from "./console-page.ts";
import { slowLine } from "./slow-line.ts";

const MOST_BYTES = 350_000;
/**
 * Page and script; metadata of the issuer; the issuer, which sends one back; the page; metadata; code for token, beside
 * the app; who one is.
 */
const MOST_TRIPS = 8;
const MOST_MS = 3500;

/** A busy machine asks late for what it could have asked for at once, which then seems to have waited for others. */
const MOST_TRIES = 5;

interface Seen {
  readonly trips: number;
  readonly came: readonly string[];
  readonly bytes: number;
  readonly tookMs: number;
}

export function firstPageOverSlowLine(running: () => Browser, stack: () => LocalStack): void {
  describe("the first page over a slow line", () => {
    it(
      "is there to be typed into after few trips and few bytes",
      async () => {
        let best: Seen | undefined;
        for (let tries = 0; tries < MOST_TRIES && (best === undefined || best.trips > MOST_TRIPS); tries += 1) {
          const seen = await look(running(), stack());
          if (best === undefined || seen.trips < best.trips) best = seen;
        }
        const { trips = Infinity, came = [], bytes = Infinity, tookMs = Infinity } = best ?? {};
        const mayTakeMs = patienceByNowMs(MOST_MS);
        const figures = { tookMs, mayTakeMs, bytes, trips, ...(trips > MOST_TRIPS && { came }) };
        expect({
          ...figures,
          isSoon: tookMs <= mayTakeMs,
          isSmall: bytes <= MOST_BYTES,
          isDirect: trips <= MOST_TRIPS,
        }).toEqual({ ...figures, isSoon: true, isSmall: true, isDirect: true });
      },
      patienceMs(120_000),
    );
  });
}

async function look(browser: Browser, { endpoints }: LocalStack): Promise<Seen> {
  const context = await browser.newContext({ locale: "en-GB" });
  context.setDefaultTimeout(patienceMs(30_000));
  await isSignedIn(context, { subject: "anna" });
  const page = await context.newPage();
  const line = await slowLine(page);
  const beganAt = performance.now();
  await page.goto(endpoints.console, { waitUntil: "commit" });
  await page.getByRole("searchbox").fill("t-1");
  const tookMs = performance.now() - beganAt;
  await page.getByRole("button", { name: /anna/ }).waitFor();
  expect(await page.getByRole("searchbox").inputValue()).toBe("t-1");
  const seen = { trips: line.trips(), came: [...line.came], bytes: line.bytes(), tookMs };
  await context.close();
  return seen;
}
