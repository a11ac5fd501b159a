/**
 * `POST /v1/restores/{jobId}/apply`, `…/pause`, `…/resume`, `…/cancel`. An act is noted where it changes something; one
 * that came to pass already is shown as it is. To resume one that runs sends messages for its parts again.
 */
import { createRoute } from "@hono/zod-openapi";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import type { Job, JobState } from "../../../../core/jobs/job.ts";
import { passOf } from "../../../../core/jobs/part.ts";
import { isDecision, PLAN_HOLDS_DAYS, restoreSpecOf } from "../../../../core/jobs/restore/spec.ts";
import { changeJob } from "../change-job.ts";
import { sendPartsOf } from "../send-parts.ts";
import { conflict } from "./create-restore.ts";
import { existingRestore, type RestoreParts, restoreResource, shownRestore } from "./restore-parts.ts";
import { restoreParam, restoreSchema } from "./restore-schema.ts";

const PLAN_HOLDS_MS = PLAN_HOLDS_DAYS * 86_400_000;

interface Act {
  readonly operation: Extract<OperationId, "applyRestore" | "pauseRestore" | "resumeRestore" | "cancelRestore">;
  readonly verb: "apply" | "pause" | "resume" | "cancel";
  readonly summary: string;
  readonly description: string;
  readonly from: readonly JobState[];
  readonly to: JobState;
  /** States in which there is nothing to change. */
  readonly already: readonly JobState[];
  readonly sends: boolean;
}

const ACTS: readonly Act[] = [
  {
    operation: "applyRestore",
    verb: "apply",
    summary: "Apply a restore that was planned",
    description:
      "Each row is compared anew and written on the condition that it is as it was read: what became terminal since " +
      "the plan stays. What is unknown is written too, and nobody calls it before a person decides. A plan holds for " +
      `${PLAN_HOLDS_DAYS} days.`,
    from: ["counted"],
    to: "running",
    already: ["running", "done"],
    sends: true,
  },
  {
    operation: "pauseRestore",
    verb: "pause",
    summary: "Pause a restore",
    description: "Within a second or two nothing more is written.",
    from: ["running"],
    to: "paused",
    already: ["paused"],
    sends: false,
  },
  {
    operation: "resumeRestore",
    verb: "resume",
    summary: "Resume a restore",
    description: "It goes on from where it was, also where it stands still though it is not paused.",
    from: ["paused"],
    to: "running",
    already: ["running", "counting"],
    sends: true,
  },
  {
    operation: "cancelRestore",
    verb: "cancel",
    summary: "Cancel a restore",
    description: "For good; what was written stays. The table's time to live is turned on again.",
    from: ["counting", "counted", "running", "paused"],
    to: "canceled",
    already: ["canceled"],
    sends: true,
  },
];

export function actOnRestore(app: ApiApp, parts: RestoreParts): void {
  for (const act of ACTS) {
    const route = createRoute({
      ...access(act.operation),
      method: "post",
      path: `/restores/{jobId}/${act.verb}`,
      tags: ["Operations"],
      summary: act.summary,
      description: act.description,
      request: { params: restoreParam },
      responses: {
        ...problems(act.operation, [404, 409]),
        200: { description: "As it is then", content: { "application/json": { schema: restoreSchema } } },
      },
    });
    app.openapi(route, async (c) => {
      const job = await carryOut(c, act, c.req.valid("param").jobId, parts);
      if (act.sends && job.doneAt === undefined) await sendPartsOf(job, restoreResource(job.jobId), passOf(job), parts);
      return c.json(await shownRestore(job, parts), 200);
    });
  }
}

function carryOut(c: ApiContext, act: Act, jobId: string, parts: RestoreParts): Promise<Job> {
  const { operation, to, sends } = act;
  const look = async (now: number) => {
    const job = await existingRestore(parts, jobId);
    const { state } = job;
    if (act.already.includes(state)) return { job };
    if (!act.from.includes(state))
      throw conflict(`got ${act.verb} for a restore that is ${state}, expected one that is ${act.from.join(" or ")}`);
    // What was found is kept for some days beyond that, and without it rows would be sent that were confirmed.
    if (to === "running" && now - job.asked.createdAt > PLAN_HOLDS_MS && !isDecision(restoreSpecOf(job)))
      throw conflict(
        `got ${act.verb} for a plan of ${new Date(job.asked.createdAt).toISOString()}, ` +
          `expected one of the last ${PLAN_HOLDS_DAYS} days; cancel it and plan anew`,
      );
    return { job, change: act.verb === "apply" ? { startedAt: now } : {} };
  };
  return changeJob(c, { operation, resource: restoreResource(jobId), named: "The restore", to, sends, look }, parts);
}
