/** Notes what it is called with. */
import { appendFileSync } from "node:fs";

export const handler = (event) => {
  const note = { by: process.env.AWS_LAMBDA_FUNCTION_NAME, event };
  appendFileSync(process.env.NOTES_FILE, `${JSON.stringify(note)}\n`);
};
