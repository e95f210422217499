import type { Frame } from '@barnabas/transport';

/** Of one request: its answer, once it is there; 'none' where it gets none. */
export type Place = { answer: Frame | 'none' | undefined };

/** The requests of a connection that are not answered yet: answers leave in the order in which the requests came. */
export class AnswerOrder {
  #places: Place[] = [];

  /** Requests without an answer that could leave. */
  get waiting(): number {
    return this.#places.length;
  }

  open(): Place {
    const place: Place = { answer: undefined };
    this.#places.push(place);
    return place;
  }

  /** Answers what may leave now, in order: nothing before the oldest request has its answer. */
  settle(place: Place, answer: Frame | 'none'): Frame[] {
    place.answer = answer;
    const first = this.#places.findIndex((other) => other.answer === undefined);
    const ready = this.#places.splice(0, first < 0 ? this.#places.length : first);
    return ready.flatMap((each) => (each.answer === undefined || each.answer === 'none' ? [] : [each.answer]));
  }
}
