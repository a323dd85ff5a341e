import { PageHeader } from '../../ui/index.ts';
import { useWords } from '../../words.ts';

export default function TokenList() {
  const words = useWords();
  return <PageHeader title={words.tokensTitle} />;
}
