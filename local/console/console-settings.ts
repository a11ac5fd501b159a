/**
 * Settings of a stack on this machine, where no CloudFront is: the console is served here whether they have one or not,
 * as the client that they name or another, and its tokens are taken where those of some clients alone are.
 */
import { clientsTaken } from "../../core/settings/groups/api.ts";
import type { SettingsInput } from "../../core/settings/settings.ts";

export interface WithoutDistribution {
  readonly settings: SettingsInput;
  /** Of the console at the issuer. */
  readonly clientId: string;
}

const CLIENT = "console";

export function withoutDistribution({ console: given, ...settings }: SettingsInput): WithoutDistribution {
  const clientId = given?.clientId ?? CLIENT;
  if (settings.api === undefined) return { settings, clientId };
  const clientIds = clientsTaken(settings.api.clientIds ?? [], clientId);
  return { settings: { ...settings, api: { ...settings.api, clientIds } }, clientId };
}
