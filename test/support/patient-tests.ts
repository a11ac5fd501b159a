/** A test of which nothing else is said is hung after a minute of a quiet machine. */
import { jest } from "@jest/globals";
import { patienceMs } from "./machine-speed.ts";

const HUNG_AFTER_MS = 60_000;

jest.setTimeout(patienceMs(HUNG_AFTER_MS));
