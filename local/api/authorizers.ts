/**
 * Lambda authorizers of the template, as API Gateway uses them: without the identity that they ask for nobody is asked;
 * what they say is kept for their time to live under that identity, for all methods; and their policy is looked at for
 * each call (API Gateway Developer Guide, "Use API Gateway Lambda authorizers").
 */
import { createHash } from "node:crypto";
import { isObject } from "../assembly/template.ts";
import type { AuthorizerDefinition } from "./authorizer-definition.ts";
import { allows } from "./policy.ts";
import { headerPairs, type HttpRequest } from "./proxy-event.ts";

const REFUSALS = ["UNAUTHORIZED", "ACCESS_DENIED", "AUTHORIZER_FAILURE", "AUTHORIZER_CONFIGURATION_ERROR"] as const;
type RefusalType = (typeof REFUSALS)[number];

/** What comes of asking: texts for the function behind the route, or which response of API Gateway's own. */
export type Authorized =
  | { readonly kind: "allowed"; readonly context: Readonly<Record<string, string>> }
  | {
      readonly kind: "refused";
      readonly type: RefusalType;
      readonly context: Readonly<Record<string, string>>;
    };

interface Kept {
  readonly untilMs: number;
  readonly policy: unknown;
  readonly context: Readonly<Record<string, string>>;
}

export interface AuthorizersOptions {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly nowMs: () => number;
}

/** Results that are kept at most: whoever sends made-up tokens must not fill the memory. */
const MOST_KEPT = 10_000;
const UNAUTHORIZED = /(?:^|: )Unauthorized$/;

export class Authorizers {
  readonly #options: AuthorizersOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: AuthorizersOptions) {
    this.#options = options;
  }

  /** @param event of the request, as a function behind the route would get it */
  async ask(
    authorizer: AuthorizerDefinition,
    request: Pick<HttpRequest, "rawHeaders">,
    event: object,
    methodArn: string,
  ): Promise<Authorized> {
    const identity = authorizer.identityHeaders.map((name) => valuesOf(request.rawHeaders, name));
    if (identity.some((values) => values.join("") === "")) return refused("UNAUTHORIZED");
    const key = createHash("sha256")
      .update(JSON.stringify([authorizer.id, identity]))
      .digest("base64");
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#options.nowMs() < kept.untilMs) return judged(kept, methodArn);
    const asked =
      authorizer.type === "TOKEN"
        ? { type: "TOKEN", methodArn, authorizationToken: identity[0]?.at(-1) }
        : { type: "REQUEST", methodArn, ...event };
    let result: unknown;
    try {
      result = await this.#options.invoke(authorizer.functionArn, asked);
    } catch (error) {
      return refused(UNAUTHORIZED.test((error as Error).message) ? "UNAUTHORIZED" : "AUTHORIZER_FAILURE");
    }
    const said = resultOf(result, this.#options.nowMs() + authorizer.keptMs);
    if (said === undefined) return refused("AUTHORIZER_CONFIGURATION_ERROR");
    if (authorizer.keptMs > 0) this.#keep(key, said);
    return judged(said, methodArn);
  }

  #keep(key: string, said: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, said);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** @returns undefined for what API Gateway would not take: no principal, or a context of other than plain values */
function resultOf(result: unknown, untilMs: number): Kept | undefined {
  if (!isObject(result)) return undefined;
  const { principalId, policyDocument: policy, context = {} } = result;
  if (typeof principalId !== "string" || principalId === "" || !isObject(context)) return undefined;
  const entries = Object.entries(context);
  if (entries.some(([, value]) => !["string", "number", "boolean"].includes(typeof value))) return undefined;
  const texts = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  return { untilMs, policy, context: { ...texts, principalId } };
}

function judged({ policy, context }: Kept, methodArn: string): Authorized {
  const allowed = allows(policy, methodArn);
  if (allowed === undefined) return refused("AUTHORIZER_CONFIGURATION_ERROR");
  return allowed ? { kind: "allowed", context } : { kind: "refused", type: "ACCESS_DENIED", context };
}

function refused(type: RefusalType): Authorized {
  return { kind: "refused", type, context: {} };
}

function valuesOf(rawHeaders: readonly string[], wanted: string): string[] {
  return headerPairs(rawHeaders).flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
}
