/** The dashboard's panels with their numbers, as the API shows them. */
import { z } from "@hono/zod-openapi";
import { ALARM_STATES } from "../../../../core/dashboard/shown.ts";
import { TONE_COLOURS, UNIT_LABELS } from "../../../../core/dashboard/show.ts";
import type { Tone, Unit } from "../../../../core/dashboard/panel.ts";

const TONES = Object.keys(TONE_COLOURS) as [Tone, ...Tone[]];
const UNITS = Object.keys(UNIT_LABELS) as [Unit, ...Unit[]];

const instant = z.iso.datetime();
const measured = z.number().nullable();
const note = z.string().optional().meta({ description: "What one should know of it" });

const seriesSchema = z
  .strictObject({
    label: z.string(),
    tone: z.enum(TONES).meta({ description: "Its colour, by meaning" }),
    points: z.array(measured).meta({ description: "One a period, oldest first; null where nothing was measured" }),
    value: measured.meta({ description: "Of the whole time, or of the newest period in which there was something" }),
    note,
  })
  .openapi("LiveSeries");

const panelShape = {
  id: z.string(),
  title: z.string(),
  help: z.string(),
  columns: z.int().meta({ description: "Of the 24 that the dashboard is wide" }),
};

const numbersSchema = z
  .strictObject({
    kind: z.literal("numbers"),
    ...panelShape,
    over: z.enum(["range", "latest"]).meta({ description: "Sums of the whole time, or the newest" }),
    unit: z.enum(UNITS),
    series: z.array(seriesSchema),
  })
  .openapi("LiveNumbers");

const chartSchema = z
  .strictObject({
    kind: z.enum(["lines", "areas"]),
    ...panelShape,
    unit: z.enum(UNITS),
    series: z.array(seriesSchema),
  })
  .openapi("LiveChart");

const contributorsSchema = z
  .strictObject({
    kind: z.literal("contributors"),
    ...panelShape,
    rows: z.array(z.strictObject({ name: z.string(), value: z.number() })).meta({ description: "Most first" }),
    note,
  })
  .openapi("LiveContributors");

const alarmSchema = z
  .strictObject({
    name: z.string(),
    state: z
      .enum(ALARM_STATES)
      .meta({ description: "As CloudWatch has it; `NOT_EVALUATED` where it is not looked at" }),
    since: instant.optional().meta({ description: "When it came into this state" }),
    why: z.string(),
    what: z.string(),
    runbook: z
      .strictObject({
        heading: z.string(),
        address: z.string().meta({ description: "URL by `alarms.runbookUrl`, else a path in the repository" }),
      })
      .optional()
      .meta({ description: "What to do about it" }),
  })
  .openapi("LiveAlarm");

const alarmsSchema = z
  .strictObject({ kind: z.literal("alarms"), ...panelShape, rows: z.array(alarmSchema) })
  .openapi("LiveAlarms");

const panelSchema = z.union([numbersSchema, chartSchema, contributorsSchema, alarmsSchema]).openapi("LivePanel");

export const liveSchema = z
  .strictObject({
    readAt: instant.meta({ description: "When CloudWatch was asked" }),
    freshSeconds: z.int().meta({ description: "After which there may be newer ones, as `Cache-Control` says too" }),
    isLate: z.boolean().meta({ description: "CloudWatch has not responded since" }),
    endAt: instant.meta({ description: "End of the last period" }),
    periodSeconds: z.int(),
    periods: z.int(),
    sections: z.array(z.strictObject({ title: z.string(), panels: z.array(panelSchema) }).openapi("LiveSection")),
  })
  .openapi("Live");
export type LiveView = z.infer<typeof liveSchema>;
export type LivePanelView = z.infer<typeof panelSchema>;
