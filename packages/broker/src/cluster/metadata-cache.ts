import { type BrokerEpoch, controllerEpoch, KafkaError } from '@barnabas/model';
import type { UpdateMetadataRequest } from '@barnabas/protocol';
import { type ClusterImage, type ClusterView, EMPTY_CLUSTER } from './cluster-image.ts';
import { clusterUpdateOf } from './cluster-update.ts';
import type { ControllerFence } from './controller-fence.ts';
import { nextImage } from './next-image.ts';
import { isLaterSender, type Sender } from './sender.ts';
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
  #lastFull: Sender | undefined;

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
    const update = clusterUpdateOf(request);
    const isFull = update.isFull && !this.#isHeeded(request);
    const next = nextImage(this.#image, { ...update, isFull }, epoch);
    if (isFull) this.#lastFull = request;
    this.#options.fence.admits(epoch);
    this.#image = next;
    for (const listener of [...this.#listeners]) listener(next);
  }

  /** A controller says everything once to a registration: a copy that was held up on its way lacks what has come since. */
  #isHeeded(sender: Sender): boolean {
    return this.#lastFull !== undefined && !isLaterSender(sender, this.#lastFull);
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
