/** Keys are rotated while payments go on: both sign for a day, and whoever knows the ones before still verifies. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { comes, type Day, finds } from "./day.ts";

const MERCHANT = "rotating-shop";

export function rotatesKeys(day: Day): void {
  it(
    "keys are rotated by who was told what that does, and both sign what comes meanwhile",
    async () => {
      const pipeline = day.pipeline();
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/rotating") });
      const person = await comes(day, { subject: "quim" }, "es");
      const { page, says } = person;
      await finds(person, MERCHANT);
      const keys = page.getByRole("table", { name: says.merchant.keys });
      await keys.getByRole("rowheader").first().waitFor();
      expect(await keys.getByRole("rowheader").count()).toBe(1);
      await page.getByRole("button", { name: says.settings.keys.rotate.button, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(says.settings.keys.rotate.says(MERCHANT, "24")).waitFor();
      await person.isForEverybody();
      await dialog.getByRole("button", { name: says.settings.keys.rotate.button, exact: true }).click();
      await dialog.waitFor({ state: "hidden" });
      await keys.getByRole("rowheader").nth(1).waitFor();

      // Whoever delivers learns of it within ten seconds.
      let sent = 0;
      await waitFor("a payment has the signatures of both", async () => {
        sent += 1;
        const id = `rotating-${sent}`;
        await pipeline.put(transactionRow(id, MERCHANT));
        await pipeline.terminalRow(id);
        const signatures = String(pipeline.merchant.to("/rotating").at(-1)?.headers["webhook-signature"]);
        return signatures.split(" ").filter((one) => one.startsWith("v1a,")).length === 2 ? true : undefined;
      });
      await finds(person, `rotating-${sent}`);
      await page
        .getByLabel(says.verify.headers)
        .fill(JSON.stringify(pipeline.merchant.to("/rotating").at(-1)?.headers));
      await page.getByRole("button", { name: says.verify.button }).click();
      await page.getByText(says.verify.right).waitFor();
      await person.isForEverybody();
      await person.leave();
    },
    patienceMs(240_000),
  );
}
