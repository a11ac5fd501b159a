/**
 * How each kind of merchant in the fleet answers a delivery. Pure: the server carries out what is decided here.
 * No answer is ever finished within 0.5 to 2 × the caller's deadline, so that the fleet and the pipeline cannot disagree
 * on whether an answer came in time.
 */
import { pick, type Random } from "../seeded-random.ts";
import { HOSTILE_ANSWERS, type HostileAnswer, type HostileBehaviour } from "./hostile-behaviour.ts";

export const BEHAVIOURS = [
  "good",
  "slow",
  "failing-at-first",
  "failing-always",
  "hanging",
  "resetting",
  "gone",
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

/** Good merchants, except for how their servers treat connections. */
export const CONNECTION_BEHAVIOURS = ["closing", "slow-handshake"] as const;

export type ConnectionBehaviour = (typeof CONNECTION_BEHAVIOURS)[number];

export type AnyBehaviour = Behaviour | HostileBehaviour | ConnectionBehaviour;

/** What a merchant does with one delivery. */
export type Answer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly afterMs: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Says 200 and begins the body, then stops there: for good, or by resetting the connection. */
  | { readonly kind: "half an answer"; readonly end: "hang" | "reset" }
  | { readonly kind: "reset"; readonly afterMs: number }
  | { readonly kind: "never" }
  | HostileAnswer;

export interface AnswerInput {
  readonly behaviour: AnyBehaviour;
  /** Deliveries of the same webhook-id that came before this one. */
  readonly deliveriesBefore: number;
  /** Deadline of the caller for one attempt. */
  readonly deadlineMs: number;
  readonly random: Random;
  /** Where redirects lead that must not be followed. */
  readonly elsewhere?: readonly string[];
}

const SLOWEST_SHARE_OF_DEADLINE = 0.35;
const LATE_SHARE_OF_DEADLINE = 2.5;
/** Deliveries that a merchant which fails at first may refuse; the retry schedule of the demo allows more. */
const MOST_FAILURES_AT_FIRST = 2;
const GOOD_STATUSES = [200, 200, 200, 201, 202, 204] as const;

export function answerFor(input: AnswerInput): Answer {
  return ANSWERS[input.behaviour](input);
}

const ANSWERS: Readonly<Record<AnyBehaviour, (input: AnswerInput) => Answer>> = {
  ...HOSTILE_ANSWERS,
  good: ({ random }) => answer(pick(GOOD_STATUSES, random)),
  slow: ({ random, deadlineMs }) =>
    answer(200, Math.round(deadlineMs * SLOWEST_SHARE_OF_DEADLINE * (0.4 + 0.6 * random()))),
  "failing-at-first": ({ random, deliveriesBefore }) =>
    deliveriesBefore === 0 || (deliveriesBefore < MOST_FAILURES_AT_FIRST && random() < 0.5)
      ? failure(random)
      : answer(200),
  "failing-always": ({ random }) => failure(random),
  hanging: ({ random, deadlineMs }) =>
    pick<Answer>(
      [
        { kind: "never" },
        { kind: "half an answer", end: "hang" },
        answer(200, Math.round(deadlineMs * LATE_SHARE_OF_DEADLINE)),
      ],
      random,
    ),
  resetting: ({ random, deadlineMs }) =>
    pick<Answer>(
      [
        { kind: "reset", afterMs: 0 },
        { kind: "reset", afterMs: Math.round(deadlineMs * SLOWEST_SHARE_OF_DEADLINE * random()) },
        { kind: "half an answer", end: "reset" },
      ],
      random,
    ),
  // What is special about these two is how they treat their connections.
  closing: ({ random }) => answer(pick(GOOD_STATUSES, random)),
  "slow-handshake": ({ random }) => answer(pick(GOOD_STATUSES, random)),
  gone: () => {
    throw new Error(
      "A merchant that is gone listens to nothing, so it cannot have been called; another program has its port.",
    );
  },
};

function answer(status: number, afterMs = 0): Answer {
  return { kind: "answer", status, afterMs };
}

/** Server errors, a refusal, a busy merchant that says when to come back, and a redirect, which must not be followed. */
function failure(random: Random): Answer {
  const status = pick([500, 502, 503, 429, 302] as const, random);
  if (status === 429) return { kind: "answer", status, afterMs: 0, headers: { "retry-after": "1" } };
  if (status === 302) return { kind: "answer", status, afterMs: 0, headers: { location: "/elsewhere" } };
  return answer(status);
}
