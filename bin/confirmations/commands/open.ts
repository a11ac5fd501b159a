/** `npx confirmations open`: the console, its Live page, or the API's reference; the address where no browser opens. */
import type { Command } from "@commander-js/extra-typings";
import type { ApiPlace } from "../connection/place.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { oneOf } from "../frame/values.ts";

const PAGES = ["live", "console", "api"] as const;
type Page = (typeof PAGES)[number];

const LIVE_PATH = "/live";

export function openCommand(parent: Command, run: Run): void {
  leaf(parent, "open", "Opens the console of the stack on this machine, its Live page, or the reference of the API")
    .argument("[page]", "live, console, or api (live; api of a profile)", oneOf("The page", PAGES))
    .addHelpText("after", examples("open", "open console", "open api", "open api --json | jq -r .url"))
    .action(
      run(async (session, page) => {
        const place = await session.place();
        const wanted = page ?? (place.isLocal ? "live" : "api");
        const url = urlOf(wanted, place);
        const isOpened =
          session.around.isTerminal && !session.output.isJson && (await session.around.openInBrowser(url));
        session.output.show({ page: wanted, url }, () => (isOpened ? `Opened ${url}` : url));
      }),
    );
}

/** @throws CommandFailure for a page that is of this machine alone */
function urlOf(wanted: Page, { url: api, consoleUrl }: ApiPlace): string {
  if (wanted === "api") return `${api}/v1/docs`;
  if (consoleUrl === undefined)
    throw wrongLine("The console of a deployed API is where the stack's output ConsoleUrl says");
  return wanted === "live" ? `${consoleUrl}${LIVE_PATH}` : consoleUrl;
}
