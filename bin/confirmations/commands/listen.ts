/** `npx confirmations listen`: what is sent to a merchant of the sandbox, copied to a server on this machine. */
import { type Command, Option } from "@commander-js/extra-typings";
import { CommandFailure, wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { printable } from "../show/printable.ts";
import { checkedSecret } from "./listen/checked-secret.ts";
import { publishedKeys } from "./listen/check-signature.ts";
import { forwardTarget, type ForwardTarget } from "./listen/forward-target.ts";
import { type Listener, ListenerApi } from "./listen/listener-api.ts";
import { Listening } from "./listen/listening.ts";

const MOST_REPLAYED = 100;

export function listenCommand(parent: Command, run: Run): void {
  leaf(parent, "listen", "Shows what is sent to a merchant of the sandbox, and forwards it to a server on this machine")
    .addOption(new Option("--merchant <id>", "a merchant of the sandbox").argParser(merchantIdFrom))
    .option("--forward-to <url>", "your server, such as http://localhost:9000/hook; without it copies are only shown")
    .option("--secret <whsec>", "checks v1 signatures too ($CONFIRMATIONS_WEBHOOK_SECRET)")
    .addOption(
      new Option("--replay-last <count>", "begins with so many of the last hour, if anybody listened then").argParser(
        wholeNumber("--replay-last", 0, MOST_REPLAYED),
      ),
    )
    .addHelpText(
      "after",
      `${examples(
        "listen --merchant try --forward-to http://localhost:9000/hook",
        "listen --merchant try --replay-last 1 --forward-to http://localhost:9000/hook",
        "listen --merchant try --json | jq -r .request.body",
      )}
On a terminal r replays the last one, 3r number 3, q ends. Nothing is recorded as delivered by it.`,
    )
    .action(
      run(async (session, { merchant, forwardTo, secret, replayLast = 0 }) => {
        if (merchant === undefined) throw wrongLine("--merchant is missing, expected a merchant of the sandbox");
        const known = checkedSecret(secret, session.around.environment);
        const target = forwardTo === undefined ? undefined : await forwardTarget(forwardTo);
        const api = new ListenerApi(session, merchant);
        const { url } = await session.place();
        const { first, lease } = await begun(api, replayLast).catch((error: unknown) => {
          throw withRemedy(error, merchant);
        });
        session.around.writeError(beginning(session, lease, target));
        const keys = { published: publishedKeys(url, merchant, session.around.fetch), secret: known };
        await new Listening({ session, api, keys, target, first }).run();
      }),
    );
}

/** The page comes before the lease, from which on copies are kept: all of those come after it. */
async function begun(api: ListenerApi, replayLast: number) {
  const first = await api.newest(replayLast);
  return { first, lease: await api.listen() };
}

/** Whoever begins has most likely not registered it yet. */
function withRemedy(error: unknown, merchantId: string): unknown {
  if (!(error instanceof CommandFailure) || error.exitCode !== EXIT_CODES.notFound.code) return error;
  const remedy = `Register it: npx confirmations merchants register ${printable(merchantId)} --environment sandbox`;
  return new CommandFailure("notFound", `${error.message.replace(/\.?$/, ".")} ${remedy}`, { cause: error });
}

function beginning({ around }: Session, { merchantId, confirmationUrl }: Listener, target: ForwardTarget | undefined) {
  const to = target === undefined ? "" : `, forwarding to ${target.url}`;
  const address =
    confirmationUrl === undefined
      ? "It has no address: what is for it is copied here, and then given up as url_missing."
      : `Its address, ${confirmationUrl}, is called as ever.`;
  const keys = around.isInputTerminal ? "r replays the last one, 3r number 3, q ends.\n" : "";
  return printableLines(
    `Listening to ${merchantId}${to}. Nothing is recorded as delivered by it.\n${address}\n${keys}`,
  );
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
