/**
 * The first page for who is signed in at the issuer, with nothing kept by the browser, over a slow line: there and back
 * to the issuer, and until one may type. What is held are bytes, and trips that come one after the other; the time of
 * both together is held too, stretched by how slow this machine is.
 */
import { describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { LocalStack } from "../../local/local-stack.ts";
import { patienceByNowMs } from "../support/machine-speed.ts";
import { isSignedIn } from "./console-page.ts";
import { slowLine } from "./slow-line.ts";

const MOST_BYTES = 350_000;
/**
 * Page and script; metadata of the issuer; the issuer, which sends one back; the page; metadata; code for token, beside
 * the app; who one is.
 */
const MOST_TRIPS = 8;
const MOST_MS = 3500;

export function firstPageOverSlowLine(running: () => Browser, stack: () => LocalStack): void {
  describe("the first page over a slow line", () => {
    it("is there to be typed into after few trips and few bytes", async () => {
      const context = await running().newContext({ locale: "en-GB" });
      await isSignedIn(context, { subject: "anna" });
      const page = await context.newPage();
      const line = await slowLine(page);
      const beganAt = performance.now();
      await page.goto(stack().endpoints.console, { waitUntil: "commit" });
      await page.getByRole("searchbox").fill("t-1");
      const tookMs = performance.now() - beganAt;
      const mayTakeMs = patienceByNowMs(MOST_MS);
      await page.getByRole("button", { name: /anna/ }).waitFor();

      const [trips, bytes] = [line.trips(), line.bytes()];
      console.log(
        `First page: ${Math.round(tookMs)} ms (${mayTakeMs} on this machine now), ${trips} trips, ${bytes} B`,
      );
      expect(await page.getByRole("searchbox").inputValue()).toBe("t-1");
      expect({ trips, came: trips > MOST_TRIPS ? line.came : [] }).toEqual({ trips: MOST_TRIPS, came: [] });
      expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
      expect(tookMs).toBeLessThanOrEqual(mayTakeMs);
      await context.close();
    });
  });
}
