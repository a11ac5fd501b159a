/** Waits for what comes of a call of a merchant that was asked for, a test event or a challenge, and shows it. */
import type { components } from "../../api/api-types.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import type { Session } from "../../frame/session.ts";
import { pairs } from "../../show/output.ts";
import { printable } from "../../show/printable.ts";

export type AskedCall = components["schemas"]["MerchantTest"];

const LOOK_EVERY_MS = 500;

/** @param what it is, for a person. @param look at what became of it */
export async function waitForCall(
  { around }: Session,
  asked: AskedCall,
  seconds: number,
  what: string,
  look: (jobId: string) => Promise<AskedCall>,
): Promise<AskedCall> {
  const until = around.nowMs() + seconds * 1000;
  let call = asked;
  while (call.state !== "done") {
    if (around.nowMs() + LOOK_EVERY_MS > until)
      throw new CommandFailure(
        "refused",
        `The ${what} ${call.jobId} was not made within ${seconds} s; see whether the worker runs`,
      );
    await around.sleep(LOOK_EVERY_MS);
    call = await look(call.jobId);
  }
  return call;
}

/** @param name of what it is, such as `test` */
export function callText(name: string, { jobId, outcome, error, durationMs, request, response }: AskedCall): string {
  const lines = [pairs({ [name]: jobId, outcome, error, took: durationMs && `${Math.round(durationMs)} ms` })];
  if (request !== undefined) lines.push("", `POST ${request.url}`, ...headerLines(request.headers), "", request.body);
  if (response !== undefined)
    lines.push("", `HTTP ${response.status}`, ...headerLines(response.headers), "", response.body ?? "");
  return lines
    .map((line) => line.split("\n").map(printable).join("\n"))
    .join("\n")
    .trimEnd();
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
