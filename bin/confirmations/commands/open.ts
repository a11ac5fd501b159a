/** `npx confirmations open`: the live page of the stack, or the API's reference; its address where no browser opens. */
import type { Command } from "@commander-js/extra-typings";
import { wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { oneOf } from "../frame/values.ts";

const PAGES = ["live", "api"] as const;

export function openCommand(parent: Command, run: Run): void {
  leaf(parent, "open", "Opens the live page of the stack on this machine, or the reference of the API")
    .argument("[page]", "live, or api (live; api of a profile)", oneOf("The page", PAGES))
    .addHelpText("after", examples("open", "open api", "open api --json | jq -r .url"))
    .action(
      run(async (session, page) => {
        const { url: api, pageUrl, isLocal } = await session.place();
        const wanted = page ?? (isLocal ? "live" : "api");
        if (wanted === "live" && pageUrl === undefined)
          throw wrongLine("The live page is of the stack on this machine; in an account it is CloudWatch's dashboard");
        const url = wanted === "live" ? (pageUrl ?? "") : `${api}/v1/docs`;
        const isOpened =
          session.around.isTerminal && !session.output.isJson && (await session.around.openInBrowser(url));
        session.output.show({ page: wanted, url }, () => (isOpened ? `Opened ${url}` : url));
      }),
    );
}
