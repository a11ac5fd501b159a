/**
 * Where this console is and whose tokens it takes: read once, at start, from `/config.json`, which whoever serves the
 * files writes. So one build serves every account.
 */
export interface ConsoleConfig {
  /** As its tokens name it; `/.well-known/openid-configuration` below it has the rest. */
  readonly issuer: string;
  readonly clientId: string;
  /** As the issuer names them, `openid` among them. */
  readonly scopes: readonly string[];
  /** What the token is to be for, where the issuer wants to be told (`audience` of the request). */
  readonly audience?: string;
}

const PATH = "/config.json";

/** @throws Error that says what is wrong with the file */
export async function readConfig(get: typeof fetch = fetch): Promise<ConsoleConfig> {
  const response = await get(PATH);
  if (!response.ok) throw new Error(`${PATH} answered ${response.status}; expected the console's configuration.`);
  return parseConfig(await response.json());
}

export function parseConfig(given: unknown): ConsoleConfig {
  const { issuer, clientId, scopes, audience } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const faults = [
    ...(isUrl(issuer) ? [] : [`issuer: got ${said(issuer)}, expected a URL`]),
    ...(isText(clientId) ? [] : [`clientId: got ${said(clientId)}, expected a text`]),
    ...(isTexts(scopes) ? [] : [`scopes: got ${said(scopes)}, expected a list of texts`]),
    ...(audience === undefined || isText(audience) ? [] : [`audience: got ${said(audience)}, expected a text`]),
  ];
  if (faults.length > 0) throw new Error(`${PATH} cannot be used: ${faults.join("; ")}.`);
  return Object.freeze({
    issuer: issuer as string,
    clientId: clientId as string,
    scopes: scopes as string[],
    ...(audience !== undefined && { audience: audience as string }),
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

function isUrl(value: unknown): value is string {
  return isText(value) && URL.canParse(value);
}

function said(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
