export * from './brand.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './ports.ts';
