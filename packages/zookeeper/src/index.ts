export * from './operation/acl.ts';
export * from './operation/create-mode.ts';
