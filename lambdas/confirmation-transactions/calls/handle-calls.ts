/** A batch of calls that jobs ask for: each for itself, in no order. */
import type { SQSRecord } from "aws-lambda";
import type { MerchantCalls } from "../../../core/confirmation/calls/merchant-calls.ts";

/** @returns ids of the messages that come again, when their visibility ends */
export async function handleCalls(
  records: readonly SQSRecord[],
  calls: Pick<MerchantCalls, "handle">,
): Promise<readonly string[]> {
  const handled = await Promise.all(records.map(({ body }) => calls.handle(body)));
  return records.filter((_, index) => handled[index] === "later").map(({ messageId }) => messageId);
}
