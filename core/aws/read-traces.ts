/**
 * Reads traces back from X-Ray: documents by trace id, and ids by what a hop is annotated with. X-Ray takes a document
 * within seconds and indexes it a little later, so what is read may lack its end. Source: X-Ray API Reference,
 * `BatchGetTraces` (five ids a call) and `GetTraceSummaries` (its filter expressions; a time range of six hours).
 */
import { BatchGetTracesCommand, GetTraceSummariesCommand, type XRayClient } from "@aws-sdk/client-xray";

export type TraceDocument = Readonly<Record<string, unknown>>;

export interface ReadTrace {
  readonly traceId: string;
  /** X-Ray's own: segments with their subsegments, and subsegments that were sent by themselves. */
  readonly documents: readonly TraceDocument[];
  /** Whether there may be more, as X-Ray cut it off or did not get to it. */
  readonly isCut: boolean;
}

export interface TraceSearch {
  readonly annotation: "transaction";
  readonly value: string;
  /** Epoch milliseconds between which one of its hops ended. */
  readonly fromMs: number;
  readonly toMs: number;
}

const IDS_A_CALL = 5;
/** Of 500 KB a trace there are never more. */
const MAX_PAGES = 10;
/** Text of a filter expression that would end its quotes, or whose escape X-Ray does not document. */
const UNQUOTABLE = /["\\\p{Cc}]/u;

/** @param traceIds at most five */
export async function readTraces(client: Pick<XRayClient, "send">, traceIds: readonly string[]): Promise<ReadTrace[]> {
  const read = new Map<string, ReadTrace>();
  if (traceIds.length === 0) return [];
  const TraceIds = traceIds.slice(0, IDS_A_CALL);
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES && (page === 0 || token !== undefined); page += 1) {
    const { Traces = [], NextToken } = await client.send(
      new BatchGetTracesCommand({ TraceIds, ...(token !== undefined && { NextToken: token }) }),
    );
    for (const { Id = "", Segments = [], LimitExceeded = false } of Traces) {
      const before = read.get(Id);
      const documents = Segments.flatMap(({ Document }) => documentOf(Document));
      read.set(Id, {
        traceId: Id,
        documents: [...(before?.documents ?? []), ...documents],
        isCut: LimitExceeded || before?.isCut === true,
      });
    }
    token = NextToken === "" ? undefined : NextToken;
  }
  const all = [...read.values()].filter(({ documents }) => documents.length > 0);
  return token === undefined ? all : all.map((one) => ({ ...one, isCut: true }));
}

/** @returns ids of traces, newest first; none for a value that no filter expression can hold */
export async function findTraces(client: Pick<XRayClient, "send">, search: TraceSearch): Promise<string[]> {
  const { annotation, value, fromMs, toMs } = search;
  if (UNQUOTABLE.test(value)) return [];
  const { TraceSummaries = [] } = await client.send(
    new GetTraceSummariesCommand({
      StartTime: new Date(fromMs),
      EndTime: new Date(toMs),
      TimeRangeType: "Service",
      FilterExpression: `annotation.${annotation} = "${value}"`,
    }),
  );
  return TraceSummaries.flatMap(({ Id }) => Id ?? []);
}

function documentOf(text: string | undefined): TraceDocument[] {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? [value as TraceDocument] : [];
  } catch {
    return [];
  }
}
