/** `npx confirmations merchants`: who gets confirmations, where and how, and how it fares. */
import type { Command } from "@commander-js/extra-typings";
import type { Run } from "../frame/session.ts";
import { changeCommands } from "./merchants/change.ts";
import { connectionCommands } from "./merchants/connection.ts";
import { healthCommand } from "./merchants/health.ts";
import { performanceCommand } from "./merchants/performance.ts";
import { keyCommands } from "./merchants/keys.ts";
import { listMerchantsCommand, showMerchantCommand } from "./merchants/show.ts";
import { ownershipCommands } from "./merchants/ownership.ts";
import { pauseCommands } from "./merchants/pausing.ts";
import { testCommand } from "./merchants/test.ts";

export function merchantsCommands(parent: Command, run: Run): void {
  const merchants = parent
    .command("merchants")
    .description("Registers, shows, changes, pauses and tests merchants, and gives them keys");
  changeCommands(merchants, run);
  listMerchantsCommand(merchants, run);
  showMerchantCommand(merchants, run);
  healthCommand(merchants, run);
  performanceCommand(merchants, run);
  pauseCommands(merchants, run);
  keyCommands(merchants, run);
  connectionCommands(merchants, run);
  testCommand(merchants, run);
  ownershipCommands(merchants, run);
}
