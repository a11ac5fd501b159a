/** The example of docs/using/channels.md: its file is taken as it stands, and each line of its table is computed. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { Channel, ChannelPlan } from "../../core/channels/channel.ts";
import { chooseChannel } from "../../core/channels/choose-channel.ts";
import { withConsents } from "../../core/channels/consents.ts";
import type { StepRecord } from "../../core/channels/steps.ts";
import { newMerchantSchema } from "../../lambdas/confirmations-api/routes/merchants/merchant-schema.ts";

const page = readFileSync("docs/using/channels.md", "utf8");
const file = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? "") as object;
const rows = [...page.matchAll(/^\| (\d.*) \|$/gm)].map(([, row = ""]) => row.split("|").map((cell) => cell.trim()));

const merchant = newMerchantSchema.parse({ merchantId: "shop", ...file });
const channels: readonly Channel[] = withConsents(merchant.channels ?? [], undefined, "tests", 0);
const plan: ChannelPlan = merchant.plan ?? "fallback";

/** @param before such as `web failed, mail open` */
function chosen(paid: string, when: string, before: string) {
  const [amount = "", currency = ""] = paid.split(" ");
  const was = before === "" ? [] : before.split(", ").map((one) => one.split(" ") as [string, string]);
  const done = was
    .filter(([, what]) => what !== "open")
    .map(([channel, what]) => ({ channel, result: what as StepRecord["result"], at: 1, attempts: 1 }));
  return chooseChannel({
    channels,
    plan,
    transaction: { amount, currency, outcome: "APPROVED" },
    steps: { version: 1, plan, revision: 1, done },
    healthOf: (id) => (was.some(([channel, what]) => channel === id && what === "open") ? "open" : "closed"),
    now: Date.parse(when),
  });
}

describe("the example of the page on channels", () => {
  it("has lines", () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
  });

  it.each(rows)("%s at %s, before %j: %s, as %s", (paid, when, before, by, why) => {
    const choice = chosen(paid, when, before);
    expect([choice.kind === "use" ? choice.channel.id : choice.kind === "wait" ? "waits" : "none", choice.why]).toEqual(
      [by, expect.stringContaining(why)],
    );
  });
});
