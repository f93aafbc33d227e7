import { post } from '@lib/api';
import type { PageRun } from '@lib/dto';
import { t } from '@lib/i18n';
import { useState } from 'react';
import { AreaField, Dialog, useSave } from '../ui/forms';
import { done } from '../ui/toast';
import { refreshPages } from './data';

/** A page that one cannot take after all goes to the next in line, with a word on why. */
export function HandBack({ page, onClose }: { page: PageRun; onClose: () => void }) {
  const [note, setNote] = useState('');
  const state = useSave();
  return (
    <Dialog
      title={t('page.hand_back')}
      state={state}
      onClose={onClose}
      onSubmit={async () => {
        await post<PageRun>(`/pages/${page.id}/hand-back`, { note });
        refreshPages();
        done(t('page.handed_back'));
      }}
    >
      <p className="hint">{t('page.hand_back_hint')}</p>
      <AreaField
        autoFocus
        required
        label={t('page.note')}
        value={note}
        onChange={setNote}
        error={state.field('note')}
      />
    </Dialog>
  );
}
