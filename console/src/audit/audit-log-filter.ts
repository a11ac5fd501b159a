/** Which entries of the audit log are looked at. It stands in the address. */
import { merchantPath, transactionPath, jobPath, JOB_KINDS } from "../routing/routes.ts";
import { instantIn } from "../shown/local-time.ts";

export interface AuditLogFilter {
  readonly resource?: string;
  readonly actor?: string;
  /** UTC; from is included, until is not. */
  readonly from?: string;
  readonly until?: string;
}

const NAMES = ["resource", "actor", "from", "until"] as const;

export function auditFilterIn(search: URLSearchParams): AuditLogFilter {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const given = search.get(name)?.trim();
      const value = name === "from" || name === "until" ? instantIn(given ?? null) : given;
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

/** @param filter whose empty and missing members are left out */
export function auditSearchOf(filter: Partial<Record<keyof AuditLogFilter, string | undefined>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of NAMES) {
    const value = filter[name];
    if (value !== undefined && value !== "") search.set(name, value);
  }
  return search;
}

/** The page of what an entry is about; undefined where it has none. @param resource of the API, `merchants/acme` */
export function pathOfResource(resource: string): string | undefined {
  const slash = resource.indexOf("/");
  const [kind, id] = [resource.slice(0, slash), resource.slice(slash + 1)];
  if (slash < 1 || id === "") return undefined;
  if (kind === "merchants") return merchantPath(id);
  if (kind === "transactions") return transactionPath(id);
  const job = JOB_KINDS.find((one) => one === kind);
  return job === undefined ? undefined : jobPath(job, id);
}
