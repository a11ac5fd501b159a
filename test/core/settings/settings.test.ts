import { describe, expect, it } from "@jest/globals";
import { parseSettings, SettingsError } from "../../../core/settings/settings.ts";
import { AddressGuard, AllowListError } from "../../../core/delivery/address-guard.ts";

function faultsOf(input: unknown): string {
  try {
    parseSettings(input);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error("the settings were taken");
}

describe("settings", () => {
  it("are all defaults when nothing is given", () => {
    expect(parseSettings(undefined)).toEqual({
      targetRatePerSecond: 2000,
      peakRatePerSecond: 20_000,
      tableWriteQuota: 40_000,
      tableWriteFloor: 0,
      order: "transaction",
      dueShards: 64,
      merchantShards: 4,
      worker: {
        minTasks: 2,
        maxTasks: 40,
        cpu: 1024,
        memoryMiB: 2048,
        window: 512,
        ratePerTask: 500,
        stopTimeoutSeconds: 120,
      },
      api: {
        audience: [],
        clientIds: [],
        merchantClaim: "merchant_id",
        cognito: false,
        waf: false,
        ratePerSecond: 4000,
        burst: 4000,
        reservedConcurrency: 0,
        enqueue: "stream",
      },
      circuit: { openSeconds: 5, maxOpenSeconds: 120 },
      console: { enabled: false, connectTo: [] },
      delivery: {
        mode: "fargate",
        acknowledgeWithinSeconds: 300,
        maxAcknowledgeWithinSeconds: 86_400,
        acknowledgementConcurrency: 0,
        deadlineMs: 10_000,
        maxBodyBytes: 262_144,
        resendOnClosedConnection: true,
        allowDestinations: [],
        refuseDestinations: [],
        allowPorts: [],
        nameServers: [],
        transport: "http1",
      },
      lambda: { maximumConcurrency: 5, memoryMiB: 512, campaignMetrics: false },
      retry: {
        scheduleSeconds: [5, 30, 120, 600, 1800, 7200, 21_600, 43_200, 50_400, 57_600, 86_400],
        inQueueMaxSeconds: 30,
        maxRetryAfterSeconds: 86_400,
        deliverWithinSeconds: 345_600,
      },
      release: { leaseSeconds: 900, everySeconds: 5, ratePerSecond: 6000, restAfterSeconds: 120, maxUnheard: 20 },
      logs: { debugSamplePercent: 0 },
      retention: { settledDays: 90, logDays: 30, queueDays: 14, manifestDays: 400 },
      audit: {
        everyHours: 1,
        tableEveryHours: 24,
        segments: 32,
        settleSeconds: 30,
        manifestAfterHours: 6,
        manifestAgainAfterDays: 5,
        manifestLock: "governance",
      },
      journal: { enabled: true, everySeconds: 60, keptDays: 36 },
      network: { zones: 2, availabilityZones: [], endpoints: "where-they-pay", egressAllocationIds: [] },
      campaigns: [],
      events: { enabled: false, batchingWindowSeconds: 1, merchantWindowSeconds: 15 },
      imports: { maxMegabytes: 1000, keptDays: 7 },
      channels: {
        kinds: [],
        emailIdentityArns: [],
        sms: { countries: [], maximumPriceUsd: 0.1, maximumMonthlyUsd: 0 },
        whatsapp: {},
        queueArns: [],
        topicArns: [],
        eventBusArns: [],
        onUncertain: "send again",
        receiptWithinSeconds: 300,
      },
      insights: { containers: false, merchants: false },
      objectives: { successPercent: 99.9, withinSeconds: 30, withinPercent: 99 },
      capacity: { mode: "on-demand", utilizationPercent: 70, leastRatePerSecond: 200 },
      sandbox: { ratePerSecond: 10, concurrency: 5 },
      cutOver: { aheadSeconds: 60 },
      stream: { batchingWindowSeconds: 0, lanesPerShard: 10 },
      canary: { enabled: true, everyMinutes: 1 },
      referenceMerchant: { reservedConcurrency: 0 },
      alarms: {},
      tracing: { share: 0.05, reservoirPerSecond: 1 },
      disposable: false,
    });
  });

  it("change what is given and keep the defaults beside it", () => {
    const settings = parseSettings({ worker: { maxTasks: 40 } });
    expect(settings.worker).toMatchObject({ maxTasks: 40, minTasks: 2, window: 512 });
  });

  it("are read from JSON text too", () => {
    expect(parseSettings('{"worker":{"maxTasks":40}}')).toEqual(parseSettings({ worker: { maxTasks: 40 } }));
  });

  it("are frozen to their depth", () => {
    const settings = parseSettings({ retry: { scheduleSeconds: [1] } });
    expect(Object.isFrozen(settings) && Object.isFrozen(settings.retry)).toBe(true);
    expect(Object.isFrozen(settings.retry.scheduleSeconds)).toBe(true);
  });

  it("report every fault together, with its path and what was got", () => {
    const message = faultsOf({
      worker: { minTasks: 5, maxTasks: 3 },
      delivery: { deadlineMs: 5, allowDestinations: ["localhost:80"] },
      network: { zones: 2, egressAllocationIds: ["eipalloc-1"] },
      retry: { scheduleSecond: [1] },
    });
    expect(message).toContain("settings.worker.minTasks: expected at most worker.maxTasks");
    expect(message).toMatch(/settings\.delivery\.deadlineMs: .*got 5/);
    expect(message).toMatch(/settings\.delivery\.allowDestinations\.0: .*got "localhost:80"/);
    expect(message).toContain("settings.network.egressAllocationIds: expected as many allocation ids as zones");
    expect(message).toContain("scheduleSecond");
  });

  it.each([
    [{ retry: { scheduleSecond: [1] } }, "settings.retry.scheduleSecond", "settings.retry.scheduleSeconds"],
    [{ worker: { MaxTasks: 3 } }, "settings.worker.MaxTasks", "settings.worker.maxTasks"],
    [{ maxTasks: 3 }, "settings.maxTasks", "settings.worker.maxTasks"],
    [{ deliver: {} }, "settings.deliver", "settings.delivery"],
    [{ alarms: { runbookURL: "x" } }, "settings.alarms.runbookURL", "settings.alarms.runbookUrl"],
  ])("name the whole path of an unknown setting, and the likely one: %j", (input, unknown, likely) => {
    expect(faultsOf(input)).toContain(`  ${unknown}: there is no such setting, did you mean ${likely}?\n`);
  });

  it("suggest nothing for what is like no setting", () => {
    expect(faultsOf({ colour: "red" })).toContain("  settings.colour: there is no such setting\n");
  });

  it("show what was got short, and of a group only the setting that is wrong", () => {
    expect(faultsOf({ worker: { minTasks: 2, maxTasks: 1 } })).toMatch(/worker\.minTasks: .*, got 2$/m);
    const long = faultsOf({ order: "x".repeat(5000), worker: Array.from({ length: 500 }), network: 3 });
    expect(long.length).toBeLessThan(600);
    expect(long).toContain("settings.worker: expected object, got a list of 500");
    expect(long).toContain("settings.network: expected object, got 3");
  });

  it.each([
    [null, "null"],
    [[], "[]"],
    [3, "3"],
    ["null", "null"],
    ["[]", "[]"],
  ])("say that an object is expected when they are %j", (input, shown) => {
    expect(faultsOf(input)).toContain(`  settings: expected object, got ${shown}\n`);
  });

  it.each([
    [["Reminder"], "expected 1 to 32 of a-z"],
    [["x".repeat(33)], "expected 1 to 32 of a-z"],
    [["other"], "expected another label than other"],
    [["reminder", "reminder"], "expected labels that differ"],
    [Array.from({ length: 21 }, (_, index) => `label-${index}`), "<=20 items"],
  ])("refuse the labels %j", (campaigns, fault) => {
    expect(faultsOf({ campaigns })).toContain("settings.campaigns");
    expect(faultsOf({ campaigns })).toContain(fault);
  });

  it.each([
    [["eu-west-1a"], "expected as many zones as network.zones says"],
    [["eu-west-1a", "eu-west-1a"], "expected zones that differ"],
    [["eu-west-1a", "euw1-az2"], "expected names or ids, not both"],
    [["us-west-2-lax-1a", "us-west-2a"], "expected a zone's name such as eu-west-1a"],
    [["eu-west-1a", "usw2-lax1-az1"], "expected a zone's name such as eu-west-1a"],
  ])("refuse the zones %j", (availabilityZones, fault) => {
    const zones = /settings\.network\.availabilityZones(?:\.\d)?: (.*), got /;
    expect(zones.exec(faultsOf({ network: { availabilityZones } }))?.[1]).toContain(fault);
  });

  it.each([
    ["eu-west-1a", "eu-west-1c"],
    ["us-gov-west-1a", "us-gov-west-1b"],
    ["apne1-az1", "apne1-az4"],
    ["usgw1-az1", "usgw1-az3"],
  ])("take the zones %s and %s", (...availabilityZones) => {
    expect(parseSettings({ network: { availabilityZones } }).network.availabilityZones).toEqual(availabilityZones);
  });

  it.each(["999.0.0.1:80", "127.1:80", "127.0.0.1:0", "127.0.0.1:9-8", "127.0.0.1:70000", "[::1:80", "[1.2.3.4]:80"])(
    "refuse the destination %s, as the guard does that is given it later",
    (entry) => {
      for (const list of ["allowDestinations", "refuseDestinations"])
        expect(faultsOf({ delivery: { [list]: [entry] } })).toContain(
          `settings.delivery.${list}.0: expected address:port`,
        );
      expect(() => new AddressGuard([entry])).toThrow(AllowListError);
      expect(() => new AddressGuard([], [entry])).toThrow(AllowListError);
    },
  );

  it.each(["10.0.0.2", "10.0.0.2:53-54", "10.0.0.2:53-53", "dns.example:53"])("refuse the name server %s", (entry) => {
    expect(faultsOf({ delivery: { nameServers: [entry] } })).toContain(
      "settings.delivery.nameServers.0: expected address:port, an IPv6 address in brackets",
    );
  });

  it.each(["10.0.9.8:3128", "socks5://10.0.9.8:1080", "http://user:secret@10.0.9.8:3128", "http://10.0.9.8/path", ""])(
    "refuse the proxy %j",
    (proxyUrl) => {
      const faults = faultsOf({ delivery: { proxyUrl } });
      expect(faults).toContain(
        "settings.delivery.proxyUrl: expected the proxy's URL, http or https with host and port",
      );
    },
  );

  it("say so when the text is not JSON", () => {
    expect(faultsOf("{worker}")).toContain('The settings are not JSON, got "{worker}"');
  });

  it.each([
    ["a fraction", { dueShards: 1.5 }],
    ["a number as text", { dueShards: "16" }],
    ["an order that does not exist", { order: "merchants" }],
    ["a log retention that CloudWatch does not know", { retention: { logDays: 31 } }],
    ["a window below one receive", { worker: { window: 9 } }],
    ["a stop timeout over Fargate's 120 s", { worker: { stopTimeoutSeconds: 121 } }],
    ["an allocation id that is none", { network: { egressAllocationIds: ["1.2.3.4", "eipalloc-1"] } }],
    ["a wait of no time", { retry: { scheduleSeconds: [5, 0] } }],
    ["more waits than fifty", { retry: { scheduleSeconds: Array.from({ length: 51 }, () => 1) } }],
    ["no longest Retry-After at all", { retry: { maxRetryAfterSeconds: 0 } }],
    ["an unknown setting", { workers: {} }],
    ["a runbook that is no URL", { alarms: { runbookUrl: "docs/runbook.md" } }],
    ["a list", []],
  ])("refuse %s", (_, input) => {
    expect(faultsOf(input)).toContain("These settings cannot be used");
  });
});

describe("the mode of delivery", () => {
  it("is the standard one unless another is named", () => {
    expect(parseSettings({}).delivery.mode).toBe("fargate");
  });

  it.each([{ delivery: "lambda" }, { delivery: { mode: "lambda" } }, '{"delivery":"lambda"}'])(
    "is small-account mode by %j, with defaults that cost less while nothing happens",
    (input) => {
      expect(parseSettings(input)).toMatchObject({
        delivery: { mode: "lambda", deadlineMs: 10_000 },
        targetRatePerSecond: 50,
        release: { ratePerSecond: 150 },
        dueShards: 4,
        canary: { everyMinutes: 5 },
      });
    },
  );

  it("leaves what is given as it is given", () => {
    const given = { targetRatePerSecond: 10, dueShards: 64, canary: { everyMinutes: 1 } };
    expect(parseSettings({ delivery: "lambda", ...given })).toMatchObject(given);
  });

  it.each(["lambdas", "", "standard"])("is not %j", (delivery) => {
    expect(faultsOf({ delivery })).toMatch(/settings\.delivery\.mode: expected one of .*"fargate".*"lambda"/);
  });

  it("has no fixed egress addresses as small-account mode, and says which setting asks for them", () => {
    const egressAllocationIds = ["eipalloc-1", "eipalloc-2"];
    expect(faultsOf({ delivery: "lambda", network: { egressAllocationIds } })).toContain(
      "settings.network.egressAllocationIds: expected none with delivery.mode lambda",
    );
    expect(parseSettings({ network: { egressAllocationIds } }).network).toMatchObject({ egressAllocationIds });
  });
});

describe("settings of the API", () => {
  const withIssuer = (issuer: string) => ({ api: { issuer, audience: ["confirmations"] } });
  const apiFaults = (settings: unknown): string => {
    try {
      parseSettings(settings);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each([
    "https://login.example/tenant/v2.0",
    "https://issuer.example/",
    "http://127.0.0.1:9327",
    "http://localhost:9327",
    "http://[::1]:9327",
  ])("take the issuer %s", (issuer) => {
    expect(parseSettings(withIssuer(issuer)).api.issuer).toBe(issuer);
  });

  it.each([
    "http://issuer.example",
    "http://127.0.0.1.example",
    "issuer.example",
    "ftp://issuer.example",
    "https://issuer.example/?tenant=1",
    "https://issuer.example/#x",
    "https://user:secret@issuer.example",
  ])("refuse the issuer %s", (issuer) => {
    expect(apiFaults(withIssuer(issuer))).toMatch(/settings\.api\.issuer: expected .*issuer's URL/);
  });

  it("want to know for whom the issuer's tokens must be", () => {
    expect(apiFaults({ api: { issuer: "https://issuer.example" } })).toMatch(
      /settings\.api\.audience: expected api\.audience or api\.clientIds/,
    );
    expect(apiFaults({ api: { issuer: "https://issuer.example", clientIds: ["erp"] } })).toBe("");
  });

  it("take one issuer, be it a user pool or another", () => {
    expect(apiFaults({ api: { cognito: true } })).toBe("");
    expect(apiFaults({ api: { cognito: true, issuer: "https://issuer.example", audience: ["a"] } })).toMatch(
      /settings\.api\.cognito: expected one issuer of tokens/,
    );
  });

  it("want to know the console's client at an issuer that is not the stack's own", () => {
    const issuer = { issuer: "https://issuer.example", audience: ["a"] };
    expect(apiFaults({ api: issuer, console: { enabled: true } })).toMatch(
      /settings\.console\.clientId: expected the id of the console's client at api\.issuer/,
    );
    expect(apiFaults({ api: issuer, console: { enabled: true, clientId: "console" } })).toBe("");
    expect(apiFaults({ api: { cognito: true }, console: { enabled: true } })).toBe("");
  });

  it("refuse a claim that users may be able to change, and say why", () => {
    expect(apiFaults({ api: { merchantClaim: "custom:merchant_id" } })).toMatch(
      /settings\.api\.merchantClaim: expected a claim that the issuer alone decides on.*users may be able to change/,
    );
    expect(apiFaults({ api: { merchantClaim: "" } })).toMatch(/expected the name of a claim/);
    expect(parseSettings({ api: { merchantClaim: "https://acme.example/merchant" } }).api.merchantClaim).toBe(
      "https://acme.example/merchant",
    );
  });

  it("have limits that follow from the target rate, within those of the account", () => {
    expect(parseSettings({ targetRatePerSecond: 50 }).api).toMatchObject({ ratePerSecond: 100, burst: 100 });
    expect(parseSettings({ targetRatePerSecond: 20_000 }).api).toMatchObject({ ratePerSecond: 10_000, burst: 5000 });
    expect(parseSettings({ api: { ratePerSecond: 30 } }).api).toMatchObject({ ratePerSecond: 30, burst: 30 });
  });
});
