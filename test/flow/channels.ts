/**
 * Recipients with channels from outside, in both modes: what merchants were sent, which mails lie in the mailbox of
 * this machine, and what rows say of it. A mail is sent once, also where the response of the service is lost, or the
 * program that sends it is killed at whatever step. Queues, topics and buses are read back with plain clients.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { channelsToDestinations } from "./channels-destinations.ts";
import { channelsUnderKills } from "./channels-kills.ts";
import { ChannelsWorld, LABEL, NUMBERS, ONCE, SENDS } from "./channels-world.ts";
import { transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** Kind of the channel by its id, as campaigns count it. */
const KINDS: Readonly<Record<string, string>> = { web: "webhook", mail: "email", phone: "sms" };

export function channelsIn(mode: DeliveryMode): void {
  const world = new ChannelsWorld(mode);
  const { tap } = world;

  beforeAll(() => world.start(), patienceMs(120_000));
  afterAll(() => world.stop(), patienceMs(60_000));

  const settled = (id: string) => world.settled(id);
  const counted: string[] = [];
  /** One that is counted by its label: none of those whose program is killed, which may count once more or less. */
  async function put(id: string, merchantId: string): Promise<void> {
    counted.push(id);
    await world.pipeline.put(transactionRow(id, merchantId, { campaign: { S: LABEL } }));
  }

  describe("a recipient with channels", () => {
    it(
      "gets a mail where its webhook fails, and none where it does not",
      async () => {
        world.pipeline.merchant.respond("/fails", () => 503);
        await world.merchant("fails", [world.web("fails"), world.mail("fails")]);
        await world.merchant("works", [world.web("works"), world.mail("works")]);
        await put("fails-1", "fails");
        await put("works-1", "works");
        const row = await settled("fails-1");
        expect([row["confirmationState"]?.S, world.steps(row)]).toEqual([
          "CONFIRMED",
          ["web failed", "mail delivered"],
        ]);
        expect(world.steps(await settled("works-1"))).toEqual(["web delivered"]);
        const text = await world.mailTo("fails");
        expect(text).toMatch(/^Subject: Paid 12\.50 EUR\r?$/m);
        expect(text).toContain("Transaction fails-1: APPROVED");
        expect([world.mails("fails").length, world.mails("works")]).toEqual([1, []]);
      },
      patienceMs(180_000),
    );

    it(
      "gets an SMS where its webhook fails, and a mail where the SMS does not arrive",
      async () => {
        for (const merchantId of ["texted", "nobody"]) world.pipeline.merchant.respond(`/${merchantId}`, () => 503);
        await world.merchant("texted", [world.web("texted"), world.phone(NUMBERS.takes), world.mail("texted")]);
        const receipt = { M: { withinSeconds: { N: "600" } } };
        const phone = world.phone(NUMBERS.nobody, { receipt, retryScheduleSeconds: ONCE });
        await world.merchant("nobody", [world.web("nobody"), phone, world.mail("nobody")]);
        await put("texted-1", "texted");
        await put("nobody-1", "nobody");
        expect(world.steps(await settled("texted-1"))).toEqual(["web failed", "phone delivered"]);
        expect(world.steps(await settled("nobody-1"))).toEqual(["web failed", "phone failed", "mail delivered"]);
        expect((await world.texts()).toSorted()).toEqual(["nobody-1: 12.50 EUR", "texted-1: 12.50 EUR"]);
        expect(world.mails("texted")).toEqual([]);
      },
      patienceMs(180_000),
    );

    it(
      "is confirmed by the receipt of an SMS, where that is what its channel waits for",
      async () => {
        const receipt = { M: { withinSeconds: { N: "600" } } };
        await world.merchant("arrives", [world.phone(NUMBERS.takes, { receipt })]);
        await put("arrives-1", "arrives");
        expect(world.steps(await settled("arrives-1"))).toEqual(["phone delivered"]);
      },
      patienceMs(180_000),
    );

    it(
      "gets a mail where its webhook answered 202 and nobody acknowledged it in time",
      async () => {
        world.pipeline.merchant.respond("/later", () => 202);
        const acknowledgement = { M: { withinSeconds: { N: "2" } } };
        await world.merchant("later", [world.web("later"), world.mail("later")], { acknowledgement });
        await put("later-1", "later");
        expect(world.steps(await settled("later-1"))).toEqual(["web failed", "mail delivered"]);
        await world.mailTo("later");
        expect([world.mails("later").length, world.pipeline.merchant.to("/later").length]).toEqual([1, 1]);
      },
      patienceMs(180_000),
    );

    it(
      "of a plan of all gets what its webhook was answered by mail",
      async () => {
        await world.mailTemplate("Slip", "Pay with {{steps.web.response.slip}}", "slip");
        world.pipeline.merchant.respond("/slips", () => ({
          status: 200,
          body: '{"slip":"34191.79001 01043.510047"}',
        }));
        await world.merchant("slips", [world.web("slips"), world.mail("slips", "slip")], { plan: { S: "all" } });
        await put("slips-1", "slips");
        expect(world.steps(await settled("slips-1"))).toEqual(["web delivered", "mail delivered"]);
        expect(await world.mailTo("slips")).toContain("Pay with 34191.79001 01043.510047");
      },
      patienceMs(180_000),
    );

    it.each([
      ["the service took it and its response was lost: the receipt says so", "after"],
      ["nothing of it came to the service: it is sent again once nobody says that it was", "before"],
    ] as const)(
      "gets one mail where %s",
      async (_, at) => {
        const merchantId = `lost-${at}`;
        await world.merchant(merchantId, [world.mail(merchantId)]);
        tap.breakNext({ at, is: ({ operation }) => operation === SENDS.mail, how: () => undefined });
        await put(`${merchantId}-1`, merchantId);
        expect(world.steps(await settled(`${merchantId}-1`))).toEqual(["mail delivered"]);
        await world.mailTo(merchantId);
        expect(world.mails(merchantId)).toHaveLength(1);
      },
      patienceMs(180_000),
    );

    it(
      "that waited for a URL nobody has verified goes on once it has channels that need none",
      async () => {
        const origins = {
          M: { [new URL(world.pipeline.merchant.url("/")).origin]: { M: { state: { S: "failed" } } } },
        };
        const unverified = { confirmationUrl: { S: world.pipeline.merchant.url("/unverified") }, origins };
        await world.bare("unverified", unverified);
        await put("unverified-1", "unverified");
        await waitFor("it waits for its URL", async () =>
          (await world.pipeline.row("unverified-1"))["waitingFor"]?.S === "url unverified" ? true : undefined,
        );
        await world.merchant("unverified", [world.mail("unverified")], unverified);
        expect(world.steps(await settled("unverified-1"))).toEqual(["mail delivered"]);
        expect(world.pipeline.merchant.to("/unverified")).toEqual([]);
      },
      patienceMs(180_000),
    );

    it(
      "is counted once by its label, under the channel that confirmed it, whoever recorded that",
      async () => {
        const expected: Record<string, number> = {};
        for (const id of counted) {
          const kind = KINDS[stepsOf(await settled(id))?.done.at(-1)?.channel ?? ""] ?? "none";
          expected[kind] = (expected[kind] ?? 0) + 1;
        }
        expect(expected).toEqual({ webhook: 1, email: 7, sms: 2 });
        const delivered = await waitFor("all of it is counted", () => {
          const found = countedDelivered(join(world.pipeline.stateDirectory, "logs"));
          return sum(found) >= sum(expected) ? found : undefined;
        });
        expect(delivered).toEqual(expected);
      },
      patienceMs(180_000),
    );
  });

  channelsToDestinations(world);
  channelsUnderKills(world, (plan, moment) => plan === "fallback" && moment === "between send and record");
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);

/** By kind of channel, as the programs' logs have it for CloudWatch. */
function countedDelivered(directory: string): Readonly<Record<string, number>> {
  const delivered: Record<string, number> = {};
  for (const name of readdirSync(directory))
    for (const line of readFileSync(join(directory, name), "utf8").split("\n")) {
      if (!line.startsWith("{") || !line.includes('"CampaignDelivered"')) continue;
      const { campaign, channel, CampaignDelivered: count } = JSON.parse(line) as Counted;
      expect(campaign).toBe(LABEL);
      delivered[channel] = (delivered[channel] ?? 0) + count;
    }
  return delivered;
}

interface Counted {
  readonly campaign: string;
  readonly channel: string;
  readonly CampaignDelivered: number;
}
