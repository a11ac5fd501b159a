/**
 * Takes the values of secret headers, a token among them, out of what is kept of a call: an endpoint may answer with
 * all that it was sent. Calls without secrets pay nothing for it.
 */
import type { AttemptOutcome } from "../retry/next-step.ts";
import type { Call } from "./attempt.ts";

export type SentHeaders = Readonly<Record<string, string>>;

const HIDDEN = "[secret]";
/** Shorter ones are in any text. */
const LEAST_CHARACTERS = 5;
const SCHEME = /^(?:basic|bearer) +/i;

export function withoutSecretHeaders(headers: SentHeaders, { secretNames = [] }: Call): SentHeaders {
  if (secretNames.length === 0) return headers;
  const names = Object.keys(headers);
  return Object.fromEntries(names.map((name) => [name, secretNames.includes(name) ? HIDDEN : (headers[name] ?? "")]));
}

/** The same outcome, with nothing secret in what was kept of the response. */
export function withoutSecrets<Outcome extends AttemptOutcome>(outcome: Outcome, call: Call): Outcome {
  const { answer } = outcome;
  return answer === undefined ? outcome : { ...outcome, answer: withoutSecretText(answer, call) };
}

export function withoutSecretText(text: string, call: Call): string {
  let hidden = text;
  for (const value of secretValues(call)) hidden = hidden.replaceAll(value, HIDDEN);
  return hidden;
}

function secretValues({ headerLines = "", secretNames = [] }: Call): string[] {
  if (secretNames.length === 0) return [];
  const values = headerLines.split("\r\n").flatMap((line) => {
    const colon = line.indexOf(": ");
    const value = line.slice(colon + 2);
    return secretNames.includes(line.slice(0, colon)) ? [value, value.replace(SCHEME, "")] : [];
  });
  return values.filter((value) => value.length >= LEAST_CHARACTERS);
}
