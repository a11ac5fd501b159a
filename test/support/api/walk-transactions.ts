/**
 * A client's story with generated transactions: each is submitted, looked up, sent again, listed through pages and
 * changed, and what the answers say has to agree. @see hunt.ts for answers by themselves
 */
import fc from "fast-check";
import type { Answer, Send } from "./request-plan.ts";

const A_DAY_MS = 86_400_000;
/** Before everything else that a world has. */
const FIRST_DAY = Date.parse("2001-01-01T00:00:00Z");
const MOST_PAGES = 200;
const DAYS_APART = 1000;

export interface WalkOptions {
  readonly send: Send;
  readonly walks: number;
  readonly seed: number;
  /** Registered, with a URL. */
  readonly merchantId: string;
  readonly scopes: readonly string[];
  /** Stands in ids, so that two who walk do not meet; a letter, which also tells their days apart. */
  readonly name: string;
}

const anyId = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    "a/b",
    "a%2Fb",
    "é",
    "a b",
    "?",
    "#",
    "%",
    "+",
    "😀",
    "\u0000",
    "__proto__",
    "batch",
    "x".repeat(1000),
    ".",
    "..",
  ),
);
const amounts = fc
  .tuple(fc.nat({ max: 99_999 }), fc.nat({ max: 99 }))
  .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, "0")}`);
const one = fc.record({ id: anyId, amount: amounts, ms: fc.nat({ max: A_DAY_MS - 1 }), isChanged: fc.boolean() });

/** @returns what does not agree, with how to have it again */
export async function walkTransactions({
  send,
  walks,
  seed,
  merchantId,
  scopes,
  name,
}: WalkOptions): Promise<string | undefined> {
  let walk = 0;
  const ask = async (
    method: string,
    target: string,
    body?: object,
    headers: readonly (readonly [string, string])[] = [],
  ) =>
    send({
      method,
      target: `/v1${target}`,
      headers: [...headers, ...(body === undefined ? [] : [["content-type", "application/json"] as const])],
      body: body === undefined ? undefined : JSON.stringify(body),
      bearer: { scopes },
    });
  const property = fc.asyncProperty(
    fc.uniqueArray(one, { selector: ({ id }) => id, minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 5 }),
    async (drawn, limit) => {
      walk += 1;
      const dayMs = FIRST_DAY + (name.charCodeAt(0) * DAYS_APART + walk) * A_DAY_MS;
      const submissions = drawn.map(({ id, amount, ms, isChanged }) => ({
        isChanged,
        body: {
          transactionId: `${id}-${name}${walk}`,
          merchantId,
          outcome: "APPROVED",
          amount,
          currency: "EUR",
          occurredAt: new Date(dayMs + ms).toISOString(),
        },
      }));
      for (const { body, isChanged } of submissions) {
        const path = `/transactions/${encodeURIComponent(body.transactionId)}`;
        const first = expectStatus(await ask("POST", "/transactions", body), 201);
        const again = expectStatus(await ask("POST", "/transactions", body), 201);
        if (again.text !== first.text) throw new Error(`sent again: ${again.text}, at first ${first.text}`);
        agree(jsonOf(await ask("GET", path)), body, path);
        const location = first.headers.get("location") ?? "";
        if (location !== `/v1${path}`) throw new Error(`location ${location}, expected /v1${path}`);
        if (!isChanged) continue;
        const { transactionId: _id, ...content } = { ...body, outcome: "REJECTED" };
        const changed = expectStatus(await ask("PUT", path, content, [["if-match", '"1"']]), 200);
        expectStatus(await ask("PUT", path, content, [["if-match", '"1"']]), 200);
        expectStatus(await ask("PUT", path, { ...content, outcome: "X" }, [["if-match", '"1"']]), 412);
        if (changed.headers.get("etag") !== '"2"') throw new Error(`ETag ${changed.headers.get("etag")}, expected "2"`);
        agree(jsonOf(await ask("GET", path)), { ...body, outcome: "REJECTED", version: 2 }, path);
        const later = expectStatus(await ask("POST", "/transactions", body), 201);
        if (later.text !== first.text) throw new Error(`sent again after a change: ${later.text}`);
      }
      const listed = await listAll(ask, merchantId, dayMs, limit);
      const expected = submissions.map(({ body }) => body.transactionId).toSorted();
      if (JSON.stringify(listed.toSorted()) !== JSON.stringify(expected))
        throw new Error(
          `in pages of ${limit}: ${JSON.stringify(listed)}, expected each of ${JSON.stringify(expected)} once`,
        );
    },
  );
  const checked = await fc.check(property, { numRuns: walks, seed, endOnFailure: true });
  if (!checked.failed) return undefined;
  return `walk ${checked.numRuns} of seed ${seed}: ${String(checked.errorInstance)}`;
}

async function listAll(
  ask: (method: string, target: string) => Promise<Answer>,
  merchantId: string,
  dayMs: number,
  limit: number,
): Promise<string[]> {
  const query = new URLSearchParams({
    merchantId,
    from: new Date(dayMs).toISOString(),
    to: new Date(dayMs + A_DAY_MS).toISOString(),
    limit: String(limit),
  });
  const found: string[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, nextCursor } = jsonOf(expectStatus(await ask("GET", `/transactions?${query.toString()}`), 200)) as {
      readonly items: readonly { readonly transactionId: string }[];
      readonly nextCursor?: string;
    };
    if (items.length > limit) throw new Error(`${items.length} items in a page of ${limit}`);
    found.push(...items.map(({ transactionId }) => transactionId));
    if (nextCursor === undefined) return found;
    query.set("cursor", nextCursor);
  }
  throw new Error(`more than ${MOST_PAGES} pages`);
}

function agree(found: Readonly<Record<string, unknown>>, expected: object, path: string): void {
  for (const [name, value] of Object.entries(expected))
    if (found[name] !== value) throw new Error(`${path}: ${name} is ${String(found[name])}, expected ${String(value)}`);
}

function jsonOf({ status, text }: Answer): Readonly<Record<string, unknown>> {
  if (status !== 200) throw new Error(`${status} ${text}, expected 200`);
  return JSON.parse(text) as Record<string, unknown>;
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`${answer.status} ${answer.text}, expected ${status}`);
  return answer;
}
