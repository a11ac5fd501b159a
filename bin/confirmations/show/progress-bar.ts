/** A bar on standard error, for a person who looks on; without a terminal, and with `--json`, there is none. */
import cliProgress from "cli-progress";

export interface Progress {
  set(done: number, total: number): void;
  stop(): void;
}

const NONE: Progress = { set: () => undefined, stop: () => undefined };

/** @param isShown whether somebody looks at standard error */
export function progressBar(label: string, isShown: boolean): Progress {
  if (!isShown) return NONE;
  const bar = new cliProgress.SingleBar({
    format: `${label} {bar} {value}/{total}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    stream: process.stderr,
  });
  bar.start(0, 0);
  return {
    set(done, total) {
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
