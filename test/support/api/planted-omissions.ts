/**
 * Applications that forget whose a resource is, each in one place: what they answer to a narrowed token is what they
 * would if nobody had looked at its merchant there. They stand around an application, and are in no program.
 */
import type { Bearer, Send, SentRequest } from "./request-plan.ts";

interface Omission {
  readonly plant: (send: Send) => Send;
  /** How what is found of it begins. */
  readonly seenAt: RegExp;
}

export const PLANTED_OMISSIONS: Readonly<Record<string, Omission>> = {
  "a decision on the merchant that the path names, instead of the token's": omitting(
    /^getMerchant,/,
    ({ target }) => /^\/v1\/merchants\/[^/?]+/.test(target),
    ({ target }) => decodeURIComponent(/^\/v1\/merchants\/([^/?]+)/.exec(target)?.[1] ?? ""),
  ),
  "a list without its merchant filter": omitting(
    /^listTransactions,/,
    ({ method, target }) => method === "GET" && /^\/v1\/transactions(?:\?|$)/.test(target),
    () => undefined,
  ),
  "a transaction that is looked up, and not looked at again": omitting(
    /^getTransaction,/,
    ({ method, target }) => method === "GET" && /^\/v1\/transactions\/[^/?]+$/.test(target),
    () => undefined,
  ),
};

/** @param merchantOf whose token it would have been to those who forgot. Undefined: the payments company's */
function omitting(
  seenAt: RegExp,
  isThere: (request: SentRequest) => boolean,
  merchantOf: (request: SentRequest) => string | undefined,
): Omission {
  const plant =
    (send: Send): Send =>
    (request) => {
      const { bearer } = request;
      if (bearer?.merchantId === undefined || !isThere(request)) return send(request);
      const merchantId = merchantOf(request);
      const widened: Bearer = { scopes: bearer.scopes, ...(merchantId !== undefined && { merchantId }) };
      return send({ ...request, bearer: widened });
    };
  return { plant, seenAt };
}
