import type { Ticket } from '@lib/dto';
import { t } from '@lib/i18n';
import type { KeyboardEvent } from 'react';
import type { Pane } from '../Desk';
import type { Act } from '../ticket/acts';
import { Icon } from '../ui/basics';
import { ClocksTab } from './ClocksTab';
import { CustomerTab } from './CustomerTab';
import { EvidenceTab } from './EvidenceTab';
import { HistoryTab } from './HistoryTab';
import { KnowledgeTab } from './KnowledgeTab';
import { TriageTab } from './TriageTab';

export type SideTab = 'triage' | 'customer' | 'clocks' | 'evidence' | 'knowledge' | 'history';
const kTabs: SideTab[] = ['triage', 'customer', 'clocks', 'evidence', 'knowledge', 'history'];

type Props = {
  ticket: Ticket;
  tab: SideTab;
  onTab: (tab: SideTab) => void;
  pane: Pane;
  onBack: () => void;
  onAct: (act: Act) => void;
  onInsert: (text: string) => void;
};

export function Side({ ticket, tab, onTab, onBack, onAct, onInsert }: Props) {
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const next = kTabs[(kTabs.indexOf(tab) + by + kTabs.length) % kTabs.length]!;
    onTab(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <section className="side" aria-label={t('side.label')}>
      <h2 className="sr">{t('side.of', { number: ticket.number })}</h2>
      <div className="side-tabs">
        <button type="button" className="iconbtn narrow" aria-label={t('ticket.back_to')} onClick={onBack}>
          <Icon name="back" />
        </button>
        <div role="tablist" aria-label={t('side.label')} onKeyDown={onKey} tabIndex={-1}>
          {kTabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              data-tab={one}
              id={`tab-${one}`}
              aria-controls="side-panel"
              aria-selected={tab === one}
              tabIndex={tab === one ? 0 : -1}
              title={t(`side.${one}`)}
              onClick={() => onTab(one)}
            >
              {one === 'knowledge' || one === 'history' ? (
                <Icon name={one === 'knowledge' ? 'book' : 'history'} label={t(`side.${one}`)} />
              ) : (
                t(`side.${one}`)
              )}
            </button>
          ))}
        </div>
      </div>
      <div className="side-panel" id="side-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'triage' && (
          <>
            <TriageTab ticket={ticket} onAct={onAct} />
            <CustomerTab ticket={ticket} brief />
          </>
        )}
        {tab === 'customer' && <CustomerTab ticket={ticket} />}
        {tab === 'clocks' && <ClocksTab ticket={ticket} onAct={onAct} />}
        {tab === 'evidence' && <EvidenceTab ticket={ticket} onAct={onAct} />}
        {tab === 'knowledge' && <KnowledgeTab ticket={ticket} onInsert={onInsert} />}
        {tab === 'history' && <HistoryTab ticket={ticket} />}
      </div>
    </section>
  );
}
