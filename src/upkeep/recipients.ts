export { administratorsOf, type Concerned, recipientsOf } from '../manage/index.ts';
