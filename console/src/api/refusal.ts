/** What the API, or whatever stands between, responded with in the place of what was asked for. */
import type { components } from "../../../bin/confirmations/api/api-types.ts";

type Problem = components["schemas"]["Problem"];

/** What is wrong with one member of a request. */
export interface Fault {
  /** JSON Pointer, or the name of a parameter; empty where it is of all together. */
  readonly pointer: string;
  readonly detail: string;
}

export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status; 0 where nobody responded. */
  readonly status: number;
  /** Of docs/errors.md, where the API itself responded. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly faults: readonly Fault[];

  constructor(status: number, problem: Partial<Problem>, options?: ErrorOptions) {
    super(problem.detail ?? "", options);
    this.status = status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.faults = problem.errors ?? [];
  }
}

/** What a refusal says of a field, and of what is within it. @param pointer JSON Pointer of the field's member */
export function faultAt(error: Error | null, pointer: string): string | undefined {
  const faults = error instanceof Refusal ? error.faults.filter((fault) => isAt(fault, pointer)) : [];
  if (faults.length === 0) return undefined;
  return faults.map((fault) => `${fault.pointer.slice(pointer.length + 1)} ${fault.detail}`.trim()).join("; ");
}

/** Those that are said at no field. */
export function faultsElsewhere({ faults }: Refusal, pointers: readonly string[]): readonly Fault[] {
  return faults.filter((fault) => !pointers.some((pointer) => isAt(fault, pointer)));
}

function isAt(fault: Fault, pointer: string): boolean {
  return fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`);
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

function faultsIn(errors: unknown): Fault[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((fault: { readonly pointer?: unknown; readonly detail?: unknown } | null) => {
    const detail = textOf(fault?.detail);
    return detail === undefined ? [] : [{ pointer: textOf(fault?.pointer) ?? "", detail }];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
