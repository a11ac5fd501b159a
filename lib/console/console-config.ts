/** `/config.json`, which the console reads at start: what `console/src/config.ts` parses. */
import { SCOPES } from "../../core/access/scopes.ts";
import { scopePrefixOf } from "../../core/settings/groups/api.ts";
import type { Settings } from "../../core/settings/settings.ts";

export const CONFIG_FILE = "config.json";

export interface ServedConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience?: string;
}

const OPENID = "openid";

/** @param issuer as its tokens name it. @param clientId of the console at the issuer */
export function consoleConfig({ api }: Pick<Settings, "api">, issuer: string, clientId: string): ServedConfig {
  const prefix = scopePrefixOf(api);
  const [audience] = api.audience;
  return {
    issuer,
    clientId,
    scopes: [OPENID, ...Object.keys(SCOPES).map((scope) => prefix + scope)],
    ...(audience !== undefined && { audience }),
  };
}
