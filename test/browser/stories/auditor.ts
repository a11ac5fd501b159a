/** An auditor asks who did what, and whether the pipeline's own lists of what it confirmed are what was signed. */
import { expect, it } from "@jest/globals";
import { transactionRow } from "../../flow/pipeline.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { goThere } from "../console-page.ts";
import { COMPANY, sendTo } from "../two-merchants.ts";
import { comes, type Day, goes } from "./day.ts";

const MERCHANT = "audited-shop";
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

export function auditor(day: Day): void {
  it(
    "an auditor reads who paused a merchant, and verifies the manifest of a day, in the browser alone",
    async () => {
      const pipeline = day.pipeline();
      const send = sendTo(pipeline);
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/audited") });
      await pipeline.put(transactionRow("audited-1", MERCHANT, { occurredAt: { S: `${YESTERDAY}T10:00:00Z` } }));
      await pipeline.terminalRow("audited-1");
      const ask = (method: string, target: string) =>
        send({ method, target, headers: [], body: undefined, bearer: COMPANY });
      for (const act of ["pause", "resume"])
        expect((await ask("POST", `/v1/merchants/${MERCHANT}/${act}`)).status).toBe(200);
      await waitFor("the day has a manifest", async () => {
        await pipeline.stack.invoke("audit-transactions", { audit: "manifests", day: YESTERDAY });
        const { text } = await ask("GET", `/v1/merchants/${MERCHANT}/manifests`);
        return text.includes(YESTERDAY) ? true : undefined;
      });

      const person = await comes(day, { subject: "vera" }, "es");
      const { page, says } = person;
      await goes(person, says.navigation.auditLog);
      const entries = page.getByRole("table", { name: says.auditLog.entries });
      await entries.getByRole("row").nth(1).waitFor();
      await person.isForEverybody();
      await goThere(page, `/audit-log?resource=${encodeURIComponent(`merchants/${MERCHANT}`)}`);
      for (const act of ["pauseMerchant", "resumeMerchant"]) await entries.getByText(act).first().waitFor();

      await goThere(page, `/manifests?merchant=${MERCHANT}`);
      await page.getByRole("link", { name: YESTERDAY }).click();
      const table = page.getByRole("table", { name: says.manifests.files(YESTERDAY) });
      await table.getByRole("link", { name: /^manifest-/ }).waitFor();
      const links = await table.getByRole("link").all();
      const files = await Promise.all(
        links.map(async (link) => {
          const url = (await link.getAttribute("href")) ?? "";
          const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
          return { name, mimeType: "application/jsonl", buffer: Buffer.from(await (await fetch(url)).arrayBuffer()) };
        }),
      );
      await page.getByLabel(says.manifests.choose).setInputFiles(files);
      await page.getByRole("button", { name: says.manifests.verify }).click();
      await page.getByText(says.manifests.right).waitFor();
      await person.isForEverybody();
      await person.leave();
    },
    patienceMs(240_000),
  );
}
