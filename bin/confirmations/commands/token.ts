/** `npx confirmations token`: an access token, for `curl` and for programs. It is the result, and printed as such. */
import { type Command, Option } from "@commander-js/extra-typings";
import { SCOPES } from "../../../core/access/scopes.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { oneOf, wholeNumber } from "../frame/values.ts";

const NAMES = Object.keys(SCOPES);
const MAX_LIFETIME_SECONDS = 30 * 86_400;

export function tokenCommand(parent: Command, run: Run): void {
  leaf(parent, "token", "Prints an access token: of the stack's own issuer, or the one of a profile")
    .addOption(
      new Option("--scope <scope...>", `what it may do, some of ${NAMES.join(", ")} (all)`).argParser(
        (text: string, before: string[] | undefined) => [
          ...(before ?? []),
          ...text.split(" ").map(oneOf("--scope", NAMES)),
        ],
      ),
    )
    .addOption(new Option("--merchant <id>", "narrows it to one merchant").argParser(merchantIdFrom))
    .addOption(
      new Option("--lifetime <seconds>", "how long it holds (3600)").argParser(
        wholeNumber("--lifetime", 1, MAX_LIFETIME_SECONDS),
      ),
    )
    .addHelpText(
      "after",
      examples(
        "token",
        "token --scope transactions:read --merchant acme --lifetime 600",
        "token --json | jq -r .accessToken",
      ),
    )
    .action(
      run(async (session, { scope, merchant, lifetime }) => {
        const place = await session.place();
        const token = await place.token({
          ...(scope !== undefined && { scopes: scope }),
          ...(merchant !== undefined && { merchantId: merchant }),
          ...(lifetime !== undefined && { lifetimeSeconds: lifetime }),
        });
        session.output.show({ accessToken: token, tokenType: "Bearer" }, () => token);
      }),
    );
}
