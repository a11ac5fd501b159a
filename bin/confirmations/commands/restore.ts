/**
 * `npx confirmations restore`: plans and applies the restore of the table from a backup that was restored beside it,
 * and decides about what nobody knows.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { DECISIONS, type Decision, MAX_RESTORE_RATE, RESTORE_RATE } from "../../../core/jobs/restore/spec.ts";
import { type Source, SOURCES } from "../../../core/restore/evidence.ts";
import type { components } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { oneOf, wholeNumber } from "../frame/values.ts";
import { table } from "../show/output.ts";
import { exitOf, followed, nextLine, type Restore, restoreOf, restoreText } from "./restore/follow.ts";

type Undecided = components["schemas"]["UndecidedTransaction"];

const MAX_LIMIT = 100;
const BY_HAND = "restored by hand";
const SHOWN = "of a restore, as `restore plan` prints it";
const ACTS = [
  ["pause", "Writes nothing more until it is resumed"],
  ["resume", "Goes on with a restore that was paused, or stands still"],
  ["cancel", "Ends a restore for good; what was written stays"],
] as const;

export function restoreCommands(parent: Command, run: Run): void {
  const restore = parent
    .command("restore")
    .description("Restores the table of transactions from a backup that was restored beside it");
  planCommand(restore, run);
  applyCommand(restore, run);
  leaf(restore, "get", "Shows how far a restore is")
    .argument("<jobId>", SHOWN)
    .addHelpText("after", examples("restore get 3f0a…", "restore get 3f0a… --json | jq .counts"))
    .action(run(async (session, jobId) => shown(session, await restoreOf(session, jobId))));
  leaf(restore, "watch", "Follows a restore until it is planned, applied, paused or canceled")
    .argument("<jobId>", SHOWN)
    .addHelpText("after", examples("restore watch 3f0a…"))
    .action(run(async (session, jobId) => shown(session, await followed(session, await restoreOf(session, jobId)))));
  unknownCommand(restore, run);
  for (const [verb, says] of ACTS)
    leaf(restore, verb, says)
      .argument("<jobId>", SHOWN)
      .addHelpText("after", examples(`restore ${verb} 3f0a…`))
      .action(
        run(async (session, jobId) => {
          const params = { path: { jobId } };
          return shown(session, await session.ask((client) => client.POST(`/v1/restores/{jobId}/${verb}`, { params })));
        }),
      );
  listCommand(restore, run);
}

function planCommand(restore: Command, run: Run): void {
  leaf(restore, "plan", "Compares a restored table with the stack's own; writes to no row")
    .option("--from-table <name>", "that was restored from a backup, such as Transactions-restored")
    .option("--restored-to <time>", "of which time it is, unless DynamoDB says so itself")
    .option("--damaged-at <time>", "from when on the table was damaged (from that time on)")
    .option("--without <sources>", `not to be asked, of ${SOURCES.join(", ")}, joined by commas`)
    .option("--why <text>", `for whoever looks at it later (${BY_HAND})`)
    .addOption(
      new Option("--rate <count>", `most rows that are written in a second (${RESTORE_RATE})`).argParser(
        wholeNumber("--rate", 1, MAX_RESTORE_RATE),
      ),
    )
    .addHelpText(
      "after",
      examples(
        "restore plan --from-table Transactions-restored",
        "restore plan --from-table Transactions-restored --damaged-at 2026-11-22T10:00:00Z",
      ),
    )
    .action(
      run(async (session, { fromTable, restoredTo, damagedAt, without, why, rate }) => {
        if (fromTable === undefined) throw wrongLine("Nothing says from which table; expected --from-table");
        const asked = await session.ask((client) =>
          client.POST("/v1/restores", {
            body: {
              fromTable,
              without: without === undefined ? [] : sourcesIn(without),
              reason: why ?? BY_HAND,
              ratePerSecond: rate ?? RESTORE_RATE,
              ...(restoredTo !== undefined && { restoredTo }),
              ...(damagedAt !== undefined && { damagedAt }),
            },
          }),
        );
        return shown(session, await followed(session, asked));
      }),
    );
}

function applyCommand(restore: Command, run: Run): void {
  leaf(restore, "apply", "Writes what was planned, and waits for it; decides about what is unknown")
    .argument("<jobId>", SHOWN)
    .addOption(
      new Option("--unknown <decision>", `all that is unknown: ${DECISIONS.join(" or ")}`).argParser(
        oneOf("--unknown", DECISIONS),
      ),
    )
    .option("--send <ids>", "of transactions that are unknown, joined by commas: they are sent")
    .option("--confirmed <ids>", "of transactions that are unknown, joined by commas: they are not")
    .option("--why <text>", `of the decision, for whoever looks at it later (${BY_HAND})`)
    .addHelpText(
      "after",
      examples(
        "restore apply 3f0a…",
        'restore apply 3f0a… --confirmed t-1,t-2 --unknown send --why "acme has these two alone"',
      ),
    )
    .action(
      run(async (session, jobId, { unknown, send, confirmed, why }) => {
        const params = { path: { jobId } };
        const applied = await followed(
          session,
          await session.ask((client) => client.POST("/v1/restores/{jobId}/apply", { params })),
        );
        const decisions: readonly (readonly [Decision, readonly string[] | undefined])[] = [
          ...(send === undefined ? [] : [["send", idsIn("--send", send)] as const]),
          ...(confirmed === undefined ? [] : [["confirmed", idsIn("--confirmed", confirmed)] as const]),
          ...(unknown === undefined ? [] : [[unknown, undefined] as const]),
        ];
        if (decisions.length === 0 || !applied.isApplied) return shown(session, applied);
        const done: Restore[] = [];
        // Those by id first: of what is left, all.
        for (const [decision, transactionIds] of decisions)
          done.push(await decided(session, jobId, { decision, transactionIds, reason: why ?? BY_HAND }));
        session.output.show({ restore: applied, decisions: done }, () =>
          [applied, ...done].map(restoreText).join("\n\n"),
        );
        return exitOf(applied);
      }),
    );
}

async function decided(
  session: Session,
  jobId: string,
  asked: {
    readonly decision: Decision;
    readonly transactionIds: readonly string[] | undefined;
    readonly reason: string;
  },
): Promise<Restore> {
  const { transactionIds, ...body } = asked;
  const job = await session.ask((client) =>
    client.POST("/v1/restores/{jobId}/decisions", {
      params: { path: { jobId } },
      body: { ...body, ...(transactionIds !== undefined && { transactionIds: [...transactionIds] }) },
    }),
  );
  return followed(session, job);
}

function unknownCommand(restore: Command, run: Run): void {
  leaf(restore, "unknown", "Lists transactions of which no source says whether they were confirmed")
    .argument("<jobId>", SHOWN)
    .addHelpText(
      "after",
      examples("restore unknown 3f0a…", "restore unknown 3f0a… --json | jq -r '.items[].transactionId'"),
    )
    .action(
      run(async (session, jobId) => {
        const items: Undecided[] = [];
        let cursor: string | undefined;
        do {
          const query = { limit: MAX_LIMIT, ...(cursor !== undefined && { cursor }) };
          const page = await session.ask((client) =>
            client.GET("/v1/restores/{jobId}/undecided", { params: { path: { jobId }, query } }),
          );
          items.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        session.output.show({ items, consistency: "eventual" }, () =>
          items.length === 0 ? "None." : undecidedTable(items),
        );
      }),
    );
}

function undecidedTable(items: readonly Undecided[]): string {
  return table(
    ["transaction", "version", "merchant", "outcome", "amount", "currency", "state"],
    items.map(({ transactionId, version, merchantId, outcome, amount, currency, state }) => [
      transactionId,
      version,
      merchantId,
      outcome,
      amount,
      currency,
      state,
    ]),
  );
}

function listCommand(restore: Command, run: Run): void {
  leaf(restore, "list", "Lists restores and decisions, the newest first")
    .addHelpText("after", examples("restore list"))
    .action(
      run(async (session) => {
        const page = await session.ask((client) =>
          client.GET("/v1/restores", { params: { query: { limit: MAX_LIMIT } } }),
        );
        session.output.show(page, () =>
          page.items.length === 0
            ? "None here."
            : table(
                ["restore", "created", "state", "from", "by", "why"],
                page.items.map(({ jobId, createdAt, state, fromTable, decides, requestedBy, reason }) => [
                  jobId,
                  createdAt,
                  state,
                  fromTable ?? `decides ${decides ?? ""}`,
                  requestedBy,
                  reason,
                ]),
              ),
        );
      }),
    );
}

function shown(session: Session, restore: Restore): number {
  session.output.show(restore, () =>
    restore.decides === undefined ? `${restoreText(restore)}\n\n${nextLine(restore)}` : restoreText(restore),
  );
  const isLeft = restore.isApplied && restore.decides === undefined && restore.counts.unknown > 0;
  return isLeft ? EXIT_CODES.refused.code : exitOf(restore);
}

function sourcesIn(text: string): Source[] {
  return text.split(",").map((one) => oneOf("--without", SOURCES)(one.trim()));
}

function idsIn(option: string, text: string): string[] {
  const ids = text.split(",").map((one) => transactionIdFrom(one.trim()));
  if (ids.length <= MAX_LIMIT) return ids;
  throw wrongLine(`${option} has ${ids.length} ids, expected ${MAX_LIMIT} at most; give it again with the others`);
}
