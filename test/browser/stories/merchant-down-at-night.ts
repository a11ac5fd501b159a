/** A merchant's endpoint fails at night: what waits for it and until when, and that it goes on by itself. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { beside, comes, type Day, finds } from "./day.ts";

const MERCHANT = "night-shop";
/** Enough for its circuit, behind which the rest waits. */
const PAYMENTS = 60;
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: "dark" } as const;

export function merchantDownAtNight(day: Day): void {
  it(
    "a merchant is down at night: who is called sees what waits until when, and that it came back by itself",
    async () => {
      const pipeline = day.pipeline();
      let isDown = true;
      pipeline.merchant.respond("/night", () => (isDown ? 503 : 200));
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/night") });
      const occurredAt = { S: new Date().toISOString() };
      for (let index = 0; index < PAYMENTS; index += 1)
        await pipeline.put(transactionRow(`night-${index}`, MERCHANT, { occurredAt }));

      const person = await comes(day, { subject: "noor" }, "en", "/", PHONE);
      const { page, says } = person;
      await person.isForEverybody();
      await finds(person, MERCHANT);
      await waitFor("its circuit is seen to be open", async () => {
        await page.getByRole("button", { name: says.refresh }).click();
        return (await beside(page, says.merchant.gate).innerText()).includes(says.merchant.gates["circuit open"])
          ? true
          : undefined;
      });
      await beside(page, says.merchant.openUntil).locator("time").waitFor();
      await beside(page, says.merchant.givenUpAt).locator("time").waitFor();
      expect(await beside(page, says.merchant.waiting).innerText()).toMatch(/^[1-9]/);
      await page.getByRole("rowheader", { name: /status_5xx/ }).waitFor();
      await person.isForEverybody();

      isDown = false;
      await waitFor("it is seen to get through, and nothing waits", async () => {
        await page.getByRole("button", { name: says.refresh }).click();
        const gate = await beside(page, says.merchant.gate).innerText();
        const waits = await beside(page, says.merchant.waiting).innerText();
        return gate.includes(says.merchant.gates.open) && waits === "0" ? true : undefined;
      });
      const states = (await pipeline.rows())
        .filter((row) => row["merchantId"]?.S === MERCHANT)
        .map((row) => row["confirmationState"]?.S);
      expect(states).toEqual(Array.from({ length: PAYMENTS }, () => "CONFIRMED"));
      await person.leave();
    },
    patienceMs(240_000),
  );
}
