/**
 * `--scenario silent`: one merchant of twenty hangs, each with a twentieth of the traffic, and what that costs the
 * other nineteen: the time from commit to their 2xx, in windows in turn, without, beside it, and without again. In
 * small-account mode a hanging call holds an execution, so that this is what a merchant's share of them is for.
 */
import type { FleetMerchant } from "../../../local/demo/fleet/messages.ts";
import { readDeadLetters } from "../../../local/demo/read-dead-letters.ts";
import { PacedWriter } from "../neighbour/paced-writer.ts";
import { chaosSettings } from "../run/settings.ts";
import { showExamples } from "../run/show-examples.ts";
import { onStage, type Stage } from "../run/stage.ts";
import type { ScenarioOptions, ScenarioReport } from "../run/scenario.ts";
import { takeRunAccount, UNORDERED } from "../run/take-account.ts";
import { untilComplete } from "../run/until-complete.ts";
import { type SilentFigures, silentFigures } from "./figures.ts";

const MERCHANTS = 20;
const SILENT = "silent";
const HEALTHY: readonly FleetMerchant[] = Array.from({ length: MERCHANTS - 1 }, (_, index) => ({
  merchantId: `healthy-${index + 1}`,
  behaviour: "good",
}));
/** Of each merchant; low enough for what else runs here to be no part of the answer. */
const RATE_PER_SECOND = 0.5;
const WINDOW_SECONDS = 40;
/** As fast as the table takes them: every execution is started before anything is measured. */
const WARM_UP_TRANSACTIONS = 300;
const WINDOWS = ["A1", "B1", "A2"] as const;
/** What the silent one does not take is given up soon, so that a window ends. */
const RETRY = { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1, deliverWithinSeconds: 20 };
const COMPLETE_WITHIN_MS = 240_000;
const RATIO_MAX = 2;

export async function runSilent({
  seed,
  delivery: mode,
  transport,
  interruption,
  note,
}: ScenarioOptions): Promise<ScenarioReport> {
  return onStage(
    {
      seed,
      merchants: [...HEALTHY, { merchantId: SILENT, behaviour: "good" }],
      settings: (ports) => ({
        ...chaosSettings({ mode, transport, merchantPorts: Object.values(ports) }),
        retry: RETRY,
      }),
      interruption,
      note,
    },
    async (stage) => {
      const { account, findings, figures } = await play(stage, note);
      await showExamples({ findings }, stage, note);
      const { transactions, lost, duplicates, outOfOrder } = account;
      const totals = { transactions, lost, duplicates, outOfOrder, ...rounded(figures) };
      const faults = faultsOf(totals);
      return { totals, faults, isClean: faults.length === 0 };
    },
  );
}

async function play(stage: Stage, note: (line: string) => void) {
  const { client, stack, producer, isStopped, fleet, table, sqs, deadLettersUrl } = stage;
  const writer = new PacedWriter({ client, tableName: stack.transactionsTable, settings: producer, isStopped });
  const counters = () => stack.counters();
  const merchantIds = HEALTHY.map(({ merchantId }) => merchantId);
  await writer.write({
    prefix: "warm",
    merchantIds,
    count: WARM_UP_TRANSACTIONS,
    ratePerSecond: Number.POSITIVE_INFINITY,
  });
  await untilComplete({ table, counters, untilMs: Date.now() + COMPLETE_WITHIN_MS, isStopped });
  for (const window of WINDOWS) {
    const isSilent = window.startsWith("B");
    note(`Window ${window}: ${isSilent ? "one of twenty hangs" : "all are well"}.`);
    if (isSilent) await fleet.turn(SILENT, "hanging");
    const ratePerSecond = HEALTHY.length * RATE_PER_SECOND;
    await Promise.all([
      writer.write({ prefix: window, merchantIds, count: ratePerSecond * WINDOW_SECONDS, ratePerSecond }),
      writer.write({
        prefix: `${SILENT}-${window}`,
        merchantIds: [SILENT],
        count: RATE_PER_SECOND * WINDOW_SECONDS,
        ratePerSecond: RATE_PER_SECOND,
      }),
    ]);
    if (isSilent) await fleet.turn(SILENT, "good");
    await untilComplete({ table, counters, untilMs: Date.now() + COMPLETE_WITHIN_MS, isStopped });
  }
  const deliveries = await fleet.ledger();
  const report = takeRunAccount({
    written: Array.from(writer.committedAtMs.keys(), (transactionId) => ({ transactionId, versions: [1] })),
    deliveries,
    rows: await table.rows(),
    deadLetters: await readDeadLetters(sqs, deadLettersUrl),
    allowedAgain: [],
    ...UNORDERED,
  });
  const { committedAtMs } = writer;
  return { ...report, figures: silentFigures({ committedAtMs, deliveries, without: ["A1", "A2"], beside: ["B1"] }) };
}

function faultsOf({ lost, duplicates, outOfOrder, p99Ratio }: Readonly<Record<string, number>>): readonly string[] {
  const none = Object.entries({ lost, duplicates, "out of order": outOfOrder })
    .filter(([, count = 0]) => count > 0)
    .map(([what, count]) => `${count} ${what}, expected 0`);
  const isFelt = !((p99Ratio ?? Number.POSITIVE_INFINITY) <= RATIO_MAX);
  return isFelt
    ? [...none, `one silent merchant of ${MERCHANTS} is felt: p99 × ${p99Ratio}, expected at most × ${RATIO_MAX}`]
    : none;
}

function rounded(figures: SilentFigures): Record<string, number> {
  return Object.fromEntries(
    Object.entries<number>({ ...figures }).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  );
}
