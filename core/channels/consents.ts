/**
 * What becomes of consents when channels are written: each has a time and who recorded it, and a withdrawal stays until
 * a consent is given, whatever else is changed meanwhile.
 */
import { asciiAddress } from "./email-address.ts";
import type { Channel, ChannelCondition, ChannelKind } from "./channel.ts";

type Consent = NonNullable<ChannelCondition["consent"]>;

/** As somebody writes it: the time and who records it are taken from the request where they are left out. */
export interface GivenConsent {
  readonly given: boolean;
  /** ISO 8601 with zone. */
  readonly at?: string | undefined;
  readonly by?: string | undefined;
}

/** A channel but for its consent, as `channelSchema` takes it: members that are left out may be `undefined`. */
export interface GivenChannel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly when?: { readonly consent?: GivenConsent | undefined } | undefined;
}

/**
 * @param before the channels that are there
 * @param by who writes
 * @param now epoch milliseconds
 */
export function withConsents(
  given: readonly GivenChannel[],
  before: readonly Channel[] | undefined,
  by: string,
  now: number,
): Channel[] {
  return given.map((channel): Channel => {
    const { when, ...others } = channel;
    const { consent: written, ...conditions } = when ?? {};
    const sames = before?.filter((one) => isSameDestination(one, channel)) ?? [];
    const same = sames.find(({ id }) => id === channel.id) ?? sames[0];
    const consent = consentOf(written, same?.when?.consent, by, now);
    const all = { ...conditions, ...(consent !== undefined && { consent }) };
    return { ...others, ...(Object.keys(all).length > 0 && { when: all }) } as Channel;
  });
}

function consentOf(
  written: GivenConsent | undefined,
  before: Consent | undefined,
  by: string,
  now: number,
): Consent | undefined {
  if (written === undefined) return before?.given === false ? before : undefined;
  const isSame = before?.given === written.given;
  return {
    given: written.given,
    at: written.at === undefined ? (isSame ? before.at : now) : Date.parse(written.at),
    by: written.by ?? (isSame ? before.by : by),
  };
}

/**
 * Consent is to be told at one address: at another one it is not given yet, nor withdrawn. The same in other words,
 * such as in capitals, is the same.
 */
function isSameDestination(one: Channel, other: GivenChannel): boolean {
  return one.kind === other.kind && destinationOf(one) === destinationOf(other);
}

function destinationOf(channel: { readonly id: string; readonly to?: string; readonly url?: string }): string {
  const { id, to, url } = channel;
  if (to !== undefined) return asciiAddress(to)?.toLowerCase() ?? to;
  return url === undefined ? id : (URL.parse(url)?.href ?? url);
}
