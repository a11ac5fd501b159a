/** `npx confirmations cutover`: merchants that are cut over from an old system, one by one, and what both confirmed. */
import type { Command } from "@commander-js/extra-typings";
import type { Run } from "../frame/session.ts";
import { confirmCommand } from "./cutover/confirm.ts";
import { importLeaf } from "./import.ts";
import { statusCommand } from "./cutover/status.ts";
import { switchCommand } from "./cutover/switch.ts";

export function cutoverCommands(parent: Command, run: Run): void {
  const cutover = parent
    .command("cutover")
    .description("Cuts merchants over from an old system, one by one, and compares what both confirm");
  switchCommand(cutover, run);
  statusCommand(cutover, run);
  confirmCommand(cutover, run);
  importLeaf(cutover, run, {
    summary: "Imports the log of the old system, CSV or JSON Lines: what it confirmed, and when",
    lines: ["cutover import old-system.csv", "cutover import old-system.csv --rejected unknown.csv"],
    of: "confirmations",
  });
}
