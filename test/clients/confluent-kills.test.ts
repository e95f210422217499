import { CONFLUENT } from '../support/clients/confluent.ts';
import { confluentSteadily } from '../support/clients/kills/confluent-steadily.ts';
import { killStory } from '../support/clients/kills/kill-story.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';

describeWithPackages('A group of confluent-kafka for Python', CONFLUENT, () => killStory(confluentSteadily));
