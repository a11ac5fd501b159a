/** The page of the command line, made from its own help, so that both say the same. */
import { join } from "node:path";
import { format } from "oxfmt";
import { commandLine } from "../../bin/confirmations/command-line.ts";
import { EXIT_CODES } from "../../bin/confirmations/frame/exit-codes.ts";

export const COMMAND_LINE_PAGE = join(import.meta.dirname, "../../docs/using/command-line.md");

const COLUMNS = 100;

const INTRODUCTION = `# The command line

\`npx confirmations\` does what people do with the pipeline: submit transactions, see what became of them, keep
merchants, pause, follow a trace, verify a manifest. It is a client of the [API](api.md) and does nothing that the API
does not. This page is made from its help by \`npm run command-line-page\`.

## Where it works

- **On this machine**, unless something else is said: on the stack of \`npm start\`, found by its state directory
  (\`.local\`; \`--state\` or \`CONFIRMATIONS_STATE\` names another). Its own issuer gives the access token.
- **On a deployed API**: \`--profile <name>\` or \`CONFIRMATIONS_PROFILE\`, kept with \`profile set\`. A profile says
  where the token comes from: a variable, a file, or an issuer that is asked with client credentials. Profiles are in
  \`~/.config/confirmations/profiles.json\` (\`XDG_CONFIG_HOME\` is obeyed), readable by you alone. A secret is in it
  only where \`--store\` says so.

\`\`\`sh
npx confirmations profile set live --url https://….execute-api.us-east-1.amazonaws.com/prod/v1 \\
  --token-url https://issuer.example/oauth2/token --client-id ops --client-secret-file ~/.ops-secret
npx confirmations list --merchant acme --profile live
\`\`\`

In a checkout it runs after \`npm ci\`, on any Node from 20 on. An app that has the pipeline
[as a library](as-a-library.md) has it too, with the Node that the package asks for.

## For programs

\`--json\` prints the API's answer as one JSON document on standard output, and nothing else there. Progress is on
standard error, on a terminal alone. Errors are one sentence on standard error, with the API's request id. Lines of
tables have no frames and no colours, so that \`grep\` and \`awk\` can read them.

## Exit codes

| code | meaning |
| ---- | ------- |
`;

/** Formatted as all pages are. */
export async function commandLinePage(): Promise<string> {
  const codes = Object.values(EXIT_CODES).map(({ code, says }) => `| ${code} | ${says} |\n`);
  const help: string[] = [];
  const program = commandLine(() => async () => undefined, {
    write: (text) => help.push(text),
    writeError: () => undefined,
    columns: COLUMNS,
  });
  const sections = leavesOf(program).map((leaf) => {
    help.length = 0;
    leaf.command.outputHelp();
    return `### ${leaf.path.join(" ")}\n\n\`\`\`\n${help.join("").trimEnd()}\n\`\`\`\n`;
  });
  const page = `${INTRODUCTION}${codes.join("")}\n## Commands\n\n${sections.join("\n")}`;
  return (await format("command-line.md", page, { printWidth: 120 })).code;
}

interface AnyCommand {
  readonly commands: readonly unknown[];
  name(): string;
  outputHelp(): void;
}

function leavesOf(
  command: AnyCommand,
  path: readonly string[] = [],
): { command: AnyCommand; path: readonly string[] }[] {
  if (command.commands.length === 0) return [{ command, path }];
  return (command.commands as readonly AnyCommand[]).flatMap((inner) => leavesOf(inner, [...path, inner.name()]));
}
