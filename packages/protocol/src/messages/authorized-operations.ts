/** Stands where the operations that a caller is allowed were not asked for; else they are bits numbered like ACL operations. */
export const AUTHORIZED_OPERATIONS_OMITTED = -0x8000_0000;
