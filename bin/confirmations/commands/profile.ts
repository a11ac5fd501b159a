/**
 * `npx confirmations profile`: deployed APIs by name. A profile says where its access token or its client's secret is;
 * a secret itself is kept only with `--store`, read from standard input, never from the command line.
 */
import type { Command } from "@commander-js/extra-typings";
import { profileName, safeUrl, type SecretPlace, type TokenSource } from "../connection/profile.ts";
import { profilesFile, readProfiles, writeProfiles } from "../connection/profiles-file.ts";
import { CommandFailure, wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { fileText } from "../frame/values.ts";
import { pairs, table } from "../show/output.ts";

type Given = {
  readonly url?: string;
  readonly tokenVariable?: string;
  readonly tokenFile?: string;
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly clientSecretVariable?: string;
  readonly clientSecretFile?: string;
  readonly store?: true;
  readonly scope?: string;
  readonly audience?: string;
};

export function profileCommands(parent: Command, run: Run): void {
  const profile = parent.command("profile").description("Keeps deployed APIs by name, for --profile");
  setCommand(profile, run);
  leaf(profile, "list", "Lists the profiles")
    .addHelpText("after", examples("profile list"))
    .action(
      run(async ({ output, around }) => {
        const profiles = readProfiles(around.configDirectory);
        const rows = Object.entries(profiles).map(([name, { url, access }]) => [name, url, describeAccess(access)]);
        const shown = rows.map(([name, url, token]) => ({ name, url, token }));
        output.show({ profiles: shown }, () =>
          rows.length === 0 ? "There is none; make one with `profile set`." : table(["profile", "url", "token"], rows),
        );
      }),
    );
  leaf(profile, "show", "Shows a profile, without secrets")
    .argument("<name>", "of the profile", profileName)
    .addHelpText("after", examples("profile show live"))
    .action(
      run(async ({ output, around }, name) => {
        const { url, access } = profileNamed(name, around.configDirectory);
        const shown = { name, url, token: describeAccess(access), file: profilesFile(around.configDirectory) };
        output.show(shown, () => pairs(shown));
      }),
    );
  leaf(profile, "delete", "Forgets a profile")
    .argument("<name>", "of the profile", profileName)
    .addHelpText("after", examples("profile delete live"))
    .action(
      run(async ({ output, around }, name) => {
        profileNamed(name, around.configDirectory);
        const { [name]: _gone, ...others } = readProfiles(around.configDirectory);
        writeProfiles(around.configDirectory, others);
        output.show({ deleted: name }, () => `Forgot ${name}.`);
      }),
    );
}

function setCommand(profile: Command, run: Run): void {
  leaf(profile, "set", "Keeps a deployed API, and how its access token comes")
    .argument("<name>", "of the profile", profileName)
    .option("--url <url>", "of the API: output ApiUrl of the stack")
    .option("--token-variable <name>", "its access token is in this variable")
    .option("--token-file <file>", "its access token is in this file")
    .option("--token-url <url>", "token endpoint of an issuer, asked with client credentials")
    .option("--client-id <id>", "of the client at the issuer")
    .option("--client-secret-variable <name>", "the client's secret is in this variable")
    .option("--client-secret-file <file>", "the client's secret is in this file")
    .option("--store", "reads the token, or the client's secret, from standard input and keeps it in the profile")
    .option("--scope <scopes>", "scopes to ask the issuer for, with their prefix, separated by spaces")
    .option("--audience <audience>", "audience to ask the issuer for")
    .addHelpText(
      "after",
      examples(
        "profile set live --url https://….amazonaws.com/prod/v1 --token-variable LIVE_TOKEN",
        "profile set live --url https://… --token-url https://issuer.example/oauth2/token --client-id ops \\\n" +
          "    --client-secret-file ~/.ops-secret",
      ),
    )
    .action(
      run(async (session, name, options: Given) => {
        const { configDirectory } = session.around;
        if (options.url === undefined) throw wrongLine("A profile needs --url, the output ApiUrl of the stack");
        const entry = { url: safeUrl("--url", options.url), access: await accessOf(options, session) };
        writeProfiles(configDirectory, { ...readProfiles(configDirectory), [name]: entry });
        const token = describeAccess(entry.access);
        session.output.show({ name, url: entry.url, token }, () => `Kept ${name}: ${entry.url}, ${token}.`);
      }),
    );
}

async function accessOf(given: Given, session: Session): Promise<TokenSource> {
  const { tokenVariable, tokenFile, tokenUrl, clientId, clientSecretVariable, clientSecretFile } = given;
  const isClient = tokenUrl !== undefined || clientId !== undefined;
  const [variable, file] = isClient ? [clientSecretVariable, clientSecretFile] : [tokenVariable, tokenFile];
  const others = isClient
    ? [tokenVariable, tokenFile]
    : [clientSecretVariable, clientSecretFile, given.scope, given.audience];
  if (others.some((value) => value !== undefined))
    throw wrongLine("An access token of one's own and an issuer that gives one are two ways, give one of them");
  const what = isClient
    ? "--client-secret-variable, --client-secret-file"
    : "--token-variable, --token-file, --token-url";
  const places = [variable, file, given.store].filter((value) => value !== undefined);
  if (places.length !== 1) throw wrongLine(`Expected one of ${what} or --store, got ${places.length}`);
  const place = await placeOf({ variable, file }, session);
  if (!isClient) return { from: "token", token: place };
  if (tokenUrl === undefined || clientId === undefined) throw wrongLine("--token-url and --client-id go together");
  const { scope, audience } = given;
  return {
    from: "client credentials",
    tokenUrl: safeUrl("--token-url", tokenUrl),
    clientId,
    clientSecret: place,
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
  };
}

async function placeOf(
  { variable, file }: { readonly variable: string | undefined; readonly file: string | undefined },
  { around }: Session,
): Promise<SecretPlace> {
  if (variable !== undefined) return { variable };
  if (file !== undefined) return { file };
  const value = (await fileText("-", around)).trim();
  if (value === "") throw wrongLine("Standard input is empty; expected the secret to keep");
  return { value };
}

function profileNamed(name: string, configDirectory: string) {
  const profiles = readProfiles(configDirectory);
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found !== undefined) return found;
  throw new CommandFailure("notFound", `There is no profile ${name}; \`npx confirmations profile list\` has all.`);
}

function describeAccess(access: TokenSource): string {
  if (access.from === "token") return `token ${describePlace(access.token)}`;
  return `token of ${access.tokenUrl} for client ${access.clientId}, secret ${describePlace(access.clientSecret)}`;
}

function describePlace(place: SecretPlace): string {
  if ("variable" in place) return `in the variable ${place.variable}`;
  return "file" in place ? `in the file ${place.file}` : "kept in the profile";
}
