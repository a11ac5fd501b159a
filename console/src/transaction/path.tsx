/** The timeline as a list of steps, each with its mark, its time and what came of it. */
import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Steps, { type StepsProps } from "@cloudscape-design/components/steps";
import { durationText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import type { Texts } from "../texts/en.ts";
import type { Language } from "../texts/languages.ts";
import { useSpoken } from "../texts/texts.tsx";
import { outcomeText } from "./outcome.ts";
import { useTrace } from "./trace-read.ts";
import { isGood, timelineOf, type TimelineStep, type Transaction } from "./timeline.ts";

export function Path({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const { texts, language } = useSpoken();
  const { data } = useTrace(transaction.transactionId);
  const hops = data?.traces.flatMap((trace) => trace.hops);
  const steps = timelineOf(transaction, hops).map((step) => shown(step, texts, language));
  return <Steps ariaLabel={texts.transaction.path} steps={steps} />;
}

function shown(step: TimelineStep, texts: Texts, language: Language): StepsProps.Step {
  const { status, title, details } = partsOf(step, texts, language);
  const at = step.kind === "attempt" ? step.attempt.at : "at" in step ? step.at : undefined;
  return {
    status,
    statusIconAriaLabel: texts.marks[status],
    header: (
      <>
        {title}
        {at !== undefined && (
          <Box variant="small" display="block">
            <Instant at={at} />
          </Box>
        )}
      </>
    ),
    ...(details.length > 0 && {
      details: (
        <>
          {details.map((line) => (
            <div key={line} className="id">
              {line}
            </div>
          ))}
        </>
      ),
    }),
  };
}

interface Parts {
  readonly status: "success" | "error" | "warning" | "pending" | "in-progress" | "stopped" | "info";
  readonly title: string;
  readonly details: readonly string[];
}

function partsOf(step: TimelineStep, texts: Texts, language: Language): Parts {
  const { timeline: says } = texts;
  switch (step.kind) {
    case "occurred":
      return { status: "info", title: says.occurred, details: [] };
    case "submitted":
      return { status: "info", title: says.submitted, details: some(step.by && says.submittedBy(step.by)) };
    case "written":
      return { status: "info", title: says.written, details: [] };
    case "queued":
      return { status: "info", title: says.queued, details: [] };
    case "earlier attempts":
      return { status: "info", title: says.earlier(step.count), details: [] };
    case "attempt": {
      const { outcome, status, error, durationMs } = step.attempt;
      return {
        status: isGood(outcome) ? "success" : "error",
        title: `${says.attempt(step.number)}: ${outcomeText(outcome, texts)}`,
        details: some(
          [status === undefined ? undefined : says.status(status), says.took(durationText(durationMs, language))]
            .filter(Boolean)
            .join(", "),
          error,
        ),
      };
    }
    case "channel":
      return {
        status: step.result === "delivered" ? "success" : step.result === "skipped" ? "stopped" : "error",
        title: `${says.step(step.channel)}: ${outcomeText(step.result, texts)}`,
        details: some(step.why),
      };
    case "elsewhere":
      return { status: "success", title: says.elsewhere, details: some(says.submittedBy(step.by)) };
    case "acknowledged":
      return { status: "success", title: says.acknowledged, details: [] };
    case "confirmed":
      return { status: "success", title: says.confirmed, details: some(step.by && says.submittedBy(step.by)) };
    case "failed":
      return {
        status: "error",
        title: step.failure === undefined ? says.failed : `${says.failed}: ${step.failure.code}`,
        details: some(step.failure?.reason, step.failure && says.faults[step.failure.fault]),
      };
    case "redelivery": {
      const { result, status, error } = step.redelivery;
      if (result === undefined) return { status: "pending", title: says.redeliveryWaits, details: [] };
      return {
        status: result === "delivered" ? "success" : "error",
        title: `${says.redelivery}: ${outcomeText(result, texts)}`,
        details: some(status === undefined ? undefined : says.status(status), error),
      };
    }
    case "erased":
      return { status: "stopped", title: says.erased, details: [] };
    case "waits":
      return step.for === undefined
        ? { status: "in-progress", title: says.onItsWay, details: [] }
        : { status: "pending", title: `${says.waits}: ${step.for}`, details: [] };
    case "next attempt":
      return { status: "pending", title: says.next, details: [] };
    default:
      return { status: "stopped", title: says.giveUp, details: [] };
  }
}

function some(...lines: readonly (string | undefined)[]): string[] {
  return lines.filter((line) => line !== undefined && line !== "") as string[];
}
