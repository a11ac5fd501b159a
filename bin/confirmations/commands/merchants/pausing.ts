/** Holds a merchant's confirmations back, or those for one of its URLs, and lets them go on. Nothing is lost. */
import type { Command } from "@commander-js/extra-typings";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { printable } from "../../show/printable.ts";

export function pauseCommands(merchants: Command, run: Run): void {
  leaf(merchants, "pause", "Holds back what is for a merchant until it is resumed; nothing is lost")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addHelpText("after", examples("merchants pause acme"))
    .action(
      run(async (session, merchantId) => {
        const pause = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/pause", { params: { path: { merchantId } } }),
        );
        session.output.show(
          pause,
          () =>
            `Paused ${merchantId} since ${pause.pausedAt ?? "now"}. ` +
            `It goes on with: npx confirmations merchants resume ${merchantId}`,
        );
      }),
    );
  leaf(merchants, "resume", "Goes on with a merchant that was paused, slowly at first")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .addHelpText("after", examples("merchants resume acme"))
    .action(
      run(async (session, merchantId) => {
        const pause = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/resume", { params: { path: { merchantId } } }),
        );
        session.output.show(pause, () => `${merchantId} goes on within a few seconds.`);
      }),
    );
  leaf(merchants, "disable", "Holds back what is for one URL of a merchant, until it is enabled")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .argument("<url>", "that is not called any more")
    .addHelpText("after", examples("merchants disable acme https://acme.example/old"))
    .action(
      run(async (session, merchantId, url) => {
        const answer = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/disable", { params: { path: { merchantId } }, body: { url } }),
        );
        session.output.show(answer, () => disabledText(answer.disabledUrls));
      }),
    );
  leaf(merchants, "enable", "Calls a URL again that was disabled, or all of a merchant's")
    .argument("<merchantId>", "of the merchant", merchantIdFrom)
    .argument("[url]", "that is called again (all)")
    .addHelpText("after", examples("merchants enable acme", "merchants enable acme https://acme.example/old"))
    .action(
      run(async (session, merchantId, url) => {
        const answer = await session.ask((client) =>
          client.POST("/v1/merchants/{merchantId}/enable", {
            params: { path: { merchantId } },
            body: url === undefined ? {} : { url },
          }),
        );
        session.output.show(answer, () => disabledText(answer.disabledUrls));
      }),
    );
}

function disabledText(urls: readonly string[]): string {
  return urls.length === 0 ? "No URL is disabled." : `Disabled: ${urls.map(printable).join(", ")}`;
}
