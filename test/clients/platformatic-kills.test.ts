import { describe } from 'vitest';
import { killStory } from '../support/clients/kills/kill-story.ts';
import { platformaticSteadily } from '../support/clients/kills/platformatic-steadily.ts';

describe('A group of @platformatic/kafka', () => killStory(platformaticSteadily));
