/**
 * A file of transactions as the demo imports it: rows of all merchants, one in a hundred bad, each of those in one of
 * the ways in which real files are.
 */
import { merchantFor } from "../merchants.ts";
import { seededRandom } from "../seeded-random.ts";

export const HEADER = "transactionId;merchantId;outcome;amount;currency;occurredAt;payload\r\n";

export interface PlannedRow {
  readonly transactionId: string;
  /** With its line end. */
  readonly line: string;
  readonly isBad: boolean;
}

const ONE_BAD_IN = 100;
const HIGHEST_AMOUNT_CENTS = 100_000;
const OCCURRED_AT = "2026-11-22T10:00:00Z";

interface Cells {
  readonly id: string;
  readonly merchantId: string;
  readonly amount: string;
  readonly payload: string;
}

const GOOD = ({ id, merchantId, amount, payload }: Cells) =>
  `${id};${merchantId};APPROVED;${amount};EUR;${OCCURRED_AT};${payload}`;

/** Of which none is ever accepted. */
const BAD: readonly ((cells: Cells) => string)[] = [
  (cells) => GOOD({ ...cells, amount: cells.amount.replace(".", ",") }),
  (cells) => GOOD({ ...cells, merchantId: "nobody" }),
  (cells) => GOOD({ ...cells, merchantId: 'a "quote' }),
  (cells) => `${GOOD(cells)};one;too;many`,
  (cells) => GOOD(cells).replace("EUR", "EURO"),
  (cells) => GOOD({ ...cells, payload: "no JSON" }),
];

export function* plannedRows(count: number, seed: number): Generator<PlannedRow> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index += 1) {
    const id = `import-${seed}-${index + 1}`;
    const { merchantId } = merchantFor(random(), random());
    const cents = 1 + Math.floor(random() * HIGHEST_AMOUNT_CENTS);
    // Quotes, separators and line ends within a cell, as real files have them.
    const payload = `"{""reference"":""A;${index}"",\n""note"":""+34600111222""}"`;
    const cells = { id, merchantId, amount: (cents / 100).toFixed(2), payload };
    const isBad = index % ONE_BAD_IN === 1;
    const row = isBad ? (BAD[Math.floor(index / ONE_BAD_IN) % BAD.length] as (typeof BAD)[number]) : GOOD;
    yield { transactionId: id, line: `${row(cells)}\r\n`, isBad };
  }
}
