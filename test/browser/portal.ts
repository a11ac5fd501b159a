/**
 * The merchant's own portal: a session that is narrowed to a merchant visits every page, and with its token each
 * request that the console makes is tried with another merchant's ids. What is another's is answered as what is not
 * there, byte for byte; nothing of it stands in anything that was answered.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { type OperationId, OPERATIONS } from "../../core/access/operations.ts";
import { en } from "../../console/src/texts/en.ts";
import { calledOperations } from "../console/called-operations.ts";
import { storyExamples } from "../flow/api-story.ts";
import type { Pipeline } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import {
  type ApiDescription,
  describedApi,
  type DescribedOperation,
  operationAt,
} from "../support/api/described-operations.ts";
import { exampleRequest } from "../support/api/example-request.ts";
import { callHttp } from "../support/api/http-target.ts";
import { merchantFilterFaults, type Things } from "../support/api/merchant-filter.ts";
import type { Answer } from "../support/api/request-plan.ts";
import { patienceMs } from "../support/machine-speed.ts";
import type { WatchedPage } from "./browser.ts";
import { goThere, openConsole } from "./console-page.ts";
import {
  ALL_SCOPES,
  COMPANY,
  type Having,
  having,
  JOB_PATHS,
  type JobKind,
  MANIFEST_DAY,
  sendTo,
  untilInTime,
} from "./two-merchants.ts";

type Ids = Pick<Having, "merchantId" | "transactionId" | "jobs">;

/** In which a page has read all that it shows. */
const PAGE_MS = 10_000;
const LISTS = [
  "/failed",
  "/jobs/redeliveries",
  "/jobs/imports",
  "/jobs/exports",
  "/cutover",
  `/manifests?day=${MANIFEST_DAY}`,
  "/audit-log",
] as const;
const CONFLICT = 409;
const NOBODY = "of-nobody-at-all";

export function portal(running: () => Pipeline, browserOf: () => Browser): void {
  let pipeline: Pipeline;
  let engineer: WatchedPage;
  let own: Having;
  let others: Having;
  let api: ApiDescription;
  /** All that the engineer's browser was answered, and all that its token was. */
  const answers: { readonly what: string; readonly text: string }[] = [];
  const asked = new Set<string>();
  let authorization: string | undefined;

  beforeAll(async () => {
    pipeline = running();
    [own, others] = await Promise.all([
      having(pipeline, "portal-shop", "11.25"),
      having(pipeline, "portal-rival", "98765.43"),
    ]);
    const { endpoints } = pipeline.stack;
    const served = await fetch(`${endpoints.console}/v1/openapi.json`);
    const whole = describedApi((await served.json()) as object);
    const called = new Set(calledOperations().map(nameOf));
    api = { ...whole, operations: whole.operations.filter((operation) => called.has(nameOf(operation))) };
    engineer = await openConsole(browserOf(), pipeline.stack, "/", { subject: "ben", merchantId: own.merchantId });
    engineer.page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith("/v1/")) return;
      const request = response.request();
      authorization ??= request.headers()["authorization"];
      const found = operationAt(whole, request.method(), pathname)?.operation;
      asked.add(`${request.method()} ${found?.path ?? pathname}`);
      void response.text().then(
        (text) => answers.push({ what: `${request.method()} ${response.url()}`, text }),
        () => undefined,
      );
    });
  }, patienceMs(120_000));

  afterAll(() => engineer?.close());

  /** With the token of the engineer's own session, at the console's own address. */
  const send = untilInTime(async (request) => {
    const answer = await callHttp(pipeline.stack.endpoints.console, request, authorization);
    answers.push({ what: `${request.method} ${request.target}`, text: answer.text });
    return answer;
  });

  function pagesOf({ merchantId, transactionId, jobs }: Ids): string[] {
    return [
      `/?q=${transactionId}`,
      `/?q=${merchantId}`,
      `/transactions/${transactionId}`,
      `/merchants/${merchantId}`,
      `/jobs/redeliveries/${jobs.redelivery}`,
      `/jobs/imports/${jobs.import}`,
      `/jobs/exports/${jobs.export}`,
      `/cutover/${merchantId}`,
    ];
  }

  function nobodys(): Ids {
    const kinds = Object.keys(JOB_PATHS) as JobKind[];
    const jobs = Object.fromEntries(kinds.map((kind) => [kind, randomUUID()])) as Having["jobs"];
    return { merchantId: NOBODY, transactionId: NOBODY, jobs };
  }

  async function shownAt(path: string): Promise<string> {
    await goThere(engineer.page, path);
    let text = "";
    const look = async () => {
      text = await engineer.page.locator("#content").innerText();
      return text.includes(en.reading) ? undefined : text;
    };
    return waitFor(`${path} is read`, look, PAGE_MS).catch((cause: unknown) => {
      throw new Error(`${path} shows ${text}`, { cause });
    });
  }

  describe("the portal of a merchant", () => {
    it("shows what is the merchant's on every page", async () => {
      for (const path of [...LISTS, ...pagesOf(own)])
        expect([path, await shownAt(path)]).toEqual([path, expect.not.stringContaining("There is no such thing")]);
      expect(await shownAt(`/transactions/${own.transactionId}`)).toContain("11.25");
    });

    it("shows another's as what is not there", async () => {
      const nothing = nobodys();
      for (const [index, path] of pagesOf(others).entries()) {
        const missing = pagesOf(nothing)[index] ?? "";
        const [seen, notThere] = [await shownAt(path), await shownAt(missing)];
        const idOf = (at: string): string => decodeURIComponent(at.split(/[=/]/).at(-1) ?? "");
        // The pages say which request it was.
        const plain = (text: string, id: string) => text.replaceAll(id, "…").replaceAll(/Request [\w-]+/g, "");
        expect([path, plain(seen, idOf(path))]).toEqual([path, plain(notThere, idOf(missing))]);
      }
    });

    it("asks for nothing but operations that are tried with another's ids", () => {
      expect(asked.size).toBeGreaterThan(3);
      const tried = api.operations.map(nameOf);
      expect([...asked].filter((one) => !tried.includes(one))).toEqual([]);
      expect(tried.toSorted()).toEqual(calledOperations().map(nameOf).toSorted());
    });

    it(
      "is answered for another's ids as for those of nobody, by each operation that the console calls",
      async () => {
        const refused = Object.entries(OPERATIONS).flatMap(([id, { narrowed }]) =>
          narrowed === "refused" ? [id] : [],
        );
        const nothing = nobodys();
        for (const [kind, operations] of Map.groupBy(api.operations, kindOf)) {
          const faults = await merchantFilterFaults({
            api: { ...api, operations },
            send,
            bearer: { scopes: ALL_SCOPES, merchantId: own.merchantId },
            own: thingsOf(own, kind),
            anothers: thingsOf(others, kind),
            missing: thingsOf(nothing, kind),
            refused: new Set(refused),
            examples: storyExamples(pipeline.merchant.url("/story")),
          });
          expect({ kind, faults }).toEqual({ kind, faults: [] });
        }
      },
      patienceMs(120_000),
    );

    it("reads its own by the same requests", async () => {
      const reads = api.operations.filter(
        ({ method, operationId }) => method === "GET" && OPERATIONS[operationId as OperationId].narrowed !== "refused",
      );
      for (const read of reads) {
        const parameters = { ...thingsOf(own, kindOf(read)), ...storyExamples("")[read.operationId]?.parameters };
        const request = exampleRequest(api, read, { parameters: { ...parameters, merchantId: own.merchantId } });
        const { status, text } = await send({ ...request, bearer: null });
        // A job that is not done yet has no file.
        const isRead = status < 400 || status === CONFLICT;
        expect({ operationId: read.operationId, text: isRead ? "" : text }).toEqual({
          operationId: read.operationId,
          text: "",
        });
      }
    });

    it("gets nothing by the cursor of a list that shows another's", async () => {
      const company = sendTo(pipeline);
      const lists = api.operations.filter(({ parameters }) => parameters.some(({ name }) => name === "cursor"));
      expect(lists.length).toBeGreaterThan(1);
      for (const list of lists) {
        const { nextCursor } = bodyOf(await company({ ...page(list, others.merchantId), bearer: COMPANY }));
        if (nextCursor === undefined) continue;
        for (const merchantId of [others.merchantId, own.merchantId, undefined])
          await send({ ...page(list, merchantId, nextCursor), bearer: null });
      }
    });

    it("was told nothing of another's all the while", () => {
      expect(answers.length).toBeGreaterThan(20);
      const told = answers.filter(({ text }) => others.marks.some((mark) => text.includes(mark)));
      expect(told).toEqual([]);
      expect(engineer.complaints).toEqual([]);
    });
  });
}

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`;
}

function thingsOf({ merchantId, transactionId, jobs }: Ids, kind: JobKind): Things {
  return { merchantId, transactionId, jobId: jobs[kind], day: MANIFEST_DAY };
}

/** Whose id the `{jobId}` of an operation is. */
function kindOf({ path }: DescribedOperation): JobKind {
  const kinds = Object.entries(JOB_PATHS) as [JobKind, string][];
  return kinds.find(([, start]) => path.startsWith(start))?.[0] ?? "test";
}

interface Page {
  readonly nextCursor?: string;
}

function bodyOf({ text }: Answer): Page {
  return JSON.parse(text) as Page;
}

/** One item of a list, so that there is another page. */
function page({ method, path, parameters }: DescribedOperation, merchantId: string | undefined, cursor?: string) {
  const names = new Set(parameters.map(({ name }) => name));
  const query = new URLSearchParams({
    ...(names.has("limit") && { limit: "1" }),
    ...(names.has("merchantId") && merchantId !== undefined && { merchantId }),
    ...(cursor !== undefined && { cursor }),
  });
  const inPath = path.replace("{merchantId}", merchantId ?? NOBODY);
  return { method, target: `${inPath}?${query.toString()}`, headers: [], body: undefined };
}
