/** `npx confirmations events`: has a snapshot of every transaction published, for consumers that missed events. */
import { type Command, Option } from "@commander-js/extra-typings";
import { RESYNC_RATE } from "../../../core/jobs/resync/spec.ts";
import type { components } from "../api/api-types.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { pairs } from "../show/output.ts";

type Resync = components["schemas"]["ResyncJob"];

const MOST_A_SECOND = 1000;
const LOOK_EVERY_MS = 1000;
const ACTS = [
  ["resume", "Has a resync go on that stands still"],
  ["cancel", "Ends a resync for good"],
] as const;

export function eventsCommands(parent: Command, run: Run): void {
  const events = parent.command("events").description("Has snapshots published for consumers that missed events");
  leaf(events, "resync", "Publishes a snapshot of every transaction; subscribe first")
    .addOption(new Option("--merchant <id>", "those of this merchant").argParser(merchantIdFrom))
    .option("--audience <name>", "whom they are for: an attribute that subscribers filter by")
    .option("--why <text>", "for whoever looks at it later (asked for by hand)")
    .addOption(
      new Option("--rate <count>", `most that are published in a second (${RESYNC_RATE})`).argParser(
        wholeNumber("--rate", 1, MOST_A_SECOND),
      ),
    )
    .option("--wait", "until it is over")
    .addHelpText("after", examples("events resync --wait", 'events resync --audience orders --why "down for two days"'))
    .action(
      run(async (session, { merchant, audience, why, rate, wait }) => {
        const asked = await session.ask((client) =>
          client.POST("/v1/resyncs", {
            body: {
              reason: why ?? "asked for by hand",
              ratePerSecond: rate ?? RESYNC_RATE,
              ...(merchant !== undefined && { merchantId: merchant }),
              ...(audience !== undefined && { audience }),
            },
          }),
        );
        if (wait === true) return shownAtEnd(session, asked);
        session.output.show(
          asked,
          () => `${resyncText(asked)}\n\nFollow it: npx confirmations events watch ${asked.jobId}`,
        );
        return EXIT_CODES.done.code;
      }),
    );
  const shown = "of a resync, as `events resync` prints it";
  leaf(events, "get", "Shows how far a resync is")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("events get 3f0a…"))
    .action(
      run(async (session, jobId) => {
        const resync = await asIs(session, jobId);
        session.output.show(resync, () => resyncText(resync));
      }),
    );
  leaf(events, "watch", "Follows a resync until it is over")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("events watch 3f0a…"))
    .action(run(async (session, jobId) => shownAtEnd(session, await asIs(session, jobId))));
  for (const [verb, says] of ACTS)
    leaf(events, verb, says)
      .argument("<jobId>", shown)
      .addHelpText("after", examples(`events ${verb} 3f0a…`))
      .action(
        run(async (session, jobId) => {
          const params = { path: { jobId } };
          const resync = await session.ask((client) => client.POST(`/v1/resyncs/{jobId}/${verb}`, { params }));
          session.output.show(resync, () => resyncText(resync));
        }),
      );
}

function asIs(session: Session, jobId: string): Promise<Resync> {
  return session.ask((client) => client.GET("/v1/resyncs/{jobId}", { params: { path: { jobId } } }));
}

async function shownAtEnd(session: Session, asked: Resync): Promise<number> {
  const progress = session.progress("published");
  let now = asked;
  try {
    while (now.doneAt === undefined) {
      await session.around.sleep(LOOK_EVERY_MS);
      now = await asIs(session, now.jobId);
      progress.set(now.counts.published, now.counts.transactions);
    }
  } finally {
    progress.stop();
  }
  const over = now;
  session.output.show(over, () => resyncText(over));
  return over.state === "canceled" ? EXIT_CODES.refused.code : EXIT_CODES.done.code;
}

function resyncText({
  jobId,
  state,
  merchantId,
  audience,
  reason,
  requestedBy,
  since,
  doneAt,
  counts,
}: Resync): string {
  return pairs({
    resync: jobId,
    state,
    of: merchantId ?? "every merchant",
    for: audience ?? "every subscriber",
    why: reason,
    by: requestedBy,
    since,
    found: counts.transactions,
    published: counts.published,
    skipped: counts.skipped || undefined,
    "over since": doneAt,
  });
}
