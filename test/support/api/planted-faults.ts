/**
 * Handlers with a fault each, of kinds that get past a review: to see that the generator finds them. They stand around
 * an app, and are in no program.
 */
import type { Answer, Send, SentRequest } from "./request-plan.ts";

export type Plant = (send: Send) => Send;

export const PLANTED_FAULTS: Readonly<Record<string, Plant>> = {
  "a JSON.parse of a header that nobody guards": (send) => async (request) => {
    const ifMatch = headerOf(request, "if-match");
    if (ifMatch === undefined || request.method !== "PUT") return send(request);
    try {
      JSON.parse(ifMatch);
      return await send(request);
    } catch {
      return { status: 500, headers: new Headers({ "content-type": "text/plain" }), text: "Internal Server Error" };
    }
  },
  "a member of the row that the schema does not have": changing((request, answer) =>
    isRead(request) && answer.text.includes('"FAILED"')
      ? withBody(answer, (body) => ({ ...body, failedKey: "acme#0" }))
      : answer,
  ),
  "a status that the document does not list": changing((_request, answer) =>
    answer.status === 412 ? { ...answer, status: 428 + 1 } : answer.status === 409 ? withStatus(answer, 410) : answer,
  ),
  "an answer without its ETag": changing((request, answer) => {
    if (request.method !== "PUT" || answer.status !== 200) return answer;
    const headers = new Headers(answer.headers);
    headers.delete("etag");
    return { ...answer, headers };
  }),
  "a text where a number belongs, for some rows": changing((request, answer) =>
    isRead(request) && answer.status === 200
      ? withBody(answer, (body) =>
          "items" in body || !("version" in body) ? body : { ...body, version: String(body["version"]) },
        )
      : answer,
  ),
  "a member too many that is let through": (send) => async (request) => {
    const body = parsed(request.body);
    if (body === undefined || !("outcome" in body)) return send(request);
    const known = new Set([
      "transactionId",
      "merchantId",
      "outcome",
      "amount",
      "currency",
      "occurredAt",
      "confirmationUrl",
    ]);
    const kept = Object.entries(body).filter(([name]) => known.has(name));
    // What is no text may be deeper than can be written again.
    const isPlain = kept.every(([, value]) => typeof value === "string");
    if (!isPlain || kept.length === Object.keys(body).length) return send(request);
    return send({ ...request, body: JSON.stringify(Object.fromEntries(kept)) });
  },
  "a scope that is not asked for": (send) => (request) =>
    send(
      request.bearer !== null && request.method === "GET"
        ? { ...request, bearer: { ...request.bearer, scopes: ["transactions:read"] } }
        : request,
    ),
};

/** Found by who walks through the pages. */
export const REPEATING_CURSOR: Plant = (send) => {
  const lastOf = new Map<string, unknown>();
  return async (request) => {
    const answer = await send(request);
    const page = parsed(answer.text);
    if (answer.status !== 200 || page === undefined || !Array.isArray(page["items"])) return answer;
    const cursor = new URL(request.target, "http://x").searchParams.get("cursor");
    const repeated = cursor === null ? undefined : lastOf.get(cursor);
    if (typeof page["nextCursor"] === "string") lastOf.set(page["nextCursor"], page["items"].at(-1));
    if (repeated === undefined) return answer;
    return withBody(answer, (body) => ({
      ...body,
      items: [repeated, ...(body["items"] as unknown[])].slice(0, Math.max(1, (body["items"] as unknown[]).length)),
    }));
  };
};

function changing(change: (request: SentRequest, answer: Answer) => Answer): Plant {
  return (send) => async (request) => change(request, await send(request));
}

function isRead({ method, target }: SentRequest): boolean {
  return method === "GET" && target.startsWith("/v1/transactions");
}

function withStatus({ headers, text }: Answer, status: number): Answer {
  return withBody({ status, headers, text }, (body) => ({ ...body, status }));
}

function withBody(answer: Answer, change: (body: Record<string, unknown>) => Record<string, unknown>): Answer {
  const body = parsed(answer.text);
  return body === undefined ? answer : { ...answer, text: JSON.stringify(change(body)) };
}

function headerOf({ headers }: SentRequest, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as never) : undefined;
  } catch {
    return undefined;
  }
}
