/** Ways to pay less for a million, as settings that anyone may give. */
import type { SettingsInput } from "../../core/settings/settings.ts";

export const PROVISIONED_SETTINGS = { capacity: { mode: "provisioned" } } as const satisfies SettingsInput;

export const LEAN_SETTINGS = {
  ...PROVISIONED_SETTINGS,
  retention: { settledDays: 14 },
  audit: { tableEveryHours: 168 },
  tracing: { share: 0.01 },
  stream: { batchingWindowSeconds: 2, lanesPerShard: 1 },
} as const satisfies SettingsInput;
