/**
 * Recipients with channels, while what calls them is killed at every step of their plans: SIGKILL of the worker, or of
 * the invocation in small-account mode. Each transaction ends accounted for, by what came out of the pipeline beside
 * what its row says: nothing is lost, and nothing comes twice but the call of a webhook that was not recorded, with the
 * same `webhook-id`. `npm test` has one kill, `npm run test:long` all of them (`channels-kills.test.ts`).
 */
import { createHmac } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { ChannelsWorld, NUMBERS, ONCE, PATIENT, SENDS } from "./channels-world.ts";
import { type Row, transactionRow } from "./pipeline.ts";
import type { Break, TappedRequest } from "./tap.ts";
import { waitFor } from "./wait-for.ts";

/** A request that concerns the transaction; `call`: its merchant is called, and has not answered yet. */
type Of = "read" | "write" | "send" | "call";

interface Moment {
  readonly name: string;
  readonly of: Of;
  /** Of its kind, from 1. */
  readonly nth: number;
  readonly at: Break["at"];
  /** Its webhook may be called again: it was called, and nobody has recorded that. */
  readonly isCalledAgain?: true;
}

interface Plan {
  readonly name: string;
  readonly moments: readonly Moment[];
  /** How its merchant answers. */
  readonly status: number;
  readonly channels: (merchantId: string) => readonly AttributeValue[];
  /** Of the merchant's row. */
  readonly more?: Row;
  readonly steps: readonly string[];
  readonly sent: { readonly calls: number; readonly mails: number; readonly texts: number };
  /** Once the program was killed. */
  readonly meanwhile?: (id: string) => Promise<void>;
}

/** One channel after the other: its webhook, and what is sent by the next one, named before it is sent. */
const TWO_STEPS: readonly Moment[] = [
  { name: "before its row is read", of: "read", nth: 1, at: "before" },
  { name: "while its webhook is called", of: "call", nth: 1, at: "before", isCalledAgain: true },
  { name: "before the end of its first step is recorded", of: "write", nth: 1, at: "before", isCalledAgain: true },
  { name: "before the message of its first step is deleted", of: "write", nth: 1, at: "after" },
  { name: "between its two steps", of: "read", nth: 2, at: "before" },
  { name: "before its second step is named", of: "write", nth: 2, at: "before" },
  { name: "before it is sent", of: "send", nth: 1, at: "before" },
  { name: "between send and record", of: "send", nth: 1, at: "after" },
  { name: "before its last message is deleted", of: "write", nth: 3, at: "after" },
];
const SECRET = Buffer.alloc(32, 9);
const acknowledgement = (withinSeconds: number) => ({ M: { withinSeconds: { N: String(withinSeconds) } } });

/** All of them, on a stack of their own. */
export function channelsKilledIn(mode: DeliveryMode): void {
  const world = new ChannelsWorld(mode);
  beforeAll(() => world.start(), patienceMs(120_000));
  afterAll(() => world.stop(), patienceMs(60_000));
  channelsUnderKills(world, () => true);
}

/** On the stack of a file, which has started. @param isWanted which moments of which plan, by their names */
export function channelsUnderKills(world: ChannelsWorld, isWanted: (plan: string, moment: string) => boolean): void {
  const killed = world.mode === "lambda" ? "an invocation that is killed" : "a worker that is killed";
  const plans: readonly Plan[] = [
    {
      name: "fallback",
      moments: TWO_STEPS,
      status: 503,
      channels: (id) => [
        world.web(id, { retryScheduleSeconds: ONCE }),
        world.mail(id, "paid", { retryScheduleSeconds: PATIENT }),
      ],
      steps: ["web failed", "mail delivered"],
      sent: { calls: 1, mails: 1, texts: 0 },
    },
    {
      name: "all",
      moments: TWO_STEPS,
      status: 200,
      channels: (id) => [world.web(id), world.phone(NUMBERS.takes, { retryScheduleSeconds: PATIENT })],
      more: { plan: { S: "all" } },
      steps: ["web delivered", "phone delivered"],
      sent: { calls: 1, mails: 0, texts: 1 },
    },
    {
      name: "fallback, and its webhook is not acknowledged",
      moments: [
        { name: "while it waits for that", of: "write", nth: 1, at: "after" },
        { name: "when its time is over", of: "read", nth: 2, at: "before" },
        { name: "before it is recorded that its time was over", of: "write", nth: 2, at: "before" },
        { name: "once it is recorded that its time was over", of: "write", nth: 2, at: "after" },
      ],
      status: 202,
      channels: (id) => [world.web(id), world.mail(id, "paid", { retryScheduleSeconds: PATIENT })],
      more: { acknowledgement: acknowledgement(1) },
      steps: ["web failed", "mail delivered"],
      sent: { calls: 1, mails: 1, texts: 0 },
    },
    {
      name: "fallback, and its webhook is acknowledged meanwhile",
      moments: [{ name: "while it waits for that", of: "write", nth: 1, at: "after" }],
      status: 202,
      channels: (id) => [world.web(id), world.mail(id, "paid", { retryScheduleSeconds: PATIENT })],
      more: { acknowledgement: acknowledgement(3600), secret: { S: `whsec_${SECRET.toString("base64")}` } },
      steps: ["web delivered"],
      sent: { calls: 1, mails: 0, texts: 0 },
      meanwhile: (id) => acknowledge(world, id),
    },
    {
      name: "fallback, and no receipt comes of its SMS",
      moments: [{ name: "while it waits for that", of: "write", nth: 2, at: "after" }],
      status: 500,
      channels: (id) => [
        world.phone(NUMBERS.silent, { receipt: acknowledgement(1), retryScheduleSeconds: ONCE }),
        world.mail(id, "paid", { retryScheduleSeconds: PATIENT }),
      ],
      steps: ["phone failed", "mail delivered"],
      sent: { calls: 0, mails: 1, texts: 1 },
    },
  ];

  const wanted = plans.flatMap((plan) => {
    const moments = plan.moments.filter(({ name }) => isWanted(plan.name, name));
    return moments.length > 0 ? [{ ...plan, moments }] : [];
  });

  describe.each(wanted)(`${killed}, of a plan $name`, (plan) => {
    const idOf = (moment: Moment) => `${plan.name.replaceAll(/\W+/g, "-")}-${plan.moments.indexOf(moment)}`;

    beforeAll(
      async () => {
        for (const moment of plan.moments) await killAt(world, plan, moment, idOf(moment));
      },
      patienceMs(60_000 + 30_000 * plan.moments.length),
    );

    it.each(plan.moments)(
      "$name: it goes on, and nothing is lost or told twice",
      async (moment) => {
        const id = idOf(moment);
        const row = await world.settled(id);
        expect({
          state: row["confirmationState"]?.S,
          steps: world.steps(row),
          passedOver: world.passedOver(row),
        }).toEqual({ state: "CONFIRMED", steps: plan.steps, passedOver: [] });
        const { calls, mails, texts } = plan.sent;
        if (mails > 0) await world.mailTo(id);
        const delivered = world.pipeline.merchant.confirmationsTo(`/${id}`);
        expect({
          calls: delivered.length,
          mails: world.mails(id).length,
          texts: (await world.texts()).filter((text) => text.startsWith(`${id}: `)).length,
        }).toEqual({ calls: moment.isCalledAgain === true ? calls + 1 : calls, mails, texts });
        expect(new Set(delivered.map(({ headers }) => headers["webhook-id"])).size).toBe(calls);
      },
      patienceMs(180_000),
    );
  });
}

async function killAt(world: ChannelsWorld, plan: Plan, moment: Moment, id: string): Promise<void> {
  const { pipeline } = world;
  const starts = pipeline.stack.worker.starts;
  let isKilled = false;
  const kill = async () => {
    await world.kill();
    isKilled = true;
  };
  pipeline.merchant.respond(`/${id}`, async (_, nth) => {
    if (moment.of === "call" && nth === moment.nth) await kill();
    return plan.status;
  });
  await world.merchant(id, plan.channels(id), plan.more);
  let seen = 0;
  if (moment.of !== "call")
    world.tap.breakNext({
      at: moment.at,
      is: (request) => is(moment.of, request, id) && ++seen === moment.nth,
      how: kill,
    });
  await pipeline.put(transactionRow(id, id));
  await waitFor(`killed ${moment.name} of ${id}`, () => (isKilled ? true : undefined), patienceMs(60_000));
  expect(pipeline.stack.worker.starts).toBeGreaterThan(starts);
  // Else the next kill might come upon its first step again, and its webhook be called once more.
  await waitFor(`the first attempt of ${id} is recorded`, async () =>
    Number((await pipeline.row(id))["attemptCount"]?.N ?? 0) > 0 ? true : undefined,
  );
  await plan.meanwhile?.(id);
}

/** Whether a request concerns the transaction, and what it does. */
function is(of: Of, { operation, body }: TappedRequest, id: string): boolean {
  if (of === "send")
    return (operation === SENDS.mail && body.includes(id)) || (operation === SENDS.sms && body.includes(`${id}: `));
  if (!body.includes(`"${id}"`)) return false;
  return of === "read" ? operation === "BatchGetItem" : operation.endsWith("ExecuteStatement");
}

/** As its merchant does, signed with its secret. */
async function acknowledge({ pipeline }: ChannelsWorld, id: string): Promise<void> {
  const data = { merchantId: id, transactionId: id, version: 1 };
  const body = JSON.stringify({ type: "webhook.acknowledgement", data });
  const webhookId = String(pipeline.merchant.to(`/${id}`)[0]?.headers["webhook-id"]);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", SECRET).update(`${webhookId}.${timestamp}.${body}`).digest("base64");
  const headers = { "webhook-id": webhookId, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
  const url = String(pipeline.stack.outputs["AcknowledgementUrl"]);
  expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
}
