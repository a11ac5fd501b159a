/** What answers told: ids by the name of their member, ETags, and pages that go on. The newest replace the oldest. */
import type { Known } from "./value-tree.ts";
import type { Answer, SentRequest } from "./request-plan.ts";

const MOST_KEPT = 64;

export class KnownThings {
  readonly #pools: Map<string, string[]>;
  readonly #pages: { target: string; cursor: string }[] = [];
  readonly #next = new Map<string, number>();

  /** @param seeds names, and what is there from the beginning */
  constructor(seeds: Readonly<Record<string, readonly string[]>>) {
    this.#pools = new Map(Object.entries(seeds).map(([name, values]) => [name, [...values]]));
  }

  readonly fillIn = ({ name, index }: Known): string => {
    const pool = this.#pools.get(name) ?? [];
    return pool[index % pool.length] ?? "unknown";
  };

  readonly pageAt = (index: number): { readonly target: string; readonly cursor: string } | undefined =>
    this.#pages[index % this.#pages.length];

  learn(request: SentRequest, { status, headers, text }: Answer): void {
    if (status >= 300) return;
    const etag = headers.get("etag");
    if (etag !== null) this.#keep("if-match", etag);
    if (text === "" || headers.get("content-type") !== "application/json") return;
    const body: unknown = JSON.parse(text);
    this.#learnFrom(body);
    const { nextCursor } = (body ?? {}) as { readonly nextCursor?: unknown };
    if (typeof nextCursor !== "string") return;
    const url = new URL(request.target, "http://x");
    url.searchParams.delete("cursor");
    this.#pages.push({ target: `${url.pathname}${url.search}`, cursor: nextCursor });
    if (this.#pages.length > MOST_KEPT) this.#pages.shift();
    this.#keep("cursor", nextCursor);
  }

  #learnFrom(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === "string" && this.#pools.has(name)) this.#keep(name, member);
      else this.#learnFrom(member);
    }
  }

  /** Half of the places are for what was there first. */
  #keep(name: string, value: string): void {
    const pool = this.#pools.get(name);
    if (pool === undefined || pool.includes(value)) return;
    if (pool.length < MOST_KEPT) {
      pool.push(value);
      return;
    }
    const next = this.#next.get(name) ?? 0;
    pool[MOST_KEPT / 2 + (next % (MOST_KEPT / 2))] = value;
    this.#next.set(name, next + 1);
  }
}
