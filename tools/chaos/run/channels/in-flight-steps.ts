/**
 * Which steps were in flight when a worker ended: their messages were out, and the row did not say so yet. Counted from
 * outside: what the services had carried out and webhooks had responded to by then, against the rows as they are read
 * consistently before the next worker gets to them. What was not recorded then may be done once more.
 */
import type { MerchantFleet } from "../../../../local/demo/fleet/split-fleet.ts";
import { waitUntil } from "../../../../local/demo/wait-until.ts";
import type { RecipientRow } from "./recipient-row.ts";
import type { BookedSend, SendBook } from "./send-book.ts";
import { channelIdOf, isVain, type SentStep, stepKey, webSteps } from "./sent-step.ts";

export interface InFlightStepsOptions {
  readonly sends: Pick<SendBook, "carriedOut" | "open">;
  readonly fleet: Pick<MerchantFleet, "ledger">;
  readonly rowsOf: (transactionIds: readonly string[]) => Promise<ReadonlyMap<string, RecipientRow>>;
  readonly isStopped: () => boolean;
}

/** Its calls end with its sockets; what is handed on is over soon. */
const CLOSING_MS = 3000;
/** Outcomes of attempts whose message is out. Of `uncertain` nobody knows, so it says nothing. */
const OUT: ReadonlySet<string> = new Set(["delivered", "accepted", "unacknowledged", "sent", "unreceipted"]);

export class InFlightSteps {
  readonly #options: InFlightStepsOptions;
  readonly #known = new Set<string>();
  readonly #allowed: SentStep[] = [];
  #endedBeforeMs = 0;

  constructor(options: InFlightStepsOptions) {
    this.#options = options;
  }

  /** One for each time that a step was in flight when a worker ended that may cost it. */
  get allowed(): readonly SentStep[] {
    return this.#allowed;
  }

  /** To be called at each end of a worker, once its process is gone. @returns how many were in flight */
  async workerEnded(isAllowed: boolean): Promise<number> {
    const { sends, fleet, rowsOf, isStopped } = this.#options;
    const endedAtMs = Date.now();
    await waitUntil(async () => sends.open === 0, { everyMs: 5, untilMs: endedAtMs + CLOSING_MS, isStopped });
    const all = [...webSteps(await fleet.ledger()), ...sends.carriedOut.map(stepOf)];
    const since = this.#endedBeforeMs;
    this.#endedBeforeMs = Date.now();
    const touched = new Set(all.filter(({ atMs }) => atMs > since).map(stepKey));
    const byKey = Map.groupBy(
      all.filter((step) => touched.has(stepKey(step))),
      stepKey,
    );
    const rows = await rowsOf([...new Set([...byKey.values()].flat().map(({ transactionId }) => transactionId))]);
    let count = 0;
    for (const steps of byKey.values()) {
      const row = rows.get(steps[0]?.transactionId ?? "");
      const left = steps.filter((step) => !this.#known.has(identityOf(step)));
      for (const step of unrecorded(row, left)) {
        count += 1;
        this.#known.add(identityOf(step));
        if (isAllowed) this.#allowed.push(step);
      }
    }
    return count;
  }
}

export function stepOf({ transactionId, version, service, carriedOutAtMs }: BookedSend): SentStep {
  return { transactionId, version, kind: service, atMs: carriedOutAtMs };
}

export function identityOf(step: SentStep): string {
  return `${stepKey(step)} ${step.atMs}`;
}

/** @param steps of one key, all that are out and were not in flight at an earlier end. @returns the newest of them */
export function unrecorded(row: RecipientRow | undefined, steps: readonly SentStep[]): readonly SentStep[] {
  const [first] = steps;
  // What was superseded, or is confirmed, is owed no more.
  if (row === undefined || first === undefined || row.version !== first.version || row.state === "CONFIRMED") return [];
  if (isVain(row.merchantId, first.kind)) return [];
  const channel = channelIdOf(row.merchantId, first.kind);
  const { done = [], current } = row.steps ?? {};
  if (done.some((one) => one.channel === channel) || (current?.channel === channel && current.isKnown)) return [];
  const recorded = row.attempts.filter((attempt) => attempt.channel === channel && OUT.has(attempt.outcome)).length;
  return steps.toSorted((one, other) => one.atMs - other.atMs).slice(recorded);
}
