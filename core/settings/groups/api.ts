/**
 * The HTTP API: whose access tokens it takes, and its limits. Without an issuer there is no API. What a token may do
 * follows from its scopes, which the application checks for each request.
 */
import { z } from "zod";
import { settingTexts, wholeNumber } from "../setting.ts";

const ACCESS = { "operating/access.md": "access" };
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Of API Gateway, for all APIs of an account in a region (its developer guide, quotas). */
export const ACCOUNT_RATE = 10_000;
export const ACCOUNT_BURST = 5000;
/** Of Cognito, whose scopes begin with it and a slash. */
export const COGNITO_RESOURCE_SERVER = "confirmations";
/** Room above the target rate for retries and peaks. */
export const RATE_HEADROOM = 2;

const issuerUrl = z
  .string()
  .refine(isHttps, "expected the issuer's URL as its tokens name it in `iss`, with https; http on loopback alone")
  .refine(isBare, "expected an issuer's URL without query, fragment, user or password");

const listOf = (what: string) =>
  z
    .array(z.string().trim().min(1, `expected ${what}`))
    .max(20)
    .default([]);

const claimName = z
  .string()
  .trim()
  .min(1, "expected the name of a claim")
  .refine(
    (name) => !name.startsWith("custom:"),
    "expected a claim that the issuer alone decides on; `custom:` ones are attributes of a user pool, which users " +
      "may be able to change themselves. Add the claim in a pre token generation trigger",
  );

export const apiSettings = z
  .strictObject({
    issuer: issuerUrl.optional().register(settingTexts, {
      description:
        "Issuer of the access tokens that the API takes, any of OAuth 2 and OpenID Connect. Its keys are found " +
        "through its metadata (`/.well-known/…`).",
      range: "a URL with https",
      byDefault: "none: there is no API",
      see: ACCESS,
    }),
    audience: listOf("the name of an API at the issuer").register(settingTexts, {
      description: "What a token's `aud` must name, any of these. With an issuer, this or `api.clientIds` is needed.",
      range: "a list of texts",
      see: ACCESS,
    }),
    clientIds: listOf("the id of a client at the issuer").register(settingTexts, {
      description:
        "Clients whose tokens are taken, by `client_id` or `azp`. Where `api.audience` is given too, a token " +
        "must fit both.",
      range: "a list of texts",
      byDefault: "none: those of every client",
      see: ACCESS,
    }),
    scopePrefix: z
      .string()
      .min(1)
      .optional()
      .register(settingTexts, {
        description:
          "What the issuer puts before the names of scopes, such as `https://confirmations.example/`. It is removed; " +
          "a scope without it counts for nothing.",
        range: "a text",
        byDefault: "none",
        see: ACCESS,
      }),
    merchantClaim: claimName.default("merchant_id").register(settingTexts, {
      description: "Claim that narrows a token to one merchant. It must be one that the issuer alone decides on.",
      range: "the name of a claim; none that begins with `custom:`",
      see: { "operating/access.md#tokens-of-one-merchant": "tokens of one merchant" },
    }),
    cognito: z
      .boolean()
      .default(false)
      .register(settingTexts, {
        description:
          "Whether the stack brings an issuer along: a user pool of Cognito with the API's scopes and one client, " +
          "$6 a month for each client and $2.25 for 1,000 tokens. In the place of `api.issuer`.",
        see: { "operating/access.md#cognito": "Cognito" },
      }),
    waf: z
      .boolean()
      .default(false)
      .register(settingTexts, {
        description:
          "Whether a web ACL stands before the REST API: managed rules of AWS and a limit for each address, $9 a " +
          "month and $0.60 a million requests.",
        see: { "operating/access.md#web-acl": "web ACL" },
      }),
    ratePerSecond: wholeNumber(1, ACCOUNT_RATE)
      .optional()
      .register(settingTexts, {
        description: "How many requests each method of the API takes in a second before API Gateway answers 429.",
        unit: "requests a second",
        byDefault: "4000, twice `targetRatePerSecond`, and at most what all APIs of an account may take together",
        see: { "operating/access.md#limits": "limits" },
      }),
    burst: wholeNumber(1, ACCOUNT_BURST)
      .optional()
      .register(settingTexts, {
        description: "How many requests a method takes at once.",
        unit: "requests",
        byDefault: "4000, as `api.ratePerSecond`, and at most 5000",
        see: { "operating/access.md#limits": "limits" },
      }),
    reservedConcurrency: wholeNumber(0, 1000)
      .default(0)
      .register(settingTexts, {
        description:
          "Executions that `confirmations-api` has for itself and may not exceed. Reserved for it they are missing " +
          "elsewhere in the account; without a share of its own it may use up the others'.",
        unit: "executions, 0 for none of its own",
        see: { "operating/access.md#limits": "limits" },
      }),
    enqueue: z
      .enum(["stream", "direct"])
      .default("stream")
      .register(settingTexts, {
        description:
          "How a transaction that the API takes gets onto the queue. `stream`: by the table's stream, as every " +
          "other. `direct`: by the API itself, right after the write; the stream stays the guarantee. It is faster " +
          "by what the stream takes, and costs a further request of SQS.",
        see: { "operating/cost.md": "cost" },
      }),
  })
  .refine(({ issuer, cognito }) => !cognito || issuer === undefined, {
    path: ["cognito"],
    error: "expected one issuer of tokens; leave api.issuer out, or set api.cognito to false",
  })
  .refine(({ issuer, audience, clientIds }) => issuer === undefined || audience.length + clientIds.length > 0, {
    path: ["audience"],
    error:
      "expected api.audience or api.clientIds with an issuer, or tokens that it made for other systems would be taken",
  });

type GivenApi = z.infer<typeof apiSettings>;
export type ApiSettings = Omit<GivenApi, "ratePerSecond" | "burst"> & {
  readonly ratePerSecond: number;
  readonly burst: number;
};

/** Whether a stack has the API. */
export function hasApi({ api }: { readonly api: Pick<ApiSettings, "issuer" | "cognito"> }): boolean {
  return api.issuer !== undefined || api.cognito;
}

/** What comes before the names of scopes in a token. */
export function scopePrefixOf({ scopePrefix, cognito }: Pick<ApiSettings, "scopePrefix" | "cognito">): string {
  return scopePrefix ?? (cognito ? `${COGNITO_RESOURCE_SERVER}/` : "");
}

/**
 * Where some clients alone are taken, the console is one of them.
 *
 * @param consoleClientId of the console at the issuer; undefined where there is none
 * @returns none where those of every client are taken
 */
export function clientsTaken(clientIds: readonly string[], consoleClientId: string | undefined): string[] {
  return clientIds.length === 0 || consoleClientId === undefined
    ? [...clientIds]
    : [...new Set([...clientIds, consoleClientId])];
}

/** With the limits that follow from the target rate. */
export function withLimits(api: GivenApi, targetRatePerSecond: number): ApiSettings {
  const ratePerSecond = api.ratePerSecond ?? Math.min(RATE_HEADROOM * targetRatePerSecond, ACCOUNT_RATE);
  return { ...api, ratePerSecond, burst: api.burst ?? Math.min(ratePerSecond, ACCOUNT_BURST) };
}

function isHttps(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
}

function isBare(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && !/[?#]/.test(text) && url.username === "" && url.password === "";
}
