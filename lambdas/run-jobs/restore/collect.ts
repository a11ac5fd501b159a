/**
 * Gathers what stream, journal and manifests say of transactions since the backup, each part its share of shards, files
 * and folders, page by page. Of what they say only what the table does not say too is kept.
 */
import type { EvidenceStore, Found } from "../../../core/aws/evidence-store.ts";
import type { JournalFiles } from "../../../core/aws/journal-files.ts";
import type { ManifestLines } from "../../../core/aws/manifest-lines.ts";
import type { RowImages, ShardPage } from "../../../core/aws/stream-pages.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { sideBySide } from "../../../core/concurrency/side-by-side.ts";
import type { JournalEntry } from "../../../core/journal/journal-entry.ts";
import type { RestorePlanSpec, Survey } from "../../../core/jobs/restore/spec.ts";
import { changedFields, contentOf, hasContentChanged } from "../../../core/transaction/accepted.ts";
import { type AttributeMap, stringOf } from "../../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { shardOf } from "../../../core/transaction/row/index-keys.ts";
import { isTerminal, stateOf } from "../../../core/transaction/row/row-state.ts";
import { versionOf } from "../../../core/transaction/transaction.ts";
import { JOURNAL_BEFORE_MS } from "./survey.ts";

export interface CollectParts {
  readonly table: Pick<TransactionsTable, "read">;
  readonly backup: Pick<TransactionsTable, "read">;
  readonly evidence: Pick<EvidenceStore, "add">;
  readonly shardPage: (streamArn: string, shardId: string, after: string | undefined) => Promise<ShardPage>;
  readonly journal: Pick<JournalFiles, "list" | "read">;
  readonly manifests: Pick<ManifestLines, "folders" | "newest" | "manifest" | "lines">;
}

/** Whose share it is, and of which restore. */
export interface Share {
  readonly jobId: string;
  readonly part: number;
  readonly parts: number;
  readonly spec: RestorePlanSpec;
  readonly survey: Survey;
}

/** Where a part goes on; undefined once its share of the source is read. */
export interface Collected<Place> {
  readonly next: Place | undefined;
  readonly looked: number;
}

export interface StreamPlace {
  /** Index among the survey's shards. */
  readonly shard: number;
  readonly after?: string | undefined;
}

export interface JournalPlace {
  /** The last file that is done. */
  readonly after?: string | undefined;
  /** Entries of the next one that are done. */
  readonly entries?: number;
}

export interface ManifestsPlace {
  /** The last page of folders that is done ends with it. */
  readonly after?: string | undefined;
  /** Whether that was the last page. */
  readonly isLast?: boolean;
  /** Of the page, still to be looked into. */
  readonly folders?: readonly string[];
  /** Manifests of the first of them, still to be read. */
  readonly keys?: readonly string[];
  /** Files of the first of these that are done. */
  readonly files?: number;
}

const AT_ONCE = 16;
const MOST_IDS = 100;
/** Entries of a file of the journal that are looked at before it is written down how far that is. */
const ENTRIES_A_PAGE = 2000;
const DAY_MS = 86_400_000;
/** Days before the backup of which transactions may still have been pending then, and manifests be looked at again. */
const MANIFEST_DAYS = 45;
/** DynamoDB tells the second of a change, other servers its minute. */
const MINUTE_MS = 60_000;

export async function collectStream(
  share: Share,
  place: StreamPlace | undefined,
  parts: CollectParts,
): Promise<Collected<StreamPlace>> {
  const { survey, part, parts: count } = share;
  const { shard, after } = place ?? { shard: part, after: undefined };
  const shardId = survey.shards[shard];
  if (survey.streamArn === undefined || shardId === undefined) return { next: undefined, looked: 0 };
  const page = await parts.shardPage(survey.streamArn, shardId, after);
  const found = page.changes.flatMap((change) => foundIn(change, share.spec));
  await keep(share, found, parts);
  const next = page.isOver ? { shard: shard + count } : { shard, after: page.after };
  return { next, looked: page.changes.length };
}

interface FoundOf {
  readonly transactionId: string;
  readonly found: Found;
}

function foundIn({ order, at, oldImage, newImage, isExpiry }: RowImages, spec: RestorePlanSpec): FoundOf[] {
  if (at < floorToMinute(spec.restoredTo) - MINUTE_MS || isExpiry) return [];
  const isAfter = at >= floorToMinute(spec.damagedAt);
  const all: FoundOf[] = [];
  for (const image of [oldImage, newImage]) {
    if (image === undefined || !isTerminal(image) || hasContentChanged(image)) continue;
    all.push({ transactionId: idOf(image), found: { kind: "ended", image, order } });
  }
  const image = isAfter ? oldImage : newImage;
  if (image !== undefined) all.push({ transactionId: idOf(image), found: { kind: "before", image, order, isAfter } });
  return all;
}

export async function collectJournal(
  share: Share,
  place: JournalPlace | undefined,
  parts: CollectParts,
): Promise<Collected<JournalPlace>> {
  const { after, entries: done = 0 } = place ?? {};
  const listed = await parts.journal.list(share.spec.restoredTo - JOURNAL_BEFORE_MS, after);
  const own = listed.files.find(({ key }) => shardOf(key, share.parts) === share.part);
  if (own === undefined) return { next: listed.next === undefined ? undefined : { after: listed.next }, looked: 0 };
  const entries = await parts.journal.read(own.key);
  const slice = entries.slice(done, done + ENTRIES_A_PAGE);
  await keep(share, slice.map(journaled), parts);
  const isOver = done + slice.length >= entries.length;
  const next = isOver ? { after: own.key } : { after, entries: done + slice.length };
  return { next, looked: slice.length };
}

function journaled({ transactionId, version, at, accepted }: JournalEntry): FoundOf {
  return { transactionId, found: { kind: "confirmed", confirmed: { source: "journal", version, at, accepted } } };
}

export async function collectManifests(
  share: Share,
  place: ManifestsPlace | undefined,
  parts: CollectParts,
): Promise<Collected<ManifestsPlace>> {
  const { manifests } = parts;
  const { spec } = share;
  const { folders = [], keys, files = 0, ...page } = place ?? {};
  const [folder, ...others] = folders;
  if (folder === undefined) {
    if (page.isLast === true) return { next: undefined, looked: 0 };
    const listed = await manifests.folders(page.after);
    const own = listed.folders.filter((one) => shardOf(one, share.parts) === share.part);
    return { next: { after: listed.next, isLast: listed.next === undefined, folders: own }, looked: 0 };
  }
  const fromDay = new Date(spec.restoredTo - MANIFEST_DAYS * DAY_MS).toISOString().slice(0, 10);
  const left = keys ?? (await manifests.newest(folder, fromDay, spec.restoredTo));
  const [key, ...rest] = left;
  if (key === undefined) return { next: { ...page, folders: others }, looked: 0 };
  const manifest = await manifests.manifest(key);
  const file = manifest?.files[files];
  if (manifest === undefined || file === undefined) return { next: { ...page, folders, keys: rest }, looked: 0 };
  const lines = await manifests.lines(key, file.name);
  const { merchantId, day } = manifest;
  const found = lines.flatMap((line): FoundOf[] => {
    const { transactionId, version, state, outcome, amount, currency, settledAt, confirmedBy } = line;
    const at = Date.parse(settledAt ?? "");
    if (state !== "CONFIRMED" || version === null || !(at >= spec.restoredTo - MINUTE_MS)) return [];
    const isReadable = outcome !== null && amount !== null && currency !== null;
    const accepted = isReadable ? { merchantId, outcome, amount, currency } : undefined;
    const confirmed = { source: "manifests", version, at, accepted, day, confirmedBy } as const;
    return [{ transactionId, found: { kind: "confirmed", confirmed } }];
  });
  await keep(share, found, parts);
  return { next: { ...page, folders, keys: left, files: files + 1 }, looked: found.length };
}

/** Of what was found, what the table does not have by itself. */
async function keep({ jobId, parts: count }: Share, found: readonly FoundOf[], parts: CollectParts): Promise<void> {
  const { table, backup, evidence } = parts;
  for (let start = 0; start < found.length; start += MOST_IDS) {
    const some = found.slice(start, start + MOST_IDS);
    const ids = [...new Set(some.map(({ transactionId }) => transactionId))];
    const own = await table.read(ids);
    const wanted = some.filter((one) => saysMore(one.found, own.get(one.transactionId)));
    if (wanted.length === 0) continue;
    const there = await backup.read([...new Set(wanted.map(({ transactionId }) => transactionId))]);
    await sideBySide(wanted, AT_ONCE, ({ transactionId, found: what }) =>
      evidence.add(jobId, count, transactionId, what, there.has(transactionId)),
    );
  }
}

function saysMore(found: Found, own: AttributeMap | undefined): boolean {
  if (own === undefined) return true;
  const version = versionOf(own) ?? 0;
  const of = found.kind === "confirmed" ? found.confirmed.version : (versionOf(found.image) ?? 0);
  if (of !== version) return of > version;
  if (stateOf(own) === "CONFIRMED") return found.kind === "before" && isOther(own, found.image);
  if (found.kind === "before") return !isTerminal(own) ? isOther(own, found.image) : hasContentChanged(own);
  return !isTerminal(own) || found.kind === "confirmed" || stateOf(found.image) === "CONFIRMED";
}

function isOther(own: AttributeMap, image: AttributeMap): boolean {
  const parsed = parseTransaction(image);
  return "transaction" in parsed && changedFields(own, contentOf(parsed.transaction), false).length > 0;
}

function floorToMinute(time: number): number {
  return time - (time % MINUTE_MS);
}

function idOf(image: AttributeMap): string {
  return stringOf(image["transactionId"]) ?? "";
}
