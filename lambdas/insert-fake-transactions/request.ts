/** What the function is asked to do: the event, checked, every fault reported together. */
import { z } from "zod";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

const RATE_MAX_PER_SECOND = 5000;
const COUNT_MAX = 1_000_000;
const MERCHANTS_MAX = 1000;

const share = (what: string) => z.number(`expected the share of ${what}, 0 to 1`).min(0).max(1);

const requestSchema = z.strictObject({
  /** Transactions inserted a second. */
  ratePerSecond: z.number().min(0.1).max(RATE_MAX_PER_SECOND),
  /** Transactions to insert. */
  count: z.int().min(1).max(COUNT_MAX),
  /** Fake merchants that the transactions are spread over, registered first. @default 10 */
  merchants: z.int().min(1).max(MERCHANTS_MAX).default(10),
  /** Share of transactions that cannot be delivered. @default 0 */
  badShare: share("bad transactions").default(0),
  /** Share of transactions that get a second version right after the first. @default 0 */
  secondVersionShare: share("transactions with a second version").default(0),
  /** Share of transactions with an ordering key, one of ten of their merchant's. @default 0 */
  orderedShare: share("transactions with an ordering key").default(0),
});

export type InsertRequest = Readonly<z.infer<typeof requestSchema>>;

/** The event cannot be used; the message lists every fault. */
export class RequestError extends PipelineError {
  override readonly name = "RequestError";
  readonly code = "INSERT_REQUEST_INVALID";
}

/** @throws RequestError that lists every fault */
export function parseRequest(event: unknown): InsertRequest {
  const parsed = requestSchema.safeParse(event, { reportInput: true });
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map(
    (issue) => `  ${issue.path.join(".") || "event"}: ${issue.message}, got ${JSON.stringify(issue.input)}`,
  );
  throw new RequestError(
    `This event cannot be used:\n${faults.join("\n")}\nExpected for example ` +
      `{"ratePerSecond":100,"count":1000,"merchants":10,"badShare":0.01}.`,
  );
}
