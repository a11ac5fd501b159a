/** A merchant's own engineer, in the portal: tries the endpoint, mends it, and sends again what it refused. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { comes, type Day, finds, goes } from "./day.ts";

const MERCHANT = "portal-of-one";
const PAYMENT = "refused-at-first";

export function engineerInThePortal(day: Day): void {
  it(
    "an engineer of a merchant tries the endpoint, mends it, and sends again what it refused",
    async () => {
      const pipeline = day.pipeline();
      let isMended = false;
      pipeline.merchant.respond("/portal", () => (isMended ? 200 : { status: 422, body: "unknown currency" }));
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/portal") });
      await pipeline.put(transactionRow(PAYMENT, MERCHANT, { occurredAt: { S: new Date().toISOString() } }));
      await pipeline.terminalBad(PAYMENT);

      const person = await comes(day, { subject: "jordi", merchantId: MERCHANT }, "es");
      const { page, says } = person;
      expect(await page.getByRole("link", { name: says.everything.title }).count()).toBe(0);
      await goes(person, says.navigation.own);
      await page.getByRole("heading", { name: says.merchant.title(MERCHANT), level: 1 }).waitFor();
      await page.getByRole("button", { name: says.merchant.test.button }).click();
      const response = page.getByRole("region", { name: says.merchant.test.response });
      await response.waitFor();
      expect(await response.innerText()).toContain("unknown currency");
      await person.isForEverybody();

      isMended = true;
      await page.getByRole("button", { name: says.merchant.test.button }).click();
      await response.getByText(says.timeline.status(200)).waitFor();
      await finds(person, PAYMENT);
      await page.getByRole("button", { name: says.redeliver.button }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(says.redeliver.saysFailed(MERCHANT)).waitFor();
      await dialog.getByLabel(says.redeliver.reason).fill("ya aceptamos esa moneda");
      await dialog.getByRole("button", { name: says.redeliver.confirm }).click();
      await page.getByText(says.redeliver.asked).waitFor();
      await page.getByRole("list", { name: says.transaction.path }).getByText(says.timeline.confirmed).waitFor();
      await person.isForEverybody();
      await person.leave();
    },
    patienceMs(120_000),
  );
}
