/** The API of a profile. Its token comes anew for each command, and is kept nowhere. */
import { readFileSync } from "node:fs";
import { CommandFailure, wrongLine } from "../frame/command-failure.ts";
import type { Surroundings } from "../frame/surroundings.ts";
import { type ApiPlace, type TokenWish, withoutVersion } from "./place.ts";
import { profileName, safeUrl, type SecretPlace, type TokenSource } from "./profile.ts";
import { readProfiles } from "./profiles-file.ts";
import { requestToken } from "./request-token.ts";

export function profilePlace(name: string, around: Surroundings): ApiPlace {
  const profiles = readProfiles(around.configDirectory);
  const known = Object.hasOwn(profiles, profileName(name)) ? profiles[name] : undefined;
  if (known === undefined) {
    const names = Object.keys(profiles);
    const there = names.length === 0 ? "there is none" : `there are ${names.join(", ")}`;
    throw wrongLine(`There is no profile ${name}, ${there}; make it with \`npx confirmations profile set\``);
  }
  return {
    url: withoutVersion(safeUrl(`The URL of profile ${name}`, known.url)),
    remedy: `see \`npx confirmations profile show ${name}\``,
    isLocal: false,
    token: (wish) => tokenOf(name, known.access, around, wish),
  };
}

async function tokenOf(name: string, access: TokenSource, around: Surroundings, wish?: TokenWish): Promise<string> {
  if (wish !== undefined && Object.keys(wish).length > 0)
    throw wrongLine(`What a token of profile ${name} is for is decided by its issuer; only a local one is asked`);
  if (access.from === "token") return secretAt(access.token, `The access token of profile ${name}`, around);
  const { tokenUrl, clientId, clientSecret, scope, audience } = access;
  const secret = secretAt(clientSecret, `The client's secret of profile ${name}`, around);
  return requestToken(
    around.fetch,
    {
      url: safeUrl(`The token URL of profile ${name}`, tokenUrl),
      what: `The issuer of profile ${name}`,
      remedy: `see \`npx confirmations profile show ${name}\``,
      client: { id: clientId, secret },
    },
    { ...(scope !== undefined && { scope }), ...(audience !== undefined && { audience }) },
  );
}

function secretAt(place: SecretPlace, what: string, { environment }: Surroundings): string {
  if ("value" in place) return place.value;
  const where = "variable" in place ? `the variable ${place.variable}` : place.file;
  const text = "variable" in place ? environment[place.variable] : fileText(place.file);
  const secret = text?.trim() ?? "";
  if (secret !== "") return secret;
  throw new CommandFailure("noAccess", `${what} is to be in ${where}, which is empty or not there; put it there.`);
}

function fileText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
