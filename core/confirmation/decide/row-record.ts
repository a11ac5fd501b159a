/**
 * What is recorded on a row, as data: `apply/statement-of.ts` writes it as a statement. A record that its row refuses
 * is an input of the next decision.
 */
import type { Progress } from "../../aws/statements/progress.ts";
import type { Steps } from "../../channels/steps.ts";
import type { Accepted } from "../../transaction/accepted.ts";
import type { ConfirmedBy } from "../../transaction/row/confirmed-by.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Failure } from "../../transaction/failure.ts";
import type { Redelivery, RedeliveryResult } from "../../transaction/row/redelivery.ts";
import type { ToldStep } from "../../transaction/row/told-step.ts";
import type { RowState } from "../../transaction/row/row-state.ts";

/** A 2xx: what it was for, with the attempts that led there. */
export interface Delivery {
  readonly progress: Progress;
  readonly delivered: Accepted;
}

export type DeliveryRecord =
  | ({ readonly kind: "confirmed" } & Delivery)
  /** Beside what another system confirmed. */
  | ({ readonly kind: "confirmed too" } & Delivery)
  /** @param row as it was read again: it says the same in other words */
  | ({ readonly kind: "confirmed as seen"; readonly row: AttributeMap } & Delivery)
  | ({
      readonly kind: "content changed";
      readonly row: AttributeMap;
      readonly accepted: Accepted;
      readonly failure: Failure;
      /** At which its dead letter is accepted when it is put back. */
      readonly release: number;
    } & Delivery);

export type WaitRecord =
  | { readonly kind: "attempted"; readonly progress: Progress; readonly delaySeconds: number }
  | {
      readonly kind: "parked";
      readonly progress: Progress;
      readonly dueKey: string;
      readonly dueAt: number;
      readonly waitingFor: string | undefined;
    }
  | {
      readonly kind: "stays";
      readonly progress: Progress;
      readonly nextTryAt: number;
      readonly dueKey: string;
      readonly dueAt: number;
      readonly waitingFor: string | undefined;
    };

export type FailedRecord = { readonly kind: "failed"; readonly failure: Failure; readonly state: RowState };
/** As little as a full row takes, in the place of the whole record. */
export type BarelyRecord = {
  readonly kind: "barely";
  readonly state: "CONFIRMED" | "FAILED";
  readonly instead: DeliveryRecord | FailedRecord | ShadowRecord;
};
/** That another system confirms it. @member content what the row said when it was read */
export type ShadowRecord = {
  readonly kind: "shadowed";
  readonly confirmedBy: ConfirmedBy;
  readonly content: Accepted;
};
/** What came of sending a confirmed row again, and nothing else of the row. */
export type RedeliveryRecord = {
  readonly kind: "redelivered";
  /** As the row had it. */
  readonly redelivery: Redelivery;
  /** Without a time: when it is recorded. */
  readonly ended: RedeliveryResult;
  /** In as little room as a full row has. */
  readonly isBare: boolean;
};
export type RowRecord =
  | RedeliveryRecord
  | DeliveryRecord
  | WaitRecord
  | FailedRecord
  | BarelyRecord
  | ShadowRecord
  | { readonly kind: "reopened"; readonly dueKey: string; readonly steps?: Steps | undefined }
  /** Before it is sent: what its steps say then. */
  | { readonly kind: "intended"; readonly progress: Progress }
  /** A step that was done, on a row that somebody wrote to meanwhile. @member row as it was read again */
  | { readonly kind: "noted"; readonly row: AttributeMap; readonly told: ToldStep }
  | { readonly kind: "pinned"; readonly accepted: Accepted }
  | { readonly kind: "quarantined"; readonly row: AttributeMap; readonly failure: Failure };
