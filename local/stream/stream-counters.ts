/**
 * Counts what passes in the stream of the transactions, so that the live line needs no look at the table. A change of
 * state is told by the two images: state counts only for the version that it was written for. Which rows are parked is
 * kept by id (`parked-rows.ts`).
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { isWaitKey } from "../../core/transaction/row/index-keys.ts";
import { rowStateOf, type State } from "../../core/transaction/row/row-state.ts";
import { idOf, type ParkedAs, ParkedRows } from "./parked-rows.ts";
import type { StreamRecord } from "./stream-event.ts";

export interface StreamCounts {
  /** Versions that came in. */
  seen: number;
  confirmed: number;
  failed: number;
  /** Rows that are SCHEDULED. */
  readonly parked: number;
  /** Of those parked, the ones that wait for their merchant. */
  readonly waitingForMerchant: number;
}

export interface StreamCounter {
  readonly counts: Readonly<StreamCounts>;
  readonly observe: (records: readonly StreamRecord[]) => void;
  /** Rows of the table as they were when this process looked. */
  readonly found: (rows: readonly AttributeMap[]) => void;
  readonly lookedThrough: () => void;
}

export function countStream(): StreamCounter {
  const parkedRows = new ParkedRows();
  const counts: StreamCounts = {
    seen: 0,
    confirmed: 0,
    failed: 0,
    get parked() {
      return parkedRows.count;
    },
    get waitingForMerchant() {
      return parkedRows.forMerchant;
    },
  };
  return {
    counts,
    observe(records) {
      for (const { event } of records) {
        const { NewImage: after, OldImage: before } = event.dynamodb;
        const [was, is] = [stateOf(before), stateOf(after)];
        parkedRows.observe(idOf(after ?? before), parkedAs(after));
        if (after !== undefined && versionOf(after) !== versionOf(before)) counts.seen += 1;
        if (is === was) continue;
        if (is === "CONFIRMED") counts.confirmed += 1;
        if (is === "FAILED") counts.failed += 1;
      }
    },
    found(rows) {
      for (const row of rows) {
        const as = parkedAs(row);
        if (as !== undefined) parkedRows.find(idOf(row), as);
      }
    },
    lookedThrough: () => parkedRows.lookedThrough(),
  };
}

function parkedAs(image: AttributeMap | undefined): ParkedAs | undefined {
  if (stateOf(image) !== "SCHEDULED") return undefined;
  return isWaitKey(image?.[ATTRIBUTES.dueKey]?.S ?? "") ? "for its merchant" : "for its time";
}

/** As it stands there, whether it can be read or not. */
function versionOf(image: AttributeMap | undefined): string | undefined {
  return image?.["version"]?.N;
}

function stateOf(image: AttributeMap | undefined): State {
  return image === undefined ? "PENDING" : rowStateOf(image).state;
}
