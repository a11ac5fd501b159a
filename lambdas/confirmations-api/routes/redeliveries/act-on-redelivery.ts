/**
 * `POST /v1/redeliveries/{jobId}/start`, `…/pause`, `…/resume`, `…/cancel`. An act is noted where it changes
 * something; one that came to pass already is answered as it is. To resume one that runs sends messages for its parts
 * again: one that stands still for want of them goes on.
 */
import { createRoute } from "@hono/zod-openapi";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { Job, JobState } from "../../../../core/jobs/job.ts";
import { passOf } from "../../../../core/jobs/part.ts";
import { changeJob } from "../change-job.ts";
import { sendPartsOf } from "../send-parts.ts";
import { existingRedelivery, type RedeliveryParts, redeliveryResource, shown } from "./redelivery-parts.ts";
import { redeliveryParam, redeliverySchema } from "./redelivery-schema.ts";

interface Act {
  readonly operation: Extract<
    OperationId,
    "startRedelivery" | "pauseRedelivery" | "resumeRedelivery" | "cancelRedelivery"
  >;
  readonly verb: "start" | "pause" | "resume" | "cancel";
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
    operation: "startRedelivery",
    verb: "start",
    summary: "Start what a dry run has counted",
    description:
      "What the filter matches as of the dry run is sent; what has changed since is skipped. One that was started is " +
      "shown as it is.",
    from: ["counted"],
    to: "running",
    already: ["running", "done"],
    sends: true,
  },
  {
    operation: "pauseRedelivery",
    verb: "pause",
    summary: "Pause a redelivery",
    description: "Within a second or two nothing more is sent; what was sent comes to its end.",
    from: ["running"],
    to: "paused",
    already: ["paused"],
    sends: false,
  },
  {
    operation: "resumeRedelivery",
    verb: "resume",
    summary: "Resume a redelivery",
    description: "It goes on from where it was, also where it stands still though it is not paused.",
    from: ["paused"],
    to: "running",
    already: ["running", "counting"],
    sends: true,
  },
  {
    operation: "cancelRedelivery",
    verb: "cancel",
    summary: "Cancel a redelivery",
    description: "For good. What was sent comes to its end, and the counts with it.",
    from: ["counting", "counted", "running", "paused"],
    to: "canceled",
    already: ["canceled"],
    sends: true,
  },
];
export function actOnRedelivery(app: ApiApp, parts: RedeliveryParts): void {
  for (const act of ACTS) {
    const route = createRoute({
      ...access(act.operation),
      method: "post",
      path: `/redeliveries/{jobId}/${act.verb}`,
      tags: ["Redeliveries"],
      summary: act.summary,
      description: act.description,
      request: { params: redeliveryParam },
      responses: {
        ...problems(act.operation, [404, 409]),
        200: { description: "As it is then", content: { "application/json": { schema: redeliverySchema } } },
      },
    });
    app.openapi(route, async (c) => {
      const { jobId } = c.req.valid("param");
      const job = await carryOut(c, act, jobId, parts);
      if (act.sends) await sendPartsOf(job, redeliveryResource(job.jobId), passOf(job), parts);
      return c.json(await shown(job, parts), 200);
    });
  }
}

function carryOut(c: ApiContext, act: Act, jobId: string, parts: RedeliveryParts): Promise<Job> {
  const { operation, to, sends } = act;
  const look = async (now: number) => {
    const job = await existingRedelivery(parts, jobId, principalIn(c), operation);
    const { state } = job;
    if (act.already.includes(state)) return { job };
    if (!act.from.includes(state)) throw conflict(act, state);
    // Nothing of it is under way that anybody would wait for.
    const isOver = to === "canceled" && (state === "counting" || state === "counted");
    return { job, change: { ...(act.verb === "start" && { startedAt: now }), ...(isOver && { doneAt: now }) } };
  };
  const asked = { operation, resource: redeliveryResource(jobId), named: "The redelivery", to, sends, look };
  return changeJob(c, asked, parts);
}

function conflict({ verb, from }: Act, state: JobState): ApiError {
  const expected = from.join(" or ");
  return new ApiError(
    "API_REDELIVERY_CONFLICT",
    `got ${verb} for a redelivery that is ${state}, expected one that is ${expected}.`,
  );
}
