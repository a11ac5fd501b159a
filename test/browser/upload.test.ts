/**
 * A file is uploaded in a real browser, under the console's policy and the bucket's rules: what comes of it is what the
 * API counts, and whatever is in the way is said with what to do.
 */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { en } from "../../console/src/texts/en.ts";
import { Pipeline } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { launchBrowser, type WatchedPage } from "./browser.ts";
import { accessibilityFaults, goThere, openConsole } from "./console-page.ts";
import { COMPANY, sendTo } from "./two-merchants.ts";

const { upload: says, jobs } = en;
const HEADER = "transactionId,merchantId,outcome,amount,currency,occurredAt";
const AT = "2026-11-22T10:00:00Z";
/** As S3 says it. */
const EXPIRED = "Invalid according to Policy: Policy expired.";
const PATIENCE_MS = 60_000;
/** Of a test with an import that comes to its end. */
const TEST_MS = 180_000;
const MEGABYTE = 1_000_000;

interface Counts {
  readonly state: string;
  readonly counts: { readonly rows: number; readonly accepted: number; readonly rejected: number };
}

let pipeline: Pipeline;
let browser: Browser;
let support: WatchedPage;

beforeAll(async () => {
  [pipeline, browser] = await Promise.all([
    Pipeline.start({
      imports: { maxMegabytes: 1 },
      delivery: { deadlineMs: 20_000 },
      release: { leaseSeconds: 30, everySeconds: 1 },
      worker: { minTasks: 1, maxTasks: 1, stopTimeoutSeconds: 10 },
    }),
    launchBrowser(),
  ]);
  for (const merchantId of ["shop", "rival"])
    await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
  support = await openConsole(browser, pipeline.stack, "/jobs/imports", { subject: "anna" });
  support.page.setDefaultTimeout(patienceMs(PATIENCE_MS));
}, patienceMs(300_000));

afterAll(async () => {
  await support?.close();
  await browser?.close();
  await pipeline?.stop();
}, patienceMs(30_000));

function fileOf(name: string, rows: readonly string[], header: string = HEADER) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(`${[header, ...rows].join("\n")}\n`) };
}

const row = (id: string, merchantId: string, amount = "1.00") => `${id},${merchantId},APPROVED,${amount},EUR,${AT}`;

const dialogOf = (page: Page) => page.getByRole("dialog");

/** Up to the button that sends it. */
async function choose(page: Page, file: ReturnType<typeof fileOf>, reason: string): Promise<void> {
  // From another page, so that no dialog is left open.
  await goThere(page, "/failed");
  await goThere(page, "/jobs/imports");
  await page.getByRole("button", { name: says.button }).click();
  const dialog = dialogOf(page);
  await dialog.getByLabel(says.file, { exact: true }).setInputFiles(file);
  await dialog.getByLabel(en.redeliver.reason, { exact: true }).fill(reason);
}

const press = (page: Page, name: string) => dialogOf(page).getByRole("button", { name, exact: true }).click();

/** Of the import whose page is shown, once it is over, as the API has it. */
async function whatCame(page: Page): Promise<Counts> {
  await page.getByRole("heading", { name: jobs.kinds.imports.one, level: 1, exact: true }).waitFor();
  const target = `/v1${new URL(page.url()).pathname.replace("/jobs", "")}`;
  return waitFor(`${target} is over`, async () => {
    const request = { method: "GET", target, headers: [], body: undefined, bearer: COMPANY };
    const found = JSON.parse((await sendTo(pipeline)(request)).text) as Counts;
    return found.state === "waiting" || found.state === "running" ? undefined : found;
  });
}

const shown = (page: Page) => page.locator("#content").innerText();

/** How many imports were asked for, with or without a file. */
function countForms(page: Page): () => number {
  let forms = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/v1/imports/uploads")) forms += 1;
  });
  return () => forms;
}

const uploadsTo = () => `${pipeline.stack.endpoints.s3}/${pipeline.stack.outputs["ImportsBucketName"]}/`;

describe("a file that is uploaded", () => {
  it("is asked for by keyboard and screen reader, and not without a file and a reason", async () => {
    const { page } = support;
    await page.getByRole("button", { name: says.button }).press("Enter");
    await dialogOf(page).getByText(says.says).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialogOf(page).getByRole("button", { name: says.begin, exact: true }).press("Enter");
    await dialogOf(page).getByText(says.fileMissing).waitFor();
    await dialogOf(page).getByText(says.reasonMissing).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await press(page, en.cancel);
    await dialogOf(page).waitFor({ state: "hidden" });
  });

  it(
    "is imported, and its page ends with the counts of the API",
    async () => {
      const { page } = support;
      const rows = Array.from({ length: 250 }, (_, at) => row(`good-${at}`, "shop"));
      await choose(page, fileOf("november.csv", rows), "of the old system");
      await press(page, says.begin);
      expect((await whatCame(page)).counts).toMatchObject({ rows: 250, accepted: 250, rejected: 0 });
      await page.getByText(jobs.states.done, { exact: true }).waitFor();
      expect(await shown(page)).toMatch(/Rows\s+250\s[\s\S]*Accepted\s+250\s[\s\S]*Rejected\s+0/);
      expect(await shown(page)).toContain("november.csv");
      expect((await pipeline.row("good-249"))["merchantId"]?.S).toBe("shop");
    },
    patienceMs(TEST_MS),
  );

  it(
    "has its bad rows in a file, and the good ones are accepted",
    async () => {
      const { page } = support;
      const rows = [row("mixed-1", "shop"), row("mixed-2", "shop", "much"), row("mixed-3", "shop"), "mixed-4,shop"];
      await choose(page, fileOf("mixed.csv", rows), "with faults");
      await press(page, says.begin);
      expect((await whatCame(page)).counts).toMatchObject({ rows: 4, accepted: 2, rejected: 2 });
      await page.getByRole("heading", { name: jobs.files.rejected.title }).waitFor();
      expect(await shown(page)).toMatch(/Rows\s+4\s[\s\S]*Accepted\s+2\s[\s\S]*Rejected\s+2/);
    },
    patienceMs(TEST_MS),
  );

  it(
    "is refused as a whole where its header is another, which its page says",
    async () => {
      const { page } = support;
      await choose(page, fileOf("other.csv", ["1,2"], "colour,size"), "by mistake");
      await press(page, says.begin);
      expect((await whatCame(page)).state).toBe("refused");
      await page.getByText(/got the column "colour"/).waitFor();
    },
    patienceMs(TEST_MS),
  );

  it("was asked of the console, the issuer and the bucket alone, and nothing complained", () => {
    expect(support.complaints).toEqual([]);
  });
});

describe("a file that cannot be uploaded", () => {
  const again = (page: Page) => dialogOf(page).getByRole("button", { name: says.again });

  it("is not sent where it is empty or no text, and the dialog says what to do", async () => {
    const { page } = support;
    const forms = countForms(page);
    await choose(page, { ...fileOf("empty.csv", []), buffer: Buffer.alloc(0) }, "empty");
    await press(page, says.begin);
    await dialogOf(page).getByText(says.faults.empty).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await choose(page, { ...fileOf("packed.csv.gz", []), buffer: Buffer.from([0x1f, 0x8b, 8, 0, 0]) }, "packed");
    await press(page, says.begin);
    await dialogOf(page).getByText(says.faults.notText.file_compressed).waitFor();
    expect(forms()).toBe(0);
  });

  it("is not sent where it is larger than the stack takes", async () => {
    const { page } = support;
    const large = { ...fileOf("large.csv", []), buffer: Buffer.alloc(MEGABYTE + 100_000, "a") };
    await choose(page, large, "too large");
    await press(page, says.begin);
    await dialogOf(page).getByText(says.faults.tooLarge("1.1 MB", "1 MB")).waitFor();
  });

  it("is told as too large by the bucket too, whose refusal a page may read", async () => {
    const { page } = support;
    await page.route("**/v1/imports/uploads", async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as object;
      await route.fulfill({ response, json: { ...body, maxBytes: 10 * MEGABYTE } });
    });
    await choose(page, { ...fileOf("large.csv", []), buffer: Buffer.alloc(2 * MEGABYTE, "a") }, "too large");
    await press(page, says.begin);
    await dialogOf(page).getByText(says.faults.tooLarge("2 MB", "10 MB")).waitFor();
    await page.unroute("**/v1/imports/uploads");
  });

  it(
    "is sent with another form where the first one is over",
    async () => {
      const { page } = support;
      const forms = countForms(page);
      await page.route(
        uploadsTo(),
        (route) =>
          route.fulfill({
            status: 403,
            headers: { "access-control-allow-origin": pipeline.stack.endpoints.console },
            body: `<Error><Code>AccessDenied</Code><Message>${EXPIRED}</Message></Error>`,
          }),
        { times: 1 },
      );
      await choose(page, fileOf("late.csv", [row("late-1", "shop")]), "late");
      await press(page, says.begin);
      await dialogOf(page).getByText(says.faults.expired).waitFor();
      await again(page).click();
      expect((await whatCame(page)).counts.accepted).toBe(1);
      expect(forms()).toBe(2);
    },
    patienceMs(TEST_MS),
  );

  it(
    "is sent again with its form where the connection was lost",
    async () => {
      const { page } = support;
      const forms = countForms(page);
      await page.route(uploadsTo(), (route) => route.abort("connectionreset"), { times: 1 });
      await choose(page, fileOf("lost.csv", [row("lost-1", "shop")]), "lost");
      await press(page, says.begin);
      await dialogOf(page)
        .getByText(/^The connection was lost after/)
        .waitFor();
      await again(page).click();
      expect((await whatCame(page)).counts.accepted).toBe(1);
      expect(forms()).toBe(1);
    },
    patienceMs(TEST_MS),
  );

  it("keeps whoever wants to leave, and ends when it is canceled", async () => {
    const { page, complaints } = support;
    const isAsked = () => complaints.some((complaint) => complaint.startsWith("dialog:"));
    await page.route(uploadsTo(), () => undefined, { times: 1 });
    await choose(page, fileOf("slow.csv", [row("slow-1", "shop")]), "slow");
    await press(page, says.begin);
    await dialogOf(page).getByRole("button", { name: says.cancel }).waitFor();
    await goThere(page, "/failed");
    await dialogOf(page).getByText(says.leaving).waitFor();
    expect(new URL(page.url()).pathname).toBe("/jobs/imports");
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.close({ runBeforeUnload: true });
    await waitFor("the browser asks", async () => (isAsked() ? true : undefined));
    await press(page, says.cancel);
    await dialogOf(page).getByText(says.faults.canceled).waitFor();
    await goThere(page, "/failed");
    expect(new URL(page.url()).pathname).toBe("/failed");
  });
});

describe("an engineer of a merchant", () => {
  it(
    "uploads the merchant's own rows, and another's are rejected",
    async () => {
      const who = { subject: "ben", merchantId: "shop" };
      const { page, complaints, close } = await openConsole(browser, pipeline.stack, "/jobs/imports", who);
      page.setDefaultTimeout(patienceMs(PATIENCE_MS));
      await choose(page, fileOf("own.csv", [row("own-1", "shop"), row("own-2", "rival")]), "ours");
      await dialogOf(page).getByText(says.saysOwn("shop")).waitFor();
      expect(await dialogOf(page).getByText(says.kinds.confirmations).count()).toBe(0);
      await press(page, says.begin);
      expect((await whatCame(page)).counts).toMatchObject({ rows: 2, accepted: 1, rejected: 1 });
      expect(complaints).toEqual([]);
      await close();
    },
    patienceMs(TEST_MS),
  );
});
