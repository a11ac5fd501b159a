/**
 * How the reference merchant is told to fail or be slow: by query parameters of its confirmation URL, for example
 * `…/confirmation?failRate=0.1&failStatus=503&slowRate=0.2&slowMs=2000`. All are optional; without any it behaves. Only
 * confirmations of the pipeline's own test merchants are treated so, and a few slow answers at a time
 * (`slow-slots.ts`).
 */
import { z } from "zod";
import type { Refusal } from "./response.ts";

/** API Gateway gives up after 29 s. */
const SLOWEST_MS = 20_000;

const rate = z.coerce.number("expected a share from 0 to 1").min(0).max(1).default(0);

const misbehaviourSchema = z.strictObject({
  /** Share of deliveries answered with `failStatus`. @default 0 */
  failRate: rate,
  /** @default 503 */
  failStatus: z.coerce.number().int().min(300).max(599).default(503),
  /** Share of deliveries answered only after `slowMs`. @default 0 */
  slowRate: rate,
  /** @default 1000 */
  slowMs: z.coerce.number().int().min(1).max(SLOWEST_MS).default(1000),
});

export type Misbehaviour = Readonly<z.infer<typeof misbehaviourSchema>>;

export function parseMisbehaviour(
  query: Readonly<Record<string, string | undefined>> | null,
): { misbehaviour: Misbehaviour } | { refusal: Refusal } {
  const parsed = misbehaviourSchema.safeParse(query ?? {}, { reportInput: true });
  if (parsed.success) return { misbehaviour: parsed.data };
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "query"}: ${issue.message}`);
  return {
    refusal: {
      status: 400,
      code: "BEHAVIOUR_INVALID",
      got: faults.join("; "),
      expected:
        `failRate and slowRate 0 to 1, failStatus 300 to 599, slowMs 1 to ${SLOWEST_MS}, and no other query ` +
        "parameter",
      remedy: "Correct the merchant's confirmationUrl.",
    },
  };
}

/** What to do with one delivery. @param random in [0, 1), drawn anew by each call */
export function decide(
  misbehaviour: Misbehaviour,
  random: () => number,
): { readonly waitMs: number; readonly failStatus?: number } {
  const waitMs = random() < misbehaviour.slowRate ? misbehaviour.slowMs : 0;
  return random() < misbehaviour.failRate ? { waitMs, failStatus: misbehaviour.failStatus } : { waitMs };
}
