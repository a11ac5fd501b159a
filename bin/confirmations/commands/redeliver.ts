/**
 * `npx confirmations redeliver`: sends transactions again, some by id or many by filter. What a filter matches is
 * counted first, and sent only where that was said to be right.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { DEFAULT_RATE, REDELIVERED_STATES } from "../../../core/jobs/redelivery/spec.ts";
import { ENVIRONMENTS } from "../../../core/merchant/merchant-environment.ts";
import type { components } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { merchantIdFrom, transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { oneOf, wholeNumber } from "../frame/values.ts";
import { exitOf, followed, type Redelivery, redeliveryText, startLine } from "./redeliveries/follow.ts";

type Filter = components["schemas"]["RedeliveryFilter"];

const MOST_A_SECOND = 1000;

export function redeliverCommand(parent: Command, run: Run): void {
  leaf(parent, "redeliver", "Sends transactions again that were delivered or given up; many are counted first")
    .argument("[transactionIds...]", "of transactions, up to 100, in the place of a filter")
    .addOption(new Option("--merchant <id>", "those of this merchant").argParser(merchantIdFrom))
    .addOption(
      new Option("--status <state>", `one of ${REDELIVERED_STATES.join(", ")}; both unless given`).argParser(
        oneOf("--status", REDELIVERED_STATES),
      ),
    )
    .addOption(
      new Option("--environment <environment>", "of all merchants, live unless given, or sandbox").argParser(
        oneOf("--environment", ENVIRONMENTS),
      ),
    )
    .option("--reason <code>", "why they failed, such as attempts_exhausted; with --status FAILED")
    .option("--from <time>", "confirmed or given up from then on, such as 2026-11-22T00:00:00Z")
    .option("--to <time>", "until then, not included")
    .option("--include-elsewhere", "also what the old system confirmed: its merchant may get it a second time")
    .option("--why <text>", "for whoever looks at it later (sent again by hand)")
    .addOption(
      new Option("--rate <count>", "most that are sent in a second (50)").argParser(
        wholeNumber("--rate", 1, MOST_A_SECOND),
      ),
    )
    .option("--dry-run", "counts only")
    .option("--yes", "sends what a filter matches without showing first how many those are")
    .option("--wait", "until it is over")
    .addHelpText(
      "after",
      examples(
        "redeliver t-1 t-2",
        "redeliver --merchant acme --from 2026-11-22T00:00:00Z --to 2026-11-23T00:00:00Z",
        'redeliver --status FAILED --reason attempts_exhausted --why "their outage is over" --yes --wait',
      ),
    )
    .action(
      run(async (session, transactionIds, options) => {
        const { why, rate, dryRun, yes, wait } = options;
        const found = filterOf(transactionIds.map(transactionIdFrom), options);
        const filter: Filter = options.includeElsewhere === true ? { ...found, includeElsewhere: true } : found;
        const isSentAtOnce = dryRun !== true && (yes === true || filter.transactionIds !== undefined);
        const asked = await session.ask((client) =>
          client.POST("/v1/redeliveries", {
            body: {
              filter,
              reason: why ?? "sent again by hand",
              ratePerSecond: rate ?? DEFAULT_RATE,
              dryRun: !isSentAtOnce,
            },
          }),
        );
        if (isSentAtOnce) return wait === true ? shownAtEnd(session, asked) : shownAsked(session, asked);
        const counted = await followed(session, asked);
        session.output.show(counted, () => `${redeliveryText(counted)}\n\n${startLine(counted, dryRun === true)}`);
        return exitOf(counted);
      }),
    );
}

function filterOf(
  transactionIds: readonly string[],
  {
    merchant,
    status,
    environment,
    reason,
    from,
    to,
    state,
  }: Readonly<Partial<Record<"merchant" | "status" | "environment" | "reason" | "from" | "to" | "state", string>>>,
): Filter {
  if (REDELIVERED_STATES.some((known) => known === state))
    throw wrongLine(`--state is a directory; expected --status ${state}`);
  const isFilter = [merchant, status, environment, reason, from, to].some((option) => option !== undefined);
  if (transactionIds.length > 0 && isFilter) throw wrongLine("Expected ids of transactions, or a filter, one of them");
  if (transactionIds.length === 0 && !isFilter)
    throw wrongLine("Expected ids of transactions, --merchant, or --status FAILED");
  if (transactionIds.length > 0) return { transactionIds: [...transactionIds] };
  return {
    ...(merchant !== undefined && { merchantId: merchant }),
    ...(status !== undefined && { state: status as NonNullable<Filter["state"]> }),
    ...(environment !== undefined && { environment: environment as NonNullable<Filter["environment"]> }),
    ...(reason !== undefined && { reason: reason as NonNullable<Filter["reason"]> }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function shownAsked(session: Session, asked: Redelivery): void {
  session.output.show(
    asked,
    () => `${redeliveryText(asked)}\n\nFollow it: npx confirmations redeliveries watch ${asked.jobId}`,
  );
}

async function shownAtEnd(session: Session, asked: Redelivery): Promise<number> {
  const done = await followed(session, asked);
  session.output.show(done, () => redeliveryText(done));
  return exitOf(done);
}
