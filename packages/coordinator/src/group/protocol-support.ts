import { inScalaHashOrder } from '../scala-hash-order.ts';
import type { Member } from './member.ts';

/**
 * How many members of a group offer each protocol. Owned by the group, which tells it of every member that comes, changes or goes.
 */
export class ProtocolSupport {
  readonly #offers = new Map<string, number>();

  add(member: Member): void {
    for (const name of namesOf(member)) this.#offers.set(name, (this.#offers.get(name) ?? 0) + 1);
  }

  remove(member: Member): void {
    for (const name of namesOf(member)) {
      const left = (this.#offers.get(name) ?? 0) - 1;
      if (left > 0) this.#offers.set(name, left);
      else this.#offers.delete(name);
    }
  }

  /** Whether all of that many members offer it. */
  isOfferedBy(members: number, name: string): boolean {
    return (this.#offers.get(name) ?? 0) === members;
  }
}

/** A protocol that a member names twice counts once. */
const namesOf = (member: Member): Set<string> => new Set(member.terms.protocols.map(({ name }) => name));

/**
 * The protocol that the members choose: each votes for the first of its protocols that all offer, and most votes win; where
 * several have as many, the one that Kafka would take. null where there is none that all offer.
 */
export const electProtocol = (members: readonly Member[], support: ProtocolSupport): string | null => {
  const votes = new Map<string, number>();
  for (const member of members) {
    const choice = member.terms.protocols.find(({ name }) => support.isOfferedBy(members.length, name));
    if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1);
  }
  let elected: string | null = null;
  for (const [name, count] of inScalaHashOrder([...votes], ([voted]) => voted)) {
    if (elected === null || count > (votes.get(elected) ?? 0)) elected = name;
  }
  return elected;
};
