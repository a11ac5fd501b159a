/**
 * The kind `restore`. Its dry run surveys the sources, gathers what they say, and compares the restored table with the
 * stack's own; the run writes what differs, as it was compared anew a moment before. A row is written on the condition
 * that it is as it was read, and says which restore wrote it, so that whoever does it again comes to the same.
 *
 *   survey -> stream -> journal -> manifests -> together -> rows -> since    a dry run, by part
 *                                                           rows -> since    the run
 *
 * `together` waits for all parts: what one has gathered is about rows that another one compares, and by then it shows
 * whether the stream was whole until it was read. `since` are those that the backup has none of. With a decision, the
 * job goes through what its restore left undecided.
 */
import type { EvidenceStore } from "../../../core/aws/evidence-store.ts";
import type { JobStore } from "../../../core/aws/job-store.ts";
import { putRow } from "../../../core/aws/put-row.ts";
import type { RowsPage, RowsPlace } from "../../../core/aws/scan-rows.ts";
import { confirmUndecidedStatement, sendUndecidedStatement } from "../../../core/aws/statements/undecided.ts";
import type { SurveyStore } from "../../../core/aws/survey-store.ts";
import type { TimeToLive } from "../../../core/aws/time-to-live.ts";
import { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import { sideBySide } from "../../../core/concurrency/side-by-side.ts";
import { PipelineError } from "../../../core/errors/pipeline-error.ts";
import type { JournalEntry } from "../../../core/journal/journal-entry.ts";
import { isOpen, type Job } from "../../../core/jobs/job.ts";
import { partsOf } from "../../../core/jobs/part.ts";
import {
  readRestoreEntries,
  type RestoreEntry,
  restoreTotals,
  writeRestoreEntries,
} from "../../../core/jobs/restore/entry.ts";
import {
  type DecisionSpec,
  decisionCountsOf,
  EVIDENCE_KEPT_DAYS,
  isDecision,
  restoreCountsOf,
  type RestorePlanSpec,
  type RestoreEnd,
  restoreSpecOf,
  type Survey,
} from "../../../core/jobs/restore/spec.ts";
import { INDEX_LAG_MS } from "../../../core/jobs/slice-times.ts";
import { CANARY_MERCHANT_ID } from "../../../core/merchant/canary.ts";
import { decideRestore, type RestoreDecision } from "../../../core/restore/decide-restore.ts";
import { NO_EVIDENCE } from "../../../core/restore/evidence.ts";
import type { RowKeySettings } from "../../../core/settings/row-key-settings.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";
import { type AttributeMap, stringOf } from "../../../core/transaction/attribute-value.ts";
import { isUndecided, restoredByOf } from "../../../core/transaction/row/restored-by.ts";
import type { Advanced, Found, JobWork } from "../frame/job-work.ts";
import {
  type Collected,
  collectJournal,
  collectManifests,
  type CollectParts,
  collectStream,
  type JournalPlace,
  type ManifestsPlace,
  type Share,
  type StreamPlace,
} from "./collect.ts";
import { completedSurvey, surveyFor, type SurveyParts } from "./survey.ts";

export interface RestoreWorkOptions
  extends Omit<CollectParts, "backup" | "table" | "evidence">, Omit<SurveyParts, "journal"> {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly evidence: EvidenceStore;
  readonly journal: SurveyParts["journal"] & CollectParts["journal"];
  readonly surveys: Pick<SurveyStore, "read" | "write">;
  readonly store: Pick<JobStore, "part">;
  readonly timeToLive: Pick<TimeToLive, "turn">;
  /** The newest jobs of the kind. */
  readonly newest: () => Promise<readonly Job[]>;
  readonly scan: (table: string, place: RowsPlace) => Promise<RowsPage>;
  readonly settledDays: number;
  readonly rowKeys: RowKeySettings;
  /** How many may be written now, of so many. */
  readonly allow: (job: Job, count: number) => Promise<number>;
  readonly warn: Log;
}

const PHASES = ["survey", "stream", "journal", "manifests", "together", "rows", "since"] as const;
type Phase = (typeof PHASES)[number];

interface Place {
  readonly phase: Phase;
  /** Within the phase, as that has it; missing at its beginning. */
  readonly at?: unknown;
}

/** The survey is not there, or is gone; the plan is made anew. */
class SurveyMissingError extends PipelineError {
  override readonly name = "SurveyMissingError";
  readonly code = "SURVEY_MISSING";
}

const AT_ONCE = 16;
const DAY_MS = 86_400_000;
const AGAIN_MS = 100;
/** Until whoever waits for the others, or for the survey, looks again. */
const WAIT_MS = 500;
/** Until time to live, which takes one change an hour, is turned on again. */
const TURN_AGAIN_MS = 60_000;

export function restoreWork(options: RestoreWorkOptions): JobWork<RestoreEntry> {
  const { table, evidence, surveys, store, timeToLive, newest, scan, settledDays, rowKeys, allow, now } = options;
  const { warn, dynamodb } = options;
  let known: { readonly jobId: string; readonly survey: Survey } | undefined;
  let backupTable: TransactionsTable | undefined;
  let file: { readonly key: string; readonly entries: readonly JournalEntry[] } | undefined;

  const surveyOf = async (jobId: string): Promise<Survey | undefined> => {
    if (known?.jobId === jobId && known.survey.isComplete === true) return known.survey;
    const survey = await surveys.read(jobId);
    if (survey !== undefined) known = { jobId, survey };
    return survey;
  };
  const journal = {
    list: (from: number, after: string | undefined) => options.journal.list(from, after),
    /** The last one is kept, as it is gone through page by page. */
    read: async (key: string) => {
      if (file?.key !== key) file = { key, entries: await options.journal.read(key) };
      return file.entries;
    },
  };
  const backupOf = ({ fromTable }: RestorePlanSpec): TransactionsTable => {
    if (backupTable?.name !== fromTable) backupTable = new TransactionsTable(dynamodb, fromTable);
    return backupTable;
  };

  return {
    async find(job, part, cursor, limit) {
      const spec = restoreSpecOf(job);
      if (isDecision(spec)) return findUndecided(spec, cursor, limit);
      const place: Place =
        cursor === undefined ? { phase: job.state === "counting" ? "survey" : "rows" } : (JSON.parse(cursor) as Place);
      return findAt(job, spec, part, place, limit);
    },
    async count(job, entries) {
      const spec = restoreSpecOf(job);
      if (isDecision(spec)) return { totals: {}, sample: [] };
      const decisions = await decide(job, spec, entries);
      const counted = entries.map((entry, index) => ({ ...entry, status: endOf(decisions[index]) }));
      const unknown = counted.filter(({ status }) => status === "unknown").map(({ transactionId }) => transactionId);
      await sideBySide(unknown, AT_ONCE, (transactionId) => evidence.noteUnknown(job.jobId, transactionId));
      return { totals: restoreTotals(counted), sample: unknown };
    },
    async advance(job, entries, mayBegin) {
      if (!mayBegin) return ended(entries.map((entry) => (isNew(entry) ? { ...entry, status: "skipped" } : entry)));
      const spec = restoreSpecOf(job);
      return isDecision(spec) ? carryOut(job, spec, entries) : write(job, spec, entries);
    },
    totalsOf: restoreTotals,
    async concluding(job) {
      if (isDecision(restoreSpecOf(job))) return undefined;
      // The next one has taken that over, and turns it on at its own end.
      if (await isFollowed(job)) return undefined;
      return (await timeToLive.turn("on")) === "later" ? TURN_AGAIN_MS : undefined;
    },
    conclude: (_job, totals) => totals,
    write: writeRestoreEntries,
    read: readRestoreEntries,
  };

  async function findAt(
    job: Job,
    spec: RestorePlanSpec,
    part: number,
    { phase, at }: Place,
    limit: number,
  ): Promise<Found<RestoreEntry>> {
    const survey = await surveyOf(job.jobId);
    if (survey === undefined) return phase === "survey" && part === 0 ? makeSurvey(job, spec) : waiting({ phase, at });
    const share: Share = { jobId: job.jobId, part, parts: job.asked.parts, spec, survey };
    const parts = { ...options, journal, backup: backupOf(spec) };
    switch (phase) {
      case "survey":
        return movedOn("stream");
      case "stream":
        return collected(phase, "journal", await collectStream(share, at as StreamPlace | undefined, parts));
      case "journal": {
        if (!spec.sources.includes("journal")) return movedOn("manifests");
        return collected(phase, "manifests", await collectJournal(share, at as JournalPlace | undefined, parts));
      }
      case "manifests": {
        if (!spec.sources.includes("manifests")) return movedOn("together");
        return collected(phase, "together", await collectManifests(share, at as ManifestsPlace | undefined, parts));
      }
      case "together": {
        if (!(await areTogether(job))) return waiting({ phase });
        if (part === 0) await completeSurvey(job.jobId, spec, survey);
        // The index that has what came since follows its table.
        if (part === 0 || survey.isComplete === true) return { ...movedOn("rows"), afterMs: INDEX_LAG_MS };
        return waiting({ phase });
      }
      case "rows":
        if (part === 0 && at === undefined) await turnOffAgain(job.jobId, survey);
        return findRows(spec, share, at as AttributeMap | undefined, limit);
      default: {
        const { transactionIds, next } = await evidence.listSince(job.jobId, part, limit, at as string | undefined);
        return {
          entries: transactionIds.map(newEntry),
          ...(next !== undefined && { cursor: cursorOf({ phase, at: next }) }),
        };
      }
    }
  }

  async function makeSurvey({ jobId }: Job, spec: RestorePlanSpec): Promise<Found<RestoreEntry>> {
    const survey = await surveyFor(spec, options);
    await surveys.write(jobId, survey);
    return movedOn("stream");
  }

  async function completeSurvey(jobId: string, spec: RestorePlanSpec, survey: Survey): Promise<void> {
    if (survey.isComplete !== true) await surveys.write(jobId, await completedSurvey(spec, survey, options));
  }

  /** Whether another one was planned since: it found the time to live off. */
  async function isFollowed({ jobId }: Job): Promise<boolean> {
    return (await newest()).some((job) => job.jobId !== jobId && !isDecision(restoreSpecOf(job)) && isOpen(job));
  }

  /** It was changed within the hour when the survey was made. */
  async function turnOffAgain(jobId: string, survey: Survey): Promise<void> {
    if (!survey.isTimeToLiveOn || (await timeToLive.turn("off")) === "later") return;
    known = { jobId, survey: { ...survey, isTimeToLiveOn: false } };
    await surveys.write(jobId, known.survey);
  }

  async function findRows(
    { fromTable }: RestorePlanSpec,
    { part, parts }: Share,
    from: AttributeMap | undefined,
    limit: number,
  ): Promise<Found<RestoreEntry>> {
    const { rows, looked, next } = await scan(fromTable, { segment: part, segments: parts, limit, from });
    const entries = rows
      .filter((row) => stringOf(row["merchantId"]) !== CANARY_MERCHANT_ID)
      .map((backup): RestoreEntry => ({
        transactionId: stringOf(backup["transactionId"]) ?? "",
        status: "new",
        backup,
      }));
    return { entries, looked, cursor: cursorOf(next === undefined ? { phase: "since" } : { phase: "rows", at: next }) };
  }

  async function areTogether({ jobId, asked }: Job): Promise<boolean> {
    const all = await Promise.all(partsOf(jobId, "count", asked.parts).map((id) => store.part(id)));
    return all.every(({ cursor, isFound }) => {
      const { phase }: Place = cursor === undefined ? { phase: "survey" } : (JSON.parse(cursor) as Place);
      return isFound || PHASES.indexOf(phase) >= PHASES.indexOf("together");
    });
  }

  /** By what all say now: nothing is decided by what was read a while ago. */
  async function decide(
    { jobId, asked }: Job,
    spec: RestorePlanSpec,
    entries: readonly RestoreEntry[],
  ): Promise<readonly (RestoreDecision & { readonly own: AttributeMap | undefined })[]> {
    if (entries.length === 0) return [];
    const survey = await surveyOf(jobId);
    if (survey === undefined || now() > asked.createdAt + EVIDENCE_KEPT_DAYS * DAY_MS)
      throw new SurveyMissingError(`What restore ${jobId} found of its sources is gone; cancel it and plan anew.`);
    const ids = entries.map(({ transactionId }) => transactionId);
    const unread = entries.filter(({ backup }) => backup === undefined).map(({ transactionId }) => transactionId);
    const [own, found, read] = await Promise.all([
      table.read(ids),
      evidence.read(jobId, ids),
      unread.length === 0 ? new Map<string, AttributeMap>() : backupOf(spec).read(unread),
    ]);
    const context = {
      jobId,
      now: now(),
      settledDays,
      rowKeys,
      damagedAt: spec.damagedAt,
      unknownTimes: survey.unknownTimes,
      isInPlace: spec.fromTable === table.name,
    };
    return entries.map(({ transactionId, backup = read.get(transactionId) }) => {
      const row = own.get(transactionId);
      const all = { transactionId, backup, own: row, evidence: found.get(transactionId) ?? NO_EVIDENCE };
      return { ...decideRestore(all, context), own: row };
    });
  }

  async function write(
    job: Job,
    spec: RestorePlanSpec,
    entries: readonly RestoreEntry[],
  ): Promise<Advanced<RestoreEntry>> {
    const next = [...entries];
    const open = [...entries.keys()].filter((index) => isNew(entries[index]));
    const decisions = await decide(
      job,
      spec,
      open.map((index) => entries[index] as RestoreEntry),
    );
    const toWrite = open.flatMap((index, at) => {
      const decision = decisions[at];
      if (decision?.kind === "write") return [{ index, ...decision }];
      next[index] = { transactionId: entries[index]?.transactionId ?? "", status: endOf(decision) };
      return [];
    });
    const allowed = toWrite.length === 0 ? 0 : await allow(job, toWrite.length);
    await sideBySide(toWrite.slice(0, allowed), AT_ONCE, async ({ index, row, own, as }) => {
      const transactionId = entries[index]?.transactionId ?? "";
      if (as === "unknown") await evidence.noteUnknown(job.jobId, transactionId);
      const result = await putRow(dynamodb, table.name, row, own);
      if (result.kind === "written") next[index] = { transactionId, status: as };
      if (result.kind !== "rejected") return;
      warn("row cannot be restored", { transactionId, jobId: job.jobId, error: result.error });
      next[index] = { transactionId, status: "refused" };
    });
    return ended(next);
  }

  async function findUndecided(
    { decides, transactionIds }: DecisionSpec,
    cursor: string | undefined,
    limit: number,
  ): Promise<Found<RestoreEntry>> {
    if (transactionIds !== undefined) return { entries: transactionIds.map(newEntry) };
    const page = await evidence.listUnknown(decides, limit, cursor);
    return { entries: page.transactionIds.map(newEntry), ...(page.next !== undefined && { cursor: page.next }) };
  }

  async function carryOut(
    { jobId }: Job,
    { decision }: DecisionSpec,
    entries: readonly RestoreEntry[],
  ): Promise<Advanced<RestoreEntry>> {
    const open = entries.filter(isNew).map(({ transactionId }) => transactionId);
    const rows = open.length === 0 ? new Map<string, AttributeMap>() : await table.read(open);
    const undecided = [...rows.values()].filter(isUndecided);
    const decided = { jobId, now: now() };
    const results = await writeAll(
      table,
      undecided.map((row) =>
        decision === "send"
          ? sendUndecidedStatement(table.name, row, rowKeys.dueShards, decided)
          : confirmUndecidedStatement(table.name, row, settledDays, decided),
      ),
    );
    const written = new Set(
      undecided.filter((_, index) => results[index]?.kind === "written").map((row) => stringOf(row["transactionId"])),
    );
    const left = new Set(undecided.map((row) => stringOf(row["transactionId"])));
    return ended(
      entries.map((entry): RestoreEntry => {
        const { transactionId } = entry;
        if (!isNew(entry)) return entry;
        if (written.has(transactionId)) return { transactionId, status: "operator" };
        return left.has(transactionId)
          ? entry
          : { transactionId, status: endOfDecision(rows.get(transactionId), jobId) };
      }),
    );
  }

  function ended(entries: readonly RestoreEntry[]): Advanced<RestoreEntry> {
    const open = entries.filter(isNew).length;
    if (open === 0) return { entries, isBehind: false, open };
    return { entries, wakeAt: now() + AGAIN_MS, isBehind: true, open };
  }
}

function newEntry(transactionId: string): RestoreEntry {
  return { transactionId, status: "new" };
}

function isNew(entry: RestoreEntry | undefined): boolean {
  return entry?.status === "new";
}

function endOf(decision: RestoreDecision | undefined): RestoreEnd {
  return decision?.as ?? "same";
}

/** One that was decided by this very job, before a kill; or that nobody has to decide about. */
function endOfDecision(row: AttributeMap | undefined, jobId: string): RestoreEnd {
  return row !== undefined && restoredByOf(row)?.jobId === jobId ? "operator" : "same";
}

function cursorOf(place: Place): string {
  return JSON.stringify(place);
}

function movedOn(phase: Phase): Found<RestoreEntry> {
  return { entries: [], cursor: cursorOf({ phase }) };
}

function waiting(place: Place): Found<RestoreEntry> {
  return { entries: [], cursor: cursorOf(place), afterMs: WAIT_MS };
}

function collected(phase: Phase, then: Phase, { next, looked }: Collected<unknown>): Found<RestoreEntry> {
  return { entries: [], looked, cursor: cursorOf(next === undefined ? { phase: then } : { phase, at: next }) };
}

/** For the log. */
export function saidOfRestore(job: Job): Readonly<Record<string, unknown>> {
  const { jobId, kind, state, totals = job.counted?.totals ?? {} } = job;
  const counts = isDecision(restoreSpecOf(job)) ? decisionCountsOf(totals) : restoreCountsOf(totals);
  return { jobId, kind, state, ...counts };
}
