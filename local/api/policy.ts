/**
 * What a policy of an authorizer says about a call of a method: an explicit denial wins over everything, and what is
 * not allowed is denied (API Gateway Developer Guide, "API Gateway authorization flow"). `*` stands for any text and
 * `?` for one character.
 */
import { isObject } from "../assembly/template.ts";

const INVOKE = "execute-api:Invoke";

/** @returns undefined for what is no policy, which is a fault of the authorizer */
export function allows(policy: unknown, methodArn: string): boolean | undefined {
  if (!isObject(policy) || policy["Statement"] === undefined) return undefined;
  const statements = [policy["Statement"]].flat().filter(isObject);
  const about = statements.filter(
    (statement) => matchesAny(statement["Action"], INVOKE) && matchesAny(statement["Resource"], methodArn),
  );
  if (about.some(({ Effect }) => Effect === "Deny")) return false;
  return about.some(({ Effect }) => Effect === "Allow");
}

function matchesAny(patterns: unknown, text: string): boolean {
  return [patterns].flat().some((pattern) => typeof pattern === "string" && matches(pattern, text));
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "is").test(text);
}
