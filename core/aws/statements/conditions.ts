/** Conditions on the state of a row that the writes share, in PartiQL. */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import { number, type Target, type Update } from "./statement.ts";

const { confirmationState: state, stateVersion, failure, releaseNumber } = ATTRIBUTES;

/** Confirmed for another version, or not at all. Its parameter is the version. */
export const NOT_CONFIRMED = `(${state} IS MISSING OR ${state}<>'CONFIRMED' OR ${stateVersion}<>?)`;

/**
 * Neither confirmed nor given up because its content was changed, or for another version. Its parameter is the version.
 */
export const CONFIRMABLE =
  `(${state} IS MISSING OR ${stateVersion}<>? OR (${state}<>'CONFIRMED' AND ` +
  `(${state}<>'FAILED' OR ${failure}.code IS MISSING OR ${failure}.code<>'content_changed')))`;

const STATE_NOT_TERMINAL = `(${state}<>'CONFIRMED' AND ${state}<>'FAILED')`;

/** Settled for another version, or not at all. Its parameter is the version. */
export const NOT_TERMINAL = `(${state} IS MISSING OR ${STATE_NOT_TERMINAL} OR ${stateVersion}<>?)`;

export function atGeneration(update: Update, { version, release }: Target): Update {
  update.where("version=?", number(version));
  if (release === 0) return update.where(`(${releaseNumber} IS MISSING OR ${releaseNumber}=0)`);
  return update.where(`${releaseNumber}=?`, number(release));
}
