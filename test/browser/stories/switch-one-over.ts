/** One merchant is switched over from the old system: who confirms from when on, and that it is so. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { goThere } from "../console-page.ts";
import { COMPANY, sendTo } from "../two-merchants.ts";
import { beside, comes, type Day, finds } from "./day.ts";

const MERCHANT = "switched-shop";

export function switchesOneOver(day: Day): void {
  it(
    "one merchant is switched over: nobody is called before, and from then on this pipeline confirms",
    async () => {
      const pipeline = day.pipeline();
      const confirmationUrl = pipeline.merchant.url("/switched");
      const post = (target: string, body: object) =>
        sendTo(pipeline)({
          method: "POST",
          target,
          headers: [["content-type", "application/json"]],
          body: JSON.stringify(body),
          bearer: COMPANY,
        });
      const registered = await post("/v1/merchants", { merchantId: MERCHANT, confirmationUrl, mode: "shadow" });
      expect(registered).toMatchObject({ status: 201 });
      expect(await post(`/v1/merchants/${MERCHANT}/vouch`, {})).toMatchObject({ status: 200 });
      const before = new Date().toISOString();
      await pipeline.put(transactionRow("before-the-switch", MERCHANT, { occurredAt: { S: before } }));
      await pipeline.terminalRow("before-the-switch");
      expect(pipeline.merchant.confirmationsTo("/switched")).toEqual([]);

      const person = await comes(day, { subject: "sara" }, "en");
      const { page, says } = person;
      await goThere(page, "/cutover");
      await person.isForEverybody();
      await page.getByRole("table", { name: says.cutover.title }).getByRole("link", { name: MERCHANT }).click();
      await page.getByRole("heading", { name: says.cutover.of(MERCHANT), level: 1 }).waitFor();
      await page.getByText(says.cutover.modes.shadow).first().waitFor();
      await page.getByRole("button", { name: says.cutover.switch }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText(says.cutover.switchSays.live(MERCHANT, says.cutover.earliest)).waitFor();
      await person.isForEverybody();
      await dialog.getByRole("button", { name: says.cutover.switch }).click();
      await page.getByText(says.cutover.modes.live).first().waitFor();
      await person.isForEverybody();

      let sent = 0;
      await waitFor("a payment of after the switch is confirmed by this pipeline", async () => {
        sent += 1;
        const id = `after-the-switch-${sent}`;
        await pipeline.put(transactionRow(id, MERCHANT, { occurredAt: { S: new Date().toISOString() } }));
        await pipeline.terminalRow(id);
        return pipeline.merchant.confirmationsTo("/switched").some(({ body }) => body.includes(id)) ? true : undefined;
      });
      await finds(person, `after-the-switch-${sent}`);
      expect(await beside(page, says.transaction.state).innerText()).toContain(says.states.CONFIRMED);
      await person.leave();
    },
    patienceMs(240_000),
  );
}
