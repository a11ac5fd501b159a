/**
 * Settings of a stack on this machine with an issuer of its own, unless they name another one. What stands for a
 * service of AWS that is not here, a user pool or a web ACL, is left out.
 */
import type { SettingsInput } from "../core/settings/settings.ts";
import { mergeSettings } from "./merge-settings.ts";

/** What tokens of the own issuer are for, unless the settings say otherwise. */
export const LOCAL_AUDIENCE = "confirmations";

/** Whether the stack runs an issuer of its own. */
export function needsIssuer({ api }: SettingsInput): boolean {
  return api?.issuer === undefined;
}

export function withIssuer(settings: SettingsInput, issuer: string): SettingsInput {
  const { audience = [] } = settings.api ?? {};
  return mergeSettings(settings, {
    api: { issuer, cognito: false, waf: false, audience: audience.length > 0 ? audience : [LOCAL_AUDIENCE] },
  });
}
