/**
 * From changes of a merchant's health row to events: one for each thing that is another than it was. Several changes in
 * a row count as one, from the first image to the last, so that a circuit that opens and closes within them says
 * nothing.
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { merchantIdOfHealth, parseMerchantHealth } from "../merchant/merchant-health.ts";
import { whyReserved } from "../merchant/reserved-ids.ts";
import { MERCHANT_EVENTS, type MerchantEventType, type MerchantState } from "./event-types.ts";
import type { RowChange } from "./transaction-events.ts";

export interface MerchantStep {
  readonly type: MerchantEventType;
  readonly state: MerchantState;
}

/**
 * Attributes of items of the table that are no health rows: tokens of rate limits, shares of executions, leases of
 * `release-due`, its signs of life and its journal, the way out, what SMS cost. Some change many times a minute for as
 * long as the stack is there.
 */
export const OTHER_ITEMS = {
  rateSlot: "N",
  version: "N",
  leaseUntil: "N",
  signAt: "N",
  claims: "S",
  triedAt: "N",
  faultyUntil: "N",
  spentMicros: "N",
} as const;

export function merchantSteps({ oldImage, newImage }: RowChange): MerchantStep[] {
  const row = newImage ?? oldImage;
  if (row === undefined || !isHealthRow(row)) return [];
  const merchantId = merchantIdOfHealth(row);
  const before = merchantState(merchantId, oldImage);
  const state = merchantState(merchantId, newImage);
  const { failing, recovered, paused, resumed, backlog, backlogCleared, disabled, enabled } = MERCHANT_EVENTS;
  const types: MerchantEventType[] = [];
  if (before.failing !== state.failing) types.push(state.failing ? failing : recovered);
  if (before.disabledUrls !== state.disabledUrls)
    types.push(state.disabledUrls > before.disabledUrls ? disabled : enabled);
  if (before.paused !== state.paused) types.push(state.paused ? paused : resumed);
  if (before.backlog !== state.backlog) types.push(state.backlog ? backlog : backlogCleared);
  return types.map((type) => ({ type, state }));
}

/** Everyone's row is no merchant's, nor is that of a channel; and the canary's merchant is nobody's. */
function isHealthRow(row: AttributeMap): boolean {
  const isOther = Object.keys(OTHER_ITEMS).some((name) => row[name] !== undefined);
  return whyReserved(merchantIdOfHealth(row)) === undefined && !isOther;
}

function merchantState(merchantId: string, row: AttributeMap | undefined): MerchantState {
  const { circuitOpenUntil, pausedAt, disabledUrls } = parseMerchantHealth(row ?? {});
  return {
    merchantId,
    failing: circuitOpenUntil !== undefined,
    paused: pausedAt !== undefined,
    disabledUrls: disabledUrls.length,
    backlog: row?.["waitingKey"] !== undefined,
  };
}
