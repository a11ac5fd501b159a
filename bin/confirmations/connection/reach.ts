/** One request over the network, with a bound; what does not come back is said with what to do about it. */
import { errorLine } from "../../../core/errors/error-fields.ts";
import { CommandFailure } from "../frame/command-failure.ts";

/** API Gateway itself gives up after 29 seconds. */
const TIMEOUT_MS = 35_000;

export interface Reached {
  /** `the API at http://…`, for a sentence. */
  readonly what: string;
  /** What to do when it is not there. */
  readonly remedy: string;
}

/** Redirects are not followed: the access token would go with them. */
export async function reach(
  fetcher: typeof fetch,
  request: Request | string,
  init: RequestInit,
  { what, remedy }: Reached,
): Promise<Response> {
  const bounds = [AbortSignal.timeout(TIMEOUT_MS), ...(request instanceof Request ? [request.signal] : [])];
  try {
    return await fetcher(request, { redirect: "manual", signal: AbortSignal.any(bounds), ...init });
  } catch (cause) {
    const isLate = (cause as Error).name === "TimeoutError";
    const why = isLate ? `no answer within ${TIMEOUT_MS / 1000} s` : whyOf(cause);
    throw new CommandFailure("unreachable", `${what} cannot be reached (${why}); ${remedy}.`, { cause });
  }
}

/** `fetch failed` says nothing; its cause does. */
function whyOf(error: unknown): string {
  const { cause, message } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message ?? errorLine(error);
}
