export * from './record/batch-header.ts';
