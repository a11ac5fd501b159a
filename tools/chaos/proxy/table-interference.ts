/**
 * DynamoDB as it may answer: calls that are throttled or fail as a whole, statements of a batch that fail under an
 * HTTP 200, keys that are left unprocessed, and answers that are lost after the call was carried out. DynamoDB Local
 * does none of this.
 */
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import type { AwsCall, AwsError, Interference, Json } from "./interference.ts";

export type TableFault = "throttled" | "failing" | "resetting" | "losing answers" | "in part";

const PREFIX = "com.amazonaws.dynamodb.v20120810#";
/** What a hot partition answers. */
export const THROTTLED: AwsError = {
  status: 400,
  code: `${PREFIX}ProvisionedThroughputExceededException`,
  message: "The level of configured provisioned throughput for the table was exceeded.",
};
const THROTTLING: readonly AwsError[] = [
  THROTTLED,
  { status: 400, code: `${PREFIX}ThrottlingException`, message: "Rate of requests exceeds the allowed throughput." },
  { status: 400, code: `${PREFIX}RequestLimitExceeded`, message: "Throughput exceeds the current limit." },
];
const FAILING: readonly AwsError[] = [
  { status: 500, code: `${PREFIX}InternalServerError`, message: "The request could not be processed." },
  { status: 503, code: "ServiceUnavailableException", message: "Service unavailable." },
];
/** Errors of one statement; after the last one it may have been carried out all the same. */
const STATEMENT_ERRORS = ["ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded"] as const;
const IN_DOUBT = "InternalServerError";
const CARRIED_OUT_SHARE = 0.3;

/** @param share of entries that fail, where it is about a part of a call */
export function tableInterference(fault: TableFault, call: AwsCall, share: number, random: Random): Interference {
  return INTERFERENCES[fault](call, share, random);
}

const INTERFERENCES: Readonly<Record<TableFault, (call: AwsCall, share: number, random: Random) => Interference>> = {
  throttled: (_call, _share, random) => ({ kind: "refuse", error: pick(THROTTLING, random) }),
  failing: (_call, _share, random) => ({ kind: "refuse", error: pick(FAILING, random) }),
  resetting: () => ({ kind: "reset" }),
  "losing answers": () => ({ kind: "lose the answer" }),
  "in part": ({ operation, body }, share, random) => {
    if (operation === "BatchExecuteStatement") return statementsInPart(body, share, random);
    if (operation === "BatchGetItem") return keysLeft(body, () => random() < share);
    return { kind: "refuse", error: pick(THROTTLING, random) };
  },
};

/** Of one statement: what was sent on may have been carried out although its caller is told an error. */
type Fate = { readonly isSent: true; readonly code?: string } | { readonly isSent: false; readonly code: string };

function statementsInPart(body: Json, share: number, random: Random): Interference {
  const statements = body["Statements"] as readonly unknown[];
  const fates = statements.map((): Fate => {
    if (random() >= share) return { isSent: true };
    return random() < CARRIED_OUT_SHARE
      ? { isSent: true, code: IN_DOUBT }
      : { isSent: false, code: pick(STATEMENT_ERRORS, random) };
  });
  return inPart(body, fates);
}

function inPart(body: Json, fates: readonly Fate[]): Interference {
  const statements = body["Statements"] as readonly unknown[];
  const sent = statements.filter((_, index) => fates[index]?.isSent);
  return {
    kind: "in part",
    request: sent.length === 0 ? undefined : { ...body, Statements: sent },
    answer(carriedOut) {
      const given = [...((carriedOut["Responses"] ?? []) as readonly unknown[])];
      const Responses = fates.map(({ isSent, code }) => {
        const own = isSent ? given.shift() : undefined;
        return code === undefined ? own : { Error: { Code: code, Message: "injected" } };
      });
      return { ...carriedOut, Responses };
    },
  };
}

/** @param isRefused by place in the batch; the others are carried out */
export function statementsRefused(body: Json, isRefused: readonly boolean[]): Interference {
  const statements = body["Statements"] as readonly unknown[];
  return inPart(
    body,
    statements.map((_, index) =>
      isRefused[index] === true ? { isSent: false, code: STATEMENT_ERRORS[0] } : { isSent: true },
    ),
  );
}

interface KeysOfTable {
  readonly Keys: readonly unknown[];
}

/** @param isLeft whether a key is left unprocessed */
export function keysLeft(body: Json, isLeft: (table: string, key: unknown) => boolean): Interference {
  const tables = Object.entries(body["RequestItems"] as Readonly<Record<string, KeysOfTable>>);
  const halves = tables.map(([name, request]) => {
    const left = request.Keys.filter((key) => isLeft(name, key));
    return { name, request, left, read: request.Keys.filter((key) => !left.includes(key)) };
  });
  const RequestItems = Object.fromEntries(
    halves.filter(({ read }) => read.length > 0).map(({ name, request, read }) => [name, { ...request, Keys: read }]),
  );
  const unprocessed = Object.fromEntries(
    halves.filter(({ left }) => left.length > 0).map(({ name, request, left }) => [name, { ...request, Keys: left }]),
  );
  return {
    kind: "in part",
    request: Object.keys(RequestItems).length === 0 ? undefined : { ...body, RequestItems },
    answer: (carriedOut) => ({ Responses: {}, ...carriedOut, UnprocessedKeys: unprocessed }),
  };
}
