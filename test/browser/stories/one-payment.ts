/** A customer calls about one payment: where it is, what its merchant was told, and that the merchant was told so. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { beside, comes, type Day, finds } from "./day.ts";

const MERCHANT = "payment-shop";
const PAYMENT = "pago/2026 nº 7";

export function onePayment(day: Day): void {
  it(
    "a customer asks for one payment: its path, the body as sent, a signature that is verified, its trace",
    async () => {
      const pipeline = day.pipeline();
      pipeline.merchant.respond("/payment", (_delivery, nth) => (nth === 1 ? 503 : 200));
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/payment") });
      await pipeline.put(transactionRow(PAYMENT, MERCHANT, { amount: { S: "1234567.89" } }));
      await pipeline.terminalRow(PAYMENT);

      const person = await comes(day, { subject: "ana" }, "es");
      const { page, says } = person;
      await finds(person, PAYMENT);
      expect((await beside(page, says.transaction.amount).innerText()).replaceAll(/\s/g, " ")).toBe("1.234.567,89 EUR");
      const path = page.getByRole("list", { name: says.transaction.path });
      const told = await path.innerText();
      expect(told).toContain(says.timeline.status(503));
      expect(told).toContain(says.timeline.confirmed);
      const delivery = pipeline.merchant.to("/payment").at(-1);
      const shown = await page.getByRole("region", { name: says.transaction.body.title }).innerText();
      expect(shown).toBe(delivery?.body);
      await page.getByLabel(says.verify.headers).fill(JSON.stringify(delivery?.headers));
      await page.getByRole("button", { name: says.verify.button }).click();
      await page.getByText(says.verify.right).waitFor();
      await waitFor("its trace has the calls", async () => {
        await page.getByRole("button", { name: says.trace.read }).click();
        return (await page.getByRole("rowheader", { name: /confirmation-worker/ }).count()) > 0 ? true : undefined;
      });
      await person.isForEverybody();
      await person.leave();
    },
    patienceMs(120_000),
  );
}
