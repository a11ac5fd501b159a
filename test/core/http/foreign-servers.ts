/**
 * Web servers that were not written here, on loopback, in front of a merchant's own program: they ask for a client
 * certificate, and tell the program whose it was. Found on the PATH; where one is not there, its tests are left out.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ForeignServerFiles {
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Of who vouches for clients. */
  readonly clientAuthority: string;
}

export interface ForeignServer {
  readonly port: number;
  stop(): Promise<void>;
}

interface Kind {
  /** Whose output says its version. */
  readonly version: readonly string[];
  readonly config: (folder: string, port: number, upstreamPort: number) => string;
  readonly command: (folder: string) => readonly string[];
}

/** What nginx keeps where it was built to, unless it is told. */
const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** The program hears of whose certificate it was, and by which version of HTTP. */
export const FOREIGN_SERVERS = {
  nginx: {
    version: ["-v"],
    config: (folder, port, upstreamPort) => `
daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
  access_log off;
  ${TEMPORARY.map((what) => `${what}_temp_path ${folder}/${what};`).join(" ")}
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${folder}/server.pem;
    ssl_certificate_key ${folder}/server.key;
    ssl_client_certificate ${folder}/clients.pem;
    ssl_verify_client on;
    location / {
      proxy_pass http://127.0.0.1:${upstreamPort};
      proxy_set_header x-who $ssl_client_s_dn;
      proxy_set_header x-protocol $server_protocol;
    }
  }
}`,
    command: (folder) => ["-p", folder, "-c", join(folder, "config")],
  },
  caddy: {
    version: ["version"],
    config: (folder, port, upstreamPort) => `
{
  admin off
  auto_https off
}
https://merchant.test:${port} {
  bind 127.0.0.1
  tls ${folder}/server.pem ${folder}/server.key {
    client_auth {
      mode require_and_verify
      trusted_ca_cert_file ${folder}/clients.pem
    }
  }
  reverse_proxy 127.0.0.1:${upstreamPort} {
    header_up x-who {http.request.tls.client.subject}
    header_up x-protocol {http.request.proto}
  }
}`,
    command: (folder) => ["run", "--config", join(folder, "config"), "--adapter", "caddyfile"],
  },
} as const satisfies Readonly<Record<string, Kind>>;
export type ForeignServerName = keyof typeof FOREIGN_SERVERS;

/** Says so where it is not there. */
export function isThere(name: ForeignServerName): boolean {
  const { error } = spawnSync(name, FOREIGN_SERVERS[name].version, { stdio: "ignore" });
  if (error !== undefined) process.stderr.write(`${name} is not on the PATH: its tests are left out.\n`);
  return error === undefined;
}

export async function startForeignServer(
  name: ForeignServerName,
  { certificate, privateKey, clientAuthority }: ForeignServerFiles,
  upstreamPort: number,
): Promise<ForeignServer> {
  const folder = mkdtempSync(join(tmpdir(), `confirmation-pipeline-${name}-`));
  const port = await freePort();
  const { config, command } = FOREIGN_SERVERS[name];
  const files = { "server.pem": certificate, "server.key": privateKey, "clients.pem": clientAuthority };
  for (const [file, text] of Object.entries({ ...files, config: config(folder, port, upstreamPort) }))
    writeFileSync(join(folder, file), text);
  const env = { PATH: process.env["PATH"], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(name, command(folder), { stdio: ["ignore", "ignore", "pipe"], env });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const ended = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  while (child.exitCode === null && !(await isListening(port)));
  if (child.exitCode !== null) throw new Error(`${name} ended at once: ${said}`);
  return {
    port,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
