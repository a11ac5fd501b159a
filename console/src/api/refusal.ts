/** What the API, or whatever stands between, responded with in the place of what was asked for. */
import type { components } from "../../../bin/confirmations/api/api-types.ts";

type Problem = components["schemas"]["Problem"];

export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status; 0 where nobody responded. */
  readonly status: number;
  /** Of docs/errors.md, where the API itself responded. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly faults: readonly string[];

  constructor(status: number, problem: Partial<Problem>, options?: ErrorOptions) {
    super(problem.detail ?? "", options);
    this.status = status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.faults = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
  }
}

/** @param error body of the response, of which nothing is sure */
export function refusalOf(error: unknown, { status, headers }: Pick<Response, "status" | "headers">): Refusal {
  const problem = (typeof error === "object" && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const requestId = textOf(problem["requestId"]) ?? headers.get("x-request-id") ?? undefined;
  const [code, detail] = [textOf(problem["code"]), textOf(problem["detail"])];
  return new Refusal(status, {
    ...(code !== undefined && { code: code as Problem["code"] }),
    ...(detail !== undefined && { detail }),
    ...(requestId !== undefined && { requestId }),
    errors: faultsIn(problem["errors"]),
  });
}

function faultsIn(errors: unknown): { pointer: string; detail: string }[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((fault: { readonly pointer?: unknown; readonly detail?: unknown } | null) => {
    const detail = textOf(fault?.detail);
    return detail === undefined ? [] : [{ pointer: textOf(fault?.pointer) ?? "", detail }];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
