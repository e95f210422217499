import { readFile } from 'node:fs/promises';
import { CommandError } from '../command-error.ts';

/** A flight in the United States in 2001, of the Bureau of Transportation Statistics, as vega-datasets has it. */
type Flight = { readonly origin: string; readonly destination: string };

/** A record to send: the route, and the flight as JSON. */
export type FlightRecord = { readonly key: string; readonly value: string };

/** 20,000 of them. @throws CommandError where vega-datasets is not installed: it comes with a checkout */
export async function readFlights(): Promise<FlightRecord[]> {
  const flights: Flight[] = JSON.parse(await readFile(dataFile(), 'utf8'));
  return flights.map((flight) => ({ key: `${flight.origin}-${flight.destination}`, value: JSON.stringify(flight) }));
}

function dataFile(): URL {
  try {
    return new URL('../data/flights-20k.json', import.meta.resolve('vega-datasets'));
  } catch (cause) {
    throw new CommandError('the demo needs the data of a checkout: run it there, as `make demo`', { cause });
  }
}
