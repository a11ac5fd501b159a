/** Lambda authorizers as the template has them. */
import { numberOf, optionalText, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";
import { functionInUri } from "./function-in-uri.ts";

export interface AuthorizerDefinition {
  readonly id: string;
  readonly type: "TOKEN" | "REQUEST";
  readonly functionArn: string;
  /** Names of headers, in lower case. */
  readonly identityHeaders: readonly string[];
  readonly keptMs: number;
}

const DEFAULT_KEPT_SECONDS = 300;
const HEADER_SOURCE = /^method\.request\.header\.([\w-]+)$/i;

export function authorizersOf(resources: readonly ResolvedResource[]): ReadonlyMap<string, AuthorizerDefinition> {
  return new Map(
    resources.map((resource) => {
      const type = textOf(resource, "Type");
      const functionArn = functionInUri(optionalText(resource, "AuthorizerUri") ?? "");
      if ((type !== "TOKEN" && type !== "REQUEST") || functionArn === undefined) throw unsupported(resource, type);
      const sources = (optionalText(resource, "IdentitySource") ?? "").split(",").filter(Boolean);
      const identityHeaders = sources.map((source) => {
        const [, header] = HEADER_SOURCE.exec(source.trim()) ?? [];
        if (header === undefined) throw unsupported(resource, source);
        return header.toLowerCase();
      });
      const keptMs = numberOf(resource, "AuthorizerResultTtlInSeconds", DEFAULT_KEPT_SECONDS) * 1000;
      return [resource.logicalId, { id: resource.logicalId, type, functionArn, identityHeaders, keptMs }] as const;
    }),
  );
}

function unsupported({ logicalId }: ResolvedResource, got: string): LocalError {
  return new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `${logicalId}: this machine knows authorizers that are functions and look at headers, got ${got}.`,
  );
}
