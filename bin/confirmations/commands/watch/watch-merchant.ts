/** Looks through a merchant's transactions until each is over, and counts them by state meanwhile. */
import { printable } from "../../show/printable.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";
import { pairs } from "../../show/output.ts";
import type { TransactionSummary } from "../../show/transaction-text.ts";

const DAY_MS = 86_400_000;
const PAGE = 100;
const WAIT_MS = 1000;

interface Watched {
  readonly merchantId: string;
  /** @default a day ago */
  readonly from: string | undefined;
  readonly until: number;
}

type Counts = Record<TransactionSummary["state"], number>;

export async function watchMerchant(session: Session, { merchantId, from, until }: Watched): Promise<number> {
  const { around, output } = session;
  const since = from ?? new Date(around.nowMs() - DAY_MS).toISOString();
  const bar = session.progress("Over");
  try {
    for (;;) {
      const counts = await countsOf(session, merchantId, since);
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const over = counts.CONFIRMED + counts.FAILED;
      bar.set(over, total);
      if (over === total) {
        bar.stop();
        const result = {
          merchantId,
          from: since,
          transactions: total,
          confirmed: counts.CONFIRMED,
          failed: counts.FAILED,
        };
        output.show(result, () =>
          pairs({
            merchant: merchantId,
            since,
            transactions: total,
            confirmed: counts.CONFIRMED,
            failed: counts.FAILED,
          }),
        );
        return counts.FAILED > 0 ? EXIT_CODES.refused.code : EXIT_CODES.done.code;
      }
      if (around.nowMs() + WAIT_MS > until)
        throw new CommandFailure(
          "refused",
          `Of ${total} transactions of ${printable(merchantId)} ${total - over} are not over yet. ` +
            "Look again later, or watch longer.",
        );
      await around.sleep(WAIT_MS);
    }
  } finally {
    bar.stop();
  }
}

async function countsOf(session: Session, merchantId: string, from: string): Promise<Counts> {
  const counts: Counts = { PENDING: 0, SCHEDULED: 0, CONFIRMED: 0, FAILED: 0 };
  let cursor: string | undefined;
  do {
    const page = await session.ask((client) =>
      client.GET("/v1/transactions", {
        params: { query: { merchantId, from, limit: PAGE, ...(cursor !== undefined && { cursor }) } },
      }),
    );
    for (const { state } of page.items) counts[state] += 1;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return counts;
}
