import { type BrokerEpoch, controllerEpoch, KafkaError } from '@barnabas/model';
import type { UpdateMetadataRequest } from '@barnabas/protocol';
import { type ClusterImage, type ClusterView, EMPTY_CLUSTER } from './cluster-image.ts';
import { clusterUpdateOf } from './cluster-update.ts';
import type { ControllerFence } from './controller-fence.ts';
import { nextImage } from './next-image.ts';
import { isStaleBrokerEpoch } from './stale-broker-epoch.ts';

export type MetadataCacheOptions = {
  /** Shared with whoever handles the other control requests. */
  readonly fence: ControllerFence;
  /** Of this broker's last registration; undefined before the first. */
  readonly brokerEpoch: () => BrokerEpoch | undefined;
};

/**
 * What this broker knows of its cluster: the image, replaced as a whole by each UpdateMetadata. Owns the image and the word
 * of its changes; it lives as long as the broker.
 *
 * Invariant: an image that was handed out never changes.
 */
export class MetadataCache implements ClusterView {
  readonly #options: MetadataCacheOptions;
  readonly #listeners = new Set<(image: ClusterImage) => void>();
  #image = EMPTY_CLUSTER;
  /** Of the controller that `#image` comes from. */
  #imageEpoch = controllerEpoch(-1);
  /** Ids of topics that this controller has had deleted: what it said of them before must not bring them back (rule 10). */
  #deletedIds = new Set<string>();

  constructor(options: MetadataCacheOptions) {
    this.#options = options;
  }

  get image(): ClusterImage {
    return this.#image;
  }

  onChange(listener: (image: ClusterImage) => void): () => void {
    const own = (image: ClusterImage) => listener(image);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /**
   * Takes over what the controller says, all of it or nothing.
   *
   * @throws KafkaError STALE_BROKER_EPOCH, STALE_CONTROLLER_EPOCH; INVALID_REQUEST for what cannot be understood
   */
  update(request: UpdateMetadataRequest): void {
    const epoch = controllerEpoch(request.controllerEpoch);
    this.#checkEpochs(request);
    const isSameController = epoch === this.#imageEpoch;
    const before = isSameController ? { deletedIds: this.#deletedIds } : undefined;
    const next = nextImage(this.#image, clusterUpdateOf(request), before);
    this.#options.fence.admits(epoch);
    this.#imageEpoch = epoch;
    if (!isSameController) this.#deletedIds = new Set();
    for (const id of next.deletedIds) this.#deletedIds.add(id);
    this.#image = next.image;
    for (const listener of [...this.#listeners]) listener(next.image);
  }

  #checkEpochs({ brokerEpoch, controllerEpoch: asked, controllerId }: UpdateMetadataRequest): void {
    const own = this.#options.brokerEpoch();
    if (isStaleBrokerEpoch(brokerEpoch, own)) {
      throw new KafkaError(
        'STALE_BROKER_EPOCH',
        `it is for epoch ${brokerEpoch} of this broker, which has ${own} by now`,
      );
    }
    const { lastEpoch } = this.#options.fence;
    if (asked < lastEpoch) {
      throw new KafkaError(
        'STALE_CONTROLLER_EPOCH',
        `controller ${controllerId} has epoch ${asked}, the last is ${lastEpoch}`,
      );
    }
  }
}
