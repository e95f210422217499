/** Where a property was set. */
export type Origin =
  | { readonly kind: 'file'; readonly path: string; readonly line: number }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'override' };

/** A property as it was found. */
export type SetProperty = { readonly name: string; readonly value: string; readonly origin: Origin };

export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.path}, line ${origin.line}`;
    case 'environment':
      return `environment variable ${origin.variable}`;
    case 'override':
      return '--override';
  }
}
