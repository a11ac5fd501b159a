/**
 * Counts what passes in the stream of the transactions, so that the live line needs no look at the table. A change of
 * state is told by the two images: state counts only for the version that it was written for.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { isWaitKey } from "../../core/transaction/row/index-keys.ts";
import { rowStateOf, type State } from "../../core/transaction/row/row-state.ts";
import type { StreamRecord } from "./stream-event.ts";

export interface StreamCounts {
  /** Versions that came in. */
  seen: number;
  confirmed: number;
  failed: number;
  /** Went to SCHEDULED minus left it. */
  parked: number;
  /** Of those parked, the ones that wait for their merchant. */
  waitingForMerchant: number;
}

export type Parked = Pick<StreamCounts, "parked" | "waitingForMerchant">;

export interface StreamCounter {
  readonly counts: Readonly<StreamCounts>;
  readonly observe: (records: readonly StreamRecord[]) => void;
  /** Rows that were parked before this process looked. */
  readonly addParked: (rows: Parked) => void;
}

export function countStream(): StreamCounter {
  const counts: StreamCounts = { seen: 0, confirmed: 0, failed: 0, parked: 0, waitingForMerchant: 0 };
  return {
    counts,
    observe(records) {
      for (const { event } of records) {
        const { NewImage: after, OldImage: before } = event.dynamodb;
        const [was, is] = [stateOf(before), stateOf(after)];
        counts.waitingForMerchant += Number(waitsForMerchant(after)) - Number(waitsForMerchant(before));
        if (after !== undefined && versionOf(after) !== versionOf(before)) counts.seen += 1;
        if (is === was) continue;
        if (is === "CONFIRMED") counts.confirmed += 1;
        if (is === "FAILED") counts.failed += 1;
        if (is === "SCHEDULED") counts.parked += 1;
        if (was === "SCHEDULED") counts.parked -= 1;
      }
    },
    addParked({ parked, waitingForMerchant }) {
      counts.parked += parked;
      counts.waitingForMerchant += waitingForMerchant;
    },
  };
}

export function waitsForMerchant(image: AttributeMap | undefined): boolean {
  return stateOf(image) === "SCHEDULED" && isWaitKey(image?.[ATTRIBUTES.dueKey]?.S ?? "");
}

/** As it stands there, whether it can be read or not. */
function versionOf(image: AttributeMap | undefined): string | undefined {
  return image?.["version"]?.N;
}

function stateOf(image: AttributeMap | undefined): State {
  return image === undefined ? "PENDING" : rowStateOf(image).state;
}
