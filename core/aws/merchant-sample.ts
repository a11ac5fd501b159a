/**
 * Some of a merchant's transactions of each hour, where reading all would be too much: the same few of each slice of
 * time, so that no minute stands for its hour. The index has a UTC day a partition, and within it `occurredAt` as its
 * producer wrote it, in the producer's zone. So slices are of the times that are written: of each UTC day those that
 * the merchant's zones have there, and what comes is of the hour that it says. An hour's texts are in as many slices as
 * it has zones, each with its share of them.
 *
 * Zones are those of what was read already, of the ends of each day, where zones that are ahead and behind lie, and of
 * what the slices have. A zone that shows up nowhere there is in no sample.
 */
import { HOUR_MS } from "../merchant/performance.ts";
import { MERCHANT_INDEX } from "../settings/names.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { merchantDayKeys } from "../transaction/row/index-keys.ts";
import type { ListParts } from "./merchant-transactions.ts";
import { type IndexEntry, type IndexOrder, shardPage, type ShardPageOptions } from "./shard-page.ts";

export interface SampledTime {
  readonly merchantId: string;
  /** A full hour, epoch milliseconds, included. */
  readonly from: number;
  /** Epoch milliseconds, not included. */
  readonly to: number;
}

/** How far clocks of producers are ahead of UTC, milliseconds. */
interface Zones {
  readonly least: number;
  readonly most: number;
}

/** Of an hour that is written, in the partition of a UTC day. */
interface WrittenHour {
  readonly day: string;
  /** As if it were of UTC, epoch milliseconds. */
  readonly at: number;
}

export const SLICE_MINUTES = 12;
/** Of each slice. */
export const SAMPLED_A_SLICE = 3;
const SLICE_MS = SLICE_MINUTES * 60_000;
const SLICES = HOUR_MS / SLICE_MS;
const SAMPLED_AN_HOUR = SLICES * SAMPLED_A_SLICE;
/** A shard has what hashes say, so that some of them are as good as all. */
const MOST_SHARDS = 4;
const HOURS_AT_ONCE = 6;
/** No zone is further from UTC. */
const FURTHEST_MS = 14 * HOUR_MS;
/** Of an end of a day. */
const LOOKED_AT = 10;
const DAY_MS = 86_400_000;
/** Of `2026-11-22T10:00:00.000Z`, as texts of times begin. */
const DAY_LENGTH = 10;
const MINUTE_LENGTH = 16;
/** Comes after whatever a text of a time goes on with. */
const LAST = "~";

/**
 * @param written `occurredAt` of some of these transactions.
 * @returns ids, of which rows may say another time by now; about fifteen of an hour, more where its zones are apart
 */
export async function sampleOf(time: SampledTime, written: readonly string[], parts: ListParts): Promise<string[]> {
  let zones = zonesOf([...written, ...(await endsOfDays(time, parts))]);
  const asked = new Set<string>();
  const found = new Set<string>();
  for (;;) {
    const hours = writtenHours(time, zones).filter((hour) => !asked.has(nameOf(hour)));
    if (hours.length === 0) return [...found];
    for (let next = 0; next < hours.length; next += HOURS_AT_ONCE) {
      const some = hours.slice(next, next + HOURS_AT_ONCE);
      for (const hour of some) asked.add(nameOf(hour));
      const entries = (await Promise.all(some.map((hour) => sampleOfHour(time.merchantId, hour, parts)))).flat();
      for (const { at, transactionId } of entries) if (isWithin(at, time)) found.add(transactionId);
      zones = zonesOf(
        entries.map(({ at }) => at),
        zones,
      );
    }
  }
}

/** One shard a slice, in turn; where that is little, the others too. */
async function sampleOfHour(merchantId: string, { day, at }: WrittenHour, parts: ListParts): Promise<IndexEntry[]> {
  const keys = merchantDayKeys(merchantId, day, parts.merchantShards).slice(0, MOST_SHARDS);
  const starts = Array.from({ length: SLICES }, (_, slice) => at + slice * SLICE_MS);
  const first = await Promise.all(
    starts.map((start, slice) =>
      query([keys[slice % keys.length] ?? ""], parts, {
        limit: SAMPLED_A_SLICE,
        between: textsOf(start, start + SLICE_MS),
      }),
    ),
  );
  if (keys.length === 1 || first.flat().length === SAMPLED_AN_HOUR) return first.flat();
  const others = await query(keys, parts, {
    limit: keys.length * SAMPLED_AN_HOUR,
    atOnce: SAMPLED_AN_HOUR,
    between: textsOf(at, at + HOUR_MS),
  });
  return first.flatMap((entries, slice) => {
    const [begin, end] = textsOf(at + slice * SLICE_MS, at + (slice + 1) * SLICE_MS);
    const ids = new Set(entries.map(({ transactionId }) => transactionId));
    const more = others.filter((entry) => entry.at >= begin && entry.at <= end && !ids.has(entry.transactionId));
    return [...entries, ...more].slice(0, SAMPLED_A_SLICE);
  });
}

/** Texts of times at either end of the partitions of these days, and of the day before, which is over. */
async function endsOfDays({ merchantId, from, to }: SampledTime, parts: ListParts): Promise<string[]> {
  const days = daysOf(from - DAY_MS, to).flatMap((day): [string, IndexOrder][] => [
    [day, "oldest first"],
    [day, "newest first"],
  ]);
  const ends = days.map(async ([day, order]) =>
    query(merchantDayKeys(merchantId, day, 1), parts, { limit: LOOKED_AT, order }),
  );
  return (await Promise.all(ends)).flat().map(({ at }) => at);
}

async function query(
  keys: readonly string[],
  { client, table }: ListParts,
  options: Partial<ShardPageOptions> & Pick<ShardPageOptions, "limit">,
): Promise<readonly IndexEntry[]> {
  const index = {
    tableName: table.name,
    indexName: MERCHANT_INDEX,
    partitionName: ATTRIBUTES.merchantKey,
    sortName: "occurredAt",
  };
  return (await shardPage(client, index, keys, { places: [], order: "oldest first", ...options })).entries;
}

function writtenHours({ from, to }: SampledTime, { least, most }: Zones): WrittenHour[] {
  return daysOf(from, to).flatMap((day) => {
    const midnight = Date.parse(day);
    const begin = Math.max(midnight, from) + least;
    const end = Math.min(midnight + DAY_MS, to) + most;
    const hours: WrittenHour[] = [];
    for (let at = Math.floor(begin / HOUR_MS) * HOUR_MS; at < end; at += HOUR_MS) hours.push({ day, at });
    return hours;
  });
}

/** UTC only where nothing says otherwise. */
function zonesOf(written: readonly string[], known?: Zones): Zones {
  const ahead = written.map((text) => Date.parse(`${text.slice(0, MINUTE_LENGTH)}Z`) - minuteOf(Date.parse(text)));
  const all = [
    ...ahead.filter((ms) => Math.abs(ms) <= FURTHEST_MS),
    ...(known === undefined ? [] : [known.least, known.most]),
  ];
  return all.length === 0 ? { least: 0, most: 0 } : { least: Math.min(...all), most: Math.max(...all) };
}

function minuteOf(at: number): number {
  return Math.floor(at / 60_000) * 60_000;
}

function isWithin(occurredAt: string, { from, to }: SampledTime): boolean {
  const at = Date.parse(occurredAt);
  return at >= from && at < to;
}

/** First and last of what is written from a minute to another, which is not included. */
function textsOf(from: number, to: number): [string, string] {
  return [minuteText(from), `${minuteText(to - 1)}${LAST}`];
}

function minuteText(at: number): string {
  return new Date(at).toISOString().slice(0, MINUTE_LENGTH);
}

function daysOf(from: number, to: number): string[] {
  const first = Math.floor(from / DAY_MS);
  const count = Math.ceil(to / DAY_MS) - first;
  return Array.from({ length: count }, (_, day) => new Date((first + day) * DAY_MS).toISOString().slice(0, DAY_LENGTH));
}

function nameOf({ day, at }: WrittenHour): string {
  return `${day} ${at}`;
}
