/** `npx confirmations pause`, `resume`, `paused`: everything, for all merchants. Nothing is lost meanwhile. */
import type { Command } from "@commander-js/extra-typings";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";

export function pauseEverythingCommands(parent: Command, run: Run): void {
  leaf(parent, "pause", "Holds back every delivery until it is resumed; nothing is lost")
    .addHelpText("after", examples("pause", "merchants pause acme"))
    .action(
      run(async (session) => {
        const pause = await session.ask((client) => client.POST("/v1/pause"));
        session.output.show(
          pause,
          () => "Everything is paused: within a few seconds no merchant is called. `npx confirmations resume` goes on.",
        );
      }),
    );
  leaf(parent, "resume", "Goes on with what was held back; merchants that are paused one by one stay so")
    .addHelpText("after", examples("resume", "merchants resume acme"))
    .action(
      run(async (session) => {
        const pause = await session.ask((client) => client.POST("/v1/resume"));
        session.output.show(
          pause,
          () => "Everything goes on within a few seconds. Merchants that are paused one by one stay so.",
        );
      }),
    );
  leaf(parent, "paused", "Shows whether everything is paused, and since when")
    .addHelpText("after", examples("paused", "paused --json | jq .paused"))
    .action(
      run(async (session) => {
        const pause = await session.ask((client) => client.GET("/v1/pause"));
        session.output.show(pause, () =>
          pause.paused ? `Everything is paused since ${pause.pausedAt ?? "some time"}.` : "Nothing is paused for all.",
        );
      }),
    );
}
