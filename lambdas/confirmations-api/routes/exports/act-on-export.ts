/**
 * `POST /v1/exports/{jobId}/pause`, `…/resume`, `…/cancel`. To resume one that runs sends messages for its work: one
 * that stands still for want of them goes on.
 */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { JobState } from "../../../../core/jobs/job.ts";
import { sendPartsOf } from "../send-parts.ts";
import { changeJob } from "../change-job.ts";
import { existingExport, type ExportParts, exportResource, shownExport } from "./export-parts.ts";
import { exportParam, exportSchema } from "./export-schema.ts";

const ACTS = [
  {
    operation: "pauseExport",
    verb: "pause",
    summary: "Pause an export",
    description: "Within seconds nothing more is read.",
    from: ["running"],
    to: "paused",
    sends: false,
  },
  {
    operation: "resumeExport",
    verb: "resume",
    summary: "Resume an export",
    description:
      "It goes on from where it was, also where it stands still though it is not paused; from the beginning where it " +
      "was paused for a day.",
    from: ["paused"],
    to: "running",
    sends: true,
  },
  {
    operation: "cancelExport",
    verb: "cancel",
    summary: "Cancel an export",
    description: "For good, and there is no file.",
    from: ["running", "paused"],
    to: "canceled",
    sends: true,
  },
] as const;

export function actOnExport(app: ApiApp, parts: ExportParts): void {
  for (const { operation, verb, summary, description, to, sends, ...act } of ACTS) {
    const from: readonly JobState[] = act.from;
    const route = createRoute({
      ...access(operation),
      method: "post",
      path: `/exports/{jobId}/${verb}`,
      tags: ["Exports"],
      summary,
      description,
      request: { params: exportParam },
      responses: {
        ...problems(operation, [404, 409]),
        200: { description: "As it is then", content: { "application/json": { schema: exportSchema } } },
      },
    });
    app.openapi(route, async (c) => {
      const { jobId } = c.req.valid("param");
      const look = async () => {
        const found = await existingExport(parts, jobId, principalIn(c), operation);
        if (found.state === to) return { job: found };
        if (!from.includes(found.state)) throw conflict(verb, found.state);
        return { job: found, change: {} };
      };
      const asked = { operation, resource: exportResource(jobId), named: "The export", to, sends, look };
      const job = await changeJob(c, asked, parts);
      if (sends) await sendPartsOf(job, exportResource(job.jobId), "run", parts);
      return c.json(await shownExport(job, parts), 200);
    });
  }
}

function conflict(verb: string, state: string): ApiError {
  return new ApiError("API_EXPORT_CONFLICT", `got ${verb} for an export that is ${state}; GET shows its state.`);
}
