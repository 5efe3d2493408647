/** What class-transformer has been told by decorators; it does not export this at its entry. */
declare module 'class-transformer/cjs/storage.js' {
  import type { TransformationType, TransformFnParams } from 'class-transformer';

  interface Transformation {
    transformFn: (params: TransformFnParams) => unknown;
    options: object | undefined;
  }

  export const defaultMetadataStorage: {
    findTypeMetadata(target: unknown, propertyName: string): object | undefined;
    findExposeMetadata(target: unknown, propertyName: string): object | undefined;
    findExcludeMetadata(target: unknown, propertyName: string): object | undefined;
    findTransformMetadatas(target: unknown, propertyName: string, type: TransformationType): Transformation[];
  };
}
