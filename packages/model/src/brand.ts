declare const brand: unique symbol;

/** A primitive `T` that only the constructor of `Name` may make, so that an offset is never passed for an epoch. */
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };
