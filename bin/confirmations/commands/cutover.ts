/** `npx confirmations cutover`: merchants that are cut over from an old system, one by one, and what both confirmed. */
import type { Command } from "@commander-js/extra-typings";
import type { Run } from "../frame/session.ts";
import { confirmCommand } from "./cutover/confirm.ts";
import { switchCommand } from "./cutover/switch.ts";

export function cutoverCommands(parent: Command, run: Run): void {
  const cutover = parent
    .command("cutover")
    .description("Cuts merchants over from an old system, one by one, and compares what both confirm");
  switchCommand(cutover, run);
  confirmCommand(cutover, run);
}
