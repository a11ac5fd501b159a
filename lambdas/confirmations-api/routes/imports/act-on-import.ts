/**
 * `POST /v1/imports/{jobId}/pause`, `…/resume`, `…/cancel`. To resume one that runs sends messages for its parts:
 * one that stands still for want of them goes on.
 */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp, ApiContext } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { Job, JobState } from "../../../../core/jobs/job.ts";
import { sendPartsOf } from "../send-parts.ts";
import { changeJob } from "../change-job.ts";
import { existingImport, type ImportParts, importResource, shownImport } from "./import-parts.ts";
import { importParam, importSchema } from "./import-schema.ts";

const ACTS = [
  {
    operation: "pauseImport",
    verb: "pause",
    summary: "Pause an import",
    description: "No further block is begun; what was accepted is delivered.",
    from: ["running"],
    to: "paused",
    sends: false,
  },
  {
    operation: "resumeImport",
    verb: "resume",
    summary: "Resume an import",
    description: "It goes on from where it was, also where it stands still though it is not paused.",
    from: ["paused"],
    to: "running",
    sends: true,
  },
  {
    operation: "cancelImport",
    verb: "cancel",
    summary: "Cancel an import",
    description: "For good. What was accepted stays and is delivered; the rest is not looked at.",
    from: ["running", "paused"],
    to: "canceled",
    sends: true,
  },
] as const;
type Act = (typeof ACTS)[number];

export function actOnImport(app: ApiApp, parts: ImportParts): void {
  for (const act of ACTS) {
    const route = createRoute({
      ...access(act.operation),
      method: "post",
      path: `/imports/{jobId}/${act.verb}`,
      tags: ["Imports"],
      summary: act.summary,
      description: act.description,
      request: { params: importParam },
      responses: {
        ...problems(act.operation, [404, 409]),
        200: { description: "As it is then", content: { "application/json": { schema: importSchema } } },
      },
    });
    app.openapi(route, async (c) => {
      const { jobId } = c.req.valid("param");
      const job = await carryOut(c, act, jobId, parts);
      if (act.sends) await sendPartsOf(job, importResource(job.jobId), "run", parts);
      return c.json(await shownImport({ job }, parts), 200);
    });
  }
}

function carryOut(c: ApiContext, act: Act, jobId: string, parts: ImportParts): Promise<Job> {
  const { operation, verb, to, sends } = act;
  const from: readonly JobState[] = act.from;
  const look = async () => {
    const found = await existingImport(parts, jobId, principalIn(c), operation);
    if ("upload" in found) throw conflict(verb, "waiting for its file");
    const { job } = found;
    if (job.state === to) return { job };
    if (!from.includes(job.state)) throw conflict(verb, job.state);
    return { job, change: {} };
  };
  return changeJob(c, { operation, resource: importResource(jobId), named: "The import", to, sends, look }, parts);
}

function conflict(verb: Act["verb"], state: string): ApiError {
  return new ApiError("API_IMPORT_CONFLICT", `got ${verb} for an import that is ${state}; GET shows its state.`);
}
