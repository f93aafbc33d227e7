// What is said of a page.
import type { PageRun, PageRunLine } from '@lib/dto';
import { t } from '@lib/i18n';
import { namesOf } from '../oncall/data';

/** The page in a sentence. */
export function pageState(page: PageRun): string {
  if (page.state === 'acknowledged') return t('page.state.acknowledged', { name: page.acknowledged_by?.name ?? '' });
  const called = page.lines.findLast((line) => line.act === 'step');
  if (page.state === 'calling' && called) return t('page.state.calling', { names: namesOf(called.called) });
  return t(page.state === 'calling' ? 'page.state.starting' : `page.state.${page.state}`);
}

export function pageLine(line: Pick<PageRunLine, 'act' | 'step' | 'late'> & { names: string }): string {
  const words = t(`page.line.${line.act}`, { step: line.step ?? 0, names: line.names || t('oncall.nobody') });
  return line.late ? `${words} (${t('page.late')})` : words;
}
