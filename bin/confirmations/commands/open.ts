/**
 * `npx confirmations open`: the live page or the console of the stack, or the API's reference; its address where no
 * browser opens.
 */
import type { Command } from "@commander-js/extra-typings";
import type { ApiPlace } from "../connection/place.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { oneOf } from "../frame/values.ts";

const PAGES = ["live", "console", "api"] as const;
type Page = (typeof PAGES)[number];

/** Why a page of this machine is not to be had elsewhere. */
const ELSEWHERE: Readonly<Record<Exclude<Page, "api">, string>> = {
  live: "The live page is of the stack on this machine; in an account it is CloudWatch's dashboard",
  console: "The console of a deployed API is where the stack's output ConsoleUrl says",
};

export function openCommand(parent: Command, run: Run): void {
  leaf(parent, "open", "Opens the live page or the console of the stack on this machine, or the reference of the API")
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
function urlOf(wanted: Page, { url: api, pageUrl, consoleUrl }: ApiPlace): string {
  if (wanted === "api") return `${api}/v1/docs`;
  const url = wanted === "live" ? pageUrl : consoleUrl;
  if (url === undefined) throw wrongLine(ELSEWHERE[wanted]);
  return url;
}
