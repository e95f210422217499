import type { ClusterImage, ClusterView } from '../../../src/cluster/cluster-image.ts';
import { EMPTY_CLUSTER } from '../../../src/cluster/cluster-image.ts';

/** A cluster image that a test sets. */
export class TestView implements ClusterView {
  image: ClusterImage = EMPTY_CLUSTER;
  readonly #listeners = new Set<(image: ClusterImage) => void>();

  onChange(listener: (image: ClusterImage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(image: ClusterImage): void {
    this.image = image;
    for (const listener of [...this.#listeners]) listener(image);
  }
}
