/**
 * The variables of a function together may have 4 KB (Lambda Developer Guide, "Lambda quotas"). What the settings list
 * may be more: it is refused before anything is deployed, as CloudFormation would only say so half-way through.
 */
import { SettingsError } from "../../core/settings/settings.ts";

export const MOST_ENVIRONMENT_BYTES = 4096;
/** What a name has that only a deployment knows: a URL of a queue, a name of a table, rarely an ARN of a secret. */
const UNKNOWN_BYTES = 80;
/** What the API is told of the stack is known when all of it is made; kept free for it, and for names of alarms. */
export const LIVE_PLACE_BYTES = 720;
const MADE_LAST: Readonly<Record<string, number>> = { LIVE_PLACE: LIVE_PLACE_BYTES, LIVE_ALARMS: 200 };
const UNKNOWN = /\$\{Token\[[^\]]*\]\}/g;
const MOST_NAMED = 3;
const LISTED = /_ARNS$|^SMS_COUNTRIES$|^CAMPAIGNS$/;

/** @throws SettingsError that says how large it is, of what, and what to do */
export function checkEnvironmentSize(service: string, environment: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(environment)
    .map(([name, value]) => ({ name, bytes: name.length + (MADE_LAST[name] ?? bytesOf(value)) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  const bytes = sizes.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= MOST_ENVIRONMENT_BYTES) return;
  const largest = sizes.slice(0, MOST_NAMED).map((one) => `${one.name} ${one.bytes}`);
  const isListed = sizes.slice(0, MOST_NAMED).some(({ name }) => LISTED.test(name));
  throw new SettingsError(
    `The environment of ${service} would have about ${bytes} bytes, expected at most ${MOST_ENVIRONMENT_BYTES}, ` +
      `which is what Lambda takes. The largest of it, in bytes: ${largest.join(", ")}. ` +
      (isListed
        ? "List less in channels.queueArns, channels.topicArns, channels.eventBusArns, channels.sms.countries and " +
          "campaigns, or give what is listed shorter names."
        : "Give it a shorter name in the settings."),
  );
}

function bytesOf(value: string): number {
  const unknown = value.match(UNKNOWN)?.length ?? 0;
  return Buffer.byteLength(value.replaceAll(UNKNOWN, "")) + unknown * UNKNOWN_BYTES;
}
