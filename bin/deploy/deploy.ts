/**
 * `npm run deploy -- <what cdk deploy takes>`: deploys with the CDK's own command, and turns termination protection on
 * when the stack is whole. The CDK would turn it on before it creates anything: a first deployment that fails could be
 * neither rolled back nor tried again. Of a stack that runs the CDK turns it off, and this on again, whatever became of
 * the update. Safe to repeat.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { COMMAND_LIMITS } from "../../core/aws/call-limits.ts";
import { protectStack } from "../../core/aws/protect-stack.ts";
import { errorLine } from "../../core/errors/error-fields.ts";
import { asksForHelp, assemblyOf, type DeployedStack, deployedStacks, optionOf } from "./deployed-stacks.ts";
import { deployRegion } from "./environment.ts";

const args = process.argv.slice(2);
const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");

process.exitCode = await cdkDeploy();
if (!asksForHelp(args))
  for (const stack of deployedStacks(assemblyOf(args))) if (stack.isProtected) await protect(stack);

async function cdkDeploy(): Promise<number> {
  const child = spawn(process.execPath, [cdk, "deploy", ...args], { stdio: "inherit" });
  // The CDK ends by itself when it is interrupted; the stack goes on, and must not stay unprotected.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}

async function protect({ name, region = deployRegion() }: DeployedStack): Promise<void> {
  const profile = optionOf(args, "--profile");
  const client = boundedClient(
    CloudFormationClient,
    { ...COMMAND_LIMITS, attempts: 3 },
    {
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
    },
  );
  try {
    console.error(`${name}: ${await protectStack(client, name)}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(
      `${name}: termination protection could not be turned on: ${errorLine(error)}. Run npm run deploy again, or ` +
        `aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${name}`,
    );
  } finally {
    client.destroy();
  }
}
