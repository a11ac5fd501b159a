/**
 * The page of a merchant in a real browser, through what one does there: see how its calls went, change its limits,
 * headers and keys, give it a client certificate; and what is left of it for who may do less.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Locator } from "playwright-core";
import { writeStackFile } from "../../local/stack-file.ts";
import { commandLineOn, registerVouched } from "../flow/command-line.ts";
import { Pipeline, transactionRow } from "../flow/pipeline.ts";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { CertificateMaker } from "../support/openssl-certificates.ts";
import { launchBrowser, overflows, type WatchedPage } from "./browser.ts";
import { accessibilityFaults, goThere, openConsole } from "./console-page.ts";

const SUPPORT = { subject: "anna" };
const ENGINEER = { subject: "ben", merchantId: "shop-2" };
const MERCHANT = "shop-1";
const PAGE = `/merchants/${MERCHANT}`;
const DELIVERED = 6;
const SETTINGS = ["Address", "Limits and retries", "Headers", "Secret headers", "Client certificate"];
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

let pipeline: Pipeline;
let browser: Browser;
let support: WatchedPage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "merchant-page-"));
  [pipeline, browser] = await Promise.all([
    Pipeline.start({
      delivery: { deadlineMs: 20_000 },
      retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
      release: { leaseSeconds: 30, everySeconds: 1 },
      worker: { minTasks: 1, maxTasks: 1, stopTimeoutSeconds: 10 },
    }),
    launchBrowser(),
  ]);
  const { merchant } = pipeline;
  merchant.respond("/bad", () => 404);
  writeStackFile(pipeline.stateDirectory, pipeline.stack);
  const commandLine = commandLineOn(pipeline.stateDirectory);
  for (const merchantId of [MERCHANT, "shop-2", "shop-10", "late-shop"])
    await registerVouched(commandLine, merchantId, "--url", merchant.url(`/${merchantId}`));
  const now = new Date().toISOString();
  const ids = Array.from({ length: DELIVERED }, (_, index) => `t-${index}`);
  await Promise.all(
    [
      ...ids.map((id) => transactionRow(id, MERCHANT, { occurredAt: { S: now } })),
      transactionRow("t-bad", MERCHANT, { occurredAt: { S: now }, confirmationUrl: { S: merchant.url("/bad") } }),
    ].map((row) => pipeline.put(row)),
  );
  await Promise.all([...ids, "t-bad"].map((id) => pipeline.terminalRow(id)));
  support = await openConsole(browser, pipeline.stack, "/", SUPPORT, { viewport: { width: 1280, height: 900 } });
}, patienceMs(180_000));

afterAll(async () => {
  await support?.close();
  await browser?.close();
  await pipeline?.stop();
  await rm(folder, { recursive: true, force: true });
}, patienceMs(30_000));

/** The panel with this heading. */
function panel(title: string): Locator {
  return support.page.getByRole("region", { name: title, exact: true });
}

/** Opens a dialog of a panel. */
async function ask(title: string, button: string): Promise<Locator> {
  await panel(title).getByRole("button", { name: button, exact: true }).click();
  const dialog = support.page.getByRole("dialog");
  await dialog.waitFor();
  return dialog;
}

async function isGone(dialog: Locator): Promise<void> {
  await dialog.waitFor({ state: "hidden" });
}

describe("merchants by the beginning of their id", () => {
  it("are found, each leads to its page, and the search takes two requests", async () => {
    const { page } = support;
    const asked: string[] = [];
    const note = (request: { url: () => string }) => {
      if (request.url().includes("/v1/")) asked.push(request.url());
    };
    page.on("request", note);
    await page.getByRole("searchbox").fill("shop-");
    await page.keyboard.press("Enter");
    await page.getByText("3 found").waitFor();
    page.off("request", note);
    expect(asked).toHaveLength(2);
    await page.getByRole("link", { name: "shop-1", exact: true }).click();
    await page.getByRole("heading", { name: `Merchant ${MERCHANT}`, level: 1 }).waitFor();
  });
});

describe("how its calls went", () => {
  it("is shown of what was delivered, with the numbers that the API says, and as a table too", async () => {
    const shown = panel("Success and latency");
    await shown.getByText(`All ${DELIVERED + 1} transactions that occurred`).waitFor();
    await shown.getByText(`${DELIVERED} of ${DELIVERED + 2} attempts succeeded: 75 %. Failed: status_4xx 2.`).waitFor();
    const chart = shown.getByRole("img", { name: /Attempts that succeeded: Succeeded 75 %/ });
    await chart.waitFor();
    await shown.getByText("As a table").first().click();
    await shown.getByRole("region", { name: "Attempts that succeeded", exact: true }).getByText("75 %").waitFor();
  });

  it("is looked at over a longer time, which stands in the address beside the other filter", async () => {
    const { page } = support;
    await page.getByRole("button", { name: "Failed", exact: true }).click();
    const read = page.waitForResponse((response) => new URL(response.url()).searchParams.get("hours") === "48");
    await page.getByRole("button", { name: "48 hours", exact: true }).click();
    await read;
    expect(new URL(page.url()).search).toBe("?state=FAILED&hours=48");
    await panel("Success and latency")
      .getByText(/All 7 transactions/)
      .waitFor();
    await page.getByRole("button", { name: "All", exact: true }).click();
  });
});

describe("all of it", () => {
  it("is read anew with one button", async () => {
    const { page } = support;
    const paths = ["", "/health", "/performance", "/keys"].map((part) => `/v1/merchants/${MERCHANT}${part}`);
    const asked = ["/v1/transactions", ...paths].map((path) =>
      page.waitForResponse((response) => new URL(response.url()).pathname.endsWith(path)),
    );
    await page.getByRole("button", { name: "Refresh", exact: true }).click();
    for (const response of await Promise.all(asked)) expect(response.status()).toBe(200);
  });
});

describe("its limits", () => {
  it("say at the field what the API does not take, and change what it takes", async () => {
    const dialog = await ask("Limits and retries", "Change");
    await dialog.getByLabel("Calls a second").fill("0");
    await dialog.getByLabel("Seconds before each further attempt").fill("5, soon");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("It was not changed").waitFor();
    expect(await dialog.getByLabel("Calls a second").getAttribute("aria-invalid")).toBe("true");
    expect(await dialog.getByLabel("Seconds before each further attempt").getAttribute("aria-invalid")).toBe("true");
    expect(await dialog.getByLabel("Calls at once").getAttribute("aria-invalid")).not.toBe("true");
    expect(await accessibilityFaults(support.page)).toEqual([]);
    await dialog.getByLabel("Calls a second").fill("50");
    await dialog.getByLabel("Seconds before each further attempt").fill("5, 30");
    await dialog.getByRole("button", { name: "Save" }).click();
    await isGone(dialog);
    await panel("Limits and retries").getByText("5, 30").waitFor();
    await panel("Limits and retries").getByText("50", { exact: true }).waitFor();
  });
});

describe("its headers", () => {
  it("are changed line by line, and what no header may be is said at the field", async () => {
    const dialog = await ask("Headers", "Change");
    const field = dialog.getByLabel("Headers");
    await field.fill("x-partner: 4711\nnothing");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("Line 2 is not a name, a colon and a value").waitFor();
    await field.fill("x-partner: 4711\nwebhook-id: mine");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText(/^webhook-id /).waitFor();
    await field.fill("x-partner: 4711");
    await dialog.getByRole("button", { name: "Save" }).click();
    await isGone(dialog);
    await panel("Headers").getByText("4711").waitFor();
  });

  it("that are secret show their names and nothing else, and are removed by who was told what that does", async () => {
    const { page } = support;
    const dialog = await ask("Secret headers", "Set");
    await dialog.getByLabel("Headers").fill("x-key: hush-hush");
    await dialog.getByRole("button", { name: "Set" }).click();
    await isGone(dialog);
    await panel("Secret headers").getByText("x-key").waitFor();
    expect(await page.content()).not.toContain("hush-hush");
    const again = await ask("Secret headers", "Remove");
    await again.getByText("Webhooks are sent without x-key").waitFor();
    await again.getByRole("button", { name: "Remove" }).click();
    await isGone(again);
    await panel("Secret headers").getByText("None.").waitFor();
  });
});

describe("its client certificate", () => {
  it("is refused with the key of another one, set, shown with its end, and removed", async () => {
    const make = new CertificateMaker(folder);
    const [own, other] = [make.selfSigned("us"), make.selfSigned("them")];
    const dialog = await ask("Client certificate", "Set");
    await dialog.getByLabel("Certificate", { exact: true }).fill(own.certificate);
    await dialog.getByRole("button", { name: "Set" }).click();
    await dialog.getByText("This is needed.").waitFor();
    await dialog.getByLabel("Private key").fill(other.privateKey);
    await dialog.getByRole("button", { name: "Set" }).click();
    await dialog.getByText("got the key of another certificate").first().waitFor();
    expect(await dialog.getByLabel("Private key").getAttribute("aria-invalid")).toBe("true");
    await dialog.getByLabel("Private key").fill(own.privateKey);
    await dialog.getByRole("button", { name: "Set" }).click();
    await isGone(dialog);
    const shown = panel("Client certificate");
    await shown.getByText("CN=us").waitFor();
    expect(await shown.locator("time").getAttribute("title")).toMatch(/ UTC$/);
    const again = await ask("Client certificate", "Remove");
    await again.getByRole("button", { name: "Remove" }).click();
    await isGone(again);
    await shown.getByText("None.").waitFor();
  });
});

describe("its token server", () => {
  it("is refused where it cannot be called, set with a secret that nobody sees, and removed", async () => {
    const { page } = support;
    const dialog = await ask("Token of a token server", "Set");
    await dialog.getByLabel("Token address").fill("nowhere");
    await dialog.getByLabel("Client id").fill("us");
    await dialog.getByRole("button", { name: "Set" }).click();
    await dialog.getByText("This is needed.").waitFor();
    await dialog.getByLabel("Client secret").fill("hush-hush");
    await dialog.getByRole("button", { name: "Set" }).click();
    await dialog.getByText("It was not changed").waitFor();
    expect(await dialog.getByLabel("Token address").getAttribute("aria-invalid")).toBe("true");
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel("Token address").fill(pipeline.merchant.url("/token"));
    await dialog.getByRole("button", { name: "Set" }).click();
    await isGone(dialog);
    const shown = panel("Token of a token server");
    await shown.getByText("client_secret_basic").waitFor();
    expect(await page.content()).not.toContain("hush-hush");
    const again = await ask("Token of a token server", "Remove");
    await again.getByRole("button", { name: "Remove" }).click();
    await isGone(again);
    await shown.getByText("None.").waitFor();
  });
});

describe("its keys", () => {
  it("are rotated, the ones before end at a time that is shown, and a second change asks to end them", async () => {
    const { page } = support;
    const table = page.getByRole("table", { name: "Public keys" });
    await waitFor("one key", async () => ((await table.getByRole("rowheader").count()) === 1 ? true : undefined));
    await page.getByRole("button", { name: "Rotate" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The ones before sign too for 24 hours").waitFor();
    await dialog.getByLabel("Hours for which the key before signs too").fill("48");
    await dialog.getByText("The ones before sign too for 48 hours").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Rotate" }).click();
    await isGone(dialog);
    await waitFor("two keys", async () => ((await table.getByRole("rowheader").count()) === 2 ? true : undefined));
    await page.getByText("Key before signs until").first().waitFor();
    await page.getByRole("button", { name: "Import a secret" }).click();
    await dialog.getByLabel("Secret").fill("whsec_short");
    await dialog.getByRole("button", { name: "Import a secret" }).click();
    await dialog.getByText("The keys were not changed").waitFor();
    expect(await dialog.getByLabel("Secret").getAttribute("aria-invalid")).toBe("true");
    await dialog.getByLabel("Secret").fill(SECRET);
    await dialog.getByRole("button", { name: "Import a secret" }).click();
    await dialog.getByText(/whose key before signs too until/).waitFor();
    await dialog.getByLabel("The key of an earlier change signs still. End that one now.").check();
    await dialog.getByRole("button", { name: "Import a secret" }).click();
    await isGone(dialog);
    await page.getByText("Brought along").waitFor();
    expect(await page.content()).not.toContain(SECRET);
  });
});

describe("its address", () => {
  it("is disabled and enabled again, each by who was told what that does", async () => {
    const { page } = support;
    const url = pipeline.merchant.url(`/${MERCHANT}`);
    const dialog = await ask("Address", "Disable an address");
    await dialog.getByRole("button", { name: "Disable an address" }).click();
    await isGone(dialog);
    await page.getByRole("button", { name: `Enable ${url}` }).click();
    await dialog.getByText(`What waits for ${url} is delivered there again.`).waitFor();
    await dialog.getByRole("button", { name: "Enable" }).click();
    await isGone(dialog);
    await page.getByRole("button", { name: `Enable ${url}` }).waitFor({ state: "hidden" });
  });

  it("is another one, which is challenged, and is refused where it cannot be called", async () => {
    const dialog = await ask("Address", "Change");
    await dialog.getByText("Another address is asked to answer a challenge.").waitFor();
    await dialog.getByLabel("Address").fill("http://10.0.0.1/");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("It was not changed").waitFor();
    expect(await dialog.getByLabel("Address").getAttribute("aria-invalid")).toBe("true");
    const other = pipeline.merchant.url("/moved");
    await dialog.getByLabel("Address").fill(other);
    await dialog.getByRole("button", { name: "Save" }).click();
    await isGone(dialog);
    await panel("Address").getByText(other, { exact: true }).first().waitFor();
  });

  it("is challenged, with what was sent and what came back", async () => {
    await panel("Address").getByRole("button", { name: "Challenge it again" }).click();
    const request = panel("Address").getByRole("region", { name: "Request" });
    await request.waitFor({ timeout: patienceMs(60_000) });
    expect(await request.innerText()).toContain("webhook.challenge");
  });
});

describe("the page as a whole", () => {
  it.each([
    ["on a phone, dark, in Spanish", { width: 390, height: 844 }, "dark", "es-ES"],
    ["on a wide screen, light, in English", { width: 2560, height: 1440 }, "light", "en-GB"],
  ] as const)("is for keyboard and screen reader, and fits %s", async (_what, viewport, colorScheme, locale) => {
    const options = { viewport, colorScheme, locale };
    const { page, complaints, close } = await openConsole(browser, pipeline.stack, PAGE, SUPPORT, options);
    await goThere(page, PAGE);
    await page.getByRole("img").first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    expect(complaints).toEqual([]);
    await close();
  });

  it("is the portal of whose token is narrowed, and nothing of another's is in it", async () => {
    const { page, close } = await openConsole(browser, pipeline.stack, "/?q=shop-", ENGINEER);
    await page.getByText("1 found").waitFor();
    await page.getByRole("link", { name: "shop-2", exact: true }).last().click();
    for (const title of SETTINGS) await page.getByRole("heading", { name: title, level: 2, exact: true }).waitFor();
    await goThere(page, PAGE);
    await page.getByText("There is no such thing, or it is not yours to see.").waitFor();
    expect(await page.locator("#content").innerText()).not.toContain("Limits and retries");
    await close();
  });

  it("has no buttons for who may look alone", async () => {
    const scopes = ["merchants:read", "transactions:read"];
    const { page, close } = await openConsole(browser, pipeline.stack, "/", SUPPORT);
    await page.route("**/v1/access", (route) => route.fulfill({ json: { subject: "anna", scopes } }));
    // One is signed in at the issuer, and comes back as the same.
    await page.reload();
    await page.getByRole("button", { name: /anna/ }).waitFor();
    await goThere(page, PAGE);
    await page.getByRole("heading", { name: "Limits and retries", level: 2 }).waitFor();
    for (const name of ["Change", "Set", "Remove", "Rotate", "Import a secret", "Pause", "Disable an address"])
      expect({ name, count: await page.getByRole("button", { name, exact: true }).count() }).toEqual({
        name,
        count: 0,
      });
    await close();
  });

  it("did not complain all the while but of what was refused", () => {
    const refused = /Failed to load resource: the server responded with a status of 4(?:09|22)/;
    expect(support.complaints.filter((complaint) => !refused.test(complaint))).toEqual([]);
  });
});
