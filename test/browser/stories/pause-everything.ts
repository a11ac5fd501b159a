/** Something is wrong and nobody knows what: everything is paused, and resumed when it is known. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { beside, comes, type Day, finds, goes } from "./day.ts";

const MERCHANT = "paused-shop";

export function pausesEverything(day: Day): void {
  it(
    "everything is paused by who was told what that does: what comes waits, and goes when all is resumed",
    async () => {
      const pipeline = day.pipeline();
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/paused") });
      const person = await comes(day, { subject: "olga" }, "es");
      const { page, says } = person;
      await goes(person, says.everything.title);
      await page.getByText(says.everything.goesOn).waitFor();
      await page.getByRole("button", { name: says.everything.pause.button }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(says.everything.pause.says).waitFor();
      await person.isForEverybody();
      await dialog.getByRole("button", { name: says.everything.pause.button }).click();
      await page.getByText(says.everything.paused).waitFor();
      await person.isForEverybody();
      await finds(person, MERCHANT);
      await page.getByText(says.merchant.gates["everything paused"]).first().waitFor();
      // Whoever delivers learns of it within five seconds; until then a payment is confirmed before one has found it.
      let sent = 0;
      const payment = await waitFor("a payment waits", async () => {
        sent += 1;
        const id = `while-paused-${sent}`;
        await pipeline.put(transactionRow(id, MERCHANT));
        await finds(person, id);
        const state = await beside(page, says.transaction.state).innerText();
        return state.includes(says.states.PENDING) ? id : undefined;
      });

      await goes(person, says.everything.title);
      await page.getByRole("button", { name: says.everything.resume.button }).click();
      await dialog.getByText(says.everything.resume.says).waitFor();
      await dialog.getByRole("button", { name: says.everything.resume.button }).click();
      await page.getByText(says.everything.goesOn).waitFor();
      await pipeline.terminalRow(payment);
      expect(pipeline.merchant.to("/paused").some(({ body }) => body.includes(payment))).toBe(true);
      await finds(person, payment);
      await beside(page, says.transaction.state).getByText(says.states.CONFIRMED).waitFor();
      await person.leave();
    },
    patienceMs(120_000),
  );
}
