/**
 * Messages that nobody should send: not JSON, of another shape, of a newer schema, of transactions that do not exist,
 * and copies of real ones under other deduplication ids and groups. Each run of the fault sends one of each.
 */
import type { Random } from "../../../local/demo/seeded-random.ts";

export interface PoisonMessage {
  readonly body: string;
  readonly groupId: string;
  /** Id of the transaction that it puts back, should that have failed. */
  readonly reopens?: string;
}

/** What a task of today leaves to tasks of tomorrow. */
export const NEWER_SCHEMA = 99;

const DEEP = 20_000;
const LONG = 200_000;
const LONG_ID = 3000;

/** @param known transactions that were written. @param mark tells these messages from any others */
export function poisonMessages(
  known: readonly { readonly transactionId: string; readonly version: number }[],
  mark: string,
  random: Random,
): readonly PoisonMessage[] {
  const any = () => known[Math.floor(random() * known.length)] ?? { transactionId: `${mark}-none`, version: 1 };
  const message = (fields: object) =>
    ascii({ schema: 1, transactionId: `${mark}-nobody`, version: 1, release: 0, ...fields });
  const bodies = [
    `not JSON ${mark}`,
    `"${mark}"`,
    `["${mark}"]`,
    `{"mark":"${mark}"`,
    "[".repeat(DEEP) + mark,
    `${mark}${"x".repeat(LONG)}`,
    message({ schema: "one", mark }),
    message({ schema: 0, mark }),
    message({ transactionId: 7, mark }),
    message({ transactionId: "", mark }),
    message({ transactionId: mark + "i".repeat(LONG_ID) }),
    message({ version: "1", mark }),
    message({ version: 1e30, mark }),
    message({ release: -1, mark }),
    message({ release: null, mark }),
    message({}),
    message({ ...any(), release: 7 }),
    message({ ...any(), version: 7 }),
    message(any()),
    message(any()),
    message({ ...any(), deadLettered: true }),
    message({ ...any(), deadLettered: "yes", attemptCount: -1, failure: "none" }),
    message({ schema: NEWER_SCHEMA, mark }),
  ];
  return bodies.map((body, index) => {
    const reopens = reopenedBy(body);
    return { body, groupId: `${mark}-${index}`, ...(reopens !== undefined && { reopens }) };
  });
}

function reopenedBy(body: string): string | undefined {
  if (!body.includes(`"deadLettered":true`)) return undefined;
  return (JSON.parse(body) as { readonly transactionId: string }).transactionId;
}

/** Plain ASCII: the embedded queue refuses some characters that SQS takes. */
function ascii(value: object): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
