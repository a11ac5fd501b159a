/**
 * `release-due`: looks every few seconds for what is due by time and for what merchants can take again, claims it and sends it. Which
 * merchant gets how much is `grantMerchants`, what becomes of a row is `planFor`: the function's own code. Pending rows past their lease
 * are left out: nothing of a simulated queue is ever lost, so their messages are still in it.
 */
import type { AttributeMap } from "../../../core/attribute-value.ts";
import { dueKeys } from "../../../core/due-index.ts";
import type { Settings } from "../../../core/settings.ts";
import { inTurn } from "../../../lambdas/release-due/in-turn.ts";
import { grantMerchants, type MerchantReleaseParts } from "../../../lambdas/release-due/merchants.ts";
import { planFor } from "../../../lambdas/release-due/plan.ts";
import type { GatesInMemory } from "../aws/gates.ts";
import type { SimulatedQueue } from "../aws/message-queue.ts";
import { ROUND_TRIP_MS } from "../aws/quotas.ts";
import { INDEX_WRITES, type SimulatedTable } from "../aws/table.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Merchant } from "./merchant.ts";
import type { Parking } from "./parking.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface ReleaseParts {
  readonly time: VirtualTime;
  readonly settings: Settings;
  readonly sample: number;
  readonly gates: GatesInMemory;
  readonly parking: Parking;
  readonly queue: SimulatedQueue;
  readonly table: SimulatedTable;
  readonly merchants: readonly Merchant[];
}

/** Real rows that one look takes from a shard, and that are claimed together (`lambdas/release-due/release.ts`, `send-due.ts`). */
const ROWS = { aShard: 500, together: 100 } as const;
/** Looks that one run makes; the next one begins anew. */
const LOOKS_A_RUN = 12;

export class SimulatedRelease {
  readonly #parts: ReleaseParts;
  #looks = 0;
  released = 0;
  queries = 0;

  constructor(parts: ReleaseParts) {
    this.#parts = parts;
  }

  /** Goes on for as long as the run does. */
  async run(isOver: () => boolean): Promise<void> {
    const { time, settings } = this.#parts;
    while (!isOver()) {
      await this.#look();
      await time.pause(settings.release.everySeconds * 1000);
    }
  }

  async #look(): Promise<void> {
    const { time, settings, sample, parking } = this.#parts;
    const now = time.now();
    const isFirst = this.#looks % LOOKS_A_RUN === 0;
    this.#looks += 1;
    const { parked, pending, ordered } = dueKeys(settings.dueShards);
    this.queries += parked.length + pending.length + ordered.length;
    const due = parked.map((key) => parking.dueIds(key, now, Math.ceil(ROWS.aShard / sample)));
    const granted = new Set(await grantMerchants(this.#merchantParts(), now, isFirst));
    const ids = inTurn([[...granted], due.flat()]);
    const together = Math.max(1, Math.round(ROWS.together / sample));
    for (let start = 0; start < ids.length; start += together) {
      await time.pause((ROUND_TRIP_MS.claimAndSend * together * sample) / ROWS.together);
      const some = [...new Set(ids.slice(start, start + together))].map((id) => parking.get(id));
      const planned = some.filter((one) => one !== undefined && this.#isReleased(one, granted.has(one.id), now));
      await time.all(planned.map((one) => () => this.#release(one as Confirmation)));
    }
  }

  #isReleased(confirmation: Confirmation, isGranted: boolean, now: number): boolean {
    const { settings, queue } = this.#parts;
    const plan = planFor(rowOf(confirmation), {
      now,
      leaseMs: settings.release.leaseSeconds * 1000,
      goneBefore: Math.min(now, queue.oldestSentAt),
      goneBeforeOrdered: now,
      dueShards: settings.dueShards,
      maxUnheard: settings.release.maxUnheard,
      isGranted,
    });
    return plan.kind === "release";
  }

  async #release(confirmation: Confirmation): Promise<void> {
    const { table, parking, queue, sample } = this.#parts;
    await table.write(INDEX_WRITES.move, confirmation.merchant);
    parking.leave(confirmation);
    confirmation.release += 1;
    this.released += sample;
    queue.send(confirmation);
  }

  #merchantParts(): MerchantReleaseParts {
    const { settings, sample, gates, parking, merchants } = this.#parts;
    const rows = new Map(merchants.map(({ id, row }) => [id, row]));
    return {
      gates,
      waitingGates: () => gates.waitingGates(),
      merchants: {
        read: async (ids) => ({
          rows: new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) as AttributeMap] as const] : []))),
          unread: new Set<string>(),
        }),
      },
      dueIds: async (dueKey, dueUntil, limit) => {
        this.queries += 1;
        return parking.dueIds(dueKey, dueUntil, limit);
      },
      merchantShards: settings.merchantShards,
      maxReleaseRate: settings.release.ratePerSecond / sample,
      maxOpenMs: settings.circuit.maxOpenSeconds * 1000,
      everyMs: settings.release.everySeconds * 1000,
      warn: () => {},
    };
  }
}

function rowOf({ id, merchant, release, attemptCount, giveUpAt, parked }: Confirmation): AttributeMap {
  return {
    transactionId: { S: id },
    version: { N: "1" },
    merchantId: { S: merchant.id },
    confirmationState: { S: "SCHEDULED" },
    stateVersion: { N: "1" },
    releaseNumber: { N: String(release) },
    attemptCount: { N: String(attemptCount) },
    giveUpAt: { N: String(giveUpAt) },
    ...(parked !== undefined && { dueKey: { S: parked.dueKey }, dueAt: { N: String(parked.dueAt) } }),
  };
}
