/** Messages of a job's parts, by which its work begins or goes on. */
import { ApiError } from "../../../core/api/api-error.ts";
import type { Job } from "../../../core/jobs/job.ts";
import { type PartId, partsOf, type Pass } from "../../../core/jobs/part.ts";

export interface SendPartsParts {
  /** @param afterMs milliseconds for which they are held back */
  readonly sendParts: (parts: readonly PartId[], afterMs: number) => Promise<void>;
}

/**
 * @param resource path of the job below `/v1/`
 * @param afterMs milliseconds for which they are held back
 * @throws ApiError where SQS took not all of them: they are sent again by whoever resumes the job
 */
export async function sendPartsOf(
  { jobId, kind, asked }: Job,
  resource: string,
  pass: Pass,
  { sendParts }: SendPartsParts,
  afterMs = 0,
): Promise<void> {
  try {
    await sendParts(partsOf(jobId, pass, asked.parts), afterMs);
  } catch (cause) {
    throw new ApiError(
      "API_UNAVAILABLE",
      `The ${kind} ${jobId} is noted, and its work could not be queued; send POST /v1/${resource}/resume.`,
      { headers: { location: `/v1/${resource}`, "retry-after": "1" }, cause },
    );
  }
}
