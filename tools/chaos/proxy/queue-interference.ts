/**
 * SQS as it may answer: unavailable as a whole, entries of a batch that fail under an HTTP 200, handles that have
 * expired, receives that bring nothing or are refused at the in-flight limit, and answers lost after the call was
 * carried out. The embedded queue does none of it.
 */
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import type { AwsCall, AwsError, Interference, Json } from "./interference.ts";

export type QueueFault =
  | "unavailable"
  | "resetting"
  | "losing answers"
  | "in part"
  | "handles expired"
  | "full, empty"
  | "full, refusing";

const UNAVAILABLE: readonly AwsError[] = [
  { status: 503, code: "ServiceUnavailable", message: "The service is unavailable." },
  { status: 500, code: "InternalFailure", message: "The request failed because of an unknown error." },
  { status: 400, code: "com.amazonaws.sqs#RequestThrottled", message: "The request was denied due to throttling." },
];
const OVER_LIMIT: AwsError = {
  status: 400,
  code: "com.amazonaws.sqs#OverLimit",
  message: "The maximum number of in flight messages is reached.",
};
const ENTRY_ERRORS = [
  { Code: "InternalError", SenderFault: false },
  { Code: "ServiceUnavailable", SenderFault: false },
  { Code: "RequestThrottled", SenderFault: false },
] as const;
const EXPIRED = [
  { Code: "ReceiptHandleIsInvalid", SenderFault: true, Message: "The input receipt handle is invalid." },
  {
    Code: "InvalidParameterValue",
    SenderFault: true,
    Message: "Value for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
  },
] as const;
const WITH_HANDLES = new Set(["DeleteMessageBatch", "ChangeMessageVisibilityBatch"]);

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
}

/** @returns undefined where the fault has nothing to do with such a call */
export function queueInterference(
  fault: QueueFault,
  call: AwsCall,
  share: number,
  random: Random,
): Interference | undefined {
  return INTERFERENCES[fault](call, share, random);
}

type Interfere = (call: AwsCall, share: number, random: Random) => Interference | undefined;

const INTERFERENCES: Readonly<Record<QueueFault, Interfere>> = {
  unavailable: (_call, _share, random) => ({ kind: "refuse", error: pick(UNAVAILABLE, random) }),
  resetting: () => ({ kind: "reset" }),
  "losing answers": () => ({ kind: "lose the answer" }),
  "in part": ({ body }, share, random) =>
    Array.isArray(body["Entries"]) ? failing(body, () => random() < share, ENTRY_ERRORS, random) : undefined,
  "handles expired": ({ operation, body }, share, random) =>
    WITH_HANDLES.has(operation) ? failing(body, () => random() < share, EXPIRED, random) : undefined,
  // A long poll that finds nothing takes its time.
  "full, empty": ({ operation, body }) =>
    operation === "ReceiveMessage"
      ? {
          kind: "in part",
          request: undefined,
          answer: () => ({}),
          afterMs: Number(body["WaitTimeSeconds"] ?? 0) * 1000,
        }
      : undefined,
  "full, refusing": ({ operation }) =>
    operation === "ReceiveMessage" ? { kind: "refuse", error: OVER_LIMIT } : undefined,
};

/** AWS refuses the handle of a FIFO message whose visibility has run out. */
export function expiredHandles(
  call: AwsCall,
  isExpired: (handle: string) => boolean,
  random: Random,
): Interference | undefined {
  if (!WITH_HANDLES.has(call.operation)) return undefined;
  const isAny = (call.body["Entries"] as readonly Entry[]).some(({ ReceiptHandle = "" }) => isExpired(ReceiptHandle));
  if (!isAny) return undefined;
  return failing(call.body, ({ ReceiptHandle = "" }) => isExpired(ReceiptHandle), EXPIRED, random);
}

function failing(
  body: Json,
  fails: (entry: Entry) => boolean,
  errors: readonly { readonly Code: string; readonly SenderFault: boolean }[],
  random: Random,
): Interference {
  const entries = body["Entries"] as readonly Entry[];
  const failed = entries.filter(fails);
  const sent = entries.filter((entry) => !failed.includes(entry));
  return {
    kind: "in part",
    request: sent.length === 0 ? undefined : { ...body, Entries: sent },
    answer: (carriedOut) => ({
      Successful: [],
      ...carriedOut,
      Failed: [
        ...((carriedOut["Failed"] ?? []) as readonly unknown[]),
        ...failed.map(({ Id }) => ({ Message: "injected", ...pick(errors, random), Id })),
      ],
    }),
  };
}
