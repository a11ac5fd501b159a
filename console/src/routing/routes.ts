/**
 * The console's addresses, made and read in one place. An id may hold anything, a slash too, so that each part of a
 * path is encoded and decoded by itself, once.
 */
export type Route =
  | { readonly page: "find" }
  | { readonly page: "transaction"; readonly transactionId: string }
  | { readonly page: "merchant"; readonly merchantId: string }
  | { readonly page: "failed" }
  | { readonly page: "jobs"; readonly kind: JobKind }
  | { readonly page: "job"; readonly kind: JobKind; readonly jobId: string }
  | { readonly page: "cutover"; readonly merchantId?: string }
  | { readonly page: "campaigns"; readonly label?: string }
  | { readonly page: "manifests" }
  | { readonly page: "audit log" }
  | { readonly page: "live" }
  | { readonly page: "pause" }
  | { readonly page: "signed in" }
  | { readonly page: "signed out" }
  | { readonly page: "unknown" };

export const SIGNED_IN_PATH = "/signed-in";
export const SIGNED_OUT_PATH = "/signed-out";
export const FAILED_PATH = "/failed";
export const CUTOVER_PATH = "/cutover";
export const CAMPAIGNS_PATH = "/campaigns";
export const MANIFESTS_PATH = "/manifests";
export const AUDIT_LOG_PATH = "/audit-log";
export const LIVE_PATH = "/live";
export const PAUSE_PATH = "/pause";
const JOBS = "jobs";

/** What jobs do, as the API's paths have it. */
export const JOB_KINDS = ["redeliveries", "imports", "exports", "restores", "resyncs"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export function routeOf(pathname: string): Route {
  const parts = decoded(pathname);
  if (parts === undefined) return { page: "unknown" };
  const [first = "", id = "", ...more] = parts;
  if (first === JOBS) return jobRoute(id, more);
  if (more.length > 0) return { page: "unknown" };
  if (first === "" && id === "") return { page: "find" };
  if (`/${first}` === SIGNED_IN_PATH && id === "") return { page: "signed in" };
  if (`/${first}` === SIGNED_OUT_PATH && id === "") return { page: "signed out" };
  if (first === "transactions" && id !== "") return { page: "transaction", transactionId: id };
  if (first === "merchants" && id !== "") return { page: "merchant", merchantId: id };
  // As they were once.
  if (first === "redeliveries") return jobRoute(first, id === "" ? [] : [id]);
  if (`/${first}` === CUTOVER_PATH) return { page: "cutover", ...(id !== "" && { merchantId: id }) };
  if (`/${first}` === CAMPAIGNS_PATH) return { page: "campaigns", ...(id !== "" && { label: id }) };
  if (id !== "") return { page: "unknown" };
  return WITHOUT_IDS[`/${first}`] ?? { page: "unknown" };
}

const WITHOUT_IDS: Readonly<Record<string, Route>> = {
  [FAILED_PATH]: { page: "failed" },
  [MANIFESTS_PATH]: { page: "manifests" },
  [AUDIT_LOG_PATH]: { page: "audit log" },
  [LIVE_PATH]: { page: "live" },
  [PAUSE_PATH]: { page: "pause" },
};

function jobRoute(name: string, [jobId = "", ...more]: readonly string[]): Route {
  const kind = JOB_KINDS.find((one) => one === name);
  if (kind === undefined || more.length > 0) return { page: "unknown" };
  return jobId === "" ? { page: "jobs", kind } : { page: "job", kind, jobId };
}

export function findPath(text?: string): string {
  return text === undefined || text === "" ? "/" : `/?${new URLSearchParams({ q: text }).toString()}`;
}

export function transactionPath(transactionId: string): string {
  return `/transactions/${encodeURIComponent(transactionId)}`;
}

export function merchantPath(merchantId: string): string {
  return `/merchants/${encodeURIComponent(merchantId)}`;
}

export function failedPath(search: URLSearchParams): string {
  return pathWith(FAILED_PATH, search);
}

export function jobsPath(kind: JobKind): string {
  return `/${JOBS}/${kind}`;
}

export function jobPath(kind: JobKind, jobId: string): string {
  return `${jobsPath(kind)}/${encodeURIComponent(jobId)}`;
}

export function cutoverPath(merchantId: string): string {
  return `${CUTOVER_PATH}/${encodeURIComponent(merchantId)}`;
}

/** @param label undefined for all */
export function campaignPath(label: string | undefined, search: URLSearchParams): string {
  return pathWith(label === undefined ? CAMPAIGNS_PATH : `${CAMPAIGNS_PATH}/${encodeURIComponent(label)}`, search);
}

export function manifestsPath(search: URLSearchParams): string {
  return pathWith(MANIFESTS_PATH, search);
}

export function auditLogPath(search: URLSearchParams): string {
  return pathWith(AUDIT_LOG_PATH, search);
}

/** @param search filters; none for the page as it is at first */
function pathWith(path: string, search: URLSearchParams): string {
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

function decoded(pathname: string): string[] | undefined {
  try {
    return pathname.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
