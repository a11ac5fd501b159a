/** A merchant has a wrong secret and refuses everything: what failed is seen by its reason, mended, and sent again. */
import { expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import type { Delivery } from "../../flow/merchant-server.ts";
import { transactionRow } from "../../flow/pipeline.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { goThere } from "../console-page.ts";
import { comes, type Day, finds } from "./day.ts";

const MERCHANT = "secret-shop";
const PAYMENTS = 3;
/** Which the merchant has, and the pipeline has not. */
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

export function wrongSecret(day: Day): void {
  it(
    "a wrong secret: what its merchant refused is counted by reason, the right one is imported, and all is sent again",
    async () => {
      const pipeline = day.pipeline();
      pipeline.merchant.respond("/secret", (delivery) =>
        isSigned(delivery) ? 200 : { status: 403, body: "signature" },
      );
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/secret") });
      const ids = Array.from({ length: PAYMENTS }, (_, index) => `secret-${index}`);
      for (const id of ids) await pipeline.put(transactionRow(id, MERCHANT));
      for (const id of ids) await pipeline.terminalBad(id);

      const person = await comes(day, { subject: "petra" }, "en");
      const { page, says } = person;
      await goThere(page, `/failed?merchant=${MERCHANT}`);
      await page.getByRole("heading", { name: `${says.failed.counts} (${PAYMENTS})` }).waitFor();
      await page.getByRole("row").filter({ hasText: "attempts_exhausted" }).first().waitFor();
      await person.isForEverybody();

      await finds(person, MERCHANT);
      await page.getByRole("button", { name: says.merchant.test.button }).click();
      const response = page.getByRole("region", { name: says.merchant.test.response });
      await response.getByText(says.timeline.status(403)).waitFor();
      await page.getByRole("button", { name: says.settings.keys.import.button, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(says.settings.keys.import.secret, { exact: true }).fill(SECRET);
      await person.isForEverybody();
      await dialog.getByRole("button", { name: says.settings.keys.import.button, exact: true }).click();
      await dialog.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: says.merchant.test.button }).click();
      await response.getByText(says.timeline.status(200)).waitFor();

      await goThere(page, `/failed?merchant=${MERCHANT}`);
      await page.getByRole("button", { name: says.failed.sendAll }).click();
      await dialog.getByLabel(says.jobs.reason).fill("their secret is here now");
      await dialog.getByRole("button", { name: says.failed.plan }).click();
      await dialog.getByText(says.failed.startSays(String(PAYMENTS))).waitFor();
      await dialog.getByRole("button", { name: says.failed.start }).click();
      await page.getByRole("heading", { name: says.jobs.kinds.redeliveries.one, level: 1 }).waitFor();
      await page.locator("#content").getByText(says.jobs.states.done, { exact: true }).first().waitFor();
      await person.isForEverybody();
      for (const id of ids) expect((await pipeline.terminalRow(id))["confirmationState"]?.S).toBe("CONFIRMED");
      await person.leave();
    },
    patienceMs(240_000),
  );
}

function isSigned({ headers, body }: Delivery): boolean {
  try {
    new Webhook(SECRET).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
