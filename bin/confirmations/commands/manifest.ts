/** `npx confirmations manifest`: days that a merchant has signed manifests of, their files, and whether they hold. */
import { type Command, Option } from "@commander-js/extra-typings";
import type { components } from "../api/api-types.ts";
import { shortly } from "../../../core/settings/settings-faults.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { saveFiles } from "./manifest/save-files.ts";
import { verifyManifests } from "./manifest/verify-manifests.ts";

type ManifestFile = components["schemas"]["ManifestFilePage"]["items"][number];

const PAGE = 100;

export function manifestCommands(parent: Command, run: Run): void {
  const manifest = parent
    .command("manifest")
    .description("Lists, gets and verifies signed manifests of merchants' days");
  leaf(manifest, "list", "Lists the days that a merchant has manifests of, oldest first")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addOption(new Option("--from <day>", "first day, such as 2026-11-22").argParser(dayFrom))
    .addHelpText("after", examples("manifest list acme", "manifest list acme --from 2026-11-01 --json"))
    .action(
      run(async (session, merchantId, { from }) => {
        const items: { day: string }[] = [];
        let cursor: string | undefined;
        do {
          const query = { limit: PAGE, ...(from !== undefined && { from }), ...(cursor !== undefined && { cursor }) };
          const page = await session.ask((client) =>
            client.GET("/v1/merchants/{merchantId}/manifests", { params: { path: { merchantId }, query } }),
          );
          items.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        session.output.show({ merchantId, items }, () =>
          items.length === 0 ? "None here." : items.map(({ day }) => day).join("\n"),
        );
      }),
    );
  leaf(manifest, "get", "Gets the manifests of a merchant's day, all revisions, with their lines, into a directory")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .argument("<day>", "such as 2026-11-22", dayFrom)
    .option("--to <directory>", "where the files go (here)")
    .addHelpText("after", examples("manifest get acme 2026-11-22 --to manifests"))
    .action(
      run(async (session, merchantId, day, { to = "." }) => {
        const files: ManifestFile[] = [];
        let cursor: string | undefined;
        do {
          const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
          const page = await session.ask((client) =>
            client.GET("/v1/merchants/{merchantId}/manifests/{day}", { params: { path: { merchantId, day }, query } }),
          );
          files.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        const saved = await saveFiles(session, files, to);
        session.output.show({ merchantId, day, ...saved }, () => saved.manifests.join("\n"));
      }),
    );
  leaf(manifest, "verify", "Says whether manifests hold what was signed; several must follow one another")
    .argument("<files...>", "manifest-<revision>.jsonl, with their files of lines beside them")
    .option("--keys <file|url>", "JSON Web Key Set to verify with (the one that the API publishes)")
    .addHelpText(
      "after",
      examples(
        "manifest verify manifests/manifest-1.jsonl",
        "manifest verify manifest-*.jsonl --keys https://…/prod/merchants/acme/jwks.json",
      ),
    )
    .action(run((session, files, { keys }) => verifyManifests(session, files, keys)));
}

/** A day of the calendar, as manifests name it. */
function dayFrom(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  const isDay =
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  if (isDay) return text;
  throw wrongLine(`The day is ${shortly(text)}, expected one such as 2026-11-22`);
}
