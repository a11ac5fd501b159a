/**
 * The one way an error gets into a log line: as fields, so that its name, code, class, ids and causes can be searched
 * for. A text of it would keep none of them; a test looks for such texts in the whole source.
 */
import { errorFields, errorIds } from "../errors/error-fields.ts";
import type { ErrorIds } from "../errors/pipeline-error.ts";

export type Log = (message: string, details: Readonly<Record<string, unknown>>) => void;

/** @param ids what else the line is about; ids that the error brings with it are on the line as well */
export function logError(
  log: Log,
  message: string,
  error: unknown,
  ids: ErrorIds & Record<string, unknown> = {},
): void {
  log(message, { ...errorIds(error), ...ids, error: errorFields(error) });
}
