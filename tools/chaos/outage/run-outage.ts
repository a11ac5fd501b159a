/**
 * `--scenario outage`: one merchant with 30 % of the traffic hangs for ten minutes, scaled to half a minute as its
 * retry schedule is, and comes back. Meanwhile few messages may be in flight and the other merchants must not feel it;
 * afterwards its backlog has to drain inside its rate limit.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { FleetMerchant } from "../../../local/demo/fleet/messages.ts";
import { readDeadLetters } from "../../../local/demo/read-dead-letters.ts";
import { PacedWriter } from "../neighbour/paced-writer.ts";
import { showExamples } from "../run/show-examples.ts";
import { chaosSettings } from "../run/settings.ts";
import { untilComplete } from "../run/until-complete.ts";
import { onStage, type Stage } from "../run/stage.ts";
import type { ScenarioOptions, ScenarioReport } from "../run/scenario.ts";
import { takeRunAccount, UNORDERED } from "../run/take-account.ts";
import { type OutageFigures, outageFigures } from "./figures.ts";

const OFFERED_PER_SECOND = 40;
const FALLEN_SHARE = 0.3;
const OTHER_MERCHANTS = 7;
const FALLEN = "fallen";
/** Twice what comes for it: the backlog drains while its traffic goes on. */
const RATE_LIMIT_PER_SECOND = 24;
const BEFORE_SECONDS = 15;
/** Ten minutes, twenty times as fast. */
const OUTAGE_SECONDS = 30;
const AFTER_SECONDS = 15;
/** The default schedule, twenty times as fast, as far as whole seconds allow. */
const SCHEDULE_SECONDS = [1, 2, 6, 30, 90];
const DELIVER_WITHIN_SECONDS = 300;
const SAMPLE_EVERY_MS = 200;
const COMPLETE_WITHIN_MS = 240_000;

const IN_FLIGHT_SECONDS_MAX = 1.2;
const OTHERS_RATIO_MIN = 0.95;
const DRAIN_TOLERANCE = 1.1;

const OTHERS: readonly FleetMerchant[] = Array.from({ length: OTHER_MERCHANTS }, (_, index) => ({
  merchantId: `other-${index + 1}`,
  behaviour: "good",
}));

export async function runOutage({
  seed,
  delivery: mode,
  transport,
  interruption,
  note,
}: ScenarioOptions): Promise<ScenarioReport> {
  return onStage(
    {
      seed,
      merchants: [...OTHERS, { merchantId: FALLEN, behaviour: "good" }],
      merchantAttributes: { [FALLEN]: { rateLimitPerSecond: { N: String(RATE_LIMIT_PER_SECOND) } } },
      settings: (ports) => ({
        ...chaosSettings({ mode, transport, merchantPorts: Object.values(ports) }),
        retry: {
          scheduleSeconds: SCHEDULE_SECONDS,
          inQueueMaxSeconds: 2,
          deliverWithinSeconds: DELIVER_WITHIN_SECONDS,
        },
        circuit: { openSeconds: 1, maxOpenSeconds: 15 },
      }),
      interruption,
      note,
    },
    async (stage) => {
      const { account, figures, findings } = await play(stage, note);
      await showExamples({ findings }, stage, note);
      const { transactions, lost, duplicates, outOfOrder } = account;
      const totals = {
        transactions,
        lost,
        duplicates,
        outOfOrder,
        offeredPerSecond: OFFERED_PER_SECOND,
        rateLimitPerSecond: RATE_LIMIT_PER_SECOND,
        ...rounded(figures),
      };
      const faults = faultsOf(totals, figures);
      return { totals, faults, isClean: faults.length === 0 };
    },
  );
}

async function play(stage: Stage, note: (line: string) => void) {
  const { client, stack, producer, isStopped, fleet, table, sqs, deadLettersUrl } = stage;
  const writer = new PacedWriter({ client, tableName: stack.transactionsTable, settings: producer, isStopped });
  const seconds = BEFORE_SECONDS + OUTAGE_SECONDS + AFTER_SECONDS;
  const fallenRate = OFFERED_PER_SECOND * FALLEN_SHARE;
  const othersRate = OFFERED_PER_SECOND - fallenRate;
  const startMs = Date.now();
  const writing = Promise.all([
    writer.write({ prefix: FALLEN, merchantIds: [FALLEN], count: fallenRate * seconds, ratePerSecond: fallenRate }),
    writer.write({
      prefix: "other",
      merchantIds: OTHERS.map(({ merchantId }) => merchantId),
      count: othersRate * seconds,
      ratePerSecond: othersRate,
    }),
  ]);
  const inFlightBefore = await sampleInFlight(stage, startMs + BEFORE_SECONDS * 1000);
  note(`Merchant ${FALLEN} hangs, with ${fallenRate}/s of ${OFFERED_PER_SECOND}/s.`);
  const fallMs = Date.now();
  await fleet.turn(FALLEN, "hanging");
  const inFlight = await sampleInFlight(stage, fallMs + OUTAGE_SECONDS * 1000);
  note(`Merchant ${FALLEN} is back.`);
  const recoveryMs = Date.now();
  await fleet.turn(FALLEN, "good");
  await writing;
  await untilComplete({ table, counters: () => stack.counters(), untilMs: Date.now() + COMPLETE_WITHIN_MS, isStopped });

  const deliveries = await fleet.ledger();
  const backlog = new Set(
    [...writer.committedAtMs]
      .filter(([id, committedAtMs]) => id.startsWith(`${FALLEN}-`) && committedAtMs < recoveryMs)
      .map(([id]) => id),
  );
  const offeredPerSecond = OFFERED_PER_SECOND;
  const seen = {
    fallenId: FALLEN,
    startMs,
    fallMs,
    recoveryMs,
    deliveries,
    inFlightBefore,
    inFlight,
    offeredPerSecond,
  };
  const report = takeRunAccount({
    written: Array.from(writer.committedAtMs.keys(), (transactionId) => ({ transactionId, versions: [1] })),
    deliveries,
    rows: await table.rows(),
    deadLetters: await readDeadLetters(sqs, deadLettersUrl),
    allowedAgain: [],
    ...UNORDERED,
  });
  return { ...report, figures: outageFigures(seen, backlog) };
}

async function sampleInFlight({ sqs, confirmationsUrl, isStopped }: Stage, untilMs: number): Promise<number[]> {
  const name = "ApproximateNumberOfMessagesNotVisible";
  const samples: number[] = [];
  while (Date.now() < untilMs && !isStopped()) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: confirmationsUrl, AttributeNames: [name] }),
    );
    samples.push(Number(Attributes?.[name] ?? 0));
    await sleep(SAMPLE_EVERY_MS);
  }
  return samples;
}

function faultsOf(
  { lost, duplicates, outOfOrder }: { readonly lost: number; readonly duplicates: number; readonly outOfOrder: number },
  { inFlightMax, inFlightSeconds, othersRatio, drainMaxPerSecondOverFive }: OutageFigures,
): readonly string[] {
  return [
    ...(lost > 0 ? [`${lost} lost, expected 0`] : []),
    ...(duplicates > 0 ? [`${duplicates} duplicates, expected 0`] : []),
    ...(outOfOrder > 0 ? [`${outOfOrder} out of order, expected 0`] : []),
    ...(inFlightSeconds >= IN_FLIGHT_SECONDS_MAX
      ? [
          `${inFlightMax} messages in flight, ${inFlightSeconds.toFixed(2)} s of the offered rate; ` +
            `expected less than ${IN_FLIGHT_SECONDS_MAX} s`,
        ]
      : []),
    ...(othersRatio < OTHERS_RATIO_MIN
      ? [`the others' rate fell to ${othersRatio.toFixed(2)} of what it was; expected at least ${OTHERS_RATIO_MIN}`]
      : []),
    ...(drainMaxPerSecondOverFive > RATE_LIMIT_PER_SECOND * DRAIN_TOLERANCE
      ? [
          `the backlog drained at ${drainMaxPerSecondOverFive.toFixed(1)}/s over five seconds; its limit ` +
            `is ${RATE_LIMIT_PER_SECOND}/s`,
        ]
      : []),
  ];
}

function rounded<Figures extends Readonly<Record<keyof Figures, number>>>(figures: Figures): Record<string, number> {
  return Object.fromEntries(
    Object.entries<number>(figures).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  );
}
