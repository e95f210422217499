/** A Content-Type: the type in lower case, and its charset in lower case where it names one. */
export type MediaType = { readonly type: string; readonly charset: string | undefined };

export const parseMediaType = (header: string | undefined): MediaType => {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return { type, charset: charset?.replaceAll('"', '') };
};
