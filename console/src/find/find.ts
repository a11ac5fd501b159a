/**
 * What an id finds: at most one read for each kind of thing, side by side, and none that the token is not for. What is
 * not there, or not one's to see, is not found; any other refusal is told.
 */
import type { Api, Scope } from "../api/api.ts";
import { Refusal } from "../api/refusal.ts";

export interface Finding {
  readonly kind: "transaction" | "merchant";
  readonly id: string;
}

const NOT_FOUND = 404;
/** An id that is too long for one is refused as a parameter. */
const NO_ID = 400;

const READS = [
  {
    kind: "transaction",
    scope: "transactions:read",
    read: (api: Api, id: string, signal: AbortSignal) =>
      api.ask((client) =>
        client.GET("/v1/transactions/{transactionId}", { params: { path: { transactionId: id } }, signal }),
      ),
  },
  {
    kind: "merchant",
    scope: "merchants:read",
    read: (api: Api, id: string, signal: AbortSignal) =>
      api.ask((client) => client.GET("/v1/merchants/{merchantId}", { params: { path: { merchantId: id } }, signal })),
  },
] as const satisfies readonly {
  readonly kind: Finding["kind"];
  readonly scope: Scope;
  readonly read: (api: Api, id: string, signal: AbortSignal) => Promise<unknown>;
}[];

/** @param may what the token lets one do. @throws Refusal */
export async function find(
  api: Api,
  may: (scope: Scope) => boolean,
  id: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const found = await Promise.all(
    READS.filter(({ scope }) => may(scope)).map(async ({ kind, read }): Promise<Finding | undefined> => {
      try {
        await read(api, id, signal);
        return { kind, id };
      } catch (error) {
        if (error instanceof Refusal && [NOT_FOUND, NO_ID].includes(error.status)) return undefined;
        throw error;
      }
    }),
  );
  return found.filter((one) => one !== undefined);
}
