import { describe } from 'vitest';
import { kafkaJsSteadily } from '../support/clients/kills/kafkajs-steadily.ts';
import { killStory } from '../support/clients/kills/kill-story.ts';

describe('A group of KafkaJS', () => killStory(kafkaJsSteadily));
