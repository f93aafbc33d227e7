// Queues, list, ticket, details: side by side on a wide screen, one after another on a narrow one.
import { t } from '@lib/i18n';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Queues } from './list/Queues';
import { TicketList } from './list/TicketList';
import { viewName } from './shell/views';
import { Empty, Loading } from './ui/basics';

const loadPane = () => import('./ticket/TicketPane');
const TicketPane = lazy(() => loadPane().then((module) => ({ default: module.TicketPane })));

export type Pane = 'queues' | 'list' | 'ticket' | 'side';

export function Desk() {
  const params = useParams({ strict: false }) as { view: string; number?: string };
  const navigate = useNavigate();
  const [pane, setPane] = useState<Pane>(params.number ? 'ticket' : 'list');
  useEffect(() => setPane(params.number ? 'ticket' : 'list'), [params.number]);
  // Fetched once the lists are there, so that the first ticket opens at once.
  useEffect(() => void loadPane(), []);
  return (
    <main className="desk" data-pane={pane}>
      <h1 className="sr desk-title">{params.number ?? viewName(params.view)}</h1>
      <Queues current={params.view} onChosen={() => setPane('list')} />
      <TicketList
        key={params.view}
        view={params.view}
        current={params.number}
        onQueues={() => setPane('queues')}
        onOpen={(number) =>
          void navigate({
            to: '/q/$view/$number',
            params: { view: params.view, number },
            search: (old) => old as never,
          })
        }
      />
      {params.number ? (
        <Suspense
          fallback={
            <section className="ticket none" aria-label={params.number}>
              <Loading />
            </section>
          }
        >
          <TicketPane
            key={params.number}
            number={params.number}
            view={params.view}
            pane={pane}
            onPane={setPane}
            onBack={() =>
              void navigate({ to: '/q/$view', params: { view: params.view }, search: (old) => old as never })
            }
          />
        </Suspense>
      ) : (
        <section className="ticket none idle" aria-label={t('ticket.none')}>
          <Empty icon="inbox" title={t('ticket.none')}>
            <p>{t('ticket.none_hint')}</p>
            <p className="keys-hint">
              <kbd>j</kbd> <kbd>k</kbd> <kbd>o</kbd> · <kbd>Ctrl K</kbd> · <kbd>?</kbd>
            </p>
          </Empty>
        </section>
      )}
    </main>
  );
}
