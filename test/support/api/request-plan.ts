/** A request before it is sent: what is known only then, ids and cursors of answers, is filled in. */
import { Known, Literal, Members, type FillIn, jsonOf, treeOf, type ValueTree } from "./value-tree.ts";

/** Of a token. Null: none. */
export type Bearer = {
  readonly scopes: readonly string[];
  readonly merchantId?: string;
  readonly subject?: string;
} | null;

export interface RequestPlan {
  readonly method: string;
  /** A literal stands there as it is; all else is encoded. */
  readonly path: readonly (Literal | string | Known)[];
  readonly query: readonly (readonly [string, ValueTree])[];
  readonly headers: readonly (readonly [string, string | Known])[];
  readonly body: ValueTree | undefined;
  readonly bearer: Bearer;
  /** In the place of path and query: the page after one that was seen, with its cursor changed. */
  readonly continues?: { readonly index: number; readonly forge: ((tree: ValueTree) => ValueTree) | undefined };
}

export interface SentRequest {
  readonly method: string;
  /** As it goes over the wire, with the query. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly bearer: Bearer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export type Send = (request: SentRequest) => Promise<Answer>;

/** @param pageAt the target of a page's request without cursor, and the cursor that it was answered */
export function filledIn(
  plan: RequestPlan,
  fillIn: FillIn,
  pageAt: (index: number) => { readonly target: string; readonly cursor: string } | undefined,
): SentRequest {
  const { method, path, query, headers, body, bearer, continues } = plan;
  const texts = path.map((part) => (part instanceof Literal ? part.text : encoded(part, fillIn)));
  const pairs = query.map(([name, value]) => `${encoded(name, fillIn)}=${encoded(value, fillIn)}`);
  const page = continues === undefined ? undefined : pageAt(continues.index);
  const own = `${texts.join("")}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
  return {
    method,
    target: page === undefined ? own : continued(page, continues?.forge),
    headers: headers.map(([name, value]) => [name, value instanceof Known ? fillIn(value) : value]),
    body: body === undefined ? undefined : jsonOf(body, fillIn),
    bearer,
  };
}

function encoded(value: ValueTree, fillIn: FillIn): string {
  if (value instanceof Literal) return value.text;
  if (value instanceof Known) return encodeURIComponent(fillIn(value).toWellFormed());
  return encodeURIComponent(plainText(value).toWellFormed());
}

/** A value where only texts can stand. */
export function plainText(value: ValueTree): string {
  return typeof value === "string" ? value : jsonOf(value, String);
}

function continued(
  { target, cursor }: { readonly target: string; readonly cursor: string },
  forge: ((tree: ValueTree) => ValueTree) | undefined,
): string {
  const sent = forge === undefined ? cursor : forged(cursor, forge);
  return `${target}${target.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(sent)}`;
}

/** Whoever reads the product's code can write a cursor. */
function forged(cursor: string, change: (tree: ValueTree) => ValueTree): string {
  try {
    const inside: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const at = inside as { readonly bound: string; readonly at: unknown };
    const text = jsonOf(
      new Members([
        ["bound", at.bound],
        ["at", change(treeOf(at.at))],
      ]),
      String,
    );
    return Buffer.from(text).toString("base64url");
  } catch {
    return `${cursor}AA`;
  }
}

const SHOWN = 400;

export function describeRequest({ method, target, headers, body, bearer }: SentRequest): string {
  const who =
    bearer === null ? "no token" : `${bearer.scopes.join(" ")}${bearer.merchantId ? ` of ${bearer.merchantId}` : ""}`;
  const lines = [`${method} ${target.slice(0, SHOWN)}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return [...lines, `(${who})`, ...(body === undefined ? [] : [body.slice(0, SHOWN)])].join("\n");
}
