/** A file has rows that are wrong: each with its line and why, and what was right is on its way all the same. */
import { expect, it } from "@jest/globals";
import { patienceMs } from "../../support/machine-speed.ts";
import { COMPANY, sendTo } from "../two-merchants.ts";
import { goThere } from "../console-page.ts";
import { comes, type Day, finds } from "./day.ts";

const MERCHANT = "imported-shop";
const HEADER = "transactionId,merchantId,outcome,amount,currency,occurredAt";
const REASON = "del sistema anterior";
const AT = "2026-11-22T10:00:00Z";
const ROWS = [
  `i-1,${MERCHANT},APPROVED,1.00,EUR,${AT}`,
  `i-2,${MERCHANT},APPROVED,"2,00",EUR,${AT}`,
  `i-3,${MERCHANT},APPROVED,3.00,EUR,yesterday`,
  `i-4,${MERCHANT},APPROVED,4.00,EUR,${AT}`,
] as const;

interface Upload {
  readonly jobId: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

export function badImport(day: Day): void {
  it(
    "a bad import: what was rejected has its line and why, and the rest is confirmed",
    async () => {
      const pipeline = day.pipeline();
      await pipeline.registerMerchant({ merchantId: MERCHANT, confirmationUrl: pipeline.merchant.url("/imported") });
      const { text } = await sendTo(pipeline)({
        method: "POST",
        target: "/v1/imports/uploads",
        headers: [["content-type", "application/json"]],
        body: JSON.stringify({ fileName: "noviembre.csv", reason: REASON }),
        bearer: COMPANY,
      });
      const { jobId, url, fields } = JSON.parse(text) as Upload;
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("file", new Blob([`${[HEADER, ...ROWS].join("\n")}\n`]));
      expect((await fetch(url, { method: "POST", body: form })).ok).toBe(true);

      const person = await comes(day, { subject: "raúl" }, "es");
      const { page, says } = person;
      await goThere(page, "/jobs/imports");
      await person.isForEverybody();
      await page.getByRole("row").filter({ hasText: REASON }).getByRole("link").first().click();
      await page.getByRole("heading", { name: says.jobs.kinds.imports.one, level: 1 }).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/jobs/imports/${jobId}`);
      await page.locator("#content").getByText(says.jobs.states.done, { exact: true }).first().waitFor();
      await page.getByRole("heading", { name: says.jobs.files.rejected.title }).waitFor();
      await page.getByRole("button", { name: says.jobs.files.ask }).click();
      const href = await page.getByRole("link", { name: says.jobs.files.get }).getAttribute("href");
      const rejected = (await (await fetch(href ?? "")).text()).split("\n").filter((line) => /^\D*i-/.test(line));
      expect(rejected).toEqual([
        expect.stringMatching(/i-2,.*3.*amount/),
        expect.stringMatching(/i-3,.*4.*occurredAt/),
      ]);
      await person.isForEverybody();
      for (const id of ["i-1", "i-4"]) {
        await pipeline.terminalRow(id);
        await finds(person, id);
        await page.getByRole("list", { name: says.transaction.path }).getByText(says.timeline.confirmed).waitFor();
      }
      await person.leave();
    },
    patienceMs(240_000),
  );
}
