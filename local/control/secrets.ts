/**
 * The template's secrets on this machine: generated once, as Secrets Manager would, and kept in the state directory, so
 * that signatures stay valid over restarts. The file is for its owner's eyes only.
 */
import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { numberOf, objectOf, optionalText, type ResolvedResource } from "../assembly/template.ts";
import { type ControlResponse, refusal } from "./protocols.ts";

/** Secret texts by ARN. */
export type Secrets = Readonly<Record<string, string>>;

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const DEFAULT_LENGTH = 32;
const OWNER_ONLY = 0o600;

/** Secrets Manager's GetSecretValue. @param secretId an ARN or a name */
export function respondWithSecret(secretId: string, secrets: Secrets): ControlResponse {
  const found = Object.entries(secrets).find(([arn]) => arn === secretId || arn.endsWith(`:secret:${secretId}`));
  if (found === undefined)
    return refusal(400, "ResourceNotFoundException", `Secrets Manager can't find the specified secret ${secretId}.`);
  const [arn, text] = found;
  return {
    status: 200,
    body: {
      ARN: arn,
      Name: arn.slice(arn.lastIndexOf(":") + 1),
      SecretString: text,
      VersionId: "local",
      VersionStages: ["AWSCURRENT"],
    },
  };
}

export function keepSecrets(file: string, secrets: readonly (ResolvedResource & { readonly arn: string })[]): Secrets {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
  for (const secret of secrets) kept[secret.arn] ??= optionalText(secret, "SecretString") ?? generate(secret);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(kept, undefined, 1), { mode: OWNER_ONLY });
  return kept;
}

/** The secret that a task definition names: an ARN, or `<arn>:<key of the JSON object>:<stage>:<version>`. */
export function valueFrom(secrets: Secrets, reference: string): string | undefined {
  const whole = secrets[reference];
  if (whole !== undefined) return whole;
  const arn = Object.keys(secrets).find((candidate) => reference.startsWith(`${candidate}:`));
  if (arn === undefined) return undefined;
  const key = reference.slice(arn.length + 1).split(":")[0] ?? "";
  const text = secrets[arn] ?? "";
  if (key === "") return text;
  const value = (JSON.parse(text) as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
}

function generate(secret: ResolvedResource): string {
  const rules = objectOf(secret, "GenerateSecretString");
  const generation: ResolvedResource = { ...secret, properties: rules };
  const excludes = (name: string): boolean => rules[name] === true;
  const excluded = optionalText(generation, "ExcludeCharacters") ?? "";
  const alphabet = [
    excludes("ExcludeLowercase") ? "" : LOWER,
    excludes("ExcludeUppercase") ? "" : UPPER,
    excludes("ExcludeNumbers") ? "" : DIGITS,
    excludes("ExcludePunctuation") ? "" : PUNCTUATION,
    rules["IncludeSpace"] === true ? " " : "",
  ]
    .join("")
    .split("")
    .filter((character) => !excluded.includes(character));
  const length = numberOf(generation, "PasswordLength", DEFAULT_LENGTH);
  const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
  const key = optionalText(generation, "GenerateStringKey");
  if (key === undefined) return password;
  return JSON.stringify({
    ...(JSON.parse(optionalText(generation, "SecretStringTemplate") ?? "{}") as object),
    [key]: password,
  });
}
