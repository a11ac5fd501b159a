/**
 * From a refusal of the API to one sentence with the remedy and the request id. API Gateway's own refusals may come in
 * another form, and whatever stands between may answer anything.
 */
import { CommandFailure } from "../frame/command-failure.ts";
import { printable } from "../show/printable.ts";

const MAX_TEXT = 500;
const TOO_MANY = 429;

export function failureOf(error: unknown, response: Response | undefined, url: string): CommandFailure {
  const { status = 0, headers } = response ?? {};
  const problem = (typeof error === "object" && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const requestId = textOf(problem["requestId"]) ?? headers?.get("x-request-id") ?? headers?.get("x-amzn-requestid");
  const request = requestId === undefined || requestId === null ? "" : ` Request ${printable(requestId)}.`;
  return new CommandFailure(reasonOf(status), `${sentenceOf(problem, status, url)}${request}`, {
    isPassing: status === TOO_MANY || status >= 500,
  });
}

function reasonOf(status: number): "noAccess" | "notFound" | "refused" {
  if (status === 401 || status === 403) return "noAccess";
  return status === 404 ? "notFound" : "refused";
}

function sentenceOf(problem: Readonly<Record<string, unknown>>, status: number, url: string): string {
  const [title, detail] = [textOf(problem["title"]), textOf(problem["detail"])];
  if (title === undefined || detail === undefined) {
    const said = textOf(problem["message"]);
    const answer =
      status === 0 ? "with what is none of its answers" : `${status}${said === undefined ? "" : ` (${said})`}`;
    return `The API at ${url} answered ${answer}; see whether its address is right and its access token holds.`;
  }
  // What the detail says already is not said twice.
  const faults = faultsIn(problem["errors"]).filter(({ detail: fault }) => !detail.includes(fault));
  const parts = [...faults.map(({ text }) => text), ...differencesIn(problem["differences"])];
  return `${title}: ${detail.replace(/\.$/, "")}${parts.length === 0 ? "" : ` (${parts.join("; ")})`}.`;
}

function faultsIn(errors: unknown): { readonly text: string; readonly detail: string }[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((fault: { readonly pointer?: unknown; readonly detail?: unknown } | null) => {
    const [pointer, detail] = [textOf(fault?.pointer) ?? "", textOf(fault?.detail)];
    if (detail === undefined) return [];
    const said = detail.replace(/\.$/, "");
    return [{ text: pointer === "" ? said : `${pointer} ${said}`, detail: said }];
  });
}

function differencesIn(differences: unknown): string[] {
  if (!Array.isArray(differences) || differences.length === 0) return [];
  return [`different: ${differences.map((name) => textOf(name) ?? "").join(", ")}`];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? printable(value.slice(0, MAX_TEXT)) : undefined;
}
