/**
 * What failed, jobs, cut-over, manifests and the audit log in a real browser: counts add up to what the API lists and
 * what the merchant got, with fifty thousand failed rows too.
 */
import { BatchWriteItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { failedAtFor, failedKeyFor, merchantKeyFor } from "../../core/transaction/row/index-keys.ts";
import { firstAuditsOver } from "../flow/first-audits.ts";
import { Pipeline, type Row, transactionRow } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { launchBrowser, overflows, type WatchedPage } from "./browser.ts";
import { accessibilityFaults, goThere, openConsole } from "./console-page.ts";

const SUPPORT = { subject: "anna" };
const ENGINEER = { subject: "ben", merchantId: "acme" };
const WINDOW = { width: 1280, height: 900 } as const;
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const FAILED_AT = Date.UTC(2026, 9, 1);
/** As the stack of tests has them. */
const SHARDS = 2;
const CROWD = { attempts_exhausted: 49_870, url_missing: 120, release_unheard: 10 } as const;
const FAULT = { attempts_exhausted: "merchant", url_missing: "merchant", release_unheard: "pipeline" } as const;
const ALL = "50,000";
const TOTAL = 50_000;
/** So many of the crowd are sent again, chosen by when they failed. */
const CHOSEN = { from: 1000, count: 400 } as const;
const GONE = ["gone-1", "gone-2", "gone-3"];
/** As rows of tests have it. */
const OCCURRED_AT = "2026-11-22T10:00:00Z";
const PURGED_AT = String(Math.ceil(Date.now() / 1000) + 30 * 86_400);
const A_WRITE = 25;
const AT_ONCE = 8;
const UNAVAILABLE = 503;

let pipeline: Pipeline;
let browser: Browser;
let support: WatchedPage;
let token: string;

beforeAll(async () => {
  [pipeline, browser] = await Promise.all([
    Pipeline.start({
      delivery: { deadlineMs: 20_000 },
      retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
      circuit: { openSeconds: 1, maxOpenSeconds: 1 },
      release: { leaseSeconds: 30, everySeconds: 1 },
      audit: { settleSeconds: 1 },
      worker: { minTasks: 1, maxTasks: 1, stopTimeoutSeconds: 10 },
    }),
    launchBrowser(),
  ]);
  const { merchant } = pipeline;
  merchant.respond("/gone", () => 404);
  await firstAuditsOver(pipeline);
  await Promise.all([
    pipeline.registerMerchant({ merchantId: "acme", confirmationUrl: merchant.url("/acme") }),
    pipeline.registerMerchant({ merchantId: "gone", confirmationUrl: merchant.url("/gone") }),
    pipeline.registerMerchant({ merchantId: "crowd", confirmationUrl: merchant.url("/crowd") }),
  ]);
  const of = { occurredAt: { S: `${YESTERDAY}T10:00:00Z` } };
  await Promise.all(GONE.map((id) => pipeline.put(transactionRow(id, "gone"))));
  await pipeline.put(transactionRow("of-a-manifest", "acme", of));
  await Promise.all([...GONE, "of-a-manifest"].map((id) => pipeline.terminalRow(id)));
  await putCrowd();
  token = await accessToken();
  support = await openConsole(browser, pipeline.stack, "/failed", SUPPORT, { viewport: WINDOW });
  support.page.setDefaultTimeout(patienceMs(60_000));
}, patienceMs(300_000));

afterAll(async () => {
  await support?.close();
  await browser?.close();
  await pipeline?.stop();
}, patienceMs(30_000));

/** As the worker leaves what it gave up, so that nobody has anything to do with them. */
async function putCrowd(): Promise<void> {
  const rows = Object.entries(CROWD).flatMap(([code, count]) =>
    Array.from({ length: count }, (_, at) => failedRow(`${code}-${at}`, code as keyof typeof CROWD, FAILED_AT + at)),
  );
  const writes = Array.from({ length: Math.ceil(rows.length / A_WRITE) }, (_, at) =>
    rows.slice(at * A_WRITE, (at + 1) * A_WRITE),
  );
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let write = writes.pop(); write !== undefined; write = writes.pop())
        await pipeline.dynamodb.send(
          new BatchWriteItemCommand({
            RequestItems: { [pipeline.stack.transactionsTable]: write.map((Item) => ({ PutRequest: { Item } })) },
          }),
        );
    }),
  );
}

function failedRow(transactionId: string, code: keyof typeof CROWD, failedAt: number): Row {
  return transactionRow(transactionId, "crowd", {
    confirmationState: { S: "FAILED" },
    stateVersion: { N: "1" },
    releaseNumber: { N: "0" },
    settledAt: { N: String(failedAt) },
    failure: { M: { code: { S: code }, fault: { S: FAULT[code] }, reason: { S: "It is made up." } } },
    purgeAt: { N: PURGED_AT },
    merchantKey: { S: merchantKeyFor("crowd", OCCURRED_AT, transactionId, SHARDS) },
    failedKey: { S: failedKeyFor("crowd", transactionId, SHARDS) },
    failedAt: { S: failedAtFor(code, failedAt) },
  });
}

/** All fifty thousand, by their state. */
async function crowdByState(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { dynamodb, stack } = pipeline;
  const states = new Map<string, string[]>();
  const scan = {
    TableName: stack.transactionsTable,
    ConsistentRead: true,
    ProjectionExpression: "transactionId, confirmationState",
    FilterExpression: "merchantId = :crowd",
    ExpressionAttributeValues: { ":crowd": { S: "crowd" } },
  };
  for await (const { Items = [] } of paginateScan({ client: dynamodb }, scan))
    for (const { transactionId, confirmationState } of Items) {
      const ids = states.get(confirmationState?.S ?? "") ?? [];
      states.set(confirmationState?.S ?? "", ids);
      ids.push(transactionId?.S ?? "");
    }
  return states;
}

interface Told {
  readonly data: { readonly transactionId: string };
}

/** What the merchant itself has written down, each once. */
function toldToCrowd(): string[] {
  const told = pipeline.merchant.deliveries.filter(({ path }) => path === "/crowd");
  const ids = told.map(({ body }) => (JSON.parse(body) as Told).data.transactionId);
  return [...new Set(ids)].toSorted();
}

async function accessToken(): Promise<string> {
  const response = await fetch(`${pipeline.stack.endpoints.issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const response = await waitFor(`the API answers ${method} ${path}`, async () => {
    const given = await fetch(`${pipeline.stack.endpoints.api}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // Of a busy machine, which does not answer in time, it is asked again.
    return given.status === UNAVAILABLE ? undefined : given;
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Body;
}

async function isCanceled(reason: string): Promise<true | undefined> {
  const { items } = await ask<{ readonly items: { readonly state: string; readonly reason: string }[] }>(
    "GET",
    "/redeliveries",
  );
  return items.find((job) => job.reason === reason)?.state === "canceled" ? true : undefined;
}

const counts = (page: Page) => page.getByRole("table", { name: "By reason and fault" });
const list = (page: Page) => page.getByRole("table", { name: "Transactions" });

async function cellsOf(page: Page, reason: string): Promise<string[]> {
  const row = counts(page).getByRole("row").filter({ hasText: reason });
  return row.getByRole("cell").allInnerTexts();
}

describe("what failed", () => {
  it("is asked for by merchant, and counted to the last of fifty thousand", async () => {
    const { page } = support;
    await page.getByText("Say whose").waitFor();
    await page.getByRole("textbox", { name: "Merchant" }).fill("crowd");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: `By reason and fault (${ALL})` }).waitFor();
    expect(new URL(page.url()).search).toBe("?merchant=crowd");
    expect(await cellsOf(page, "attempts_exhausted")).toEqual(["49,870", "–", "–", "49,870"]);
    expect(await cellsOf(page, "url_missing")).toEqual(["120", "–", "–", "120"]);
    expect(await cellsOf(page, "release_unheard")).toEqual(["–", "–", "10", "10"]);
    expect((await counts(page).getByRole("row").last().getByRole("cell").allInnerTexts()).slice(-4)).toEqual([
      "49,990",
      "–",
      "10",
      ALL,
    ]);
  });

  it("is as many in the list as are counted, page by page", async () => {
    const { page } = support;
    await counts(page).getByRole("link", { name: "url_missing" }).click();
    await page.getByRole("heading", { name: "By reason and fault (120)" }).waitFor();
    expect(new URL(page.url()).search).toBe("?merchant=crowd&reason=url_missing");
    for (const shown of ["50 are shown.", "100 are shown."]) {
      await page.getByText(shown).waitFor();
      await page.getByRole("button", { name: "More" }).click();
    }
    await page.getByText("120 are shown.").waitFor();
    expect(await page.getByRole("button", { name: "More" }).count()).toBe(0);
  });

  it("is of the filter that the address has", async () => {
    const { page } = support;
    await goThere(page, "/failed?merchant=crowd&fault=pipeline");
    await page.getByText("10 are shown.").waitFor();
    await page.getByRole("heading", { name: "By reason and fault (10)" }).waitFor();
    const until = new Date(FAILED_AT + 5).toISOString();
    await goThere(page, `/failed?merchant=crowd&fault=pipeline&until=${until}`);
    await page.getByText("5 are shown.").waitFor();
    await page.getByRole("heading", { name: "By reason and fault (5)" }).waitFor();
    const from = new Date(FAILED_AT + 49_869).toISOString();
    await goThere(page, `/failed?merchant=crowd&from=${from}`);
    await page.getByText("1 are shown.").waitFor();
    expect(await page.getByRole("button", { name: "More" }).count()).toBe(0);
  });

  it("is counted before it is sent again, and nothing is left of a plan that nobody wanted", async () => {
    const { page } = support;
    await goThere(page, "/failed?merchant=crowd&reason=url_missing");
    await page.getByText(/^\d+ are shown\.$/).waitFor();
    await page.getByRole("button", { name: "Send all again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText("Say why it is sent again.").waitFor();
    await dialog.getByLabel("Reason").fill("not yet");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText("120 transactions are put on their way again").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await waitFor("the plan is canceled", () => isCanceled("not yet"));
    expect(pipeline.merchant.deliveries.some(({ body }) => body.includes("url_missing-"))).toBe(false);
  });

  it("leaves nothing of a plan either where somebody goes to another page", async () => {
    const { page } = support;
    await goThere(page, "/failed?merchant=crowd&reason=url_missing");
    await page.getByText(/^\d+ are shown\.$/).waitFor();
    await page.getByRole("button", { name: "Send all again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("left open");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText("120 transactions are put on their way again").waitFor();
    await goThere(page, "/cutover");
    await waitFor("the plan is canceled", () => isCanceled("left open"));
  });

  it("is sent again where a filter chose it among fifty thousand, row by row, and nothing else is", async () => {
    const { page } = support;
    const { from, count } = CHOSEN;
    const chosen = Array.from({ length: count }, (_, at) => `attempts_exhausted-${from + at}`).toSorted();
    const span = {
      from: new Date(FAILED_AT + from).toISOString(),
      until: new Date(FAILED_AT + from + count).toISOString(),
    };
    const search = new URLSearchParams({ merchant: "crowd", reason: "attempts_exhausted", ...span });
    await goThere(page, `/failed?${search.toString()}`);
    await page.getByRole("heading", { name: `By reason and fault (${count})` }).waitFor();
    await page.getByRole("button", { name: "Send all again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("that night's");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText(`${count} transactions are put on their way again`).waitFor();
    expect(toldToCrowd()).toEqual([]);
    await dialog.getByRole("button", { name: "Send them again" }).click();
    await page.getByRole("heading", { name: "Redelivery", level: 1 }).waitFor();
    await page.getByText("Done", { exact: true }).waitFor();
    await waitFor("the merchant has what was chosen", async () => (toldToCrowd().length >= count ? true : undefined));
    const states = await waitFor("the table has them all as terminal", async () => {
      const seen = await crowdByState();
      return seen.get("CONFIRMED")?.length === count ? seen : undefined;
    });
    expect(toldToCrowd()).toEqual(chosen);
    expect(states.get("CONFIRMED")?.toSorted()).toEqual(chosen);
    expect(states.get("FAILED")?.length).toBe(TOTAL - count);
    expect([...states.keys()].toSorted()).toEqual(["CONFIRMED", "FAILED"]);
    await goThere(page, "/failed?merchant=crowd");
    const left = (TOTAL - count).toLocaleString("en-GB");
    await page.getByRole("heading", { name: `By reason and fault (${left})` }).waitFor();
    await goThere(page, `/failed?${search.toString()}`);
    await page.getByRole("heading", { name: "By reason and fault (0)" }).waitFor();
  });

  it("is sent again where it was chosen, once its merchant is there", async () => {
    const { page } = support;
    pipeline.merchant.respond("/gone", () => 200);
    await goThere(page, "/failed?merchant=gone");
    await page.getByText("3 are shown.").waitFor();
    for (const id of GONE.slice(0, 2))
      await list(page)
        .getByRole("checkbox", { name: `Choose ${id}` })
        .click();
    await page.getByRole("button", { name: "Send 2 again" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("their endpoint is back");
    await dialog.getByRole("button", { name: "Count" }).click();
    await dialog.getByText("2 transactions are put on their way again").waitFor();
    await dialog.getByRole("button", { name: "Send them again" }).click();
    await page.getByRole("heading", { name: "Redelivery", level: 1 }).waitFor();
    await page.getByText("Done", { exact: true }).waitFor();
    for (const id of GONE.slice(0, 2))
      await waitFor(`${id} is confirmed`, async () =>
        (await pipeline.row(id))["confirmationState"]?.S === "CONFIRMED" ? true : undefined,
      );
    await goThere(page, "/failed?merchant=gone");
    await page.getByRole("heading", { name: "By reason and fault (1)" }).waitFor();
  });
});

describe("jobs", () => {
  it("of every kind are in one place, and say who asked and why", async () => {
    const { page } = support;
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Redeliveries" }).click();
    const table = page.getByRole("table", { name: "Redeliveries" });
    const row = table.getByRole("row").filter({ hasText: "their endpoint is back" });
    expect(await row.innerText()).toMatch(/Done[\s\S]*anna[\s\S]*Found 2/);
    await table.getByRole("row").filter({ hasText: "not yet" }).getByText("Canceled").waitFor();
  });

  it("of an export have their file, and of one that runs what may be done about it", async () => {
    const { page } = support;
    const { jobId } = await ask<{ readonly jobId: string }>("POST", "/exports", {
      merchantId: "acme",
      from: `${YESTERDAY}T00:00:00Z`,
      reason: "for their accounts",
    });
    await goThere(page, "/jobs/exports");
    await page.getByRole("row").filter({ hasText: "for their accounts" }).getByRole("link").first().click();
    await page.getByRole("heading", { name: "Export", exact: true, level: 1 }).waitFor();
    await page.getByText("Done", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Get the file" }).click();
    const href = await page.getByRole("link", { name: /^Download/ }).getAttribute("href");
    const file = await (await fetch(href ?? "")).text();
    expect(file).toContain("of-a-manifest");
    expect(new URL(page.url()).pathname).toBe(`/jobs/exports/${jobId}`);
  });

  it("of an import say what was accepted and rejected, and add up", async () => {
    const { page } = support;
    const { jobId, url, fields } = await ask<{
      readonly jobId: string;
      readonly url: string;
      readonly fields: Readonly<Record<string, string>>;
    }>("POST", "/imports/uploads", { fileName: "november.csv", reason: "of the old system" });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const head = "transactionId,merchantId,outcome,amount,currency,occurredAt";
    const rows = ["i-1,acme,APPROVED,1.00,EUR", "i-2,acme,APPROVED,2.00,EUR", "i-3,acme,APPROVED,no amount,EUR"];
    const text = [head, ...rows.map((row) => `${row},${YESTERDAY}T12:00:00Z`)].join("\n");
    form.append("file", new Blob([`${text}\n`]));
    expect((await fetch(url, { method: "POST", body: form })).ok).toBe(true);
    await goThere(page, `/jobs/imports/${jobId}`);
    await page.getByText("Done", { exact: true }).waitFor();
    const shown = await page.locator("#content").innerText();
    expect(shown).toMatch(/Rows\s+3\s[\s\S]*Accepted\s+2\s[\s\S]*Rejected\s+1\s/);
    await page.getByRole("heading", { name: "Rejected rows" }).waitFor();
  });
});

describe("cut-over", () => {
  it("says who confirms for each merchant, and switches one over by who was told what that does", async () => {
    const { page } = support;
    await goThere(page, "/cutover");
    await page.getByRole("table", { name: "Cut-over" }).getByRole("link", { name: "acme" }).click();
    await page.getByRole("heading", { name: "Cut-over of acme" }).waitFor();
    await page.getByText("Confirmed by this pipeline").waitFor();
    await page.getByRole("button", { name: "Switch" }).click();
    const dialog = page.getByRole("dialog");
    const says = "1 merchant: what occurs for acme from the earliest time that both systems can know of is confirmed";
    await dialog.getByText(says).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const when = dialog.getByLabel("From", { exact: true });
    await when.focus();
    await page.keyboard.type("0101");
    await dialog.getByRole("button", { name: "Switch" }).click();
    await dialog.getByText("Give a whole time, with day and hour, or none.").waitFor();
    expect(await dialog.getByText(says).count()).toBe(0);
    expect(await ask<{ readonly liveUntil?: string }>("GET", "/merchants/acme")).not.toHaveProperty("liveUntil");
    await when.fill("2030-01-01T10:00");
    await when.blur();
    await dialog.getByText(/what occurs for acme from .*2030.* is confirmed by the old system/).waitFor();
    await when.fill("");
    await when.blur();
    await dialog.getByRole("button", { name: "Switch" }).click();
    // It says the same as the page does afterwards.
    await dialog.waitFor({ state: "hidden" });
    await page.getByText("Shadow: the old system confirms").waitFor();
    const { liveUntil } = await ask<{ readonly liveUntil?: string }>("GET", "/merchants/acme");
    expect(Date.parse(liveUntil ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe("manifests", () => {
  it("are verified in the browser, and refused where they were changed", async () => {
    const { page } = support;
    await pipeline.stack.invoke("audit-transactions", { audit: "manifests", day: YESTERDAY });
    await waitFor("the day has a manifest", async () => {
      const { items } = await ask<{ readonly items: readonly object[] }>("GET", "/merchants/acme/manifests");
      return items.length > 0 ? true : undefined;
    });
    await goThere(page, "/manifests?merchant=acme");
    await page.getByRole("link", { name: YESTERDAY }).click();
    const table = page.getByRole("table", { name: `Files of ${YESTERDAY}` });
    await table.getByRole("link", { name: /^manifest-/ }).waitFor();
    const links = await table.getByRole("link").all();
    const files = await Promise.all(
      links.map(async (link) => {
        const url = (await link.getAttribute("href")) ?? "";
        const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
        const buffer = Buffer.from(await (await fetch(url)).arrayBuffer());
        return { name, mimeType: "application/jsonl", buffer };
      }),
    );
    const verify = page.getByRole("button", { name: "Verify" });
    await page.getByLabel("Manifests and their lines").setInputFiles(files);
    await verify.click();
    await page.getByText("They are what was signed:").waitFor();
    const changed = files.map((file) =>
      file.name.startsWith("lines-")
        ? { ...file, buffer: Buffer.from(file.buffer.toString("utf8").replace("12.50", "12.51")) }
        : file,
    );
    await page.getByLabel("Manifests and their lines").setInputFiles(changed);
    await page.getByText("They are what was signed:").waitFor({ state: "hidden" });
    await verify.click();
    await page.getByText("They are not what was signed").waitFor();
  });
});

describe("the audit log", () => {
  it("says who did what, by the filter of the address, and leads to what it was done to", async () => {
    const { page } = support;
    await goThere(page, "/audit-log?actor=anna");
    const table = page.getByRole("table", { name: "Entries" });
    await table.getByText("switchMerchant").waitFor();
    const row = table.getByRole("row").filter({ hasText: "switchMerchant" });
    expect(await row.innerText()).toMatch(/anna[\s\S]*merchants\/acme[\s\S]*mode: live/);
    await table.getByRole("row").filter({ hasText: "startRedelivery" }).getByRole("link").first().click();
    await page.getByRole("heading", { name: "Redelivery", level: 1 }).waitFor();
    await goThere(page, "/audit-log?actor=nobody");
    await page.getByText("None.").waitFor();
  });
});

describe("an engineer of a merchant", () => {
  it("sees the merchant's own, whatever the address says, and no page of operations", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/failed?merchant=crowd", ENGINEER);
    await page.getByRole("heading", { name: "By reason and fault (0)" }).waitFor();
    expect(await page.getByRole("textbox", { name: "Merchant" }).inputValue()).toBe("acme");
    const pages = page.getByRole("navigation", { name: "Pages" });
    expect(await pages.getByRole("link", { name: "Restores" }).count()).toBe(0);
    await goThere(page, "/jobs/restores");
    await page.getByText(/narrowed/).waitFor();
    await close();
  });
});

describe("every page", () => {
  it.each([
    ["on a phone, light, in Spanish", { width: 390, height: 844 }, "light", "es-ES"],
    ["on a phone, dark, in English", { width: 390, height: 844 }, "dark", "en-GB"],
    ["on a wide screen, light, in English", { width: 2560, height: 1440 }, "light", "en-GB"],
  ] as const)(
    "is for keyboard and screen reader, and no wider than its window %s",
    async (_what, viewport, colorScheme, locale) => {
      const options = { viewport, colorScheme, locale };
      const { page, complaints, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT, options);
      const { items } = await ask<{ readonly items: { readonly jobId: string }[] }>("GET", "/redeliveries");
      const paths = [
        "/failed",
        "/failed?merchant=gone",
        "/failed?merchant=crowd&reason=url_missing",
        ...["redeliveries", "imports", "exports", "restores", "resyncs"].map((kind) => `/jobs/${kind}`),
        `/jobs/redeliveries/${items[0]?.jobId ?? ""}`,
        "/cutover",
        "/cutover/acme",
        "/campaigns",
        `/manifests?merchant=acme&day=${YESTERDAY}`,
        "/audit-log",
      ];
      for (const path of paths) {
        await goThere(page, path);
        expect({ path, faults: await accessibilityFaults(page) }).toEqual({ path, faults: [] });
        expect({ path, overflows: await overflows(page) }).toEqual({ path, overflows: false });
      }
      expect(complaints).toEqual([]);
      await close();
    },
    patienceMs(120_000),
  );
});

describe("the pages", () => {
  it("did not complain all the while, and asked nobody but their own origin and the issuer", () => {
    expect(support.complaints).toEqual([]);
  });
});
