import { KCAT } from '../support/clients/kcat.ts';
import { kcatSteadily } from '../support/clients/kills/kcat-steadily.ts';
import { killStory } from '../support/clients/kills/kill-story.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';

describeWithPackages('A group of kcat', KCAT, () => killStory(kcatSteadily));
