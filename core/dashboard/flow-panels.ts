/** The way of a transaction from left to right: in, queued, delivering, out; then the same over time. */
import {
  CONFIRMATIONS_QUEUE_NAME,
  DEAD_LETTER_QUEUE_NAME,
  FUNCTION_NAMES,
  METRICS,
  ORDERED_QUEUE_NAME,
} from "../settings/names.ts";
import { confirmedBy, counted, ofQueue, perSecond, sumOf } from "./metrics.ts";
import type { Section, Value } from "./panel.ts";
import type { Place } from "./place.ts";

const VISIBLE = "ApproximateNumberOfMessagesVisible";
const IN_FLIGHT = "ApproximateNumberOfMessagesNotVisible";
const OLDEST = "ApproximateAgeOfOldestMessage";

const enqueued = counted(METRICS.enqueued, FUNCTION_NAMES.streamTransactions);
const released = counted(METRICS.released, FUNCTION_NAMES.releaseDue);
const ofBoth = (name: string): Value =>
  sumOf([ofQueue(name, CONFIRMATIONS_QUEUE_NAME, "Maximum"), ofQueue(name, ORDERED_QUEUE_NAME, "Maximum")]);
const givenUp = sumOf([
  counted(METRICS.deadLetteredMerchant),
  counted(METRICS.deadLetteredPipeline),
  counted(METRICS.deadLetteredPipeline, FUNCTION_NAMES.streamTransactions),
  counted(METRICS.deadLetteredPipeline, FUNCTION_NAMES.releaseDue),
  counted(METRICS.deadLetteredProducer),
  counted(METRICS.deadLetteredProducer, FUNCTION_NAMES.streamTransactions),
  counted(METRICS.deadLetteredProducer, FUNCTION_NAMES.releaseDue),
]);

export function flow({ settings }: Pick<Place, "settings">): Section {
  const confirmed = confirmedBy(settings);
  return {
    title: "The way of a transaction",
    panels: [
      {
        kind: "numbers",
        id: "in",
        title: "In",
        help: "Versions that came off the table's stream onto the queue, and parked ones that were put back.",
        columns: 6,
        over: "range",
        unit: "count",
        series: [
          { label: "New", value: enqueued, tone: "blue" },
          { label: "Back from the table", value: released, tone: "sky" },
        ],
      },
      {
        kind: "numbers",
        id: "queued",
        title: "Queued",
        help: "Messages that wait for a worker, and the age of the oldest.",
        columns: 6,
        over: "latest",
        unit: "count",
        series: [
          { label: "Waiting", value: ofQueue(VISIBLE, CONFIRMATIONS_QUEUE_NAME, "Maximum"), tone: "yellow" },
          { label: "In order", value: ofQueue(VISIBLE, ORDERED_QUEUE_NAME, "Maximum"), tone: "yellow" },
          { label: "Oldest, s", value: ofQueue(OLDEST, CONFIRMATIONS_QUEUE_NAME, "Maximum"), tone: "orange" },
        ],
      },
      {
        kind: "numbers",
        id: "delivering",
        title: "Delivering",
        help: "Messages that workers have in hand, and how much of what a task may have under way is used.",
        columns: 6,
        over: "latest",
        unit: "count",
        series: [
          { label: "Under way", value: ofBoth(IN_FLIGHT), tone: "green" },
          { label: "Window, %", value: counted(METRICS.windowInUse, undefined, "Maximum"), tone: "green" },
        ],
      },
      {
        kind: "numbers",
        id: "out",
        title: "Out",
        help:
          "Confirmed by a response, an acknowledgement or a receipt, parked in the table, given up, " +
          "left to the old system.",
        columns: 6,
        over: "range",
        unit: "count",
        series: [
          { label: "Confirmed", value: sumOf(confirmed), tone: "green" },
          { label: "Parked", value: counted(METRICS.parked), tone: "purple" },
          { label: "Given up", value: givenUp, tone: "red" },
          { label: "Old system", value: counted(METRICS.shadowed), tone: "grey" },
        ],
      },
      {
        kind: "lines",
        id: "rates",
        title: "In and out",
        help: "Put on the queue, called, and confirmed, each second.",
        columns: 12,
        unit: "perSecond",
        series: [
          { label: "In", value: perSecond(enqueued, released), tone: "blue" },
          {
            label: "Called",
            value: perSecond(counted(METRICS.delivered), counted(METRICS.attemptFailed)),
            tone: "yellow",
          },
          { label: "Confirmed", value: perSecond(...confirmed), tone: "green" },
        ],
      },
      {
        kind: "areas",
        id: "backlog",
        title: "Backlog",
        help: "Messages in the queues: waiting, in hand, and dead letters.",
        columns: 12,
        unit: "count",
        series: [
          { label: "Under way", value: ofBoth(IN_FLIGHT), tone: "green" },
          { label: "Waiting", value: ofBoth(VISIBLE), tone: "yellow" },
          { label: "Dead letters", value: ofQueue(VISIBLE, DEAD_LETTER_QUEUE_NAME, "Maximum"), tone: "red" },
        ],
      },
    ],
  };
}
