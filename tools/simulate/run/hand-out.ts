/** How waiting messages come to tasks. */
import { BATCHES } from "../../../lib/cost/per-million/quantities.ts";
import type { World } from "./world.ts";

/** Running tasks ask in turns; one receive brings a batch at most, and a task has some pollers. */
export function handOut({ service, queue, random }: World, sample: number): void {
  const tasks = service.running;
  if (tasks.length === 0) return;
  const together = Math.max(1, Math.round(BATCHES.messages / sample));
  const first = Math.floor(random() * tasks.length);
  for (let turn = 0; turn < BATCHES.pollers && queue.waiting > 0; turn += 1) {
    for (let index = 0; index < tasks.length; index += 1) {
      const task = tasks[(first + index) % tasks.length];
      for (let count = 0; count < together; count += 1) {
        if (task?.hasRoom !== true) break;
        const message = queue.receive();
        if (message === undefined) return;
        task.take(message);
      }
    }
  }
}
