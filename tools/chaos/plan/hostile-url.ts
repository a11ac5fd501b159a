/**
 * URLs of merchants that want the pipeline to call somebody else: the same addresses in every notation that URL parsers
 * and resolvers know. Each leads to a listener that counts whoever comes.
 */
import type { Watchers } from "../../../local/demo/fleet/messages.ts";

/** @returns URLs; which ones depends on the addresses that this machine has */
export function hostileUrls({ origins, loopbackPort }: Watchers): readonly string[] {
  const other = origins.find((origin) => origin.startsWith("http://127.0.0.2:"));
  const otherPort = other === undefined ? loopbackPort : Number(new URL(other).port);
  const plain = origins.flatMap((origin) => [`${origin}/`, `${origin.replace("http:", "https:")}/`]);
  const ofLoopback = [
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "127.1",
    "0",
    "0.0.0.0",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "localhost",
    "LOCALHOST.",
    "watched.localhost",
    "%31%32%37.0.0.1",
    "\uff11\uff12\uff17.0.0.1",
    "user:password@127.0.0.1",
  ];
  const ofOther = ["2130706434", "0x7f000002", "017700000002", "127.2", "[::ffff:127.0.0.2]"];
  const both = [
    ...ofLoopback.map((host) => `${host}:${loopbackPort}/`),
    ...ofOther.map((host) => `${host}:${otherPort}/`),
  ];
  return [
    ...plain,
    ...both.flatMap((rest) => [`http://${rest}`, `https://${rest}`]),
    "http://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    `gopher://127.0.0.1:${loopbackPort}/`,
    `file:///etc/passwd`,
  ];
}
