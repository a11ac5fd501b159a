import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const container = (properties: object) =>
  template.hasResourceProperties("AWS::ECS::TaskDefinition", {
    ContainerDefinitions: Match.arrayWith([Match.objectLike(properties)]),
  });
const service = (properties: object) => template.hasResourceProperties("AWS::ECS::Service", properties);
const variable = (Name: string, Value: string, from = template) =>
  from.hasResourceProperties("AWS::ECS::TaskDefinition", {
    ContainerDefinitions: Match.arrayWith([Match.objectLike({ Environment: Match.arrayWith([{ Name, Value }]) })]),
  });

describe("the confirmation worker", () => {
  it("runs on Fargate and arm64 with the CPU and memory of the settings", () => {
    const size = {
      Cpu: "1024",
      Memory: "2048",
      RequiresCompatibilities: ["FARGATE"],
      RuntimePlatform: { CpuArchitecture: "ARM64", OperatingSystemFamily: "LINUX" },
    };
    template.hasResourceProperties("AWS::ECS::TaskDefinition", size);
    const { template: small } = synthesize({ worker: { cpu: 256, memoryMiB: 512 } });
    small.hasResourceProperties("AWS::ECS::TaskDefinition", { Cpu: "256", Memory: "512" });
  });

  it.each<SettingsInput>([{}, { worker: { cpu: 256, memoryMiB: 512 } }])(
    "gets the CPU under contention, as its share is far above that of the daemon beside it: %j",
    (settings) => {
      const tasks = Object.values(synthesize(settings).template.findResources("AWS::ECS::TaskDefinition"));
      const [{ Cpu, ContainerDefinitions }] = tasks.map(({ Properties }) => Properties);
      const shares: number[] = ContainerDefinitions.map(({ Cpu: share }: { Cpu?: number }) => share ?? 2);
      const [worker = 0, ...others] = shares;
      expect(worker).toBeGreaterThanOrEqual(7 * Math.max(...others));
      expect(shares.reduce((sum, share) => sum + share)).toBe(Number(Cpu));
    },
  );

  it("is not root", () => {
    container({ User: "1000:1000" });
  });

  it("cannot write to its file system and has no capability of Linux", () => {
    container({ ReadonlyRootFilesystem: true, LinuxParameters: { Capabilities: { Drop: ["ALL"] } } });
  });

  it("is asked for its health", () => {
    container({
      HealthCheck: Match.objectLike({
        Command: ["CMD", "node", "-e", Match.stringLikeRegexp("http://127.0.0.1:8080/health")],
      }),
    });
    variable("HEALTH_PORT", "8080");
  });

  it("keeps an eighth of its window for ordered groups, so that neither they nor the others take all of it", () => {
    variable("DELIVERY_WINDOW", "448");
    variable("ORDERED_WINDOW", "64");
    const { template: small } = synthesize({ worker: { window: 12 } });
    variable("DELIVERY_WINDOW", "10", small);
    variable("ORDERED_WINDOW", "10", small);
  });

  it("has the stop timeout of the settings to finish what is in flight, and knows it", () => {
    container({ StopTimeout: 120 });
    variable("STOP_TIMEOUT_SECONDS", "120");
  });

  it("may hold a connection for every open file that Fargate allows", () => {
    container({ Ulimits: [{ Name: "nofile", SoftLimit: 65_535, HardLimit: 65_535 }] });
  });

  it("gets the master keys from Secrets Manager and not as a variable", () => {
    container({
      Secrets: [{ Name: "MASTER_KEYS", ValueFrom: { Ref: Match.stringLikeRegexp("^SigningKeysMasterKeys") } }],
    });
  });

  it("is not held up by its logs", () => {
    container({ LogConfiguration: { LogDriver: "awslogs", Options: Match.objectLike({ mode: "non-blocking" }) } });
  });

  it("knows the queue's visibility timeout", () => {
    variable("VISIBILITY_SECONDS", "30");
    variable("VISIBILITY_SECONDS", "130", synthesize({ delivery: { deadlineMs: 60_000 } }).template);
  });

  it("shares the failing messages that may wait in the queue, 1 % of those in flight, with all tasks", () => {
    variable("IN_QUEUE_FAILING_MAX", "30");
    variable("MAX_RETRY_AFTER_SECONDS", "86400");
    variable("IN_QUEUE_FAILING_MAX", "1", synthesize({ worker: { maxTasks: 1000 } }).template);
    variable("IN_QUEUE_FAILING_MAX", "1200", synthesize({ worker: { minTasks: 1, maxTasks: 1 } }).template);
  });

  it("has X-Ray's daemon beside it, small, reached from the task alone, and dispensable", () => {
    container({
      Name: "xray-daemon",
      EntryPoint: ["/xray", "--bind", "127.0.0.1:2000", "--bind-tcp", "127.0.0.1:2000", "--log-level", "warn"],
      Essential: false,
      Cpu: 32,
      Memory: 128,
      User: "10001",
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ["ALL"] } },
      LogConfiguration: Match.objectLike({ Options: Match.objectLike({ mode: "non-blocking" }) }),
    });
  });

  it("runs images of the account's own registry alone, built from what is pinned by digest", () => {
    const [task] = Object.values(template.findResources("AWS::ECS::TaskDefinition"));
    const images: object[] = task?.["Properties"].ContainerDefinitions.map(({ Image }: { Image: object }) => Image);
    for (const image of images) expect(JSON.stringify(image)).toContain("dkr.ecr.");
    const bases = globSync("containers/*/Dockerfile").map(
      (file) => /^FROM (\S+)$/m.exec(readFileSync(file, "utf8"))?.[1],
    );
    expect(bases).toHaveLength(images.length);
    for (const base of bases) expect(base).toMatch(/^public\.ecr\.aws\/\S+:[\w.-]+@sha256:[0-9a-f]{64}$/);
  });

  it("runs in private subnets without a public address", () => {
    const subnets = [
      { Ref: Match.stringLikeRegexp("^NetworkVpcWorkersSubnet1") },
      { Ref: Match.stringLikeRegexp("^NetworkVpcWorkersSubnet2") },
    ];
    service({
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: "DISABLED", Subnets: subnets }) },
    });
  });

  it("is rolled back when a deployment does not become healthy, and never drops below full strength", () => {
    service({
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
    });
  });

  it("leaves the number of tasks to scaling", () => {
    service({ DesiredCount: Match.absent() });
  });
});

describe("a size of task that Fargate does not offer", () => {
  it.each([
    [256, 4096, "one of 512, 1024, 2048, got 4096"],
    [256, 1536, "one of 512, 1024, 2048, got 1536"],
    [1024, 2500, "one of 2048, 3072, 4096, 5120, 6144, 7168, 8192, got 2500"],
  ] as const)("is refused: cpu %d with %d MiB", (cpu, memoryMiB, expected) => {
    expect(() => synthesize({ worker: { cpu, memoryMiB } })).toThrow(
      expect.objectContaining({ code: "SETTINGS_INVALID", message: expect.stringContaining(expected) }),
    );
  });
});
