/** One request through undici's handler interface: no stream is made for an answer that is wanted as one text. */
import type { Dispatcher } from "undici";

/** The service answered, but not with 200. */
class AnsweredOtherwiseError extends Error {}

const OK = 200;
/** Characters of an answer that are told. */
const MAX_TOLD = 300;

/** @returns the body of a 200. @throws an Error for any other status, and those of the connection */
export function receive(
  dispatcher: Dispatcher,
  request: Omit<Dispatcher.DispatchOptions, "origin">,
  abortSignal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const chunks: Buffer[] = [];
    let unlisten: (() => void) | undefined;
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        if (abortSignal === undefined) return;
        const abort = () => controller.abort(abortSignal.reason as Error);
        if (abortSignal.aborted) return abort();
        abortSignal.addEventListener("abort", abort, { once: true });
        unlisten = () => abortSignal.removeEventListener("abort", abort);
      },
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        unlisten?.();
        const [first] = chunks;
        const text = (chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)).toString();
        if (status === OK) resolve(text);
        else reject(new AnsweredOtherwiseError(`answered ${status}: ${text.slice(0, MAX_TOLD)}`));
      },
      onResponseError(_controller, error) {
        unlisten?.();
        reject(error);
      },
    });
  });
}
