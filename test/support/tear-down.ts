/** After all tests: ends what they shared. */
import { services } from "./set-up.ts";

// oxlint-disable-next-line import/no-default-export -- jest takes a tear-down by no other name
export default async function tearDown(): Promise<void> {
  await services?.stop();
}
