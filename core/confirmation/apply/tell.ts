/** What telemetry is told of an effect once it was carried out. */
import { METRICS } from "../../settings/names.ts";
import { GIVEN_UP_AS } from "../../transaction/failure.ts";
import { stringOf } from "../../transaction/attribute-value.ts";
import type { ConfirmedBy } from "../../transaction/row/confirmed-by.ts";
import type { Effect, Quarantine, Shadow } from "../decide/effect.ts";
import { redeliveryCountedAs } from "../decide/on-redelivery.ts";
import type { InFlightMessage } from "../in-flight-message.ts";
import { idsOf, type Job } from "../job.ts";
import type { TelemetryPort } from "../ports.ts";

/** Why most wait, as the metric names it. */
const NEXT_ATTEMPT = "next try";

export function tell({ kind, record, givenUp }: Effect, job: Job, telemetry: TelemetryPort): void {
  switch (kind) {
    case "confirm":
      telemetry.count(METRICS.confirmed);
      telemetry.confirmed(job);
      if (job.campaign !== undefined) telemetry.campaigns?.count(job.campaign, "delivered", job.plan?.channel.kind);
      break;
    case "shadow":
      telemetry.count(METRICS.shadowed);
      telemetry.step(job, "left to the old system", () => ({ confirmedBy: shadowIn(record) }));
      break;
    case "give up":
      if (givenUp !== undefined) tellGivenUp(givenUp, job, telemetry);
      break;
    case "park":
      telemetry.count(METRICS.parked);
      telemetry.parked(job, (record.kind === "parked" ? record.waitingFor : undefined) ?? NEXT_ATTEMPT);
      break;
    case "retry in queue":
      telemetry.step(job, "waits in the queue", () => ({
        delaySeconds: record.kind === "attempted" ? record.delaySeconds : undefined,
      }));
      break;
    case "stay":
      telemetry.count(METRICS.stayedInOrder);
      break;
    case "reopen":
      telemetry.count(METRICS.reopened);
      break;
    case "redeliver":
      telemetry.count(redeliveryCountedAs(record.ended));
      telemetry.step(job, "sent again", () => ({ redelivery: record.redelivery, ended: record.ended }));
      break;
    case "move in order":
      telemetry.count(METRICS.movedToOrdered);
      job.trace?.becomes("moved to the ordered queue");
      break;
    case "let go":
    case "intend":
    case "dead letter again":
    case "pin":
      break;
  }
}

function shadowIn(record: Shadow["record"]): ConfirmedBy | undefined {
  if (record.kind === "shadowed") return record.confirmedBy;
  return record.instead.kind === "shadowed" ? record.instead.confirmedBy : undefined;
}

function tellGivenUp({ failure, state }: NonNullable<Effect["givenUp"]>, job: Job, telemetry: TelemetryPort): void {
  telemetry.count(GIVEN_UP_AS[failure.fault]);
  telemetry.gaveUp({ ...job, state }, failure);
  if (job.campaign !== undefined) telemetry.campaigns?.count(job.campaign, "failed", job.plan?.channel.kind);
}

/** A full row is completed with as little as it takes. */
export function tellUnrecordable(job: Job, error: string, telemetry: TelemetryPort): void {
  telemetry.count(METRICS.unrecordable);
  telemetry.warn("the row cannot take the whole record", { ...idsOf(job), error });
}

/** What cannot be used went to the dead letters as it is. */
export function tellOfQuarantine(
  { send, record }: Quarantine,
  { received }: InFlightMessage,
  telemetry: TelemetryPort,
): void {
  if (send === undefined || !("failure" in send)) return;
  const { code, fault, reason } = send.failure;
  telemetry.count(METRICS.setAside);
  telemetry.count(GIVEN_UP_AS[fault]);
  if (record?.kind !== "quarantined")
    return telemetry.warn("message set aside", { messageId: received.messageId, code, reason });
  const campaign = telemetry.campaigns?.labelOf(record.row);
  if (campaign !== undefined) telemetry.campaigns?.count(campaign, "failed");
  return telemetry.warn("row set aside", { transactionId: stringOf(record.row["transactionId"]), code, reason });
}
