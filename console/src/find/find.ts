/**
 * What a text finds: the transaction whose id it is, and merchants whose ids begin so. One request for each kind of
 * thing, side by side, and none that the token is not for. What is not there, or not one's to see, is not found; any
 * other refusal is told.
 */
import type { Api, Scope } from "../api/api.ts";
import { Refusal } from "../api/refusal.ts";

export interface Finding {
  readonly kind: "transaction" | "merchant";
  readonly id: string;
}

export interface Found {
  readonly findings: readonly Finding[];
  /** There are more merchants whose ids begin so. */
  readonly isMore: boolean;
}

const NOT_FOUND = 404;
/** An id that is too long for one is refused as a parameter. */
const NO_ID = 400;
const MOST_MERCHANTS = 20;
const NOTHING: Found = { findings: [], isMore: false };

interface Read {
  readonly scope: Scope;
  readonly read: (api: Api, text: string, signal: AbortSignal) => Promise<Found>;
}

const READS: readonly Read[] = [
  {
    scope: "transactions:read",
    async read(api, transactionId, signal) {
      const params = { path: { transactionId } };
      await api.ask((client) => client.GET("/v1/transactions/{transactionId}", { params, signal }));
      return { findings: [{ kind: "transaction", id: transactionId }], isMore: false };
    },
  },
  {
    scope: "merchants:read",
    async read(api, prefix, signal) {
      const params = { query: { prefix, limit: MOST_MERCHANTS } };
      const page = await api.ask((client) => client.GET("/v1/merchants", { params, signal }));
      const findings = page.items.map(({ merchantId }) => ({ kind: "merchant" as const, id: merchantId }));
      return { findings, isMore: page.nextCursor !== undefined };
    },
  },
];

/** @param may what the token lets one do. @throws Refusal */
export async function find(
  api: Api,
  may: (scope: Scope) => boolean,
  text: string,
  signal: AbortSignal,
): Promise<Found> {
  const found = await Promise.all(
    READS.filter(({ scope }) => may(scope)).map(async ({ read }): Promise<Found> => {
      try {
        return await read(api, text, signal);
      } catch (error) {
        if (error instanceof Refusal && [NOT_FOUND, NO_ID].includes(error.status)) return NOTHING;
        throw error;
      }
    }),
  );
  return { findings: found.flatMap(({ findings }) => findings), isMore: found.some(({ isMore }) => isMore) };
}
