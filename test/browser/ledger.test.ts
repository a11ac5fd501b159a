/**
 * A run of the demo, looked at in the console before its stack ends: what the console shows of a merchant, of what
 * failed and of all together is what the API says, and what the merchants' own ledger and the dead-letter queue have.
 */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser } from "playwright-core";
import { en } from "../../console/src/texts/en.ts";
import { SCOPES } from "../../core/access/scopes.ts";
import { completeAll, type DemoResult, type Running } from "../../local/demo/complete-all.ts";
import { isConfirmation } from "../../local/demo/fleet/ledger.ts";
import { ProgressBar } from "../../local/demo/progress.ts";
import { runDemo } from "../../local/demo/run-demo.ts";
import { demoSettings } from "../../local/demo/settings.ts";
import { AccessTokens } from "../support/api/access-tokens.ts";
import { overHttp } from "../support/api/http-target.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { waitFor } from "../flow/wait-for.ts";
import { launchBrowser, numberIn, type WatchedPage } from "./browser.ts";
import { goThere, openSignedIn } from "./console-page.ts";

const COMPANY = { scopes: Object.keys(SCOPES) };
/** So many that lists have more than a page. */
const TRANSACTIONS = 1000;
const PAGE_ITEMS = 50;
const UNAVAILABLE = 503;
/** One of each kind: well, failing for some time, failing always, gone, and one that acknowledges nothing. */
const MERCHANTS = ["good-1", "failing-at-first-1", "failing-always-1", "gone-1", "acknowledging-never-1"] as const;

/** By merchant: what the merchant says that it accepted, what the API lists, what the console shows. */
interface Side {
  readonly confirmed: readonly string[];
  readonly failed: readonly string[];
}

/** How many failed, by reason and fault, and all of them. */
interface Failures {
  readonly items: readonly { readonly reason: string; readonly fault: string; readonly count: number }[];
  readonly total: number;
}

let browser: Browser;
let result: DemoResult;
/** What all merchants together say that they accepted, each webhook once, and what the Live page says. */
let together: { readonly accepted: number; readonly confirmed: number; readonly givenUp: number };
const failures = new Map<string, { readonly api: Failures; readonly shown: Failures }>();
const sides = new Map<string, { readonly ledger: readonly string[]; readonly api: Side; readonly shown: Side }>();

beforeAll(async () => {
  browser = await launchBrowser();
  const options = { transactions: TRANSACTIONS, json: true, cutover: false, killWorker: false, seed: 1 } as const;
  result = await runDemo(
    {
      settings: demoSettings,
      async run(running: Running) {
        const account = await completeAll(running);
        await look(running, account.account.deadLettered);
        return account;
      },
    },
    { ...options, delivery: "fargate", transport: "http1" },
    new ProgressBar(process.stderr),
    new AbortController().signal,
  );
}, patienceMs(300_000));

afterAll(() => browser?.close());

/** @param deadLettered rows that are failed */
async function look({ stack, fleet }: Running, deadLettered: number): Promise<void> {
  const deliveries = await fleet.ledger();
  const opened = await openSignedIn(browser, stack, "/", { subject: "anna" });
  const { endpoints } = stack;
  const send = overHttp(endpoints.api, new AccessTokens(endpoints.issuer, "confirmations", "").tokenFor);
  const get = async (path: string, query: URLSearchParams): Promise<unknown> => {
    const target = `/v1/${path}?${query.toString()}`;
    // On a machine that is busy the API may say that it cannot reach its table just now: it wants to be asked again.
    const { status, text } = await waitFor(`the API responds to ${target}`, async () => {
      const response = await send({ method: "GET", target, headers: [], body: undefined, bearer: COMPANY });
      return response.status === UNAVAILABLE ? undefined : response;
    });
    expect({ status, text: status === 200 ? "" : text }).toEqual({ status: 200, text: "" });
    return JSON.parse(text);
  };
  const listed = async (merchantId: string, state: string): Promise<string[]> => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ merchantId, state, limit: "100", ...(cursor !== undefined && { cursor }) });
      const page = (await get("transactions", query)) as {
        readonly items: readonly { readonly transactionId: string }[];
        readonly nextCursor?: string;
      };
      ids.push(...page.items.map(({ transactionId }) => transactionId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return ids.toSorted();
  };
  for (const merchantId of MERCHANTS) {
    const accepted = deliveries.filter((one) => one.merchantId === merchantId && isConfirmation(one));
    sides.set(merchantId, {
      ledger: [...new Set(accepted.map(({ transactionId }) => transactionId))].toSorted(),
      api: { confirmed: await listed(merchantId, "CONFIRMED"), failed: await listed(merchantId, "FAILED") },
      shown: {
        confirmed: await shown(opened, merchantId, "CONFIRMED"),
        failed: await shown(opened, merchantId, "FAILED"),
      },
    });
    failures.set(merchantId, {
      api: (await get("failures/counts", new URLSearchParams({ merchantId }))) as Failures,
      shown: await shownFailures(opened, merchantId),
    });
  }
  const webhookIds = new Set(deliveries.filter(isConfirmation).map(({ webhookId }) => webhookId));
  together = await shownTogether(opened, webhookIds.size, deadLettered);
  expect(opened.complaints).toEqual([]);
  await opened.close();
}

/** Ids in the list of a merchant's page, page after page. */
async function shown({ page }: WatchedPage, merchantId: string, state: string): Promise<string[]> {
  await goThere(page, `/merchants/${merchantId}?state=${state}`);
  const table = page.getByRole("table", { name: en.merchant.transactions });
  const more = page.getByRole("button", { name: en.more, exact: true });
  const links = table.getByRole("link");
  await links.or(table.getByText(en.merchant.noTransactions)).first().waitFor();
  for (let pages = 1; (await more.count()) > 0; pages += 1) {
    expect(await links.count()).toBeLessThanOrEqual(pages * PAGE_ITEMS);
    const before = await links.count();
    await more.click();
    await links.nth(before).waitFor();
  }
  return (await links.allInnerTexts()).toSorted();
}

/** The table of counts of what failed: a row for each reason, one of all below them, whose cells end with their sum. */
async function shownFailures({ page }: WatchedPage, merchantId: string): Promise<Failures> {
  await goThere(page, `/failed?merchant=${merchantId}`);
  await page.getByRole("heading", { name: new RegExp(`^${en.failed.counts} \\(\\d`) }).waitFor();
  const table = page.getByRole("table", { name: en.failed.counts });
  const faults = Object.entries(en.failed.faults);
  const rows = await table
    .getByRole("row")
    .filter({ has: page.getByRole("cell") })
    .all();
  const cells = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
  const counted = cells.filter((row) => row.length === faults.length + 2);
  const items = counted.slice(0, -1).flatMap(([reason = "", ...counts]) =>
    faults.flatMap(([fault], index) => {
      const count = numberOf(counts[index]);
      return count === 0 ? [] : [{ reason, fault, count }];
    }),
  );
  return { items, total: numberOf(counted.at(-1)?.at(-1)) };
}

function numberOf(shownText = "0"): number {
  return shownText === "–" ? 0 : Number(shownText.replaceAll(",", ""));
}

/** @param accepted webhooks. The page is of the last look at metrics, so that of all is waited for. */
async function shownTogether({ page }: WatchedPage, accepted: number, deadLettered: number): Promise<typeof together> {
  await goThere(page, "/live");
  const isShown = async () => {
    const [confirmed, givenUp] = [await numberIn(page, "out", "Confirmed"), await numberIn(page, "out", "Given up")];
    return confirmed >= accepted && givenUp >= deadLettered ? true : undefined;
  };
  await waitFor(`${accepted} are shown as confirmed`, isShown).catch(() => undefined);
  return {
    accepted,
    confirmed: await numberIn(page, "out", "Confirmed"),
    givenUp: await numberIn(page, "out", "Given up"),
  };
}

describe("a run of the demo", () => {
  it("is clean", () => {
    expect(result.account).toMatchObject({ inserted: TRANSACTIONS, lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(result.isQueueEmpty).toBe(true);
  });

  it.each(MERCHANTS)("is of %s in the console what the API says, and what its merchant accepted", (merchantId) => {
    const { ledger = [], api, shown: seen } = sides.get(merchantId) ?? {};
    expect(seen).toEqual(api);
    expect(seen?.confirmed).toEqual(ledger);
    expect((seen?.confirmed.length ?? 0) + (seen?.failed.length ?? 0)).toBeGreaterThan(0);
  });

  it.each(MERCHANTS)("has failures of %s, by reason and fault, that add up to what the API lists", (merchantId) => {
    const { api, shown: seen } = failures.get(merchantId) ?? {};
    const counted = api?.items.map(({ reason, fault, count }) => ({ reason, fault, count })) ?? [];
    expect(seen?.items).toEqual(counted.toSorted((one, other) => other.count - one.count));
    const listed = sides.get(merchantId)?.api.failed.length;
    expect({ shown: seen?.total, counted: api?.total }).toEqual({ shown: listed, counted: listed });
    expect(seen?.items.reduce((sum, { count }) => sum + count, 0)).toBe(listed);
  });

  it("has as many confirmed and given up on the Live page as merchants accepted and dead letters are", () => {
    expect(together).toEqual({
      accepted: together.accepted,
      confirmed: together.accepted,
      givenUp: result.account.deadLettered,
    });
  });

  it("has a merchant with more than a page, and some who accepted nothing", () => {
    expect(sides.get("good-1")?.shown.confirmed.length).toBeGreaterThan(PAGE_ITEMS);
    expect(sides.get("failing-always-1")?.shown.confirmed).toEqual([]);
  });
});
